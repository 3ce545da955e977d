"""The conditions of a scheme, applied to many people at once."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.schemes.model import Scheme

FINDINGS = {
    "row_id": pl.Int64,
    "column": pl.String,
    "code": pl.String,
    "severity": pl.String,
    "value": pl.String,
    "args": pl.String,
    "article": pl.String,
}


def verify(rows: pl.DataFrame, scheme: Scheme, on: date) -> pl.DataFrame:
    """One finding per person and condition that fails (error) or is doubtful (warning), in the order of `row_id`.

    `rows`: row_id, category, birth_date (Date), and any of nik, kelurahan_code, residence_code, occupation, decile,
    income (rupiah a month), died_on (Date), covered (List[Struct{segment, payer, since: Date}]), documents
    (List[String]). What is missing or null is unknown, and unknown fails no condition. Ages are those on `on`.
    """
    found = [pl.DataFrame(schema=FINDINGS)]
    for condition in scheme.conditions:
        article = condition.article or condition.law or scheme.document.short
        for failing in condition.failing(rows, on):
            args = [name for name in failing.columns if name not in ("row_id", "code", "value")]
            found.append(
                failing.select(
                    pl.col("row_id").cast(pl.Int64),
                    pl.lit(condition.column, dtype=pl.String).alias("column"),
                    "code",
                    pl.lit(condition.severity).alias("severity"),
                    "value",
                    (pl.struct(args).struct.json_encode() if args else pl.lit(None, dtype=pl.String)).alias(
                        "args"
                    ),
                    pl.lit(article).alias("article"),
                )
            )
    return pl.concat(found).sort("row_id", maintain_order=True)
