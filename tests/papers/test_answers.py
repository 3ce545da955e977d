import io
import zipfile
from datetime import date

import openpyxl
import pytest

from lindung.base import messages
from lindung.base.refused import Refused
from lindung.papers.answers import read_answer


def workbook(rows, sheet="Hasil") -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "Ringkasan"
    page = book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_first_answer_has_valid_and_rejected_rows_with_a_billing_code():
    content = workbook(
        [
            ["List History Upload"],
            [],
            ["No", "Nomor Identitas", "Nama Lengkap", "Tgl Lahir", "Status", "Keterangan", "Kode Iuran"],
            [1, "3674000000000001", "SITI", "03-02-1970", "Valid", None, "12345678901"],
            [2, "3674000000000002", "BUDI", "31-02-1970", "TIDAK VALID", "Sudah terdaftar", None],
            [],
            [3, "3674000000000003", "AGUS", None, "menunggu", None, None],
        ]
    )
    answer = read_answer(content, "hasil.xlsx")
    assert answer.mapping == {
        "nik": "Nomor Identitas",
        "name": "Nama Lengkap",
        "birth_date": "Tgl Lahir",
        "status": "Status",
        "reason": "Keterangan",
        "billing_code": "Kode Iuran",
    }
    assert answer.rows.select("row", "nik", "status", "reason", "billing_code").rows() == [
        (4, "3674000000000001", "valid", None, "12345678901"),
        (5, "3674000000000002", "rejected", "Sudah terdaftar", None),
        (7, "3674000000000003", None, None, None),
    ]
    assert answer.rows["birth_date"].to_list() == [date(1970, 2, 3), None, None]
    assert answer.findings.select("row_id", "code", "severity").rows() == [
        (7, "answer.status_unknown", "warning")
    ]
    assert len(answer.sha256) == 64


def test_a_second_answer_brings_the_kpj():
    text = (
        "NIK;Nomor Referensi;Nama\n3674000000000001;25 000 012 345;SITI\n3674000000000002;2500001234;BUDI\n"
    )
    answer = read_answer(text.encode(), "kpj.csv")
    assert answer.rows["kpj"].to_list() == ["25000012345", None]
    assert answer.findings.select("row_id", "column", "code", "value").rows() == [
        (3, "kpj", "answer.kpj_form", "2500001234")
    ]
    assert messages.column(answer.findings, lang="en").to_list() == [
        "Row 3: the KPJ “2500001234” does not have 11 digits."
    ]


def test_a_nik_stored_as_a_number_is_not_believed_and_a_number_given_twice_is_told():
    content = workbook([["NIK", "KPJ"], [3674000000000001, "25000012345"], ["3674000000000002", 25000012345]])
    answer = read_answer(content, "x.xlsx")
    assert answer.rows["nik"].to_list() == [None, "3674000000000002"]
    assert answer.rows["kpj"].to_list() == ["25000012345"] * 2
    assert answer.findings["code"].to_list() == ["answer.nik_form", "answer.kpj_twice"]


def test_days_that_excel_knows_are_read_and_a_packed_bomb_is_refused_outside_the_server():
    content = workbook([["NIK", "KPJ", "Tgl Lahir"], ["3674000000000001", "25000012345", date(1970, 2, 3)]])
    assert read_answer(content, "x.xlsx").rows["birth_date"].to_list() == [date(1970, 2, 3)]
    bomb = io.BytesIO(content)
    with zipfile.ZipFile(bomb, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet9.xml", b" " * 30_000_000)
    with pytest.raises(Refused) as refused:
        read_answer(bomb.getvalue(), "hasil.xlsx")
    assert refused.value.code == "file.too_large"
    assert "hasil.xlsx" in refused.value.sentence("en")


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"%PDF-1.7", "kartu.pdf", "answer.other_file"),
        (b"\xd0\xcf\x11\xe0", "hasil.xls", "answer.other_file"),
        (b"%PDF-1.7", "hasil.csv", "answer.other_file"),
        (b"PK\x03\x04broken", "hasil.xlsx", "file.unreadable"),
        (b"Nama,Alamat\nA,B\n", "hasil.csv", "answer.no_person_column"),
        (b"NIK,Nama\n3674000000000001,B\n", "hasil.csv", "answer.no_result_column"),
        (b"NIK,KPJ\n", "hasil.csv", "answer.empty"),
        (b"", "hasil.csv", "answer.no_person_column"),
    ],
)
def test_what_is_no_answer_is_refused(content, name, code):
    with pytest.raises(Refused) as refused:
        read_answer(content, name)
    assert refused.value.code == code
    assert name in refused.value.sentence("en")
