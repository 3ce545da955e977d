"""The audit trail."""

from __future__ import annotations

import sys

import click

from lindung.base.messages import N_, translate


@click.group()
def audit() -> None:
    """Verify the audit trail."""


@audit.command()
def verify() -> None:
    """Find any change made behind the trail's back. Exit status 1 when there is one."""
    from lindung.cli.database import open_database

    open_database()
    from lindung.registry import audit as chain
    from lindung.registry import trail

    found = trail.verify()
    for line in found:
        click.echo(line)
    if found:
        sys.exit(1)
    click.echo(translate(N_("The trail and the rows agree. Newest entry:")) + f" {chain.head()}")
