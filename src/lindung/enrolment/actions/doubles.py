"""Pairs that may be one human: looked for, decided by a person, remembered, undone. Nothing is merged."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import polars as pl
from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from lindung import schemes
from lindung.base.refused import Refused
from lindung.enrolment.actions.second_offices import note_second_offices
from lindung.enrolment.doubles import VERDICTS, Double, DoubleDecision
from lindung.enrolment.models import Candidate, Finding, Roster
from lindung.identity import matching
from lindung.intake.check import judge_rows
from lindung.registry import frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Person, Scheme
from lindung.registry.queries import current_version, rules_of

# what is asked of a pair → its place → the note it leaves on the row while nobody has decided
ASKED = {
    "list": "person.possible_duplicate", "other_list": "person.possible_duplicate", "member": "person.possibly_covered",
    "payer": "person.possibly_covered", "deaths": "person.possibly_deceased",
}  # fmt: skip
LONG = 50_000  # of a longer register only who was born on a day that the lists name
FACTS: dict[str, Any] = {
    "row_id": pl.Int64, "nik": pl.String, "name": pl.String, "birth_date": pl.Date, "mother_name": pl.String,
    "address": pl.String, "rt": pl.Int64, "rw": pl.Int64, "kelurahan": pl.String, "kk_number": pl.String,
    "phone": pl.String, "sex": pl.String,
}  # fmt: skip
_WHERE: dict[str, Any] = {"file": pl.String, "sheet": pl.String, "row": pl.Int64, "unit": pl.String}
_COVER: dict[str, Any] = {"scheme": pl.String, "segment": pl.String, "payer": pl.String, "since": pl.Date}
_CANDIDATES = """
    select c.id, c.nik, c.name, c.birth_date, c.mother_name, c.address, c.rt, c.rw, c.kelurahan_id, c.kk_number, c.phone, c.sex,
           f.name, c.sheet, c.row, u.name, r.id
    from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id join registry_storedfile f on f.id = r.file_id
    join registry_unit u on u.id = r.sender_id
    where r.scheme_id = %s and r.state in ('checked', 'proposed') and c.review not in ('member', 'second')
      and not exists (select from enrolment_determinationline l where l.candidate_id = c.id)
      and not exists (select from enrolment_movement v where v.candidate_id = c.id and v.state = 'confirmed')
    order by c.id"""
_MEMBERS = """
    select distinct on (p.id) p.id, p.nik, p.name, p.birth_date, p.mother_name, p.address, p.rt, p.rw, p.kelurahan_id, p.kk_number,
           p.phone, p.sex, s.slug, m.segment, u.name, m.starts_on
    from enrolment_membership m join registry_person p on p.id = m.person_id join registry_scheme s on s.id = m.scheme_id
    join registry_unit u on u.id = m.unit_id
    where m.end_reason is null and s.locality_id = %s and (%s::date[] is null or p.birth_date = any(%s))
    order by p.id, m.starts_on desc"""


FEW = 50  # people of one correction


def find_doubles(scheme: Scheme, *, among: Sequence[int] | None = None, actor: Actor) -> int:
    """Look for pairs among the people of the lists who are in no determination, and between them and participants, other
    payers and the dead; `among`: only pairs of these candidates. Returns how many pairs are to be decided.

    What was decided of the same two humans before holds for the new pair. Raises Refused("role.missing").
    """
    actor_may(actor, "upload", scheme)
    with recorded(actor, "find_doubles") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        people = frames.read(_CANDIDATES, [scheme.pk], {**FACTS, **_WHERE, "roster": pl.Int64})
        mine = people if among is None else people.filter(pl.col("row_id").is_in(list(among)))
        pairs = _pairs(scheme, people, mine) if mine.height else []
        rows = _keep(scheme, None if among is None else list(among), pairs)
        # a list that was judged anew has its old notes again, on rows nobody asked about too
        same = Double.objects.filter(candidate__roster__candidates__in=among or []).values_list(
            "candidate", flat=True
        )
        settle(scheme, sorted({*rows, *same}))
        _judge_again(note_second_offices(scheme))
        left = Double.objects.filter(scheme=scheme, verdict="open").count()
        entry.about(scheme, pairs=len(pairs), open=left)
    return left


def _pairs(scheme: Scheme, people: pl.DataFrame, mine: pl.DataFrame) -> list[dict[str, Any]]:
    prepared = matching.prepare(mine.select(FACTS.keys()))
    found: list[dict[str, Any]] = []
    asked = (
        people
        if mine.height == people.height
        else people.filter(~pl.col("row_id").is_in(mine["row_id"].to_list()))
    )
    within = [matching.duplicates(prepared)] if mine.height > 1 else []
    if asked.height and mine.height < people.height:
        within.append(matching.duplicates(prepared, against=asked.select(FACTS.keys())))
    rows = {row["row_id"]: row for row in people.iter_rows(named=True)}
    for pairs in within:
        for a, b, *told in pairs.iter_rows():
            first, later = rows[min(a, b)], rows[max(a, b)]
            place = "list" if first["roster"] == later["roster"] else "other_list"
            where = {name: first[name] for name in _WHERE}
            found.append(_pair(later, first, place, told, where, other_id=first["row_id"]))
    births = mine["birth_date"].drop_nulls().unique().to_list()
    for place, register in _registers(scheme, births, few=mine.height <= FEW):
        if register.is_empty():
            continue
        numbered = register.with_columns(row_id=pl.int_range(pl.len(), dtype=pl.Int64))
        there = numbered.to_dicts()
        pairs = matching.duplicates(
            prepared, against=numbered.select(n for n in FACTS if n in numbered.columns)
        )
        for a, b, *told in pairs.filter(band="same").iter_rows():
            other = there[a]
            where = {
                n: other[n]
                for n in ("scheme", "segment", "payer", "since", "died_on", "certificate")
                if n in other
            }
            found.append(_pair(rows[b], other, place, told, where, person_id=other.get("person")))
    return found


def _registers(
    scheme: Scheme, births: list[date], *, few: bool = False
) -> Iterable[tuple[str, pl.DataFrame]]:
    """place → who stands there: nik, name, birth_date and whatever else is told."""
    people = {**{("person" if name == "row_id" else name): kind for name, kind in FACTS.items()}, **_COVER}
    # of a long register, and for a corrected row, only who was born on the same day
    long = few or Person.objects.order_by().count() > LONG
    near = births if long else None
    yield "member", frames.read(_MEMBERS, [scheme.locality_id, near, near], people)
    told = {"nik": pl.String, "name": pl.String, "birth_date": pl.Date}
    where = "(%s::date[] is null or birth_date = any(%s)) order by id"
    yield "payer", frames.read(
        f"select nik, name, birth_date, segment, payer, since from registry_outsidecover where {where}",  # noqa: S608
        [near, near], {**told, "segment": pl.String, "payer": pl.String, "since": pl.Date},
    )  # fmt: skip
    yield "deaths", frames.read(
        f"select nik, name, birth_date, died_on, certificate from registry_death where {where}",  # noqa: S608
        [near, near], {**told, "died_on": pl.Date, "certificate": pl.String},
    )  # fmt: skip


def _pair(
    later: dict[str, Any],
    other: dict[str, Any],
    place: str,
    told: list[Any],
    where: dict[str, Any],
    **ids: Any,
) -> dict[str, Any]:
    probability, band, why = told
    facts = {name: _plain(other.get(name)) for name in FACTS if name != "row_id"}
    return {
        "candidate_id": later["row_id"], "place": place, "probability": probability, "certain": band == "same",
        "why": {field: part for field, part in json.loads(why).items() if part}, "key": _key(later, other),
        "facts": {**facts, "where": {name: _plain(value) for name, value in where.items()}},
        "other_id": None, "person_id": None, **ids,
    }  # fmt: skip


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | str) else str(value)


def _key(one: dict[str, Any], other: dict[str, Any]) -> str:
    """Two humans by what is told of them, in either order."""
    told = sorted(
        "|".join(
            (str(p["nik"] or ""), " ".join((p["name"] or "").upper().split()), str(p["birth_date"] or ""))
        )
        for p in (one, other)
    )
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def _keep(scheme: Scheme, mine: list[int] | None, pairs: list[dict[str, Any]]) -> list[int]:
    """Write the pairs of these candidates (None: of all) that are new, drop those that are gone. Returns whose rows they are."""
    there = Double.objects.filter(scheme=scheme).only("candidate_id", "place", "key")
    if mine is not None:
        there = there.filter(Q(candidate__in=mine) | Q(other__in=mine))
    known = {(one.candidate_id, one.place, one.key): one.pk for one in there}
    best: dict[tuple[int, str, str], dict[str, Any]] = {}
    for pair in pairs:
        at = (pair["candidate_id"], pair["place"], pair["key"])
        if at not in best or best[at]["probability"] < pair["probability"]:
            best[at] = pair
    said = DoubleDecision.objects.filter(locality=scheme.locality_id, undone_at=None)
    decided = dict(said.filter(key__in={key for *_, key in best}).values_list("key", "verdict"))
    Double.objects.filter(pk__in=[pk for at, pk in known.items() if at not in best]).delete()
    fresh = [
        Double(scheme=scheme, verdict=decided.get(at[2], "open"), **pair)
        for at, pair in best.items()
        if at not in known
    ]
    Double.objects.bulk_create(fresh, batch_size=1000)
    return sorted({candidate for candidate, *_ in (*known, *best)})


def decide_doubles(
    pairs: QuerySet[Double],
    verdict: str,
    reason: str,
    *,
    actor: Actor,
    scheme: Scheme,
    expected: int | None = None,
) -> tuple[int, datetime]:
    """Say of pairs that are open or not known yet what they are; every pair of the same two humans follows.

    The rows are judged again: the same person makes the later row not eligible (or tells of the cover or the death),
    different people take the note away. Returns how many pairs, and the moment by which it is undone. Raises Refused:
    ("double.reason"), ("double.nobody"), ("double.others") when there are not `expected` of them any more.
    """
    actor_may(actor, "review", scheme)
    if verdict not in dict(VERDICTS[1:]):
        raise Refused("double.nobody")
    reason = " ".join(reason.split())[:240]
    if len(reason) < 3:
        raise Refused("double.reason")
    with recorded(actor, "decide_doubles") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        chosen = list(pairs.filter(scheme=scheme, verdict__in=["open", "unsure"]).exclude(verdict=verdict))
        if not chosen:
            raise Refused("double.nobody")
        if expected is not None and len(chosen) != expected:
            raise Refused("double.others", {"count": len(chosen)})
        keys, now = sorted({one.key for one in chosen}), timezone.now()
        said = DoubleDecision.objects.filter(locality=scheme.locality_id, key__in=keys, undone_at=None)
        said.update(undone_at=now, undone_by=actor.user)  # "not known yet" gives way
        DoubleDecision.objects.bulk_create(
            [
                DoubleDecision(locality_id=scheme.locality_id, key=key, verdict=verdict, reason=reason, decided_at=now, decided_by=actor.user)
                for key in keys
            ],
            batch_size=1000,
        )  # fmt: skip
        _follow(keys, verdict, scheme)
        entry.about(scheme, pairs=len(chosen), verdict=verdict, reason=reason)
    return len(chosen), now


def undo_doubles(scheme: Scheme, decided_at: datetime | None = None, *, key: str = "", actor: Actor) -> int:
    """Take back what was decided at one moment, or of one pair; the decision stays as history. Returns how many.

    Raises Refused("double.nobody").
    """
    actor_may(actor, "review", scheme)
    with recorded(actor, "undo_doubles") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        said = DoubleDecision.objects.filter(locality=scheme.locality_id, undone_at=None)
        said = said.filter(key=key) if key else said.filter(decided_at=decided_at)
        keys = list(said.values_list("key", flat=True))
        if not keys:
            raise Refused("double.nobody")
        said.update(undone_at=timezone.now(), undone_by=actor.user)
        _follow(keys, "open", scheme)
        entry.about(scheme, pairs=len(keys))
    return len(keys)


def _follow(keys: Sequence[str], verdict: str, scheme: Scheme) -> None:
    """Every pair of these two humans, in whichever scheme of the city, takes the verdict, and their rows are judged anew."""
    pairs = Double.objects.filter(key__in=keys, scheme__locality=scheme.locality_id)
    pairs.update(verdict=verdict)
    rows: dict[int, set[int]] = defaultdict(set)
    for of, candidate in pairs.values_list("scheme_id", "candidate_id"):
        rows[of].add(candidate)
    for one in Scheme.objects.filter(pk__in=rows):
        settle(one, sorted(rows[one.pk]))


def settle(scheme: Scheme, candidates: Sequence[int]) -> None:
    """The notes of these candidates as their pairs stand now, and the results that follow. Repeating changes nothing.

    A group of pairs (rows of lists; participants and other payers; the dead) that all are different people leaves no
    note; an open one leaves a warning; the same person leaves an error, or what the conditions say of cover and death.
    """
    pairs: dict[int, dict[str, list[Double]]] = defaultdict(lambda: defaultdict(list))
    for pair in (
        Double.objects.filter(candidate__in=candidates)
        .select_related("candidate")
        .order_by("-probability", "pk")
    ):
        pairs[pair.candidate_id][ASKED[pair.place]].append(pair)
    notes: list[Finding] = []
    ours = Q(args__has_key="double")
    rules = rules_of(current_version(scheme))
    for candidate, groups in pairs.items():
        for code, group in groups.items():
            ours |= Q(candidate=candidate, code=code)
            notes += _notes(code, group, rules)
    there = Finding.objects.filter(Q(candidate__in=candidates) & ours)
    known = {_said(one): one.pk for one in there}
    wanted = {_said(one): one for one in notes}
    gone = [pk for said, pk in known.items() if said not in wanted]
    fresh = [one for said, one in wanted.items() if said not in known]
    if gone or fresh:
        Finding.objects.filter(pk__in=gone).delete()
        Finding.objects.bulk_create(fresh, batch_size=1000)
        _judge_again(candidates)


def _said(one: Finding) -> tuple[Any, ...]:
    return one.candidate_id, one.code, one.severity, json.dumps(one.args, sort_keys=True)


def _notes(code: str, group: list[Double], rules: schemes.Scheme) -> list[Finding]:
    row = group[0].candidate
    same = [one for one in group if one.verdict == "same"]
    opened = [one for one in group if one.verdict in ("open", "unsure")]
    if not same and not opened:
        return []
    told = (same or opened)[0]
    where = told.facts["where"]

    def note(
        code: str, severity: str, article: str | None = None, column: str | None = "name", **args: Any
    ) -> Finding:
        return Finding(
            roster_id=row.roster_id, candidate=row, sheet=row.sheet, row=row.row, column=column, code=code, severity=severity,
            value=row.nik if column == "nik" else row.name, args={**args, "double": told.pk}, article=article,
        )  # fmt: skip

    if code == "person.possible_duplicate":
        elsewhere = ", ".join(
            w for w in (where["file"] if told.place == "other_list" else None, where["sheet"]) if w
        )
        place = f"{where['row']} ({elsewhere})" if elsewhere else str(where["row"])
        if same:
            return [note("person.same_person", "error", row=place)]
        return [note(code, "warning", row=place, percent=round(told.probability * 100))]
    if not same:
        args = {
            name: where.get(name) for name in ("payer", "since", "died_on", "certificate") if name in where
        }
        return [note(code, "warning", percent=round(told.probability * 100), **args)]
    facts: dict[str, Any] = {"row_id": [row.pk], "category": [row.category], "birth_date": [row.birth_date]}
    if code == "person.possibly_deceased":
        facts["died_on"] = [_day(where["died_on"])]
    else:
        facts["covered"] = [
            [
                {"segment": where["segment"], "payer": where["payer"], "since": _day(where["since"])}
                for one in [told]
            ]
        ]
    found = schemes.verify(pl.DataFrame(facts), rules, row.roster.on)
    kept = found.filter(pl.col("code").is_in(["eligibility.deceased", "eligibility.already_covered"]))
    return [
        note(one["code"], one["severity"], one["article"], one["column"], **json.loads(one["args"] or "{}"))
        for one in kept.iter_rows(named=True)
    ]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _judge_again(candidates: Sequence[int]) -> None:
    """Results and counts as the notes say now; who was accepted and is eligible no more waits for review again."""
    rows = frames.read(
        "select id, result, review, roster_id from enrolment_candidate where id = any(%s)", [list(candidates)],
        {"row_id": pl.Int64, "before": pl.String, "review": pl.String, "roster": pl.Int64},
    )  # fmt: skip
    found = frames.read(
        "select candidate_id, code, severity from enrolment_finding where candidate_id = any(%s)", [list(candidates)],
        {"row_id": pl.Int64, "code": pl.String, "severity": pl.String},
    )  # fmt: skip
    changed = judge_rows(rows, found).filter(pl.col("before") != pl.col("result"))
    for result in changed["result"].unique():
        these = changed.filter(result=result)["row_id"].to_list()
        Candidate.objects.filter(pk__in=these).update(result=result)
        if result != "layak":
            Candidate.objects.filter(pk__in=these, review="accepted", line=None).update(
                review="pending", reviewed_at=None, reviewed_by=None, review_reason=None
            )
    for roster in Roster.objects.filter(pk__in=rows["roster"].unique().to_list()).annotate(
        bad=Count("findings__candidate", filter=Q(findings__severity="error"), distinct=True),
    ):
        notes = Finding.objects.filter(roster=roster)
        Roster.objects.filter(pk=roster.pk).update(
            clean=F("people") - roster.bad, errors=notes.filter(severity="error").count(),
            warnings=notes.filter(severity="warning").count(), revision=F("revision") + 1,
        )  # fmt: skip
