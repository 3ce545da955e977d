"""Which rows are people, and what their cells say once "same as above", merged and left-out cells are filled in."""

from __future__ import annotations

import math
import re

import polars as pl

from lindung.intake.columns import BESIDE, UNTICKED, Layout
from lindung.intake.headers import meaning, plain
from lindung.intake.read import Sheet

_DATA = (
    "name",
    "nik",
    "birth_date",
    "ttl",
    "birth_place",
    "sex",
    "address",
    "phone",
    "mother_name",
    "kk_number",
    "bank_account",
)
_NEVER_SAME = {"nik", "name", "birth_date", "ttl", "bank_account", "number"}
_REPEATS = ("kelurahan", "kecamatan", "employer", "category")
DITTO = (
    r"(?i)^[\s.\-–—]*(s\.?\s?d\.?\s?a|s/d/a|id\.?|idem|i\s?d\s?e\s?m|ditto|do|sama|sama dengan( yang)?( di)? ?atas|sama spt( di)? atas"
    r"|sama seperti( di)? ?atas|seperti( di)? ?atas|spt( di)? ?atas|sm|[\"“”„″〃'’`´]{1,4}|,,|[\"“”″〃'’]\s+[\"“”″〃'’])[\s.\-–—]*$"
)  # fmt: skip
NOTHING = r"^[\s\-–—_.]*$"
TOTAL = r"(?i)^\W*(sub[\s-]*)?(jumlah|jml|total|grand\s*total|keseluruhan|rekapitulasi|rekap|terbilang)\b"
_SIGNED = r"(?i)^\W*n\s?[iu]\s?p\s*[.:;]?\s*\d|^\W*n\s?r\s?p\s*[.:;]?\s*\d"
# a day written alone; "Pondok Aren, 22 November 2019" of a signature block is none
_DAY = r"^\W*(\d{1,2}[\s\-/.]+\w{1,9}[\s\-/.]+\d{2,4}|\d{4}-\d{2}-\d{2})\W*$"
_COUNTED = r"^\s*\(?\d{1,6}\s*[.)]?\s*$"


