"""Contributions against a naive second implementation, and what must hold for any row."""

from __future__ import annotations

import random
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lindung import law
from lindung.base.money import LARGEST
from lindung.base.refused import Refused
from lindung.law import contribution

MONTHS = [date(y, m, 1) for y in range(2015, 2028) for m in range(1, 13) if date(2015, 7, 1) <= date(y, m, 1)]
COLUMNS = {**contribution.COLUMNS, "programmes": pl.List(pl.String)}

# the naive one: literals of its own, one person at a time, Decimal ---------------------------------------------------

RISK = {"I": "0.24", "II": "0.54", "III": "0.89", "IV": "1.27", "V": "1.74"}
CEILINGS = [
    ((2015, 7), 7000000), ((2016, 3), 7335300), ((2017, 3), 7703500), ((2018, 3), 8094000), ((2019, 3), 8512400),
    ((2020, 3), 8939700), ((2021, 3), 8754600), ((2022, 3), 9077600), ((2023, 3), 9559600), ((2024, 3), 10042300),
    ((2025, 3), 10547400), ((2026, 3), 11086300), ((2027, 3), None),
]  # fmt: skip
BASES = [1000000, 1200000, 1400000, 1600000, 1800000, 2000000, 2200000, 2400000, 2600000, 2950000, 3450000, 3950000,
         4450000, 4950000, 5450000, 5950000, 6450000, 6950000, 7450000, 7950000, 8700000, 9700000, 10700000, 11700000,
         12700000, 13700000, 14700000, 15700000, 16700000, 17700000, 18700000, 19700000, 20700000]  # fmt: skip
STARTS = [0, 1100000, 1300000, 1500000, 1700000, 1900000, 2100000, 2300000, 2500000, 2700000, 3200000, 3700000,
          4200000, 4700000, 5200000, 5700000, 6200000, 6700000, 7200000, 7700000, 8200000, 9200000, 10200000, 11200000,
          12200000, 13200000, 14200000, 15200000, 16200000, 17200000, 18200000, 19200000, 20200000]  # fmt: skip
SLICES = [(0, "0.21", "0.03"), (100_000_000, "0.17", "0.02"), (500_000_000, "0.13", "0.02"),
          (1_000_000_000, "0.11", "0.01"), (5_000_000_000, "0.09", "0.01")]  # fmt: skip


def rupiah(amount: Decimal) -> int:
    return int(amount.quantize(Decimal(1), rounding=ROUND_HALF_UP))


def naive(row: dict) -> dict | None:
    """The amounts, or None when the row is refused."""
    month = (row["month"].year, row["month"].month)
    asked, money = row["programmes"], row["wage"]
    covid = Decimal("0.01") if (2020, 8) <= month <= (2021, 1) else None
    jkk = jkm = covid or Decimal(1)
    out = {}
    if row["segment"] == "JAKON" and money is None:
        money = row["contract_value"]
        if money is None:
            return None
        for place, name in ((1, "jkk"), (2, "jkm")):
            total = Decimal(0)
            for number, layer in enumerate(SLICES):
                top = SLICES[number + 1][0] if number + 1 < len(SLICES) else money
                part = max(0, min(money, top) - layer[0])
                total += part * Decimal(layer[place]) / 100
            out[name] = rupiah(total * jkk)
        return {k: v for k, v in out.items() if k.upper() in asked} | {"base": money}
    if money is None:
        return None
    base = money
    if row["segment"] == "PU":
        if row["labour_intensive"] and (2025, 2) <= month <= (2026, 1):
            jkk = Decimal("0.5")
        if "JKK" in asked:
            if row["risk_class"] is None:
                return None
            out["jkk"] = rupiah(base * Decimal(RISK[row["risk_class"]]) / 100 * jkk)
        if "JKM" in asked:
            out["jkm"] = rupiah(base * Decimal("0.3") / 100 * jkm)
        if "JHT" in asked:
            out["jht_employer"] = rupiah(base * Decimal("3.7") / 100)
            out["jht_worker"] = rupiah(base * Decimal(2) / 100)
        if "JP" in asked:
            ceiling = [c for start, c in CEILINGS if start <= month][-1]
            if ceiling is None:
                return None
            out["jp_employer"] = rupiah(min(base, ceiling) * Decimal(2) / 100)
            out["jp_worker"] = rupiah(min(base, ceiling) * Decimal(1) / 100)
    elif row["segment"] == "BPU":
        base = [b for s, b in zip(STARTS, BASES, strict=True) if s <= money][-1]
        last = (2027, 3) if row["sector"] == "transport" else (2026, 12)
        window = ((2026, 1) if row["sector"] == "transport" else (2026, 4)) <= month <= last
        if (window or covid) and row["payer"] is None and {"JKK", "JKM"} & set(asked):
            return None
        if window and row["payer"] not in ("APBD", "APBN"):
            jkk = jkm = Decimal("0.5")
        if "JKK" in asked:
            out["jkk"] = rupiah(base * Decimal("0.01") * jkk)
        if "JKM" in asked:
            out["jkm"] = rupiah(6800 * jkm)
        if "JHT" in asked:
            out["jht_worker"] = rupiah(base * Decimal("0.02"))
    else:
        out = {
            "jkk": rupiah(base * Decimal("1.74") / 100 * jkk),
            "jkm": rupiah(base * Decimal("0.3") / 100 * jkm),
        }
        out = {k: v for k, v in out.items() if k.upper() in asked}
    return out | {"base": base}


