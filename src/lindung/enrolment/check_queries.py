"""The board of checks: whom each checker was asked about, who has answered, how old the answers are, how long they take."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from lindung.registry.models import Scheme

ANY_DAY = date(1, 1, 1)


@dataclass(frozen=True)
class Board:
    """One checker. People counted are accepted and in no determination yet; `median_days` is over all its answers."""

    checker: str
    asked: int  # ever put to it
    open: int  # no answer to the newest question
    passed: int
    failed: int
    stale: int  # of those who passed: the answer is too old to count
    not_asked: int
    oldest_on: date | None  # the oldest newest answer
    waiting_since: date | None
    median_days: float | None
    answers: int

    @property
    def days(self) -> int | None:
        """Half of its answers took so many days or fewer."""
        return None if self.median_days is None else int(self.median_days + 0.5)

    @property
    def recent(self) -> int:
        return self.passed - self.stale


_BOARD = """
with people as (
    select c.id from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
    where r.scheme_id = %(scheme)s and c.review = 'accepted'
      and not exists (select from enrolment_determinationline l where l.candidate_id = c.id)),
checkers as (select * from unnest(%(checkers)s::text[], %(since)s::date[]) n(checker, since)),
told as (
    select k.id, k.candidate_id, h.checker, coalesce(h.sent_on, h.sent_at::date) sent_on, a.passed,
           coalesce(a.answered_on, h.answered_on) answered_on
    from enrolment_checkrow k join enrolment_check h on h.id = k.check_id
    left join enrolment_checkanswer a on a.row_id = k.id where h.scheme_id = %(scheme)s),
newest as (
    select distinct on (t.candidate_id, t.checker) t.* from told t join people p on p.id = t.candidate_id
    order by t.candidate_id, t.checker, t.id desc),
speed as (
    select checker, count(*) answers,
           percentile_cont(0.5) within group (order by greatest(answered_on - sent_on, 0)) median_days
    from told where passed is not null group by 1)
select c.checker, count(n.id), count(n.id) filter (where n.passed is null), count(n.id) filter (where n.passed),
       count(n.id) filter (where not n.passed), count(n.id) filter (where n.passed and n.answered_on < c.since),
       (select count(*) from people) - count(n.id), min(n.answered_on), min(n.sent_on) filter (where n.passed is null),
       s.median_days, coalesce(s.answers, 0)
from checkers c left join newest n on n.checker = c.checker left join speed s on s.checker = c.checker
group by c.checker, s.median_days, s.answers
"""


def checks_board(scheme: Scheme, needed: Mapping[str, int | None], on: date) -> list[Board]:
    """`needed`: checker → days for which an answer counts (None: for ever). One query."""
    since = [on - timedelta(days=days) if days is not None else ANY_DAY for days in needed.values()]
    with connection.cursor() as cursor:
        cursor.execute(_BOARD, {"scheme": scheme.pk, "checkers": list(needed), "since": since})
        found = {row[0]: Board(*row) for row in cursor.fetchall()}
    return [found[checker] for checker in needed]