def people(sheet: Sheet, layout: Layout) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The person rows of a sheet, and its other rows below the header.

    First frame: `row` (Int64), `nik_is_number` (Boolean), one String column per column of the layout (null = blank,
    text as it stands, filled in where it says "same as above" or is merged; then `<column>_stood` is what stood there).
    Second: `row`, `text` (the cells of each
    row between blanks, one string).
    """
    below = sheet.cells["row"] > layout.last
    # as they stand, from the left
    names = sorted(layout.columns.keys() - set(BESIDE), key=layout.columns.__getitem__)
    table = sheet.cells.filter(below).select(
        "row", *(pl.col(f"c{n}").alias(name) for name, n in layout.columns.items())
    )
    table = _brought_together(table)
    if "number" in names and sheet.lost.height:  # a running number it is, whichever
        unseen = sheet.lost.filter(column=layout.columns["number"])["row"].implode()
        table = table.with_columns(
            number=pl.when(pl.col("number").is_null() & pl.col("row").is_in(unseen))
            .then(pl.lit("0"))
            .otherwise("number")
        )
    mark = sheet.numeric.get(layout.columns.get("nik", -1))
    table = table.with_columns(
        nik_is_number=mark.filter(below) if mark is not None else pl.lit(False),
    )
    is_person = _are_people(table, names, layout)
    others = _others(sheet, layout, below, is_person)
    stood = table.filter(is_person)
    table = _merged(table, sheet, layout).filter(is_person)
    table = table.with_columns(_same_as_above(table, [name for name in names if name not in _NEVER_SAME]))
    table = _spread(table, [name for name in _REPEATS if name in names])
    changed = [name for name in names if not table[name].equals(stood[name], null_equal=True)]
    return table.hstack([stood[name].alias(f"{name}_stood") for name in changed]), others


def _brought_together(table: pl.DataFrame) -> pl.DataFrame:
    """What stands in two or three columns (`columns.BESIDE`) in one."""
    if "sex_of_women" in table.columns:
        men, women = (
            ~pl.col(name).str.contains(UNTICKED).fill_null(True) for name in ("sex", "sex_of_women")
        )
        table = table.with_columns(
            sex=pl.when(men & ~women).then(pl.lit("L")).when(women & ~men).then(pl.lit("P"))
        )
    if "birth_year" in table.columns:
        parts = [pl.col(name).str.strip_chars() for name in ("birth_date", "birth_month", "birth_year")]
        table = table.with_columns(birth_date=pl.concat_str(parts, separator="-"))
    return table.drop(list(BESIDE), strict=False)


def _others(sheet: Sheet, layout: Layout, below: pl.Series, is_person: pl.Series) -> pl.DataFrame:
    rest = sheet.cells.filter(below).filter(~is_person)
    texts = rest.select(
        "row",
        text=pl.concat_str(
            pl.exclude("row").str.strip_chars(), separator=" ", ignore_nulls=True
        ).str.strip_chars(),
    )
    return texts.filter(pl.col("text") != "")


# ------------------------------------------------------------------------------------------------- which are people


def _are_people(table: pl.DataFrame, names: list[str], layout: Layout) -> pl.Series:
    """One Boolean per row. A row with a NIK is one unless it is all it has; the few others are looked at closely."""
    cells = [name for name in names if name != "number"]
    filled = table.select(
        n=pl.sum_horizontal(pl.col(name).is_not_null().cast(pl.UInt16) for name in cells)
        if cells
        else pl.lit(0)
    )["n"]
    numbered = (
        table.select(pl.col("number").str.contains(_COUNTED).fill_null(False)).to_series()
        if "number" in names
        else pl.Series([False]).new_from_index(0, table.height)
    )
    strong = (
        table.select(
            (pl.col("nik").str.contains(r"\d\D?\d\D?\d\D?\d\D?\d\D?\d") & ~pl.col("nik").str.contains(r"(?i)n\s?i\s?p\b"))
            .fill_null(False)
        ).to_series()
        if "nik" in names
        else pl.Series([False]).new_from_index(0, table.height)
    )  # fmt: skip
    strong = strong & ((filled >= 2) | numbered)
    weak_rows = table.with_columns(
        _n=filled, _numbered=numbered, _at=pl.int_range(pl.len(), dtype=pl.Int64)
    ).filter(~strong & (filled > 0))
    if weak_rows.is_empty():
        return strong
    typical = float(filled.filter(strong).median() or filled.max() or 0)  # type: ignore[arg-type]
    weak = _weak(weak_rows, names, layout, typical)
    weak = weak.filter("_person")
    sure = strong | _at(weak.filter(~pl.col("_thin"))["_at"], table.height)
    thin = weak.filter("_thin")["_at"]
    return (sure | _at(thin, table.height)) & ~_loose(thin, sure)


def _at(positions: pl.Series, length: int) -> pl.Series:
    return pl.int_range(length, dtype=pl.Int64, eager=True).is_in(positions.implode())


def _loose(thin: pl.Series, sure: pl.Series) -> pl.Series:
    """Thin rows (a number and a name) after the last sure person that do not follow it without a gap."""
    last = sure.arg_true().max()
    if last is None:
        return _at(pl.Series([], dtype=pl.Int64), sure.len())
    at, loose = int(last), []  # type: ignore[arg-type]
    for position in thin.sort():
        if position > last:
            if position == at + 1:
                at = position
            else:
                loose.append(position)
    return _at(pl.Series(loose, dtype=pl.Int64), sure.len())


def _weak(rows: pl.DataFrame, names: list[str], layout: Layout, typical: float) -> pl.DataFrame:
    """Rows without a NIK: `_person`, and `_thin` where little more than a name is there."""
    cells = [name for name in names if name != "number"]
    meant = {name: pl.col(name).str.contains(NOTHING).not_().fill_null(False) for name in names}
    known = {plain(text) for text in layout.headers.values()} - {""}
    first_text = pl.coalesce(pl.when(pl.col(name).str.contains(r"[A-Za-z]")).then(name) for name in names)
    every_text = pl.concat_str(pl.col(cells), separator="\n", ignore_nulls=True)
    seen = rows.select(
        pl.exclude(names),
        data=pl.sum_horizontal(
            [meant[name].cast(pl.UInt16) for name in _DATA if name in names] or [pl.lit(0)]
        ),
        filled=pl.sum_horizontal([meant[name].cast(pl.UInt16) for name in cells] or [pl.lit(0)]),
        name=pl.col("name").str.contains(r"[A-Za-z]{2}").fill_null(False)
        if "name" in names
        else pl.lit(False),
        born=pl.col("birth_date").str.contains(_DAY).fill_null(False)
        if "birth_date" in names
        else pl.lit(False),
        total=first_text.str.contains(TOTAL).fill_null(False),
        signed=every_text.str.contains(_SIGNED).fill_null(False),
        counted=every_text.str.contains(r"^(\s*\(?\d{1,2}\)?\.?\s*(\n|$)){3,}$").fill_null(False),
    )
    header = _headers(rows, names, known)
    excluded = pl.col("total") | pl.col("signed") | pl.col("counted") | header
    enough = pl.col("filled") >= max(2, math.ceil(typical * 0.5))
    return seen.with_columns(
        _person=~excluded
        & pl.when(pl.col("_numbered"))
        .then(pl.col("name") | (pl.col("data") >= 2) | pl.col("born"))
        .otherwise((enough & (pl.col("data") >= 2)) | (pl.col("born") & (pl.col("filled") >= 2))),
        _thin=~enough & ~pl.col("born"),
    )


def _headers(rows: pl.DataFrame, names: list[str], known: set[str]) -> pl.Series:
    """Where the header stands again. Only rows whose NIK cell reads like a header are looked at."""
    texts = rows["nik"].filter(rows["nik"].str.contains("[A-Za-z]").fill_null(False)).unique()
    telling = [text for text in texts if len(text) <= 60 and (plain(text) in known or meaning(text))]
    possible = rows["nik"].is_in(telling).fill_null(False)
    found = [
        _is_header([value for value in row if value], known)
        for row in rows.filter(possible).select(names).iter_rows()
    ]
    return _at(possible.arg_true().cast(pl.Int64).filter(pl.Series(found, dtype=pl.Boolean)), rows.height)


def _is_header(values: list[str], known: set[str]) -> bool:
    """The header again, or one in other words."""
    same = sum(plain(value) in known for value in values)
    named = sum(bool(meaning(value)) and not re.search(r"\d{2}", value) for value in values)
    return (same >= 2 and same * 2 >= len(values)) or (named >= 3 and named * 10 >= len(values) * 7)


# --------------------------------------------------------------------------------------------- what their cells say


def _merged(table: pl.DataFrame, sheet: Sheet, layout: Layout) -> pl.DataFrame:
    """The text of a merged cell in all its rows."""
    places = {n: name for name, n in layout.columns.items()}
    spans: dict[str, list[tuple[int, int]]] = {}
    for r1, c1, r2, c2 in sheet.merges:
        if c1 in places and c1 == c2 and r2 > r1 > layout.last:
            spans.setdefault(places[c1], []).append((r1, r2))
    for name, rows in spans.items():
        merged = pl.DataFrame(sorted(rows), schema={"row": pl.Int64, "_until": pl.Int64}, orient="row").join(
            table.select("row", _text=name), on="row", how="left", maintain_order="left"
        )
        inside = pl.col("row") <= pl.col("_until")
        table = table.join_asof(merged, on="row", check_sortedness=False).with_columns(
            pl.when(inside).then("_text").otherwise(name).alias(name)
        )
        table = table.drop("_until", "_text")
    return table


def _same_as_above(table: pl.DataFrame, names: list[str]) -> list[pl.Series]:
    found = []
    for name in names:
        # most dittos are short; the long ones ("sama dengan di atas") are a habit that shows in a sample
        text = table[name]
        some = text.gather_every(max(1, text.len() // 20_000))
        words = (
            pl.concat([text.filter(text.str.len_bytes() <= 10).unique(), some.unique()]).unique().drop_nulls()
        )
        ditto = words.filter(words.str.contains(DITTO))
        if ditto.is_empty():
            continue
        said = table.select(
            pl.when(~pl.col(name).is_in(ditto.implode()))
            .then(pl.col(name))
            .when(pl.col(name).is_null())
            .then(pl.lit(""))
        ).to_series()
        found.append(said.forward_fill().replace("", None).alias(name))
    return found


def _spread(table: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    """A column that names only the first of each group (a merged cell that lost its merge) speaks for the others."""
    if table.height < 8:
        return table
    sparse = [
        name
        for name in names
        if table[name].null_count() > 0.7 * table.height and table[name].head(1).null_count() == 0
    ]
    return table.with_columns(pl.col(sparse).forward_fill()) if sparse else table


# -------------------------------------------------------------------------------------------- place and date of birth


_PLACE_AND_DATE = re.compile(r"^(.*?)\s*[,;]\s*([^,;]*\d.*|[^,;]*)$", re.DOTALL)
_PLACE_THEN_DATE = re.compile(r"^([^\d?]*?)[\s/:.\-–(]*([\d?].*)$", re.DOTALL)
_TRAILING_WORDS = re.compile(
    r"\s+((?:jan|feb|peb|mar|apr|mei|may|jun|jul|ag|aug|sep|okt|oct|nov|nop|des|dec)[a-z]*|thn|th|tahun|tgl|tanggal)\W*$",
    re.IGNORECASE,
)


def place_and_date(text: str) -> tuple[str | None, str | None]:
    """ "Kab. Tangerang, 9 Agustus 1965" → place, date; either may be None. "Tegal" is a place without a date."""
    text = text.strip()
    found = _PLACE_AND_DATE.match(text)
    if found:
        place, day = found[1], found[2]
    else:
        found = _PLACE_THEN_DATE.match(text)
        if not found:
            return (text or None), None
        place, day = found[1], found[2]
        word = _TRAILING_WORDS.search(" " + place)
        if word:
            place, day = (" " + place)[: word.start()], word[1] + " " + day
    return (place.strip() or None), (day.strip() or None)
