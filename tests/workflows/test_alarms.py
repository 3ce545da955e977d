"""Who loses cover when and why, what it costs a family, and what a bridge costs."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import polars as pl
import pypdfium2
import pytest
from city import PEOPLE, SCHEME
from click.testing import CliRunner

from lindung.base.month import Month
from lindung.cli import cli, database
from lindung.contributions import actions as money
from lindung.enrolment import actions as enrol
from lindung.enrolment import lapses
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Membership
from lindung.registry import actions as register
from lindung.registry.audit import Actor
from lindung.workflows.alarms import alarm_pdf, lapse_alarm

pytestmark = pytest.mark.django_db


def pay(city, month: Month, on: date) -> None:
    treasurer = city.hands["treasurer"]
    for calculation in money.calculate(city.scheme, month, actor=city.hands["office"]):
        bill = money.record_bill(
            calculation, f"{calculation.pk:011d}", calculation.total, on, on, actor=treasurer
        )
        for step in money.STEPS:
            money.pay(bill, step, "1", on, bill.amount, actor=treasurer)


def longer(city) -> None:
    register.load_scheme(
        SCHEME.replace("until: 2019-12-31", "until: 2020-12-31"), "contoh.yaml", actor=Actor(None)
    )
    enrol.extend_memberships(city.scheme, "Perwal 1/2020", actor=city.hands["office"])


def told(found) -> list[tuple]:
    return [(one.unit, one.cause, one.lapses_on, one.people) for one in found.lapses]


def test_the_period_ends_for_everybody(city):
    city.registered(*PEOPLE)
    pay(city, Month(2019, 11), date(2019, 11, 12))
    found = lapse_alarm(city.scheme, date(2019, 12, 10))
    assert told(found) == [
        ("bagian-pemerintahan", "period_end", date(2020, 1, 1), 3), ("dinkes", "period_end", date(2020, 1, 1), 2),
    ]  # fmt: skip
    assert (found.members, found.people, found.first_on, found.bridge) == (
        5,
        5,
        date(2020, 1, 1),
        5 * 16_800 * 3,
    )
    assert found.lapses[0].pay_by == date(2019, 12, 16)  # the 15th is a Sunday
    assert (found.death, found.full, found.scholarship) == (42_000_000, 5, 0)
    assert (found.full_again_on, found.restart_unverified) == (date(2020, 4, 1), False)
    assert lapse_alarm(city.scheme, date(2019, 11, 20), ahead=30).lapses == ()


def test_who_leaves_by_a_decision_is_no_lapse(city):
    city.registered(*PEOPLE)
    pay(city, Month(2019, 11), date(2019, 11, 12))
    member = Membership.objects.get(person__nik=PEOPLE[0][:16])
    enrol.propose_movement(member, "moved", date(2019, 12, 20), "Surat 1", actor=city.hands["operator"])
    enrol.confirm_movements(
        city.scheme, Movement.objects.all(), date(2019, 12, 1), actor=city.hands["office"]
    )
    found = lapse_alarm(city.scheme, date(2019, 12, 10))
    assert (found.members, found.people, found.first_on) == (5, 4, date(2020, 1, 1))


def test_nobody_is_covered_before_the_first_payment(city):
    city.registered(*PEOPLE)
    found = lapse_alarm(city.scheme, date(2019, 11, 20))
    assert {cause for _, cause, _, _ in told(found)} == {"never_paid"}
    assert (found.people, found.full) == (5, 0)


def test_the_money_ends_before_the_period(city):
    city.registered(*PEOPLE)
    pay(city, Month(2019, 11), date(2019, 11, 12))
    money.set_budget(city.scheme, city.units["dinkes"], 2019, "5.1.02", 50_000, actor=city.hands["treasurer"])
    found = lapse_alarm(city.scheme, date(2019, 11, 25))
    assert told(found) == [
        ("dinkes", "budget_end", date(2019, 12, 1), 2), ("bagian-pemerintahan", "period_end", date(2020, 1, 1), 3),
    ]  # fmt: skip


def test_the_gap_until_the_next_budget(city):
    city.registered(*PEOPLE)
    for month in (11, 12):
        pay(city, Month(2019, month), date(2019, month, 12))
    longer(city)
    found = lapse_alarm(city.scheme, date(2019, 12, 20))
    assert {(cause, day) for _, cause, day, _ in told(found)} == {("next_budget", date(2020, 1, 1))}
    for unit in ("dinkes", "bagian-pemerintahan"):
        money.set_budget(
            city.scheme, city.units[unit], 2020, "5.1.02", 10_000_000, actor=city.hands["treasurer"]
        )
    assert lapse_alarm(city.scheme, date(2019, 12, 20)).lapses == ()


def test_unpaid_months_end_cover_after_three(city):
    city.registered(*PEOPLE)
    pay(city, Month(2019, 11), date(2019, 11, 12))
    longer(city)
    for unit in ("dinkes", "bagian-pemerintahan"):
        for year in (2020, 2021):
            money.set_budget(
                city.scheme, city.units[unit], year, "5.1.02", 10_000_000, actor=city.hands["treasurer"]
            )
    found = lapse_alarm(city.scheme, date(2020, 2, 1))
    assert {(cause, day) for _, cause, day, _ in told(found)} == {("unpaid", date(2020, 3, 1))}


def member(**more) -> pl.DataFrame:
    facts = {
        "segment": "PU", "starts_on": date(2025, 1, 1), "ends_on": None, "period_until": None,
        "paid_until": date(2025, 6, 1), "budget_until": None, "budget_cause": None, "joined": date(2025, 1, 1), "paid_months": 6,
    }  # fmt: skip
    days = ("starts_on", "ends_on", "period_until", "paid_until", "budget_until", "joined")
    return pl.DataFrame(
        [facts | more], schema_overrides=dict.fromkeys(days, pl.Date) | {"budget_cause": pl.String}
    )


@pytest.mark.parametrize(
    ("more", "on", "expected"),
    [
        ({}, date(2025, 7, 1), (None, None)),
        ({"ends_on": date(2025, 8, 31), "period_until": date(2025, 12, 31)}, date(2025, 7, 1), (date(2025, 9, 1), "contract_end")),
        ({"ends_on": date(2025, 12, 31), "period_until": date(2025, 12, 31)}, date(2025, 7, 1), (date(2026, 1, 1), "period_end")),
        ({"budget_until": date(2025, 9, 1), "budget_cause": "budget_end"}, date(2025, 7, 1), (date(2025, 10, 1), "budget_end")),
        ({"budget_until": date(2025, 2, 1), "budget_cause": "budget_end"}, date(2025, 6, 20), (date(2025, 7, 1), "budget_end")),
        ({}, date(2025, 9, 1), (date(2025, 10, 1), "unpaid")),
        ({"segment": "BPU"}, date(2025, 7, 16), (date(2025, 10, 1), "unpaid")),
        ({"paid_until": None}, date(2025, 7, 1), (date(2025, 7, 1), "never_paid")),
    ],
)  # fmt: skip
def test_the_first_of_the_causes_counts(more, on, expected):
    found = lapses.lapses(member(**more), on)
    assert found.select("lapses_on", "cause").row(0) == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"segment": "BPU", "joined": date(2025, 6, 1)}, (10_000_000, False, False)),
        ({"segment": "BPU", "joined": date(2025, 1, 1)}, (42_000_000, True, False)),
        ({"segment": "PU", "joined": date(2022, 1, 1), "paid_months": 36}, (42_000_000, True, True)),
        ({"paid_until": None, "joined": None, "paid_months": 0}, (0, False, False)),
    ],
)
def test_what_a_family_loses_follows_the_two_clocks(more, expected):
    rows = member(**more).with_columns(lapses_on=pl.lit(date(2025, 8, 1)))
    assert lapses.family_loss(rows).select("death", "full", "scholarship").row(0) == expected


def test_the_alarm_is_printed_and_told(city, monkeypatch, tmp_path):
    city.registered(*PEOPLE)
    pay(city, Month(2019, 11), date(2019, 11, 12))
    found = lapse_alarm(city.scheme, date(2019, 12, 10))
    content = alarm_pdf(city.scheme, found, user=None, at=datetime(2019, 12, 10, tzinfo=UTC))
    text = " ".join(pypdfium2.PdfDocument(content)[0].get_textpage().get_text_range().split())
    for words in ("Masa skema berakhir", "252.000", "Rp42.000.000", "5 dari 5 peserta"):
        assert words in text
    monkeypatch.setattr(database, "open_database", lambda: None)
    run = CliRunner().invoke
    asked = ["enrol", "alarm", "--scheme", "contoh-2019", "--on", "2019-12-10"]
    shown = json.loads(run(cli, [*asked, "--json", "--pdf", str(tmp_path / "a.pdf")]).output)
    assert (shown["people"], shown["bridge"], shown["lapses"][0]["lapses_on"]) == (5, 252_000, "2020-01-01")
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    assert "Rp252.000" in run(cli, asked).output
    assert "Tidak ada" in run(cli, [*asked, "--ahead", "2"]).output
