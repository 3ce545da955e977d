"""The templates here are reconstructions made by code from the published headers, not files of BPJS Ketenagakerjaan."""

import contextlib
import io
import random
import re
import zipfile
from datetime import date

import openpyxl
import polars as pl
import pytest
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from lindung.base import messages
from lindung.base.refused import Refused
from lindung.papers import bpjs
from lindung.papers.answers import read_answer
from lindung.papers.package import Package

JOBS = [("01", "Guru ngaji"), ("02", "Marbot"), ("17", "Juru parkir")]
PLACES = [("3674", "Kota Tangerang Selatan"), ("3671", "Kota Tangerang")]


def reconstructed(version: str, *, lists: bool = True, header: list[str] | None = None) -> bytes:
    """A blank template as BPJS's may look: instructions, data sheet with text cells, list sheets."""
    form = bpjs.formats()[version]
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "Petunjuk Pengisian"
    notes["A1"] = "Rekonstruksi untuk pengujian, bukan berkas BPJS"
    sheet = book.create_sheet(form.sheet)
    for at, name in enumerate(header or [f.name for f in form.fields], 1):
        cell = sheet.cell(1, at, name)
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="FFFF00")
        sheet.cell(2, at).number_format = "@"
        sheet.column_dimensions[cell.column_letter].width = 22
    sheet.freeze_panes = "A2"
    rule = DataValidation(type="list", formula1='"L,P"')
    rule.add("Q2:Q10001")
    sheet.add_data_validation(rule)
    if lists:
        for title, rows in (("Lokasi Pekerjaan", PLACES), ("Jenis Pekerjaan", JOBS)):
            page = book.create_sheet(title)
            page.append(["KODE", "NAMA"])
            for row in rows:
                page.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def people(n: int = 3, **other) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "row_id": range(n),
            "nik": [f"3674{i:012d}" for i in range(n)],
            "name": ["SITI MAESAROH", "BUDI", "=SUM(A1)"][:n] if n <= 3 else ["AGUS"] * n,
            "birth_date": [date(1970, 2, 3)] * n,
            "phone": ["081234567890"] * n,
            "email": ["a@b.id"] * n,
            "occupation": ["Guru ngaji"] * n,
            "work_region": ["Kota Tangerang Selatan"] * n,
            "wage": [1_000_000] * n,
            **other,
        }
    )


def rows_of(content: bytes, sheet: str) -> list[list[object]]:
    return [[c.value for c in row] for row in openpyxl.load_workbook(io.BytesIO(content))[sheet].iter_rows()]


def test_a_template_is_filled_inside_its_package():
    template = reconstructed("bpu_v11")
    [(name, content)] = bpjs.fill(template, "bpu_v11", people(), filename="Template BPU 2019.xlsx")
    assert name == "Template BPU 2019.xlsx"
    rows = rows_of(content, "Data TK Baru")
    assert rows[0] == [field.name for field in bpjs.formats()["bpu_v11"].fields]
    assert rows[1] == [
        "3674000000000000", "SITI MAESAROH", "03-02-1970", "081234567890", "a@b.id", "01", None, "3674", "1000000", "T", "1",
    ]  # fmt: skip
    cells = list(openpyxl.load_workbook(io.BytesIO(content))["Data TK Baru"].iter_rows(min_row=2))
    assert {c.data_type for row in cells for c in row if c.value is not None} == {"s"}
    assert {c.number_format for row in cells[:1] for c in row if c.value} == {"@"}
    before, after = (zipfile.ZipFile(io.BytesIO(x)) for x in (template, content))
    assert before.namelist() == after.namelist()
    changed = [n for n in before.namelist() if before.read(n) != after.read(n)]
    assert changed == ["xl/worksheets/sheet2.xml"]
    old, new = (
        re.sub(rb"<sheetData>.*</sheetData>|<dimension[^>]*>", b"", z.read(changed[0]), flags=re.S)
        for z in (before, after)
    )
    assert old == new
    assert "<f>" not in after.read(changed[0]).decode()


@pytest.mark.parametrize("version", sorted(bpjs.formats()))
def test_every_version_is_recognised_and_filled(version):
    template = reconstructed(version)
    assert bpjs.recognise(template, "x.xlsx") == version
    frame = people(kpj=["25000012345"] * 3, sex=["P", "L", "L"], ended_on=[date(2019, 12, 31)] * 3)
    [(_, content)] = bpjs.fill(template, version, frame)
    form = bpjs.formats()[version]
    rows = rows_of(content, form.sheet)
    assert len(rows) == 4
    texts = dict(zip([f.name for f in form.fields], rows[1], strict=True))
    assert {**texts, **{"NAMA_DEPAN": "SITI", "NAMA_BELAKANG": "MAESAROH"}}.items() >= {
        f.name: "03-02-1970" for f in form.fields if f.source == "birth_date"
    }.items()
    if version == "tk_baru_v32":
        assert (texts["NAMA_DEPAN"], texts["NAMA_TENGAH"], texts["NAMA_BELAKANG"]) == (
            "SITI",
            None,
            "MAESAROH",
        )
        assert rows[2][1:4] == ["BUDI", None, None]
    if version.startswith("tk_baru"):
        assert (texts["JENIS_IDENTITAS"], texts["KODE_NEGARA"], texts["LOKASI_PEKERJAAN"]) == (
            "KTP",
            "ID",
            "3674",
        )


