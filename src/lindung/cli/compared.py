"""PU and BPU priced side by side, before anything is decided. Opens no database."""

from __future__ import annotations

import json

import click

from lindung.base.messages import N_, sentence
from lindung.base.money import rupiah
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.cli.acting import in_scheme
from lindung.cli.movements import say


@click.command()
@in_scheme
@click.option("--wage", type=int, required=True, help="Monthly wage, whole rupiah.")
@click.option("--month", required=True, help="YYYY-MM.")
@click.option("--bpu-income", type=int, help="Income on which a BPU would be registered; else the wage.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def compare(scheme: str, wage: int, month: str, bpu_income: int | None, as_json: bool) -> None:
    """What a month of one person costs as wage earner (PU) and as BPU, side by side."""
    from lindung.cli.schemes import known
    from lindung.enrolment import pricing

    asked = Month.parse(month)
    rules = known().get(scheme)
    if rules is None:
        raise Refused("scheme.not_among_files", {"scheme": scheme})
    rows = pricing.compare(rules, wage, asked.first, bpu_income=bpu_income).to_dicts()
    if all(row["error"] for row in rows):
        raise Refused(rows[0]["error"])
    if as_json:
        click.echo(json.dumps(rows, default=str))
        return
    for row in rows:
        if row["error"]:
            click.echo(f"{row['segment']}: {sentence(row['error'])}")
            continue
        told = {
            "segment": row["segment"], "programmes": row["programmes"], "total": rupiah(row["total"]),
            "city": rupiah(row["city"]), "worker": rupiah(row["worker"]), "lost": row["lost"],
        }  # fmt: skip
        if row["lost"]:
            say(
                N_(
                    "{segment} ({programmes}, without {lost}): {total}; {city} from the city, {worker} from the worker."
                ),
                **told,
            )
        else:
            say(
                N_("{segment} ({programmes}): {total}; {city} from the city, {worker} from the worker."),
                **told,
            )
