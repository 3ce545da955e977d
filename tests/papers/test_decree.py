import io
import zipfile
from dataclasses import replace
from datetime import UTC, date, datetime

import docx
import openpyxl
import polars as pl
import pypdfium2
import pytest

from lindung.base.refused import Refused
from lindung.papers import decree as d
from lindung.papers.paper import Letterhead, Printed, Signatory

CATEGORIES = ("Ketua RT", "Ketua RW", "Marbot")
FACTS = d.Decree(
    head="Wali Kota Tangerang Selatan",
    document="Peraturan Wali Kota Tangerang Selatan Nomor 25 Tahun 2019",
    category="Ketua RT, Ketua RW dan Marbot",
    programmes=("JKK", "JKM"),
    first=date(2019, 11, 1),
    until=date(2019, 12, 31),
    source="APBD Kota Tangerang Selatan Tahun Anggaran 2019",
    signatory=Signatory("Nama Contoh", "WALI KOTA TANGERANG SELATAN", acting="Pj."),
    place="Pamulang",
    categories=CATEGORIES,
    number="460/Kep.1-Huk",
    day=date(2019, 11, 22),
    minutes="Berita Acara Verifikasi Nomor 12/BA/2019",
    letterhead=Letterhead("Wali Kota Tangerang Selatan"),
    copies=("Gubernur Banten",),
    printed=Printed(datetime(2019, 11, 22, 9, 0, tzinfo=UTC), "Rahmawati", "Kota Tangerang Selatan", "3f9a"),
)


