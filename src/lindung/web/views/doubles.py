"""Pairs that may be one human, side by side: a person decides, with a reason; nothing is merged, everything can be undone."""

from __future__ import annotations

from datetime import datetime
from difflib import SequenceMatcher
from typing import Any, NamedTuple

import polars as pl
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lindung.base.messages import sentence
from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.double_queries import decisions_of, double_counts, doubles_of
from lindung.enrolment.doubles import PLACES, VERDICTS, Double
from lindung.papers.tables import Column, Table, csv, xlsx
from lindung.registry.access import may
from lindung.registry.models import Region, Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web import shown
from lindung.web.access import reads, signed_user, writes
from lindung.web.downloads import attachment
from lindung.web.kinds import column_name
from lindung.web.pages import by_number
from lindung.web.views.common import chosen, done, given, words_of

SIZE, MOST = 10, 100_000
FIELDS = (
    "name",
    "nik",
    "birth_date",
    "sex",
    "mother_name",
    "address",
    "rt_rw",
    "kelurahan",
    "kk_number",
    "phone",
)
MASKED = {
    "nik": (4, 4),
    "kk_number": (4, 4),
    "phone": (0, 3),
    "mother_name": (1, 0),
}  # signs shown before and after
KINDS = {name: dict(choices) for name, choices in (("place", PLACES), ("verdict", VERDICTS))}


class Part(NamedTuple):
    text: str
    differs: bool


class Line(NamedTuple):
    """One field of a pair: both sides in parts, and what the model says of it."""

    label: str
    left: list[Part]
    right: list[Part]
    words: str
    speaks: str  # for, against, or nothing


def _asked(request: HttpRequest) -> dict[str, Any]:
    return {
        "verdict": given(request, "keadaan", (*KINDS["verdict"], "")) if "keadaan" in request.GET else "open",
        "place": given(request, "tempat", KINDS["place"]), "certain": request.GET.get("pasti") == "1", "words": words_of(request),
    }  # fmt: skip


