"""One person in two offices of a scheme (rangkap jabatan): the scheme's order says which pays, the other is no mistake."""

from __future__ import annotations

import json
from typing import Any

import polars as pl
from django.db.models import Q

from lindung.enrolment.doubles import SecondOffice
from lindung.enrolment.models import Candidate, Finding, Membership
from lindung.identity import matching
from lindung.registry import frames
from lindung.registry.models import OutsideCover, Scheme
from lindung.registry.queries import current_version, rules_of

CODE = "office.second"
# notes that say no more than that the person stands there twice
_TWICE = ("nik.duplicate", "nik.proposed_elsewhere", "eligibility.not_other_category")
_ROWS: dict[str, Any] = {
    "row_id": pl.Int64, "nik": pl.String, "name": pl.String, "birth_date": pl.Date, "category": pl.String, "review": pl.String,
    "row": pl.Int64, "file": pl.String, "named": pl.Boolean, "ended": pl.Boolean,
}  # fmt: skip
_SQL = """
with rows as (
    select c.id, c.nik, c.name, c.birth_date, c.category, c.review, c.row, f.name file, l.id is not null named,
           m.end_reason is not null ended, count(*) over (partition by c.nik) n
    from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id join registry_storedfile f on f.id = r.file_id
    left join enrolment_determinationline l on l.candidate_id = c.id left join enrolment_membership m on m.line_id = l.id
    where r.scheme_id = %s and r.state in ('checked', 'proposed') and length(c.nik) = 16 and c.category is not null
      and c.review not in ('rejected', 'member'))
select id, nik, name, birth_date, category, review, row, file, named, ended from rows where n > 1 order by nik, id"""


def note_second_offices(scheme: Scheme) -> list[int]:
    """Find who holds two offices, within the caller's audit entry. Returns the candidates whose notes changed.

    Who is named already pays first, then the category that the scheme lists first. The other row waits as "second": it
    is neither accepted nor rejected. Rows of the same category, or of other people under one NIK, stay as they are.
    """
    order = {c.id: at for at, c in enumerate(rules_of(current_version(scheme)).categories)}
    labels = {c.id: c.label["id"] for c in rules_of(current_version(scheme)).categories}
    rows = frames.read(_SQL, [scheme.pk], _ROWS).filter(~pl.col("ended"))
    first: dict[int, dict[str, Any]] = {}  # a row of another category than the one that pays → the latter
    for (_nik,), group in rows.group_by("nik", maintain_order=True):
        told = sorted(
            group.to_dicts(), key=lambda r: (not r["named"], order.get(r["category"], 99), r["row_id"])
        )
        first |= {
            r["row_id"]: told[0] for r in told[1:] if r["category"] != told[0]["category"] and not r["named"]
        }
    pays = {pk: first[pk] for pk in _same_human(rows, first)}
    payers = [one["row_id"] for one in pays.values()]
    known = dict(
        SecondOffice.objects.filter(candidate__roster__scheme=scheme).values_list("candidate", "through")
    )
    gone = [pk for pk, through in known.items() if pk not in pays or pays[pk]["row_id"] != through]
    SecondOffice.objects.filter(candidate__in=gone).delete()
    Candidate.objects.filter(pk__in=[pk for pk in gone if pk not in pays], review="second").update(
        review="pending"
    )
    SecondOffice.objects.bulk_create(
        [
            SecondOffice(candidate_id=pk, through_id=one["row_id"])
            for pk, one in pays.items()
            if known.get(pk) != one["row_id"]
        ]
    )
    Candidate.objects.filter(pk__in=pays).exclude(review="second").update(
        review="second", reviewed_at=None, reviewed_by=None, review_reason=None
    )
    return _notes(scheme, pays, payers, labels, gone)


def _same_human(rows: pl.DataFrame, first: dict[int, dict[str, Any]]) -> list[int]:
    """Those whom the model takes for the human of the row that pays: one NIK may be typed for two."""
    if not first:
        return []
    pairs = pl.DataFrame({"a_row_id": [one["row_id"] for one in first.values()], "b_row_id": list(first)})
    judged = matching.judge(rows.select("row_id", "nik", "name", "birth_date"), pairs)
    return judged.filter(pl.col("band").is_not_null())["b_row_id"].to_list()


def _notes(
    scheme: Scheme,
    pays: dict[int, dict[str, Any]],
    payers: list[int],
    labels: dict[str, str],
    gone: list[int],
) -> list[int]:
    there = Finding.objects.filter(roster__scheme=scheme)
    own = {one.candidate_id: one for one in there.filter(code=CODE, candidate__in=[*pays, *gone])}
    fresh, stale = [], [own[pk].pk for pk in gone if pk in own]
    for person in Candidate.objects.filter(pk__in=pays).only("roster_id", "sheet", "row", "category"):
        pay = pays[person.pk]
        args = {
            "category": labels.get(pay["category"], pay["category"]),
            "row": pay["row"],
            "file": pay["file"],
        }
        if person.pk in own and own[person.pk].args == args:
            continue
        stale += [own[person.pk].pk] if person.pk in own else []
        fresh.append(Finding(
            roster_id=person.roster_id, candidate=person, sheet=person.sheet, row=person.row, column="category", code=CODE,
            severity="warning", value=labels.get(person.category or "", person.category), args=json.loads(json.dumps(args)),
        ))  # fmt: skip
    alone = [pk for pk in payers if pk not in pays]
    niks = {one["nik"] for one in pays.values()}
    elsewhere = {*OutsideCover.objects.filter(nik__in=niks).values_list("nik", flat=True)}
    other_schemes = Membership.objects.filter(person__nik__in=niks, end_reason=None).exclude(scheme=scheme)
    elsewhere |= {*other_schemes.values_list("person__nik", flat=True)}
    only_here = [pk for pk, one in pays.items() if one["nik"] not in elsewhere]
    twice = there.filter(
        Q(candidate__in=only_here, code="eligibility.already_covered")
        | Q(candidate__in=pays, code__in=_TWICE)
        | Q(candidate__in=alone, code="nik.duplicate")
    )
    touched = {*twice.values_list("candidate", flat=True), *(one.candidate_id for one in fresh), *gone}
    twice.delete()
    Finding.objects.filter(pk__in=stale).delete()
    Finding.objects.bulk_create(fresh)
    return sorted(pk for pk in touched if pk)
