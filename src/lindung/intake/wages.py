"""Minimum wages (UMK) as a city gives them: dated, each with the decree it stands in. None is known beforehand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from lindung.base.refused import Refused

COLUMNS = ("region_code", "valid_from", "amount", "document")
MONTHS_HELD = 12  # governors set them for each year anew


@dataclass(frozen=True)
class Minimum:
    """`amount`: rupiah a month from `since` on, by `document`."""

    amount: int
    since: date
    document: str


def load(path: Path) -> pl.DataFrame:
    """`COLUMNS` (region_code as "36.74", valid_from Date, amount Int64 rupiah a month, document) from a CSV in UTF-8.

    Raises Refused("minimum_wages.unreadable", "minimum_wages.line").
    """
    try:
        frame = pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError):
        raise Refused(
            "minimum_wages.unreadable", {"file": path.name, "expected": ",".join(COLUMNS)}
        ) from None
    if any(name not in frame.columns for name in COLUMNS):
        raise Refused("minimum_wages.unreadable", {"file": path.name, "expected": ",".join(COLUMNS)})
    read = frame.select(
        pl.col("region_code").str.strip_chars(),
        pl.col("valid_from").str.strip_chars().str.to_date("%Y-%m-%d", strict=False),
        pl.col("amount").str.strip_chars().cast(pl.Int64, strict=False),
        pl.col("document").str.strip_chars(),
    )
    whole = (
        pl.col("region_code").str.contains(r"^\d{2}\.\d{2}$")
        & pl.col("valid_from").is_not_null()
        & (pl.col("amount") > 0)
        & (pl.col("document") != "")
        & pl.struct("region_code", "valid_from").is_unique()
    )
    wrong = read.select(whole.fill_null(False).not_().arg_true()).to_series()
    if wrong.len():
        raise Refused("minimum_wages.line", {"file": path.name, "line": int(wrong[0]) + 2})
    return read


def minimum(table: pl.DataFrame | None, locality: str, on: date) -> Minimum | None:
    """The minimum wage of a city on a day; None where it is unknown (a figure holds for the year it was set for)."""
    if table is None:
        return None
    held = table.filter(
        (pl.col("region_code") == locality)
        & (pl.col("valid_from") <= on)
        & (pl.col("valid_from").dt.offset_by(f"{MONTHS_HELD}mo") > on)
    ).sort("valid_from")
    if held.is_empty():
        return None
    last = held.row(-1, named=True)
    return Minimum(last["amount"], last["valid_from"], last["document"])
