"""What a month of one person costs as a wage earner and as somebody who works for themselves, side by side."""

from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest
from click.testing import CliRunner

from lindung import schemes
from lindung.base.refused import Refused
from lindung.cli import cli
from lindung.enrolment import pricing


def side_by_side(slug: str, wage: int, month: date, **more: int) -> dict[str, dict]:
    found = pricing.compare(schemes.builtin()[slug], wage, month, **more)
    return {row["segment"]: row for row in found.to_dicts()}


def test_the_cleaners_of_pangkalpinang_as_bpu_and_as_pu():
    found = side_by_side("pangkalpinang-2024", 3_640_000, date(2024, 9, 1), bpu_income=1_000_000)
    assert (found["PU"]["total"], found["PU"]["city"], found["PU"]["worker"]) == (19_656, 19_656, 0)
    assert found["BPU"]["programmes"] == "JKK,JKM"
    assert (found["BPU"]["total"], found["BPU"]["city"]) == (16_800, 16_800)
    same = side_by_side("pangkalpinang-2024", 3_640_000, date(2024, 9, 1))
    assert same["BPU"]["total"] > same["PU"]["total"]


def test_four_programmes_are_dearer_and_partly_cut_from_the_honorarium():
    found = side_by_side("serang-2019", 1_500_000, date(2019, 4, 1))
    pu, bpu = found["PU"], found["BPU"]
    assert (pu["programmes"], pu["lost"]) == ("JKK,JKM,JHT,JP", "")
    assert (bpu["programmes"], bpu["lost"]) == ("JKK,JKM,JHT", "JP")
    assert pu["worker"] == 45_000
    assert pu["city"] == pu["total"] - 45_000
    assert bpu["worker"] == 0


@pytest.mark.parametrize("month", [date(2020, 7, 1), date(2020, 8, 1)])
def test_the_law_of_the_month_decides(month):
    bpu = side_by_side("tangsel-2019", 1_000_000, month)["BPU"]
    assert bpu["total"] == (16_800 if month.month == 7 else 168)


def one(**more: object) -> pl.DataFrame:
    row = {
        "segment": "BPU",
        "programmes": "JKK,JKM",
        "wage": 1_000_000,
        "risk_class": None,
        "payer": "donor",
        "sector": "other",
    }
    kinds = {"risk_class": pl.String, "payer": pl.String}
    return pl.DataFrame([{**row, **more}], schema_overrides=kinds)


def whole(rows: pl.DataFrame, first: date, last: date) -> list[int | None]:
    return pricing.over(rows, first, last)["whole"].to_list()


def test_each_month_of_a_period_is_priced_by_its_own_law():
    year = date(2026, 1, 1), date(2026, 12, 31)
    assert whole(one(), *year) == [3 * 16_800 + 9 * 8_400]  # PP 50/2025: other sectors from April
    assert whole(one(payer="APBD"), *year) == [12 * 16_800]
    assert whole(one(payer="APBD"), date(2020, 7, 1), date(2021, 2, 28)) == [2 * 16_800 + 6 * 168]
    assert whole(one(payer="APBD"), date(2019, 11, 1), date(2019, 11, 1)) == [16_800]


def test_a_month_whose_ceiling_is_not_announced_costs_what_the_one_before_costs():
    rich = one(segment="PU", programmes="JKK,JP", wage=20_000_000, risk_class="I", payer="APBD")
    february = 48_000 + 221_726
    assert whole(rich, date(2027, 2, 1), date(2027, 4, 30)) == [3 * february]
    assert whole(rich, date(2026, 2, 1), date(2026, 3, 31)) == [48_000 + 210_948 + february]
    assert whole(rich, date(2027, 3, 1), date(2027, 4, 30)) == [None]


def test_the_command_shows_both_and_refuses_what_it_cannot_price():
    words = ["enrol", "compare", "--scheme", "serang-2019", "--wage", "1500000", "--month", "2019-04"]
    shown = json.loads(CliRunner().invoke(cli, [*words, "--json"]).output)
    assert [(row["segment"], row["worker"]) for row in shown] == [("PU", 45_000), ("BPU", 0)]
    assert "tanpa JP" in CliRunner().invoke(cli, words).output
    for scheme, wage, code in (
        ("x", "1", "scheme.not_among_files"),
        ("serang-2019", "-1", "amount.negative"),
    ):
        with pytest.raises(Refused) as problem:
            CliRunner().invoke(
                cli,
                ["enrol", "compare", "--scheme", scheme, "--wage", wage, "--month", "2019-04"],
                catch_exceptions=False,
            )
        assert problem.value.code == code
