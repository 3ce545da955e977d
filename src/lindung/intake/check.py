"""All of `roster check`: files in; mapping, rows, findings and duplicates out. Changes nothing, knows no database."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base.refused import Refused
from lindung.intake import clean, columns, findings, people, places
from lindung.intake.columns import CANONICAL
from lindung.intake.read import Sheet, read
from lindung.intake.rows import details, values
from lindung.intake.wages import Minimum
from lindung.schemes import Scheme, recognise

ROWS = (
    "row_id", "file", "sheet", "row", "nik", "name", "birth_date", "birth_place", "sex", "address", "rt", "rw", "kelurahan", "kecamatan",
    "kelurahan_code", "phone", "mother_name", "category", "occupation", "wage", "employer", "start_date", "kk_number", "bank_account",
    "result", "raw",
)  # fmt: skip
_KINDS: dict[str, Any] = {
    **dict.fromkeys(("row_id", "row", "rt", "rw", "wage"), pl.Int64),
    **dict.fromkeys(("birth_date", "start_date"), pl.Date),
}
# what a sheet's title and headers say of each of its rows; it travels with the raw cells
ASIDE: dict[str, Any] = {
    "title_kelurahan_code": pl.String,
    "title_kecamatan": pl.String,
    "title_category": pl.String,
    "has_category": pl.Boolean,
    "sex_swapped": pl.String,
}
# what no correction of a cell can mend; everything else that stops a row is a question to its sender
_NOT_ENTITLED = ("category.unknown", "nik.duplicate")


@dataclass(frozen=True)
class Checked:
    """One file. `mapping`: canonical column → header text. `people`: number of person rows.

    `findings`: row_id, column, code, severity, value (as in the file), args (JSON), article, proposal, file, sheet, row,
    first_row_id, first_file, first_sheet, first_row. `duplicates`: a_row_id (the first of its group), b_row_id (in this
    file), probability, band (same, review), why (JSON), and file, sheet, row of both (`a_file` …).
    `places`: sheet → canonical column → index of its column there. `error`: why the file could not be used; then all else is empty.
    """

    file: str
    on: date
    mapping: dict[str, str]
    findings: pl.DataFrame
    duplicates: pl.DataFrame
    error: Refused | None = None
    people: int = 0
    clean: int = 0
    places: dict[str | None, dict[str, int]] = field(default_factory=dict)
    _values: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)
    _table: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """One row per person, columns `ROWS`. `result`: "tidak_layak" where a condition of the scheme fails, the
        category is none, or the NIK stands in an earlier row; "perlu_klarifikasi" where another error, an ambiguous date
        or a possible duplicate asks for an answer; else "layak". `raw`: JSON of the cells as they stood in the file."""
        if self._values.is_empty():
            return pl.DataFrame(schema={name: _KINDS.get(name, pl.String) for name in ROWS})
        code, error = pl.col("code"), pl.col("severity") == "error"
        verdict = self.findings.group_by("row_id").agg(
            out=(error & (code.str.starts_with("eligibility.") | code.is_in(_NOT_ENTITLED))).any(),
            ask=(error | code.str.starts_with("person.") | (code == "birth_date.ambiguous")).any(),
        )
        judged = self._values.hstack(details(self._table, self.on)).join(
            verdict, on="row_id", how="left", maintain_order="left"
        )
        return judged.with_columns(
            raw=_raw(self._table),
            result=pl.when("out").then(pl.lit("tidak_layak")).when("ask").then(pl.lit("perlu_klarifikasi")).otherwise(pl.lit("layak")),
        ).select(ROWS)  # fmt: skip


READERS = 2


@dataclass(frozen=True)
class _Read:
    file: str
    mapping: dict[str, str] = field(default_factory=dict)
    table: pl.DataFrame | None = None
    places: dict[str | None, dict[str, int]] = field(default_factory=dict)
    error: Refused | None = None


def check(
    files: Sequence[Path],
    scheme: Scheme,
    on: date,
    *,
    register: pl.DataFrame | None = None,
    deaths: pl.DataFrame | None = None,
    mappings: Mapping[str, str] | None = None,
    minimum: Minimum | None = None,
    fuzzy: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> list[Checked]:
    """Files checked together, one `Checked` each, in order; a file that cannot be used carries its `error`.

    `register`: nik, name, birth_date, segment, payer, since; `deaths`: nik, name, birth_date, died_on, certificate.
    `minimum`: the minimum wage that the wages of wage earners are compared with. `mappings`: header text → canonical column, as confirmed for this sender. `fuzzy`: also look for one human under two
    NIK. `progress`: called with steps done and steps in all.
    """
    steps = len(files) + 2
    tick = progress or (lambda done, of: None)
    books: list[_Read] = []
    names = [Path(path).name for path in files]

    def one(number: int) -> _Read:
        name = names[number] if names.count(names[number]) == 1 else str(files[number])
        return _read(Path(files[number]), name, number, scheme, mappings)

    with ThreadPoolExecutor(READERS) as readers:  # each workbook waits for a child process
        for number, book in enumerate(readers.map(one, range(len(files)))):
            books.append(book)
            tick(number + 1, steps)
    return judge(
        books, scheme, on, register=register, deaths=deaths, minimum=minimum, fuzzy=fuzzy,
        tick=lambda: tick(steps - 1, steps),
    )  # fmt: skip


def judge(
    books: Sequence[_Read],
    scheme: Scheme,
    on: date,
    *,
    register: pl.DataFrame | None,
    deaths: pl.DataFrame | None,
    minimum: Minimum | None,
    fuzzy: bool,
    tick: Callable[[], None],
) -> list[Checked]:
    tables = [book.table for book in books if book.table is not None]
    if not tables:
        return [_nothing(book, on) for book in books]
    table = pl.concat(tables, how="diagonal").with_columns(
        row_id=pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    )
    rows = values(table, scheme, on)
    tick()
    found, pairs = findings.find(
        rows, table, scheme, on, register=register, deaths=deaths, fuzzy=fuzzy, minimum=minimum
    )
    places_of = table.select("row_id", "file", "sheet", "row")
    found = _located(found, places_of)
    pairs = _located_pairs(pairs, places_of)
    rows = rows.hstack(table.select("file", "sheet"))
    return [_of_file(book, on, table, rows, found, pairs) for book in books]


def recheck(
    rows: pl.DataFrame,
    scheme: Scheme,
    on: date,
    *,
    register: pl.DataFrame | None = None,
    deaths: pl.DataFrame | None = None,
    minimum: Minimum | None = None,
    fuzzy: bool = True,
) -> Checked:
    """Judge rows again whose cells were corrected in the browser: `rows` has `row_id, file, sheet, row, raw` (JSON as in
    `Checked.rows`, corrected). The row ids stay."""
    cells = [json.loads(raw) for raw in rows["raw"]]
    names = [name for name in (*CANONICAL, "ttl", "rt_rw") if any(name in row for row in cells)]
    table = rows.select("row_id", "file", "sheet", "row").with_columns(
        pl.Series("nik_is_number", [row.get("nik_type") == "number" for row in cells], dtype=pl.Boolean),
        pl.lit(0, dtype=pl.Int32).alias("file_ix"),
        pl.lit(0, dtype=pl.Int32).alias("sheet_ix"),
        *(pl.Series(name, [row.get(name) or None for row in cells], dtype=pl.String) for name in names),
        *(
            pl.Series(name, [row.get(name) for row in cells], dtype=kind)
            for name, kind in ASIDE.items()
            if any(name in row for row in cells)
        ),
    )
    seen = values(table, scheme, on)
    found, pairs = findings.find(
        seen, table, scheme, on, register=register, deaths=deaths, fuzzy=fuzzy, minimum=minimum
    )
    where = table.select("row_id", "file", "sheet", "row")
    seen = seen.hstack(table.select("file", "sheet"))
    found, pairs = _located(found, where), _located_pairs(pairs, where)
    return Checked("", on, {}, found, pairs, None, table.height, _clean(table.height, found), {}, seen, table)


# ------------------------------------------------------------------------------------------------------------ files


def _read(path: Path, name: str, number: int, scheme: Scheme, mappings: Mapping[str, str] | None) -> _Read:
    try:
        book = read(path)
        tables: list[pl.DataFrame] = []
        mapping: dict[str, str] = {}
        spots: dict[str | None, dict[str, int]] = {}
        seen = False
        for index, sheet in enumerate(book.sheets):
            layout = columns.layout(sheet, lambda texts: recognise(scheme, texts), mappings)
            if layout is None:
                continue
            seen = True
            if "nik" not in layout.columns:
                continue
            table = _table(sheet, layout, scheme, path.stem)
            if table.height:
                for column, header in layout.mapping().items():
                    mapping.setdefault(column, header)
                spots[sheet.name] = layout.spots()
                tables.append(table.with_columns(sheet_ix=pl.lit(index, dtype=pl.Int32)))
            elif not mapping:
                mapping = layout.mapping()
        if not tables and not mapping:
            raise Refused("file.no_nik_column" if seen else "file.no_header", {"file": book.file})
        whole = pl.concat(tables, how="diagonal") if tables else None
        if whole is not None:
            whole = whole.with_columns(file=pl.lit(name), file_ix=pl.lit(number, dtype=pl.Int32))
        ordered = {column: mapping[column] for column in CANONICAL if column in mapping}
        return _Read(name, ordered, whole, spots)
    except Refused as refused:
        return _Read(name, error=refused)


def _table(sheet: Sheet, layout: columns.Layout, scheme: Scheme, stem: str) -> pl.DataFrame:
    """The person rows of a sheet with what its title and the lines between its rows say of them."""
    table, others = people.people(sheet, layout)
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
        table = table.with_columns(
            title_category=pl.lit(_title_category(scheme, [*title, sheet.name or "", stem]), dtype=pl.String)
        )
    return table


def _by_title(table: pl.DataFrame, others: pl.DataFrame, locality: str, titles: list[str]) -> pl.DataFrame:
    place = next(filter(None, (places.in_title(locality, text) for text in titles)), None)
    whole = pl.lit(place.code if place else None, dtype=pl.String)
    bands = [
        (row, found.code)
        for row, text in others.iter_rows()
        if (found := places.in_title(locality, text))
        and not text.lower().startswith(("jumlah", "total", "sub"))
    ]
    if not bands:
        return table.with_columns(title_kelurahan_code=whole)
    lines = pl.DataFrame(bands, schema={"row": pl.Int64, "title_kelurahan_code": pl.String}, orient="row")
    return table.join_asof(lines, on="row").with_columns(pl.col("title_kelurahan_code").fill_null(whole))


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


# --------------------------------------------------------------------------------------------------------- results


def _located(found: pl.DataFrame, where: pl.DataFrame) -> pl.DataFrame:
    """With file, sheet and row of each finding and of the row it speaks of; that row goes into the sentence too."""
    found = found.join(where, on="row_id", how="left", maintain_order="left").join(
        where.rename(
            {"row_id": "first_row_id", "file": "first_file", "sheet": "first_sheet", "row": "first_row"}
        ),
        on="first_row_id",
        how="left",
        maintain_order="left",
    )
    elsewhere = pl.concat_str(
        pl.when(pl.col("first_file") != pl.col("file")).then("first_file"),
        pl.when(pl.col("first_sheet").ne_missing(pl.col("sheet"))).then("first_sheet"),
        separator=", ",
        ignore_nulls=True,
    )
    place = pl.when(elsewhere == "").then(pl.col("first_row").cast(pl.String)).otherwise(
        pl.format("{} ({})", "first_row", elsewhere)
    )  # fmt: skip
    pointed = pl.struct(
        row=place, percent=pl.col("args").str.extract(r'"percent":(\d+)')
    ).struct.json_encode()
    return found.with_columns(args=pl.when(pl.col("first_row").is_not_null()).then(pointed).otherwise("args"))


def _located_pairs(pairs: pl.DataFrame, where: pl.DataFrame) -> pl.DataFrame:
    """Each later row once, with the first of its group; the chance and reasons are those of its likeliest pair."""
    from lindung.identity import matching

    firsts = matching.first_of_group(pairs)
    best = (
        pairs.sort("probability", descending=True, maintain_order=True)
        .unique("b_row_id", keep="first")
        .drop("a_row_id")
    )
    grouped = firsts.join(best, on="b_row_id", how="inner").sort("b_row_id")
    for side in ("a", "b"):
        grouped = grouped.join(
            where.rename({name: f"{side}_{name}" for name in where.columns}),
            on=f"{side}_row_id",
            how="left",
            maintain_order="left",
        )
    return grouped


def _of_file(
    book: _Read, on: date, table: pl.DataFrame, rows: pl.DataFrame, found: pl.DataFrame, pairs: pl.DataFrame
) -> Checked:
    if book.error or book.table is None:
        return _nothing(book, on)
    number = book.table["file_ix"][0]
    mine = table["file_ix"] == number
    table, rows = table.filter(mine), rows.filter(mine)
    first, last = table["row_id"][0], table["row_id"][-1]
    found = found.filter(pl.col("row_id").is_between(first, last))
    pairs = pairs.filter(pl.col("b_row_id").is_between(first, last))
    return Checked(
        book.file,
        on,
        book.mapping,
        found,
        pairs,
        None,
        table.height,
        _clean(table.height, found),
        book.places,
        rows,
        table,
    )


def _clean(height: int, found: pl.DataFrame) -> int:
    return height - found.filter(pl.col("severity") == "error")["row_id"].n_unique()


def _nothing(book: _Read, on: date) -> Checked:
    where = {"file": pl.String, "sheet": pl.String, "row": pl.Int64}
    found = pl.DataFrame(
        schema={**findings.SCHEMA, **where, **{f"first_{name}": kind for name, kind in where.items()}}
    )
    sides: dict[str, Any] = {f"{side}_{name}": kind for side in "ab" for name, kind in where.items()}
    pairs = pl.DataFrame(schema={**findings.PAIRS, **sides})
    return Checked(book.file, on, book.mapping, found, pairs, book.error)


def _raw(table: pl.DataFrame) -> pl.Series:
    cells = [
        pl.col(f"{name}_stood" if f"{name}_stood" in table.columns else name).alias(name)
        for name in (*CANONICAL, "ttl", "rt_rw", *ASIDE)
        if name in table.columns
    ]
    kind = pl.when("nik_is_number").then(pl.lit("number")).alias("nik_type")
    return table.select(raw=pl.struct(*cells, kind).struct.json_encode())["raw"]
