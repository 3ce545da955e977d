"""What a NIK (nomor induk kependudukan, 16 digits) says: `PPKKCC DDMMYY SSSS`, the day plus 40 for women.

It tells the place of the *first* registration and is kept for life: it follows neither a move nor a corrected birth
date (PP 40/2019 Pasal 30(2); PP 37/2007 Pasal 37). Its facts therefore warn; they reject nobody.
"""

from __future__ import annotations

from datetime import date
from functools import cache

import polars as pl

from lindung.identity.regions import regions

SEPARATORS = r"[\s.\-/'`’‘´ʼ′‐‑‒–—−\x{00A0}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{2060}\x{FEFF}]+"


def cleaned(nik: pl.Expr) -> pl.Expr:
    """Text as it was typed → text as it was meant: a label before it ("NIK: …") and separators go, the letter O is 0, l and
    I are 1. Null stays null."""
    bare = nik.str.replace(r"(?i)^\W*(no\.?\s*)?(nik|ktp)\b[\s.:=]*", "")
    return bare.str.replace_all(SEPARATORS, "").str.replace_many(["O", "o", "l", "I"], ["0", "0", "1", "1"])


def well_formed(nik: pl.Expr) -> pl.Expr:
    """Exactly sixteen ASCII digits (null: null)."""
    return nik.str.contains(r"^[0-9]{16}$")


def facts(frame: pl.DataFrame, nik: str = "nik", *, on: date | None = None) -> pl.DataFrame:
    """`frame` with what its cleaned NIK say. Whatever is not sixteen digits gets nulls.

    Adds `nik_birth_date` (Date; null when digits 7–12 are no date), `nik_sex` ("L", "P"), `nik_region` ("36.74.06"),
    `nik_region_known` (today or formerly), `nik_suspicious` (serial 0000, sixteen equal digits, 1234567890123456).
    The century is the one that makes somebody 0 to 100 years old on `on`; without it 00–09 are 2000–2009.
    """
    number = pl.when(well_formed(pl.col(nik))).then(pl.col(nik)).cast(pl.Int64)
    digits = frame.select(_n=number).select(
        "_n", _district=(_n // 10**10).cast(pl.Int32), _birth=(_n // 10**4 % 10**6).cast(pl.Int32)
    )
    # a million people share some thousand kecamatan and birth dates: each is looked at once
    births = _births(digits["_birth"].unique(), on)
    places = _places(digits["_district"].unique())
    told = digits.join(births, on="_birth", how="left", maintain_order="left").join(
        places, on="_district", how="left", maintain_order="left"
    )
    said = told.select(
        "nik_birth_date",
        "nik_sex",
        "nik_region",
        "nik_region_known",
        nik_suspicious=(_n % 10**4 == 0) | (_n % 1111111111111111 == 0) | (_n == 1234567890123456),
    )
    return frame.hstack(said.get_columns())


_n = pl.col("_n")


def _births(ddmmyy: pl.Series, on: date | None) -> pl.DataFrame:
    birth = pl.col("_birth")
    day, month, year = birth // 10_000, birth // 100 % 100, birth % 100
    parts = ddmmyy.to_frame("_birth").with_columns(
        _day=pl.when(day > 40).then(day - 40).otherwise(day),
        _month=month,
        _year=year,
        nik_sex=pl.when(day > 40).then(pl.lit("P")).when(birth.is_not_null()).then(pl.lit("L")),
    )
    parts = parts.with_columns(_year=_century(on))
    real = parts.filter(_is_date(pl.col("_year"), pl.col("_month"), pl.col("_day")))
    dates = real.select("_birth", nik_birth_date=pl.date("_year", "_month", "_day"))
    return parts.select("_birth", "nik_sex").join(dates, on="_birth", how="left")


def _places(districts_seen: pl.Series) -> pl.DataFrame:
    text = pl.col("_district").cast(pl.String).str.zfill(6)
    parts = [text.str.slice(start, 2) for start in (0, 2, 4)]
    return districts_seen.to_frame("_district").select(
        "_district",
        nik_region=pl.concat_str(parts, separator="."),
        nik_region_known=pl.col("_district").is_in(districts()),
    )


def _century(on: date | None) -> pl.Expr:
    day_of_year = pl.col("_month") * 100 + pl.col("_day")
    if on is None:
        recent = pl.col("_year") <= 9
    else:
        recent = (2000 + pl.col("_year")) * 10_000 + day_of_year <= on.year * 10_000 + on.month * 100 + on.day
    return pl.when(recent).then(pl.col("_year") + 2000).otherwise(pl.col("_year") + 1900)


def _is_date(year: pl.Expr, month: pl.Expr, day: pl.Expr) -> pl.Expr:
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    last = (
        pl.when(month == 2)
        .then(28 + leap.cast(pl.Int32))
        .when(month.is_in([4, 6, 9, 11]))
        .then(30)
        .otherwise(31)
    )
    return month.is_between(1, 12) & (day >= 1) & (day <= last)


@cache
def districts() -> pl.Series:
    """Every kecamatan code that a NIK may begin with, as a six-digit number: today's and former ones."""
    codes = regions().filter(pl.col("level") == "district")["code"].unique()
    return codes.str.replace_all(".", "", literal=True).cast(pl.Int32).implode()
