"""The paper that goes to a checker comes back filled in, and its answers are found under its two rows of heads."""

from __future__ import annotations

import io
from datetime import date

import openpyxl
import pytest
from city import PEOPLE

from lindung.enrolment import actions as enrol
from lindung.registry import files

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("checker", "column"), [("bpjs", "Hasil"), ("disdukcapil", "Sesuai"), ("dinsos", "Terdata")]
)
def test_the_sent_workbook_filled_by_hand_is_read(city, checker, column):
    city.accepted(*PEOPLE)
    check = enrol.send_check(city.scheme, checker, segment="BPU", actor=city.hands["office"])
    book = openpyxl.load_workbook(io.BytesIO(files.content(check.file)))
    sheet = book.active
    ((place, low),) = [(c.column, c.row) for row in sheet.iter_rows() for c in row if c.value == column]
    (ref,) = {c.column for row in sheet.iter_rows() for c in row if c.value == "Ref"}
    filled = 0
    for row in range(low + 1, sheet.max_row + 1):
        if str(sheet.cell(row, ref).value or "").startswith(checker.upper()):
            sheet.cell(row, place).value = "Ya" if filled else "Tidak"
            filled += 1
    body = io.BytesIO()
    book.save(body)
    told = {"officer": "Contoh", "answered_on": date(2019, 11, 3), "actor": city.hands["office"]}
    assert enrol.read_check_answer(check, "jawaban.xlsx", body.getvalue(), **told) == (4, 1)
    check.refresh_from_db()
    assert (check.answered_on, check.officer) == (date(2019, 11, 3), "Contoh")
