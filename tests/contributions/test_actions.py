"""A month is reckoned once, billed within the budget, and paid step by step."""

from __future__ import annotations

from datetime import date

import pytest
from city import PEOPLE, answer

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.contributions import actions as money
from lindung.contributions.models import Bill, Calculation, Line
from lindung.contributions.queries import (
    budget_states,
    left_by_unit,
    left_of_budget,
    paid_months,
    programme_totals,
)
from lindung.enrolment import actions as enrol
from lindung.registry.models import Person

pytestmark = pytest.mark.django_db
NOVEMBER = Month(2019, 11)


def bill_of(city, calculation, amount=None, code="12345678901"):
    return money.record_bill(
        calculation,
        code,
        amount or calculation.total,
        date(2019, 11, 15),
        date(2019, 11, 9),
        actor=city.hands["treasurer"],
    )


def pay_all(city, bill, on=date(2019, 11, 12)):
    for step in money.STEPS:
        money.pay(bill, step, f"{step}/1", on, bill.amount, actor=city.hands["treasurer"])


def test_a_month_is_reckoned_per_payer_and_only_once(city):
    city.registered(*PEOPLE)
    made = money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])
    assert {c.unit.code: (c.people, c.total, c.city, c.workers) for c in made} == {
        "bagian-pemerintahan": (3, 50_400, 50_400, 0),
        "dinkes": (2, 33_600, 33_600, 0),
    }
    assert programme_totals(made[0]) in ({"jkk": 30_000, "jkm": 20_400}, {"jkk": 20_000, "jkm": 13_600})
    with pytest.raises(Refused) as problem:
        money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])
    assert problem.value.code == "calculation.nobody"
    assert Line.objects.count() == 5


def test_nobody_is_reckoned_before_bpjs_accepted_them_nor_outside_the_period(city):
    city.signed(*PEOPLE)
    with pytest.raises(Refused) as problem:
        money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])
    assert problem.value.code == "calculation.nobody"
    with pytest.raises(Refused) as problem:
        money.calculate(city.scheme, Month(2020, 1), actor=city.hands["office"])
    assert problem.value.code == "calculation.not_in_force"


def test_a_late_person_gets_a_calculation_of_their_own(city):
    city.signed(*PEOPLE)
    batches = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    first = next(b for b in batches if b.unit.code == "bagian-pemerintahan")
    rejected = first.rows.order_by("line").first().nik
    for batch in batches:
        enrol.read_batch_answer(
            batch, "a.csv", answer(batch, {rejected: "x"}), date(2019, 11, 8), actor=city.hands["office"]
        )
    money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])
    (again,) = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    enrol.read_batch_answer(again, "b.csv", answer(again), date(2019, 11, 20), actor=city.hands["office"])
    (late,) = money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])
    assert (late.sequence, late.people, late.total) == (1, 1, 16_800)


def test_a_bill_over_the_budget_is_refused_with_the_shortage(city):
    city.registered(*PEOPLE)
    made = {c.unit.code: c for c in money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])}
    money.set_budget(city.scheme, city.units["dinkes"], 2019, "5.1.02", 33_599, actor=city.hands["treasurer"])
    with pytest.raises(Refused) as problem:
        bill_of(city, made["dinkes"])
    assert problem.value.code == "bill.over_budget"
    assert "kurang Rp1)" in str(problem.value)
    money.set_budget(city.scheme, city.units["dinkes"], 2019, "5.1.02", 33_600, actor=city.hands["treasurer"])
    bill_of(city, made["dinkes"])
    assert left_of_budget(city.scheme, city.units["dinkes"], 2019) == 0


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (50_400, "sama dengan"),
        (67_200, "setara 1 orang"),
        (16_800, "lebih sedikit"),
        (50_401, "bukan kelipatan"),
    ],
)
def test_the_difference_is_said_in_words(city, amount, words):
    city.registered(*PEOPLE)
    made = {c.unit.code: c for c in money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])}
    bill = bill_of(city, made["bagian-pemerintahan"], amount)
    assert words in money.explanation(bill)


def test_a_bill_is_recorded_once(city):
    city.registered(*PEOPLE)
    first, second = money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])
    bill_of(city, first)
    for calculation, code in ((first, "bill.there_already"), (second, "bill.again")):
        with pytest.raises(Refused) as problem:
            bill_of(city, calculation)
        assert problem.value.code == code
    assert Bill.objects.count() == 1


