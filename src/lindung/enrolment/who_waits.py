"""Who waits for whom: every step of a scheme that is stuck with somebody, how many people, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from lindung.enrolment.queries import rosters_of
from lindung.registry.models import Scheme, User


@dataclass(frozen=True)
class Stuck:
    """`step`: a kind that pages know; `unit`: whose list it is, or who must act; `people` and `things` (lists, files) of it."""

    step: str
    unit: str
    things: int
    people: int
    since: datetime | None
    done: int = 0  # approvals given
    needed: int = 0


_SQL = """
with lists as (
    select r.*, u.name unit from enrolment_roster r join registry_unit u on u.id = r.sender_id
    where r.scheme_id = %(scheme)s and r.id = any(%(rosters)s)),
reviews as (
    select r.unit, c.review, count(distinct r.id) things, count(*) people, min(coalesce(c.reviewed_at, r.proposed_at)) since
    from enrolment_candidate c join lists r on r.id = c.roster_id
    left join enrolment_determinationline l on l.candidate_id = c.id
    where r.state = 'proposed' and c.review in ('pending', 'returned', 'accepted') and l.id is null group by 1, 2)
select 'propose' step, unit, count(*) things, sum(people)::bigint people, min(received_at) since, 0 done, 0 needed
from lists where state = 'checked' group by unit
union all select 'review', unit, things, people, since, 0, 0 from reviews where review = 'pending'
union all select 'mend', unit, things, people, since, 0, 0 from reviews where review = 'returned'
union all select 'determine', unit, things, people, since, 0, 0 from reviews where review = 'accepted'
union all select 'check', h.checker, 1, count(k.id), h.sent_at, 0, 0
    from enrolment_check h join enrolment_checkrow k on k.check_id = h.id
    where h.scheme_id = %(scheme)s and h.answered_on is null group by h.id
union all select case d.state when 'proposed' then 'verify' when 'verified' then 'approve' else 'sign' end, coalesce(u.name, ''),
    1, d.people, coalesce(d.approved_at, d.verified_at, d.proposed_at),
    (select count(*) from enrolment_approval a where a.determination_id = d.id),
    coalesce((select levels from enrolment_approvallevels v where v.scheme_id = d.scheme_id), 1)
    from enrolment_determination d left join registry_unit u on u.id = d.unit_id
    where d.scheme_id = %(scheme)s and d.state in ('proposed', 'verified', 'approved')
union all select case b.state when 'prepared' then 'send' else 'answer' end, u.name, 1, b.people, b.prepared_at, 0, 0
    from enrolment_batch b join registry_unit u on u.id = b.unit_id
    where b.scheme_id = %(scheme)s and b.state in ('prepared', 'sent')
union all select 'confirm', '', count(*), count(*), min(proposed_at), 0, 0
    from enrolment_movement where scheme_id = %(scheme)s and state = 'proposed' having count(*) > 0
order by 5 nulls last, 2
"""
# who must act next, and where that is done
STEPS = {
    "propose": ("head", "rosters"), "review": ("office", "reviews"), "mend": ("operator", "rosters"), "determine": ("office", "determinations"),
    "check": ("checker", "checks"), "verify": ("legal", "determinations"), "approve": ("approver", "determinations"),
    "sign": ("office", "determinations"), "send": ("office", "batches"), "answer": ("branch", "batches"), "confirm": ("office", "movements"),
}  # fmt: skip


def who_waits(user: User, scheme: Scheme) -> list[Stuck]:
    """Everything that waits, the longest first, of lists within reach."""
    rosters = list(rosters_of(user, scheme).order_by().values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"scheme": scheme.pk, "rosters": rosters})
        return [Stuck(*row) for row in cursor.fetchall()]
