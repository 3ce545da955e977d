"""Benefits against naive second implementations, and what must hold for any person."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest

from lindung import law
from lindung.base.month import add_months
from lindung.base.refused import Refused
from lindung.law import benefits, penalties, savings, scholarships

CHANGE = date(2019, 12, 2)
BEGIN, END = date(2015, 7, 1), date(2026, 12, 31)


def some_day(rng, first=BEGIN, last=END):
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def rupiah(amount):
    return int(Decimal(amount).quantize(Decimal(1), rounding=ROUND_HALF_UP))


def test_deaths_equal_the_naive_reading():
    rng = random.Random(11)
    rows = []
    for _ in range(3000):
        day = some_day(rng, *((date(2025, 1, 1), date(2025, 12, 31)) if rng.random() < 0.5 else (BEGIN, END)))
        rows.append(
            {"date": day, "cause": rng.choice(["work_accident", "other"]), "segment": rng.choice(["PU", "BPU", "JAKON"]),
             "wage": rng.choice([0, 300_000, 5_000_000, 400_000]), "joined": day - timedelta(days=rng.randrange(200)),
             "contribution_months": rng.choice([0, 35, 36, 59, 60])}
        )  # fmt: skip
    found = benefits.death(pl.DataFrame(rows))
    for row, answer in zip(rows, found.iter_rows(named=True), strict=True):
        new = row["date"] >= CHANGE
        grant, periodic, funeral = (
            (20_000_000, 12_000_000, 10_000_000) if new else (16_200_000, 4_800_000, 3_000_000)
        )
        scholarship = True
        if row["cause"] == "work_accident":
            insured = {0: 1_000_000, 300_000: 1_000_000, 400_000: 1_000_000, 5_000_000: 4_950_000}[
                row["wage"]
            ]
            grant = max(grant, 48 * (insured if row["segment"] == "BPU" else row["wage"]))
        else:
            scholarship = row["contribution_months"] >= (36 if new else 60)
            rule = row["segment"] == "BPU" and row["date"] >= date(2025, 2, 24)
            if rule and row["date"] < add_months(row["joined"], 3):
                grant, periodic, scholarship = 0, 0, False
        expected = (grant, periodic, funeral, grant + periodic + funeral, scholarship)
        names = ("death_grant", "periodic", "funeral", "total", "scholarship_eligible")
        assert tuple(answer[n] for n in names) == expected, row
    assert found["error"].null_count() == found.height


def naive_scholarship(day, children):
    """Year after year, child after child."""
    levels = [("TK_SD", 1_500_000, 8), ("SMP", 2_000_000, 3), ("SMA", 3_000_000, 3), ("PT", 12_000_000, 5)]
    paid = []
    for child in children:
        if len(paid) == 2 or day >= add_months(child["birth_date"], 276):
            continue
        school = []
        for number, (_name, amount, years) in enumerate(levels):
            at = [lv[0] for lv in levels].index(child["level"])
            if number == at:
                school += [amount] * min(child["years_left_in_level"], years)
            elif number > at:
                school += [amount] * years
        total = 0
        for year, amount in enumerate(school):
            if add_months(day, 12 * year) < add_months(child["birth_date"], 276):
                total += amount
        paid.append(total)
    return paid


def some_children(rng, day):
    return [
        {"birth_date": add_months(day, -rng.randrange(1, 25 * 12)) - timedelta(days=rng.randrange(3)),
         "level": rng.choice(["TK_SD", "SMP", "SMA", "PT"]), "years_left_in_level": rng.randrange(10)}
        for _ in range(rng.randrange(5))
    ]  # fmt: skip


def test_scholarships_equal_the_naive_reading_and_their_plan():
    rng = random.Random(12)
    days = [some_day(rng, CHANGE, date(2030, 1, 1)) for _ in range(800)] + [date(2024, 2, 29)] * 200
    rows = [{"date": d, "cause": "work_accident", "children": some_children(rng, d)} for d in days]
    frame = pl.DataFrame(rows)
    found = scholarships.scholarship(frame)
    expected = [naive_scholarship(row["date"], row["children"]) for row in rows]
    assert found["per_child"].to_list() == expected
    assert found["total"].to_list() == [sum(e) for e in expected]
    plan = scholarships.plan(frame)
    assert plan["amount"].sum() == sum(map(sum, expected))
    assert plan.group_by("row", "child").len()["len"].max() <= 19
    assert (found["total"] <= 174_000_000).all()


def test_no_children_at_all_is_a_result_and_nobody_knows_is_an_error():
    frame = pl.DataFrame(
        {"date": [date(2026, 1, 1)] * 2, "cause": ["work_accident"] * 2, "children": [[], None]},
        schema_overrides={"children": pl.List(scholarships.CHILD)},
    )
    found = scholarships.scholarship(frame)
    assert found["per_child"].to_list() == [[], None]
    assert found["error"].to_list() == [None, "children.missing"]


def test_temporary_disability_equals_the_naive_reading():
    rng = random.Random(13)
    rows = [
        {"date": some_day(rng), "segment": "PU", "wage": rng.randrange(10**8), "months": rng.randrange(30)}
        for _ in range(1000)
    ]
    found = benefits.temporary_disability(pl.DataFrame(rows))
    for row, months in zip(rows, found["by_month"].to_list(), strict=True):
        late = Decimal("0.75") if row["date"] < CHANGE else 1
        shares = [1] * 6 + [late] * 6 + [Decimal("0.5")] * 18
        assert months == [rupiah(row["wage"] * share) for share in shares[: row["months"]]]


def test_pensions_equal_the_naive_reading():
    rng = random.Random(14)
    rows = [
        {"date": date(rng.randrange(2016, 2027), rng.randrange(1, 13), 1), "contribution_months": rng.randrange(170, 500),
         "average_monthly_wage": rng.randrange(2 * 10**7)}
        for _ in range(1000)
    ]  # fmt: skip
    found = benefits.pension(pl.DataFrame(rows))
    for row, answer in zip(rows, found.iter_rows(named=True), strict=True):
        if row["contribution_months"] < 180:
            assert (answer["monthly"], answer["lump_sum"]) == (None, True)
            continue
        limits = law.current().value("benefit.pension_limit", row["date"])
        exact = Decimal(row["contribution_months"]) * row["average_monthly_wage"] / 1200
        assert answer["monthly"] == max(limits["minimum"], min(limits["maximum"], rupiah(exact)))


def test_penalties_equal_the_naive_reading():
    rng = random.Random(15)
    holidays = [date(2026, 8, 17), date(2020, 9, 30), date(2021, 3, 1)]
    rows = [
        {"segment": rng.choice(["PU", "BPU"]), "month": date(rng.randrange(2016, 2027), rng.randrange(1, 13), 1),
         "contribution": rng.randrange(10**9), "employer": rng.choice(["private", "state", None])}
        for _ in range(1500)
    ]  # fmt: skip
    rows += [
        {"segment": "PU", "month": date(2020, m, 1), "contribution": 12_345_678, "employer": None}
        for m in range(6, 13)
    ]
    for row in rows:
        row["paid_on"] = row["month"] + timedelta(days=rng.randrange(500))
    found = penalties.late_penalty(pl.DataFrame(rows), holidays=holidays)
    for row, answer in zip(rows, found.iter_rows(named=True), strict=True):
        relief = date(2020, 8, 1) <= row["month"] <= date(2021, 1, 1)
        due = row["month"].replace(day=15)
        if row["segment"] == "PU":
            following = add_months(row["month"], 1)
            day = 30 if relief else 15
            due = following.replace(day=28 if (day, following.month) == (30, 2) else day)
        while due.weekday() >= 5 or due in holidays:
            due += timedelta(days=1)
        months = 0
        while row["paid_on"] > add_months(due, months):
            months += 1
        rate = Decimal("0.005") if relief else Decimal("0.02")
        fined = row["segment"] == "PU" and row["employer"] != "state"
        penalty = rupiah(row["contribution"] * rate * months) if fined else 0
        assert (answer["due_on"], answer["months_late"], answer["penalty"]) == (due, months, penalty), row


def test_the_largest_amounts_stay_exact():
    frame = pl.DataFrame(
        {"date": [date(2026, 1, 1)], "segment": ["PU"], "wage": [9_000_000_000_000], "type": ["functional"],
         "table_parts": [1_000_000], "function_loss_parts": [999_999]}
    )  # fmt: skip
    assert benefits.permanent_disability(frame)["grant"].item() == 719_999_280_000_000
    late = pl.DataFrame({"segment": ["PU"], "month": [date(2015, 7, 1)], "contribution": [9_000_000_000_000],
                         "paid_on": [date(9999, 12, 31)]})  # fmt: skip
    assert (
        penalties.late_penalty(late)["penalty"].item()
        == 180_000_000_000 * penalties.late_penalty(late)["months_late"].item()
    )


def test_a_restarted_clock_shows_both_amounts():
    row = {"date": date(2026, 1, 10), "cause": "other", "segment": "BPU", "joined": date(2025, 12, 1),
           "first_joined": date(2024, 1, 1), "contribution_months": 20}  # fmt: skip
    found = benefits.death(pl.DataFrame([row])).row(0, named=True)
    assert (found["total"], found["full_total"]) == (10_000_000, 42_000_000)
    told = str(law.explain.told("death", found, on=date(2026, 11, 23)))
    assert "Rp10.000.000" in told
    assert "Rp42.000.000" in told
    later = benefits.death(pl.DataFrame([row | {"date": date(2026, 4, 10)}])).row(0, named=True)
    assert (later["total"], later["full_total"]) == (42_000_000, None)


def test_a_column_of_the_wrong_kind_is_refused_at_once():
    with pytest.raises(Refused) as refused:
        benefits.pension_age(pl.DataFrame({"date": ["2026-01-01"]}))
    assert refused.value.code == "column.wrong_kind"


def test_the_balance_needs_the_return_of_every_year():
    paid = pl.DataFrame({"person": ["a", "a", "b"], "month": [date(2016, 1, 1), date(2017, 12, 1), date(2017, 6, 1)],
                         "amount": [1_200_000, 100, 1_200_000]})  # fmt: skip
    found = savings.balances(paid, {2016: 71_900, 2017: 60_000}, through=2017)
    # 1,200,000 × 11/12 × 7.19 % = 79,090; then 1,279,090 × 6 % = 76,745.4; 1,200,000 × 6/12 × 6 % = 36,000
    assert found.filter(person="a")["closing"].to_list() == [1_279_090, 1_355_935]
    assert found.filter(person="b")["closing"].to_list() == [0, 1_236_000]
    with pytest.raises(Refused) as refused:
        savings.balances(paid, {2016: 71_900}, through=2017)
    assert refused.value.values == {"year": 2017}
    assert savings.balances(paid.clear(), {}, through=2017).height == 0


def test_before_any_law_was_known_no_benefit_is_zero():
    from lindung.law import kinds, store

    unknown = law.current().known_on(date(2015, 6, 1))
    assert isinstance(unknown, store.Law)
    given = {"date": "2026-01-01", "cause": "other", "segment": "PU", "wage": 1_000_000, "joined": "2025-01-01",
             "contribution_months": 200, "children": [], "months": 2, "type": "total", "average_monthly_wage": 1_000_000,
             "month": "2026-01", "contribution": 1000, "paid_on": "2026-05-01"}  # fmt: skip
    for kind in kinds.KINDS:
        row = kinds.frame(kind, [kinds.row(kind, given)], holidays=(), law=unknown).row(0, named=True)
        assert row["error"] == "law.nothing_known", kind


def test_the_old_law_is_the_law_as_long_as_the_new_is_not_known():
    row = {
        "date": date(2020, 5, 1),
        "cause": "other",
        "segment": "PU",
        "joined": date(2019, 1, 1),
        "contribution_months": 16,
    }
    found = benefits.death(pl.DataFrame([row]), law=law.current().known_on(date(2019, 12, 1)))
    assert found["total"].item() == 24_000_000
