"""Reading the audit trail: what happened to a record, what an auditor may search, when it was last verified."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from lindung.registry.access import MAY, roles_of
from lindung.registry.audit import head, problems
from lindung.registry.models import AuditCheck, AuditEntry, History, Role, Scheme, User

Record = tuple[str, int]  # table, id
KEPT = 100  # problems kept of one verification: the first ones say where to look


@dataclass(frozen=True)
class Change:
    """What one action did to one record: "I" added, "U" changed, "D" removed; values by column."""

    table: str
    row_id: int
    operation: str
    old: dict[str, Any]
    new: dict[str, Any]


@dataclass(frozen=True)
class Event:
    entry: AuditEntry
    changes: list[Change]


def events_of(records: Sequence[Record], limit: int = 200) -> list[Event]:
    """What happened to these records, newest first: what wrote them, and what only concerned them."""
    changes: dict[int, list[Change]] = {}
    named = Q(pk__in=[])
    for table, pk in records:
        named |= Q(subjects__contains=[{"table": table, "id": pk}])
        for row in History.objects.filter(table=table, row_id=pk).order_by("pk"):
            changes.setdefault(row.entry_id, []).append(
                Change(table, pk, row.operation, row.old or {}, row.new or {})
            )
    for table in {table for table, _ in records}:
        ids = [pk for other, pk in records if other == table]
        with connection.cursor() as cursor:
            cursor.execute(
                "select h.entry_id, i.id from registry_history h, unnest(h.ids) span, unnest(%s::bigint[]) i(id) "
                "where h.table_name = %s and h.operation = 'I' and span @> i.id",
                [ids, table],
            )
            for entry, pk in cursor.fetchall():
                changes.setdefault(entry, []).insert(0, Change(table, pk, "I", {}, {}))
    found = AuditEntry.objects.filter(Q(pk__in=list(changes)) | named).select_related("actor")
    return [Event(entry, changes.get(entry.pk, [])) for entry in found.order_by("-position")[:limit]]


def entries_for(user: User) -> QuerySet[AuditEntry]:
    """The entries an auditor may read. One of some schemes only: what concerns these, and the acts of people who have
    roles there and nowhere else."""
    roles = roles_of(user, MAY["audit"])
    if any(role.scheme_id is None for role in roles):
        return AuditEntry.objects.all()
    reach = {role.scheme_id for role in roles}
    beyond = Role.objects.exclude(scheme__in=reach).values("user")
    within = Role.objects.filter(scheme__in=reach).exclude(user__in=beyond).values("user")
    concerned = Q(actor__in=within)
    for pk in reach:
        concerned |= Q(subjects__contains=[{"table": Scheme._meta.db_table, "id": pk}])
    return AuditEntry.objects.filter(concerned)


def verify() -> list[str]:
    """Verify the whole trail and keep the result with its day, so that auditors see when that was done last."""
    found = list(problems())
    AuditCheck.objects.create(
        at=timezone.now(), head=head(), problems=[*found[:KEPT], *(["…"] if len(found) > KEPT else [])]
    )
    return found


def last_check() -> AuditCheck | None:
    return AuditCheck.objects.order_by("-pk").first()