def test_payment_steps_keep_their_order_amount_and_dates(city):
    city.registered(*PEOPLE)
    calculation = money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])[0]
    bill = bill_of(city, calculation)
    treasurer = city.hands["treasurer"]
    for step, amount, on, code in (
        ("SPM", bill.amount, date(2019, 11, 12), "payment.order"),
        ("SPP", bill.amount - 1, date(2019, 11, 12), "payment.amount"),
    ):
        with pytest.raises(Refused) as problem:
            money.pay(bill, step, "1", on, amount, actor=treasurer)
        assert problem.value.code == code
    money.pay(bill, "SPP", "1", date(2019, 11, 12), bill.amount, actor=treasurer)
    with pytest.raises(Refused) as problem:
        money.pay(bill, "SPP", "1", date(2019, 11, 12), bill.amount, actor=treasurer)
    assert problem.value.code == "payment.again"
    with pytest.raises(Refused) as problem:
        money.pay(bill, "SPM", "2", date(2019, 11, 11), bill.amount, actor=treasurer)
    assert problem.value.code == "payment.date"


def test_paid_months_and_the_budget_follow_the_proof(city):
    city.registered(*PEOPLE)
    person = Person.objects.get(name="ANI CONTOH")
    calculation = next(
        c for c in money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"]) if c.people == 3
    )
    bill = bill_of(city, calculation)
    assert paid_months(person.pk) == []
    state = {s.unit.code: s for s in budget_states(city.scheme, 2019)}["bagian-pemerintahan"]
    assert (state.paid, state.billed, state.left, state.months) == (0, 50_400, 9_949_600, 197)
    pay_all(city, bill)
    assert [(month, paid) for _, month, paid in paid_months(person.pk)] == [
        (date(2019, 11, 1), date(2019, 11, 12))
    ]
    state = {s.unit.code: s for s in budget_states(city.scheme, 2019)}["bagian-pemerintahan"]
    assert (state.paid, state.billed) == (50_400, 0)
    assert Calculation.objects.get(pk=calculation.pk).paid_on == date(2019, 11, 12)


def test_a_newer_stage_of_the_budget_takes_the_place_of_the_older(city):
    unit = city.units["dinkes"]
    for stage, amount, left in (("perubahan", 7_000, 7_000), ("murni", 9_000, 7_000)):
        money.set_budget(
            city.scheme, unit, 2019, "5.1.02", amount, stage=stage, actor=city.hands["treasurer"]
        )
        assert left_of_budget(city.scheme, unit, 2019) == left
    for wrong in ({"year": 999_999}, {"stage": "lain"}, {"amount": 10**15}):
        asked = {"year": 2019, "amount": 1, "stage": "murni"} | wrong
        with pytest.raises(Refused):
            money.set_budget(
                city.scheme, unit, asked["year"], "5.1.02", asked["amount"], stage=asked["stage"], actor=city.hands["treasurer"]
            )  # fmt: skip


def test_what_is_promised_by_decrees_is_not_promised_again(city):
    city.signed(*PEOPLE)
    left = left_by_unit(city.scheme, 2019)
    assert left[city.units["bagian-pemerintahan"].pk] == 10_000_000 - 3 * 16_800 * 2
    assert left[city.units["dinkes"].pk] == 10_000_000 - 2 * 16_800 * 2


def test_text_too_long_is_refused_in_words(city):
    with pytest.raises(Refused) as problem:
        money.set_budget(city.scheme, city.units["dinkes"], 2019, "x" * 60, 1, actor=city.hands["treasurer"])
    assert problem.value.code == "value.out_of_range"


def test_nobody_is_paid_for_before_bpjs_took_them_nor_twice_in_a_month(city):
    city.signed(*PEOPLE)
    for batch in enrol.prepare_batches(city.scheme, actor=city.hands["office"]):
        enrol.read_batch_answer(batch, "a.csv", answer(batch), date(2019, 12, 5), actor=city.hands["office"])
    with pytest.raises(Refused) as problem:
        money.calculate(city.scheme, NOVEMBER, actor=city.hands["office"])
    assert problem.value.code == "calculation.nobody"
    assert (
        sum(c.people for c in money.calculate(city.scheme, Month(2019, 12), actor=city.hands["office"])) == 5
    )