def members(n: int = 12) -> pl.DataFrame:
    places = [("Pamulang", "Benda Baru"), ("Setu", "Muncul"), ("Setu", "Setu")]
    return pl.DataFrame(
        {
            "nik": [f"3674030302701{i:03d}" for i in range(n)],
            "name": [f"ORANG {i}" for i in range(n)],
            "birth_place": ["Tangerang"] * n,
            "birth_date": [date(1970, 2, 3)] * n,
            "sex": ["L"] * n,
            "address": ["Jl. Kenanga 4"] * n,
            "rt": ["003"] * n,
            "rw": ["005"] * n,
            "kecamatan": [places[i * 3 // n][0] for i in range(n)],
            "kelurahan": [places[i * 3 // n][1] for i in range(n)],
            "category": [CATEGORIES[i % 3] for i in range(n)],
            "programmes": ["JKK, JKM"] * n,
            "contribution": [16_800] * n,
            "first": [date(2019, 11, 1)] * n,
            "until": [date(2019, 12, 31)] * n,
        }
    )


def funding(n: int = 12) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "unit": ["Bagian Pemerintahan"] * 2,
            "programme": ["JKK", "JKM"],
            "account": ["5.1.02.02.02.0006", "5.1.02.02.02.0007"],
            "monthly": [10_000 * n, 6_800 * n],
            "whole": [20_000 * n, 13_600 * n],
        }
    )


def text_of(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_the_decree_says_how_many_how_much_from_which_account_and_how_long():
    text = text_of(d.decree(FACTS, members(), funding()).pdf())
    for sentence in (
        "KEPUTUSAN WALI KOTA TANGERANG SELATAN",
        "NOMOR 460/Kep.1-Huk TAHUN 2019",
        "Menetapkan 12 (dua belas) orang sebagai penerima",
        "Jaminan Kecelakaan Kerja (JKK) dan Jaminan Kematian (JKM)",
        "1 November 2019 sampai dengan 31 Desember 2019",
        "Rp201.600 (dua ratus satu ribu enam ratus rupiah) setiap bulan",
        "Rp403.200",
        "5.1.02.02.02.0006",
        "Pj. WALI KOTA TANGERANG SELATAN,",
        "pada tanggal 22 November 2019",
        "Gubernur Banten",
        "jejak audit 3f9a",
        "Berita Acara Verifikasi Nomor 12/BA/2019",
        "LAMPIRAN II",
    ):
        assert sentence in text, sentence
    # promulgated ten days after this decree
    assert "Peraturan Pemerintah Nomor 82 Tahun 2019" not in text
    later = replace(FACTS, day=date(2020, 1, 5))
    assert "Peraturan Pemerintah Nomor 82 Tahun 2019" in text_of(d.decree(later, members(), funding()).pdf())


def test_the_recap_adds_up_by_construction():
    table = d.recapitulation(members(), CATEGORIES)
    assert table.rows.rows() == [
        ("Pamulang", "Benda Baru", 2, 1, 1, 4),
        ("Setu", "Muncul", 1, 2, 1, 4),
        ("Setu", "Setu", 1, 1, 2, 4),
    ]
    assert table.totals == [None, None, None, 4, 4, 4, 12]
    assert sum(t or 0 for t in table.totals[3:6]) == members().height


def test_the_published_edition_gives_no_nik_back():
    paper = d.decree(FACTS, members(), funding(), edition="masked")
    with zipfile.ZipFile(io.BytesIO(paper.docx())) as package:
        word = package.read("word/document.xml").decode()
    for text in (
        text_of(paper.pdf()),
        word,
        str(openpyxl.load_workbook(io.BytesIO(paper.xlsx()))["Daftar nama"]["C6"].value),
    ):
        assert "3674 •••• •••• 1" in text
        assert "3674030302701" not in text
        assert "03-02-1970" not in text
        assert "Kenanga" not in text
    full = text_of(d.decree(FACTS, members(), funding()).pdf())
    assert "3674030302701000" in full
    assert "Tangerang, 03-02-1970" in full


def test_word_and_workbook_hold_the_same_names_and_sums():
    paper = d.decree(FACTS, members(), funding())
    document = docx.Document(io.BytesIO(paper.docx()))
    tables = {t.cell(0, 1).text: t for t in document.tables if len(t.columns) > 6}
    assert [row.cells[1].text for row in tables["Nama"].rows][1:-1] == members()["name"].to_list()
    assert tables["Nama"].rows[-1].cells[-2].text == "201.600"
    assert [c.text for c in tables["Kecamatan"].rows[-1].cells][-4:] == ["4", "4", "4", "12"]
    assert document.sections[-1].page_width > document.sections[-1].page_height
    text = "\n".join(c.text for t in document.tables for row in t.rows for c in row.cells)
    assert "KETUJUH" in text
    assert "Ditetapkan di Pamulang" in text
    book = openpyxl.load_workbook(io.BytesIO(paper.xlsx()))
    assert book.sheetnames == ["Rekapitulasi", "Pembebanan", "Daftar nama"]
    assert paper.docx() == paper.docx()


def test_a_period_that_crosses_a_change_of_law_says_which_month_is_meant():
    crossing = funding().with_columns(whole=pl.col("monthly") * 2 - 500)
    text = text_of(d.decree(FACTS, members(), crossing).pdf())
    assert "201.600 (dua ratus satu ribu enam ratus rupiah) pada bulan pertama, atau Rp402.200" in text
    assert "setiap bulan, atau" not in text


def test_people_and_funding_must_agree():
    with pytest.raises(Refused) as refused:
        d.decree(FACTS, members(), funding(11))
    assert refused.value.code == "papers.funding_differs"
    assert "Rp201.600" in refused.value.sentence("en")
    assert "Rp184.800" in refused.value.sentence("en")
    with pytest.raises(Refused) as refused:
        d.decree(FACTS, members().clear(), funding().clear())
    assert refused.value.code == "papers.nobody"


def test_a_change_shows_old_and_new_side_by_side():
    changes = pl.DataFrame(
        {
            "place": ["Setu"],
            "category": ["Ketua RT"],
            "old_name": ["ORANG 9"],
            "old_nik": ["3674030302701009"],
            "new_name": ["ORANG BARU"],
            "new_nik": ["3674030302701999"],
            "reason": ["Meninggal"],
            "since": [date(2019, 12, 1)],
            "basis": ["BA Perubahan 1/2019"],
        }
    )
    paper = d.amendment(FACTS, changes, members(), amended="Nomor 460/Kep.1-Huk Tahun 2019", ordinal=2)
    text = text_of(paper.pdf())
    assert "PERUBAHAN KEDUA ATAS KEPUTUSAN WALI KOTA TANGERANG SELATAN NOMOR 460/KEP.1-HUK TAHUN 2019" in text
    assert "Semula Menjadi" in text
    assert "ORANG BARU 3674030302701999" in text
    assert "1 (satu) nama berubah" in text
    assert "12 (dua belas) orang" in text


def test_a_city_replaces_wording_and_templates(tmp_path):
    (tmp_path / "wording.yaml").write_text(
        'decree:\n  clauses:\n    - "Menunjuk {people} orang."\n', encoding="utf-8"
    )
    facts = replace(FACTS, templates=tmp_path)
    assert "Menunjuk 12 orang." in text_of(d.decree(facts, members(), funding()).pdf())
    (tmp_path / "wording.yaml").write_text('decree:\n  clause: ["x"]\n', encoding="utf-8")
    with pytest.raises(Refused) as refused:
        d.decree(facts, members(), funding())
    assert (refused.value.code, refused.value.values["line"]) == ("papers.wording_unknown", 2)
    (tmp_path / "wording.yaml").write_text('decree:\n  clauses: ["Oleh {siapa}"]\n', encoding="utf-8")
    with pytest.raises(Refused) as refused:
        d.decree(facts, members(), funding())
    assert refused.value.code == "papers.wording_hole"
    (tmp_path / "wording.yaml").unlink()
    (tmp_path / "paper.typ").write_text("#rusak(", encoding="utf-8")
    with pytest.raises(Refused) as refused:
        d.decree(facts, members(), funding()).pdf()
    assert refused.value.code == "papers.template_wrong"


def test_a_crest_must_be_a_picture():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9"/></svg>'
    paper = d.decree(replace(FACTS, letterhead=Letterhead("Kota", crest=svg)), members(), funding())
    assert paper.pdf().startswith(b"%PDF")
    assert paper.docx().startswith(b"PK")
    with pytest.raises(Refused) as refused:
        d.decree(replace(FACTS, letterhead=Letterhead("Kota", crest=b"GIF89a")), members(), funding()).pdf()
    assert refused.value.code == "papers.crest_unknown"


@pytest.mark.slow
def test_twelve_thousand_names_are_all_there_in_every_form():
    n = 12_946
    people = members(n).with_columns(
        nik=pl.format("36740303{}", (pl.int_range(pl.len()) + 10_000_000).cast(pl.String)),
        name=pl.format("ORANG {}", pl.int_range(pl.len())),
    )
    paper = d.decree(FACTS, people, funding(n))
    document = pypdfium2.PdfDocument(paper.pdf())
    text = "\n".join(page.get_textpage().get_text_range() for page in document)
    assert {nik for nik in people["nik"] if nik in text} == set(people["nik"])
    assert f"{len(document)} dari {len(document)}" in text
    assert text.count("217.492.800") == 3  # the clause, the funding, the names
    with zipfile.ZipFile(io.BytesIO(paper.docx())) as package:
        word = package.read("word/document.xml").decode()
    assert word.count("ORANG ") == n
    book = openpyxl.load_workbook(io.BytesIO(paper.xlsx()), read_only=True)
    rows = list(book["Daftar nama"].iter_rows(values_only=True))
    names = [row[1] for row in rows if str(row[1]).startswith("ORANG ")]
    assert names == people["name"].to_list()
    assert [cell for cell in rows[-1] if cell is not None] == [16_800 * n]
