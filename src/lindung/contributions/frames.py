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
        # sets, not a search for each member: a table that just grew has no statistics to search it well
        """with accepted as (
               select b.membership_id id from enrolment_batchrow b join enrolment_batch h on h.id = b.batch_id
               join enrolment_batchanswer a on a.row_id = b.id
               where h.scheme_id = %(scheme)s and a.accepted and h.answered_on <= %(last)s
               union  -- who goes on at another wage keeps the number of the membership before
               select g.membership_id from enrolment_registration g where g.registered_on <= %(last)s),
           -- nobody is paid for twice in a month by one scheme, not even at another wage
           reckoned as (
               select n.person_id from contributions_calculation c join contributions_line l on l.calculation_id = c.id
               join enrolment_membership n on n.id = l.membership_id
               where c.scheme_id = %(scheme)s and c.month = %(month)s)
           select m.id, m.unit_id, m.segment, m.programmes, m.wage, m.risk_class, m.payer, m.sector
           from enrolment_membership m
           where m.scheme_id = %(scheme)s and m.starts_on <= %(last)s and coalesce(m.ends_on, %(last)s) >= %(month)s
             and m.id in (select id from accepted) and m.person_id not in (select person_id from reckoned)
           order by m.unit_id, m.id""",
        {"scheme": scheme.pk, "last": Month.of(month).last, "month": month},
        BILLABLE,
    )
