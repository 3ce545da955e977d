"""All of `roster check`: files in; mapping, rows, findings and duplicates out. Changes nothing, knows no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base.refused import Refused
from lindung.intake import findings
from lindung.intake.columns import CANONICAL
from lindung.intake.lists import ASIDE, Read, read_file
from lindung.intake.rows import details, values
from lindung.intake.wages import Minimum
from lindung.schemes import Scheme

ROWS = (
    "row_id", "file", "sheet", "row", "nik", "name", "birth_date", "birth_place", "sex", "address", "rt", "rw", "kelurahan", "kecamatan",
    "kelurahan_code", "phone", "mother_name", "category", "occupation", "wage", "employer", "start_date", "kk_number", "bank_account",
    "result", "raw",
)  # fmt: skip
_KINDS: dict[str, Any] = {
    **dict.fromkeys(("row_id", "row", "rt", "rw", "wage"), pl.Int64),
    **dict.fromkeys(("birth_date", "start_date"), pl.Date),
}
REGISTER_CODES = (
    "eligibility.already_covered", "eligibility.deceased", "person.possibly_covered", "person.possibly_deceased",
)  # fmt: skip
CELLS = (*CANONICAL, "ttl", "rt_rw")
# what no correction of a cell can mend; everything else that stops a row is a question to its sender
_NOT_ENTITLED = ("category.unknown", "nik.duplicate", "nik.proposed_elsewhere", "person.same_person")


@dataclass(frozen=True)
class Checked:
    """One file. `mapping`: canonical column → header text. `people`: number of person rows.

    `findings`: row_id, column, code, severity, value (as in the file), args (JSON), article, proposal, file, sheet, row,
    first_row_id, first_file, first_sheet, first_row. `duplicates`: a_row_id (the first of its group), b_row_id (in this
    file), probability, band (same, review), why (JSON), and file, sheet, row of both (`a_file` …).
    `places`: sheet → canonical column → index of its column there. `columns`: every column of the file, see `mapping.described`
    (told of a refused file too, so that somebody can say which one is the NIK). `error`: why the file could not be used; then all else is empty.
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
    columns: list[dict[str, Any]] = field(default_factory=list, repr=False)

    @cached_property
    def rows(self) -> pl.DataFrame:
        """One row per person, columns `ROWS`. `result`: "tidak_layak" where a condition of the scheme fails, the
        category is none, or the NIK stands in an earlier row; "perlu_klarifikasi" where another error, an ambiguous date
        or a possible duplicate asks for an answer; else "layak". `raw`: JSON of the cells as they stood in the file."""
        if self._values.is_empty():
            return pl.DataFrame(schema={name: _KINDS.get(name, pl.String) for name in ROWS})
        judged = self._values.hstack(details(self._table, self.on)).with_columns(raw=_raw(self._table))
        return judge_rows(judged, self.findings).select(ROWS)


