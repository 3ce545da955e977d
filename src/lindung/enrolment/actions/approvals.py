"""How many approve a determination one after another, and what sender and office say to one another about a list."""

from __future__ import annotations

from django.utils import timezone

from lindung.base.refused import Refused
from lindung.enrolment.models import Candidate, Determination, Roster
from lindung.enrolment.rounds import MOST_LEVELS, Approval, ApprovalLevels, Comment
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme


def approval_levels(scheme: Scheme) -> int:
    """How many people approve a determination of the scheme; one where nothing is set."""
    return ApprovalLevels.objects.filter(scheme=scheme).values_list("levels", flat=True).first() or 1


def set_approval_levels(scheme: Scheme, levels: int, *, actor: Actor) -> int:
    """Raises Refused("approval.levels") outside 1–3, ("approval.under_way") while somebody's approval waits for the next."""
    actor_may(actor, "verify", scheme)
    if not 1 <= levels <= MOST_LEVELS:
        raise Refused("approval.levels", {"most": MOST_LEVELS})
    with recorded(actor, "set_approval_levels") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        if Determination.objects.filter(scheme=scheme, state="verified", approvals__isnull=False).exists():
            raise Refused("approval.under_way")
        ApprovalLevels.objects.update_or_create(scheme=scheme, defaults={"levels": levels})
        entry.about(scheme, levels=levels)
    return levels


def give_approval(determination: Determination, actor: Actor) -> bool:
    """Note one approval; True when it was the last one that is needed. Raises Refused("determination.own") for a second
    one by the same person. The caller holds the determination's row."""
    given = list(determination.approvals.values_list("approved_by", flat=True))
    if actor.user and actor.user.pk in given:
        raise Refused("determination.own")
    Approval.objects.create(determination=determination, level=len(given) + 1, approved_by=actor.user)
    return len(given) + 1 >= approval_levels(determination.scheme)


def write_comment(roster: Roster, text: str, *, candidate: Candidate | None = None, actor: Actor) -> Comment:
    """A word about a list or one of its rows; sender and office both may. Raises Refused("comment.empty", "record.not_found")."""
    actor_may(actor, "upload", roster.scheme)
    text = " ".join(text.split())[:1000]
    if not text:
        raise Refused("comment.empty")
    if candidate and candidate.roster_id != roster.pk:
        raise Refused("record.not_found")
    with recorded(actor, "write_comment") as entry:
        comment = Comment.objects.create(roster=roster, candidate=candidate, text=text, written_by=actor.user)
        entry.about(roster, comment=comment.pk)
    return comment


def take_back_comment(comment: Comment, *, actor: Actor) -> Comment:
    """Who wrote it takes it back; that there was one stays visible. Raises Refused("comment.others", "record.changed")."""
    actor_may(actor, "upload", comment.roster.scheme)
    if actor.user and comment.written_by_id != actor.user.pk:
        raise Refused("comment.others")
    with recorded(actor, "take_back_comment") as entry:
        Comment.objects.filter(pk=comment.pk, taken_back_at=None).update(taken_back_at=timezone.now())
        entry.about(comment.roster, comment=comment.pk)
    comment.refresh_from_db()
    return comment
