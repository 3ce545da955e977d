"""Lists: one description, three files. XLSX and CSV here, PDF and DOCX as a block of a `paper.Paper`.

A cell never becomes a formula: text is written as text, totals as figures.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import polars as pl

from lindung.base.money import number
from lindung.base.refused import Refused

if TYPE_CHECKING:
    from lindung.papers.paper import Letterhead, Printed, Templates

Kind = Literal["text", "number", "rupiah", "percent", "date", "month", "blank"]
LARGE = 2_000
SHEET_HOLDS = 1_048_000
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True)
class Column:
    """`width` in millimetres on paper; `group` is a head above several columns; `blank` is filled in by hand.

    `total` sums the column in the last row; `choices` are offered in a form to be filled in.
    """

    key: str
    label: str
    kind: Kind = "text"
    width: float = 20
    total: bool = False
    group: str = ""
    choices: tuple[str, ...] = ()

    @property
    def head(self) -> str:
        return f"{self.label} (Rp)" if self.kind == "rupiah" else self.label


@dataclass(frozen=True)
class Table:
    """`rows` has a column for every key that is not `blank`; the order of rows is kept.

    `numbered` puts "No." before them. `form_rows` adds that many empty rows, every cell formatted as text so that
    Excel keeps sixteen digits.
    """

    columns: tuple[Column, ...]
    rows: pl.DataFrame
    name: str = "Daftar"  # the sheet
    title: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    numbered: bool = True
    form_rows: int = 0

    @cached_property
    def all_columns(self) -> tuple[Column, ...]:
        return (Column("", "No.", "number", 9), *self.columns) if self.numbered else self.columns

    @cached_property
    def totals(self) -> list[int | None] | None:
        """A figure for every column of `all_columns`, None where there is nothing to add; None when there is no total."""
        if not any(column.total for column in self.columns):
            return None
        return [int(self.rows[c.key].sum()) if c.total else None for c in self.all_columns]

    def values(self, first: int = 0, last: int | None = None) -> list[list[Any]]:
        """The cells of rows first … last − 1, column by column."""
        last = self.rows.height if last is None else last
        rows = self.rows[first:last]
        cells: list[list[Any]] = []
        for column in self.all_columns:
            if not column.key:
                cells.append(list(range(first + 1, last + 1)))
            elif column.kind == "blank":
                cells.append([None] * rows.height)
            else:
                cells.append(rows[column.key].to_list())
        return cells

    def texts(self, first: int = 0, last: int | None = None) -> list[list[str]]:
        """The same as people read them on paper, row by row: 12.946 · 93,7% · 23-11-2026."""
        shown = [
            [shown_as(value, column.kind) for value in cells]
            for column, cells in zip(self.all_columns, self.values(first, last), strict=True)
        ]
        return [list(row) for row in zip(*shown, strict=True)]

    def total_texts(self) -> list[str] | None:
        if self.totals is None:
            return None
        return ["" if t is None else number(t) for t in self.totals]


def shown_as(value: Any, kind: Kind) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d-%m-%Y %H.%M}"
    if isinstance(value, date):
        return f"{value:%m-%Y}" if kind == "month" else f"{value:%d-%m-%Y}"
    if kind == "percent":
        return f"{Decimal(str(value)):.1f}%".replace(".", ",")
    if isinstance(value, int) and not isinstance(value, bool) and kind in ("number", "rupiah"):
        return number(value)
    return str(value)


def masked_nik(nik: pl.Expr) -> pl.Expr:
    """3674012345675021 → "3674 •••• •••• 5021". What is not a NIK is covered whole."""
    return (
        pl.when(nik.str.contains(r"^\d{16}$"))
        .then(pl.concat_str(nik.str.slice(0, 4), pl.lit(" •••• •••• "), nik.str.slice(12, 4)))
        .when(nik.is_not_null())
        .then(pl.lit("••••"))
    )


def rt_rw() -> pl.Expr:
    """Columns `rt` and `rw`, text or number, as "003/005"."""
    three = [pl.col(c).cast(pl.String).str.zfill(3).fill_null("—") for c in ("rt", "rw")]
    return pl.concat_str(three, separator="/")


def grouped_kpj(kpj: str) -> str:
    """25000012345 → "25 000 012 345"."""
    return f"{kpj[:2]} {kpj[2:5]} {kpj[5:8]} {kpj[8:]}" if len(kpj) == 11 else kpj


def xlsx(tables: Sequence[Table]) -> bytes:
    """A workbook, one sheet a table. Numbers are numbers, dates dates, everything else text; no formula anywhere.

    A workbook of more than `LARGE` rows has plain cells, its titles and notes on a last sheet.
    Raises Refused("papers.too_many_rows") beyond what a sheet holds.
    """
    import xlsxwriter

    rows = [table.rows.height for table in tables]
    if max(rows, default=0) > SHEET_HOLDS:
        raise Refused("papers.too_many_rows", {"rows": number(max(rows)), "most": number(SHEET_HOLDS)})
    if sum(rows) > LARGE:
        return _large(tables)

    stream = io.BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(stream, options) as book:
        book.set_properties({"created": datetime(2020, 1, 1, tzinfo=UTC)})  # the same table, the same bytes
        styles = _styles(book)
        taken: set[str] = set()
        for table in tables:
            _sheet(book.add_worksheet(_sheet_name(table.name, taken)), table, styles)
    return stream.getvalue()


def _large(tables: Sequence[Table]) -> bytes:
    """The same by a writer that takes whole frames: four times as fast, less than half the memory."""
    from rustpy_xlsxwriter import write_worksheets

    stream, taken = io.BytesIO(), set[str]()
    sheets: list[tuple[str, Any]] = [(_sheet_name(table.name, taken), _framed(table)) for table in tables]
    lines = [line for table in tables for line in (*table.title, *table.notes)]
    if lines:
        sheets.append((_sheet_name("Keterangan", taken), pl.DataFrame({"Keterangan": lines})))
    write_worksheets(sheets, stream, bold_headers=True, datetime_format="dd-mm-yyyy")
    return stream.getvalue()


def _framed(table: Table) -> pl.DataFrame:
    """The table with its heads as column names and its sums as the last row."""
    series: list[pl.Series] = []
    totals = table.totals or [None] * len(table.all_columns)
    for column, cells, total in zip(table.all_columns, table.values(), totals, strict=True):
        kept = {
            "number": pl.Int64,
            "rupiah": pl.Int64,
            "date": pl.Date,
            "month": pl.Date,
            "percent": pl.Float64,
        }
        head = f"{column.group}: {column.head}" if column.group else column.head
        made = pl.Series(head, cells, kept.get(column.kind, pl.String), strict=False)
        series.append(pl.concat([made, pl.Series(head, [total], made.dtype)]) if table.totals else made)
    return pl.DataFrame(series)


def csv(table: Table) -> bytes:
    """UTF-8 with a mark so that Excel reads it, commas, dates dd-mm-yyyy; a risky text begins with an apostrophe."""
    import csv as writer

    stream = io.StringIO()
    out = writer.writer(stream, lineterminator="\r\n")
    out.writerow([column.label for column in table.all_columns])
    columns = [
        [
            _harmless(shown_as(v, "text") if isinstance(v, date) else "" if v is None else str(v), v)
            for v in cells
        ]
        for cells in table.values()
    ]
    out.writerows(zip(*columns, strict=True))
    return stream.getvalue().encode("utf-8-sig")


def pdf(
    table: Table,
    *,
    letterhead: Letterhead | None = None,
    printed: Printed | None = None,
    landscape: bool = True,
    templates: Templates = None,
) -> bytes:
    """The table alone on A4: heads repeated, rows unbroken, totals, page "1 dari 3", last line who, when, city."""
    from lindung.papers.paper import Paper, Section

    section = Section((table,), landscape, letterhead is not None)
    title = " ".join(table.title) or table.name
    return Paper(title, table.name, (section,), letterhead, printed, templates).pdf()


def _harmless(text: str, value: object) -> str:
    return f"'{text}" if isinstance(value, str) and text.startswith(RISKY) else text


def _sheet_name(name: str, taken: set[str]) -> str:
    clean = "".join(" " if c in "[]:*?/\\" else c for c in name).strip("' ")[:31] or "Daftar"
    chosen, n = clean, 1
    while chosen.lower() in taken:
        n += 1
        chosen = f"{clean[: 31 - len(str(n)) - 1]} {n}"
    taken.add(chosen.lower())
    return chosen


def _styles(book: Any) -> dict[str, Any]:
    font = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
    edge = {"border": 1, "border_color": "#D5D9E3"}
    made = {
        "title": {**font, "bold": True, "font_size": 13},
        "note": {**font, "font_color": "#474E61"},
        "head": {
            **font,
            **edge,
            "bold": True,
            "bg_color": "#EAECF2",
            "text_wrap": True,
            "valign": "vcenter",
            "align": "center",
        },
        "text": {**font, **edge, "num_format": "@"},
        "risky": {**font, **edge, "num_format": "@", "quote_prefix": True},
        "number": {**font, **edge, "num_format": "#,##0"},
        "percent": {**font, **edge, "num_format": "0.0"},
        "date": {**font, **edge, "num_format": "dd-mm-yyyy"},
        "month": {**font, **edge, "num_format": "mm-yyyy"},
        "total": {**font, **edge, "bold": True, "num_format": "#,##0", "top": 2},
    }
    return {name: book.add_format(style) for name, style in made.items()}


def _sheet(sheet: Any, table: Table, styles: dict[str, Any]) -> None:
    columns = table.all_columns
    row = 0
    for line in table.title:
        sheet.write_string(row, 0, line, styles["title"])
        row += 1
    row += bool(table.title)
    first_head, row = row, _head(sheet, row, columns, styles)
    sheet.freeze_panes(row, 0)
    sheet.repeat_rows(first_head, row - 1)
    for at, (column, cells) in enumerate(zip(columns, table.values(), strict=True)):
        sheet.set_column(at, at, max(column.width / 1.9, 5), styles["text"] if table.form_rows else None)
        for down, value in enumerate(cells):
            _cell(sheet, (row + down, at), value, column.kind, styles)
        if column.choices and len(",".join(column.choices)) <= 255:  # Excel's limit for a list in a cell
            last = row + max(table.rows.height + table.form_rows, 1) - 1
            sheet.data_validation(row, at, last, at, {"validate": "list", "source": list(column.choices)})
    row += table.rows.height
    if table.totals:
        for at, total in enumerate(table.totals):
            if total is None:
                sheet.write_string(row, at, "Jumlah" if at == 0 else "", styles["total"])
            else:
                sheet.write_number(row, at, total, styles["total"])
        row += 1
    for line in table.notes:
        row += 1
        sheet.write_string(row, 0, line, styles["note"])
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&A&R&P dari &N")


def _head(sheet: Any, row: int, columns: Sequence[Column], styles: dict[str, Any]) -> int:
    """Writes one or two head rows; returns the row below."""
    if not any(column.group for column in columns):
        for at, column in enumerate(columns):
            sheet.write_string(row, at, column.head, styles["head"])
        return row + 1
    for first, last, group in spans(columns):
        if not group:
            sheet.merge_range(row, first, row + 1, first, columns[first].head, styles["head"])
            continue
        if last > first:
            sheet.merge_range(row, first, row, last, group, styles["head"])
        else:
            sheet.write_string(row, first, group, styles["head"])
        for at in range(first, last + 1):
            sheet.write_string(row + 1, at, columns[at].head, styles["head"])
    return row + 2


def spans(columns: Sequence[Column]) -> list[tuple[int, int, str]]:
    """(first, last, group) of the head; a column without a group stands alone with ""."""
    found: list[tuple[int, int, str]] = []
    for at, column in enumerate(columns):
        if column.group and found and found[-1][2] == column.group:
            found[-1] = (found[-1][0], at, column.group)
        else:
            found.append((at, at, column.group))
    return found


def _cell(sheet: Any, where: tuple[int, int], value: Any, kind: Kind, styles: dict[str, Any]) -> None:
    if value is None:
        sheet.write_blank(*where, None, styles["text"])
    elif kind in ("number", "rupiah") and isinstance(value, int):
        sheet.write_number(*where, value, styles["number"])
    elif kind == "percent":
        sheet.write_number(*where, float(value), styles["percent"])
    elif isinstance(value, date) and value.year >= 1900 and not isinstance(value, datetime):
        sheet.write_datetime(*where, value, styles["month" if kind == "month" else "date"])
    else:
        text = shown_as(value, kind)[:32_767]
        sheet.write_string(*where, text, styles["risky" if text.startswith(RISKY) else "text"])
