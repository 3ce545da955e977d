"""Coverage on any date: enrolled and active against the target, per category, unit or kelurahan."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from lindung.base.messages import language, sentence
from lindung.base.money import percent
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.coverage.models import Apart
from lindung.registry.models import Region, Scheme, Unit
from lindung.registry.queries import current_version, rules_of
from lindung.schemes import Scheme as Rules

BY = ("category", "unit", "kelurahan")


@dataclass(frozen=True)
class Row:
    """One group. `gap` and the percentages are None where nobody has told a target."""

    group: str
    label: str
    target: int | None
    enrolled: int
    active: int
    in_process: int = 0
    apart: int = 0
    second: int = 0  # offices whose holders are covered through another office: no gap, and nobody twice
    missing: int | None = (
        None  # of a total: the sum of its groups' gaps, which a group above its target does not fill
    )

    @property
    def gap(self) -> int | None:
        if self.missing is not None or self.target is None:
            return self.missing
        return max(self.target - self.enrolled - self.second, 0)

    @property
    def percent(self) -> Decimal | None:
        return percent(self.enrolled + self.second, self.target)

    @property
    def percent_active(self) -> Decimal | None:
        return percent(self.active, self.target)

    @property
    def status(self) -> str:
        """none, partly or wholly: an office counts as registered only when everybody of it is."""
        if not self.enrolled:
            return "none"
        return (
            "wholly" if self.target is not None and self.enrolled + self.second >= self.target else "partly"
        )


@dataclass(frozen=True)
class Coverage:
    scheme: str
    on: date
    by: str
    rows: list[Row]
    total: Row
    reported: dict[str, int]
    definition: str
    apart: list[dict[str, object]] = field(default_factory=list)

    @property
    def offices(self) -> int:
        """Persons enrolled, and the offices that some of them hold beside."""
        return self.total.enrolled + self.total.second

    def statuses(self) -> dict[str, int]:
        return {name: sum(row.status == name for row in self.rows) for name in ("none", "partly", "wholly")}


# the targets in force on a day: of each group the newest telling; per category where it was told so, else its total
NEWEST = """
    select t.* from coverage_target t where t.scheme_id = %s and t.dimension = %s and t.as_of = (
        select max(n.as_of) from coverage_target n
        where n.scheme_id = t.scheme_id and n.dimension = t.dimension and n."group" = t."group" and n.as_of <= %s)
      and (t.category <> '' or not exists (
        select from coverage_target c where c.scheme_id = t.scheme_id and c.dimension = t.dimension
          and c."group" = t."group" and c.as_of = t.as_of and c.category <> ''))
