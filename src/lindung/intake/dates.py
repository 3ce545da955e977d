"""Dates in every style that people write. Day before month, unless the NIK of the row, or the list, shows otherwise."""

from __future__ import annotations

from datetime import date

import polars as pl

BLANK = r"^[\s\-–—_.]*$"
_MONTHS = {
    "jan": 1, "feb": 2, "peb": 2, "mar": 3, "apr": 4, "mei": 5, "may": 5, "jun": 6, "jul": 7, "agu": 8, "agt": 8, "ags": 8, "aug": 8,
    "sep": 9, "okt": 10, "oct": 10, "nov": 11, "nop": 11, "des": 12, "dec": 12,
}  # fmt: skip
_BEFORE = r"^(?:(?:senin|selasa|rabu|kamis|jum'?at|sabtu|minggu|ahad|tgl|tanggal|tg)\b[\s,.:]*)+"
_AFTER = r"(?:[ t]\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?| wib|\s*\(.*\)|[,.;*])+$"
_MARK = r"\s*[-/.,\s–—\\]\s*"
_ISO = rf"^(?P<year>[12]\d{{3}}){_MARK}(?P<b>\d{{1,2}}){_MARK}(?P<a>\d{{1,2}})$"
_NUMBERS = rf"^(?P<a>\d{{1,2}}){_MARK}(?P<b>\d{{1,2}}){_MARK}(?P<year>[12]\d{{3}}|\d{{2}})$"
_WORD = rf"^(?P<a>\d{{1,2}})(?:{_MARK})?(?P<word>[a-z]{{3,}})(?:{_MARK})?'?(?P<year>[12]\d{{3}}|\d{{2}})$"
_WORD_FIRST = rf"^(?P<word>[a-z]{{3,}}){_MARK}(?P<a>\d{{1,2}}){_MARK}(?P<year>[12]\d{{3}})$"
_EIGHT = r"^(?P<a>\d{2})(?P<b>\d{2})(?P<year>(?:19|20)\d{2})$"
_EIGHT_ISO = r"^(?P<year>(?:19|20)\d{2})(?P<b>\d{2})(?P<a>\d{2})$"


def readings(texts: pl.Series, on: date) -> pl.DataFrame:
    """One row per text: `dm` (Date; day before month), `md` (Date; month before day, only for dates in figures),
    `figures` (day and month are figures in free order), `blank`, `swappable` (both are dates and differ). Neither date
    and not blank: unreadable.

    A five-digit number is Excel's count of days. Two-digit years: the one that makes somebody 0 to 100 years old.
    """
    unique = texts.unique()
    found = _parsed(unique, on)
    return (
        texts.to_frame("text")
        .join(found, on="text", how="left", nulls_equal=True, maintain_order="left")
        .drop("text")
    )


def _parsed(texts: pl.Series, on: date) -> pl.DataFrame:
    tidy = (
        pl.col("text").str.replace_all("\u00a0", " ", literal=True).str.to_lowercase().str.strip_chars(" \t\r\n'`’")
        .str.replace(_BEFORE, "").str.replace(_AFTER, "").str.strip_chars()
    )  # fmt: skip
    frame = texts.to_frame("text").with_columns(
        tidy=tidy, blank=pl.col("text").is_null() | pl.col("text").str.contains(BLANK)
    )
    groups = pl.coalesce(
        pl.when(pl.col("tidy").str.contains(pattern)).then(
            pl.struct(
                a=_group(pattern, "a"),
                b=_group(pattern, "b"),
                word=_group(pattern, "word"),
                year=_group(pattern, "year"),
                free=pl.lit(pattern is _NUMBERS),
            )
        )
        for pattern in (_NUMBERS, _ISO, _WORD, _WORD_FIRST, _EIGHT, _EIGHT_ISO)
    )
    parts = frame.with_columns(groups.alias("parts")).unnest("parts")
    number = parts.with_columns(
        a=pl.col("a").cast(pl.Int32),
        b=pl.coalesce(
            pl.col("b").cast(pl.Int32),
            pl.col("word").str.slice(0, 3).replace_strict(_MONTHS, default=None, return_dtype=pl.Int32),
        ),
        short=pl.col("year").str.len_chars() == 2,
        year=pl.col("year").cast(pl.Int32),
        free=pl.col("free").fill_null(False),
    )
    return (
        number.with_columns(
            dm=_date(pl.col("a"), pl.col("b"), on),
            md=pl.when("free").then(_date(pl.col("b"), pl.col("a"), on)),
        )
        .with_columns(dm=pl.coalesce("dm", _excel_days(pl.col("tidy"))))
        .with_columns(
            swappable=(
                pl.col("dm").is_not_null() & pl.col("md").is_not_null() & (pl.col("dm") != pl.col("md"))
            ).fill_null(False)
        )
        .select("text", "dm", "md", "blank", "swappable", figures="free")
    )


