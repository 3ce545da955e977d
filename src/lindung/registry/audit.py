"""The audit trail: one hash-chained entry per action, and every changed row stamped with it.

`recorded` opens the transaction of an action. Inside it the triggers of `audit.sql` write what each statement did;
outside it they refuse every write. The entry is written last, when the digest of all that happened is known.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from lindung.registry.models import AuditEntry, User

FIRST = "0" * 64
_CHAIN = 7_205_411_946  # advisory lock: one entry at a time is added to the chain


@dataclass(frozen=True)
class Actor:
    """Who acts: a user in a role, through a channel (web, cli, job, demo), from an address."""

    user: User | None
    role: str = ""
    channel: str = "cli"
    address: str = ""


@dataclass
class Entry:
    id: int
    subjects: list[dict[str, Any]] = field(default_factory=list)

    def about(self, *records: models.Model, **facts: Any) -> None:
        """Name the records an action concerns, and facts worth reading later."""
        self.subjects += [{"table": record._meta.db_table, "id": record.pk} for record in records]
        if facts:
            self.subjects.append(facts)


@contextmanager
def recorded(actor: Actor, action: str) -> Iterator[Entry]:
    """Run one action in one transaction with its audit entry."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select nextval('lindung_entry'), current_setting('lindung.entry', true)")
        number, outer = cursor.fetchone()
        entry = Entry(number)
        cursor.execute("select set_config('lindung.entry', %s, true)", [str(number)])
        yield entry
        cursor.execute("select set_config('lindung.entry', %s, true)", [outer or ""])
        _close(entry, actor, action)


def _close(entry: Entry, actor: Actor, action: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_DIGEST, [entry.id])
        digest = cursor.fetchone()[0]
        cursor.execute("select pg_advisory_xact_lock(%s)", [_CHAIN])
    last = AuditEntry.objects.order_by("-position").only("position", "hash").first()
    row = AuditEntry(
        id=entry.id,
        position=last.position + 1 if last else 1,
        at=timezone.now(),
        actor=actor.user,
        role=actor.role,
        channel=actor.channel,
        address=actor.address,
        action=action,
        subjects=entry.subjects,
        digest=digest,
        previous=last.hash if last else FIRST,
    )
    row.hash = fingerprint(row)
    row.save(force_insert=True)


def fingerprint(row: AuditEntry) -> str:
    """sha256 of the entry and the hash before it."""
    told = [
        row.id, row.position, row.at.isoformat(timespec="microseconds"), row.actor_id, row.role, row.channel,
        row.address, row.action, row.subjects, row.digest, row.previous,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(told, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def head() -> str:
    """The hash of the newest entry: printed on decrees and bills, it seals everything before."""
    last = AuditEntry.objects.order_by("-position").only("hash").first()
    return last.hash if last else FIRST


_DIGEST = """
select encode(sha256(convert_to(coalesce(string_agg(md5(h::text), '' order by id), ''), 'UTF8')), 'hex')
from registry_history h where entry_id = %s
"""


def problems() -> Iterator[str]:
    """Every trace of a change made behind the trail's back, in words. Empty when the trail and the rows agree."""
    previous = FIRST
    for position, row in enumerate(AuditEntry.objects.order_by("position").iterator(), 1):
        if row.position != position or row.previous != previous or row.hash != fingerprint(row):
            yield f"entry {row.position}: the chain is broken"
        previous = row.hash
    with connection.cursor() as cursor:
        cursor.execute(
            """select e.position from registry_auditentry e left join lateral (
                   select encode(sha256(convert_to(coalesce(string_agg(md5(h::text), '' order by h.id), ''), 'UTF8')), 'hex') d
                   from registry_history h where h.entry_id = e.id) s on true
               where e.digest <> s.d order by 1"""
        )
        for (number,) in cursor.fetchall():
            yield f"entry {number}: its history was changed"
        cursor.execute(
            "select distinct h.entry_id from registry_history h "
            "left join registry_auditentry e on e.id = h.entry_id where e.id is null"
        )
        for (number,) in cursor.fetchall():
            yield f"history of an entry that does not exist: {number}"
        cursor.execute("select distinct table_name from registry_history order by 1")
        tables = [name for (name,) in cursor.fetchall()]
    for table in tables:
        yield from _rows_against_history(table)


def _rows_against_history(table: str) -> Iterator[str]:
    """Live rows must equal their newest history; inserted rows not changed since must give the stored digest."""
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""select h.row_id from (
                    select distinct on (row_id) row_id, operation, new from registry_history
                    where table_name = %s and row_id is not null order by row_id, id desc) h
                left join {quoted} t on t.id = h.row_id
                where (h.operation = 'D') <> (t.id is null)
                   or (t.id is not null and h.new is distinct from to_jsonb(t))""",  # noqa: S608 (a table of ours)
            [table],
        )
        for (row,) in cursor.fetchall():
            yield f"{table} {row}: the row differs from its newest history"
        cursor.execute(
            "select id, columns from registry_history where table_name = %s and operation = 'I' order by id",
            [table],
        )
        inserts = cursor.fetchall()
        for history, columns in inserts:
            row = "row(" + ", ".join(f"x.{connection.ops.quote_name(name)}" for name in columns) + ")"
            cursor.execute(
                f"""with h as (select ids, digest from registry_history where id = %s),
                     spans as (select lower(r) low, upper(r) high from h, unnest(h.ids) r),
                     first_change as (
                        select distinct on (c.row_id) c.row_id, c.old from registry_history c, spans
                        where c.table_name = %s and c.row_id >= low and c.row_id < high order by c.row_id, c.id),
                     then_rows as (
                        select x.* from {quoted} x, spans where x.id >= low and x.id < high
                          and not exists (select from first_change f where f.row_id = x.id)
                        union all
                        select x.* from first_change f, jsonb_populate_record(null::{quoted}, f.old) x)
                select (select digest from h) is not distinct from
                       (select sum(lindung_fingerprint({row}::text)) from then_rows x)""",  # noqa: S608
                [history, table],
            )
            if not cursor.fetchone()[0]:
                yield f"{table}: rows inserted under history {history} were changed, removed or added behind the trail"
        cursor.execute(
            f"""select (select count(*) from {quoted})
                     - coalesce((select sum(upper(r) - lower(r)) from registry_history h, unnest(h.ids) r
                                 where h.table_name = %s), 0)
                     + (select count(*) from registry_history where table_name = %s and operation = 'D')""",  # noqa: S608
            [table, table],
        )
        if unknown := cursor.fetchone()[0]:
            yield f"{table}: {unknown:+} rows that no history knows"
