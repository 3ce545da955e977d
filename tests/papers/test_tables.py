import io
import zipfile
from datetime import UTC, date, datetime

import openpyxl
import polars as pl
import pypdfium2
import pytest

from lindung.base.refused import Refused
from lindung.papers import tables, typeset
from lindung.papers.paper import Letterhead, Printed, Signatory, in_words, long_date, period
from lindung.papers.tables import Column, Table

PRINTED = Printed(datetime(2026, 11, 23, 9, 40, tzinfo=UTC), "Rahmawati", "Kota Tangerang Selatan")
COLUMNS = (
    Column("nik", "NIK", width=32),
    Column("name", "Nama", width=45),
    Column("born", "Tanggal lahir", "date"),
    Column("people", "Orang", "number", total=True),
    Column("amount", "Iuran", "rupiah", total=True),
    Column("sign", "Paraf", "blank"),
)


def table(names=("SITI MAESAROH", '=HYPERLINK("x")', "+62", "-1", "@a", "\tb")) -> Table:
    n = len(names)
    rows = pl.DataFrame(
        {
            "nik": ["3674012345675021"] * n,
            "name": list(names),
            "born": [date(1970, 2, 3)] * n,
            "people": [1] * n,
            "amount": [16_800] * n,
        }
    )
    return Table(COLUMNS, rows, "Daftar", ("DAFTAR NAMA",), ("Sumber: rekaan.",))


def text_of(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


def test_a_workbook_holds_text_numbers_and_dates_but_never_a_formula():
    content = tables.xlsx([table(), table()])
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Daftar", "Daftar 2"]
    rows = [[cell.value for cell in row] for row in book["Daftar"].iter_rows()]
    assert rows[2] == ["No.", "NIK", "Nama", "Tanggal lahir", "Orang", "Iuran (Rp)", "Paraf"]
    assert rows[3][:3] + rows[3][4:] == [1, "3674012345675021", "SITI MAESAROH", 1, 16_800, None]
    assert rows[3][3].date() == date(1970, 2, 3)
    assert [row[2] for row in rows[4:9]] == ['=HYPERLINK("x")', "+62", "-1", "@a", "\tb"]
    assert rows[9][4:6] == [6, 100_800]
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert b"<f>" not in b"".join(package.read(n) for n in package.namelist() if "sheets/sheet" in n)


def test_a_large_workbook_says_the_same(monkeypatch):
    small = openpyxl.load_workbook(io.BytesIO(tables.xlsx([table()])))["Daftar"]
    monkeypatch.setattr(tables, "LARGE", 5)
    book = openpyxl.load_workbook(io.BytesIO(tables.xlsx([table(), table()])))
    assert book.sheetnames == ["Daftar", "Daftar 2", "Keterangan"]
    assert [c.value for c in book["Keterangan"]["A"]][:3] == ["Keterangan", "DAFTAR NAMA", "Sumber: rekaan."]
    rows = [[c.value for c in row] for row in book["Daftar"].iter_rows()]
    assert rows[:7] == [[c.value for c in row] for row in small.iter_rows(min_row=3, max_row=9)]
    assert rows[7][4:6] == [6, 100_800]
    assert {c.data_type for row in book["Daftar"].iter_rows() for c in row} <= {"s", "n", "d"}
    monkeypatch.setattr(tables, "SHEET_HOLDS", 5)
    with pytest.raises(Refused, match="6"):
        tables.xlsx([table()])


def test_a_csv_never_begins_a_text_like_a_formula():
    lines = tables.csv(table()).decode("utf-8-sig").splitlines()
    assert lines[0] == "No.,NIK,Nama,Tanggal lahir,Orang,Iuran,Paraf"
    assert lines[1] == "1,3674012345675021,SITI MAESAROH,03-02-1970,1,16800,"
    assert [line.split(",")[2].lstrip('"')[0] for line in lines[2:]] == ["'"] * 5


def test_a_list_as_pdf_repeats_its_head_counts_its_pages_and_says_who_printed_it():
    pages = text_of(tables.pdf(table(["AGUS"] * 90), printed=PRINTED, letterhead=Letterhead("Kota Contoh")))
    assert len(pages) > 2
    for at, page in enumerate(pages, 1):
        assert "Tanggal lahir" in page
        assert f"{at} dari {len(pages)}" in page
        assert "Dicetak 23 November 2026 pukul 09.40 oleh Rahmawati · Kota Tangerang Selatan" in page
    assert "1.512.000" in pages[-1]
    assert "Jumlah" not in pages[0]


def test_pieces_read_like_one_paper(monkeypatch):
    whole = text_of(tables.pdf(table(["AGUS"] * 70), printed=PRINTED))
    monkeypatch.setattr(typeset, "PIECE", 25)
    pieces = text_of(tables.pdf(table(["AGUS"] * 70), printed=PRINTED))
    assert "".join(pieces).count("AGUS") == "".join(whole).count("AGUS") == 70
    assert [p for p in pieces if "Jumlah" in p] == [pieces[-1]]
    assert all(f"{at} dari {len(pieces)}" in page for at, page in enumerate(pieces, 1))
    assert "DAFTAR NAMA" in pieces[0]
    assert "DAFTAR NAMA" not in pieces[1]


def test_the_same_table_gives_the_same_bytes():
    assert tables.pdf(table(), printed=PRINTED) == tables.pdf(table(), printed=PRINTED)
    assert tables.xlsx([table()]) == tables.xlsx([table()])


def test_a_nik_is_masked_in_the_middle():
    frame = pl.DataFrame({"nik": ["3674012345675021", "12", None]})
    assert frame.select(tables.masked_nik(pl.col("nik")))["nik"].to_list() == [
        "3674 •••• •••• 5021",
        "••••",
        None,
    ]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (15, "lima belas"),
        (100, "seratus"),
        (1_016, "seribu enam belas"),
        (217_492_800, "dua ratus tujuh belas juta empat ratus sembilan puluh dua ribu delapan ratus"),
    ],
)
def test_amounts_in_words(value, words):
    assert in_words(value) == words


def test_dates_and_signatures_in_indonesian():
    assert long_date(date(2019, 11, 22)) == "22 November 2019"
    assert period(date(2019, 11, 1), date(2019, 12, 31)) == "1 November 2019 sampai dengan 31 Desember 2019"
    signed = Signatory("Budi", "Kepala Dinas", "1970", "Pembina", "Plt.", "WALI KOTA", "Sekretaris Daerah")
    assert signed.heading == ["a.n. WALI KOTA", "Sekretaris Daerah", "u.b.", "Plt. Kepala Dinas,"]
    assert signed.below == ["Pembina", "NIP 1970"]
