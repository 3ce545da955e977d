"""Pre-verification: a file to the BPJS branch, Disdukcapil or Dinsos, and its answer read back row by row."""

from __future__ import annotations

import io
from datetime import date

import polars as pl

from lindung.base.refused import Refused
from lindung.enrolment.models import Candidate, Check, CheckAnswer, CheckRow
from lindung.papers.tables import Column, Table, xlsx
from lindung.registry import files, frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme

# what each checker is told, and what it answers; only what that checker needs
ASKED = {
    "bpjs": (["nik", "name", "birth_date", "segment"], ["Aktif di", "Lunas s.d.", "Hasil", "Alasan"]),
    "disdukcapil": (["nik", "name", "birth_date"], ["Hidup/Meninggal/Pindah", "Domisili", "Hasil", "Alasan"]),
    "dinsos": (["nik", "kk_number"], ["Desil", "Versi data", "Hasil", "Alasan"]),
}
LABELS = {
    "nik": "NIK", "name": "Nama", "birth_date": "Tgl lahir", "segment": "Segmen tujuan", "kk_number": "No KK",
}  # fmt: skip
RESULT, REASON = "Hasil", "Alasan"
YES = {"YA", "SESUAI", "LAYAK", "VALID", "OK", "LULUS", "TERDATA"}
NO = {"TIDAK", "TIDAK SESUAI", "TIDAK LAYAK", "TIDAK VALID", "DITOLAK", "TIDAK TERDATA"}


def send_check(scheme: Scheme, checker: str, *, segment: str, actor: Actor) -> Check:
    """Make the file for one checker: everybody accepted whom it was not asked about. Raises Refused("check.nobody")."""
    actor_may(actor, "exchange_checks", scheme)
    asked, answers = ASKED[checker]
    with recorded(actor, "send_check") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        rows = frames.read(
            """select c.id, c.nik, c.name, c.birth_date, %s, c.kk_number from enrolment_candidate c
               join enrolment_roster r on r.id = c.roster_id
               where r.scheme_id = %s and c.review = 'accepted' and not exists (
                   select from enrolment_checkrow k join enrolment_check h on h.id = k.check_id
                   where k.candidate_id = c.id and h.checker = %s) order by c.id""",
            [segment, scheme.pk, checker],
            {
                "candidate_id": pl.Int64,
                "nik": pl.String,
                "name": pl.String,
                "birth_date": pl.Date,
                "segment": pl.String,
                "kk_number": pl.String,
            },
        )
        if rows.is_empty():
            raise Refused("check.nobody")
        number = Check.objects.filter(scheme=scheme, checker=checker).count() + 1
        rows = rows.with_columns(line=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)).with_columns(
            ref=pl.format("{}-{}-{}", pl.lit(checker.upper()), pl.lit(number), pl.col("line"))
        )
        columns = (
            Column("ref", "Ref", width=24),
            *(
                Column(name, LABELS[name], "date" if name == "birth_date" else "text", width=34)
                for name in asked
            ),
            *(Column(f"answer{at}", label, "blank", width=28) for at, label in enumerate(answers)),
        )
        content = xlsx([Table(columns, rows, "Cek", numbered=False)])
        file = files.keep(content, f"cek-{checker}-{scheme.slug}-{number}.xlsx")
        check = Check.objects.create(
            scheme=scheme, checker=checker, number=number, file=file, sent_by=actor.user
        )
        frames.write(CheckRow, rows.select("line", "candidate_id", check_id=pl.lit(check.pk)))
        entry.about(check, people=rows.height)
    return check


def read_check_answer(
    check: Check, name: str, content: bytes, *, officer: str, answered_on: date, actor: Actor
) -> tuple[int, int]:
    """Read the answers of one file; rows answered before are left as they are. Returns (passed, failed) of this file.

    Who fails goes back to the sender with the checker's reason. Raises Refused("check.…"); nothing changes then.
    """
    actor_may(actor, "exchange_checks", check.scheme)
    answers = _answers(check, name, content)
    with recorded(actor, "read_check_answer") as entry:
        Check.objects.select_for_update().get(pk=check.pk)
        rows = frames.read(
            """select k.id, k.line, k.candidate_id from enrolment_checkrow k
               left join enrolment_checkanswer a on a.row_id = k.id where k.check_id = %s and a.id is null""",
            [check.pk],
            {"row_id": pl.Int64, "line": pl.Int64, "candidate_id": pl.Int64},
        )
        fresh = answers.join(rows, on="line", how="inner", maintain_order="left")
        frames.write(CheckAnswer, fresh.select("row_id", "passed", pl.col("reason").str.slice(0, 240)))
        failed = fresh.filter(~pl.col("passed"))
        for reason, group in failed.group_by("reason"):
            Candidate.objects.filter(pk__in=group["candidate_id"].to_list(), review="accepted").update(
                review="returned", review_reason=f"{check.get_checker_display()}: {reason[0] or '–'}"[:240]
            )
        if not fresh.is_empty():
            Check.objects.filter(pk=check.pk).update(
                answer_file=files.keep(content, name), answered_on=answered_on, officer=officer[:160]
            )
        entry.about(check, passed=fresh.height - failed.height, failed=failed.height)
    said_yes = int(answers["passed"].sum())
    return said_yes, answers.height - said_yes


def _answers(check: Check, name: str, content: bytes) -> pl.DataFrame:
    """line, passed, reason of every row that says yes or no."""
    try:
        if name.lower().endswith(".csv"):
            table = pl.read_csv(io.BytesIO(content), infer_schema_length=0)
        else:
            table = pl.read_excel(io.BytesIO(content), engine="calamine", infer_schema_length=0)
    except Exception:
        raise Refused("check.no_reference", {"file": name}) from None
    if "Ref" not in table.columns:
        raise Refused("check.no_reference", {"file": name})
    if RESULT not in table.columns:
        raise Refused("check.no_answers", {"file": name, "column": RESULT})
    said = pl.col(RESULT).cast(pl.String).str.strip_chars().str.to_uppercase()
    prefix = f"{check.checker.upper()}-{check.number}-"
    answers = table.select(
        ref=pl.col("Ref").cast(pl.String).str.strip_chars(),
        passed=pl.when(said.is_in(list(YES))).then(True).when(said.is_in(list(NO))).then(False),
        reason=(
            pl.col(REASON).cast(pl.String).str.strip_chars()
            if REASON in table.columns
            else pl.lit(None, pl.String)
        ),
    ).filter(pl.col("ref").is_not_null() & pl.col("passed").is_not_null())
    if answers.is_empty():
        raise Refused("check.no_answers", {"file": name, "column": RESULT})
    answers = answers.with_columns(
        line=pl.when(pl.col("ref").str.starts_with(prefix)).then(
            pl.col("ref").str.strip_prefix(prefix).cast(pl.Int64, strict=False)
        )
    )
    sent = CheckRow.objects.filter(check_sent=check).count()
    strange = answers.filter(pl.col("line").is_null() | ~pl.col("line").is_between(1, sent))
    if not strange.is_empty():
        refs = ", ".join(strange["ref"].head(5).to_list())
        raise Refused("check.unknown_rows", {"file": name, "refs": refs})
    return answers.unique("line", keep="last", maintain_order=True)
