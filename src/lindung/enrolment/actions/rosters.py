"""A roster arrives, is checked, and is proposed by its sender."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import polars as pl
from django.db import IntegrityError, transaction
from django.utils import timezone

from lindung.base.month import plausible
from lindung.base.refused import Refused
from lindung.enrolment import frames as enrolment_frames
from lindung.enrolment.actions.doubles import find_doubles
from lindung.enrolment.actions.wages import minimum_wage
from lindung.enrolment.mending import Correction, HeaderMeaning
from lindung.enrolment.models import Candidate, Finding, Roster
from lindung.enrolment.states import change
from lindung.intake.check import REGISTER_CODES, Checked, check, corrected, recheck
from lindung.registry import files, frames
from lindung.registry.access import MAY, actor_may, reachable_units
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme, Unit
from lindung.registry.queries import current_version, rules_of
from lindung.schemes import Scheme as Rules

CANDIDATE_COLUMNS = [
    "sheet", "row", "nik", "name", "birth_date", "birth_place", "sex", "mother_name", "address", "rt", "rw",
    "phone", "kk_number", "category", "occupation", "wage", "start_date", "raw", "result",
]  # fmt: skip
# the widths of the columns of Candidate: a longer cell is somebody's essay, kept whole in `raw`
WIDTHS = {
    "sheet": 120, "name": 160, "birth_place": 80, "mother_name": 160, "address": 240, "kk_number": 20, "occupation": 120,
}  # fmt: skip


def receive(
    scheme: Scheme,
    sender: Unit,
    name: str,
    content: bytes,
    on: date,
    *,
    replaces: Roster | None = None,
    actor: Actor,
) -> Roster:
    """Keep a file that an office sent; `replaces` is the list it is the corrected copy of, which gives way once this one
    was checked. Raises Refused("roster.again") when the same file is there already, ("record.changed")."""
    actor_may(actor, "upload", scheme)
    if replaces and (replaces.scheme_id != scheme.pk or replaces.sender_id != sender.pk):
        raise Refused("record.not_found")
    if replaces and replaces.state not in ("checked", "refused"):
        raise Refused("record.changed", {"state": replaces.get_state_display()})
    plausible(on)
    if actor.user and sender.pk not in reachable_units(actor.user, scheme, MAY["upload"]):
        raise Refused("record.not_found")
    with recorded(actor, "receive_roster") as entry:
        file = files.keep(content, name)
        before = (
            Roster.objects.filter(scheme=scheme, file=file)
            .exclude(state__in=["withdrawn", "refused"])
            .first()
        )
        if before:
            raise Refused(
                "roster.again", {"file": name, "on": before.received_at.date().strftime("%d-%m-%Y")}
            )
        try:
            with transaction.atomic():
                roster = Roster.objects.create(
                    scheme=scheme,
                    version=current_version(scheme),
                    sender=sender,
                    file=file,
                    on=on,
                    received_by=actor.user,
                    replaces=replaces,
                )
        except IntegrityError:
            raise Refused("roster.again", {"file": name, "on": on.strftime("%d-%m-%Y")}) from None
        entry.about(roster)
    return roster


def check_rosters(
    rosters: Sequence[Roster], *, actor: Actor, progress: Callable[[int, int], None] | None = None
) -> list[Roster]:
    """Check rosters of one scheme and day together: findings, verification results, duplicates among them.

    A roster whose file cannot be used ends as `refused` with the reason; the others are checked all the same. A roster
    that was checked before stays as it is.
    """
    if not any(roster.state == "received" for roster in rosters):
        return list(rosters)
    first = rosters[0]
    rules = rules_of(first.version)
    register = enrolment_frames.cover_register(first.scheme, first.on)
    deaths = frames.death_register()
    with tempfile.TemporaryDirectory() as folder:
        paths = []
        for number, roster in enumerate(rosters):
            path = Path(folder) / str(number) / Path(roster.file.name).name
            path.parent.mkdir()
            path.symlink_to(files.path_of(roster.file))
            paths.append(path)
        checked = check(
            paths,
            rules,
            first.on,
            register=register,
            deaths=deaths,
            mappings=[meanings(roster.sender) for roster in rosters],
            minimum=minimum_wage(first.scheme, first.on),
            progress=progress,
        )
    with recorded(actor, "check_rosters") as entry:
        # two lists at once must see one another
        Scheme.objects.select_for_update(no_key=True).get(pk=first.scheme_id)
        received = set(
            Roster.objects.select_for_update()
            .filter(pk__in=[roster.pk for roster in rosters], state="received")
            .values_list("pk", flat=True)
        )
        for roster, result in zip(rosters, checked, strict=True):
            if roster.pk not in received:
                roster.refresh_from_db()
                continue
            change(roster, "check")
            mended = _with_corrections(roster, result, rules, register, deaths)
            _keep(roster, mended, rosters, first=_counts(result.people, result.findings, own=True))
            entry.about(roster, people=roster.people, errors=roster.errors, warnings=roster.warnings)
    people = Candidate.objects.filter(roster__in=received).values_list("pk", flat=True)
    find_doubles(first.scheme, among=list(people), actor=actor)
    return list(rosters)


def meanings(sender: Unit) -> dict[str, str]:
    """Header → column ("": not used), as confirmed for this sender."""
    return dict(HeaderMeaning.objects.filter(sender=sender).values_list("header", "column"))


def _with_corrections(
    roster: Roster, result: Checked, rules: Rules, register: pl.DataFrame, deaths: pl.DataFrame
) -> Checked:
    """`result` with the cells that were corrected on screen, in this list (its columns were read anew) or in the one it
    is the corrected copy of, where the cell still says what it said then."""
    own = list(roster.corrections.filter(undone_at=None).order_by("made_at", "pk"))
    theirs = (
        roster.replaces.corrections.filter(undone_at=None).order_by("made_at", "pk")
        if roster.replaces
        else []
    )
    if result.error or not (own or theirs):
        return result
    rows = result.rows
    cells = {
        (sheet, row): json.loads(raw) for sheet, row, raw in rows.select("sheet", "row", "raw").iter_rows()
    }
    carried: list[Correction] = []
    for one in (*own, *theirs):
        now = cells.get((one.sheet, one.row))
        if now is None or (now.get(one.column) or None) != (one.old or None):
            if one.roster_id == roster.pk:
                Correction.objects.filter(pk=one.pk).update(undone_at=timezone.now())
            continue
        cells[one.sheet, one.row] = corrected(now, one.column, one.new)
        if one.roster_id != roster.pk:
            carried.append(Correction(
                roster=roster, sheet=one.sheet, row=one.row, column=one.column, old=one.old, new=one.new,
                source=one.source, made_at=one.made_at, made_by_id=one.made_by_id,
            ))  # fmt: skip
    Correction.objects.bulk_create(carried)
    raw = pl.Series("raw", [json.dumps(cells[place]) for place in rows.select("sheet", "row").iter_rows()])
    again = recheck(
        rows.with_columns(raw), rules, roster.on, register=register, deaths=deaths,
        minimum=minimum_wage(roster.scheme, roster.on),
    )  # fmt: skip
    return replace(again, file=result.file, mapping=result.mapping, columns=result.columns)


def _counts(people: int, findings: pl.DataFrame, *, own: bool = False) -> tuple[int, int]:
    """(people without errors, those of them with something to look at); what registers say is not the sender's mistake."""
    findings = findings.filter(~pl.col("code").is_in(REGISTER_CODES)) if own else findings
    bad = findings.filter(severity="error")["row_id"].unique()
    doubtful = findings.filter((pl.col("severity") == "warning") & ~pl.col("row_id").is_in(bad.implode()))
    return people - bad.len(), doubtful["row_id"].n_unique()


