"""A list is mended on screen: what its columns mean, and its cells one by one; judged again at once, and undone as well."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from lindung.base.refused import Refused
from lindung.enrolment import frames as enrolment_frames
from lindung.enrolment.actions.doubles import find_doubles
from lindung.enrolment.actions.rosters import as_candidates, proposed_elsewhere, write_findings
from lindung.enrolment.actions.wages import minimum_wage
from lindung.enrolment.mending import Correction, HeaderMeaning
from lindung.enrolment.models import Candidate, Finding, Roster
from lindung.enrolment.states import change
from lindung.intake.check import REGISTER_CODES, Checked, by_registers, corrected, judge_rows, recheck
from lindung.intake.columns import CANONICAL
from lindung.intake.mapping import CHOICES, plain_header
from lindung.registry import frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Unit
from lindung.registry.queries import rules_of

LONGEST = 1000  # signs of a cell
ABOUT_OTHERS = (
    *REGISTER_CODES,
    "nik.proposed_elsewhere",
)  # findings that rest on other records than this list


# ----------------------------------------------------------------------------------------------------------- columns


def confirm_columns(roster: Roster, meanings: Mapping[str, str], *, actor: Actor) -> bool:
    """Remember what the headers of this sender mean (header → column, "" for one that is not used).

    True when a column was read otherwise: the list then waits for another check ("received"), and its notes are gone.
    Raises Refused("columns.unknown", "columns.twice", "record.changed", "roster.again").
    """
    actor_may(actor, "upload", roster.scheme)
    told = {plain_header(header): column for header, column in meanings.items() if plain_header(header)}
    if wrong := next((column for column in told.values() if column and column not in CHOICES), None):
        raise Refused("columns.unknown", {"column": wrong})
    read = {plain_header(one["header"]): one["column"] for one in roster.columns if one["header"]}
    changed = {header for header, column in told.items() if read.get(header, column) != column}
    for column in {told[header] for header in changed if told[header]}:
        if len([header for header, said in told.items() if said == column and header in read]) > 1:
            raise Refused(
                "columns.twice", {"headers": ", ".join(h for h, said in told.items() if said == column)}
            )
    try:
        with recorded(actor, "confirm_columns") as entry, transaction.atomic():
            now = timezone.now()
            if changed:
                change(roster, "recheck", mapped_at=now, mapped_by=actor.user, refusal=None)
                Finding.objects.filter(roster=roster).delete()
                Candidate.objects.filter(roster=roster).delete()
            else:
                Roster.objects.filter(pk=roster.pk).update(mapped_at=now, mapped_by=actor.user)
            HeaderMeaning.objects.bulk_create(
                [
                    HeaderMeaning(
                        sender_id=roster.sender_id, header=header, column=column, confirmed_at=now, confirmed_by=actor.user
                    )
                    for header, column in told.items()
                ],
                update_conflicts=True,
                unique_fields=["sender", "header"],
                update_fields=["column", "confirmed_at", "confirmed_by"],
            )  # fmt: skip
            entry.about(roster, columns=len(told), changed=len(changed))
    except IntegrityError:
        on = roster.received_at.date().strftime("%d-%m-%Y")
        raise Refused("roster.again", {"file": roster.file.name, "on": on}) from None
    return bool(changed)


def forget_columns(roster: Roster, *, actor: Actor) -> int:
    """Forget what the headers of the sender of this list mean; lists that were read stay as they are."""
    actor_may(actor, "upload", roster.scheme)
    with recorded(actor, "forget_columns") as entry:
        gone, _ = HeaderMeaning.objects.filter(sender=roster.sender_id).delete()
        entry.about(roster, columns=gone)
    return gone


# ------------------------------------------------------------------------------------------------------------- cells


def correct_cells(
    roster: Roster,
    cells: Iterable[tuple[int, str, str]],
    *,
    source: str = "typed",
    actor: Actor,
) -> int:
    """Type cells anew (candidate, column, text) and judge the list again. Returns how many cells changed.

    The file stays as it came; each correction is kept with its old text. Only notes that change are written.
    Raises Refused("record.changed", "record.not_found", "correction.too_long").
    """
    actor_may(actor, "upload", roster.scheme)
    wanted = [(pk, column, " ".join(text.split())) for pk, column, text in cells]
    if any(column not in CANONICAL for _, column, _ in wanted):
        raise Refused("record.not_found")
    if any(len(text) > LONGEST for *_, text in wanted):
        raise Refused("correction.too_long", {"most": LONGEST})
    with recorded(actor, "correct_cells") as entry:
        people = _locked(roster)
        made = _type(roster, people, wanted, source, actor)
        entry.about(roster, cells=made)
    find_doubles(roster.scheme, among=[pk for pk, *_ in wanted], actor=actor)
    return made


def undo_corrections(roster: Roster, made_at: datetime, *, only: int | None = None, actor: Actor) -> int:
    """Take back what was corrected at one moment (one of them, or all). Raises Refused("correction.later", "record.changed")."""
    actor_may(actor, "upload", roster.scheme)
    with recorded(actor, "undo_corrections") as entry:
        people = _locked(roster)
        chosen = Correction.objects.filter(roster=roster, made_at=made_at, undone_at=None)
        found = list(chosen.filter(pk=only) if only else chosen)
        at = {(sheet, row): pk for pk, (sheet, row, _) in people.items()}
        told = []
        for one in found:
            pk = at.get((one.sheet, one.row))
            if pk is None or (json.loads(people[pk][2]).get(one.column) or None) != (one.new or None):
                raise Refused("correction.later", {"row": one.row})
            told.append((pk, one.column, one.old or ""))
        if told:
            _put(roster, people, told)
            Correction.objects.filter(pk__in=[one.pk for one in found]).update(
                undone_at=timezone.now(), undone_by=actor.user
            )
        entry.about(roster, cells=len(told))
    find_doubles(roster.scheme, among=[pk for pk, *_ in told], actor=actor)
    return len(told)


_Cells = dict[int, tuple[str | None, int, str]]


def _locked(roster: Roster) -> _Cells:
    """Candidate → sheet, row, cells (JSON), of a list that may be mended; nobody else mends it meanwhile."""
    now = Roster.objects.select_for_update().get(pk=roster.pk)
    if now.state != "checked":
        raise Refused("record.changed", {"state": now.get_state_display()})
    rows = frames.read(
        "select id, sheet, row, raw::text from enrolment_candidate where roster_id = %s order by id",
        [roster.pk],
        {"id": pl.Int64, "sheet": pl.String, "row": pl.Int64, "raw": pl.String},
    )
    return {pk: (sheet, row, raw) for pk, sheet, row, raw in rows.iter_rows()}


def _type(
    roster: Roster, people: _Cells, wanted: Sequence[tuple[int, str, str]], source: str, actor: Actor
) -> int:
    at, kept, told = timezone.now(), [], []
    for pk, column, text in wanted:
        if pk not in people:
            raise Refused("record.not_found")
        sheet, row, raw = people[pk]
        old = json.loads(raw).get(column) or None
        if old == (text or None):
            continue
        told.append((pk, column, text))
        kept.append(Correction(
            roster=roster, sheet=sheet, row=row, column=column, old=old, new=text or None, source=source, made_at=at,
            made_by=actor.user,
        ))  # fmt: skip
    if told:
        _put(roster, people, told)
        Correction.objects.bulk_create(kept, batch_size=1000)
    return len(told)


def _put(roster: Roster, people: _Cells, told: Sequence[tuple[int, str, str]]) -> None:
    """Write cells, judge the whole list (what one row says tells how others are read), keep what differs."""
    for pk, column, text in told:
        sheet, row, raw = people[pk]
        people[pk] = (sheet, row, json.dumps(corrected(json.loads(raw), column, text)))
    touched = sorted({pk for pk, *_ in told})
    rules = rules_of(roster.version)
    rows = pl.DataFrame(
        {
            "row_id": list(people),
            "file": [roster.file.name] * len(people),
            "sheet": [sheet for sheet, _, _ in people.values()],
            "row": [row for _, row, _ in people.values()],
            "raw": [raw for _, _, raw in people.values()],
        },
        schema_overrides={"sheet": pl.String, "row": pl.Int64},
    )
    checked = recheck(rows, rules, roster.on, minimum=minimum_wage(roster.scheme, roster.on))
    some = checked.rows.filter(pl.col("row_id").is_in(touched))
    niks, births = some["nik"].drop_nulls().to_list(), some["birth_date"].drop_nulls().to_list()
    register = enrolment_frames.cover_register(roster.scheme, roster.on, niks=niks, births=births)
    found = [
        checked.findings,
        by_registers(checked, touched, rules, register, frames.death_register(niks=niks, births=births)),
        proposed_elsewhere(some, roster, [roster.pk]),
    ]
    fresh = pl.concat([part for part in found if not part.is_empty()] or [checked.findings], how="diagonal")
    _write(roster, checked, rows, fresh, touched)


_KEY = ("row_id", "column", "code", "severity", "value", "args", "article", "proposal")


def _write(
    roster: Roster, checked: Checked, rows: pl.DataFrame, fresh: pl.DataFrame, touched: list[int]
) -> None:
    there = frames.read(
        """select id, candidate_id, "column", code, severity, value, args::text, article, proposal, row, sheet
           from enrolment_finding where roster_id = %s and candidate_id is not null order by id""",
        [roster.pk],
        {
            "id": pl.Int64,
            **dict.fromkeys(_KEY, pl.String),
            "row_id": pl.Int64,
            "row": pl.Int64,
            "sheet": pl.String,
        },
    )
    sheets = set(rows["sheet"].drop_nulls())
    stays = there.filter(
        ~pl.col("row_id").is_in(touched)
        & (pl.col("code").is_in(ABOUT_OTHERS) | pl.Series([_of_another_file(a, sheets) for a in there["args"]], dtype=pl.Boolean))
    )  # fmt: skip
    whole = pl.concat(
        [fresh.select(*_KEY, "row", "sheet"), stays.select(*_KEY, "row", "sheet")], how="vertical_relaxed"
    )
    whole = whole.with_columns(pl.col("value").str.slice(0, 2000), pl.col("proposal").str.slice(0, 240))
    old: dict[tuple[Any, ...], list[int]] = {}
    for pk, *told in there.select("id", *_KEY).iter_rows():
        old.setdefault(_key(told), []).append(pk)
    new = []
    for place, cells in enumerate(whole.select(_KEY).iter_rows()):
        same = old.get(_key(cells))
        if same:
            same.pop()
        else:
            new.append(place)
    Finding.objects.filter(pk__in=[pk for left in old.values() for pk in left]).delete()
    write_findings(roster, whole[new].with_columns(id="row_id"))
    _rows(roster, checked, rows, whole, touched)
    bad = whole.filter(severity="error")["row_id"].n_unique()
    Roster.objects.filter(pk=roster.pk).update(
        clean=checked.people - bad, errors=whole.filter(severity="error").height,
        warnings=whole.filter(severity="warning").height, revision=F("revision") + 1,
    )  # fmt: skip
    roster.refresh_from_db(fields=["clean", "errors", "warnings", "revision"])


def _key(told: Sequence[Any]) -> tuple[Any, ...]:
    row, column, code, severity, value, args, article, proposal = told
    said = json.dumps(json.loads(args), sort_keys=True) if args else None
    return row, column or None, code, severity, value or None, said, article or None, proposal or None


def _of_another_file(args: str | None, sheets: set[str]) -> bool:
    """Whether a note points at a row of another list, which was checked together with this one."""
    row = str(json.loads(args).get("row", "")) if args else ""
    return "(" in row and row.partition("(")[2].removesuffix(")") not in sheets


def _rows(
    roster: Roster, checked: Checked, rows: pl.DataFrame, found: pl.DataFrame, touched: list[int]
) -> None:
    judged = judge_rows(checked.rows.drop("result", "raw"), found).with_columns(id="row_id", raw=rows["raw"])
    known = dict(Candidate.objects.filter(roster=roster).values_list("pk", "result"))
    few = set(touched)
    other: dict[str, list[int]] = {}
    for pk, result in judged.select("id", "result").iter_rows():
        if pk not in few and known[pk] != result:
            other.setdefault(result, []).append(pk)
    for result, pks in other.items():
        Candidate.objects.filter(pk__in=pks).update(result=result)
    told = as_candidates(judged.filter(pl.col("id").is_in(touched)))
    records = []
    for row in told.iter_rows(named=True):
        row["raw"] = json.loads(row["raw"])
        records.append(Candidate(roster=roster, **row))
    Candidate.objects.bulk_update(records, [n for n in told.columns if n != "id"], batch_size=500)


def remembered(sender: Unit) -> int:
    """How many headers of a sender were confirmed."""
    return HeaderMeaning.objects.filter(sender=sender).count()
