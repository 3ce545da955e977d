"""Offices."""

from __future__ import annotations

from pathlib import Path

import click

COLUMNS = ["code", "name", "kind", "region_code", "parent", "npp", "branch"]


@click.group()
def units() -> None:
    """Offices: load, list."""


@units.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--scheme", required=True, help="A scheme of the city.")
def load(file: Path, scheme: str) -> None:
    """Add the offices of a CSV file: code,name,kind,region_code,parent,npp,branch (known codes stay as they are)."""
    import polars as pl

    from lindung.base.refused import Refused

    table = pl.read_csv(file, infer_schema_length=0)
    if missing := [name for name in COLUMNS[:3] if name not in table.columns]:
        raise Refused("units.columns", {"file": file.name, "columns": ", ".join(missing)})
    table = table.with_columns(
        *(pl.lit(None, dtype=pl.String).alias(n) for n in COLUMNS if n not in table.columns)
    )
    from lindung.cli.database import open_database

    open_database()
    from lindung.registry.actions import register_units
    from lindung.registry.audit import Actor
    from lindung.registry.queries import scheme_called

    added = register_units(
        scheme_called(scheme), table.select(COLUMNS), actor=Actor(None, "administrator", "cli")
    )
    click.echo(f"+{added}")


@units.command("list")
@click.option("--scheme", required=True, help="A scheme of the city.")
def list_(scheme: str) -> None:
    """Every office of a city."""
    from lindung.cli.database import open_database

    open_database()
    from lindung.registry.queries import scheme_called, units_by_code

    for code, unit in sorted(units_by_code(scheme_called(scheme)).items()):
        click.echo(f"{code:<30} {unit.kind:<10} {unit.name}")
