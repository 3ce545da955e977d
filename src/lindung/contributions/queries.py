"""Reads of money: what is left, what is billed and paid, and for how many months it lasts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.db.models import F, Q, Sum

from lindung.contributions.models import Bill, Budget, Calculation
from lindung.enrolment import pricing
from lindung.registry.models import Scheme, SchemeVersion, Unit
from lindung.registry.queries import rules_of


@dataclass(frozen=True)
class BudgetState:
    """One unit's year, in whole rupiah: the budget, what is paid, what is billed and not paid, what is left.

    `monthly` is the newest month's cost to the city; `months` how many more such months the rest pays for.
    """

    unit: Unit
    year: int
    amount: int
    paid: int
    billed: int
    monthly: int

    @property
    def left(self) -> int:
        return self.amount - self.paid - self.billed

    @property
    def months(self) -> int | None:
        return self.left // self.monthly if self.monthly else None


def budget_states(scheme: Scheme, year: int) -> list[BudgetState]:
    """Every unit of a scheme with a budget in a year, in the order of their names."""
    amounts = _amounts(scheme, year)
    # what the city pays of a bill is what BPJS asks less the workers' own share
    bills = (
        Bill.objects.filter(calculation__scheme=scheme, calculation__month__year=year)
        .values("calculation__unit")
        .annotate(
            paid=Sum(F("amount") - F("calculation__workers"), filter=Q(calculation__paid_on__isnull=False)),
            billed=Sum(F("amount") - F("calculation__workers"), filter=Q(calculation__paid_on__isnull=True)),
        )
    )
    spent = {row["calculation__unit"]: (row["paid"] or 0, row["billed"] or 0) for row in bills}
    newest: dict[int, int] = {}
    reckoned = (
        Calculation.objects.filter(scheme=scheme, month__year=year)
        .values("unit", "month")
        .annotate(city=Sum("city"))
        .order_by("month")
    )
    for row in reckoned:
        newest[row["unit"]] = row["city"]
    units = Unit.objects.filter(pk__in=amounts).order_by("name")
    return [
        BudgetState(unit, year, amounts[unit.pk], *spent.get(unit.pk, (0, 0)), newest.get(unit.pk, 0))
        for unit in units
    ]


def left_of_budget(scheme: Scheme, unit: Unit, year: int) -> int | None:
    """What a unit may still be billed in a year; None when it has no budget at all."""
    amount = _amounts(scheme, year).get(unit.pk)
    if amount is None:
        return None
    used = Bill.objects.filter(
        calculation__scheme=scheme, calculation__unit=unit, calculation__month__year=year
    ).aggregate(n=Sum(F("amount") - F("calculation__workers")))["n"]
    return amount - (used or 0)


def left_by_unit(scheme: Scheme, year: int) -> dict[int, int]:
    """What a new determination may still promise: the budget less what is billed or promised already, whichever is more."""
    promised = _promised(scheme, year)
    return {
        state.unit.pk: state.amount - max(state.paid + state.billed, promised.get(state.unit.pk, 0))
        for state in budget_states(scheme, year)
    }


def _amounts(scheme: Scheme, year: int) -> dict[int, int]:
    """unit → what it may spend: of each account code the newest stage, which takes the place of those before it."""
    newest: dict[tuple[int, str], int] = {}
    stages = list(Budget.STAGES)
    rows = Budget.objects.filter(scheme=scheme, year=year).values_list(
        "unit", "account_code", "stage", "amount"
    )
    for unit, code, _, amount in sorted(rows, key=lambda row: stages.index(row[2])):
        newest[unit, code] = amount
    found: dict[int, int] = {}
    for (unit, _), amount in newest.items():
        found[unit] = found.get(unit, 0) + amount
    return found


def _promised(scheme: Scheme, year: int) -> dict[int, int]:
    """unit → what its approved and signed determinations cost in a year; who left or was replaced no longer counts.

    A line runs over the period of its category; where it is not within the year, its months there count.
    """
    periods = [
        (version.pk, category, first, until)
        for version in SchemeVersion.objects.filter(scheme=scheme, determination__state__in=("approved", "signed")).distinct()
        for category, first, until in pricing.terms(rules_of(version)).select("category", "first", "until").iter_rows()
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            """select l.unit_id, sum(case when l.whole is not null and p.starts_on >= %(first)s
                                           and coalesce(p.ends_on, %(last)s) <= %(last)s then l.whole
                      else coalesce(l.monthly, 0) * greatest(0, 1 +
                           (extract(month from least(coalesce(p.ends_on, %(last)s), %(last)s))
                            - extract(month from greatest(p.starts_on, %(first)s)))) end)::bigint
               from enrolment_determinationline l join enrolment_determination d on d.id = l.determination_id
               join unnest(%(versions)s::bigint[], %(categories)s::text[], %(firsts)s::date[], %(untils)s::date[])
                   p(version_id, category, starts_on, ends_on) on p.version_id = d.version_id and p.category = l.category
               left join enrolment_membership m on m.line_id = l.id
               where d.scheme_id = %(scheme)s and d.state in ('approved', 'signed') and m.end_reason is null
                 and p.starts_on <= %(last)s and coalesce(p.ends_on, %(last)s) >= %(first)s
               group by 1""",
            {
                "scheme": scheme.pk,
                "first": date(year, 1, 1),
                "last": date(year, 12, 31),
                **{
                    name: [period[at] for period in periods]
                    for at, name in enumerate(("versions", "categories", "firsts", "untils"))
                },
            },
        )
        return dict(cursor.fetchall())


def calculations_of(scheme: Scheme, month: date | None = None) -> list[Calculation]:
    """Calculations with their unit, bill and payments, newest month first, in a constant number of queries."""
    found = Calculation.objects.filter(scheme=scheme).select_related("unit", "bill", "scheme")
    if month:
        found = found.filter(month=month)
    return list(found.prefetch_related("bill__payments").order_by("-month", "unit__name", "sequence"))


def programme_totals(calculation: Calculation) -> dict[str, int]:
    """Sum per programme share of a calculation: jkk, jkm, jht_employer … (what the account codes are charged with)."""
    names = ["jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker"]
    return {
        name: value
        for name, value in calculation.lines.aggregate(**{n: Sum(n) for n in names}).items()
        if value
    }


def paid_months(person: int) -> list[tuple[int, date, date]]:
    """(membership, month, paid on) of every paid month of a person, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            """select l.membership_id, l.month, c.paid_on from contributions_line l
               join contributions_calculation c on c.id = l.calculation_id
               join enrolment_membership m on m.id = l.membership_id
               where m.person_id = %s and c.paid_on is not null order by l.month, l.membership_id""",
            [person],
        )
        return cursor.fetchall()
