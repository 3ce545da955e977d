"""Before a new budget year every sender says of its members who stays and what happened to the others."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from django.db.models import Q, QuerySet
from django.utils import timezone

from lindung.base.refused import Refused
from lindung.enrolment.actions.movements import decline_movements, propose_movement
from lindung.enrolment.changes import ENDING, Movement
from lindung.enrolment.models import Membership
from lindung.enrolment.round_queries import senders_of
from lindung.enrolment.rounds import Round, RoundAnswer, RoundReminder
from lindung.registry.access import MAY, actor_may, reachable_units
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme, Unit


def open_round(scheme: Scheme, year: int, as_of: date, due_on: date, *, actor: Actor) -> Round:
    """Ask every sender about the members of a day; their home tells them. Raises Refused("round.there", "round.due")."""
    actor_may(actor, "determine", scheme)
    if due_on < as_of or due_on.year > year:
        raise Refused("round.due", {"year": year})
    with recorded(actor, "open_round") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        if Round.objects.filter(scheme=scheme, year=year).exists():
            raise Refused("round.there", {"year": year})
        made = Round.objects.create(
            scheme=scheme, year=year, as_of=as_of, due_on=due_on, opened_by=actor.user
        )
        units = [one.unit for one in senders_of(made)]
        RoundReminder.objects.bulk_create(
            [RoundReminder(round=made, unit_id=u, reminded_by=actor.user) for u in units]
        )
        entry.about(scheme, year=year, units=len(units))
    return made


def asked_about(round: Round, unit: Unit | None = None) -> QuerySet[Membership]:
    """The members a round asks about: of their sender, or of the office that pays where nobody sent them."""
    day = round.as_of
    rows = Membership.objects.filter(scheme=round.scheme_id, starts_on__lte=day).filter(
        Q(ends_on=None) | Q(ends_on__gte=day)
    )
    if unit is None:
        return rows
    sent = Q(line__candidate__roster__sender=unit) | Q(line=None, origin__candidate__roster__sender=unit)
    return rows.filter(sent | Q(line=None, origin=None, unit=unit))


def answer_round(
    round: Round,
    unit: Unit,
    gone: Mapping[int, str],
    *,
    happened_on: date | None = None,
    basis: str = "",
    on_paper: bool = False,
    only: Collection[int] | None = None,
    actor: Actor,
) -> tuple[int, int]:
    """Everybody of a sender (or `only` these memberships) stays but those in `gone` (membership → kind of movement), which are proposed as movements.

    Whoever was answered for stays as answered. Returns (stay, gone). Raises Refused("round.nobody", "round.unknown",
    "record.not_found") and what `propose_movement` raises; then nothing is kept.
    """
    scheme = round.scheme
    actor_may(actor, "propose", scheme)
    if actor.user and unit.pk not in reachable_units(actor.user, scheme, MAY["propose"]):
        raise Refused("record.not_found")
    with recorded(actor, "answer_round") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        open_ = asked_about(round, unit).exclude(round_answers__in=_standing(round))
        if only is not None:
            open_ = open_.filter(pk__in=only)
        members = {one.pk: one for one in open_.select_related("person", "scheme")}
        if not members:
            raise Refused("round.nobody")
        if not gone.keys() <= members.keys() or not set(gone.values()) <= ENDING.keys():
            raise Refused("round.unknown")
        if gone and happened_on is None:
            raise Refused("movement.no_date")
        made: dict[int, Movement] = {}
        for pk, kind in gone.items():
            there = Movement.objects.filter(membership=pk, state="proposed", kind__in=ENDING).first()
            if there is None:
                assert happened_on is not None
                propose_movement(
                    members[pk], kind, happened_on, basis or f"Konfirmasi ulang {round.year}", actor=actor
                )
                there = Movement.objects.get(membership=pk, state="proposed", kind=kind)
            made[pk] = there
        now = timezone.now()
        RoundAnswer.objects.bulk_create(
            [
                RoundAnswer(
                    round=round, membership_id=pk, unit=unit, stays=pk not in made, movement=made.get(pk), on_paper=on_paper,
                    answered_at=now, answered_by=actor.user,
                )
                for pk in members
            ],
            batch_size=2000,
        )  # fmt: skip
        entry.about(scheme, unit=unit.pk, stay=len(members) - len(made), gone=len(made))
    return len(members) - len(made), len(made)


def undo_round_answer(round: Round, unit: Unit, *, actor: Actor) -> int:
    """The sender is asked again; movements that nobody confirmed yet are taken back. Returns how many answers.

    Raises Refused("round.nobody").
    """
    actor_may(actor, "propose", round.scheme)
    if actor.user and unit.pk not in reachable_units(actor.user, round.scheme, MAY["propose"]):
        raise Refused("record.not_found")
    with recorded(actor, "undo_round_answer") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=round.scheme_id)
        told = _standing(round).filter(unit=unit).exclude(movement__state="confirmed")
        if not (pks := list(told.values_list("pk", flat=True))):
            raise Refused("round.nobody")
        proposed = Movement.objects.filter(round_answers__in=pks, state="proposed")
        decline_movements(round.scheme, proposed, "Konfirmasi ulang ditarik", actor=actor)
        RoundAnswer.objects.filter(pk__in=pks).update(undone_at=timezone.now())
        entry.about(round.scheme, unit=unit.pk, answers=len(pks))
    return len(pks)


def remind_round(round: Round, units: list[int], *, actor: Actor) -> int:
    """Note that these senders were reminded today; their home tells them. Raises Refused("round.nobody")."""
    actor_may(actor, "determine", round.scheme)
    with recorded(actor, "remind_round") as entry:
        if not units:
            raise Refused("round.nobody")
        RoundReminder.objects.bulk_create(
            [RoundReminder(round=round, unit_id=unit, reminded_by=actor.user) for unit in units]
        )
        entry.about(round.scheme, units=len(units))
    return len(units)


def _standing(round: Round) -> QuerySet[RoundAnswer]:
    return RoundAnswer.objects.filter(round=round, undone_at=None)
