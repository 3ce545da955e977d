"""Recaps for the mayor and the offices: per Perangkat Daerah, per kelurahan × category, and the lists behind a bill."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.base.month import Month
from lindung.contributions.models import Calculation
from lindung.coverage.models import Target
from lindung.coverage.queries import NEWEST
from lindung.papers import lists
from lindung.papers.tables import Table
from lindung.registry import frames
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of

UNITS = {
    "unit": pl.String,
    "npp": pl.String,
    "people": pl.Int64,
    "source": pl.String,
    "registered": pl.Int64,
    "active": pl.Int64,
    "programmes": pl.String,
    "contribution": pl.Int64,
    "paid_until": pl.Date,
}


def units_recap(scheme: Scheme, on: date) -> Table:
    """documents 24: every office with a target or members, its people, registered, paid, contribution a month."""
    rows = frames.read(
        f"""with members as (
               select m.unit_id, count(*) filter (where g.registered_on <= %s) registered,
                      count(*) filter (where g.registered_on <= %s and c.paid_on <= %s) active,
                      string_agg(distinct m.programmes, '; ') programmes, sum(l.total) contribution
               from enrolment_membership m
               left join enrolment_registration g on g.membership_id = m.id
               left join contributions_line l on l.membership_id = m.id and l.month = %s
               left join contributions_calculation c on c.id = l.calculation_id
               where m.scheme_id = %s and m.starts_on <= %s and (m.ends_on is null or m.ends_on >= %s) group by 1),
           told as (
               select "group" code, sum(number) people, min(source) || ', ' || to_char(max(as_of), 'DD-MM-YYYY') source
               from ({NEWEST}) t group by 1),
           paid as (select unit_id, max(month) paid_until from contributions_calculation
                    where scheme_id = %s and paid_on <= %s group by 1)
           select u.name, u.npp, coalesce(t.people, m.registered, 0), coalesce(t.source, ''), coalesce(m.registered, 0),
                  coalesce(m.active, 0), coalesce(m.programmes, ''), coalesce(m.contribution, 0), p.paid_until
           from registry_unit u left join members m on m.unit_id = u.id left join told t on t.code = u.code
           left join paid p on p.unit_id = u.id
           where u.locality_id = %s and (m.unit_id is not null or t.code is not null) order by u.name""",  # noqa: S608
        [
            on,
            on,
            on,
            Month.of(on).first,
            scheme.pk,
            on,
            on,
            scheme.pk,
            "unit",
            on,
            scheme.pk,
            on,
            scheme.locality_id,
        ],
        UNITS,
    )
    return lists.table(
        "units", rows, (f"{scheme.locality.name.title()}, per {on:%d-%m-%Y}",), notes=_notes(scheme)
    )


PLACES = {
    "kecamatan": pl.String,
    "kelurahan": pl.String,
    "category": pl.String,
    "quota": pl.Int64,
    "active": pl.Int64,
    "waiting": pl.Int64,
    "not_registrable": pl.Int64,
}


def places_recap(scheme: Scheme, on: date) -> Table:
    """documents 25: kelurahan × category with quota, registered and paid, waiting list, and who cannot be registered."""
    rows = frames.read(
        f"""with members as (
               select coalesce(m.kelurahan_id, '') place, m.category, count(*) active from enrolment_membership m
               join enrolment_registration g on g.membership_id = m.id and g.registered_on <= %s
               join contributions_line l on l.membership_id = m.id and l.month = %s
               join contributions_calculation c on c.id = l.calculation_id and c.paid_on <= %s
               where m.scheme_id = %s and m.starts_on <= %s and (m.ends_on is null or m.ends_on >= %s) group by 1, 2),
           told as (select "group" place, category, sum(number) quota from ({NEWEST}) t group by 1, 2),
           people as (
               select coalesce(c.kelurahan_id, '') place, c.category,
                      count(*) filter (where c.review = 'waiting') waiting,
                      count(*) filter (where c.review <> 'waiting' and exists (
                          select from enrolment_finding f where f.candidate_id = c.id and f.code = 'eligibility.too_old')) old
               from enrolment_candidate c join enrolment_roster r on r.id = c.roster_id
               where r.scheme_id = %s and c.category is not null
                 and (c.review = 'waiting' or c.result = 'tidak_layak') group by 1, 2),
           keys as (select place, category from members union select place, category from told
                    union select place, category from people where waiting + old > 0)
           select coalesce(d.name, '–'), coalesce(v.name, '–'), k.category, coalesce(t.quota, 0), coalesce(m.active, 0),
                  coalesce(p.waiting, 0), coalesce(p.old, 0)
           from keys k left join members m using (place, category) left join told t using (place, category)
           left join people p using (place, category)
           left join registry_region v on v.code = k.place left join registry_region d on d.code = left(k.place, 8)
           order by k.place, k.category""",  # noqa: S608
        [on, Month.of(on).first, on, scheme.pk, on, on, scheme.pk, "kelurahan", on, scheme.pk],
        PLACES,
    )
    labels = {category.id: category.label["id"] for category in rules_of(current_version(scheme)).categories}
    rows = rows.with_columns(pl.col("category").replace_strict(labels, default=pl.col("category")))
    return lists.table(
        "places", rows, (f"{scheme.locality.name.title()}, per {on:%d-%m-%Y}",), notes=_notes(scheme)
    )


def _notes(scheme: Scheme) -> tuple[str, ...]:
    invented = Target.objects.filter(scheme=scheme, invented=True).exists()
    return ("Sasaran per unit dan kelurahan adalah angka rekaan untuk demo.",) if invented else ()


NOMINATIVE = {
    "kpj": pl.String,
    "nik": pl.String,
    "name": pl.String,
    "place": pl.String,
    "wage": pl.Int64,
    "jkk": pl.Int64,
    "jkm": pl.Int64,
    "jht_employer": pl.Int64,
    "jht_worker": pl.Int64,
    "jp_employer": pl.Int64,
    "jp_worker": pl.Int64,
    "month": pl.Date,
}


def nominative_list(calculation: Calculation) -> Table:
    """documents 16: everybody in a calculation with each programme's amount; its sum is the calculation's."""
    rows = _lines(calculation)
    where = f"{calculation.unit.name}, bulan {calculation.month:%m-%Y}"
    return lists.table("nominative", rows.with_columns(pl.selectors.integer().fill_null(0)), (where,))


def deduction_list(calculation: Calculation) -> Table:
    """documents 17: whose honorarium is cut by how much for JHT and JP."""
    rows = _lines(calculation).filter(pl.sum_horizontal("jht_worker", "jp_worker") > 0)
    where = f"{calculation.unit.name}, bulan {calculation.month:%m-%Y}"
    return lists.table("deductions", rows.with_columns(pl.selectors.integer().fill_null(0)), (where,))


def _lines(calculation: Calculation) -> pl.DataFrame:
    return frames.read(
        """select coalesce(g.kpj, ''), p.nik, p.name, coalesce(k.name, u.name), l.base, l.jkk, l.jkm, l.jht_employer,
                  l.jht_worker, l.jp_employer, l.jp_worker, l.month
           from contributions_line l join enrolment_membership m on m.id = l.membership_id
           join registry_person p on p.id = m.person_id join registry_unit u on u.id = m.unit_id
           left join enrolment_registration g on g.membership_id = m.id
           left join registry_region k on k.code = m.kelurahan_id
           where l.calculation_id = %s order by m.kelurahan_id, p.name, m.id""",
        [calculation.pk],
        NOMINATIVE,
    )