def judge_rows(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """`rows` with `result` as the findings of each `row_id` make it."""
    code, error = pl.col("code"), pl.col("severity") == "error"
    verdict = found.group_by("row_id").agg(
        out=(error & (code.str.starts_with("eligibility.") | code.is_in(_NOT_ENTITLED))).any(),
        ask=(error | code.str.starts_with("person.") | (code == "birth_date.ambiguous")).any(),
    )
    result = pl.when("out").then(pl.lit("tidak_layak")).when("ask").then(pl.lit("perlu_klarifikasi"))
    judged = rows.join(verdict, on="row_id", how="left", maintain_order="left")
    return judged.with_columns(result=result.otherwise(pl.lit("layak"))).drop("out", "ask")


READERS = 2


def check(
    files: Sequence[Path],
    scheme: Scheme,
    on: date,
    *,
    register: pl.DataFrame | None = None,
    deaths: pl.DataFrame | None = None,
    mappings: Mapping[str, str] | Sequence[Mapping[str, str]] | None = None,
    minimum: Minimum | None = None,
    fuzzy: bool = True,
    progress: Callable[[int, int], None] | None = None,
) -> list[Checked]:
    """Files checked together, one `Checked` each, in order; a file that cannot be used carries its `error`.

    `register`: nik, name, birth_date, segment, payer, since; `deaths`: nik, name, birth_date, died_on, certificate.
    `minimum`: the minimum wage that the wages of wage earners are compared with. `mappings`: header text → canonical column ("": not used),
    as confirmed for this sender, or one such for each file. `fuzzy`: also look for one human under two
    NIK. `progress`: called with steps done and steps in all.
    """
    steps = len(files) + 2
    tick = progress or (lambda done, of: None)
    books: list[Read] = []
    names = [Path(path).name for path in files]

    def one(number: int) -> Read:
        name = names[number] if names.count(names[number]) == 1 else str(files[number])
        known = mappings if mappings is None or isinstance(mappings, Mapping) else mappings[number]
        return read_file(Path(files[number]), name, number, scheme, known)

    with ThreadPoolExecutor(READERS) as readers:  # each workbook waits for a child process
        for number, book in enumerate(readers.map(one, range(len(files)))):
            books.append(book)
            tick(number + 1, steps)
    return judge(
        books, scheme, on, register=register, deaths=deaths, minimum=minimum, fuzzy=fuzzy,
        tick=lambda: tick(steps - 1, steps),
    )  # fmt: skip


def judge(
    books: Sequence[Read],
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
    `Checked.rows`, corrected: see `corrected`) of the whole list, as its other rows tell how dates are written, and which
    NIK are twice. The row ids stay."""
    kinds: dict[str, Any] = {
        **dict.fromkeys((*CELLS, *(f"{name}_read" for name in CELLS), "nik_type"), pl.String), **ASIDE,
    }  # fmt: skip
    cells = rows.select(raw=pl.col("raw").str.json_decode(pl.Struct(kinds))).unnest("raw")
    told = [name for name in kinds if cells[name].null_count() < cells.height]
    filled = [name.removesuffix("_read") for name in told if name.endswith("_read")]
    stood = {name: pl.when(pl.col(name) != "").then(name) for name in CELLS}
    table = rows.select(
        "row_id", "file", "sheet", "row",
        file_ix=pl.col("file").fill_null("").rank("dense").cast(pl.Int32),
        sheet_ix=pl.col("sheet").fill_null("").rank("dense").cast(pl.Int32),
    ).hstack(
        cells.select(
            (pl.col("nik_type") == "number").fill_null(False).alias("nik_is_number"),
            *(pl.coalesce(f"{name}_read", stood[name]).alias(name) for name in CELLS if name in told or name in filled),
            *(stood[name].alias(f"{name}_stood") for name in filled),
            *(name for name in ASIDE if name in told),
        )
    )  # fmt: skip
    seen = values(table, scheme, on)
    found, pairs = findings.find(
        seen, table, scheme, on, register=register, deaths=deaths, fuzzy=fuzzy, minimum=minimum
    )
    where = table.select("row_id", "file", "sheet", "row")
    seen = seen.hstack(table.select("file", "sheet"))
    found, pairs = _located(found, where), _located_pairs(pairs, where)
    return Checked("", on, {}, found, pairs, None, table.height, _clean(table.height, found), {}, seen, table)


def corrected(cells: dict[str, Any], column: str, text: str | None) -> dict[str, Any]:
    """The cells of a row (an element of `raw`) with one of them typed anew; `was` keeps what belonged to it before.

    A text that stood there in the file brings back all that belonged to it.
    """
    was = dict(cells.get("was") or {})
    own = (column, f"{column}_read", *(("nik_type", "nik_typed") if column == "nik" else ()))
    was.setdefault(column, {name: cells.get(name) for name in own})
    cells = {name: value for name, value in cells.items() if name not in own and name != "was"}
    if (was[column][column] or None) == (text or None):
        cells |= was.pop(column)
    elif column == "nik":  # what is typed is text, whatever became of the column
        cells |= {"nik": text or None, "nik_typed": True}
    else:
        cells[column] = text or None
    return {**cells, "was": was} if was else cells


def by_registers(
    checked: Checked, some: Sequence[int], scheme: Scheme, register: pl.DataFrame, deaths: pl.DataFrame
) -> pl.DataFrame:
    """The findings that registers give of some rows (`REGISTER_CODES`), in the form of `Checked.findings`."""
    few = pl.col("row_id").is_in(list(some))
    rows, table = checked._values.filter(few), checked._table.filter(few)
    found, _ = findings.find(rows, table, scheme, checked.on, register=register, deaths=deaths, fuzzy=True)
    where = checked._table.select("row_id", "file", "sheet", "row")
    return _located(found.filter(pl.col("code").is_in(REGISTER_CODES)), where)


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
    book: Read, on: date, table: pl.DataFrame, rows: pl.DataFrame, found: pl.DataFrame, pairs: pl.DataFrame
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
        book.columns,
    )


def _clean(height: int, found: pl.DataFrame) -> int:
    return height - found.filter(pl.col("severity") == "error")["row_id"].n_unique()


def _nothing(book: Read, on: date) -> Checked:
    where = {"file": pl.String, "sheet": pl.String, "row": pl.Int64}
    found = pl.DataFrame(
        schema={**findings.SCHEMA, **where, **{f"first_{name}": kind for name, kind in where.items()}}
    )
    sides: dict[str, Any] = {f"{side}_{name}": kind for side in "ab" for name, kind in where.items()}
    pairs = pl.DataFrame(schema={**findings.PAIRS, **sides})
    return Checked(book.file, on, book.mapping, found, pairs, book.error, columns=book.columns)


def _raw(table: pl.DataFrame) -> pl.Series:
    """The cells as they stood; `<column>_read` beside them where "same as above" or a merged cell was filled in."""
    cells = []
    for name in (*CELLS, *ASIDE):
        if name in table.columns:
            stood = pl.col(f"{name}_stood" if f"{name}_stood" in table.columns else name)
            cells.append(stood.alias(name))
            if f"{name}_stood" in table.columns:
                cells.append(pl.when(pl.col(name).ne_missing(stood)).then(name).alias(f"{name}_read"))
    kind = pl.when("nik_is_number").then(pl.lit("number")).alias("nik_type")
    return table.select(raw=pl.struct(*cells, kind).struct.json_encode())["raw"]
