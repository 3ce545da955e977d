"""Wages against the minimum wage of the city and year; where that is unknown nothing is said of anybody."""

from __future__ import annotations

from datetime import date

import pytest

from lindung.base import messages
from lindung.base.refused import Refused
from lindung.intake.wages import Minimum, load, minimum
from lindung.schemes import builtin

HEAD = "No,Nama,NIK,Tgl Lahir,Jabatan,Gaji"
ON = date(2019, 4, 4)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "umk.csv"
    path.write_text(
        "region_code,valid_from,amount,document\n36.73,2019-01-01,3000000,Keputusan X\n36.73,2018-01-01,2900000,Keputusan W\n"
    )
    return load(path)


def test_the_figure_of_the_city_and_year_is_taken_or_none(table):
    assert minimum(table, "36.73", ON) == Minimum(3_000_000, date(2019, 1, 1), "Keputusan X")
    assert minimum(table, "36.73", date(2018, 12, 31)) == Minimum(2_900_000, date(2018, 1, 1), "Keputusan W")
    assert minimum(table, "36.73", date(2020, 1, 1)) is None  # set for each year anew
    assert minimum(table, "36.73", date(2017, 12, 31)) is None
    assert minimum(table, "36.74", ON) is None
    assert minimum(None, "36.73", ON) is None


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("36.73,2019-01-01,3.000.000,X", "minimum_wages.line"),
        ("36.73,01-01-2019,3000000,X", "minimum_wages.line"),
        ("3673,2019-01-01,3000000,X", "minimum_wages.line"),
        ("36.73,2019-01-01,3000000,", "minimum_wages.line"),
        ("36.73,2019-01-01,1,X\n36.73,2019-01-01,2,X", "minimum_wages.line"),
        ("a,b,c,d,e,f,g", "minimum_wages.unreadable"),
    ],
)
def test_what_is_no_minimum_wage_is_refused_with_its_line(tmp_path, line, code):
    path = tmp_path / "umk.csv"
    path.write_text(f"region_code,valid_from,amount,document\n{line}\n")
    with pytest.raises(Refused) as refused:
        load(path)
    assert refused.value.code == code


def test_a_wage_below_it_is_a_warning_of_wage_earners_only(write, checked, people, scheme):
    serang = builtin()["serang-2019"]
    category = next(c for c in serang.categories if c.segment == "PU")
    rows = [HEAD.split(",")]
    for person, wage in zip(
        people, ["2.999.999", "3.000.000", "2,5 jt", "", "tidak tahu", "4000000"], strict=True
    ):
        rows.append([*person[:4], category.label["id"], wage])
    least = Minimum(3_000_000, date(2019, 1, 1), "Keputusan X")
    result = checked(write(rows), scheme=serang, on=ON, minimum=least)
    found = result.findings.filter(code="wage.below_minimum")
    assert found.select("row", "severity", "value").rows() == [
        (2, "warning", "2.999.999"),
        (4, "warning", "2,5 jt"),
    ]
    assert messages.column(found, lang="en")[0] == (
        "The wage is below the minimum wage, Rp3.000.000 since 01-01-2019 (Keputusan X)."
    )
    assert checked(write(rows), scheme=serang, on=ON).findings.filter(code="wage.below_minimum").is_empty()
    rows = [[*row[:4], "Ketua RT" if n else row[4], row[5]] for n, row in enumerate(rows)]
    volunteers = checked(write(rows), scheme=scheme, minimum=least)
    assert volunteers.findings.filter(code="wage.below_minimum").is_empty()
