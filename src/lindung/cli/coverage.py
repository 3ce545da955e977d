"""Coverage on a date."""

from __future__ import annotations

import json
from datetime import date, datetime

import click


@click.command()
@click.option("--scheme", required=True, help="Scheme id.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The date of the figures.")
@click.option(
    "--by", type=click.Choice(["category", "unit", "kelurahan"]), default="category", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def coverage(scheme: str, on: datetime, by: str, as_json: bool) -> None:
    """Who is covered, against whom there is to cover, on any date."""
    from lindung.cli.database import open_database

    open_database()
    from lindung.coverage.queries import coverage as figures
    from lindung.registry.queries import scheme_called

    found = figures(scheme_called(scheme), on.date(), by)
    if as_json:
        click.echo(json.dumps(as_document(found), ensure_ascii=False))
        return
    from rich.console import Console

    from lindung.cli.tables import coverage_table

    Console().print(coverage_table(found))


def as_document(found) -> dict:
    """The JSON of `lindung coverage --json`: money and counts as integers, percentages with one decimal."""

    def row(item) -> dict:
        document = {
            "group": item.group,
            "label": item.label,
            "target": item.target,
            "enrolled": item.enrolled,
            "active": item.active,
            "gap": item.gap,
            "percent": None if item.percent is None else float(item.percent),
            "percent_active": None if item.percent_active is None else float(item.percent_active),
        }
        if found.by == "unit":
            document["status"] = item.status
        return document

    document = {
        "scheme": found.scheme,
        "on": date.isoformat(found.on),
        "by": found.by,
        "rows": [row(item) for item in found.rows],
        "total": row(found.total),
        "reported": found.reported,
        "definition": found.definition,
        "apart": found.apart,
    }
    if found.by == "unit":
        document["units"] = found.statuses()
    return document
