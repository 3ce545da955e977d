"""The papers around a list: what is asked of the offices, the form, what its sender answers for, the memo to the mayor."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import openpyxl
import pypdfium2
import pytest
from city import PEOPLE

from lindung.workflows import collecting

pytestmark = pytest.mark.django_db
AT = datetime(2019, 10, 2, tzinfo=UTC)
BAD = "3674031501805009,FAJAR CONTOH,,L,1,2,Pondok Jaya,Ketua Pemuda"


def text_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_the_letter_asks_for_the_quota_of_each_category(city):
    made = collecting.request_letter(city.scheme, date(2019, 10, 16), user=None, at=AT)
    text = text_of(made.pdf())
    assert "16 Oktober 2019" in text
    assert "Ketua RT 4" in text
    assert "Kader kesehatan 3" in text
    book = openpyxl.load_workbook(io.BytesIO(collecting.roster_form(city.scheme)))
    heads = {str(cell.value) for row in book.active.iter_rows() for cell in row if cell.value}
    assert {"NIK", "Kategori", "Nama ahli waris"} <= heads
    assert "Honor" not in heads


def test_the_sender_answers_for_exactly_the_people_of_the_list(city):
    roster = city.list_of(*PEOPLE, BAD)
    text = text_of(collecting.cover_letter(roster, user=None, at=AT).pdf())
    assert "Ketua RT" in text
    assert "Kategori belum jelas" in text
    assert "6 (enam) orang" in text


def test_the_memo_says_what_the_determination_says(city):
    made = city.signed(*PEOPLE)
    text = text_of(collecting.memo(made, user=None, at=AT).pdf())
    assert "Sebanyak 5 orang memenuhi syarat" in text
    assert f"{made.lines.filter(category='kader').count()} Kader kesehatan" in text
    assert "Penetapan dapat ditandatangani." in text
