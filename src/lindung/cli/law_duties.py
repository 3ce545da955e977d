"""`lindung law duties`: what an employer must do, and what follows when it does not."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import click

from lindung.base.refused import Refused
from lindung.cli.law_book import DAY, FILE, today
from lindung.cli.law_tables import amounts

STEPS = (
    "warned_on", "second_warning_from", "fine_from", "fine_until", "fine_per_month", "public_services_from",
)  # fmt: skip


@click.command()
@click.option(
    "--employer", default="private", show_default=True, help="private, state, self or self_employing."
)
@click.option("--scale", help="private: micro, small, medium, large or construction.")
@click.option(
    "--capital", type=int, help="private, without --scale: capital without land and buildings, rupiah."
)
@click.option("--yearly-sales", type=int, help="private, without --scale: sales in a year, rupiah.")
@click.option("--scheme", help="state: whose setting of JHT for non-ASN staff holds.")
@click.option("--on", type=DAY, help="By the law of that day (default: today).")
@click.option("--warned-on", type=DAY, help="private, self_employing: day of the first written warning.")
@click.option("--contribution", type=int, help="With --warned-on: what should have been paid, rupiah.")
@click.option("--holidays", type=FILE, help="Holidays, one date a line.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of a table.")
def duties(
    employer: str, scale: str | None, capital: int | None, yearly_sales: int | None, scheme: str | None, on: date | None,
    warned_on: date | None, contribution: int | None, holidays: Path | None, *, as_json: bool,
) -> None:  # fmt: skip
    """Which programmes an employer must have, by article; with --warned-on the steps of a sanction and their days."""
    import polars as pl

    from lindung.cli.law import free_days
    from lindung.cli.schemes import one
    from lindung.law import current, explain
    from lindung.law import duties as rules

    on = on or today()
    if employer == "private" and scale is None:
        sizes = pl.DataFrame(
            {"on": [on], "capital": [capital], "yearly_sales": [yearly_sales]},
            schema={"on": pl.Date, "capital": pl.Int64, "yearly_sales": pl.Int64},
        )
        scale = _one(rules.scales(sizes))["scale"]
    frame = pl.DataFrame(
        {"on": [on], "employer": [employer], "scale": [scale]}, schema_overrides={"scale": pl.String}
    )
    setting = one(scheme).non_asn_jht if scheme else None
    row = _one(rules.programmes(frame, non_asn_jht=setting or "off"))
    told = explain.non_asn(setting, on) if scheme and employer == "state" else explain.duty(row)
    answer = {"employer": employer, "scale": scale, "on": on} | {
        key: row[key] for key in ("compulsory", "optional", "disputed")
    }
    articles, unverified = current().grounds(row["used"], on)
    if warned_on:
        if employer not in ("private", "self_employing"):
            raise Refused("duty.sanction_private")
        asked = pl.DataFrame(
            {"warned_on": [warned_on], "contribution": [contribution]},
            schema={"warned_on": pl.Date, "contribution": pl.Int64},
        )
        steps = _one(rules.sanctions(asked, holidays=free_days(holidays)))
        answer["sanctions"] = {key: steps[key] for key in STEPS}
        more, doubtful = current().grounds(steps["used"], warned_on)
        articles, unverified = [*articles, *more], [*unverified, *doubtful]
    if as_json:
        document = {
            **answer,
            "non_asn_jht": setting,
            "law": articles,
            "unverified": unverified,
            "doubts": told.doubts,
        }
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    click.echo("\n".join(told.steps))
    if warned_on:
        amounts(answer["sanctions"])
        click.echo("; ".join(more))
    for doubt in (*told.doubts, *(explain.doubts(doubtful, warned_on) if warned_on else ())):
        click.echo(doubt)


def _one(frame: Any) -> dict[str, Any]:
    row: dict[str, Any] = frame.row(0, named=True)
    if row["error"]:
        raise Refused(
            row["error"], {name: "" if value is None else str(value) for name, value in row.items()}
        )
    return row
