"""Files from outside: a clear refusal or findings, within ten seconds and one GiB, and never a traceback."""

from __future__ import annotations

import io
import os
import random
import zipfile

import openpyxl
import pytest

from lindung.base.refused import Refused
from lindung.intake import read as reading
from lindung.intake.read import read


def refused(path) -> str:
    with pytest.raises(Refused) as caught:
        read(path)
    assert path.name in caught.value.sentence()
    return caught.value.code


def workbook(rows) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def with_sheet(xml: bytes, shared: bytes | None = None) -> bytes:
    """A workbook whose only sheet is this XML."""
    body = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["x"]]))) as old,
        zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                content = xml
            if name == "xl/sharedStrings.xml" and shared is not None:
                content = shared
            new.writestr(name, content)
    return body.getvalue()


HEAD = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
TAIL = b"</sheetData></worksheet>"


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b" \n\n\r\n", b"\x00" * 100, b"\xff\xfe"])
def test_empty(tmp_path, content):
    path = tmp_path / "kosong.csv"
    path.write_bytes(content)
    assert refused(path) == "file.empty"


def test_empty_workbook(tmp_path):
    path = tmp_path / "kosong.xlsx"
    path.write_bytes(workbook([]))
    assert refused(path) == "file.empty"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7\n" + b"x" * 500,
        b"\x89PNG\r\n\x1a\n" + bytes(200),
        b"\xff\xd8\xff\xe0" + bytes(200),
        b"PK\x03\x04" + b"nothing of a zip file",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        b"<html><table><tr><td>NIK</td></tr></table></html>",
        b"<?xml version='1.0'?><Workbook/>",
        random.Random(1).randbytes(4000),
    ],
    ids=["pdf", "png", "jpeg", "zip", "ole", "html", "xml", "noise"],
)
def test_other_things_under_the_name_of_a_list(tmp_path, content):
    for name in ("daftar.xlsx", "daftar.csv"):
        path = tmp_path / name
        path.write_bytes(content)
        assert refused(path) == "file.unreadable"


def test_a_zip_that_is_no_workbook(tmp_path):
    path = tmp_path / "foto.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")
    assert refused(path) == "file.unreadable"


def test_truncated_workbook(tmp_path):
    whole = workbook([["NIK", "Nama"], *(["3674031701785001", "Asnawi"] for _ in range(200))])
    path = tmp_path / "putus.xlsx"
    for length in (10, 100, len(whole) // 2, len(whole) - 10):
        path.write_bytes(whole[:length])
        assert refused(path) == "file.unreadable"


def test_missing_file(tmp_path):
    assert refused(tmp_path / "tidak-ada.xlsx") == "file.unreadable"


def test_encrypted(tmp_path):
    path = tmp_path / "rahasia.xlsx"
    path.write_bytes(reading.OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(600))
    assert refused(path) == "file.encrypted"


def test_encrypted_ods(tmp_path):
    path = tmp_path / "rahasia.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("content.xml", bytes(50))
        archive.writestr("META-INF/manifest.xml", "<manifest><encryption-data/></manifest>")
    assert refused(path) == "file.encrypted"


def test_zip_bomb(tmp_path):
    path = tmp_path / "bom.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", bytes(300 * 1024**2))
    assert path.stat().st_size < 1024**2
    assert refused(path) == "file.too_large"


def test_file_above_200_mb(tmp_path):
    path = tmp_path / "besar.csv"
    with path.open("wb") as stream:
        stream.write(b"NIK,Nama\n")
        stream.truncate(reading.LARGEST_FILE + 1)
    assert refused(path) == "file.too_large"


def test_300_columns(tmp_path):
    path = tmp_path / "lebar.xlsx"
    path.write_bytes(workbook([[f"kolom {n}" for n in range(300)], list(range(300))]))
    assert refused(path) == "file.too_large"
    path = tmp_path / "lebar.csv"
    path.write_text("\n".join(",".join(str(n) for n in range(300)) for _ in range(3)))
    assert refused(path) == "file.too_large"


def test_a_cell_of_ten_megabytes(tmp_path):
    path = tmp_path / "sel.csv"
    path.write_text('NIK,Nama\n1,"' + "x" * 10_000_000 + '"\n')
    assert refused(path) == "file.too_large"
    text = random.Random(2).randbytes(5_000_000).hex().encode()
    cell = b'<row r="1"><c r="A1" t="inlineStr"><is><t>' + text + b"</t></is></c></row>"
    path = tmp_path / "sel.xlsx"
    path.write_bytes(with_sheet(HEAD + cell + TAIL))
    assert refused(path) == "file.too_large"


def test_a_cell_at_the_end_of_the_world(tmp_path):
    """Laid out densely this sheet would take half a terabyte."""
    path = tmp_path / "jauh.xlsx"
    cells = b'<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path.write_bytes(with_sheet(HEAD + cells + TAIL))
    assert refused(path) == "file.too_large"


