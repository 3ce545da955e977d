"""Every region code that a NIK or an address may carry, today's and former ones, readable without a database."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import polars as pl

from lindung.base.refused import Refused

GENERATED = Path(os.environ.get("LINDUNG_GENERATED", Path(__file__).parents[3] / "generated"))


@cache
def regions() -> pl.DataFrame:
    """Columns code ("36.74.03.1005"), name, level (province, regency, district, village), former (bool).

    Raises Refused("regions.missing") when set-up has not made the file.
    """
    path = GENERATED / "regions.parquet"
    if not path.is_file():
        raise Refused("regions.missing", {"path": path.name})
    return pl.read_parquet(path)


@cache
def names() -> dict[str, str]:
    return dict(regions().select("code", "name").iter_rows())
