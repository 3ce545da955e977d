"""The slip per RT: whose NIK has to be read again from the identity card (lembar perbaikan)."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from lindung.base.messages import sentence
from lindung.base.refused import Refused
from lindung.enrolment.models import Finding, Roster
from lindung.papers.lists import correction_sheets
from lindung.papers.paper import Paper
from lindung.registry.models import User
from lindung.workflows.papers import printed

FROM_THE_CARD = (
    "nik.missing", "nik.damaged_by_excel", "nik.not_16_digits", "nik.impossible_date", "nik.unknown_region", "nik.suspicious",
    "nik.duplicate",
)  # fmt: skip
_COLUMNS = dict.fromkeys(
    ("kelurahan", "rw", "rt", "place", "name", "nik", "written", "note"), pl.String
)  # as `correction_sheets` takes them


def slips(roster: Roster, *, user: User | None, at: datetime) -> Paper:
    """A page for every RT, in the order of kelurahan, RW, RT and row. Raises Refused("slip.nothing").

    A NIK is masked, and so is what stood in its cell when that shows most of one.
    """
    found = (
        Finding.objects.filter(roster=roster, code__in=FROM_THE_CARD, candidate__isnull=False)
        .select_related("candidate", "candidate__kelurahan")
        .order_by("sheet", "row", "pk")
    )
    rows = [
        {
            "kelurahan": person.kelurahan.name if person.kelurahan else roster.sender.name,
            "rw": _three(person.rw),
            "rt": _three(person.rt),
            "place": f"{finding.sheet}, {finding.row}" if finding.sheet else str(finding.row),
            "name": person.name,
            "nik": person.nik,
            "written": _covered(finding.value or ""),
            "note": sentence(finding.code, finding.args, "id"),
        }
        for finding in found
        if (person := finding.candidate)
    ]
    if not rows:
        raise Refused("slip.nothing", {"file": roster.file.name})
    frame = pl.DataFrame(rows, schema=_COLUMNS).sort("kelurahan", "rw", "rt", maintain_order=True)
    return correction_sheets(frame, printed=printed(roster.scheme, user, at))


def _three(value: int | None) -> str | None:
    return None if value is None else f"{value:03}"


def _covered(text: str) -> str:
    return f"{text[:4]} ••••" if sum(c.isdecimal() for c in text) >= 12 else text