@pytest.mark.slow
def test_a_million_styled_empty_rows(tmp_path, checked, head, people):
    rows = [
        b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/><c r="C%d" s="0"/></row>' % (n, n, n, n)
        for n in range(1, 1_000_001)
    ]
    random.Random(3).shuffle(rows[500_000:])
    path = tmp_path / "gaya.xlsx"
    path.write_bytes(with_sheet(HEAD + b"".join(rows) + TAIL))
    assert refused(path) in ("file.empty", "file.too_large")


def test_external_entities_are_not_followed(tmp_path):
    secret = tmp_path / "rahasia.txt"
    secret.write_text("SECRET")
    xml = (
        b'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY e SYSTEM "file://' + os.fsencode(secret) + b'">]>'
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
        b'<c r="A1" t="inlineStr"><is><t>&e;</t></is></c><c r="B1" t="inlineStr"><is><t>NIK</t></is></c></row></sheetData></worksheet>'
    )
    path = tmp_path / "entitas.xlsx"
    path.write_bytes(with_sheet(xml))
    try:
        book = read(path)
    except Refused as problem:
        assert problem.code in ("file.unreadable", "file.empty")  # noqa: PT017
    else:
        assert "SECRET" not in str(book.sheets[0].cells.rows())


def test_nul_bytes_are_left_out(tmp_path):
    path = tmp_path / "nul.csv"
    path.write_bytes(b"NIK,Nama\n36740317\x0001785001,As\x00nawi\n")
    assert read(path).sheets[0].cells.row(1) == (2, "3674031701785001", "Asnawi")


def test_formulas_are_their_stored_results(write, checked, head, people):
    path = write([head, *people], "rumus.xlsx")
    book = openpyxl.load_workbook(path)
    book.active["B2"] = '=HYPERLINK("http://example.org")'
    book.save(path)
    assert checked(path).findings.select("row", "code").rows() == [
        (2, "name.missing"),
        (2, "cell.formula_without_result"),
    ]


def test_lines_of_different_length_and_stray_quotes(tmp_path):
    path = tmp_path / "acak.csv"
    path.write_bytes(b'NIK,Nama,Alamat\n1,a "b" c,x\n2,"d, e",y,lebih,lagi\n3\n\n4,tak "ditutup,z\n5,f,w\n')
    cells = read(path).sheets[0].cells
    assert cells["row"].to_list()[:4] == [1, 2, 3, 4]
    assert cells.row(2)[:3] == (3, "2", "d, e")
    path.write_bytes(b'NIK,Nama,Alamat\n1,a "b" c,x\n2,"d, e",y,lebih,lagi\n3\n\n4,"tak ditutup,z\n5,f,w\n')
    assert refused(path) == "file.open_quote"


def test_a_parser_that_hangs_is_stopped(tmp_path, monkeypatch):
    path = tmp_path / "macet.xlsx"
    path.write_bytes(workbook([["NIK"]]))
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    assert refused(path) == "file.too_large"


def test_no_header_and_no_nik_column(write, checked):
    with pytest.raises(Refused) as caught:
        checked(write([["satu", "dua"], ["tiga", "empat"]]))
    assert caught.value.code == "file.no_header"
    with pytest.raises(Refused) as caught:
        checked(write([["No", "Nama", "Alamat", "No HP"], [1, "Asnawi", "Jl. Anggrek", "081300005001"]]))
    assert caught.value.code == "file.no_nik_column"


def test_columns_of_the_same_name(write, checked, head, people):
    rows = [[*head, "NIK", "Nama"], *([*person, "", "lain"] for person in people)]
    result = checked(write(rows))
    assert result.people == 6
    assert result.rows["name"][0] == "Asnawi Hasbi"


@pytest.mark.parametrize("closing", [False, True])
def test_a_quote_that_does_not_close_is_told_with_its_line_and_swallows_nobody(tmp_path, closing):
    rows = [f"{n},Orang {n},367401010170{5000 + n},01-01-1970,Ketua RT" for n in range(1, 20)]
    rows[5] = rows[5].replace("Orang", '"Orang')
    if closing:
        rows[9] = rows[9].replace(",3674", '",3674')
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["No,Nama,NIK,Tanggal Lahir,Jabatan", *rows]), encoding="utf-8")
    with pytest.raises(Refused) as caught:
        read(path)
    assert (caught.value.code, caught.value.values["line"]) == ("file.open_quote", 7)


def test_line_breaks_in_an_address_are_no_open_quote(tmp_path):
    rows = [f'{n},Orang {n},367401010170500{n},01-01-1970,"Jl. Mawar, No. {n}\nRT 1",RT' for n in range(9)]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["No,Nama,NIK,Tanggal Lahir,Alamat,Jabatan", *rows]), encoding="utf-8")
    assert read(path).sheets[0].cells.height == 10
