"""Papers around what goes out and comes back: minutes of the verification, the letter with a file, what BPJS rejected."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl

from lindung.base.refused import Refused
from lindung.enrolment.models import Batch, BatchRow, Check
from lindung.papers import letters, lists, paper
from lindung.papers.tables import Table
from lindung.registry import frames
from lindung.registry.models import Scheme, User
from lindung.registry.queries import current_version, rules_of
from lindung.workflows.papers import city_of, document_title, letterhead, printed

REASONS = (
    "deceased",
    "double",
    "covered",
    "age",
    "elsewhere",
    "nik",
    "category",
)  # the first that fits counts
_CODES = {
    "eligibility.deceased": "deceased", "nik.duplicate": "double", "nik.proposed_elsewhere": "double",
    "person.possible_duplicate": "double", "eligibility.already_covered": "covered", "eligibility.too_young": "age",
    "eligibility.too_old": "age", "eligibility.resident_of": "elsewhere",
}  # fmt: skip
_CHECKERS = {"bpjs": "covered", "disdukcapil": "nik", "dinsos": "category"}
_SAID = {"MENINGGAL": "deceased", "PINDAH": "elsewhere"}

_CANDIDATES = {
    "candidate_id": pl.Int64, "place": pl.String, "review": pl.String, "named": pl.Boolean, "checker": pl.String,
    "said": pl.String,
}  # fmt: skip


def verification_counts(scheme: Scheme) -> pl.DataFrame:
    """place and the counts of `papers.letters.VERIFIED`: every proposed candidate once, under the first reason that fits.

    Names, NIK and dates that cannot be read count as NIK; a person's own rejection and other conditions as category.
    Raises Refused("minutes.pending") while somebody is not decided on, ("minutes.nobody").
    """
    people = frames.read(
        """select c.id, coalesce(k.name, u.name), c.review, l.id is not null, a.checker, upper(coalesce(a.reason, ''))
           from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
           join registry_unit u on u.id = r.sender_id left join registry_region k on k.code = c.kelurahan_id
           left join enrolment_determinationline l on l.candidate_id = c.id
           left join lateral (
               select h.checker, s.reason from enrolment_checkrow w join enrolment_check h on h.id = w.check_id
               join enrolment_checkanswer s on s.row_id = w.id
               where w.candidate_id = c.id and not s.passed order by s.id limit 1) a on true
           where r.scheme_id = %s and r.state = 'proposed' order by coalesce(c.kelurahan_id, u.code), c.id""",
        [scheme.pk],
        _CANDIDATES,
    )
    if people.is_empty():
        raise Refused("minutes.nobody")
    pending = people.filter(review="pending", named=False).height
    if pending:
        raise Refused("minutes.pending", {"count": pending})
    found = frames.read(
        """select f.candidate_id, f.code from enrolment_finding f join enrolment_roster r on r.id = f.roster_id
           where r.scheme_id = %s and r.state = 'proposed' and f.severity = 'error' and f.candidate_id is not null""",
        [scheme.pk],
        {"candidate_id": pl.Int64, "code": pl.String},
    )
    order = {reason: at for at, reason in enumerate(REASONS)}
    kind = pl.coalesce(
        pl.col("code").replace_strict(_CODES, default=None),
        pl.when(pl.col("code").str.contains(r"^(nik|name|birth_date)\.")).then(pl.lit("nik")),
        pl.lit("category"),
    )
    first = found.group_by("candidate_id").agg(at=kind.replace_strict(order, return_dtype=pl.Int64).min())
    by_check = pl.coalesce(
        pl.col("said").replace_strict(_SAID, default=None),
        pl.col("checker").replace_strict(_CHECKERS, default=None),
    )
    names = dict(enumerate(REASONS))
    people = people.join(first, on="candidate_id", how="left", maintain_order="left").with_columns(
        counted=pl.when(pl.col("named") | (pl.col("review") == "accepted"))
        .then(pl.lit("accepted"))
        .when(pl.col("review") == "waiting")
        .then(pl.lit("waiting"))
        .otherwise(
            pl.coalesce(
                pl.col("at").replace_strict(names, default=None, return_dtype=pl.String),
                by_check,
                pl.lit("category"),
            )
        )
    )
    keys = [column.key for column in letters.VERIFIED if column.key not in ("place", "proposed")]
    return people.group_by("place", maintain_order=True).agg(
        pl.len().cast(pl.Int64).alias("proposed"),
        *((pl.col("counted") == key).sum().cast(pl.Int64).alias(key) for key in keys),
    )


def verification_minutes(
    scheme: Scheme, *, number: str = "", day: date | None = None, team: Sequence[paper.Signatory] = (),
    user: User | None, at: datetime,
) -> paper.Paper:  # fmt: skip
    """8. Berita Acara Verifikasi of everything proposed so far. Raises Refused("minutes.…")."""
    checks = [
        f"{check.get_checker_display()} tanggal {paper.long_date(check.answered_on)} oleh {check.officer or '…'} "
        f"({check.rows.count()} baris, sidik berkas {check.answer_file.sha256[:16] if check.answer_file else '…'})"
        for check in Check.objects.filter(scheme=scheme, answered_on__isnull=False)
        .select_related("answer_file")
        .order_by("answered_on", "pk")
    ]
    rules = rules_of(current_version(scheme))
    return letters.verification_minutes(
        _envelope(scheme, number, day, user, at),
        verification_counts(scheme),
        team,
        document=document_title(rules, scheme),
        checks=checks,
    )


def batch_letter(
    batches: Sequence[Batch], *, number: str = "", day: date | None = None, user: User | None, at: datetime
) -> paper.Paper:
    """13. Surat pengantar ke BPJS for files of one payer. Raises Refused("letter.one_payer")."""
    if len({(batch.scheme_id, batch.unit_id, batch.branch) for batch in batches}) != 1:
        raise Refused("letter.one_payer")
    first = batches[0]
    scheme, rules = first.scheme, rules_of(current_version(first.scheme))
    told = []
    for batch in batches:
        accepted = batch.rows.filter(answer__accepted=True).count()
        rejected = batch.rows.filter(answer__accepted=False).count()
        answered = accepted + rejected > 0
        told.append(
            (f"{batch.file.name} (berkas {batch.number})", batch.people, accepted if answered else None, rejected if answered else None)
        )  # fmt: skip
    files = pl.DataFrame(
        told,
        schema={"file": pl.String, "rows": pl.Int64, "valid": pl.Int64, "rejected": pl.Int64},
        orient="row",
    )
    programmes = [c.programmes for c in rules.categories if c.payer.unit in (None, first.unit.code)]
    named = (
        BatchRow.objects.filter(batch__in=batches).values_list("membership__category", flat=True).distinct()
    )
    periods = [c.period for c in rules.categories if c.id in set(named)] or [rules.period]
    begins = max(min(period.from_ for period in periods), rules.period.from_)
    until = max(period.until or rules.period.until or date(begins.year, 12, 31) for period in periods)
    return letters.bpjs_cover(
        _envelope(
            scheme, number, day, user, at, to=(f"Kepala BPJS Ketenagakerjaan {first.branch}", "di Tempat")
        ),
        files,
        document=document_title(rules, scheme),
        payer=first.unit.name,
        period=paper.period(begins, until),
        programmes=sorted({name for one in programmes for name in one}) or list(rules.programmes),
    )


_REJECTED = {"nik": pl.String, "name": pl.String, "place": pl.String, "sent": pl.String, "reason": pl.String}


def rejections(scheme: Scheme, deadline: date) -> Table:
    """14. Rekap penolakan: whom BPJS rejected and has not taken since, under the office that must act by the deadline."""
    rows = frames.read(
        """select b.nik, p.name, coalesce(k.name, u.name), f.name || ', berkas ' || h.number || ', baris ' || b.line,
                  coalesce(a.reason, '')
           from enrolment_batchanswer a join enrolment_batchrow b on b.id = a.row_id
           join enrolment_batch h on h.id = b.batch_id join registry_storedfile f on f.id = h.file_id
           join enrolment_membership m on m.id = b.membership_id join registry_person p on p.id = m.person_id
           join registry_unit u on u.id = m.unit_id left join registry_region k on k.code = m.kelurahan_id
           where h.scheme_id = %s and not a.accepted and m.end_reason is null
             and not exists (select from enrolment_registration g where g.membership_id = m.id)
             and not exists (select from enrolment_batchrow n where n.membership_id = m.id and n.id > b.id)
           order by coalesce(m.kelurahan_id, u.code), p.name, b.id""",
        [scheme.pk],
        _REJECTED,
    )
    rows = rows.with_columns(
        action=pl.lit("Perbaiki data sesuai KTP, atau usulkan pengganti"), deadline=pl.lit(deadline)
    )
    return lists.table("rejections", rows, (f"{city_of(scheme)}, batas {deadline:%d-%m-%Y}",))


def _envelope(
    scheme: Scheme,
    number: str,
    day: date | None,
    user: User | None,
    at: datetime,
    *,
    to: tuple[str, ...] = (),
) -> letters.Envelope:
    return letters.Envelope(
        letterhead=letterhead(scheme, day or at.date()),
        signatory=paper.Signatory(name="…………………", title="Kepala Dinas"),
        place=city_of(scheme).removeprefix("Kota "),
        to=to,
        number=number,
        day=day,
        printed=printed(scheme, user, at),
    )
