"""Minimum wages of a city, kept as its dated settings with the decree they stand in."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.intake.wages import COLUMNS, Minimum, minimum
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import CitySetting, Scheme

KEY = "minimum_wage"


def keep_minimum_wages(scheme: Scheme, table: pl.DataFrame, *, actor: Actor) -> int:
    """Keep the lines of `intake.wages.load` that are of the scheme's city; how many are new. A day that is known gets
    the new amount; the trail keeps the old one."""
    actor_may(actor, "administer", scheme)
    added = 0
    with recorded(actor, "keep_minimum_wages") as entry:
        for _region, since, amount, document in table.filter(region_code=scheme.locality_id).iter_rows():
            _setting, new = CitySetting.objects.update_or_create(
                locality_id=scheme.locality_id,
                key=KEY,
                valid_from=since,
                defaults={"value": amount, "source": document[:240]},
            )
            added += new
        entry.about(scheme, added=added)
    return added


def minimum_wage(scheme: Scheme, on: date) -> Minimum | None:
    """What wages of the scheme's lists are compared with on that day; None where it is not known."""
    kept = CitySetting.objects.filter(locality=scheme.locality_id, key=KEY).values_list(
        "locality_id", "valid_from", "value", "source"
    )
    table = pl.DataFrame(
        list(kept),
        schema=dict(zip(COLUMNS, (pl.String, pl.Date, pl.Int64, pl.String), strict=True)),
        orient="row",
    )
    return minimum(table, scheme.locality_id, on)
