"""Targets are imported with their source and date."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.base.refused import Refused
from lindung.coverage.models import Target
from lindung.registry import frames
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme


def import_targets(
    scheme: Scheme, rows: pl.DataFrame, as_of: date, *, invented: bool = False, actor: Actor
) -> int:
    """Keep targets (dimension, group, category or null, number, source) as told on a day; the same again adds nothing.

    Raises Refused("target.contradicts") for another number of the same group and day: a correction has its own date.
    """
    known = frames.read(
        'select dimension, "group", category, number from coverage_target where scheme_id = %s and as_of = %s',
        [scheme.pk, as_of],
        {"dimension": pl.String, "group": pl.String, "category": pl.String, "told": pl.Int64},
    )
    key = ["dimension", "group", "category"]
    fresh = rows.with_columns(pl.col("category").fill_null("")).join(
        known, on=key, how="anti", maintain_order="left"
    )
    differs = (
        rows.with_columns(pl.col("category").fill_null(""))
        .join(known, on=key)
        .filter(pl.col("number") != pl.col("told"))
    )
    if not differs.is_empty():
        first = differs.row(0, named=True)
        raise Refused(
            "target.contradicts",
            {
                "group": first["group"],
                "told": first["told"],
                "number": first["number"],
                "on": f"{as_of:%d-%m-%Y}",
            },
        )
    if fresh.is_empty():
        return 0
    with recorded(actor, "import_targets") as entry:
        frames.write(
            Target,
            fresh.select(
                *key,
                "number",
                "source",
                scheme_id=pl.lit(scheme.pk),
                as_of=pl.lit(as_of),
                invented=pl.lit(invented),
            ),
        )
        entry.about(scheme, targets=fresh.height)
    return fresh.height
