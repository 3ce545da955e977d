"""Checks with their board, changes on paper, the register of documents, rejections: as people use them."""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pytest

from lindung.enrolment.changes import Amendment
from lindung.enrolment.models import Batch
from lindung.registry.models import Document

PDF = b"%PDF-1.4 contoh kedua"


def said(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def upload(content: bytes, name: str):
    file = io.BytesIO(content)
    file.name = name
    return file


def test_the_board_says_who_owes_an_answer(as_, city):
    page = said(as_("office").get(f"/skema/{city.slug}/cek/"))
    assert "Siapa sudah menjawab" in page
    assert "Disdukcapil" in page
    assert "tidak diminta skema" in page
    office, rows = as_("office"), city.check.rows.count()
    answers = "\n".join(["Ref,Sesuai", *(f"DISDUKCAPIL-1-{n},Sesuai" for n in range(1, rows + 1))])
    told = {"file": upload(answers.encode(), "jawaban.csv"), "on": "2019-10-28", "officer": "Petugas"}
    assert office.post(f"/skema/{city.slug}/cek/{city.check.pk}/jawaban/", told).status_code == 303
    page = said(office.get(f"/skema/{city.slug}/cek/"))
    assert f"0 hari dari {rows} jawaban" in page
    assert "Petugas · SHA-256" in page
    pending = as_("office").get(f"/skema/{city.slug}/cek/ba-verifikasi.pdf")
    assert pending.status_code == 409
    assert as_("checker").get(f"/skema/{city.slug}/cek/ba-verifikasi.pdf").status_code == 403


def test_minutes_are_seen_printed_signed_by_delegation_and_no_longer_taken_back(as_, city):
    base, office = f"/skema/{city.slug}/perubahan", as_("office")
    page = office.get(f"{base}/{city.minutes.pk}/")
    assert "Semula dan menjadi" in said(page)
    nik = city.minutes.lines.get().movement.membership.person.nik
    assert nik not in page.content.decode()
    for kind in ("docx", "pdf", "xlsx"):
        assert len(office.get(f"{base}/{city.minutes.pk}/naskah.{kind}").content) > 1000
    sheets = {
        edition: openpyxl.load_workbook(
            io.BytesIO(office.get(f"{base}/{city.minutes.pk}/naskah.xlsx?edisi={edition}").content)
        )
        for edition in ("", "tersamar")
    }
    inside = {
        edition: nik in {str(c.value) for sheet in book for row in sheet.iter_rows() for c in row}
        for edition, book in sheets.items()
    }
    assert inside == {"": True, "tersamar": False}
    assert office.post(f"{base}/siapkan/", {"kind": "minutes", "through": "2019-12-31"}).status_code == 422
    early = {"kind": "signed", "file": upload(PDF, "ba-ttd.pdf")}
    assert office.post(f"{base}/{city.minutes.pk}/pindaian/", early).status_code == 422
    told = {"number": "BA/1/2019", "dated": "2019-12-31", "name": "Contoh", "title": "Asisten", "on_behalf_of": "WALI KOTA", "through": "Sekretaris Daerah"}  # fmt: skip
    assert office.post(f"{base}/{city.minutes.pk}/tandatangan/", {**told, "name": ""}).status_code == 422
    assert office.post(f"{base}/{city.minutes.pk}/tandatangan/", told).status_code == 303
    assert "a.n. WALI KOTA, u.b. Sekretaris Daerah" in said(office.get(f"{base}/{city.minutes.pk}/"))
    office.post(f"{base}/{city.minutes.pk}/batalkan/")
    assert Amendment.objects.get(pk=city.minutes.pk).state == "signed"
    assert office.post(f"{base}/siapkan/", {"kind": "amendment", "through": "2019-12-31"}).status_code == 303
    made = Amendment.objects.get(kind="amendment")
    assert "BA/1/2019" in said(office.get(f"{base}/{made.pk}/"))
    assert office.post(f"{base}/{made.pk}/batalkan/").status_code == 303
    made.refresh_from_db()
    assert made.state == "cancelled"


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("sk.exe", b"MZ", "bukan PDF"),
        ("sk.pdf", b"MZ\x90\x00", "bukan PDF"),
        ("sk.pdf", b"%PDF-1.7 /OpenAction << /S /Java#53cript /JS (app.alert(1)) >>", "memuat skrip"),
        ("sk.docx", b"PK\x03\x04 rusak", "bukan DOCX"),
    ],
)
def test_a_hostile_file_is_refused_and_not_kept(as_, city, name, content, why):
    base = f"/skema/{city.slug}/dokumen/{city.document.pk}"
    before = city.document.files.count()
    answer = as_("legal").post(f"{base}/pindaian/", {"file": upload(content, name)})
    assert answer.status_code == 422
    assert why in said(answer)
    assert city.document.files.count() == before


