"""Files as offices send them: titles, headers, sub-totals and signatures around the rows, and where each row stands."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import polars as pl

COMBINED = {"ttl": ("birth_place", "birth_date"), "rt_rw": ("rt", "rw")}
POSITIONS = {"index": pl.Int64, "sheet": pl.String, "row": pl.Int64}


@dataclass(frozen=True)
class Layout:
    """`columns`: (column, header) from left to right; "number" counts, "ttl" and "rt_rw" join two columns, "note" is empty.

    `title`, `closing`: lines above the header and below the rows ("{block}" is the kelurahan of the sheet). `numbering`: a
    row of column numbers under the header. `repeated`: in a text file, header and sub-total again for each block.
    """

    columns: tuple[tuple[str, str], ...]
    title: tuple[str, ...] = ()
    closing: tuple[str, ...] = ()
    numbering: bool = False
    repeated: bool = False
    separator: str = ","
    encoding: str = "utf-8-sig"

    @property
    def headers(self) -> list[str]:
        return [header for _, header in self.columns]

    @property
    def mapping(self) -> dict[str, str]:
        """Canonical column → header."""
        found: dict[str, str] = {}
        for name, header in self.columns:
            if name not in ("number", "note"):
                found |= dict.fromkeys(COMBINED.get(name, (name,)), header)
        return found


def _cells(frame: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """The text of every cell, in the order of the columns, named by position; `number` left to the writer."""
    joined = {
        "ttl": pl.concat_str(pl.col("birth_place"), pl.col("birth_date"), separator=", ", ignore_nulls=True),
        "rt_rw": pl.concat_str("rt", "rw", separator="/"),
        "number": pl.lit(None, pl.String),
        "note": pl.lit(None, pl.String),
    }
    known = [joined[name] if name in joined else pl.col(name).cast(pl.String) for name, _ in layout.columns]
    return frame.select(expr.alias(f"c{at}") for at, expr in enumerate(known))


def _blocks(frame: pl.DataFrame, block: str | None, label: str | None) -> Iterator[tuple[str, pl.DataFrame]]:
    """The rows of each value of `block`, in order, with what `label` says of their first row."""
    if block is None:
        yield "", frame
    else:
        for part in frame.partition_by(block, maintain_order=True):
            yield str(part[label or block][0]), part


def csv(
    frame: pl.DataFrame, layout: Layout, block: str | None = None, label: str | None = None
) -> tuple[bytes, pl.DataFrame]:
    """A text file of `frame` and the line each row (`index`) stands on."""
    pieces: list[str] = []
    positions: list[pl.DataFrame] = []
    line = 1

    def add(text: str, lines: int) -> None:
        nonlocal line
        pieces.append(text)
        line += lines

    def plain(cells: list[str]) -> None:
        add(layout.separator.join(cells + [""] * (len(layout.columns) - len(cells))) + "\n", 1)

    for title in layout.title:
        plain([title])
    first = True
    for name, part in _blocks(frame, block if layout.repeated else None, label):
        if first or layout.repeated:
            if not first:
                plain([])
            plain(layout.headers)
            if layout.numbering:
                plain([str(n + 1) for n in range(len(layout.columns))])
        first = False
        positions.append(
            part.select(
                "index", sheet=pl.lit(None, pl.String), row=pl.int_range(pl.len(), dtype=pl.Int64) + line
            )
        )
        cells = _counted(_cells(part, layout), layout)
        add(cells.write_csv(include_header=False, separator=layout.separator, null_value=""), part.height)
        if layout.repeated:
            plain([f"JUMLAH {name.upper()}", str(part.height)])
    for closing in layout.closing:
        plain([closing])
    return "".join(pieces).encode(layout.encoding), pl.concat(positions)


def _counted(cells: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    at = next((at for at, (name, _) in enumerate(layout.columns) if name == "number"), None)
    if at is None:
        return cells
    return cells.with_columns(pl.int_range(1, pl.len() + 1).cast(pl.String).alias(f"c{at}"))


def xlsx(
    frame: pl.DataFrame,
    layout: Layout,
    sheet: str | None = None,
    label: str | None = None,
    *,
    name: str = "Data",
) -> tuple[bytes, pl.DataFrame]:
    """A workbook of `frame`, a sheet for each value of `sheet` named by `label`, and where each row (`index`) stands."""
    import xlsxwriter

    stream = io.BytesIO()
    positions: list[pl.DataFrame] = []
    book = xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_numbers": False, "strings_to_formulas": False}
    )
    book.set_properties({"created": datetime(2019, 1, 1, tzinfo=UTC)})
    bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "dd/mm/yyyy"})
    for block, part in _blocks(frame, sheet, label):
        page = book.add_worksheet((block.upper() or name)[:31])
        at = 0
        for title in layout.title:
            page.write_string(at, 0, title.format(block=block.upper()), bold)
            at += 1
        if layout.title:
            at += 1
        page.write_row(at, 0, layout.headers, bold)
        at += 1
        if layout.numbering:
            page.write_row(at, 0, range(1, len(layout.columns) + 1))
            at += 1
        positions.append(
            part.select("index", sheet=pl.lit(page.name), row=pl.int_range(pl.len(), dtype=pl.Int64) + at + 1)
        )
        _rows(page, at, part, layout, day)
        at += part.height
        if layout.closing:
            page.write_string(at, 0, "JUMLAH", bold)
            page.write_number(at, 1, part.height, bold)
            for offset, closing in enumerate(layout.closing):
                page.write_string(
                    at + 2 + offset, max(len(layout.columns) - 3, 1), closing.format(block=block)
                )
    book.close()
    return stream.getvalue(), pl.concat(positions)


def _rows(page: Any, start: int, part: pl.DataFrame, layout: Layout, day: Any) -> None:
    """One column after the other: text as text; a NIK that Excel took for a number, wages and dates as such."""
    cells = _cells(part, layout)
    for at, (name, _) in enumerate(layout.columns):
        texts = cells[f"c{at}"].to_list()
        if name == "number":
            for offset in range(part.height):
                page.write_number(start + offset, at, offset + 1)
            continue
        numbers = part["nik_number"].to_list() if name == "nik" else [None] * part.height
        days = [None] * part.height
        if name == "birth_date":
            days = part.select(pl.when("real_date").then("birth_day")).to_series().to_list()
        for offset, (text, figure, real) in enumerate(zip(texts, numbers, days, strict=True)):
            if figure is not None:
                page.write_number(start + offset, at, figure)
            elif real is not None:
                page.write_datetime(start + offset, at, datetime(real.year, real.month, real.day), day)  # noqa: DTZ001
            elif name == "wage" and text and text.isdecimal():
                page.write_number(start + offset, at, int(text))
            elif text is not None:
                page.write_string(start + offset, at, text)
