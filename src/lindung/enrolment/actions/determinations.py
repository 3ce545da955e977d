"""From accepted people to named people: a mayor's decree, or an office's own appointment. Three pairs of hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl
from django.db import IntegrityError
from django.db.models import Max
from django.utils import timezone

from lindung import law, schemes
from lindung.base.money import number
from lindung.base.month import plausible
from lindung.base.refused import Refused
from lindung.enrolment import frames as enrolment_frames
from lindung.enrolment import pricing
from lindung.enrolment.actions.approvals import give_approval
from lindung.enrolment.models import Check, Determination, DeterminationLine, Membership
from lindung.enrolment.queries import payers_of
from lindung.enrolment.states import can, change
from lindung.registry import audit, frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme, Unit
from lindung.registry.queries import current_version, rules_of, units_by_code

IN_FORCE = {"ditetapkan", "diundangkan", "diubah"}


def propose_determination(
    scheme: Scheme,
    *,
    actor: Actor,
    track: str | None = None,
    unit: Unit | None = None,
    checkers: list[str] | None = None,
    within: int | None = None,
    on: date | None = None,
) -> Determination:
    """Name everybody who is ready: on the decree track all units together, on the appointment track one unit.

    Ready is whose newest answer of every checker that the scheme names, and of `checkers`, says yes and is on day `on`
    (today) no older than the scheme says, or `within` days. Raises Refused: `determination.not_in_force`,
    `determination.nobody`, `determination.unanswered` (nobody's answers are there and recent), `determination.unpriced`.
    """
    actor_may(actor, "determine", scheme)
    with recorded(actor, "propose_determination") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        version = current_version(scheme)
        rules = rules_of(version)
        track = track or rules.track
        if rules.document.status not in IN_FORCE:
            raise Refused("determination.not_in_force", {"document": rules.document.title["id"]})
        needed = recent_since(rules, checkers or [], within, on or timezone.localdate())
        rows = _priced(scheme, rules, track, unit, needed)
        # from the first day of anybody named to the last; without an end where anybody's period has none
        starts = rows["first"].min()
        ends = None if rows["until"].has_nulls() else rows["until"].max()
        sequence = (
            Determination.objects.filter(scheme=scheme, track=track, unit=unit).aggregate(n=Max("sequence"))[
                "n"
            ]
            or 0
        )
        monthly = int(rows["city"].sum())
        determination = Determination.objects.create(
            scheme=scheme,
            version=version,
            track=track,
            unit=unit,
            sequence=sequence + 1,
            starts_on=starts,
            ends_on=ends,
            people=rows.height,
            monthly=monthly,
            total=int(rows["whole"].sum()),
            law_version=law.version(),
            proposed_by=actor.user,
        )
        frames.write(
            DeterminationLine,
            rows.select(
                "candidate_id",
                "unit_id",
                "category",
                "wage",
                "whole",
                number=pl.int_range(1, pl.len() + 1),
                monthly="city",
                determination_id=pl.lit(determination.pk),
            ),
        )
        since = {checker: day.isoformat() if day else None for checker, day in needed.items()}
        entry.about(determination, people=rows.height, monthly=monthly, answers_since=since)
    return determination


def recent_since(
    rules: schemes.Scheme, checkers: Sequence[str], within: int | None, on: date
) -> dict[str, date | None]:
    """Checkers whose answer is needed → the oldest day of an answer that counts; None: any day."""
    days = dict(rules.checks)
    found = {}
    for checker in dict.fromkeys([*days, *checkers]):
        most = days.get(checker) if within is None else within
        found[checker] = on - timedelta(days=most) if most is not None else None
    return found


def _priced(
    scheme: Scheme, rules: schemes.Scheme, track: str, unit: Unit | None, needed: Mapping[str, date | None]
) -> pl.DataFrame:
    """Ready people of a track (and unit), with their payer's unit, wage, and the contribution of the first month and the whole of their own period."""
    tracks = {category.id: category.track for category in rules.categories}

    def of_track(rows: pl.DataFrame) -> pl.DataFrame:
        rows = rows.filter(pl.col("category").replace_strict(tracks, default=None) == track)
        return rows if unit is None else rows.filter(pl.col("sender_id") == unit.pk)

    since = {checker: day for checker, day in needed.items() if day}
    rows = of_track(enrolment_frames.ready_candidates(scheme, list(needed), since))
    if rows.is_empty():
        accepted = of_track(enrolment_frames.ready_candidates(scheme, [])).height if needed else 0
        if accepted:
            asked = ", ".join(str(dict(Check.CHECKERS)[checker]) for checker in needed)
            raise Refused("determination.unanswered", {"count": accepted, "checkers": asked})
        raise Refused("determination.nobody")
    units = {code: record.pk for code, record in units_by_code(scheme).items()}
    rows = rows.join(pricing.terms(rules), on="category", how="left", maintain_order="left").with_columns(
        wage=pl.coalesce("scheme_wage", "candidate_wage"),
        sector=pl.lit("other"),
        unit_id=pl.coalesce(
            pl.col("payer_unit").replace_strict(units, default=None, return_dtype=pl.Int64),
            pl.col("sender_id"),
        ),
    )
    # the order of a decree's annex: payer, area, category, name
    rows = rows.sort("unit_id", "kelurahan_id", "category", "name", "candidate_id", nulls_last=True)
    rows = pricing.own_periods(rows).with_columns(city=pricing.city_share())
    wrong = rows.filter(pl.col("error").is_not_null() & pl.col("wage").is_not_null())
    if not wrong.is_empty():
        raise Refused("determination.unpriced", {"count": wrong.height, "why": wrong["error"][0]})
    return rows


def verify_determination(determination: Determination, *, actor: Actor) -> Determination:
    """A second person of the programme office or the legal office has read it. Raises Refused("determination.own")."""
    actor_may(actor, "verify", determination.scheme)
    if actor.user and actor.user.pk == determination.proposed_by_id:
        raise Refused("determination.own")
    with recorded(actor, "verify_determination") as entry:
        _refuse_fallen_out(determination)
        change(determination, "verify", verified_by=actor.user, verified_at=timezone.now())
        entry.about(determination)
    return determination


def approve_determination(
    determination: Determination, *, actor: Actor, left: dict[int, int] | None = None
) -> Determination:
    """Approve, within what is left of each payer's budget (`left`: unit id → rupiah for the whole period).

    Where the scheme asks several approvals, the state changes with the last one. Raises Refused("determination.own") for
    the maker, the verifier and who approved before, ("determination.over_budget") naming the shortage.
    """
    actor_may(actor, "approve", determination.scheme)
    if actor.user and actor.user.pk in (determination.proposed_by_id, determination.verified_by_id):
        raise Refused("determination.own")
    with recorded(actor, "approve_determination") as entry:
        _refuse_fallen_out(determination)
        if left is not None:
            _refuse_over_budget(determination, left)
        held = Determination.objects.select_for_update().get(pk=determination.pk)
        if not can(held, "approve"):
            raise Refused("record.changed", {"state": held.get_state_display()})
        if give_approval(determination, actor):
            change(determination, "approve", approved_by=actor.user, approved_at=timezone.now())
        entry.about(determination)
    return determination


def _refuse_fallen_out(determination: Determination) -> None:
    """Who was sent back or rejected after the proposal (a checker's late answer) is not named."""
    fallen = determination.lines.exclude(candidate__review="accepted")
    if count := fallen.count():
        names = ", ".join(fallen.order_by("number").values_list("candidate__name", flat=True)[:5])
        raise Refused("determination.fallen_out", {"count": count, "names": names})


def _refuse_over_budget(determination: Determination, left: dict[int, int]) -> None:
    for unit, name, _, _, needed in payers_of(determination):
        there = left.get(unit, 0)
        if needed > there:
            raise Refused(
                "determination.over_budget",
                {
                    "unit": name,
                    "needed": f"Rp{number(needed)}",
                    "left": f"Rp{number(there)}",
                    "short": f"Rp{number(needed - there)}",
                },
            )


def cancel_determination(determination: Determination, *, actor: Actor) -> Determination:
    """Take back what is not signed; its people wait again."""
    actor_may(actor, "determine", determination.scheme)
    with recorded(actor, "cancel_determination") as entry:
        change(determination, "cancel")
        DeterminationLine.objects.filter(determination=determination).delete()
        entry.about(determination)
    return determination


def sign_determination(
    determination: Determination, document: str, dated: date, signer: str, *, actor: Actor
) -> int:
    """Record the signed act (number, date, who signed); its people become members. Returns how many.

    Each is one from the month of the act, not before the first day of the own category, until its last. Raises
    Refused("record.changed") when it was signed already, ("membership.overlap"), ("movement.after_period").
    """
    actor_may(actor, "determine", determination.scheme)
    plausible(dated)
    try:
        with recorded(actor, "sign_determination") as entry:
            _refuse_fallen_out(determination)
            change(
                determination, "sign", number=document, dated=dated, signer=signer, audit_head=audit.head()
            )
            made = _make_members(determination)
            entry.about(determination, members=made)
    except IntegrityError as problem:
        if "two memberships" in str(problem):
            raise Refused("membership.overlap") from None
        raise
    return made


_NAMED = {
    "line_id": pl.Int64,
    **enrolment_frames.PERSON,
    "category": pl.String,
    "unit_id": pl.Int64,
    "wage": pl.Int64,
    "start_date": pl.Date,
}


def _first_day(determination: Determination) -> date:
    """Cover cannot begin before the month of the act: BPJS bills nobody for months before they were registered."""
    signed = determination.dated or determination.starts_on
    return max(determination.starts_on, signed.replace(day=1))


def refuse_after(rows: pl.DataFrame, column: str) -> None:
    """Nobody begins after the last day of their category. Raises Refused("movement.after_period")."""
    late = rows.filter(pl.col(column) > pl.col("until"))
    if not late.is_empty():
        ends = ", ".join(f"{day:%d-%m-%Y}" for day in late["until"].unique().sort())
        raise Refused("movement.after_period", {"count": late.height, "until": ends})


def _make_members(determination: Determination) -> int:
    rules = rules_of(determination.version)
    rows = frames.read(
        """select l.id, c.nik, c.name, c.birth_date, c.birth_place, c.sex, c.mother_name, c.address, c.rt, c.rw,
                  c.kelurahan_id, c.phone, c.kk_number, l.category, l.unit_id, l.wage, c.start_date
           from enrolment_determinationline l join enrolment_candidate c on c.id = l.candidate_id
           where l.determination_id = %s order by l.number""",
        [determination.pk],
        _NAMED,
    )
    rows = enrolment_frames.people(rows).join(
        pricing.terms(rules), on="category", how="left", maintain_order="left"
    )
    rows = rows.with_columns(first=pl.max_horizontal("first", pl.lit(_first_day(determination))))
    refuse_after(rows, "first")
    return frames.write(
        Membership,
        rows.select(
            "person_id",
            "line_id",
            "category",
            "unit_id",
            "kelurahan_id",
            "payer",
            "segment",
            "programmes",
            "wage",
            "risk_class",
            scheme_id=pl.lit(determination.scheme_id),
            version_id=pl.lit(determination.version_id),
            sector=pl.lit("other"),
            determined_on=pl.lit(determination.dated),
            starts_on="first",
            ends_on="until",
        ),
    )
