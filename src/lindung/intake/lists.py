"""A file → the person rows of all its lists, one frame of cells as they stand, with what titles say of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base.refused import Refused
from lindung.intake import clean, columns, people, places
from lindung.intake.columns import CANONICAL
from lindung.intake.mapping import describe
from lindung.intake.read import Sheet, read
from lindung.schemes import Scheme, recognise

# what a sheet's title and headers say of each of its rows; it travels with the raw cells
ASIDE: dict[str, Any] = {
    "title_kelurahan_code": pl.String,
    "title_kecamatan": pl.String,
    "title_category": pl.String,
    "has_category": pl.Boolean,
    "sex_swapped": pl.String,
    "nik_typed": pl.Boolean,  # on screen, digit by digit
    "formulas": pl.String,  # the columns whose cell is a formula without a stored result, between commas: ",nik,name,"
}


@dataclass(frozen=True)
class Read:
    file: str
    mapping: dict[str, str] = field(default_factory=dict)
    table: pl.DataFrame | None = None
    places: dict[str | None, dict[str, int]] = field(default_factory=dict)
    error: Refused | None = None
    columns: list[dict[str, Any]] = field(default_factory=list)


def read_file(path: Path, name: str, number: int, scheme: Scheme, mappings: Mapping[str, str] | None) -> Read:
    told: list[dict[str, Any]] = []
    try:
        book = read(path)
        tables: list[pl.DataFrame] = []
        mapping: dict[str, str] = {}
        spots: dict[str | None, dict[str, int]] = {}
        seen = False
        waiting = list(enumerate(book.sheets))
        while waiting:
            index, sheet = waiting.pop(0)
            layout = columns.layout(sheet, lambda texts: recognise(scheme, texts), mappings)
            if layout is None:
                if sheet.lost.height and _holds_niks(sheet):
                    raise _without_results(book.file, sheet, sheet.lost["row"][0])
                continue
            seen = True
            if "nik" in layout.columns and len(cut := columns.parts(sheet, layout)) > 1:
                waiting[:0] = [(index, part) for part in cut]
                continue
            describe(told, sheet, layout)
            if "nik" not in layout.columns:
                continue
            table = _table(sheet, layout, scheme, book.file)
            if table.height:
                for column, header in layout.mapping().items():
                    mapping.setdefault(column, header)
                spots.setdefault(sheet.name, layout.spots())
                tables.append(table.with_columns(sheet_ix=pl.lit(index, dtype=pl.Int32)))
            elif not mapping:
                mapping = layout.mapping()
        if not tables and not mapping:
            for sheet in book.sheets:
                if sheet.lost.height:
                    raise _without_results(book.file, sheet, sheet.lost["row"][0])
            raise Refused("file.no_nik_column" if seen else "file.no_header", {"file": book.file})
        whole = pl.concat(tables, how="diagonal") if tables else None
        if whole is not None:
            whole = whole.with_columns(file=pl.lit(name), file_ix=pl.lit(number, dtype=pl.Int32))
        ordered = {column: mapping[column] for column in CANONICAL if column in mapping}
        return Read(name, ordered, whole, spots, columns=told)
    except Refused as refused:
        return Read(name, error=refused, columns=told)


def _table(sheet: Sheet, layout: columns.Layout, scheme: Scheme, file: str) -> pl.DataFrame:
    """The person rows of a sheet with what its title and the lines between its rows say of them."""
    stem = Path(file).stem
    table, others = people.people(sheet, layout)
    table = _formulas(table, others, sheet, layout, file)
    rows = sheet.cells.filter(pl.col("row") < layout.first).iter_rows()
    above = [[text for text in row[1:] if text] for row in rows]
    title = [text for row in above for text in (*row, " ".join(row))]
    table = table.with_columns(
        sheet=pl.lit(sheet.name, dtype=pl.String),
        has_category=pl.lit("category" in layout.columns),
    )
    if "sex" in layout.columns:
        swapped = clean.says_one_is_woman(layout.headers.get(layout.columns["sex"], ""))
        table = table.with_columns(sex_swapped=pl.lit("true" if swapped else None, dtype=pl.String))
    if "kelurahan" not in layout.columns:
        table = _by_title(
            table, others, scheme.locality, [*title, f"kelurahan {sheet.name or ''}", f"kelurahan {stem}"]
        )
    if "kecamatan" not in layout.columns:
        district = next(
            filter(None, (places.district_in_title(scheme.locality, text) for text in title)), None
        )
        table = table.with_columns(
            title_kecamatan=pl.lit(district.name if district else None, dtype=pl.String)
        )
    if "category" not in layout.columns:
        whole = _title_category(scheme, [*title, sheet.name or "", stem])
        table = _banded(table, others, "title_category", whole, lambda text: _heading_category(scheme, text))
    return table


def _formulas(
    table: pl.DataFrame, others: pl.DataFrame, sheet: Sheet, layout: columns.Layout, file: str
) -> pl.DataFrame:
    """With column `formulas` (see `ASIDE`) where the sheet has formulas without a result. Raises
    Refused("file.formulas_without_result") where the header or somebody's row is lost to them: what stands where, or
    who it is, nobody can tell."""
    header = sheet.lost.filter(pl.col("row").is_between(layout.first, layout.last))
    if header.height:
        raise _without_results(file, sheet, header["row"][0])
    meant = {
        index: columns.BESIDE.get(name, name) for name, index in layout.columns.items() if name != "number"
    }
    lost = sheet.lost.filter(pl.col("row") > layout.last, pl.col("column").is_in(list(meant)))
    if lost.is_empty():
        return table
    who = [index for index, name in meant.items() if name in ("nik", "name")]
    totals = others.filter(pl.col("text").str.contains(people.TOTAL))
    gone = lost.filter(pl.col("column").is_in(who), ~pl.col("counts"))
    for known in (table, totals):
        gone = gone.join(known.select("row"), on="row", how="anti")
    if gone.height:
        raise _without_results(file, sheet, gone["row"].min())
    cells = lost.group_by("row").agg(
        formulas=pl.format(",{},", pl.col("column").replace_strict(meant).unique().sort().str.join(","))
    )
    return table.join(cells, on="row", how="left", maintain_order="left")


def _holds_niks(sheet: Sheet) -> bool:
    texts = pl.exclude("row").str.contains(columns.SIXTEEN).fill_null(False).any()
    return any(sheet.cells.select(texts).row(0))


def _without_results(file: str, sheet: Sheet, row: object) -> Refused:
    return Refused("file.formulas_without_result", {"file": file, "what": f"{sheet.name}!{row}"})


def _by_title(table: pl.DataFrame, others: pl.DataFrame, locality: str, titles: list[str]) -> pl.DataFrame:
    place = next(filter(None, (places.in_title(locality, text) for text in titles)), None)

    def code(text: str) -> str | None:
        found = places.in_title(locality, text)
        return found.code if found else None

    return _banded(table, others, "title_kelurahan_code", place.code if place else None, code)


def _banded(
    table: pl.DataFrame,
    others: pl.DataFrame,
    name: str,
    whole: str | None,
    meaning: Callable[[str], str | None],
) -> pl.DataFrame:
    """With column `name`: what the line between the rows above each row means, or else `whole`."""
    bands = [
        (row, found)
        for row, text in others.iter_rows()
        if not text.lower().startswith(("jumlah", "total", "sub")) and (found := meaning(text))
    ]
    if not bands:
        return table.with_columns(pl.lit(whole, dtype=pl.String).alias(name))
    lines = pl.DataFrame(bands, schema={"row": pl.Int64, name: pl.String}, orient="row")
    return table.join_asof(lines, on="row").with_columns(
        pl.col(name).fill_null(pl.lit(whole, dtype=pl.String))
    )


def _heading_category(scheme: Scheme, text: str) -> str | None:
    """ "B. KETUA RW" between the rows of a list without a column of categories."""
    words = re.sub(r"^\W*([A-Za-z]|[IVX]{1,5}|\d{1,2})\s*[.)]\s*", "", text)
    return recognise(scheme, pl.Series([words], dtype=pl.String))[0] if len(words) <= 60 else None


def _title_category(scheme: Scheme, titles: list[str]) -> str | None:
    """What a list without a column of categories is a list of: by its title, else the scheme's only category."""
    if len(scheme.categories) == 1:
        return scheme.categories[0].id
    for title in titles:
        parts = [
            title,
            *(
                title.lower().split(word, 1)[1]
                for word in ("daftar ", "data ", "rekapitulasi ")
                if word in title.lower()
            ),
        ]
        found = {category for category in recognise(scheme, pl.Series(parts, dtype=pl.String)) if category}
        if len(found) == 1:
            return found.pop()
    return None
