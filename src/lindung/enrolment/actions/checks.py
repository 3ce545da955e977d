"""Pre-verification: a file to the BPJS branch, Disdukcapil or Dinsos, and its answer read back row by row."""

from __future__ import annotations

import tempfile
from datetime import date, timedelta
from pathlib import Path

import polars as pl
from django.utils import timezone

from lindung.base.month import plausible
from lindung.base.refused import Refused
from lindung.enrolment.models import Candidate, Check, CheckAnswer, CheckRow
from lindung.intake.read import read
from lindung.papers import lists
from lindung.papers.tables import xlsx
from lindung.registry import files, frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of

# the paper each checker gets, and the columns in which it says yes or no, and why
ASKED = {
    "bpjs": ("check_bpjs", "Hasil", "Alasan"),
    "disdukcapil": ("check_population", "Sesuai", "Hidup/Meninggal/Pindah"),
    "dinsos": ("check_welfare", "Terdata", "Desil"),
}
YES = {"YA", "SESUAI", "LAYAK", "VALID", "OK", "LULUS", "TERDATA"}
NO = {"TIDAK", "TIDAK SESUAI", "TIDAK LAYAK", "TIDAK VALID", "DITOLAK", "TIDAK TERDATA"}
GONE = {"MENINGGAL", "PINDAH"}  # whatever else Disdukcapil says, somebody who died or moved does not pass


def send_check(scheme: Scheme, checker: str, *, segment: str, on: date | None = None, actor: Actor) -> Check:
    """Make the file for one checker on day `on` (today): everybody accepted whom it was not asked about, whose answer
    was no, or whose answer is older by now than the scheme lets it count. Raises Refused("check.nobody")."""
    actor_may(actor, "exchange_checks", scheme)
    with recorded(actor, "send_check") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        day = on or timezone.localdate()
        days = dict(rules_of(current_version(scheme)).checks).get(checker)
        rows = frames.read(
            """select c.id, c.nik, c.name, c.birth_date, %s, c.kk_number from enrolment_candidate c
               join enrolment_roster r on r.id = c.roster_id
               where r.scheme_id = %s and c.review = 'accepted'
                 and not exists (select from enrolment_determinationline l where l.candidate_id = c.id)
                 and coalesce((
                   select not a.passed or coalesce(a.answered_on, h.answered_on) < %s
                   from enrolment_checkrow k join enrolment_check h on h.id = k.check_id
                   left join enrolment_checkanswer a on a.row_id = k.id
                   where k.candidate_id = c.id and h.checker = %s order by k.id desc limit 1), true)
                 and not exists (
                   select from enrolment_checkrow k join enrolment_check h on h.id = k.check_id
                   where k.candidate_id = c.id and h.checker = %s
                     and not exists (select from enrolment_checkanswer a where a.row_id = k.id)) order by c.id""",
            [segment, scheme.pk, day - timedelta(days=days) if days else date.min, checker, checker],
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
        content = xlsx([lists.table(ASKED[checker][0], rows)])
        file = files.keep(content, f"cek-{checker}-{scheme.slug}-{number}.xlsx")
        check = Check.objects.create(
            scheme=scheme, checker=checker, number=number, file=file, sent_on=day, sent_by=actor.user
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
    plausible(answered_on)
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
        kept = files.keep(content, name)
        frames.write(
            CheckAnswer,
            fresh.select(
                "row_id",
                "passed",
                pl.col("reason").str.slice(0, 240),
                answered_on=pl.lit(answered_on),
                officer=pl.lit(officer[:160]),
                file_id=pl.lit(kept.pk),
            ),
        )
        failed = fresh.filter(~pl.col("passed"))
        for reason, group in failed.group_by("reason"):
            Candidate.objects.filter(pk__in=group["candidate_id"].to_list(), review="accepted").update(
                review="returned", review_reason=f"{check.get_checker_display()}: {reason[0] or '–'}"[:240]
            )
        if not fresh.is_empty():
            Check.objects.filter(pk=check.pk).update(
                answer_file=kept, answered_on=answered_on, officer=officer[:160]
            )
        entry.about(check, passed=fresh.height - failed.height, failed=failed.height)
    said_yes = int(answers["passed"].sum())
    return said_yes, answers.height - said_yes


def _answers(check: Check, name: str, content: bytes) -> pl.DataFrame:
    """line, passed, reason of every row that says yes or no. Raises Refused("check.…")."""
    _, result, why = ASKED[check.checker]
    header, body = _table(name, content)
    if "Ref" not in header:
        raise Refused("check.no_reference", {"file": name})
    if result not in header:
        raise Refused("check.no_answers", {"file": name, "column": result})
    prefix = f"{check.checker.upper()}-{check.number}-"
    sent = CheckRow.objects.filter(check_sent=check).count()
    answers: dict[int, tuple[bool, str | None]] = {}
    strange = []
    for cells in body:
        told = dict(zip(header, ((cell or "").strip() for cell in cells), strict=False))
        said = told.get(result, "").upper()
        if not told.get("Ref") or said not in YES | NO:
            continue
        line = told["Ref"].removeprefix(prefix)
        if not (told["Ref"].startswith(prefix) and line.isdigit() and 1 <= int(line) <= sent):
            strange.append(told["Ref"])
            continue
        reason = told.get(why) or None
        answers[int(line)] = (said in YES and (reason or "").upper() not in GONE, reason)
    if strange:
        raise Refused("check.unknown_rows", {"file": name, "refs": ", ".join(strange[:5])})
    if not answers:
        raise Refused("check.no_answers", {"file": name, "column": result})
    return pl.DataFrame(
        [(line, *answer) for line, answer in answers.items()],
        schema={"line": pl.Int64, "passed": pl.Boolean, "reason": pl.String},
        orient="row",
    )


def _table(name: str, content: bytes) -> tuple[list[str], list[tuple[str | None, ...]]]:
    """Header and rows below it; a header over two rows counts as its lower one. No header: two empty lists.

    Read like a roster: in a child process, within its limits. Raises Refused("file.…").
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "jawaban")
        path.write_bytes(content)
        book = read(path)
    for sheet in book.sheets:
        rows = sheet.cells.select(pl.exclude("row")).rows()
        for at, row in enumerate(rows[:20]):
            texts = [(cell or "").strip() for cell in row]
            if "Ref" in texts:
                below = [(cell or "").strip() for cell in rows[at + 1]] if at + 1 < len(rows) else []
                place = texts.index("Ref")
                two = place < len(below) and not below[place] and any(below)
                header = [low or top for low, top in zip(below, texts, strict=False)] if two else texts
                return header, rows[at + 1 + two :]
    return [], []
