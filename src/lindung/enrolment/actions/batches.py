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
from lindung.registry.models import Scheme, StoredFile
from lindung.registry.queries import current_version, rules_of

# what a new member is sent as → the versions of its file; the first is made without a template
FORMATS = {"BPU": ("bpu_v11",), "PU": ("tk_baru_v30", "tk_baru_v32"), "PU, KPJ": ("tk_lanjutan_v18",)}
GROUPS = ["unit_id", "branch", "sent_as"]
Template = tuple[str, bytes]  # the office's own blank file: its name, which stays, and its content
MAX_ROWS = 10_000


def prepare_batches(scheme: Scheme, *, actor: Actor, template: Template | None = None) -> list[Batch]:
    """Write everybody whom BPJS has not taken into files, at most 10,000 rows, one payer and branch each.

    `template` is the office's own blank file. Raises Refused("batch.nobody", "batch.preflight", "bpjs.…").
    """
    actor_may(actor, "send_batch", scheme)
    with recorded(actor, "prepare_batches") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        rows = _new_members(scheme)
        if rows.is_empty():
            raise Refused("batch.nobody")
        version = _version(template, rows) if template else ""
        made: list[Batch] = []
        for (unit, branch, sent_as), group in rows.group_by(GROUPS, maintain_order=True):
            form, blank = _form(sent_as, version, template)
            made += _prepare(scheme, unit, branch, form, group, blank, actor)
        entry.about(*made, people=rows.height)
    return made


def _new_members(scheme: Scheme) -> pl.DataFrame:
    rows = enrolment_frames.members_to_send(scheme)
    labels = dict(terms(rules_of(current_version(scheme))).select("category", "label").iter_rows())
    return rows.with_columns(
        occupation=pl.coalesce("occupation", pl.col("category").replace_strict(labels, default=None)),
        row_id=pl.int_range(pl.len(), dtype=pl.Int64),
        # who has a KPJ already goes on under it: SIPP takes them in a file of its own
        sent_as=pl.when(pl.col("kpj").is_not_null()).then(pl.lit("PU, KPJ")).otherwise("segment"),
    )


def _form(sent_as: str, version: str, template: Template | None) -> tuple[str, Template | None]:
    """The version of the file for a group, and the office's template where it is one for this group."""
    return (version, template) if version in FORMATS[sent_as] else (FORMATS[sent_as][0], None)


def _version(template: Template, rows: pl.DataFrame) -> str:
    """The version of a template that takes some of these new members. Raises Refused("batch.other_template", "bpjs.…")."""
    name, content = template
    version = bpjs.recognise(content, name)
    kinds = rows["sent_as"].unique().sort().to_list()
    if kinds and not any(version in FORMATS[kind] for kind in kinds):
        wanted = ", ".join(bpjs.formats()[one].sheet for kind in kinds for one in FORMATS[kind])
        raise Refused(
            "batch.other_template",
            {
                "file": name,
                "sheet": bpjs.formats()[version].sheet,
                "segment": ", ".join(kinds),
                "wanted": wanted,
            },
        )
    bpjs.preflight(
        version, rows.clear(), template=content, filename=name
    )  # blank, its header as it should be
    return version


