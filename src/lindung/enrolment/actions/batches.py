"""The file BPJS takes, one per payer and branch, and its answer with the KPJ."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl
from django.db.models import Max

from lindung.base.messages import sentence
from lindung.base.month import plausible
from lindung.base.refused import Refused
from lindung.enrolment import frames as enrolment_frames
from lindung.enrolment.changes import REASONS, Movement
from lindung.enrolment.models import Batch, BatchAnswer, BatchRow, Registration
from lindung.enrolment.pricing import terms
from lindung.enrolment.states import change
from lindung.papers import bpjs
from lindung.papers.answers import read_answer
from lindung.papers.tables import Column, Table, xlsx
from lindung.registry import files, frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of

FORMAT = {"BPU": "bpu_v11", "PU": "tk_baru_v30"}
MAX_ROWS = 10_000


def prepare_batches(
    scheme: Scheme, *, actor: Actor, template: tuple[str, bytes] | None = None
) -> list[Batch]:
    """Write everybody whom BPJS has not taken into files, at most 10,000 rows, one payer and branch each.

    `template` is the office's own blank file. Raises Refused("batch.nobody", "batch.preflight", "bpjs.…").
    """
    actor_may(actor, "send_batch", scheme)
    with recorded(actor, "prepare_batches") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        rules = rules_of(current_version(scheme))
        rows = enrolment_frames.members_to_send(scheme)
        if rows.is_empty():
            raise Refused("batch.nobody")
        labels = dict(terms(rules).select("category", "label").iter_rows())
        rows = rows.with_columns(
            occupation=pl.coalesce("occupation", pl.col("category").replace_strict(labels, default=None)),
            row_id=pl.int_range(pl.len(), dtype=pl.Int64),
        )
        made: list[Batch] = []
        for (unit, branch, segment), group in rows.group_by(
            ["unit_id", "branch", "segment"], maintain_order=True
        ):
            made += _prepare(scheme, unit, branch, FORMAT[segment], group, template, actor)
        entry.about(*made, people=rows.height)
    return made


# where a movement ends → the version of the file; BPJS has no upload file for BPU who leave: they get a list
CHANGES = {"deactivation": "tk_na_v6", "wages": "tk_upah", "leavers": "bpu_keluar"}
LEAVERS = (
    Column("kpj", "KPJ", width=28),
    Column("nik", "NIK", width=36),
    Column("name", "Nama", width=50),
    Column("birth_date", "Tgl lahir", "date"),
    Column("ending_reason", "Sebab", width=40),
    Column("ended_on", "Tgl kejadian", "date"),
    Column("note", "Keterangan", width=50),
)


def prepare_movement_files(
    scheme: Scheme, *, actor: Actor, templates: Sequence[tuple[str, bytes]] = ()
) -> list[Batch]:
    """Write confirmed movements into the files they end in: deactivation, wages, or the list of BPU who leave.

    `templates` are the office's own blank files, recognised by their header. Deaths are in no file: they are claims.
    Raises Refused("batch.no_movements", "batch.preflight", "bpjs.…").
    """
    actor_may(actor, "send_batch", scheme)
    blanks = {bpjs.recognise(content, name): (name, content) for name, content in templates}
    with recorded(actor, "prepare_movement_files") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        rows = enrolment_frames.movements_to_send(scheme)
        if rows.is_empty():
            raise Refused("batch.no_movements")
        rows = rows.with_columns(
            ending_reason=pl.col("kind").replace_strict(REASONS),
            row_id=pl.int_range(pl.len(), dtype=pl.Int64),
        )
        made: list[Batch] = []
        for (unit, branch, outcome), group in rows.group_by(
            ["unit_id", "branch", "outcome"], maintain_order=True
        ):
            version = CHANGES[outcome]
            if version in bpjs.formats():
                parts = _prepare(scheme, unit, branch, version, group, blanks.get(version), actor)
            else:
                parts = [_list_leavers(scheme, unit, branch, version, group, actor)]
            for at, batch in enumerate(parts):
                ids = group.slice(at * MAX_ROWS, batch.people)["movement_id"].to_list()
                Movement.objects.filter(pk__in=ids).update(batch=batch)
            made += parts
        entry.about(*made, movements=rows.height)
    return made


def _list_leavers(
    scheme: Scheme, unit: int, branch: str, version: str, rows: pl.DataFrame, actor: Actor
) -> Batch:
    number = _last_number(scheme, unit) + 1
    content = xlsx([Table(LEAVERS, rows, "Peserta keluar", (f"PESERTA BPU YANG BERHENTI, BERKAS {number}",))])
    batch = Batch.objects.create(
        scheme=scheme, unit_id=unit, branch=branch, format=version, number=number,
        file=files.keep(content, f"peserta-keluar-{scheme.slug}-{number}.xlsx"), people=rows.height, prepared_by=actor.user,
    )  # fmt: skip
    fields = tuple(bpjs.Field(column.label, column.key) for column in LEAVERS)
    _keep_rows(batch, fields, rows)
    return batch


def _last_number(scheme: Scheme, unit: int) -> int:
    return Batch.objects.filter(scheme=scheme, unit_id=unit).aggregate(n=Max("number"))["n"] or 0


def _keep_rows(batch: Batch, fields: tuple[bpjs.Field, ...], rows: pl.DataFrame) -> None:
    frames.write(
        BatchRow,
        rows.select(
            "membership_id",
            "nik",
            batch_id=pl.lit(batch.pk),
            line=pl.int_range(2, pl.len() + 2),
            payload=_as_sent(fields, rows),
        ),
    )


def _prepare(
    scheme: Scheme,
    unit: int,
    branch: str,
    version: str,
    rows: pl.DataFrame,
    template: tuple[str, bytes] | None,
    actor: Actor,
) -> list[Batch]:
    name, blank = template or (None, None)
    wrong = bpjs.preflight(version, rows, template=blank, filename=name).filter(severity="error")
    if not wrong.is_empty():
        raise Refused(
            "batch.preflight", {"count": wrong["row_id"].n_unique(), "why": sentence(wrong["code"][0])}
        )
    number = _last_number(scheme, unit)
    fields = bpjs.formats()[version].fields
    made = []
    for at, (filename, content) in enumerate(bpjs.fill(blank, version, rows, filename=name)):
        part = rows.slice(at * MAX_ROWS, MAX_ROWS)
        number += 1
        batch = Batch.objects.create(
            scheme=scheme, unit_id=unit, branch=branch, format=version, number=number,
            file=files.keep(content, filename), people=part.height, prepared_by=actor.user,
        )  # fmt: skip
        _keep_rows(batch, fields, part)
        made.append(batch)
    return made


def _as_sent(fields: tuple[bpjs.Field, ...], rows: pl.DataFrame) -> pl.Series:
    """Each row's cells as a PostgreSQL array literal: the proof of what left."""
    cells = []
    for field in fields:
        source = field.source
        if source is None or source not in rows.columns:
            cells.append(pl.lit(field.default))
        elif rows.schema[source] == pl.Date:
            cells.append(pl.col(source).dt.strftime("%d-%m-%Y").fill_null(field.default))
        else:
            cells.append(pl.col(source).cast(pl.String).fill_null(field.default))
    quoted = [
        pl.lit('"')
        + c.str.replace_all("\\", "\\\\", literal=True).str.replace_all('"', '\\"', literal=True)
        + '"'
        for c in cells
    ]
    return rows.select(pl.lit("{") + pl.concat_str(quoted, separator=",") + "}").to_series()