"""
# of BY: group → (enrolled, active, named but not enrolled)
Counts = dict[str, dict[str, tuple[int, int, int]]]


def counted(scheme: Scheme, on: date) -> Counts:
    """Everybody of a scheme on a date, counted once for all groupings."""
    asked = {"scheme": scheme.pk, "on": on, "month": Month.of(on).first}
    with connection.cursor() as cursor:
        cursor.execute(
            """with paid as materialized (
                   select distinct l.membership_id
                   from contributions_calculation c join contributions_line l on l.calculation_id = c.id
                   where c.scheme_id = %(scheme)s and c.paid_on <= %(on)s and l.month = %(month)s),
               cells as (
                   select m.category, m.unit_id, m.kelurahan_id,
                          count(*) filter (where g.registered_on <= %(on)s) enrolled,
                          count(p.membership_id) filter (where g.registered_on <= %(on)s) active,
                          count(*) filter (where g.registered_on is null or g.registered_on > %(on)s) process
                   from enrolment_membership m left join enrolment_registration g on g.membership_id = m.id
                   left join paid p on p.membership_id = m.id
                   where m.scheme_id = %(scheme)s and m.determined_on <= %(on)s and m.starts_on <= %(on)s
                     and (m.ends_on is null or m.ends_on >= %(on)s)
                   group by 1, 2, 3)
               select x.category, u.code, coalesce(x.kelurahan_id, ''), x.enrolled, x.active, x.process
               from cells x join registry_unit u on u.id = x.unit_id""",
            asked,
        )
        rows = cursor.fetchall()
    return {by: _sums(rows, at) for at, by in enumerate(BY)}


def _sums(rows: list[tuple[Any, ...]], at: int) -> dict[str, tuple[int, int, int]]:
    found = dict[str, tuple[int, int, int]]()
    for row in rows:
        before = found.get(row[at], (0, 0, 0))
        found[row[at]] = (before[0] + row[3], before[1] + row[4], before[2] + row[5])
    return found


def _second_offices(scheme: Scheme, rules: Rules, on: date, by: str) -> Counter[str]:
    """group → offices of people who are enrolled through another office on a date (rangkap jabatan)."""
    payer = {c.id: c.payer.unit for c in rules.categories}
    found: Counter[str] = Counter()
    with connection.cursor() as cursor:
        cursor.execute(
            """select c.category, u.code, coalesce(c.kelurahan_id, ''), count(*)
               from enrolment_secondoffice s join enrolment_candidate c on c.id = s.candidate_id
               join enrolment_roster r on r.id = c.roster_id join registry_unit u on u.id = r.sender_id
               join enrolment_determinationline l on l.candidate_id = s.through_id join enrolment_membership m on m.line_id = l.id
               join enrolment_registration g on g.membership_id = m.id
               where m.scheme_id = %s and r.state = 'proposed' and g.registered_on <= %s and m.starts_on <= %s
                 and (m.ends_on is null or m.ends_on >= %s) group by 1, 2, 3""",
            [scheme.pk, on, on, on],
        )
        for category, sender, kelurahan, number in cursor.fetchall():
            found[
                {"category": category, "unit": payer.get(category) or sender, "kelurahan": kelurahan}[by]
            ] += number
    return found


def _targets(scheme: Scheme, rules: Rules, on: date, by: str) -> tuple[dict[str, int | None], str]:
    """group → target as known on a date, and whence."""
    if by == "category":
        return {c.id: c.target for c in rules.categories}, sentence("coverage.target_regulation")
    found: dict[str, int | None] = {}
    source = ""
    with connection.cursor() as cursor:
        told = f'select "group", number, source from ({NEWEST}) t order by as_of'  # noqa: S608 (a text of ours)
        cursor.execute(told, [scheme.pk, by, on])
        for group, number, source in cursor.fetchall():  # noqa: B007  (the newest source is the one named)
            found[group] = (found.get(group) or 0) + number
    return found, source or sentence("coverage.target_imported")


def coverage(scheme: Scheme, on: date, by: str = "category", sums: Counts | None = None) -> Coverage:
    """The figures of a scheme on a date; `sums`: what was `counted` for it before. Raises Refused("coverage.by_unknown")."""
    if by not in BY:
        raise Refused("coverage.by_unknown", {"by": by})
    rules = rules_of(current_version(scheme))
    counts = (sums or counted(scheme, on))[by]
    targets, source = _targets(scheme, rules, on, by)
    seconds = _second_offices(scheme, rules, on, by)
    labels = _labels(scheme, rules, by, set(counts) | set(targets))
    order = list(targets) if by == "category" else sorted(set(targets) | set(counts))
    order += [group for group in sorted(counts) if group not in order]
    apart = list(
        Apart.objects.filter(scheme=scheme, as_of__lte=on).values("category", "group", "reason", "number")
    )
    rows = [
        Row(
            group,
            labels.get(group) or sentence("coverage.unknown_group"),
            targets.get(group),
            *counts.get(group, (0, 0, 0)),
            second=seconds[group],
        )
        for group in order
    ]
    aims = [row.target for row in rows if row.target is not None]
    total = Row(
        "total",
        "Total",
        sum(aims) if aims else None,
        sum(row.enrolled for row in rows),
        sum(row.active for row in rows),
        sum(row.in_process for row in rows),
        second=sum(row.second for row in rows),
        missing=sum(row.gap or 0 for row in rows) if aims else None,
    )
    reported = {item.key: item.value for item in rules.reported}
    definition = sentence(
        "coverage.definition", {"on": f"{on:%d-%m-%Y}", "month": f"{on:%m-%Y}", "source": source}
    )
    return Coverage(scheme.slug, on, by, rows, total, reported, definition, apart)


def _labels(scheme: Scheme, rules: Rules, by: str, groups: set[str]) -> dict[str, str]:
    if by == "category":
        return {c.id: c.label[language()] for c in rules.categories}
    if by == "unit":
        return dict(Unit.objects.filter(locality=scheme.locality_id).values_list("code", "name"))
    return dict(Region.objects.filter(pk__in=groups).values_list("pk", "name"))