def preflight_batches(
    scheme: Scheme, *, template: Template | None = None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What would leave and what BPJS would send back, without writing anything.

    Returns (unit_id, branch, segment, version, people, files, own: whether the template is used) and a finding frame with `name`, `nik`, `membership_id`
    of the person; these are null for what concerns a whole file. Raises Refused("batch.other_template", "bpjs.…").
    """
    rows = _new_members(scheme)
    version = _version(template, rows) if template else ""
    groups, found = [], []
    for (unit, branch, sent_as), group in rows.group_by(GROUPS, maintain_order=True):
        form, own = _form(sent_as, version, template)
        name, blank = own or (None, None)
        groups.append(
            (unit, branch, sent_as, form, group.height, -(-group.height // MAX_ROWS), own is not None)
        )
        found.append(bpjs.preflight(form, group, template=blank, filename=name))
    schema = {
        "unit_id": pl.Int64, "branch": pl.String, "segment": pl.String, "version": pl.String, "people": pl.Int64,
        "files": pl.Int64, "own": pl.Boolean,
    }  # fmt: skip
    findings = pl.concat([pl.DataFrame(schema=bpjs.FINDINGS), *found]).unique(maintain_order=True)
    who = rows.select("row_id", "name", "nik", "membership_id")
    return pl.DataFrame(groups, schema=schema, orient="row"), findings.join(
        who, on="row_id", how="left", maintain_order="left"
    )


def keep_template(scheme: Scheme, name: str, content: bytes, *, actor: Actor) -> StoredFile:
    """Keep the office's blank template for the batches to come. Raises Refused("batch.other_template", "bpjs.…")."""
    actor_may(actor, "send_batch", scheme)
    _version((name, content), _new_members(scheme))
    with recorded(actor, "keep_template") as entry:
        file = files.keep(content, name)
        entry.about(scheme, file=name)
    return file


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
    shown = [
        pl.col(c.key).dt.strftime("%d-%m-%Y") if c.kind == "date" else pl.col(c.key).cast(pl.String)
        for c in LEAVERS
    ]
    _keep_rows(batch, rows, rows.select(cell.fill_null("") for cell in shown).rows())
    return batch


def _last_number(scheme: Scheme, unit: int) -> int:
    return Batch.objects.filter(scheme=scheme, unit_id=unit).aggregate(n=Max("number"))["n"] or 0


def _keep_rows(batch: Batch, rows: pl.DataFrame, lines: Sequence[tuple[str, ...]]) -> None:
    frames.write(
        BatchRow,
        rows.select(
            "membership_id",
            "nik",
            batch_id=pl.lit(batch.pk),
            line=pl.int_range(2, pl.len() + 2),
            payload=_as_sent(lines),
        ),
    )


def _prepare(
    scheme: Scheme,
    unit: int,
    branch: str,
    version: str,
    rows: pl.DataFrame,
    template: Template | None,
    actor: Actor,
) -> list[Batch]:
    name, blank = template or (None, None)
    wrong = bpjs.preflight(version, rows, template=blank, filename=name).filter(severity="error")
    if not wrong.is_empty():
        raise Refused(
            "batch.preflight", {"count": wrong["row_id"].n_unique(), "why": sentence(wrong["code"][0])}
        )
    number = _last_number(scheme, unit)
    lines = bpjs.lines(blank, version, rows, filename=name)
    made = []
    for at, (filename, content) in enumerate(bpjs.fill(blank, version, rows, filename=name)):
        part = rows.slice(at * MAX_ROWS, MAX_ROWS)
        number += 1
        batch = Batch.objects.create(
            scheme=scheme, unit_id=unit, branch=branch, format=version, number=number,
            file=files.keep(content, filename), people=part.height, prepared_by=actor.user,
        )  # fmt: skip
        _keep_rows(batch, part, lines[at * MAX_ROWS : (at + 1) * MAX_ROWS])
        made.append(batch)
    return made


def _as_sent(lines: Sequence[tuple[str, ...]]) -> pl.Series:
    """Each row's cells as a PostgreSQL array literal: the proof of what left."""
    quoted = (
        ",".join('"' + cell.replace("\\", "\\\\").replace('"', '\\"') + '"' for cell in line)
        for line in lines
    )
    return pl.Series([f"{{{line}}}" for line in quoted], dtype=pl.String)


def mark_sent(batch: Batch, on: date, *, actor: Actor) -> Batch:
    """The file has left for the branch."""
    actor_may(actor, "send_batch", batch.scheme)
    plausible(on)
    with recorded(actor, "send_batch") as entry:
        change(batch, "send", sent_on=on)
        entry.about(batch)
    return batch


def withdraw_batch(batch: Batch, *, actor: Actor) -> Batch:
    """Take back a file that has not left: its people and movements wait for the next one.

    Raises Refused("record.changed") when it was sent or answered.
    """
    actor_may(actor, "send_batch", batch.scheme)
    with recorded(actor, "withdraw_batch") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=batch.scheme_id)
        change(batch, "withdraw")
        Movement.objects.filter(batch=batch).update(batch=None)
        BatchRow.objects.filter(batch=batch).delete()  # it proves what was sent, and nothing was
        entry.about(batch, people=batch.people)
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
