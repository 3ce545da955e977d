"""Values that no rule multiplies, and old values, written down a second time; and the days on which comparisons turn."""

from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from lindung import law
from lindung.law import benefits, clocks, scholarships

OLD, NEW = date(2019, 12, 1), date(2019, 12, 2)  # PP 82/2019
TODAY = date(2026, 11, 23)

VALUES = [
    # PP 44/2015 and PP 82/2019 Lampiran III
    ("benefit.transport_cap", OLD, {"land": 1_000_000, "sea": 1_500_000, "air": 2_500_000}),
    ("benefit.transport_cap", NEW, {"land": 5_000_000, "sea": 2_000_000, "air": 10_000_000}),
    ("benefit.home_care_cap", NEW, 20_000_000),
    ("benefit.home_care_years", NEW, 1),
    ("benefit.denture_cap", OLD, 3_000_000),
    ("benefit.denture_cap", NEW, 5_000_000),
    ("benefit.hearing_aid_cap", NEW, 2_500_000),
    ("benefit.glasses_cap", NEW, 1_000_000),
    ("benefit.prosthesis_extra", OLD, 400_000),
    ("benefit.prosthesis_extra", NEW, 400_000),
    ("benefit.disability_multiple", OLD, 80),
    ("benefit.scholarship_years", NEW, {"TK_SD": 8, "SMP": 3, "SMA": 3, "PT": 5}),
    ("clock.claim_lapse_years", OLD, 2),
    ("clock.claim_lapse_years", NEW, 5),
    ("clock.report_hours", OLD, 48),
    ("clock.report_hours", NEW, 48),
    # PP 49/2023 Pasal 25A, 25B
    ("benefit.suspected_accident_days", date(2023, 10, 6), 30),
    # PP 45/2015
    ("benefit.pension_late_years", TODAY, 3),
    ("benefit.survivor_children", TODAY, 2),
    ("benefit.pension_child_age", TODAY, 23),
    ("benefit.disability_pension_months", TODAY, 1),
    ("duty.pension_registration_days", TODAY, 30),
    # PP 37/2021, PP 6/2025
    ("benefit.job_loss_claim_months", date(2025, 2, 6), 3),
    ("benefit.job_loss_claim_months", date(2025, 2, 7), 6),
    ("benefit.job_loss_age", date(2025, 2, 6), 54),
    ("benefit.job_loss_age", date(2025, 2, 7), 54),
    ("benefit.job_loss_arrears", date(2025, 2, 7), 6),
    ("contribution.jkp_recomposition", date(2025, 2, 6), {"total": 4600, "government": 2200, "JKK": 1400, "JKM": 1000}),
    ("contribution.jkp_recomposition", date(2025, 2, 7), {"total": 3600, "government": 2200, "JKK": 1400, "JKM": 0}),
    # Permenaker 4/2022, PP 46/2015, PP 68/2009
    ("benefit.savings_return_known", date(2016, 6, 1), 71_900),
    ("benefit.savings_tax_years", TODAY, 2),
    # Permenaker 4/2023
    ("contribution.pmi_placed", TODAY, {"before": 37_500, "during_and_after": 332_500}),
    ("contribution.pmi_alone", TODAY, 332_500),
    ("contribution.pmi_extension_month", TODAY, 13_500),
    ("contribution.pmi_jht_minimum", TODAY, 50_000),
    # PP 49/2020
    ("contribution.relief_2020_jp_paid_now", date(2020, 9, 1), 10_000),
    ("payment.late_rate_pu", date(2020, 7, 31), 20_000),
    ("payment.late_rate_pu", date(2020, 8, 1), 5_000),
    ("payment.late_rate_pu", date(2021, 2, 1), 20_000),
    ("payment.due_day_pu", date(2021, 1, 31), 30),
    ("payment.due_day_pu", date(2021, 2, 1), 15),
    # UU 24/2011 Pasal 17 and 55, PP 86/2013, Permenaker 1/2025 Pasal 3A, Permenaker 5/2021
    ("duty.warnings", TODAY, 2),
    ("duty.penal_years", TODAY, 8),
    ("duty.penal_fine", TODAY, 1_000_000_000),
    ("duty.non_asn_form_days", TODAY, 30),
    ("clock.bpu_jobs", TODAY, 2),
    ("payment.overpayment_told_days", TODAY, 3),
]  # fmt: skip


@pytest.mark.parametrize(("parameter", "on", "value"), VALUES, ids=lambda v: str(v)[:40])
def test_a_value_stands_as_its_instrument_says(parameter, on, value):
    assert law.current().value(parameter, on) == value


@pytest.mark.parametrize("parameter", ["home_care_cap", "hearing_aid_cap", "glasses_cap", "scholarship_year"])
def test_what_pp_82_of_2019_brought_was_not_there_the_day_before(parameter):
    assert law.current()[f"benefit.{parameter}"].block(OLD) is None


def test_survivors_of_a_year_have_a_pension_and_of_eleven_months_a_lump_sum():
    rows = pl.DataFrame({"date": [date(2026, 3, 1)] * 2, "contribution_months": [12, 11], "average_monthly_wage": [6_000_000] * 2,
                         "heir": ["spouse"] * 2, "density_parts": [800_000] * 2})  # fmt: skip
    found = benefits.survivors(rows)
    assert found["lump_sum"].to_list() == [False, True]
    assert found["monthly"].to_list() == [450_000, None]


@pytest.mark.parametrize(("first", "full"), [(date(2025, 12, 1), 42_000_000), (date(2025, 12, 2), None)])
def test_the_other_reading_counts_when_three_months_are_over_on_that_very_day(first, full):
    row = pl.DataFrame({"date": [date(2026, 3, 1)], "cause": ["other"], "segment": ["BPU"], "joined": [date(2026, 2, 1)],
                        "first_joined": [first], "contribution_months": [2]})  # fmt: skip
    assert benefits.death(row)["full_total"].item() == full


@pytest.mark.parametrize(
    ("born", "error"), [(date(2026, 11, 10), None), (date(2026, 11, 11), "child.born_later")]
)
def test_a_child_may_be_born_ten_months_after_the_death(born, error):
    child = {"birth_date": born, "level": "TK_SD", "years_left_in_level": 8}
    row = pl.DataFrame(
        {"date": [date(2026, 1, 10)], "cause": ["work_accident"], "children": [[child]]},
        schema_overrides={"children": pl.List(scholarships.CHILD)},
    )
    assert scholarships.scholarship(row)["error"].item() == error


@pytest.mark.parametrize(
    ("born", "may"),
    [
        (date(2008, 1, 1), True),
        (date(2008, 1, 2), False),
        (date(1961, 1, 1), False),
        (date(1961, 1, 2), True),
    ],
)
def test_a_birthday_counts_from_its_own_day(born, may):
    row = pl.DataFrame({"on": [date(2026, 1, 1)], "segment": ["BPU"], "birth_date": [born]})
    assert clocks.of_members(row)["may_register"].item() is may


def test_a_report_was_due_within_two_days_from_the_beginning():
    assert clocks.report_by(datetime(2016, 3, 1, 9)) == datetime(2016, 3, 3, 9)  # noqa: DTZ001
