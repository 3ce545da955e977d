"""A list is mended on screen: what its columns are, its cells one by one, and every proposal of one kind at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lindung.base.refused import Refused
from lindung.enrolment.actions import mending
from lindung.enrolment.mending import Correction
from lindung.enrolment.mending_queries import (
    correctable,
    corrections_of,
    names_at,
    next_finding,
    proposals_of,
)
from lindung.enrolment.models import Finding, Roster
from lindung.enrolment.queries import findings_of, rosters_of
from lindung.intake.mapping import CHOICES
from lindung.papers.tables import Column, Table, csv, xlsx
from lindung.registry.access import MAY
from lindung.registry.models import Scheme
from lindung.registry.queries import rules_of
from lindung.web import shown
from lindung.web.access import reads, signed_user, within_reach, writes
from lindung.web.downloads import attachment
from lindung.web.kinds import column_name, kind
from lindung.web.pages import SIZE, by_number
from lindung.web.views.common import chosen, done, one_of, shown_in_page, words_of
from lindung.workflows import jobs

SHOWN = 100  # proposals of a preview; the button takes all of them
MASKED = {"nik", "kk_number", "bank_account", "phone", "mother_name"}


def within_upload(request: HttpRequest, scheme: Scheme) -> Any:
    """The lists that this person may mend."""
    user = signed_user(request)
    return within_reach(user, scheme, MAY["upload"], rosters_of(user, scheme), "sender")


def address(scheme: Scheme, roster: Roster, name: str = "roster") -> str:
    return reverse(name, kwargs={"slug": scheme.slug, "pk": roster.pk})


def covered(column: str, text: str | None) -> str:
    """The text of a cell as it may be shown: what identifies somebody is masked."""
    text = text or ""
    digits = "".join(text.split())
    if column == "nik":
        if len(digits) == 16:
            return shown.nik(digits)
        return f"{text[:4]} ••••" if sum(c.isdecimal() for c in text) >= 12 else text
    return f"{text[:2]}••••" if column in MASKED and len(text) > 2 else text


# ----------------------------------------------------------------------------------------------------------- columns


@reads("rosters", who_may="upload")
def columns(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Every column of the file with examples and what it was read as; the sender confirms or changes it."""
    record = one_of(within_upload(request, scheme), pk)
    rows = [
        {
            **one,
            "examples": [covered(one["column"] or _looks(text), text) for text in one["examples"]],
            "name": column_name(one["column"]) if one["column"] else "",
        }
        for one in record.columns
    ]
    page = {
        "roster": record, "rows": rows, "choices": [(name, column_name(name)) for name in CHOICES],
        "unknown": sum(not row["column"] for row in rows), "remembered": mending.remembered(record.sender),
        "open": record.state in ("checked", "refused"),
        "refused": Refused(record.refusal["code"], record.refusal["args"]) if record.refusal else None,
    }  # fmt: skip
    return render(request, "pages/roster_columns.html", page)


def _looks(text: str) -> str:
    """Sixteen digits under a header that says nothing are masked all the same."""
    return "nik" if sum(c.isdecimal() for c in text) >= 12 else ""


