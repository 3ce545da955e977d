"""Who acts at the command line: `--as LOGIN`, an account of the city; its role decides what it may do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from lindung.base.refused import Refused

if TYPE_CHECKING:
    from lindung.registry.audit import Actor

acting = click.option("--as", "login", required=True, help="The account that acts.")
in_scheme = click.option("--scheme", required=True, help="Scheme id.")
day = click.DateTime(["%Y-%m-%d"])


def actor_called(login: str) -> Actor:
    """Opens the database. Raises Refused("account.unknown")."""
    from lindung.cli.database import open_database

    open_database()
    from lindung.registry.access import roles_of
    from lindung.registry.audit import Actor
    from lindung.registry.models import User

    user = User.objects.filter(login=login, is_active=True).first()
    if not user:
        raise Refused("account.unknown", {"login": login})
    roles = roles_of(user)
    return Actor(user, roles[0].role if roles else "", "cli")
