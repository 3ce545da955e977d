"""Make `generated/regions.parquet` from the npm package `idn-area-data` and our own short table of other codes."""

from __future__ import annotations

import csv
from pathlib import Path

import polars as pl

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "node_modules" / "idn-area-data" / "data"
OTHER = ROOT / "src" / "lindung" / "identity" / "other_regions.csv"
LEVELS = {"provinces": "province", "regencies": "regency", "districts": "district", "villages": "village"}


def table(path: Path) -> pl.DataFrame:
    with path.open(encoding="utf-8", newline="") as stream:
        return pl.DataFrame(list(csv.DictReader(stream)), infer_schema_length=None).select(
            pl.all().cast(pl.String)
        )


def regions() -> pl.DataFrame:
    """Columns code, name, level, former: every code ever valid that we know, in code order."""
    current = pl.concat(
        table(PACKAGE / f"{file}.csv").select(
            "code", pl.col("name").str.strip_chars(), level=pl.lit(level), former=pl.lit(False)
        )
        for file, level in LEVELS.items()
    )
    other = table(OTHER).select(
        "code",
        "name",
        level=pl.col("code").str.len_chars().replace_strict({2: "province", 5: "regency", 8: "district"}),
        former=pl.col("former") == "1",
    )
    return pl.concat([current, other.join(current, on="code", how="anti")]).sort("code")


if __name__ == "__main__":
    target = ROOT / "generated" / "regions.parquet"
    target.parent.mkdir(exist_ok=True)
    made = regions()
    made.write_parquet(target)
    print(f"{target.relative_to(ROOT)}: {made.height:,} codes")
