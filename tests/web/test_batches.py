"""Before a file leaves for BPJS: the office's own template and what would be refused.

The templates here are reconstructions made by code from the published headers, not files of BPJS Ketenagakerjaan.
"""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pytest

from lindung.enrolment.models import Batch, BatchAnswer
from lindung.papers import bpjs
from lindung.registry import files


def blank(version: str, head: dict[int, str] | None = None) -> io.BytesIO:
    form = bpjs.formats()[version]
    book = openpyxl.Workbook()
    book.active.title = form.sheet
    book.active.append([f.name for f in form.fields])
    for column, text in (head or {}).items():
        book.active.cell(1, column, text)
    page = book.create_sheet("Lokasi Pekerjaan")
    for row in (["KODE", "NAMA"], ["3674", "Kota Tangerang Selatan"]):
        page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    stream.name = "Template BPU.xlsx"
    return stream


def said(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def base(city) -> str:
    return f"/skema/{city.slug}/berkas/"


def test_preflight_says_what_would_leave_before_anything_is_written(as_, city, base):
    before = Batch.objects.count()
    page = as_("office").get(f"{base}periksa/")
    waiting = BatchAnswer.objects.filter(accepted=False).count()
    assert page.status_code == 200
    assert f"{waiting} orang dapat dikirim ke BPJS" in said(page)
    assert "Tanpa templat" in said(page)
    assert Batch.objects.count() == before
    assert as_("auditor").get(f"{base}periksa/").status_code == 403


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.xlsx", lambda: blank("tk_na_v6"), "adalah templat"),
        ("x.xlsx", lambda: blank("bpu_v11", {3: "LAHIR"}), "C1"),
        ("x.xls", lambda: io.BytesIO(b"\xd0\xcf\x11\xe0 old"), ".xlsx"),
        ("x.xlsx", lambda: io.BytesIO(b"no workbook"), "x.xlsx"),
    ],
)
def test_a_wrong_template_is_refused_in_words(as_, city, base, name, content, words):
    file = content()
    file.name = name
    answer = as_("office").post(f"{base}templat/", {"file": file})
    assert answer.status_code == 422
    assert words in said(answer)


def test_people_are_written_into_the_offices_own_template(as_, city, base):
    client = as_("office")
    kept = client.post(f"{base}templat/", {"file": blank("bpu_v11")})
    assert kept.status_code == 303, said(kept)
    page = client.get(kept.headers["Location"])
    assert "Template BPU.xlsx" in said(page)
    token = re.search(r'name="template" value="([^"]+)"', page.content.decode())[1]
    assert client.post(f"{base}siapkan/", {"template": token + "x"}).status_code == 404
    known = set(Batch.objects.values_list("pk", flat=True))
    assert client.post(f"{base}siapkan/", {"template": token}).status_code == 303
    made = Batch.objects.exclude(pk__in=known)
    assert {batch.file.name for batch in made} == {"Template BPU.xlsx"}
    for batch in made:
        book = openpyxl.load_workbook(io.BytesIO(files.content(batch.file)))
        cells = [
            tuple(cell or "" for cell in row)
            for row in book["Data TK Baru"].iter_rows(min_row=2, values_only=True)
        ]
        assert cells == [tuple(row.payload) for row in batch.rows.order_by("line")]
        assert {row[7] for row in cells} == {"3674"}
