from datetime import date

import polars as pl
import pytest

from lindung.intake.dates import readings, settle
from lindung.intake.people import place_and_date

ON = date(2019, 11, 22)


def read(text):
    return readings(pl.Series([text], dtype=pl.String), ON).row(0, named=True)


@pytest.mark.parametrize(
    "text",
    [
        "17-08-1975", "17/8/1975", "17.08.1975", "17 08 1975", "17-08-75", "1975-08-17", "1975/08/17", "17 Agustus 1975", "17 AGUSTUS 1975",
        "17-Agt-1975", "17-Agu-75", "17-Aug-1975", "17 Ags 1975", "17Agustus1975", "Minggu, 17 Agustus 1975", "tgl 17 Agustus 1975",
        "August 17, 1975", "1975-08-17 00:00:00", " 17-08-1975 ", "'17-08-1975", "27623", "27623.0", "17081975", "17 Agustus '75",
        "17\u00a0Agustus\u00a01975", "17 - 08 - 1975",
    ],
)  # fmt: skip
def test_ways_to_write_a_date(text):
    assert read(text)["dm"] == date(1975, 8, 17)


@pytest.mark.parametrize(
    ("month", "number"),
    [
        ("Jan", 1),
        ("Pebruari", 2),
        ("Maret", 3),
        ("Mei", 5),
        ("Juni", 6),
        ("Juli", 7),
        ("Nopember", 11),
        ("Des", 12),
        ("Okt", 10),
        ("Dec", 12),
    ],
)
def test_months_in_words(month, number):
    assert read(f"5 {month} 1975")["dm"] == date(1975, number, 5)


@pytest.mark.parametrize(
    "text",
    [
        "31-02-1970",
        "1970",
        "Mei 1970",
        "tidak tahu",
        "lupa",
        "??-03-1987",
        "thn 1963",
        "00-00-1968",
        "32/13/1972",
        "16-01-197",
        "5 Foo 1970",
    ],
)
def test_what_is_no_date(text):
    row = read(text)
    assert (row["dm"], row["md"], row["blank"]) == (None, None, False)


@pytest.mark.parametrize("text", [None, "", " ", "-", "--", " – "])
def test_blank(text):
    assert read(text)["blank"] is True


def test_two_digit_years_make_nobody_unborn_or_older_than_a_hundred():
    assert read("21-11-19")["dm"] == date(2019, 11, 21)
    assert read("23-11-19")["dm"] == date(1919, 11, 23)


def settled(*rows):
    """(text, what the NIK says, sheet) → dates and ambiguity."""
    texts = pl.Series([text for text, *_ in rows], dtype=pl.String)
    frame = readings(texts, ON).with_columns(
        nik_birth_date=pl.Series([told for _, told, _ in rows], dtype=pl.Date),
        file_ix=pl.lit(0),
        sheet_ix=pl.Series([sheet for *_, sheet in rows]),
    )
    return settle(frame).rows()


def test_day_first_is_the_rule():
    assert settled(("03/02/1989", None, 0)) == [(date(1989, 2, 3), False)]


def test_the_nik_of_the_row_decides():
    assert settled(("03/02/1989", date(1989, 3, 2), 0), ("25/12/1980", None, 0)) == [
        (date(1989, 3, 2), False),
        (date(1980, 12, 25), False),
    ]


def test_a_list_written_month_first_is_read_so():
    assert settled(("03/02/1989", None, 0), ("12/25/1980", None, 0)) == [
        (date(1989, 3, 2), False),
        (date(1980, 12, 25), False),
    ]


def test_both_orders_in_a_list_leave_the_rest_open():
    rows = settled(
        ("03/02/1989", None, 0),
        ("12/25/1980", None, 0),
        ("25/12/1980", None, 0),
        ("05/05/1975", None, 0),
        ("1 Mei 1970", None, 0),
    )
    assert [ambiguous for _, ambiguous in rows] == [True, False, False, False, False]
    assert rows[0][0] == date(1989, 2, 3)


def test_another_sheet_is_another_hand():
    rows = settled(
        ("03/02/1989", None, 0), ("25/12/1980", None, 0), ("03/02/1989", None, 1), ("12/25/1980", None, 1)
    )
    assert [day for day, _ in rows] == [
        date(1989, 2, 3),
        date(1980, 12, 25),
        date(1989, 3, 2),
        date(1980, 12, 25),
    ]
    assert not any(ambiguous for _, ambiguous in rows)


def test_one_slip_among_hundreds_is_no_second_hand():
    rows = settled(*[("25/12/1980", None, 0)] * 300, ("12/25/1980", None, 0), ("03/02/1989", None, 0))
    assert rows[-1] == (date(1989, 2, 3), False)


@pytest.mark.parametrize(
    ("cell", "place", "day"),
    [
        ("CIPUTAT, 31 Maret 1993", "CIPUTAT", "31 Maret 1993"),
        ("Kab. Tangerang, Banten, 12-03-80", "Kab. Tangerang, Banten", "12-03-80"),
        ("Tangerang 12-03-1980", "Tangerang", "12-03-1980"),
        ("Tangerang/12-03-1980", "Tangerang", "12-03-1980"),
        ("Tegal Juli 1988", "Tegal", "Juli 1988"),
        ("MEDAN, lupa", "MEDAN", "lupa"),
        ("Medan ??-03-1987", "Medan", "??-03-1987"),
        ("Tegal, -", "Tegal", "-"),
        ("Tegal", "Tegal", None),
        ("17-08-1970", None, "17-08-1970"),
        ("1971-01-27", None, "1971-01-27"),
        ("", None, None),
    ],
)
def test_place_and_date_in_one_cell(cell, place, day):
    assert place_and_date(cell) == (place, day)