def _keep(roster: Roster, result: Checked, rosters: Sequence[Roster], first: tuple[int, int]) -> None:
    if result.error is not None:
        refusal = {"code": result.error.code, "args": {k: str(v) for k, v in result.error.values.items()}}
        change(roster, "refuse", refusal=refusal, columns=result.columns)
        return
    rows, findings = result.rows, result.findings
    rows = rows.with_columns(id=pl.Series(frames.next_ids(Candidate, rows.height), dtype=pl.Int64))
    elsewhere = proposed_elsewhere(rows, roster, [r.pk for r in rosters])
    if not elsewhere.is_empty():
        findings = pl.concat([findings, elsewhere], how="diagonal")
        rows = rows.with_columns(
            result=pl.when(pl.col("row_id").is_in(elsewhere["row_id"].to_list()))
            .then(pl.lit("tidak_layak"))
            .otherwise(pl.col("result"))
        )
    frames.write(
        Candidate, as_candidates(rows).with_columns(roster_id=pl.lit(roster.pk), review=pl.lit("pending"))
    )
    write_findings(
        roster, findings.join(rows.select("row_id", "id"), on="row_id", how="left", maintain_order="left")
    )
    change(
        roster,
        "finish",
        mapping=result.mapping,
        columns=result.columns,
        refusal=None,
        people=rows.height,
        clean=_counts(rows.height, findings)[0],
        errors=findings.filter(severity="error").height,
        warnings=findings.filter(severity="warning").height,
        first_clean=first[0],
        first_doubtful=first[1],
        revision=roster.revision + 1,
    )
    if roster.replaces and roster.replaces.state == "checked":
        change(roster.replaces, "withdraw")


