"""Reads of the yearly confirmation: who has answered, who has not, and whom nobody confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from lindung.enrolment.rounds import Round


@dataclass(frozen=True)
class Sender:
    """One sender of a round: how many it is asked about, how many it answered for, of those who left; when, and reminded when."""

    unit: int
    name: str
    asked: int
    answered: int
    left: int
    answered_at: datetime | None
    on_paper: bool
    reminded_at: datetime | None

    @property
    def state(self) -> str:
        return "done" if self.answered >= self.asked else "partly" if self.answered else "open"


_SQL = """
select coalesce(r.sender_id, m.unit_id) unit, u.name, count(*), count(a.id), count(a.id) filter (where not a.stays),
       max(a.answered_at), coalesce(bool_or(a.on_paper), false),
       max(n.reminded_at)
from enrolment_membership m left join enrolment_movement o on o.successor_id = m.id
left join enrolment_determinationline l on l.id = m.line_id
left join enrolment_candidate c on c.id = coalesce(l.candidate_id, o.candidate_id) left join enrolment_roster r on r.id = c.roster_id
left join enrolment_roundanswer a on a.membership_id = m.id and a.round_id = %(round)s and a.undone_at is null
join registry_unit u on u.id = coalesce(r.sender_id, m.unit_id)
left join (select unit_id, max(reminded_at) reminded_at from enrolment_roundreminder where round_id = %(round)s group by 1) n
    on n.unit_id = u.id
where m.scheme_id = %(scheme)s and m.starts_on <= %(day)s and (m.ends_on is null or m.ends_on >= %(day)s)
  and (%(units)s::bigint[] is null or coalesce(r.sender_id, m.unit_id) = any(%(units)s))
group by 1, 2 order by 2, 1
"""


def senders_of(round: Round, units: list[int] | None = None) -> list[Sender]:
    """By name; `units`: only these."""
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL, {"round": round.pk, "scheme": round.scheme_id, "day": round.as_of, "units": units}
        )
        return [Sender(*row) for row in cursor.fetchall()]
