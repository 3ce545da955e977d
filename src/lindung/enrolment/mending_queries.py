"""Reads of lists that are mended: the place of a note among others, proposals of one kind, what was corrected."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lindung.enrolment.mending import Correction
from lindung.enrolment.models import Candidate, Finding, Roster


def correctable(roster: Roster) -> QuerySet[Finding]:
    """Notes on a cell of somebody, in the order of the rows."""
    found = Finding.objects.filter(roster=roster, candidate__isnull=False).select_related("candidate")
    return found.order_by("sheet", "row", "pk")


def proposals_of(roster: Roster, code: str) -> QuerySet[Finding]:
    """The notes of one kind that carry a proposal for their cell."""
    return correctable(roster).filter(code=code, proposal__isnull=False).exclude(proposal="")


def next_finding(rows: QuerySet[Finding], after: Finding) -> tuple[int | None, int]:
    """The note that follows one that may be gone by now, and its place from 0; the first where none follows."""
    order = list(rows.values_list("sheet", "row", "pk"))
    mine = ((after.sheet or "", after.row or 0), after.pk)
    at = next(
        (n for n, (sheet, row, pk) in enumerate(order) if ((sheet or "", row or 0), pk) > mine and pk != after.pk),
        0,
    )  # fmt: skip
    return (order[at][2], at) if order else (None, 0)


def corrections_of(roster: Roster, *, words: str = "", undone: bool = True) -> QuerySet[Correction]:
    """What was corrected on screen, newest first."""
    found = Correction.objects.filter(roster=roster).select_related("made_by", "undone_by")
    if not undone:
        found = found.filter(undone_at=None)
    if words:
        found = found.filter(
            Q(new__icontains=words) | Q(old__icontains=words) | Q(made_by__name__icontains=words)
        )
    return found.order_by("-made_at", "-pk")


def names_at(roster: Roster, places: list[tuple[str | None, int]]) -> dict[tuple[str | None, int], str]:
    """(sheet, row) → the name that stands there."""
    rows = Candidate.objects.filter(roster=roster, row__in=[row for _, row in places])
    return {(sheet, row): name or "" for sheet, row, name in rows.values_list("sheet", "row", "name")}