def mark_sent(batch: Batch, on: date, *, actor: Actor) -> Batch:
    """The file has left for the branch."""
    actor_may(actor, "send_batch", batch.scheme)
    plausible(on)
    with recorded(actor, "send_batch") as entry:
        change(batch, "send", sent_on=on)
        entry.about(batch)
    return batch


_SENT = {
    "row_id": pl.Int64,
    "membership_id": pl.Int64,
    "nik": pl.String,
    "accepted": pl.Boolean,
    "kpj": pl.String,
}


def read_batch_answer(batch: Batch, name: str, content: bytes, on: date, *, actor: Actor) -> tuple[int, int]:
    """Read BPJS's answer: accepted people get their KPJ, rejected ones the reason. Returns (accepted, rejected) new here.

    The same answer twice adds nothing. Raises Refused("answer.…"): strangers, KPJ that are not 11 digits, a
    contradiction to an answer read before; nothing changes then.
    """
    actor_may(actor, "answer_batch", batch.scheme)
    plausible(on)
    answer = read_answer(content, name)
    errors = answer.findings.filter(severity="error")
    if not errors.is_empty():
        where = ", ".join(str(row) for row in errors["row_id"].unique().sort().head(5))
        raise Refused("answer.bad_kpj", {"file": name, "count": errors["row_id"].n_unique(), "rows": where})
    if "nik" not in answer.mapping:
        raise Refused("answer.no_nik", {"file": name})
    with recorded(actor, "read_batch_answer") as entry:
        Batch.objects.select_for_update().get(pk=batch.pk)
        sent = frames.read(
            """select b.id, b.membership_id, b.nik, a.accepted, g.kpj from enrolment_batchrow b
               left join enrolment_batchanswer a on a.row_id = b.id
               left join enrolment_registration g on g.membership_id = b.membership_id where b.batch_id = %s""",
            [batch.pk],
            _SENT,
        )
        said = answer.rows.filter(pl.col("nik").is_not_null()).select(
            "nik", "status", "reason", told_kpj="kpj"
        )
        strangers = said.join(sent, on="nik", how="anti")
        if not strangers.is_empty():
            raise Refused("answer.unknown_people", {"file": name, "people": _masked(strangers)})
        rows = said.join(sent, on="nik", how="inner", maintain_order="left").with_columns(
            says=pl.when(pl.col("status") == "rejected").then(False)
            .when(pl.col("told_kpj").is_not_null() | (pl.col("status") == "valid")).then(True)
        ).filter(pl.col("says").is_not_null())  # fmt: skip
        against = rows.filter((pl.col("accepted") != pl.col("says")) | (pl.col("kpj") != pl.col("told_kpj")))
        if not against.is_empty():
            raise Refused("answer.contradicts", {"file": name, "people": _masked(against)})
        file = files.keep(content, name)
        fresh = rows.filter(pl.col("accepted").is_null())
        frames.write(
            BatchAnswer,
            fresh.select(
                "row_id", accepted="says", reason=pl.col("reason").str.slice(0, 240), file_id=pl.lit(file.pk)
            ),
        )
        numbered = rows.filter(pl.col("told_kpj").is_not_null() & pl.col("kpj").is_null() & pl.col("says"))
        frames.write(Registration, numbered.select("membership_id", kpj="told_kpj", registered_on=pl.lit(on)))
        if not fresh.is_empty():
            change(batch, "answer", answered_on=on)
        rejected = fresh.filter(~pl.col("says")).height
        entry.about(batch, accepted=fresh.height - rejected, rejected=rejected, registered=numbered.height)
    return fresh.height - rejected, rejected


def _masked(rows: pl.DataFrame) -> str:
    return ", ".join(f"{nik[:4]} •••• •••• {nik[-4:]}" for nik in rows["nik"].head(5))