def as_candidates(rows: pl.DataFrame) -> pl.DataFrame:
    """`id` and the columns of a candidate that a check tells, cut to their widths."""
    return rows.select(
        "id",
        *(pl.col(name).str.slice(0, WIDTHS[name]) if name in WIDTHS else name for name in CANDIDATE_COLUMNS),
        kelurahan_id="kelurahan_code",
    )


def write_findings(roster: Roster, findings: pl.DataFrame) -> None:
    """Keep findings with what their sentences need; `id` is the candidate of each."""
    if findings.is_empty():
        return
    if "article" not in findings.columns:
        findings = findings.with_columns(article=pl.lit(None, dtype=pl.String))
    frames.write(
        Finding,
        findings.select(
            "sheet",
            "row",
            "column",
            "code",
            "severity",
            pl.col("value").str.slice(0, 2000),
            "args",
            "article",
            pl.col("proposal").str.slice(0, 240),
            roster_id=pl.lit(roster.pk),
            candidate_id="id",
        ),
    )


def proposed_elsewhere(rows: pl.DataFrame, roster: Roster, together: list[int]) -> pl.DataFrame:
    """People of this roster who stand in another roster of the scheme already, as findings."""
    if rows.is_empty():
        return pl.DataFrame(schema={"row_id": pl.Int64})
    others = frames.read(
        """select c.nik, f.name file, c.row, u.name unit from enrolment_candidate c
           join enrolment_roster r on r.id = c.roster_id join registry_storedfile f on f.id = r.file_id
           join registry_unit u on u.id = r.sender_id
           where r.scheme_id = %s and r.state in ('checked', 'proposed') and not r.id = any(%s)
             and c.nik is not null and c.review not in ('rejected', 'returned') and c.result = 'layak'
             and c.nik = any(%s)
             -- who has left may come back, and of its own members a later list says nothing new
             and not exists (select from enrolment_determinationline l join enrolment_membership m on m.line_id = l.id
                             where l.candidate_id = c.id and (m.end_reason is not null or r.sender_id = %s))
             and not exists (select from enrolment_movement v join enrolment_membership m on m.id = v.successor_id
                             where v.candidate_id = c.id and m.end_reason is not null)""",
        [
            roster.scheme_id,
            [*together, roster.replaces_id or 0],
            rows["nik"].drop_nulls().to_list(),
            roster.sender_id,
        ],
        {"nik": pl.String, "first_file": pl.String, "first_row": pl.Int64, "unit": pl.String},
    ).unique("nik", keep="first", maintain_order=True)
    found = rows.filter(pl.col("nik").is_not_null()).join(
        others, on="nik", how="inner", maintain_order="left"
    )
    return found.select(
        "row_id",
        "sheet",
        pl.col("row").cast(pl.Int64),
        column=pl.lit("nik"),
        code=pl.lit("nik.proposed_elsewhere"),
        severity=pl.lit("error"),
        value="nik",
        args=pl.Series(
            [
                json.dumps({"file": f, "row": r, "unit": u}, ensure_ascii=False)
                for f, r, u in found.select("first_file", "first_row", "unit").iter_rows()
            ],
            dtype=pl.String,
        ),
        proposal=pl.lit(None, dtype=pl.String),
    )


def propose_roster(roster: Roster, *, actor: Actor) -> Roster:
    """The sender (lurah, camat, head of OPD) signs the list. Raises Refused("record.changed")."""
    actor_may(actor, "propose", roster.scheme)
    with recorded(actor, "propose_roster") as entry:
        change(roster, "propose", proposed_by=actor.user, proposed_at=timezone.now())
        entry.about(roster)
    return roster


def withdraw_roster(roster: Roster, *, actor: Actor) -> Roster:
    """Take back a list that was not proposed yet; the corrected file can then be sent."""
    actor_may(actor, "upload", roster.scheme)
    with recorded(actor, "withdraw_roster") as entry:
        change(roster, "withdraw")
        entry.about(roster)
    return roster
