"""A person looks at what the checks found, and decides: accept, reject, send back, put on the waiting list."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from lindung.base.refused import Refused
from lindung.enrolment.models import Candidate, Finding
from lindung.enrolment.states import CANDIDATE
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme


def review(
    candidates: QuerySet[Candidate], move: str, *, reason: str = "", actor: Actor, scheme: Scheme
) -> int:
    """Decide on many candidates of a scheme at once; returns how many changed.

    Raises Refused: `review.own_proposal`, `review.not_eligible` (accepting people with errors),
    `review.determined` (they stand in a determination).
    """
    actor_may(actor, "review", scheme)
    sources, target = CANDIDATE[move]
    with recorded(actor, f"review_{move}") as entry:
        chosen = candidates.filter(roster__scheme=scheme, roster__state="proposed", review__in=sources)
        if actor.user and chosen.filter(roster__proposed_by=actor.user).exists():
            raise Refused("review.own_proposal")
        named = Q(line__isnull=False) | Q(movements__state__in=["proposed", "confirmed"])
        if determined := chosen.filter(named).distinct().count():
            raise Refused("review.determined", {"count": determined})
        errors = Finding.objects.filter(candidate=OuterRef("pk"), severity="error")
        wrong = (
            chosen.filter(Q(result="tidak_layak") | Exists(errors)).count()
            if move in ("accept", "wait")
            else 0
        )
        if wrong:
            raise Refused("review.not_eligible", {"count": wrong})
        changed = Candidate.objects.filter(pk__in=chosen.values("pk"), review__in=sources).update(
            review=target,
            reviewed_at=timezone.now(),
            reviewed_by=actor.user,
            review_reason=reason[:240] or None,
        )
        entry.about(scheme, move=move, people=changed, reason=reason)
    return changed


def undo_review(candidates: QuerySet[Candidate], *, actor: Actor, scheme: Scheme) -> int:
    """Back to "waiting for review", until the determination is made."""
    return review(candidates, "undo", actor=actor, scheme=scheme)


def accept_eligible(
    scheme: Scheme, *, actor: Actor, quotas: Mapping[tuple[int, str], int] | None = None
) -> tuple[int, int, int]:
    """Accept every eligible candidate who waits for review; who has errors goes back, who has warnings only stays.

    `quotas` limits (sender, category) pairs: who comes after the quota, in the order of the list, waits.
    Returns (accepted, waiting, sent back).
    """
    actor_may(actor, "review", scheme)
    limits = [(sender, category, number) for (sender, category), number in (quotas or {}).items()]
    with recorded(actor, "accept_eligible") as entry, connection.cursor() as cursor:
        cursor.execute(
            """select 1 from enrolment_roster r where scheme_id = %s and state = 'proposed' and proposed_by_id = %s
               and exists (select from enrolment_candidate c where c.roster_id = r.id and c.review = 'pending') limit 1""",
            [scheme.pk, actor.user.pk if actor.user else 0],
        )
        if cursor.fetchone():
            raise Refused("review.own_proposal")
        cursor.execute(
            """with limits as (select * from unnest(%s::bigint[], %s::text[], %s::bigint[]) l(sender, category, number)),
                taken as (
                    select r.sender_id, c.category, count(*) n from enrolment_candidate c
                    join enrolment_roster r on r.id = c.roster_id
                    where r.scheme_id = %s and c.review = 'accepted' group by 1, 2),
                ranked as (
                    select c.id, c.result, r.sender_id, c.category,
                           row_number() over (partition by r.sender_id, c.category, c.result order by c.id) n
                    from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
                    where r.scheme_id = %s and r.state = 'proposed' and c.review = 'pending'
                      -- who has warnings only is left for a person to look at
                      and (c.result <> 'perlu_klarifikasi' or exists (
                           select from enrolment_finding f where f.candidate_id = c.id and f.severity = 'error'))),
                decided as (
                    update enrolment_candidate c set reviewed_at = now(), reviewed_by_id = %s, review = case
                        when ranked.result <> 'layak' then 'returned'
                        when l.number is not null and ranked.n + coalesce(t.n, 0) > l.number then 'waiting'
                        else 'accepted' end
                    from ranked
                    left join limits l on l.sender = ranked.sender_id and l.category = ranked.category
                    left join taken t on t.sender_id = ranked.sender_id and t.category = ranked.category
                    where c.id = ranked.id and c.review = 'pending' returning c.review)
            select review, count(*) from decided group by 1""",
            [
                [sender for sender, _, _ in limits], [category for _, category, _ in limits],
                [number for _, _, number in limits], scheme.pk, scheme.pk, actor.user.pk if actor.user else None,
            ],
        )  # fmt: skip
        counts = dict(cursor.fetchall())
        accepted, waiting, returned = (counts.get(name, 0) for name in ("accepted", "waiting", "returned"))
        entry.about(scheme, accepted=accepted, waiting=waiting, sent_back=returned)
    return accepted, waiting, returned
