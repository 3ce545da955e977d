import io

import openpyxl

from lindung.intake.annotate import annotate


def marked(sheet):
    return {cell.coordinate: cell.comment.text for row in sheet.iter_rows() for cell in row if cell.comment}


def test_own_workbook_comes_back_with_coloured_cells_and_comments(write, checked, head, people):
    people[1][2] = "36740352038250"
    path = write(None, "list.xlsx", sheets={"Data": [["DAFTAR"], head, *people], "Lain": [["catatan"]]})
    book = openpyxl.load_workbook(path)
    book["Data"]["A3"] = "=1+0"
    book["Data"]["B3"] = '=HYPERLINK("http://example.org","Asnawi")'
    book.save(path)

    body = annotate(path, checked(path))

    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Data", "Lain", "Ringkasan"]
    found = marked(book["Data"])
    assert "14 angka" in found["C4"]
    assert book["Data"]["C4"].fill.start_color.rgb.endswith("F8CBAD")
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    summary = [
        [value for value in row if value is not None] for row in book["Ringkasan"].iter_rows(values_only=True)
    ]
    assert ["Data", 6, 4, 2, 1] in summary  # the formula without a stored result is a missing name, and told
    assert any("14 angka" in str(value) for row in summary for value in row)


def test_other_kinds_become_a_new_workbook_with_the_same_rows(write, checked, head, people):
    people[2][3] = "=cmd|' /C calc'!A0"
    path = write([["DAFTAR KADER"], [], head, *people], "list.csv", separator=";")
    book = openpyxl.load_workbook(io.BytesIO(annotate(path, checked(path))))
    sheet = book.worksheets[0]
    assert sheet["C4"].value == people[0][2]
    assert sheet["D6"].value == people[2][3]
    assert sheet["D6"].data_type == "s"
    assert "bukan tanggal" in sheet["D6"].comment.text
    assert book.sheetnames[-1] == "Ringkasan"


def test_annotated_file_can_be_sent_again(write, checked, head, people, tmp_path):
    people[1][2] = 3674035203825000  # a number
    path = write([head, *people], "list.xlsx")
    first = checked(path)
    again = tmp_path / "again.xlsx"
    again.write_bytes(annotate(path, first))
    second = checked(again)
    assert second.people == first.people == 6
    assert second.findings["code"].to_list() == first.findings["code"].to_list() == ["nik.damaged_by_excel"]


def test_a_marked_copy_that_was_mended_loses_its_old_marks_and_holds_what_was_typed(
    write, checked, head, people, tmp_path
):
    people[1][2] = "36740352038250"
    path = write([head, *people], "list.xlsx")
    again = tmp_path / "again.xlsx"
    again.write_bytes(annotate(path, checked(path)))
    book = openpyxl.load_workbook(again)
    assert book.worksheets[0]["C3"].comment
    book.worksheets[0]["C3"].value = "3674035203825002"
    book.save(again)
    second = checked(again)
    assert second.findings.is_empty()
    column = second.places[book.sheetnames[0]]["name"]
    body = annotate(again, second, {book.sheetnames[0]: {(4, column): "=Nama Baru"}})
    book = openpyxl.load_workbook(io.BytesIO(body))
    assert book.sheetnames == ["Sheet1", "Ringkasan"]
    sheet = book.worksheets[0]
    assert (sheet["C3"].comment, sheet["C3"].fill.fill_type) == (None, None)
    assert (sheet.cell(4, column + 1).value, sheet.cell(4, column + 1).data_type) == ("=Nama Baru", "s")
