"""People who do not exist: names as they are common in a place, homes that are real, NIK that nobody has.

Real serials of a NIK count from 0001 for each district and day; these begin at 5001. Phones have 00 after the prefix.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base import strictyaml
from lindung.base.month import add_months
from lindung.identity.regions import regions
from lindung.samples.dice import Dice

SERIALS = (5001, 4999)  # the first, and how many: a prime, so that steps reach every one


@cache
def pools() -> dict[str, Any]:
    return strictyaml.load(Path(__file__).with_name("pools.yaml"))


def people(
    homes: pl.DataFrame,
    *,
    locality: str,
    seed: int,
    on: date,
    ages: tuple[int, int] = (19, 63),
    women: float = 0.4,
    serials: tuple[int, int] = SERIALS,
) -> pl.DataFrame:
    """One invented person per row of `homes`, deterministic by `seed`.

    `homes`: kelurahan_code (null: somewhere in the city); optional `ages_from`, `ages_below` (full years on `on`) and
    `women` (a share) per row. Its other columns stay. Adds index, nik, name, birth_date, birth_place, sex, address,
    rt, rw, kelurahan, kecamatan, kelurahan_code, phone, mother_name, kk_number. No NIK appears twice.
    """
    dice = Dice(seed)
    frame = homes.with_row_index("index").with_columns(pl.col("index").cast(pl.Int64))
    frame = _homes(frame, dice, locality)
    share = pl.col("women") if "women" in homes.columns else pl.lit(women)
    frame = frame.with_columns(
        sex=pl.when(dice.below("sex", 1000) < share * 1000).then(pl.lit("P")).otherwise(pl.lit("L")),
        birth_date=_birth(dice, on, ages, "ages_from" in homes.columns),
        birth_place=dice.pick("place", pools()["localities"][locality]["places"]),
        flavour=_flavour(dice, locality),
    )
    frame = frame.with_columns(
        name=_name(dice, pl.col("sex")),
        mother_name=_name(Dice(seed + 7919), pl.lit("P")),
        nik_region=_issued(dice, locality),
    )
    frame = numbered(frame, dice, serials)
    return frame.with_columns(_family(dice), _address(dice), *_neighbourhood(dice), phone=_phone(dice)).drop(
        "flavour", "nik_region", "kecamatan_digits"
    )


def numbered(frame: pl.DataFrame, dice: Dice, serials: tuple[int, int] = SERIALS) -> pl.DataFrame:
    """`frame` (nik_region of six digits, birth_date, sex) with `nik`, each serial once per district, day and sex."""
    first, width = serials
    born = pl.col("birth_date")
    day = born.dt.day() + pl.when(pl.col("sex") == "P").then(40).otherwise(0)
    prefix = (
        pl.col("nik_region").cast(pl.Int64) * 1_000_000
        + day.cast(pl.Int64) * 10_000
        + born.dt.month().cast(pl.Int64) * 100
        + (born.dt.year() % 100).cast(pl.Int64)
    )
    frame = frame.with_columns(_prefix=prefix, _start=dice.below("serial", width))
    seen = pl.int_range(pl.len(), dtype=pl.Int64).over("_prefix")
    serial = (pl.col("_start").first().over("_prefix") + seen * 31) % width + first
    return frame.with_columns(nik=(pl.col("_prefix") * 10_000 + serial).cast(pl.String)).drop(
        "_prefix", "_start"
    )


@cache
def kelurahan(locality: str) -> pl.DataFrame:
    """Columns kelurahan_code, kelurahan, kecamatan_code, kecamatan of a city, in the order of codes."""
    here = regions().filter(pl.col("code").str.starts_with(f"{locality}."), ~pl.col("former")).sort("code")
    villages = here.filter(level="village").select(
        kelurahan_code="code", kelurahan="name", kecamatan_code=pl.col("code").str.slice(0, 8)
    )
    districts = here.filter(level="district").select(kecamatan_code="code", kecamatan="name")
    return villages.join(districts, on="kecamatan_code", maintain_order="left")


def _homes(frame: pl.DataFrame, dice: Dice, locality: str) -> pl.DataFrame:
    places = (
        kelurahan(locality)
        .with_columns(kecamatan_digits=pl.col("kecamatan_code").str.replace_all(".", "", literal=True))
        .drop("kecamatan_code")
    )
    anywhere = dice.pick("home", places["kelurahan_code"].to_list())
    code = pl.coalesce("kelurahan_code", anywhere) if "kelurahan_code" in frame.columns else anywhere
    frame = frame.with_columns(kelurahan_code=code)
    return frame.join(places, on="kelurahan_code", how="left", maintain_order="left")


def _birth(dice: Dice, on: date, ages: tuple[int, int], per_row: bool) -> pl.Expr:
    """Evenly spread over the days on which somebody's age in full years is in the range, its ends left out."""
    if per_row:
        years, below = pl.col("ages_from"), pl.col("ages_below")
        newest, oldest = (
            pl.lit(on).dt.offset_by(pl.format("-{}y", years)),
            pl.lit(on).dt.offset_by(pl.format("-{}y", below)),
        )
    else:
        newest, oldest = pl.lit(add_months(on, -12 * ages[0])), pl.lit(add_months(on, -12 * ages[1]))
    days = (newest - oldest).dt.total_days() - 2
    return oldest + pl.duration(days=1 + dice.below("birth", days))


