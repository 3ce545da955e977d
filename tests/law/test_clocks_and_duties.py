"""Dates that run by themselves, and who must do what."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from lindung import law
from lindung.law import clocks, duties, explain


def test_clocks_of_a_member():
    rows = pl.DataFrame(
        {"on": [date(2026, 1, 1)] * 5, "segment": ["BPU", "PU", "BPU", "BPU", "BPU"],
         "joined": [date(2025, 11, 30), date(2025, 11, 30), None, None, date(2026, 1, 2)],
         "birth_date": [date(1961, 1, 2), date(1966, 1, 2), date(1961, 1, 1), date(2008, 1, 2), None],
         "contribution_months": [2, 2, 36, None, 0]}
    )  # fmt: skip
    found = clocks.of_members(rows)
    assert found["full_death_benefit_from"].to_list() == [
        date(2026, 2, 28),
        date(2025, 11, 30),
        None,
        None,
        None,
    ]
    assert found["scholarship_after"].to_list() == [34, 34, 0, None, None]
    assert found["pension_after"].to_list() == [None, 178, None, None, None]
    assert found["may_register"].to_list() == [True, None, False, False, None]
    assert found["error"].to_list() == [None, None, None, None, "joined.after_date"]
    assert "benefit.bpu_wait_restart" in found["used"][0].to_list()


@pytest.mark.parametrize(
    ("born", "retires"),
    [
        (date(1960, 5, 1), date(2016, 5, 1)),  # 56
        (date(1962, 12, 31), date(2018, 12, 31)),  # 56 on the last day of 56
        (date(1963, 1, 1), date(2020, 1, 1)),  # 57
        (date(1965, 6, 1), date(2023, 6, 1)),  # 57 only in 2022, when it is 58
        (date(1970, 8, 17), date(2030, 8, 17)),  # 60
        (date(1990, 2, 28), date(2055, 2, 28)),  # 65 from 2043
        (date(1950, 1, 1), date(2015, 7, 1)),  # past it when the programme began
    ],
)
def test_retirement_is_the_first_day_on_which_the_age_of_that_day_is_reached(born, retires):
    row = pl.DataFrame({"on": [date(2026, 1, 1)], "segment": ["PU"], "birth_date": [born]})
    assert clocks.of_members(row)["retires_on"].item() == retires


def test_single_clocks():
    assert clocks.claim_lapses_on(date(2019, 12, 1)) == date(2021, 12, 1)
    assert clocks.claim_lapses_on(date(2020, 2, 29)) == date(2025, 2, 28)
    assert clocks.report_by(datetime(2026, 1, 9, 17)) == datetime(2026, 1, 11, 17)  # noqa: DTZ001
    assert clocks.scholarship_ends_on(date(2004, 2, 29), date(2026, 1, 1)) == date(2027, 2, 28)
    assert clocks.bpu_lapses_on(date(2026, 1, 1)) == date(2026, 5, 1)


def test_due_dates_with_a_calendar():
    rows = pl.DataFrame({"segment": ["PU", "BPU", "PU", "JAKON"], "month": [date(2026, 7, 1), date(2026, 8, 1),
                         date(2020, 12, 1), date(2026, 1, 1)]})  # fmt: skip
    found = clocks.due_dates(rows, holidays=[date(2026, 8, 17)])
    assert found["due_on"].to_list() == [date(2026, 8, 18), date(2026, 8, 18), date(2021, 2, 1), None]


def programmes(**row):
    setting = row.pop("non_asn_jht", "off")
    frame = pl.DataFrame(
        [{"on": date(2026, 1, 1), "scale": None, **row}], schema_overrides={"scale": pl.String}
    )
    return duties.programmes(frame, non_asn_jht=setting).row(0, named=True)


@pytest.mark.parametrize(
    ("scale", "compulsory", "optional"),
    [
        ("micro", ["JKK", "JKM"], ["JHT", "JP"]),
        ("small", ["JKK", "JKM", "JHT"], ["JP"]),
        ("medium", ["JKK", "JKM", "JHT", "JP"], []),
        ("large", ["JKK", "JKM", "JHT", "JP"], []),
        ("construction", ["JKK", "JKM"], []),
    ],
)
def test_programmes_by_scale(scale, compulsory, optional):
    found = programmes(employer="private", scale=scale)
    assert (found["compulsory"], found["optional"], found["disputed"]) == (compulsory, optional, False)


def test_the_city_decides_where_sources_disagree_and_the_disagreement_shows():
    assert programmes(employer="state")["compulsory"] == ["JKK", "JKM"]
    assert programmes(employer="state", non_asn_jht="compulsory")["compulsory"] == ["JKK", "JKM", "JHT"]
    found = programmes(employer="state", non_asn_jht="optional")
    assert found["optional"] == ["JHT"]
    assert found["disputed"]
    _, unverified = law.current().grounds(found["used"], found["on"])
    assert unverified == ["duty.programmes_non_asn"]
    assert programmes(employer="state", on=date(2024, 1, 1))["disputed"] is False
    with pytest.raises(ValueError, match="perhaps"):
        programmes(employer="state", non_asn_jht="perhaps")


def test_a_city_is_told_what_its_setting_means_and_that_nobody_verified_it():
    told = explain.non_asn("optional", date(2026, 1, 1), lang="en")
    assert told.steps[0] == "The city's rule: an office may choose JHT."
    assert "compulsory: JKK, JKM; by choice: JHT (Permenaker 1/2025 Pasal 3A)" in told.steps[1]
    assert told.doubts[0].startswith("Not verified: the sources disagree")
    assert explain.non_asn(None, date(2026, 1, 1), lang="id").doubts[0].startswith("Belum terverifikasi:")
    assert "sources disagree about" not in str(explain.non_asn("off", date(2024, 1, 1), lang="en"))


def test_bpu_duties_and_what_is_not_known():
    assert programmes(employer="self")["optional"] == ["JHT"]
    assert programmes(employer="self_employing")["compulsory"] == ["JKK", "JKM", "JHT"]
    assert programmes(employer="state", on=date(2020, 1, 1))["error"] == "duty.not_yet"
    assert programmes(employer="private")["error"] == "scale.missing"
    assert programmes(employer="private", scale="huge")["error"] == "scale.unknown"
    assert programmes(employer="nobody")["error"] == "employer.unknown"


def test_scales_at_their_limits():
    billion = 10**9
    rows = pl.DataFrame(
        {"on": [date(2026, 1, 1)] * 6 + [date(2020, 1, 1), date(2026, 1, 1)],
         "capital": [billion, billion + 1, 5 * billion, 10 * billion, 10 * billion + 1, None, 1, None],
         "yearly_sales": [None, None, None, None, None, 15 * billion + 1, None, None]}
    )  # fmt: skip
    found = duties.scales(rows)
    assert found["scale"].to_list() == ["micro", "small", "small", "medium", "large", "medium", None, None]
    assert found["error"].to_list()[-2:] == ["scale.before_law", "scale.missing"]


def test_sanctions_count_working_days():
    row = pl.DataFrame({"warned_on": [date(2026, 8, 10)], "contribution": [10_000_000]})
    plain = duties.sanctions(row).row(0, named=True)
    assert (plain["second_warning_from"], plain["fine_from"]) == (date(2026, 8, 24), date(2026, 9, 7))
    assert (plain["fine_until"], plain["public_services_from"]) == (date(2026, 10, 7), date(2026, 10, 8))
    assert plain["fine_per_month"] == 10_000
    moved = duties.sanctions(row, holidays=[date(2026, 8, 17)]).row(0, named=True)
    assert moved["second_warning_from"] == date(2026, 8, 25)


def test_who_pays_while_the_employer_is_behind():
    assert duties.paid_in_arrears(3, date(2026, 1, 1)) == "bpjs"
    assert duties.paid_in_arrears(4, date(2026, 1, 1)) == "employer"
