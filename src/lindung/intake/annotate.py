"""The list goes back to its sender with every finding at its cell, and a summary per unit. No formula is alive in it."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError

import polars as pl

from lindung.base.messages import hint, sentence, translate
from lindung.intake.check import Checked
from lindung.intake.read import read
from lindung.intake.texts import WORDS

OWN_FILE_ROWS = 20_000  # up to here the sender gets the own file back
OWN_FILE_SIZE = 100 * 1024**2  # unpacked
MOST_COMMENTS = 20_000  # spreadsheets open slowly with more; the summary lists every finding
LAST_ROW = 1_048_576
ERROR, WARNING = "F8CBAD", "FFE699"
AUTHOR = "Lindung"
SUMMARY_HEAD = ("Unit", "People", "Without errors", "Errors", "Warnings")


class Mark(NamedTuple):
    error: bool
    text: str


Mended = dict[str | None, dict[tuple[int, int], str]]  # sheet → (row as Excel counts, column from 0) → text


def annotate(path: Path, result: Checked, mended: Mended | None = None) -> bytes:
    """XLSX: up to 20,000 rows of XLSX the sender's own workbook (its formulas replaced by their results), else a new one
    with the same sheets, row numbers and texts. Cells with a finding are coloured and carry it as a comment; the sheet
    "Ringkasan" counts per unit and lists all findings. `mended`: cells that were corrected elsewhere. Raises Refused("file.…")."""
    marks = _marks(result)
    if result.people <= OWN_FILE_ROWS and _is_xlsx(Path(path)):
        from openpyxl.utils.exceptions import InvalidFileException

        # openpyxl knows fewer dialects than the reader, and reads parts that the reader has no need of
        with suppress(
            InvalidFileException, ParseError, KeyError, ValueError, TypeError, AttributeError, IndexError,
            zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError,
        ):  # fmt: skip
            return _own(path, result, marks, mended or {})
    return _new(path, result, marks, mended or {})


def _is_xlsx(path: Path) -> bool:
    """An XLSX or XLSM that can be kept in memory whole: a sheet of styled blanks stays outside."""
    try:
        with zipfile.ZipFile(path) as archive:
            expanded = sum(entry.file_size for entry in archive.infolist())
            return "xl/workbook.xml" in archive.namelist() and expanded <= OWN_FILE_SIZE
    except zipfile.BadZipFile:
        return False


def _marks(result: Checked) -> dict[str | None, dict[tuple[int, int], Mark]]:
    """Sheet → (row as Excel counts, column from 0) → what is said there."""
    marks: dict[str | None, dict[tuple[int, int], Mark]] = defaultdict(dict)
    for sheet, row, column, code, severity, args, proposal in result.findings.select(
        "sheet", "row", "column", "code", "severity", "args", "proposal"
    ).iter_rows():
        spots = result.places.get(sheet, {})
        at = (row, spots.get(column, spots.get("name", spots.get("nik", 0))))
        values = json.loads(args) if args else {}
        text = f"{sentence(code, values)} {hint(code, values)}".strip()
        if proposal:
            text += f"\n{_word('Proposal')}: {proposal}"
        before = marks[sheet].get(at)
        error = severity == "error"
        marks[sheet][at] = (
            Mark(before.error or error, f"{before.text}\n{text}") if before else Mark(error, text)
        )
    return marks


def _word(english: str) -> str:
    return translate(WORDS[english])


# -------------------------------------------------------------------------------------------------- the sender's own


def _own(
    path: Path, result: Checked, marks: dict[str | None, dict[tuple[int, int], Mark]], mended: Mended
) -> bytes:
    from openpyxl import load_workbook
    from openpyxl.cell.cell import MergedCell
    from openpyxl.comments import Comment
    from openpyxl.formatting.formatting import ConditionalFormattingList
    from openpyxl.styles import PatternFill
    from openpyxl.worksheet.datavalidation import DataValidationList

    book = load_workbook(path, data_only=True, keep_links=False)
    fills = {
        error: PatternFill("solid", start_color=colour) for error, colour in ((True, ERROR), (False, WARNING))
    }
    book.defined_names.clear()
    _without_ours(book)
    for sheet in book.worksheets:
        sheet.conditional_formatting = ConditionalFormattingList()
        sheet.data_validations = DataValidationList()
        sheet.defined_names.clear()
    for name, texts in mended.items():
        sheet = book[name or book.sheetnames[0]]
        for (row, column), text in texts.items():
            cell = sheet.cell(row, column + 1)
            if not isinstance(cell, MergedCell):
                cell.value, cell.number_format, cell.data_type = text, "@", "s"
    for name, cells in marks.items():
        sheet = book[name or book.sheetnames[0]]
        for (row, column), mark in cells.items():
            cell = sheet.cell(row, column + 1)
            if isinstance(cell, MergedCell):
                cell = next((c for c in sheet[row] if not isinstance(c, MergedCell)), None)
                if cell is None:
                    continue
            cell.fill = fills[mark.error]
            said = f"{cell.comment.text}\n{mark.text}" if cell.comment else mark.text
            cell.comment = Comment(said, AUTHOR, width=320, height=90 + 18 * said.count("\n"))
    summary = book.create_sheet(_free(_word("Summary"), book.sheetnames))
    for line in _summary(result):
        summary.append([_text(value) for value in line])
    for letter, width in zip("ABCDEFG", (28, 12, 18, 30, 60, 60, 20), strict=True):
        summary.column_dimensions[letter].width = width
    for row in summary.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
    body = io.BytesIO()
    book.save(body)
    return body.getvalue()


def _without_ours(book: Any) -> None:
    """Takes away what an earlier marked copy carries: its comments with their colours, and its summary."""
    from openpyxl.styles import PatternFill

    head = [_word(word) for word in SUMMARY_HEAD]
    for sheet in list(book.worksheets):
        if len(book.worksheets) > 1 and [cell.value for cell in sheet[1]][: len(head)] == head:
            book.remove(sheet)
            continue
        for row in sheet.iter_rows():
            for cell in row:
                if cell.comment and cell.comment.author == AUTHOR:
                    cell.comment = None
                    if cell.fill.start_color.rgb in (
                        f"00{ERROR}",
                        f"00{WARNING}",
                        f"FF{ERROR}",
                        f"FF{WARNING}",
                    ):
                        cell.fill = PatternFill()


def _text(value: Any) -> Any:
    return "" if value is None else value


def _free(name: str, taken: Iterable[str]) -> str:
    """`name`, or with a number behind it where a sheet is called so already."""
    low = {text.lower() for text in taken}
    return next(
        n for n in (name, *(f"{name[:27]} {count}" for count in range(2, 1000))) if n.lower() not in low
    )


# ------------------------------------------------------------------------------------------------------- a new file


def _new(
    path: Path, result: Checked, marks: dict[str | None, dict[tuple[int, int], Mark]], mended: Mended
) -> bytes:
    import xlsxwriter

    body = io.BytesIO()
    book = xlsxwriter.Workbook(
        body,
        {
            "constant_memory": result.people > 100_000,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    colours = {
        error: book.add_format({"bg_color": f"#{colour}", "num_format": "0"})
        for error, colour in ((True, ERROR), (False, WARNING))
    }
    names: list[str] = []
    comments = 0
    plain_number = book.add_format({"num_format": "0"})
    for sheet in read(path).sheets:
        told, typed = marks.get(sheet.name, {}), mended.get(sheet.name, {})
        by_row: dict[int, dict[int, Mark]] = defaultdict(dict)
        for (row, column), mark in told.items():
            by_row[row][column] = mark
        page, offset = None, 0
        for position, (row, *cells) in enumerate(sheet.cells.iter_rows()):
            if page is None or row - offset > LAST_ROW:
                offset = row - 1 if page is not None else 0
                names.append(_free(_sheet_name(sheet.name or _word("List")), names))
                page = book.add_worksheet(names[-1])
            here = by_row.get(row, {})
            for column, text in enumerate(cells):
                said = here.get(column)
                colour = colours[said.error] if said else None
                if (row, column) in typed:
                    page.write_string(row - offset - 1, column, typed[row, column], colour)
                elif text is not None and column in sheet.numeric and sheet.numeric[column][position]:
                    # a number stays one: it is what tells a damaged NIK
                    page.write_number(row - offset - 1, column, float(text), colour or plain_number)
                elif text is not None:
                    page.write_string(row - offset - 1, column, text[:32_767], colour)
                elif said:
                    page.write_blank(row - offset - 1, column, None, colour)
                if said and comments < MOST_COMMENTS:
                    comments += 1
                    size = {"author": AUTHOR, "width": 320, "height": 110}
                    page.write_comment(row - offset - 1, column, said.text, size)
    page = book.add_worksheet(_free(_word("Summary"), names))
    for column, width in enumerate((28, 12, 18, 30, 60, 60, 20)):
        page.set_column(column, column, width)
    for number, line in enumerate(_summary(result)):
        if number >= LAST_ROW:
            break
        for column, value in enumerate(line):
            if isinstance(value, int):
                page.write_number(number, column, value)
            elif value:
                page.write_string(number, column, value)
    book.close()
    return body.getvalue()


def _sheet_name(name: str) -> str:
    return "".join("_" if sign in r"[]:*?/\\" else sign for sign in name)[:31] or "_"


# ----------------------------------------------------------------------------------------------------------- summary


def _summary(result: Checked) -> Iterator[list[Any]]:
    """Counts per unit (office, kelurahan or sheet, whichever the list tells), then every finding."""
    rows = result.rows
    unit = next(
        (
            name
            for name in ("employer", "kelurahan", "sheet")
            if name in rows.columns and rows[name].null_count() < rows.height
        ),
        None,
    )
    by_row = result.findings.group_by("row_id").agg(
        error=(pl.col("severity") == "error").any(), warning=(pl.col("severity") == "warning").any()
    )
    counted = (
        rows.select("row_id", unit=pl.col(unit).cast(pl.String) if unit else pl.lit(result.file))
        .join(by_row, on="row_id", how="left")
        .group_by("unit")
        .agg(
            pl.len(),
            clean=(~pl.col("error").fill_null(False)).sum(),
            errors=pl.col("error").sum(),
            warnings=pl.col("warning").sum(),
        )
        .sort("unit", nulls_last=True)
    )
    yield [_word(head) for head in SUMMARY_HEAD]
    for name, *numbers in counted.iter_rows():
        yield [name or "–", *numbers]
    yield [_word("Total"), *(int(counted[name].sum()) for name in ("len", "clean", "errors", "warnings"))]
    yield []
    yield [_word(head) for head in ("Sheet", "Row", "Column", "Kind", "Finding", "What to do", "Proposal")]
    for sheet, row, column, severity, code, args, proposal in result.findings.select(
        "sheet", "row", "column", "severity", "code", "args", "proposal"
    ).iter_rows():
        values = json.loads(args) if args else {}
        header = " ".join(result.mapping.get(column or "", column or "").split())
        kind = _word("error" if severity == "error" else "warning")
        yield [sheet or "", row, header, kind, sentence(code, values), hint(code, values), proposal or ""]
