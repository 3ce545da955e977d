"""Two lists of the same office beside each other: a file against its corrected copy, this month's against last month's."""

from __future__ import annotations

import calendar
from datetime import date
from typing import Any

import polars as pl
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lindung.base.refused import Refused
from lindung.enrolment import frames
from lindung.enrolment.actions.comparing import LEAVING, confirm_comparison, difference, undo_comparison
from lindung.enrolment.changes import Movement
from lindung.enrolment.mending import Comparison
from lindung.enrolment.models import Roster
from lindung.enrolment.queries import rosters_of
from lindung.intake.diff import Difference, notes_between
from lindung.papers.tables import Column, Table
from lindung.registry.access import may
from lindung.registry.models import Scheme
from lindung.web import shown
from lindung.web.access import reads, signed_user, writes
from lindung.web.forms import DayField
from lindung.web.kinds import column_name, kind
from lindung.web.pages import by_number
from lindung.web.views.common import done, given, one_of, words_of
from lindung.web.views.mending import address, covered, table_file, within_upload

EARLIER = 24  # lists offered to compare with
KINDS = dict(Movement.KINDS)


def _labels() -> dict[str, str]:
    return {
        "mended": _("Mended"), "open": _("Still open"), "new": _("New note"), "changed": _("Changed"),
        "joined": _("Joined"), "left": _("Left"),
    }  # fmt: skip


def _people(found: Difference, old: pl.DataFrame, new: pl.DataFrame) -> list[dict[str, Any]]:
    """Who came, left, and every cell that changed, in this order; each a line of the table."""
    before, after = ({row["row_id"]: row for row in side.iter_rows(named=True)} for side in (old, new))
    lines = [_line("joined", after[pk]) for pk in found.joiners] + [
        _line("left", before[pk]) for pk in found.leavers
    ]
    for pk, column, was, now in found.changes.select("b_row_id", "column", "old", "new").iter_rows():
        told = {
            "column": column_name(column),
            "old": covered(column, _text(was)),
            "new": covered(column, _text(now)),
        }
        lines.append({**_line("changed", after[pk]), **told})
    return lines


def _line(state: str, person: dict[str, Any]) -> dict[str, Any]:
    return {
        "state": state, "pk": person["row_id"], "sheet": person["sheet"] or "", "row": person["row"], "name": person["name"] or "–",
        "nik": shown.nik(person["nik"]) if person["nik"] else "–", "kelurahan": person["kelurahan"] or "",
        "column": "", "old": "", "new": "",
    }  # fmt: skip


def _text(value: str | None) -> str:
    """Dates and sums as people write them."""
    if value and len(value) == 10 and value[4] == value[7] == "-" and value.replace("-", "").isdecimal():
        return f"{value[8:]}-{value[5:7]}-{value[:4]}"
    return value or ""


def _notes(
    record: Roster, before: Roster, found: Difference, old: pl.DataFrame, new: pl.DataFrame
) -> list[dict[str, Any]]:
    were, are = frames.notes(before.pk), frames.notes(record.pk)
    rows = {row["row_id"]: row for side in (old, new) for row in side.iter_rows(named=True)}
    told = {pk: (row, column, code) for side in (were, are) for pk, row, column, code in side.iter_rows()}
    order = {"mended": 0, "new": 1, "open": 2}
    between = notes_between(found.pairs, were, are).sort(
        pl.col("state").replace_strict(order, return_dtype=pl.Int8), pl.coalesce("after_id", "before_id")
    )
    lines = []
    for was, now, state in between.select("before_id", "after_id", "state").iter_rows():
        row, column, code = told[now or was]
        lines.append({**_line(state, rows[row]), "column": column_name(column or ""), "note": kind(code)})
    return lines


