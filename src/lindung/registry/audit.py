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

from django.db import DataError, connection, models, transaction
from django.utils import timezone

from lindung.base.refused import Refused
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
    """Run one action in one transaction with its audit entry. Raises Refused("value.out_of_range") for what no field holds."""
    try:
        with _entry(actor, action) as entry:
            yield entry
    except DataError as problem:
        raise Refused("value.out_of_range", {"problem": str(problem).splitlines()[0]}) from problem


@contextmanager
def _entry(actor: Actor, action: str) -> Iterator[Entry]:
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
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, [row.position, row.hash, entry.id])


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


_TOUCHED = """
insert into registry_touched ("table", position, hash)
select distinct table_name, %s, %s from registry_history where entry_id = %s
on conflict ("table") do update set position = excluded.position, hash = excluded.hash
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
    """Live values must equal their newest history; what was inserted must give the digest kept of it."""
    quoted = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED.format(table=quoted), [table, table])
        for (row,) in cursor.fetchall():
            yield f"{table} {row}: the row differs from its newest history"
        cursor.execute(
            "select id, columns from registry_history where table_name = %s and operation = 'I' order by id",
            [table],
        )
        for history, columns in cursor.fetchall():
            row = "row(" + ", ".join(f"x.{connection.ops.quote_name(name)}" for name in columns) + ")"
            cursor.execute(_INSERTED.format(table=quoted, row=row), {"history": history, "table": table})
            if not cursor.fetchone()[0]:
                yield f"{table}: rows inserted under history {history} were changed, removed or added behind the trail"
        cursor.execute(_COUNTED.format(table=quoted), [table, table])
        if unknown := cursor.fetchone()[0]:
            yield f"{table}: {unknown:+} rows that no history knows"


# rows whose newest told value of a column is not the live one, or who live after their deletion or died without one
_CHANGED = """
with told as (
    select row_id, bool_or(operation = 'D') gone from registry_history
    where table_name = %s and row_id is not null group by 1),
newest as (
    select distinct on (h.row_id, e.key) h.row_id, e.key, e.value
    from registry_history h join told on told.row_id = h.row_id and not told.gone, jsonb_each(h.new) e
    where h.table_name = %s and h.operation = 'U'
    order by h.row_id, e.key, h.id desc)
select told.row_id from told left join {table} t on t.id = told.row_id where told.gone <> (t.id is null)
union
select n.row_id from newest n join {table} t on t.id = n.row_id where to_jsonb(t) -> n.key is distinct from n.value
order by 1
"""
# the rows of one insert as they were then: the live row under the oldest told values, or the row as it was deleted
_INSERTED = """
with h as (select ids, digest from registry_history where id = %(history)s),
spans as (select lower(r) low, upper(r) high from h, unnest(h.ids) r),
changes as (
    select c.id, c.row_id, c.operation, c.old from registry_history c, spans
    where c.table_name = %(table)s and c.row_id >= low and c.row_id < high and c.operation in ('U', 'D')),
oldest as (
    select row_id, jsonb_object_agg(key, value) old from (
        select distinct on (c.row_id, e.key) c.row_id, e.key, e.value from changes c, jsonb_each(c.old) e
        order by c.row_id, e.key, c.id) v
    group by 1),
then_rows as (
    select x.* from {table} x, spans where x.id >= low and x.id < high
      and not exists (select from oldest o where o.row_id = x.id)
    union all
    select x.* from oldest o left join {table} t on t.id = o.row_id,
         jsonb_populate_record(null::{table}, coalesce(to_jsonb(t), '{{}}') || o.old) x)
select (select digest from h) is not distinct from (select sum(lindung_fingerprint({row}::text)) from then_rows x)
"""
_COUNTED = """
select (select count(*) from {table})
     - coalesce((select sum(upper(r) - lower(r)) from registry_history h, unnest(h.ids) r where h.table_name = %s), 0)
     + (select count(*) from registry_history where table_name = %s and operation = 'D')
"""
