"""Taking back what was confirmed, as long as it has not left for BPJS and stands in no paper and no month."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, connection
from django.db.models import ProtectedError, Q, QuerySet

from lindung.base.refused import Refused
from lindung.enrolment.actions.batches import withdraw_batch
from lindung.enrolment.changes import ENDING, AmendmentLine, Movement
from lindung.enrolment.models import Batch, Candidate, DeterminationLine, Membership, Registration
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme


def undo_movements(scheme: Scheme, movements: QuerySet[Movement], *, actor: Actor) -> tuple[int, int]:
    """Put confirmed movements back to "proposed", and with who left also who came in their place.

    Files that hold one of them and have not left are withdrawn and can be made again. Returns (movements, files withdrawn).
    Raises Refused("movement.left_already") when a file was sent, ("movement.in_paper") for minutes and amendments,
    ("movement.used_already") when a newcomer has a KPJ, a paid month or a card, ("movement.cannot_undo", "membership.overlap").
    """
    actor_may(actor, "determine", scheme)
    try:
        with recorded(actor, "undo_movements") as entry:
            Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
            chosen = _with_replacements(scheme, movements)
            ids = [movement.pk for movement in chosen]
            withdrawn = _withdraw(chosen, actor)
            _refuse(chosen)
            _take_out(chosen)
            _put_back(chosen)
            Movement.objects.filter(pk__in=ids).update(
                state="proposed", outcome="", confirmed_on=None, decided_at=None, decided_by=None, successor=None,
                before=None,
            )  # fmt: skip
            entry.about(scheme, movements=len(ids), files=withdrawn)
    except ProtectedError:
        raise Refused("movement.used_already") from None
    except IntegrityError as problem:
        if "two memberships" in str(problem):
            raise Refused("membership.overlap") from None
        raise
    return len(ids), withdrawn


def _with_replacements(scheme: Scheme, movements: QuerySet[Movement]) -> list[Movement]:
    confirmed = Movement.objects.filter(scheme=scheme, state="confirmed")
    asked = list(confirmed.filter(pk__in=movements.values("pk")))
    leaving = [one.membership_id for one in asked if one.membership_id]
    rows = confirmed.filter(Q(pk__in=[one.pk for one in asked]) | Q(replaces__in=leaving))
    return list(rows.select_related("successor", "membership__person").order_by("pk"))


def _withdraw(chosen: list[Movement], actor: Actor) -> int:
    """Files with these movements, or with who came in by them, that have not left."""
    newcomers = [one.successor_id for one in chosen if one.kind == "joined" and one.successor_id]
    found = Batch.objects.filter(
        Q(pk__in=[one.batch_id for one in chosen if one.batch_id]) | Q(rows__membership__in=newcomers)
    ).distinct()
    batches = list(found)
    if any(batch.state != "prepared" for batch in batches):
        raise Refused("movement.left_already")
    for batch in batches:
        withdraw_batch(batch, actor=actor)
    return len(batches)


def _refuse(chosen: list[Movement]) -> None:
    ids = [one.pk for one in chosen]
    if AmendmentLine.objects.filter(movement__in=ids).exists():
        raise Refused("movement.in_paper")
    newcomers = [one.candidate_id for one in chosen if one.candidate_id]
    if DeterminationLine.objects.filter(candidate__in=newcomers).exists():
        raise Refused("movement.in_paper")
    if any(one.before is None for one in chosen):
        raise Refused("movement.cannot_undo")


def _take_out(chosen: list[Movement]) -> None:
    """The memberships that came out of the movements: nobody has seen them yet, or they are protected."""
    made = [one.successor_id for one in chosen if one.successor_id]
    wages = [one.successor_id for one in chosen if one.kind == "wage_changed" and one.successor_id]
    Movement.objects.filter(pk__in=[one.pk for one in chosen]).update(successor=None)
    Registration.objects.filter(
        membership__in=wages
    ).delete()  # the same KPJ stands on the membership before it
    Membership.objects.filter(pk__in=made).delete()


def _put_back(chosen: list[Movement]) -> None:
    for one in chosen:
        before = one.before or {}
        if one.kind == "joined":
            Candidate.objects.filter(pk=one.candidate_id).update(review=before["review"])
        elif one.membership_id and (one.kind in ENDING or one.kind == "wage_changed"):
            ends = date.fromisoformat(before["ends_on"]) if before["ends_on"] else None
            Membership.objects.filter(pk=one.membership_id).update(ends_on=ends, end_reason=None)
    died = [one.pk for one in chosen if one.kind == "died"]
    if died:
        with connection.cursor() as cursor:  # who stands in the death list is dead whatever was typed here
            cursor.execute(
                """update registry_person p set died_on = null from enrolment_movement v
                   join enrolment_membership m on m.id = v.membership_id
                   where v.id = any(%s) and p.id = m.person_id and p.died_on = v.happened_on
                     and not exists (select from registry_death d where d.nik = p.nik)""",
                [died],
            )
