"""Region codes in the database."""

from __future__ import annotations

import click


@click.group()
def regions() -> None:
    """Region codes in the database."""


@regions.command()
def load() -> None:
    """Add the codes of `generated/regions.parquet` that the database lacks."""
    from lindung.cli.database import open_database

    open_database()
    from lindung.identity.regions import regions as known
    from lindung.registry.frames import load_regions

    click.echo(f"+{load_regions(known()):,}")