def test_more_rows_than_sipp_takes_are_split_under_the_same_name(monkeypatch):
    assert bpjs.rules()["rules"]["max_rows"] == 10_000
    monkeypatch.setitem(bpjs.rules()["rules"], "max_rows", 100)
    files = bpjs.fill(reconstructed("bpu_v11"), "bpu_v11", people(129), filename="BPU.xlsx")
    assert [name for name, _ in files] == ["BPU.xlsx", "BPU.xlsx"]
    packages = [Package(content, name) for name, content in files]
    assert [len(p.rows("Data TK Baru")) - 1 for p in packages] == [100, 29]
    assert packages[1].rows("Data TK Baru")[2][1] == "3674000000000100"


def test_a_plain_workbook_is_made_without_a_template_and_preflight_says_so():
    [(name, content)] = bpjs.fill(None, "bpu_v11", people())
    assert name == "Data TK Baru.xlsx"
    assert bpjs.recognise(content, name) == "bpu_v11"
    assert rows_of(content, "Data TK Baru")[1][5] == "Guru ngaji"
    found = bpjs.preflight("bpu_v11", people())
    assert found["code"].to_list() == ["bpjs.no_template", "bpjs.no_list", "bpjs.no_list", "bpjs.no_list"]
    assert set(found["severity"]) == {"warning"}
    assert "Data TK Baru" not in messages.column(found, lang="en")[0]


def test_preflight_says_what_bpjs_would_send_back():
    frame = people().with_columns(
        nik=pl.Series(["3674000000000001", "3674000000000001", "12"]),
        occupation=pl.Series(["Astronot", "02", None]),
        wage=pl.Series([1_000_000, None, -5]),
    )
    found = bpjs.preflight("bpu_v11", frame, template=reconstructed("bpu_v11"))
    assert set(found.select("row_id", "column", "code").iter_rows()) == {
        (0, "occupation", "bpjs.code_unknown"),
        (1, "nik", "bpjs.duplicate"),
        (1, "wage", "bpjs.missing"),
        (2, "nik", "bpjs.nik_form"),
        (2, "occupation", "bpjs.missing"),
        (2, "wage", "bpjs.number_form"),
    }
    sentences = messages.column(found, lang="en").to_list()
    assert "JENIS_PEKERJAAN_1: “Astronot” does not stand in the template's list." in sentences


def test_preflight_of_clean_rows_finds_nothing():
    assert bpjs.preflight("bpu_v11", people(), template=reconstructed("bpu_v11")).is_empty()


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "Template.xls", "bpjs.save_as_xlsx"),
        (b"hello", "Template.xlsx", "bpjs.not_a_workbook"),
        (b"PK\x03\x04broken", "Template.xlsx", "bpjs.not_a_workbook"),
    ],
)
def test_other_files_are_refused(content, name, code):
    with pytest.raises(Refused) as refused:
        bpjs.fill(content, "bpu_v11", people(), filename=name)
    assert refused.value.code == code


def test_a_changed_header_is_refused_naming_the_cell():
    names = [f.name for f in bpjs.formats()["bpu_v11"].fields]
    for header, cell in (([*names[:8], "GAJI", *names[9:]], "I1"), (names[:10], "K1"), ([*names, "X"], "L1")):
        with pytest.raises(Refused) as refused:
            bpjs.fill(reconstructed("bpu_v11", header=header), "bpu_v11", people())
        assert (refused.value.code, refused.value.values["cell"]) == ("bpjs.header_changed", cell)


def test_the_template_of_another_kind_is_refused():
    with pytest.raises(Refused) as refused:
        bpjs.fill(reconstructed("tk_na_v6"), "bpu_v11", people())
    assert refused.value.code == "bpjs.wrong_template"


def test_a_template_with_rows_is_refused():
    [(name, filled)] = bpjs.fill(reconstructed("bpu_v11"), "bpu_v11", people())
    with pytest.raises(Refused) as refused:
        bpjs.fill(filled, "bpu_v11", people(), filename=name)
    assert (refused.value.code, refused.value.values["row"]) == ("bpjs.template_not_blank", 2)


def test_a_template_with_an_entity_bomb_is_refused():
    template = reconstructed("bpu_v11")
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(template)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + content
            new.writestr(name, content)
    with pytest.raises(Refused) as refused:
        bpjs.recognise(stream.getvalue(), "x.xlsx")
    assert refused.value.code == "bpjs.not_a_workbook"


def test_damaged_files_are_refused_and_never_crash():
    template, chance = reconstructed("bpu_v11"), random.Random(1)
    for _ in range(60):
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(template)) as old, zipfile.ZipFile(stream, "w") as new:
            for name in old.namelist():
                content = bytearray(old.read(name))
                if chance.random() < 0.3:
                    for _ in range(5):
                        content[chance.randrange(len(content))] = chance.randrange(32, 127)
                new.writestr(name, bytes(content))
        with contextlib.suppress(Refused):
            bpjs.fill(stream.getvalue(), "bpu_v11", people())
        with contextlib.suppress(Refused):
            read_answer(stream.getvalue(), "x.xlsx")


@pytest.mark.slow
def test_a_city_goes_into_two_files():
    files = bpjs.fill(reconstructed("bpu_v11"), "bpu_v11", people(12_946), filename="BPU.xlsx")
    assert [len(Package(content, name).rows("Data TK Baru")) - 1 for name, content in files] == [
        10_000,
        2_946,
    ]