def _group(pattern: str, name: str) -> pl.Expr:
    if f"<{name}>" not in pattern:
        return pl.lit(None, dtype=pl.String)
    return pl.col("tidy").str.extract_groups(pattern).struct.field(name)


def _date(day: pl.Expr, month: pl.Expr, on: date) -> pl.Expr:
    """Null where there is no such day, or the year is no birth year of anybody (before 1880, after 2100)."""
    recent = (
        2000 + pl.col("year")
    ) * 10_000 + month * 100 + day <= on.year * 10_000 + on.month * 100 + on.day
    year = (
        pl.when(pl.col("short"))
        .then(pl.col("year") + pl.when(recent).then(2000).otherwise(1900))
        .otherwise("year")
    )
    text = pl.concat_str(
        year.cast(pl.String),
        month.cast(pl.String).str.zfill(2),
        day.cast(pl.String).str.zfill(2),
        separator="-",
    )
    return pl.when(year.is_between(1880, 2100)).then(text).str.to_date("%Y-%m-%d", strict=False)


def _excel_days(text: pl.Expr) -> pl.Expr:
    days = text.str.extract(r"^(\d{5})(?:[.,]\d+)?$").cast(pl.Int32)
    return pl.lit(date(1899, 12, 30)) + pl.duration(days=pl.when(days.is_between(1, 60_000)).then(days))


def settle(frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` (the columns of `readings`, `nik_birth_date`, `file_ix`, `sheet_ix`) → columns `date_told` (Date: as the
    column says it), `ambiguous` (Boolean). The NIK of the row decides; else the sheet; a sheet that shows nothing
    follows its file. Both orders in use: ambiguous, read day before month."""
    told, both = pl.col("nik_birth_date"), pl.col("swappable")
    shows_dm = (
        pl.when(both)
        .then(told == pl.col("dm"))
        .otherwise(pl.col("figures") & pl.col("dm").is_not_null() & pl.col("md").is_null())
    )
    shows_md = (
        pl.when(both)
        .then(told == pl.col("md"))
        .otherwise(pl.col("dm").is_null() & pl.col("md").is_not_null())
    )
    frame = frame.with_columns(_dm=shows_dm.fill_null(False), _md=shows_md.fill_null(False))
    used = frame.group_by("file_ix", "sheet_ix").agg(pl.col("_dm").sum(), pl.col("_md").sum())
    files = used.group_by("file_ix").agg(_file_dm=pl.col("_dm").sum(), _file_md=pl.col("_md").sum())
    silent = (pl.col("_dm") + pl.col("_md")) == 0
    used = used.join(files, on="file_ix").select(
        "file_ix",
        "sheet_ix",
        _n_dm=pl.when(silent).then("_file_dm").otherwise("_dm").cast(pl.Int64),
        _n_md=pl.when(silent).then("_file_md").otherwise("_md").cast(pl.Int64),
    )
    few = (pl.col("_n_dm") + pl.col("_n_md")) * 0.01  # one slip among hundreds is no second hand
    used = used.with_columns(
        _uses_dm=(pl.col("_n_dm") > 0) & (pl.col("_n_dm") >= few),
        _uses_md=(pl.col("_n_md") > 0) & (pl.col("_n_md") >= few),
    )
    frame = frame.join(used, on=["file_ix", "sheet_ix"], how="left", maintain_order="left")
    by_nik = both & (pl.col("_dm") | pl.col("_md"))
    day = (
        pl.when(pl.col("dm").is_null()).then("md")
        .when(both & pl.col("_md")).then("md")
        .when(both & ~by_nik & pl.col("_uses_md") & ~pl.col("_uses_dm")).then("md")
        .otherwise("dm")
    )  # fmt: skip
    ambiguous = (both & ~by_nik & pl.col("_uses_md") & pl.col("_uses_dm")).fill_null(False)
    return frame.select(date_told=day, ambiguous=ambiguous)