def test_a_document_with_its_scan_ties_and_what_follows(as_, city):
    base, legal = f"/skema/{city.slug}/dokumen", as_("legal")
    told = {"kind": "pks", "title": "Kerja sama", "number": "PKS/7", "dated": "2025-01-02", "status": "ditandatangani", "ends_on": "2024-01-01", "parties": "Kota; BPJS"}  # fmt: skip
    assert "berakhir sebelum" in said(legal.post(f"{base}/tambah/", told))
    assert legal.post(f"{base}/tambah/", {**told, "ends_on": "2027-01-01"}).status_code == 303
    assert legal.post(f"{base}/tambah/", {**told, "ends_on": ""}).status_code == 422
    one = Document.objects.get(number="PKS/7")
    place = f"{base}/{one.pk}"
    assert legal.post(f"{place}/pindaian/", {"file": upload(PDF, "pks.pdf")}).status_code == 303
    scan = one.files.get()
    assert scan.file.sha256 in said(legal.get(f"{place}/"))
    answer = legal.get(f"{place}/pindaian/{scan.pk}/")
    assert (answer["X-Content-Type-Options"], answer["Content-Disposition"][:10]) == ("nosniff", "attachment")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert "Sama persis" in said(legal.post(f"{place}/banding/", {"file": upload(PDF, "x.pdf")}))
    assert "Bukan salah satu" in said(legal.post(f"{place}/banding/", {"file": upload(PDF + b"!", "x.pdf")}))
    legal.post(f"{place}/kaitan/", {"kind": "carries_out", "other": city.document.pk})
    assert "melaksanakan" in said(legal.get(f"{place}/"))
    legal.post(f"{place}/kaitan/{one.links.get().pk}/lepas/")
    assert not one.links.exists()
    legal.post(f"{place}/tindak-lanjut/", {"text": "Susun adendum PKS", "due_on": "2025-02-01"})
    assert "Susun adendum PKS" in said(legal.get("/"))
    todo = one.follow_ups.get()
    legal.post(f"{place}/tindak-lanjut/{todo.pk}/", {"done": "1"})
    assert "Susun adendum PKS" not in said(legal.get("/"))
    listed = said(legal.get(f"{base}/?q=PKS/7&jenis=pks"))
    assert "PKS/7" in listed
    sheet = openpyxl.load_workbook(io.BytesIO(legal.get(f"{base}/unduh.xlsx?jenis=pks").content)).active
    assert "PKS/7" in {str(c.value) for row in sheet.iter_rows() for c in row}
    assert as_("operator").get(f"{base}/").status_code == 403


def test_rejections_are_seen_by_the_office_that_sent_them(as_, city):
    base = f"/skema/{city.slug}/penolakan/"
    page = said(as_("office").get(base))
    assert "NIK tidak ditemukan" in page
    assert "terlambat" in page
    seen = {who: "NIK tidak ditemukan" in said(as_(who).get(base)) for who in ("lurah", "lurah-lain")}
    assert seen == {"lurah": True, "lurah-lain": True}
    batch = Batch.objects.filter(rows__answer__accepted=False).first()
    office = as_("office")
    office.post(f"{base}{batch.pk}/batas/", {"on": "2019-10-01"})
    office.post(f"{base}{batch.pk}/batas/", {"on": "besok"})
    batch.refresh_from_db()
    assert batch.mend_by is None
    assert office.post(f"{base}{batch.pk}/batas/", {"on": "2031-01-31"}).status_code == 303
    assert "31 Januari 2031" in said(office.get(base))
    assert as_("lurah").post(f"{base}{batch.pk}/batas/", {"on": "2031-01-31"}).status_code == 403
    sheet = openpyxl.load_workbook(io.BytesIO(as_("office").get(f"{base}unduh.xlsx").content)).active
    assert "NIK tidak ditemukan" in {str(c.value) for row in sheet.iter_rows() for c in row}