def _chosen(request: HttpRequest, lines: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """The lines of a state and words, and what the filters of the page need."""
    counts = {
        state: sum(one["state"] == state for one in lines)
        for state in dict.fromkeys(one["state"] for one in lines)
    }
    state, words = given(request, "keadaan", counts), words_of(request)
    low = words.casefold()
    found = [
        one for one in lines
        if (not state or one["state"] == state)
        and (not low or low in f"{one['name']} {one['column']} {one['old']} {one['new']} {one.get('note', '')}".casefold())
    ]  # fmt: skip
    labels = _labels()
    tabs = [(name, labels[name], n) for name, n in counts.items()]
    return found, {"tabs": tabs, "state": state, "words": words, "all": len(lines), "labels": labels}


# ------------------------------------------------------------------------------------------------ the corrected copy


def _since(record: Roster) -> list[dict[str, Any]]:
    if record.replaces is None:
        return []
    found, old, new = difference(record, record.replaces, corrected=True)
    return _notes(record, record.replaces, found, old, new) + _people(found, old, new)


@reads("rosters")
def changes(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """What a corrected file mended, what is still open, what is new, and every cell that changed."""
    record = one_of(rosters_of(signed_user(request), scheme), pk)
    lines = _since(record)
    found, page = _chosen(request, lines)
    count = {state: sum(one["state"] == state for one in lines) for state in ("mended", "open", "new")}
    page |= {"roster": record, "page": by_number(request, found), "count": count}
    return render(request, "pages/roster_changes.html", page)


@reads("rosters")
def changes_file(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    record = one_of(rosters_of(signed_user(request), scheme), pk)
    found, _page = _chosen(request, _since(record))
    return table_file(request, _table(record, found), f"perubahan-{record.pk}", kind, "export_comparison")


def _table(record: Roster, lines: list[dict[str, Any]]) -> Table:
    heads = (
        Column("state", _("State"), width=30), Column("sheet", _("Sheet"), width=30), Column("row", _("Row"), "number", 14),
        Column("name", _("Name"), width=50), Column("nik", "NIK", width=36), Column("kelurahan", _("Kelurahan"), width=40),
        Column("note", _("Note"), width=50), Column("column", _("Column"), width=30), Column("old", _("Old"), width=40),
        Column("new", _("New"), width=40),
    )  # fmt: skip
    labels = _labels()
    told = [{"note": "", **one, "state": labels[one["state"]]} for one in lines]
    rows = pl.DataFrame(
        [{c.key: one[c.key] for c in heads} for one in told],
        schema={c.key: pl.Int64 if c.kind == "number" else pl.String for c in heads},
    )
    return Table(heads, rows, _("Differences"), (record.file.name, record.sender.name), numbered=False)


# ------------------------------------------------------------------------------------------------ month against month


def _earlier(request: HttpRequest, scheme: Scheme, record: Roster) -> list[Roster]:
    """The lists of the same office that this one can be compared with, the newest first."""
    rows = rosters_of(signed_user(request), scheme).filter(
        sender=record.sender, state__in=["checked", "proposed"]
    )
    return list(rows.exclude(pk=record.pk).filter(pk__lt=record.pk)[:EARLIER])


def _before(record: Roster, earlier: list[Roster], asked: str) -> Roster | None:
    return next((one for one in earlier if str(one.pk) == asked), earlier[0] if earlier else None)


@reads("rosters")
def months(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Who joined, who left, what changed since an earlier list; confirmed by the sender, it becomes movements."""
    user = signed_user(request)
    record = one_of(rosters_of(user, scheme), pk)
    earlier = _earlier(request, scheme, record)
    made = (
        Comparison.objects.filter(roster=record, undone_at=None).select_related("made_by", "before").first()
    )
    before = _before(record, earlier, str(made.before_id) if made else request.GET.get("dengan", ""))
    page: dict[str, Any] = {"roster": record, "earlier": earlier, "before": before, "made": made}
    if before:
        found, old, new = difference(record, before)
        lines, more = _chosen(request, _people(found, old, new))
        moves = (
            Movement.objects.filter(comparison_lines__comparison=made) if made else Movement.objects.none()
        )
        page |= more | {
            "page": by_number(request, lines), "joined": found.joiners.len(), "left": found.leavers.len(),
            "changed": found.pairs.filter("changed").height, "stayed": found.pairs.height,
            "last_day": _end_before(record.on), "kinds": [(one, KINDS[one]) for one in LEAVING],
            "moves": moves.count(), "open": record.state in ("checked", "proposed") and not made,
            "may_propose": may(user, "propose", scheme) and within_upload(request, scheme).filter(pk=pk).exists(),
        }  # fmt: skip
    return render(request, "pages/roster_months.html", page)


def _end_before(on: date) -> date:
    """The last day of the month before: until then somebody who is in the list no more was covered."""
    year, month = (on.year - 1, 12) if on.month == 1 else (on.year, on.month - 1)
    return date(year, month, calendar.monthrange(year, month)[1])


@reads("rosters")
def months_file(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    record = one_of(rosters_of(signed_user(request), scheme), pk)
    before = _before(record, _earlier(request, scheme, record), request.GET.get("dengan", ""))
    if before is None:
        raise Refused("record.not_found")
    lines, _page = _chosen(request, _people(*difference(record, before)))
    return table_file(request, _table(record, lines), f"banding-{record.pk}", kind, "export_comparison")


@writes("propose", area="rosters")
def confirm(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(within_upload(request, scheme), pk)
    before = next(
        (o for o in _earlier(request, scheme, record) if str(o.pk) == request.POST.get("before", "")), None
    )
    if before is None:
        raise Refused("record.not_found")
    text = request.POST.get("last_day", "")
    try:
        last_day = DayField(required=True).clean(text)
    except ValidationError:
        raise Refused("form.date_unreadable", {"value": text[:20]}) from None
    seen = [int(part) if part.isdecimal() else -1 for part in request.POST.get("seen", "").split(",")[:3]]
    kinds = {
        int(name[5:]): value
        for name, value in request.POST.items()
        if name.startswith("kind-") and name[5:].isdecimal()
    }
    made = confirm_comparison(
        record, before, last_day, kinds=kinds, seen=(seen[0], seen[1], seen[2]) if len(seen) == 3 else None, actor=request.actor
    )  # fmt: skip
    n = Movement.objects.filter(comparison_lines__comparison=made).count()
    said = ngettext("Confirmed; %(n)s movement was proposed.", "Confirmed; %(n)s movements were proposed.", n)
    return done(request, said % {"n": shown.number(n)}, address(scheme, record, "roster-months"))


@writes("propose", area="rosters")
def undo(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(within_upload(request, scheme), pk)
    made = Comparison.objects.filter(roster=record, undone_at=None).select_related("roster__scheme").first()
    if made is None:
        raise Refused("record.not_found")
    undo_comparison(made, actor=request.actor)
    return done(
        request,
        _("The comparison was undone, and its movements with it."),
        address(scheme, record, "roster-months"),
    )
