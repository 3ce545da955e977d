"""Members to be billed, as a frame."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.base.month import Month
from lindung.registry import frames
from lindung.registry.models import Scheme

BILLABLE = {
    "membership_id": pl.Int64,
    "unit_id": pl.Int64,
    "segment": pl.String,
    "programmes": pl.String,
    "wage": pl.Int64,
    "risk_class": pl.String,
    "payer": pl.String,
    "sector": pl.String,
}


def billable_members(scheme: Scheme, month: date) -> pl.DataFrame:
    """Members of a scheme in force in `month` whom BPJS accepted and for whom that month is not reckoned yet."""
    return frames.read(
        """select m.id, m.unit_id, m.segment, m.programmes, m.wage, m.risk_class, m.payer, m.sector
           from enrolment_membership m
           where m.scheme_id = %s and m.starts_on <= %s and coalesce(m.ends_on, %s) >= %s
             and (exists (select from enrolment_batchrow b join enrolment_batchanswer a on a.row_id = b.id
                          join enrolment_batch h on h.id = b.batch_id
                          where b.membership_id = m.id and a.accepted and h.answered_on <= %s)
                  -- who goes on at another wage keeps the number of the membership before
                  or exists (select from enrolment_registration g
                             where g.membership_id = m.id and g.registered_on <= %s))
             -- nobody is paid for twice in a month by one scheme, not even at another wage
             and not exists (select from contributions_line l join enrolment_membership n on n.id = l.membership_id
                             where n.person_id = m.person_id and n.scheme_id = m.scheme_id and l.month = %s)
           order by m.unit_id, m.id""",
        [scheme.pk, (last := Month.of(month).last), last, month, last, last, month],
        BILLABLE,
    )
