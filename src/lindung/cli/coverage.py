"""Coverage on a date."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path

import click


@click.command()
@click.option("--scheme", required=True, help="Scheme id.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The date of the figures.")
@click.option(
    "--by", type=click.Choice(["category", "unit", "kelurahan"]), default="category", show_default=True
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the recap (per office, or kelurahan × category) as .xlsx or .pdf.",
)
def coverage(scheme: str, on: datetime, by: str, as_json: bool, out: Path | None) -> None:
    """Who is covered, against whom there is to cover, on any date."""
    if out and out.suffix not in (".xlsx", ".pdf"):
        raise click.UsageError("--out: .xlsx, .pdf")
    from lindung.cli.database import open_database

    open_database()
    from lindung.coverage.queries import coverage as figures
    from lindung.registry.queries import scheme_called

    record = scheme_called(scheme)
    found = figures(record, on.date(), by)
    if out:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(_recap(record, on.date(), by, out.suffix))
        click.echo(out, err=as_json)
    if as_json:
        click.echo(json.dumps(as_document(found), ensure_ascii=False))
        return
    from rich.console import Console

    from lindung.cli.tables import coverage_table

    Console().print(coverage_table(found))


def _recap(scheme, on: date, by: str, suffix: str) -> bytes:
    from django.utils import timezone

    from lindung.papers import tables
    from lindung.workflows.papers import letterhead, printed
    from lindung.workflows.recaps import places_recap, units_recap

    recap = units_recap(scheme, on) if by == "unit" else places_recap(scheme, on)
    if suffix == ".xlsx":
        return tables.xlsx([recap])
    return tables.pdf(recap, letterhead=letterhead(scheme, on), printed=printed(scheme, None, timezone.now()))


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