def _flavour(dice: Dice, locality: str) -> pl.Expr:
    """The number of a person's flavour among those of the pools."""
    flavours = pools()["localities"][locality]["flavours"]
    places = pl.Series([list(pools()["names"]).index(flavour) for flavour in flavours])
    return pl.lit(places).gather(dice.below("flavour", places.len()))


def _words(sex: pl.Expr, part: str, index: pl.Expr) -> pl.Expr:
    """The word `index` (any number ≥ 0) of the pool of a person's flavour and sex."""
    groups = [by_sex[letter][part] for by_sex in pools()["names"].values() for letter in ("L", "P")]
    starts = pl.Series([sum(map(len, groups[:at])) for at in range(len(groups))])
    sizes = pl.Series([len(group) for group in groups])
    group = pl.col("flavour") * 2 + (sex == "P").cast(pl.Int64)
    word = pl.lit(starts).gather(group) + index % pl.lit(sizes).gather(group)
    return pl.lit(pl.Series([word for group in groups for word in group])).gather(word)


def _name(dice: Dice, sex: pl.Expr) -> pl.Expr:
    """One word for one in six, three for one in six; Chinese names keep all their syllables."""
    draw = dice.below("name", 2**40)
    first, last = _words(sex, "first", draw % 1009), _words(sex, "last", draw // 1009 % 1013)
    middle = _words(sex, "last", draw // (1009 * 1013) % 1019)
    shape = dice.below("shape", 100)
    whole = pl.col("flavour") == list(pools()["names"]).index("tionghoa")
    return (
        pl.when(whole).then(pl.concat_str(first, last, separator=" "))
        .when((shape < 16) | (first == last)).then(first)
        .when((shape < 32) & (middle != last) & (middle != first)).then(pl.concat_str(first, middle, last, separator=" "))
        .otherwise(pl.concat_str(first, last, separator=" "))
    )  # fmt: skip


@cache
def _districts(prefixes: tuple[str, ...]) -> Sequence[str]:
    known = regions().filter(
        pl.col("level") == "district", ~pl.col("former"), pl.col("code").str.slice(0, 5).is_in(list(prefixes))
    )
    return known["code"].sort().str.replace_all(".", "", literal=True).to_list()


def _issued(dice: Dice, locality: str) -> pl.Expr:
    """Six in ten NIK are of the district people live in, the others of where they were first registered."""
    here = pl.col("kecamatan_digits")
    former = dice.pick("former", _districts(tuple(pools()["localities"][locality]["former"])))
    far = dice.pick("far", _districts(tuple(pools()["far"])))
    whence = dice.below("whence", 100)
    return pl.when(whence < 60).then(here).when(whence < 88).then(former).otherwise(far)


def _family(dice: Dice) -> pl.Expr:
    here = pl.col("kecamatan_digits")
    digits = [
        (dice.below("kk day", 28) + 1).cast(pl.String).str.zfill(2),
        (dice.below("kk month", 12) + 1).cast(pl.String).str.zfill(2),
        (dice.below("kk year", 14) + 3).cast(pl.String).str.zfill(2),
        (dice.below("kk serial", 4999) + 5001).cast(pl.String),
    ]
    return pl.concat_str(here, *digits).alias("kk_number")


def _address(dice: Dice) -> pl.Expr:
    street = dice.pick("street", pools()["streets"])
    house = (dice.below("house", 199) + 1).cast(pl.String)
    block = dice.pick("block", ["A", "B", "C", "D", "E", "F"])
    return (
        pl.when(street.str.ends_with("Blok"))
        .then(pl.concat_str(street, pl.lit(" "), block, house.str.slice(0, 1), pl.lit("/"), house))
        .otherwise(pl.concat_str(street, pl.lit(" No. "), house))
        .alias("address")
    )


def _neighbourhood(dice: Dice) -> list[pl.Expr]:
    return [(dice.below("rt", 12) + 1).alias("rt"), (dice.below("rw", 15) + 1).alias("rw")]


def _phone(dice: Dice) -> pl.Expr:
    return pl.concat_str(
        dice.pick("operator", pools()["operators"]),
        pl.lit("00"),
        dice.below("phone", 1_000_000).cast(pl.String).str.zfill(6),
    )