def random_row(rng: random.Random) -> dict:
    segment = rng.choice(["PU", "PU", "BPU", "BPU", "JAKON"])
    programmes = [p for p in contribution.HAS[segment] if rng.random() < 0.7] or ["JKK"]
    scale = rng.choice([10**5, 10**6, 10**7, 10**8, LARGEST])
    return {
        "segment": segment, "programmes": programmes, "month": rng.choice(MONTHS),
        "wage": rng.choice([rng.randrange(scale), rng.choice(STARTS), None if rng.random() < 0.2 else 5000025]),
        "contract_value": rng.choice([None, rng.randrange(10 * 10**9), rng.choice(SLICES)[0], LARGEST]),
        "risk_class": rng.choice([*RISK, None]), "payer": rng.choice([*contribution.PAYERS, None]),
        "sector": rng.choice(["transport", "other", None]), "labour_intensive": rng.choice([True, False, None]),
    }  # fmt: skip


def test_equals_the_naive_implementation_on_random_people():
    rng = random.Random(20191122)
    rows = [random_row(rng) for _ in range(20_000)]
    found = contribution.compute(pl.DataFrame(rows, schema=COLUMNS))
    refused = 0
    for row, answer in zip(rows, found.iter_rows(named=True), strict=True):
        expected = naive(row)
        if expected is None:
            refused += 1
            assert answer["error"], row
            assert all(answer[name] is None for name in contribution.AMOUNTS), row
            continue
        assert answer["error"] is None, (row, answer["error"])
        amounts = {name: answer[name] for name in (*contribution.LINES, "base") if answer[name] is not None}
        assert amounts == expected, row
        assert answer["total"] == sum(v for k, v in expected.items() if k != "base")
    assert 200 < refused < 10_000


# properties ---------------------------------------------------------------------------------------------------------

rows = st.integers(0, 2**32).map(lambda seed: random_row(random.Random(seed)))


@settings(max_examples=15, deadline=None)
@given(st.lists(rows, min_size=1, max_size=20), st.randoms())
def test_order_and_company_do_not_matter(people, rng):
    frame = pl.DataFrame(people, schema=COLUMNS).with_row_index("n")
    together = contribution.compute(frame)
    order = list(range(len(people)))
    rng.shuffle(order)
    shuffled = contribution.compute(frame[order]).sort("n")
    assert shuffled.equals(together)
    alone = pl.concat([contribution.compute(frame[n : n + 1]) for n in range(len(people))])
    assert alone.equals(together)


@settings(max_examples=40, deadline=None)
@given(rows, st.integers(0, 10**10), st.integers(0, 10**10))
def test_more_wage_never_costs_less(person, one, other):
    pair = [{**person, "wage": wage, "payer": "self", "risk_class": "II"} for wage in sorted((one, other))]
    found = contribution.compute(pl.DataFrame(pair, schema=COLUMNS))
    for name in contribution.AMOUNTS:
        low, high = found[name]
        assert low is None or low <= high


@settings(max_examples=40, deadline=None)
@given(rows)
def test_programmes_asked_apart_cost_the_same(person):
    apart = [{**person, "programmes": [p]} for p in person["programmes"]]
    together = contribution.compute(pl.DataFrame([person], schema=COLUMNS)).row(0, named=True)
    if together["error"] is None:
        assert contribution.compute(pl.DataFrame(apart, schema=COLUMNS))["total"].sum() == together["total"]


def test_a_slice_boundary_changes_nothing(monkeypatch):
    rng = random.Random(1)
    frame = pl.DataFrame([random_row(rng) for _ in range(500)], schema=COLUMNS)
    whole = contribution.compute(frame)
    monkeypatch.setattr(contribution, "_SLICE", 37)
    assert contribution.compute(frame).equals(whole)


# columns and errors -------------------------------------------------------------------------------------------------


def test_words_may_be_text_category_or_enum_and_programmes_a_text():
    rng = random.Random(2)
    frame = pl.DataFrame([random_row(rng) for _ in range(300)], schema=COLUMNS)
    expected = contribution.compute(frame).select(*contribution.AMOUNTS, "error")
    text = frame.with_columns(pl.col("programmes").list.join(","))
    words = ("segment", "programmes", "risk_class", "payer", "sector")
    for other in (
        text,
        text.with_columns(pl.col(words).cast(pl.Categorical)),
        text.with_columns(pl.col(n).cast(pl.Enum(text[n].drop_nulls().unique())) for n in words),
        text.with_columns(pl.col("wage", "contract_value").cast(pl.UInt64)),
    ):
        assert contribution.compute(other).select(*contribution.AMOUNTS, "error").equals(expected)


