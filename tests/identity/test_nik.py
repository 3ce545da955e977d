from datetime import date

import polars as pl
import pytest

from lindung.identity import nik

ON = date(2019, 11, 22)


def cleaned(text):
    return pl.DataFrame({"n": [text]}, schema={"n": pl.String}).select(nik.cleaned(pl.col("n"))).item()


def facts(*numbers, on=ON):
    return nik.facts(pl.DataFrame({"nik": numbers}, schema={"nik": pl.String}), on=on)


@pytest.mark.parametrize(
    "typed",
    [
        "3674031701785001",
        " 3674031701785001\u00a0",
        "'3674031701785001",
        "’3674031701785001`",
        "36.74.03.170178.5001",
        "367403-170178-5001",
        "3674 0317 0178 5001",
        "367403/170178/5001",
        "36740317O178500l",
        "367403I7o1785oo1",
        "3674031701785001\u200b",
        "3674–0317—0178‑5001",
    ],
)
def test_separators_go_and_letters_become_digits(typed):
    assert cleaned(typed) == "3674031701785001"


def test_other_letters_stay():
    assert cleaned("36740317O178SOO1") == "367403170178S001"
    assert cleaned(None) is None


def test_what_a_nik_says():
    row = facts("3674035203825002").row(0, named=True)
    assert row == {
        "nik": "3674035203825002",
        "nik_birth_date": date(1982, 3, 12),
        "nik_sex": "P",
        "nik_region": "36.74.03",
        "nik_region_known": True,
        "nik_suspicious": False,
    }


@pytest.mark.parametrize(
    "number",
    [
        "",
        "-",
        "367403170178500",
        "36740317017850011",
        "367403170178500A",
        "３６７４０３１７０１７８５００１",
        None,
    ],
)
def test_what_is_no_nik_says_nothing(number):
    assert facts(number).drop("nik").row(0) == (None,) * 5


@pytest.mark.parametrize(
    ("ddmmyy", "born"),
    [
        ("290200", date(2000, 2, 29)),
        ("290201", None),
        ("290296", date(1996, 2, 29)),
        ("310475", None),
        ("000175", None),
        ("320175", None),
        ("400175", None),
        ("410175", date(1975, 1, 1)),
        ("710175", date(1975, 1, 31)),
        ("720175", None),
        ("011375", None),
        ("010075", None),
        ("221119", date(2019, 11, 22)),
        ("231119", date(1919, 11, 23)),  # would not be born yet
        ("010100", date(2000, 1, 1)),
    ],
)
def test_birth_dates(ddmmyy, born):
    assert facts(f"367403{ddmmyy}5001")["nik_birth_date"].item() == born


def test_without_a_day_the_century_follows_the_decade():
    born = facts("3674030101095001", "3674030101105001", on=None)["nik_birth_date"].to_list()
    assert born == [date(2009, 1, 1), date(1910, 1, 1)]


@pytest.mark.parametrize(
    ("region", "known"),
    [
        ("367403", True),
        ("360324", True),  # Kabupaten Tangerang, before Kota Tangerang Selatan
        ("910101", True),  # Merauke under the code of Papua before 2022
        ("367495", False),
        ("369901", False),
        ("107103", False),
        ("000000", False),
    ],
)
def test_regions_now_and_formerly(region, known):
    assert facts(f"{region}1701785001")["nik_region_known"].item() is known


@pytest.mark.parametrize("number", ["3674031701780000", "3333333333333333", "1234567890123456"])
def test_placeholders_are_suspicious(number):
    assert facts(number)["nik_suspicious"].item() is True


def test_order_and_height_stay():
    numbers = ["3674035203825002", None, "x", "3674031701785001", "3674035203825002"]
    assert facts(*numbers)["nik"].to_list() == numbers
    assert facts(*numbers)["nik_sex"].to_list() == ["P", None, None, "L", "P"]
    assert facts().height == 0
