"""What may happen to a record, one table per state field; every move is a compare-and-swap."""

from __future__ import annotations

from typing import Any

from django.db import models

from lindung.base.refused import Refused
from lindung.enrolment.changes import Amendment
from lindung.enrolment.models import Batch, Candidate, Determination, Roster

# move → (from, to)
ROSTER = {
    "check": ({"received"}, "checking"),
    "finish": ({"checking"}, "checked"),
    "refuse": ({"received", "checking"}, "refused"),
    "recheck": ({"checked", "refused"}, "received"),
    "propose": ({"checked"}, "proposed"),
    "withdraw": ({"received", "checked"}, "withdrawn"),
    "reopen": ({"proposed"}, "checked"),  # a comparison that proposed it was undone
}
CANDIDATE = {
    "accept": ({"pending", "waiting", "returned"}, "accepted"),
    "reject": ({"pending", "accepted", "waiting", "returned"}, "rejected"),
    "send_back": ({"pending", "accepted", "waiting"}, "returned"),
    "wait": ({"pending", "accepted"}, "waiting"),
    "stay": ({"pending", "returned"}, "member"),
    "undo": ({"accepted", "rejected", "returned", "waiting"}, "pending"),
}
DETERMINATION = {
    "verify": ({"proposed"}, "verified"),
    "approve": ({"verified"}, "approved"),
    "sign": ({"approved"}, "signed"),
    "cancel": ({"proposed", "verified", "approved"}, "cancelled"),
}
BATCH = {
    "send": ({"prepared"}, "sent"),
    "answer": ({"prepared", "sent", "answered"}, "answered"),
    "withdraw": ({"prepared"}, "withdrawn"),
}
AMENDMENT = {"sign": ({"prepared"}, "signed"), "cancel": ({"prepared"}, "cancelled")}

_TABLES: dict[type[models.Model], tuple[str, dict[str, tuple[set[str], str]]]] = {
    Roster: ("state", ROSTER),
    Candidate: ("review", CANDIDATE),
    Determination: ("state", DETERMINATION),
    Batch: ("state", BATCH),
    Amendment: ("state", AMENDMENT),
}


def can(record: models.Model, move: str) -> bool:
    field, table = _TABLES[type(record)]
    return getattr(record, field) in table[move][0]


def change(record: Any, move: str, **values: Any) -> None:
    """Make one move. Raises Refused("record.changed") when somebody else was first; writes nothing then."""
    field, table = _TABLES[type(record)]
    sources, target = table[move]
    moved = (
        type(record)
        .objects.filter(**{"pk": record.pk, f"{field}__in": sources})
        .update(**{field: target}, **values)
    )
    if not moved:
        record.refresh_from_db(fields=[field])
        raise Refused("record.changed", {"state": getattr(record, f"get_{field}_display")()})
    setattr(record, field, target)
    for name, value in values.items():
        setattr(record, name, value)