@reads("reviews")
def doubles(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    user, asked = signed_user(request), _asked(request)
    counts = double_counts(user, scheme)
    page = by_number(request, doubles_of(user, scheme, **asked), SIZE)
    said = decisions_of(scheme, [pair.key for pair in page.rows])
    lang = get_language() or "id"
    labels = {c.id: c.label[lang] for c in rules_of(current_version(scheme)).categories}
    places = dict(
        Region.objects.filter(pk__in={p.facts["kelurahan"] for p in page.rows if p.facts["kelurahan"]}).values_list("pk", "name")
    )  # fmt: skip
    certain = {
        place: sum(n for (v, p, c), n in counts.items() if v == "open" and p == place and c)
        for place in KINDS["place"]
    }
    page_of = {
        "page": page, "asked": asked, "may_review": may(user, "review", scheme),
        "pairs": [(pair, _lines(pair, places), labels.get(pair.candidate.category or "", ""), _where(pair), said[pair.key]) for pair in page.rows],
        "tabs": [(value, text, sum(n for (v, *_x), n in counts.items() if v == value)) for value, text in VERDICTS],
        "places": [(value, text, sum(n for (v, p, _c), n in counts.items() if p == value and v == (asked["verdict"] or v))) for value, text in PLACES],
        "all": sum(counts.values()), "open": sum(n for (v, *_x), n in counts.items() if v == "open"),
        "certain": sum(certain.values()), "certain_by": [(KINDS["place"][p], n) for p, n in certain.items() if n],
        "reason": request.session.get("double_reason", ""), "undo": request.GET.get("urung", ""),
    }  # fmt: skip
    return render(request, "pages/doubles.html", page_of)


def _told(facts: dict[str, Any], place: str) -> dict[str, str]:
    day = facts.get("birth_date")
    told = {name: str(facts.get(name) or "") for name in FIELDS}
    told["birth_date"] = "-".join(reversed(str(day)[:10].split("-"))) if day else ""
    told["rt_rw"] = (
        "/".join(f"{facts[n]:03d}" if facts.get(n) is not None else "–" for n in ("rt", "rw"))
        if facts.get("rt") or facts.get("rw")
        else ""
    )
    told["kelurahan"] = place
    return told


def _lines(pair: Double, places: dict[str, str]) -> list[Line]:
    row = pair.candidate
    here = _told(
        {**{n: getattr(row, n, None) for n in (*FIELDS, "rt", "rw") if n != "kelurahan"}},
        row.kelurahan.name if row.kelurahan else "",
    )
    there = _told(pair.facts, places.get(pair.facts.get("kelurahan") or "", ""))
    lines = []
    for field in FIELDS:
        said = pair.why.get(field)
        if not (here[field] or there[field]):
            continue
        left, right = beside(there[field], here[field], MASKED.get(field))
        speaks = "" if not said else "for" if said["weight"] > 0 else "against" if said["weight"] < 0 else ""
        words = sentence(f"matching.{field}.{said['level']}") if said else ""
        lines.append(Line(column_name(field), left, right, words, speaks))
    return lines


def beside(left: str, right: str, mask: tuple[int, int] | None = None) -> tuple[list[Part], list[Part]]:
    """Two texts in parts, marked where they differ; of a masked field only what differs, its beginning and its end are shown."""
    sides: tuple[list[Part], list[Part]] = ([], [])
    if not left or not right:
        whole = [_cover(text, 0, len(text), mask) for text in (left, right)]
        return ([Part(whole[0], False)] if left else []), ([Part(whole[1], False)] if right else [])
    for kind, a1, a2, b1, b2 in SequenceMatcher(
        None, left.upper(), right.upper(), autojunk=False
    ).get_opcodes():
        for side, text, start, end in ((sides[0], left, a1, a2), (sides[1], right, b1, b2)):
            if start < end:
                told = text[start:end] if kind != "equal" else _cover(text[start:end], start, len(text), mask)
                side.append(Part(told, kind != "equal"))
    return sides


def _cover(part: str, start: int, length: int, mask: tuple[int, int] | None) -> str:
    if mask is None:
        return part
    first, last = mask
    return "".join(
        sign if sign == " " or at < first or at >= length - last else "•"
        for at, sign in enumerate(part, start)
    )


def _where(pair: Double) -> str:
    """Where the other record stands, in words."""
    where = pair.facts["where"]
    if pair.place in ("list", "other_list"):
        texts = {
            "sheet": where["sheet"] or "",
            "row": where["row"],
            "file": where["file"],
            "unit": where["unit"],
        }
        return _("row %(row)s of %(file)s, sent by %(unit)s") % texts
    if pair.place == "deaths":
        return _("died on %(day)s, certificate %(number)s") % {
            "day": _day(where.get("died_on")),
            "number": where.get("certificate") or shown.DASH,
        }
    return _("%(segment)s paid by %(payer)s since %(day)s") % {
        "segment": where.get("segment"), "payer": where.get("payer"), "day": _day(where.get("since")),
    }  # fmt: skip


def _day(text: str | None) -> str:
    return shown.day(datetime.fromisoformat(text).date()) if text else shown.DASH


def _back(request: HttpRequest, scheme: Scheme, at: datetime | None = None) -> str:
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    query.pop("urung", None)
    if at:
        query["urung"] = at.isoformat()
    return reverse("doubles", kwargs={"slug": scheme.slug}) + (f"?{query.urlencode()}" if query else "")


@writes("review", area="reviews")
def decide(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """One pair, the ticked ones, or all that are certain (after a preview that says how many)."""
    user, reason = signed_user(request), request.POST.get("reason", "")
    one, _sep, verdict = request.POST.get("decide", "").partition(":")
    expected = None
    if one.isdecimal():
        rows = doubles_of(user, scheme).filter(pk=int(one))
    elif request.POST.get("all") == "certain":
        rows, verdict = doubles_of(user, scheme, verdict="open", certain=True), "same"
        expected = int(request.POST["expected"]) if request.POST.get("expected", "").isdecimal() else -1
    else:
        rows, verdict = (
            doubles_of(user, scheme).filter(pk__in=chosen(request, "pair")),
            request.POST.get("verdict", ""),
        )
    n, at = actions.decide_doubles(
        rows.select_related(None).order_by(),
        verdict,
        reason,
        actor=request.actor,
        scheme=scheme,
        expected=expected,
    )
    request.session["double_reason"] = reason[:240]
    text = ngettext("%(n)s pair: %(verdict)s.", "%(n)s pairs: %(verdict)s.", n)
    return done(
        request,
        text % {"n": shown.number(n), "verdict": KINDS["verdict"][verdict]},
        _back(request, scheme, at),
    )


@writes("review", area="reviews")
def undo(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    at = None
    try:
        at = datetime.fromisoformat(request.POST["at"]) if request.POST.get("at") else None
    except ValueError:
        raise Refused("double.nobody") from None
    key = request.POST.get("key", "")[:64]
    if not key and (at is None or timezone.is_naive(at)):
        raise Refused("double.nobody")
    n = actions.undo_doubles(scheme, at, key=key, actor=request.actor)
    text = ngettext("%(n)s pair is to be decided again.", "%(n)s pairs are to be decided again.", n)
    return done(request, text % {"n": shown.number(n)}, _back(request, scheme))


@writes("review", area="reviews")
def look(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Compare every list again, with the register and the list of the dead as they are now."""
    n = actions.find_doubles(scheme, actor=request.actor)
    text = ngettext(
        "Looked again: %(n)s pair is to be decided.", "Looked again: %(n)s pairs are to be decided.", n
    )
    return done(request, text % {"n": shown.number(n)}, reverse("doubles", kwargs={"slug": scheme.slug}))


@reads("reviews")
def doubles_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """The pairs as they are filtered, identifiers masked, with the reasons in words and the newest decision."""
    rows = list(doubles_of(signed_user(request), scheme, **_asked(request))[:MOST])
    said = decisions_of(scheme, [pair.key for pair in rows])
    told = []
    for pair in rows:
        last = next((one for one in said[pair.key] if one.undone_at is None), None)
        told.append({
            "name": pair.candidate.name, "nik": shown.nik(pair.candidate.nik), "row": pair.candidate.row, "file": pair.candidate.roster.file.name,
            "other": pair.facts["name"], "other_nik": shown.nik(pair.facts["nik"]), "place": str(pair.get_place_display()), "where": _where(pair),
            "percent": round(pair.probability * 100), "why": _why(pair), "verdict": str(pair.get_verdict_display()),
            "reason": last.reason if last else "", "by": last.decided_by.name if last and last.decided_by else "",
            "on": timezone.localdate(last.decided_at) if last else None,
        })  # fmt: skip
    columns = (
        Column("name", _("Name"), width=50), Column("nik", "NIK", width=36), Column("row", _("Row"), "number", 14), Column("file", _("File"), width=50),
        Column("other", _("Resembles"), width=50), Column("other_nik", _("NIK of the other"), width=36), Column("place", _("Found in"), width=36),
        Column("where", _("Where exactly"), width=70), Column("percent", _("Probability (%)"), "number", 18), Column("why", _("Reasons"), width=90),
        Column("verdict", _("Decision"), width=30), Column("reason", _("Reason of the decision"), width=50), Column("by", _("Decided by"), width=40),
        Column("on", _("Decided on"), "date", 22),
    )  # fmt: skip
    types = {"date": pl.Date, "number": pl.Int64}
    frame = pl.DataFrame(told, schema={c.key: types.get(c.kind, pl.String) for c in columns})
    table = Table(columns, frame, _("Probable doubles"), (scheme.slug,))
    if kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    made = xlsx([table]) if kind == "xlsx" else csv(table)
    return attachment(request, f"kemungkinan-ganda-{scheme.slug}.{kind}", made, "export_doubles")


def _why(pair: Double) -> str:
    order = sorted(pair.why, key=lambda field: -pair.why[field]["weight"])
    return "; ".join(sentence(f"matching.{field}.{pair.why[field]['level']}") for field in order)
