"""Formulas whose results are not stored, as programs write them that do not compute: told, never read as silent blanks."""

import io
import json
import zipfile
from datetime import date

import openpyxl
import polars as pl
import pytest

from lindung.base.messages import hint, sentence, speaking
from lindung.base.refused import Refused
from lindung.intake.annotate import annotate
from lindung.intake.check import check, corrected, recheck

ON = date(2019, 11, 22)
CODE = "cell.formula_without_result"


def told(result):
    return sorted(result.findings.filter(code=CODE).select("row", "column").rows())


@pytest.fixture
def formulas(write, head, people):
    """`formulas({"B3": "=…"}, sheet=…)`: the list of six with formulas in it, its path."""

    def formulas(cells, name="rumus.xlsx", rows=None, **sheets):
        path = write(None, name, sheets={"Data": rows or [head, *people], **sheets})
        book = openpyxl.load_workbook(path)
        for place, text in cells.items():
            book["Data"][place] = text
        book.save(path)
        return path

    return formulas


def test_each_cell_is_told_with_what_to_do(formulas, checked):
    lost = {
        "A3": "=A2+1",
        "C3": '="3674035203825002"',
        "D3": "=DATE(1982,3,12)",
        "F4": '=CONCATENATE("Jl. ", "A")',
    }
    result = checked(formulas(lost))
    assert result.people == 6
    assert told(result) == [(3, "birth_date"), (3, "nik"), (4, "address")]
    assert set(result.findings.filter(code=CODE)["severity"]) == {"warning"}
    assert "nik.missing" in result.findings.filter(row=3)["code"]
    with speaking("id"):
        assert sentence(CODE, {}) == "Rumus tanpa hasil tersimpan: sel ini terbaca kosong."
        assert "LibreOffice" in hint(CODE, {})


def test_a_running_number_by_formula_numbers_its_row(formulas, checked, head):
    plain = [[1, "Asnawi", "3674031701785001"], [None, "Rohani", None], [None, "Yanto", None]]
    path = formulas({"A3": "=A2+1", "A4": "=A3+1"}, rows=[["No", "Nama", "NIK"], *plain])
    result = checked(path)
    assert result.people == 3
    assert told(result) == []


def test_a_row_that_nobody_can_see_refuses_the_file(formulas, checked):
    whole = {
        "A7": "=A6+1",
        "B7": "=Lain!B7",
        "C7": "=Lain!C7",
        "D7": "=D6",
        "E7": "=E6",
        "F7": "=F6",
        "G7": "=G6",
        "H7": "=H6",
    }
    with pytest.raises(Refused) as caught:
        checked(formulas(whole, Lain=[["catatan"]]))
    assert caught.value.code == "file.formulas_without_result"
    assert caught.value.values["what"] == "Data!7"


def test_totals_and_counts_are_nobody(formulas, checked):
    result = checked(formulas({"B9": "Jumlah", "C9": "=C8", "C11": "=COUNTA(C2:C7)", "H11": "=SUM(H2:H7)"}))
    assert result.people == 6
    assert told(result) == []


def test_a_sheet_or_header_of_formulas_refuses_the_file(formulas, checked, head, people):
    for place in ({"C1": '="NIK"'}, {f"{letter}1": f'="{letter}"' for letter in "ABCDEFGH"}):
        with pytest.raises(Refused) as caught:
            checked(formulas(place))
        assert caught.value.code == "file.formulas_without_result"
    lost_header = {f"{letter}1": f'="{letter}"' for letter in "ABCDEFGH"}
    with pytest.raises(Refused) as caught:
        checked(formulas(lost_header, Lain=[head, *people[:2]]))
    assert "Data!1" in caught.value.sentence()
    path = formulas({}, Salinan=[["x"]])
    book = openpyxl.load_workbook(path)
    book["Salinan"]["A1"] = "=Data!A1"
    book.save(path)
    with pytest.raises(Refused) as caught:
        checked(path)
    assert "Salinan!1" in caught.value.sentence()
    book["Salinan"].sheet_state = "hidden"
    book.save(path)
    assert checked(path).people == 6


def test_stored_results_count_also_when_empty(formulas, checked):
    """Excel stores the empty text of a formula as a value; other writers prefix their tags or share formulas."""
    path = formulas({"F2": "=A1", "F3": "=A2", "F4": "=A3", "F5": "=A4", "F6": "=A5"})
    rewrite(
        path,
        "xl/worksheets/sheet1.xml",
        {
            '<c r="F2"><f>A1</f><v></v></c>': '<c r="F2" t="str"><f>A1</f><v></v></c>',
            '<c r="F3"><f>A2</f><v></v></c>': '<c r="F3" t="str"><f>A2</f><v>Jl. Dua</v></c>',
            '<c r="F4"><f>A3</f><v></v></c>': '<c r="F4"><f t="shared" si="0"/></c>',
            '<c r="F5"><f>A4</f><v></v></c>': "<c s='0' r='F5'>\n<f>A4</f>\n<v/></c>",
        },
    )
    assert told(checked(path)) == [(4, "address"), (5, "address"), (6, "address")]


def rewrite(path, part, changes):
    with zipfile.ZipFile(path) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    text = held[part].decode()
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    held[part] = text.encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in held.items():
            archive.writestr(name, body)


def test_what_is_typed_in_its_place_ends_the_warning(formulas, scheme):
    (result,) = check([formulas({"C3": '="3674035203825002"', "F3": "=F2"})], scheme, ON)
    rows = result.rows
    cells = [json.loads(raw) for raw in rows["raw"]]
    cells[1] = corrected(cells[1], "nik", "3674035203825002")
    again = recheck(rows.with_columns(raw=pl.Series([json.dumps(cell) for cell in cells])), scheme, ON)
    assert told(again) == [(3, "address")]


def test_the_marked_copy_says_it_at_the_cell(formulas, checked):
    path = formulas({"F3": "=F2"})
    book = openpyxl.load_workbook(io.BytesIO(annotate(path, checked(path))))
    assert "LibreOffice" in book["Data"]["F3"].comment.text


ODS = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Data">{rows}</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def test_ods(tmp_path, checked, head, people):
    def cell(text):
        return f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>'

    rows = [[cell(text) for text in row] for row in (head, *people)]
    rows[1][5] = '<table:table-cell table:formula="of:=&quot;Jl.&quot;"/>'
    rows[2][5] = (
        '<table:table-cell table:formula="of:=[.F2]" office:value-type="string"><text:p>Jl.</text:p></table:table-cell>'
    )
    rows[3][5] = (
        '<table:table-cell table:formula="of:=[.F2]" office:value-type="string" office:string-value=""/>'
    )
    rows[4][0] = '<table:table-cell table:formula="of:=[.A4]+1"/>'
    path = tmp_path / "rumus.ods"
    body = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", ODS.format(rows=body))
    result = checked(path)
    assert result.people == 6
    assert told(result) == [(2, "address")]


def test_a_second_table_on_the_sheet_has_its_own_formulas(formulas, checked, head, people):
    """Each table tells its own: the rows of one are not missing from the other."""
    order = [0, 2, 1, 3, 4, 6, 5, 7]
    second = [[row[n] for n in order] for row in (head, *people)]
    for number, row in enumerate(second[1:], 1):
        row[1] = f"367403170178{6000 + number}"
    result = checked(formulas({"F2": "=F3", "G10": "=G11"}, rows=[head, *people, [], *second]))
    assert result.people == 12
    assert told(result) == [(2, "address"), (10, "address")]
