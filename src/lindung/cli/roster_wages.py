"""A city's minimum wages, loaded from a file: the wages of its lists are compared with them."""

from __future__ import annotations

from pathlib import Path

import click

from lindung.cli.acting import acting, actor_called, in_scheme


@click.command("minimum-wages")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@in_scheme
@acting
def minimum_wages(file: Path, scheme: str, login: str) -> None:
    """Keep the minimum wages of the scheme's city from a CSV: region_code,valid_from,amount,document."""
    from lindung.intake.wages import load

    table = load(file)
    actor = actor_called(login)
    from lindung.enrolment.actions.wages import keep_minimum_wages
    from lindung.registry.queries import scheme_called

    click.echo(f"+{keep_minimum_wages(scheme_called(scheme), table, actor=actor)}")
