"""Accounts."""

from __future__ import annotations

import click

from lindung.base.messages import N_, translate


@click.group()
def users() -> None:
    """Accounts: add, list."""


@users.command()
@click.argument("login")
@click.option("--name", required=True)
@click.option(
    "--role", required=True, help="office, operator, head, approver, legal, treasurer, branch, auditor …"
)
@click.option("--scheme", help="Only this scheme.")
@click.option("--unit", help="Only this office and what lies below it (needs --scheme).")
@click.option("--employer", help="The employer of an employer's account, by its name (needs --scheme).")
@click.password_option(envvar="LINDUNG_NEW_PASSWORD", help="Asked for, or in LINDUNG_NEW_PASSWORD.")
def add(
    login: str,
    name: str,
    role: str,
    scheme: str | None,
    unit: str | None,
    employer: str | None,
    password: str,
) -> None:
    """Open an account with one role."""
    from lindung.cli.database import open_database

    open_database()
    from lindung.registry import actions
    from lindung.registry.audit import Actor
    from lindung.registry.models import Role
    from lindung.registry.queries import employer_called, scheme_called, unit_called

    if role not in dict(Role.ROLES):
        raise click.UsageError(f"--role: {', '.join(dict(Role.ROLES))}")
    if (unit or employer) and not scheme:
        raise click.UsageError("--unit and --employer need --scheme")
    reach = scheme_called(scheme) if scheme else None
    office = unit_called(reach, unit) if reach and unit else None
    company = employer_called(reach, employer) if reach and employer else None
    given: actions.Reach = (role, reach, office, company) if company else (role, reach, office)
    actions.open_account(login, name, password, [given], actor=Actor(None, "administrator", "cli"))
    click.echo(translate(N_("Account {login} is open.")).format(login=login))


@users.command("list")
def list_() -> None:
    """Every account with its roles."""
    from lindung.cli.database import open_database

    open_database()
    from lindung.registry.models import User

    for user in User.objects.prefetch_related("roles__scheme", "roles__unit").order_by("login"):
        roles = ", ".join(f"{r.role} {r.scheme or ''} {r.unit or ''}".strip() for r in user.roles.all())
        click.echo(f"{user.login:<20} {user.name:<30} {roles}")
