"""What the city owes and pays, by the same actions as the pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from lindung.base.messages import N_, translate
from lindung.base.money import number, rupiah
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.cli.acting import acting, actor_called, day, in_scheme


@click.group()
def bill() -> None:
    """Budgets, months, BPJS's bills and their payment."""


@bill.command()
@in_scheme
@click.option("--unit", required=True, help="Code of the paying office.")
@click.option("--year", type=int, required=True)
@click.option("--account", required=True, help="Account code (kode rekening).")
@click.option("--amount", type=int, required=True, help="Whole rupiah.")
@click.option(
    "--programmes", default="JKK,JKM", show_default=True, help="Which programmes the account code pays."
)
@click.option(
    "--stage", type=click.Choice(["murni", "pergeseran", "perubahan"]), default="murni", show_default=True
)
@acting
def budget(
    scheme: str, unit: str, year: int, account: str, amount: int, programmes: str, stage: str, login: str
) -> None:
    """Record what an office may spend in a year (pagu)."""
    actor = actor_called(login)
    from lindung.contributions import actions
    from lindung.registry.queries import scheme_called, unit_called

    record = scheme_called(scheme)
    actions.set_budget(
        record,
        unit_called(record, unit),
        year,
        account,
        amount,
        programmes=programmes,
        stage=stage,
        actor=actor,
    )
    click.echo(rupiah(amount))


@bill.command()
@in_scheme
@click.option("--month", required=True, help="YYYY-MM.")
@click.option("--through", help="A later month, YYYY-MM: every month up to it.")
@acting
def calculate(scheme: str, month: str, through: str | None, login: str) -> None:
    """Reckon a month (or several) for everybody whom BPJS accepted."""
    first = Month.parse(month)
    last = Month.parse(through) if through else first
    actor = actor_called(login)
    from lindung.contributions import actions
    from lindung.registry.queries import scheme_called

    for each in first.through(last):
        for made in actions.calculate(scheme_called(scheme), each, actor=actor):
            click.echo(
                translate(N_("Calculation {number}, {month}, {unit}: {people} people, {city} from the city, {workers} from the workers.")).format(
                    number=made.pk, month=each, unit=made.unit.name, people=number(made.people),
                    city=rupiah(made.city), workers=rupiah(made.workers),
                )
            )  # fmt: skip


@bill.command()
@click.argument("calculation", type=int)
@click.option("--code", required=True, help="BPJS's payment code (kode iuran).")
@click.option("--amount", type=int, required=True, help="What BPJS asks, whole rupiah.")
@click.option("--pay-by", type=day, required=True)
@click.option("--received", type=day, required=True)
@acting
def record(
    calculation: int, code: str, amount: int, pay_by: datetime, received: datetime, login: str
) -> None:
    """Record BPJS's bill and say how it differs from ours."""
    actor = actor_called(login)
    from lindung.contributions import actions
    from lindung.contributions.models import Calculation

    found = Calculation.objects.filter(pk=calculation).select_related("scheme", "unit").first()
    if not found:
        raise Refused("record.not_found")
    made = actions.record_bill(found, code, amount, pay_by.date(), received.date(), actor=actor)
    click.echo(actions.explanation(made))


@bill.command()
@click.argument("code")
@click.option("--step", type=click.Choice(["SPP", "SPM", "SP2D", "proof"]), required=True)
@click.option("--number", "document", required=True)
@click.option("--on", type=day, required=True)
@click.option("--amount", type=int, required=True)
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@acting
def pay(
    code: str, step: str, document: str, on: datetime, amount: int, file: Path | None, login: str
) -> None:
    """Record one step of paying a bill: SPP, SPM, SP2D, proof."""
    actor = actor_called(login)
    from lindung.contributions import actions
    from lindung.contributions.models import Bill

    found = Bill.objects.filter(code=code).select_related("calculation__scheme").first()
    if not found:
        raise Refused("record.not_found")
    kept = (file.name, file.read_bytes()) if file else None
    actions.pay(found, step, document, on.date(), amount, file=kept, actor=actor)
    click.echo(f"{step} {document}")
