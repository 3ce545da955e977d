"""Whatever arrives is refused with a sentence or read: never another exception. `make check` runs it for a while."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lindung.base.refused import Refused
from lindung.intake import clean
from lindung.intake.annotate import annotate
from lindung.intake.check import check
from lindung.intake.people import place_and_date
from lindung.schemes import builtin

SCHEME, ON = builtin()["tangsel-2019"], date(2019, 11, 22)
LONG = settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)

heads = st.sampled_from(
    [
        "No",
        "Nama",
        "NIK",
        "No KTP",
        "No KK",
        "TTL",
        "Tempat Lahir",
        "Tgl Lahir",
        "L/P",
        "Alamat",
        "RT",
        "RW",
        "RT/RW",
        "Kelurahan",
        "Kec.",
        "Jabatan",
        "Pekerjaan",
        "HP",
        "Gaji",
        "OPD",
        "TMT",
        "Rek",
        "Ibu",
        "?",
    ]
)
texts = st.one_of(
    st.text(max_size=30),
    st.sampled_from(
        ["3674031701785001", "3,67E+15", "sda", '"', "17-01-1978", "31/31/99", "Ketua RT", "0812", "JUMLAH", "NIP. 1", "1", "-", "", "L", "\x00", "=1+1", "Tegal, 1 Mei 70", "2,5 jt", "004/014", "KELURAHAN PARIGI"]
    ),
)  # fmt: skip
tables = st.lists(st.lists(texts, max_size=10), max_size=12)


def survives(path):
    (result,) = check([path], SCHEME, ON)
    if result.error:
        assert isinstance(result.error, Refused)
        assert result.error.sentence()
        return
    assert result.rows.height == result.people
    assert 0 <= result.clean <= result.people
    assert set(result.findings["row_id"]) <= set(result.rows["row_id"])
    assert annotate(path, result)


@pytest.mark.slow
@LONG
@given(body=st.binary(max_size=600))
def test_any_bytes(tmp_path, body):
    path = tmp_path / "apa-saja.csv"
    path.write_bytes(body)
    survives(path)


@pytest.mark.slow
@LONG
@given(head=st.lists(heads, min_size=2, max_size=10), rows=tables, separator=st.sampled_from(",;\t|"))
def test_any_cells_under_a_header(tmp_path, head, rows, separator):
    def quoted(text):
        return '"' + text.replace('"', '""') + '"'

    lines = [separator.join(map(quoted, row)) for row in [head, ["x"] * 3, *rows]]
    path = tmp_path / "sel.csv"
    path.write_text("\n".join(lines), encoding="utf-8", errors="replace", newline="")
    survives(path)


@pytest.mark.slow
@settings(LONG, max_examples=25)
@given(
    head=st.lists(heads, min_size=2, max_size=8),
    rows=tables,
    cut=st.integers(0, 8000),
    flip=st.integers(0, 8000),
)
def test_damaged_workbooks(tmp_path, head, rows, cut, flip):
    book = openpyxl.Workbook()
    for row in [head, *rows]:
        book.active.append([text for text in row if not any(ord(c) < 32 for c in text)])
    body = io.BytesIO()
    book.save(body)
    content = bytearray(body.getvalue())
    content[flip % len(content)] ^= 0x55
    path = tmp_path / "rusak.xlsx"
    path.write_bytes(bytes(content[: max(len(content) - cut, 4)]) if cut % 3 == 0 else bytes(content))
    survives(path)


@pytest.mark.slow
@LONG
@given(text=st.text(max_size=40))
def test_any_text_as_a_value(text):
    amount = clean.money(text)
    assert amount is None or amount >= 0
    place_and_date(text)