def test_income_stands_for_the_wage_and_a_given_error_is_kept():
    frame = pl.DataFrame(
        {"segment": ["BPU", "BPU"], "programmes": ["JKM", "JKM"], "month": [date(2019, 11, 1)] * 2, "income": [1, 2],
         "error": [None, "category.unknown"]}
    )  # fmt: skip
    found = contribution.compute(frame)
    assert found["total"].to_list() == [6800, None]
    assert found["error"].to_list() == [None, "category.unknown"]


def test_no_rows_give_no_rows():
    found = contribution.compute(pl.DataFrame(schema=COLUMNS))
    assert found.height == 0
    assert set(contribution.AMOUNTS) <= set(found.columns)


def test_money_that_is_no_integer_is_refused_at_once():
    with pytest.raises(Refused) as refused:
        contribution.compute(pl.DataFrame({"segment": ["PU"], "wage": [1.5]}))
    assert refused.value.code == "amount.not_whole"


def test_fields_of_another_segment_are_not_looked_at():
    frame = pl.DataFrame(
        {"segment": ["PU", "BPU", "JAKON"], "programmes": ["JKM"] * 3, "month": [date(2019, 11, 1)] * 3,
         "wage": [1_000_000] * 3, "sector": ["farm", None, "farm"], "risk_class": [None, "VI", "VI"],
         "payer": [None, None, "nobody"], "contract_value": [-1, -1, None]}
    )  # fmt: skip
    assert contribution.compute(frame)["error"].to_list() == [None, None, None]


# the law as it was known --------------------------------------------------------------------------------------------


def test_a_bill_of_august_2020_is_rebuilt_and_corrected():
    people = pl.DataFrame(
        {"segment": ["PU", "BPU"], "programmes": ["JKK,JKM", "JKK,JKM,JHT"], "month": [date(2020, 8, 1)] * 2,
         "wage": [5_000_000, 1_000_000], "risk_class": ["I", None], "payer": [None, "APBD"]}
    )  # fmt: skip
    before = law.current().known_on(date(2020, 8, 15))
    billed, now = contribution.compute(people, law=before), contribution.compute(people)
    assert billed["total"].to_list() == [27_000, 36_800]
    assert now["total"].to_list() == [270, 20_168]
    lines = contribution.corrections(people, billed=before, now=law.current())
    assert lines["difference"].sum() == now["total"].sum() - billed["total"].sum()
    assert lines.select("row", "line", "difference").rows() == [
        (0, "jkk", -11_880), (0, "jkm", -14_850), (1, "jkk", -9_900), (1, "jkm", -6_732),
    ]  # fmt: skip
    assert contribution.corrections(people, billed=law.current(), now=law.current()).height == 0


def test_a_ceiling_is_not_known_before_its_announcement():
    row = pl.DataFrame(
        {"segment": ["PU"], "programmes": ["JP"], "month": [date(2026, 3, 1)], "wage": [20_000_000]}
    )
    known = law.current().known_on
    assert (
        contribution.compute(row, law=known(date(2026, 2, 24)))["error"].item() == "jp_ceiling.not_announced"
    )
    assert contribution.compute(row, law=known(date(2026, 2, 25)))["total"].item() == 332_589


def test_before_any_law_was_known_nothing_is_computed():
    unknown = law.current().known_on(date(2015, 6, 1))
    rng = random.Random(4)
    frame = pl.DataFrame([random_row(rng) for _ in range(300)], schema=COLUMNS)
    found = contribution.compute(frame, law=unknown)
    assert found["error"].null_count() == 0
    assert all(found[name].null_count() == found.height for name in contribution.AMOUNTS)


def test_jkp_is_reported_up_to_its_ceiling():
    frame = pl.DataFrame(
        {
            "month": [date(2021, 1, 1), date(2024, 1, 1), date(2026, 1, 1)],
            "wage": [4_000_000, 8_000_000, 4_000_000],
        }
    )
    found = contribution.recomposition(frame)
    assert found["jkp_from_jkk"].to_list() == [None, 7_000, 5_600]
    assert found["jkp_from_jkm"].to_list() == [None, 5_000, 0]
    assert found["jkp_government"].to_list() == [None, 11_000, 8_800]


def test_columns_without_any_value_and_days_within_a_month():
    row = {"segment": "PU", "programmes": ["JKM"], "month": date(2025, 3, 31), "wage": 1_000_000, "labour_intensive": None,
           "payer": None, "risk_class": None, "sector": None, "contract_value": None, "error": None}  # fmt: skip
    found = contribution.compute(pl.DataFrame([row]))
    assert (found["total"].item(), found["error"].item()) == (3_000, None)
    assert (
        contribution.compute(pl.DataFrame([row | {"programmes": None}]))["error"].item()
        == "programme.missing"
    )
    assert contribution.compute(pl.DataFrame([row | {"month": None}]))["error"].item() == "month.missing"
