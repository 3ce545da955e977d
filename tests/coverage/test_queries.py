"""Enrolled, active, target and gap on any date."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest
from city import PEOPLE

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.contributions import actions as money
from lindung.coverage.actions import import_targets
from lindung.coverage.queries import coverage
from lindung.enrolment import actions as enrol
from lindung.enrolment.models import Membership

pytestmark = pytest.mark.django_db


def paid(city) -> None:
    city.registered(*PEOPLE)
    for calculation in money.calculate(city.scheme, Month(2019, 11), actor=city.hands["office"]):
        bill = money.record_bill(
            calculation, f"{calculation.pk:011d}", calculation.total, date(2019, 11, 15), date(2019, 11, 9), actor=city.hands["treasurer"]
        )  # fmt: skip
        for step in money.STEPS:
            money.pay(bill, step, "1", date(2019, 11, 12), bill.amount, actor=city.hands["treasurer"])


def test_figures_follow_the_date(city):
    paid(city)
    seen = [
        (on, coverage(city.scheme, on).total.enrolled, coverage(city.scheme, on).total.active)
        for on in (
            date(2019, 11, 7),
            date(2019, 11, 8),
            date(2019, 11, 11),
            date(2019, 11, 12),
            date(2019, 12, 31),
            date(2020, 1, 1),
        )
    ]
    assert [(enrolled, active) for _, enrolled, active in seen] == [
        (0, 0),
        (5, 0),
        (5, 0),
        (5, 5),
        (5, 0),
        (0, 0),
    ]


def test_gap_percent_and_definition(city):
    paid(city)
    found = coverage(city.scheme, date(2019, 11, 22))
    rows = {row.group: row for row in found.rows}
    assert (
        rows["rt_head"].target,
        rows["rt_head"].enrolled,
        rows["rt_head"].gap,
        rows["rt_head"].percent,
    ) == (4, 3, 1, Decimal("75.0"))
    assert rows["kader"].percent == Decimal("66.7")
    assert (found.total.target, found.total.enrolled, found.reported) == (7, 5, {"total": 5})
    assert "22-11-2019" in found.definition
    with pytest.raises(Refused):
        coverage(city.scheme, date(2019, 11, 22), "province")


def test_units_are_registered_not_partly_or_wholly(city):
    paid(city)
    rows = pl.DataFrame(
        {
            "dimension": ["unit"] * 3, "group": ["bagian-pemerintahan", "dinkes", "parigi"], "category": [None] * 3,
            "number": [3, 4, 9], "source": ["uji"] * 3,
        },
        schema_overrides={"category": pl.String},
    )  # fmt: skip
    assert import_targets(city.scheme, rows, date(2019, 11, 1), actor=city.hands["office"]) == 3
    assert import_targets(city.scheme, rows, date(2019, 11, 1), actor=city.hands["office"]) == 0
    found = coverage(city.scheme, date(2019, 11, 22), "unit")
    assert {row.group: row.status for row in found.rows} == {
        "bagian-pemerintahan": "wholly",
        "dinkes": "partly",
        "parigi": "none",
    }
    assert found.statuses() == {"none": 1, "partly": 1, "wholly": 1}
    by_kelurahan = coverage(city.scheme, date(2019, 11, 22), "kelurahan")
    assert [(row.label, row.enrolled, row.percent) for row in by_kelurahan.rows] == [("Pondok Jaya", 5, None)]


def test_an_ended_membership_counts_until_its_day(city):
    paid(city)
    one = Membership.objects.first()
    enrol.end_membership(one, date(2019, 11, 20), "died", actor=city.hands["office"])
    assert coverage(city.scheme, date(2019, 11, 20)).total.enrolled == 5
    assert coverage(city.scheme, date(2019, 11, 21)).total.enrolled == 4
    with pytest.raises(Refused) as problem:
        enrol.end_membership(one, date(2019, 11, 21), "died", actor=city.hands["office"])
    assert problem.value.code == "membership.not_ended"


def test_the_newest_telling_of_a_target_counts(city):
    paid(city)

    def told(category: str | None, number: int) -> pl.DataFrame:
        row = {
            "dimension": ["unit"],
            "group": ["dinkes"],
            "category": [category],
            "number": [number],
            "source": ["uji"],
        }
        return pl.DataFrame(row, schema_overrides={"category": pl.String})

    import_targets(city.scheme, told("kader", 4), date(2019, 11, 1), actor=city.hands["office"])
    import_targets(city.scheme, told(None, 9), date(2019, 11, 1), actor=city.hands["office"])
    assert {r.group: r.target for r in coverage(city.scheme, date(2019, 11, 22), "unit").rows}["dinkes"] == 4
    import_targets(city.scheme, told(None, 6), date(2019, 11, 10), actor=city.hands["office"])
    assert {r.group: r.target for r in coverage(city.scheme, date(2019, 11, 9), "unit").rows}["dinkes"] == 4
    found = coverage(city.scheme, date(2019, 11, 22), "unit")
    assert {r.group: r.target for r in found.rows}["dinkes"] == 6
    assert found.total.gap == 4
    with pytest.raises(Refused) as problem:
        import_targets(city.scheme, told(None, 7), date(2019, 11, 10), actor=city.hands["office"])
    assert problem.value.code == "target.contradicts"
