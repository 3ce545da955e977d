"""Whole files, and the law's own page."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from lindung import law
from lindung.base import messages
from lindung.base.refused import Refused
from lindung.law import bulk, contribution, explain, report

CSV = """segment,programmes,month,wage,payer,risk_class,labour_intensive,contract_value,name
BPU,JKK+JKM,2026-05,1000000,APBD,,perhaps,x,=1+1
PU,"JKK, JKM",2025-03,5000000,,I,ya,x,Siti
PU,JKM,2025-03,5.000.000,,,,,Budi
PU,JKM,2025-3,1,,,,,
PU,JKM,2025-03,99999999999999999999,,,,,
PU,JKM,2025-03,,,,,,
PU,JKM,2025-03,1,,,maybe,,
JAKON,JKK;JKM,2025-03,,,,,1000000000,
JAKON,JKK;JKM,2025-03,,,,,1e9,
PU,BUKAN,2025-03,1,,,,,
,,,,,,,,
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "in.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def test_a_file_is_computed_row_by_row_and_every_refusal_is_a_sentence(file):
    found = bulk.compute(bulk.read(file))
    assert found["error"].to_list() == [
        None, None, "field.not_whole", "month.unreadable", "amount.too_large", "wage.missing", "field.not_flag", None,
        "field.not_whole", "programme.unknown", "segment.missing",
    ]  # fmt: skip
    assert found["total"].to_list()[:2] == [16_800, 21_000]
    assert found["total"].to_list()[7] == 1_750_000
    assert "wage: 5.000.000" in found["message"][2]
    assert "contract_value: 1e9" in found["message"][8]
    assert "labour_intensive: maybe" in found["message"][6]
    assert "2025-3" in found["message"][3]
    assert found["message"].is_null().to_list() == found["error"].is_null().to_list()
    assert found["name"][0] == "=1+1"
    assert bulk.harmless(found)["name"][0] == "'=1+1"


def test_parquet_and_excel_give_what_csv_gives(file, tmp_path):
    import xlsxwriter

    frame = bulk.read(file)
    frame.write_parquet(tmp_path / "in.parquet")
    with xlsxwriter.Workbook(tmp_path / "in.xlsx") as book:
        sheet = book.add_worksheet()
        for r, row in enumerate([frame.columns, *frame.iter_rows()]):
            for c, value in enumerate(row):
                number = r > 0 and c == 3 and (value or "").isdigit() and len(value) < 15
                (sheet.write_number if number else sheet.write_string)(
                    r, c, int(value) if number else value or ""
                )
    expected = bulk.compute(frame).select(*bulk.AMOUNTS, "error")
    for name in ("in.parquet", "in.xlsx"):
        found = bulk.compute(bulk.read(tmp_path / name)).select(*bulk.AMOUNTS, "error")
        assert found[: expected.height - 1].equals(expected[: expected.height - 1]), name


def test_typed_columns_are_taken_as_they_are():
    frame = pl.DataFrame(
        {
            "segment": ["BPU"],
            "programmes": [["JKK", "JKM"]],
            "month": [date(2019, 11, 1)],
            "wage": [1_000_000],
            "total": [1],
        }
    )
    found = bulk.compute(frame)
    assert found["total"].to_list() == [16_800]
    assert found.columns.count("total") == 1


def test_what_is_no_list_is_refused(tmp_path):
    for name, content, code in (
        ("a.txt", b"x", "bulk.kind"), ("a.xlsx", b"x", "bulk.unreadable"), ("a.parquet", b"x", "bulk.unreadable"),
        ("a.csv", b"", "bulk.empty"),
    ):  # fmt: skip
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Refused) as refused:
            bulk.read(tmp_path / name)
        assert refused.value.code == code
    with pytest.raises(Refused) as refused:
        bulk.read(tmp_path / "none.csv")
    assert refused.value.code == "bulk.missing"
    with pytest.raises(Refused) as refused:
        bulk.compute(pl.DataFrame({"segment": ["PU"], "month": ["2019-11"]}))
    assert refused.value.values == {"column": "programmes"}


def test_the_law_s_own_page_is_up_to_date():
    page = Path(__file__).parents[2] / "docs" / "law.md"
    assert page.read_text(encoding="utf-8") == report.markdown(law.current(), "en"), (
        "run: lindung --lang en law report --out docs/law.md"
    )


def test_the_page_names_every_parameter_every_value_and_every_instrument():
    for lang in ("id", "en"):
        page = report.markdown(law.current(), lang)
        for parameter in law.current().parameters.values():
            assert f"`{parameter.id}`" in page
            assert parameter.label[lang].replace("|", "\\|") in page
        for source in law.current().sources.values():
            assert source.title[lang] in page
        assert "…" not in page


def test_every_value_can_be_read_in_both_languages():
    for parameter, interval in report.values(law.current()):
        for lang in ("id", "en"):
            text = explain.value_text(parameter, interval.block, lang)
            assert text
            assert "None" not in text


def test_every_code_that_is_used_is_declared():
    import re

    room = Path(law.__file__).parent
    codes = set()
    for path in room.glob("*.py"):
        codes |= set(re.findall(r'"([a-z_0-9]+\.[a-z_]+)"', path.read_text(encoding="utf-8")))
    topics = {p.topic for p in law.current().parameters.values()}
    codes = {
        c for c in codes if c.partition(".")[0] not in topics and c.rpartition(".")[2] not in ("py", "yaml")
    }
    codes |= {
        f"{column}.{why}"
        for column in ("cause", "segment", "type", "heir", "reason")
        for why in ("missing", "unknown")
    }
    for code in codes:
        assert code in messages.declared(), code


def test_an_explanation_of_a_refused_row_is_the_refusal():
    with pytest.raises(Refused) as refused:
        explain.contribution({"segment": "PU", "programmes": ["JKK"], "month": date(2019, 11, 1), "wage": 1})
    assert refused.value.code == "risk_class.missing"
    assert refused.value.hint("en")


def test_the_share_of_jkp_is_told_and_never_billed():
    row = {
        "segment": "PU",
        "programmes": ["JKK", "JKM"],
        "month": date(2024, 1, 1),
        "wage": 8_000_000,
        "risk_class": "I",
    }
    told = explain.contribution(row, in_jkp=True, lang="en")
    # 0.14 % + 0.10 % of at most 5,000,000
    assert "0.24 % of Rp5.000.000, Rp12.000" in told.steps[-1]
    assert contribution.compute(pl.DataFrame([row]))["total"].item() == 43_200
    assert len(explain.contribution(row, lang="en").steps) == len(told.steps) - 1


def test_semicolons_and_a_mark_of_utf_8_are_read(tmp_path):
    path = tmp_path / "excel.csv"
    path.write_bytes(b"\xef\xbb\xbfsegment;programmes;month;wage\r\nBPU;JKK,JKM;2019-11;1000000\r\n")
    assert bulk.compute(bulk.read(path))["total"].to_list() == [16_800]


@pytest.mark.parametrize(
    ("text", "code"), [("", "bulk.empty"), ("segment,programmes,month\nBPU,JKK,2019-11,1\n", "bulk.ragged")]
)
def test_what_is_wrong_with_a_list_is_said(tmp_path, text, code):
    path = tmp_path / "wrong.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as problem:
        bulk.read(path)
    assert problem.value.code == code


def test_a_number_is_no_formula():
    told = bulk.harmless(pl.DataFrame({"a": ["-1", "+2,5", "-1+1", "=1", "@x"]}))["a"].to_list()
    assert told == ["-1", "+2,5", "'-1+1", "'=1", "'@x"]