@writes("upload", area="rosters")
def save_columns(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(within_upload(request, scheme), pk)
    told = {
        one["header"]: request.POST.get(f"c{n}", "")
        for n, one in enumerate(record.columns)
        if one["header"] and f"c{n}" in request.POST
    }
    with shown_in_page(request):
        if mending.confirm_columns(record, told, actor=request.actor):
            jobs.ask("check_roster", f"roster {record.pk}", roster=record.pk, actor=request.actor)
            text = _("The columns of %(who)s are remembered; the list is being checked again.")
        else:
            text = _("The columns of %(who)s are confirmed and remembered.")
        return done(request, text % {"who": record.sender.name}, address(scheme, record))
    return done(request, "", address(scheme, record, "roster-columns"))


@writes("upload", area="rosters")
def forget(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(within_upload(request, scheme), pk)
    mending.forget_columns(record, actor=request.actor)
    text = _("What was remembered of the columns of %(who)s is forgotten.") % {"who": record.sender.name}
    return done(request, text, address(scheme, record, "roster-columns"))


# ------------------------------------------------------------------------------------------------------------- cells


def editing(request: HttpRequest, roster: Roster, rows: list[Finding], may: bool) -> dict[str, Any]:
    """The note whose cell is being corrected (?ubah=), with what its field offers."""
    asked = request.GET.get("ubah", "")
    found = next((one for one in rows if str(one.pk) == asked and one.candidate_id), None)
    if not found or not may or roster.state != "checked":
        return {}
    column = found.column or "nik"
    text = str((found.candidate.raw or {}).get(column) or "") if found.candidate else ""
    choices: list[tuple[str, str]] = []
    if column == "category":
        choices = [
            (c.label["id"], c.label[get_language() or "id"]) for c in rules_of(roster.version).categories
        ]
    elif column == "sex":
        choices = [("L", _("Male")), ("P", _("Female"))]
    hidden = covered(column, text) != text
    return {
        "finding": found, "column": column, "name": column_name(column), "choices": choices,
        "text": "" if hidden else text, "hidden": covered(column, text) if hidden else "",
        "numeric": column in ("nik", "kk_number", "phone", "rt", "rw", "wage"),
    }  # fmt: skip


@writes("upload", area="rosters")
def correct(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Type one cell anew, or take its proposal; then on to the next note."""
    record = one_of(within_upload(request, scheme), pk)
    number = request.POST.get("finding", "")
    found = (
        correctable(record).filter(pk=int(number) if number.isdecimal() and len(number) < 19 else 0).first()
    )
    query = QueryDict(request.POST.get("query", ""), mutable=True)
    if found is None or found.candidate is None:
        return done(request, _("This note is gone: somebody has mended its row."), address(scheme, record))
    took = bool(request.POST.get("take")) and bool(found.proposal)
    text = (found.proposal or "") if took else request.POST.get("text", "")
    column = found.column or "nik"
    before = (record.errors, record.warnings)
    with shown_in_page(request):
        made = mending.correct_cells(
            record,
            [(found.candidate.pk, column, text)],
            source="proposal" if took else "typed",
            actor=request.actor,
        )
        told = (
            _("Row %(row)s, %(column)s: corrected.")
            if made
            else _("Row %(row)s, %(column)s: nothing changed.")
        )
        left = _("Wrong %(errors)s (before %(e)s), to look at %(warnings)s (before %(w)s).")
        said = told % {"row": found.row, "column": column_name(column)} + " " + left % {
            "errors": shown.number(record.errors), "warnings": shown.number(record.warnings),
            "e": shown.number(before[0]), "w": shown.number(before[1]),
        }  # fmt: skip
        return done(
            request, said, address(scheme, record) + _next(record, query, found, column if made else "")
        )
    query["ubah"] = str(found.pk)
    return done(request, "", address(scheme, record) + "?" + query.urlencode())


def _next(roster: Roster, query: QueryDict, was: Finding, column: str) -> str:
    """The address of the note to mend next: what is still said of the same cell, else the one that follows."""
    rows = findings_of(
        roster,
        severity=query.get("berat", ""),
        code=query.get("jenis", ""),
        words=query.get("q", "").strip()[:100],
    ).filter(candidate__isnull=False)
    same = rows.filter(candidate=was.candidate_id, column=column).values_list("pk", flat=True).first()
    pk, at = next_finding(rows, was)
    if same:
        pk, at = same, list(rows.values_list("pk", flat=True)).index(same)
    query.pop("ubah", None)
    query.pop("hal", None)
    if at >= SIZE:
        query["hal"] = str(at // SIZE + 1)
    if pk:
        query["ubah"] = str(pk)
    return f"?{query.urlencode()}" if query else ""


@reads("rosters", who_may="upload")
def proposals(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Every proposal of one kind, old → new, before all of them are taken with one press."""
    record = one_of(within_upload(request, scheme), pk)
    code = request.GET.get("jenis", "")[:60]
    rows = proposals_of(record, code)
    page = {
        "roster": record, "code": code, "kind": kind(code) if code else "", "count": rows.count(),
        "rows": [(one, covered(one.column or "", one.value), column_name(one.column or "")) for one in rows[:SHOWN]],
        "most": SHOWN,
    }  # fmt: skip
    return render(request, "pages/roster_proposals.html", page)


@writes("upload", area="rosters")
def take_proposals(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Take those proposals of one kind that were shown: as many as then, and no other."""
    record = one_of(within_upload(request, scheme), pk)
    rows = list(proposals_of(record, request.POST.get("kind", "")[:60]))
    if request.POST.get("count") != str(len(rows)):
        raise Refused("correction.others", {"count": len(rows)})
    left_out = set(chosen(request, "leave"))
    cells = [
        (one.candidate_id or 0, one.column or "", one.proposal or "")
        for one in rows
        if one.pk not in left_out
    ]
    made = mending.correct_cells(record, cells, source="proposal", actor=request.actor)
    text = ngettext("%(n)s proposal was taken.", "%(n)s proposals were taken.", made) % {
        "n": shown.number(made)
    }
    return done(request, text, address(scheme, record))


# ------------------------------------------------------------------------------------------------- what was corrected


def _corrections(request: HttpRequest, record: Roster) -> Any:
    return corrections_of(record, words=words_of(request))


def told_corrections(record: Roster, rows: list[Correction]) -> list[dict[str, Any]]:
    names = names_at(record, [(one.sheet, one.row) for one in rows])
    return [
        {
            "record": one, "person": names.get((one.sheet, one.row), ""), "column": column_name(one.column),
            "old": covered(one.column, one.old), "new": covered(one.column, one.new),
        }
        for one in rows
    ]  # fmt: skip


@reads("rosters")
def corrections(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Every cell that was corrected on screen: old → new, who, when; undone one by one or together."""
    record = one_of(rosters_of(signed_user(request), scheme), pk)
    page = by_number(request, _corrections(request, record))
    may = within_upload(request, scheme).filter(pk=pk).exists() and record.state == "checked"
    shown_ = {"roster": record, "page": page, "rows": told_corrections(record, list(page.rows)), "words": words_of(request), "may": may}  # fmt: skip
    return render(request, "pages/roster_corrections.html", shown_)


@reads("rosters")
def corrections_file(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    record = one_of(rosters_of(signed_user(request), scheme), pk)
    told = [
        {
            "sheet": one["record"].sheet or "", "row": one["record"].row, "name": one["person"], "column": one["column"],
            "old": one["old"], "new": one["new"], "source": str(one["record"].get_source_display()),
            "who": one["record"].made_by.name if one["record"].made_by else "", "at": shown.moment(one["record"].made_at),
            "undone": shown.moment(one["record"].undone_at) if one["record"].undone_at else "",
        }
        for one in told_corrections(record, list(_corrections(request, record)))
    ]  # fmt: skip
    heads = (
        Column("sheet", _("Sheet"), width=30), Column("row", _("Row"), "number", 14), Column("name", _("Name"), width=50),
        Column("column", _("Column"), width=30), Column("old", _("Old"), width=40), Column("new", _("New"), width=40),
        Column("source", _("How"), width=30), Column("who", _("Who"), width=40), Column("at", _("When"), width=40),
        Column("undone", _("Undone"), width=40),
    )  # fmt: skip
    rows = pl.DataFrame(told, schema={c.key: pl.Int64 if c.kind == "number" else pl.String for c in heads})
    table = Table(heads, rows, _("Corrections"), (record.file.name, record.sender.name), numbered=False)
    return table_file(request, table, f"perbaikan-{record.pk}", kind, "export_corrections")


def table_file(request: HttpRequest, table: Table, name: str, kind: str, what: str) -> HttpResponse:
    if kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    return attachment(request, f"{name}.{kind}", xlsx([table]) if kind == "xlsx" else csv(table), what)


@writes("upload", area="rosters")
def undo(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Take back one correction, or all of one moment."""
    record = one_of(within_upload(request, scheme), pk)
    try:
        at = datetime.fromisoformat(request.POST.get("at", ""))
        if at.tzinfo is None:
            raise ValueError
    except ValueError:
        raise Refused("record.not_found") from None
    only = next(iter(chosen(request, "only")), None)
    n = mending.undo_corrections(record, at, only=only, actor=request.actor)
    text = ngettext("%(n)s correction was undone.", "%(n)s corrections were undone.", n) % {
        "n": shown.number(n)
    }
    back = "roster-corrections" if request.POST.get("back") else "roster"
    return done(request, text, address(scheme, record, back))
