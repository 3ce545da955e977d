"""The lapse alarm at the command line."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lindung.base.messages import N_, translate
from lindung.base.money import number, rupiah
from lindung.cli.acting import day, in_scheme
from lindung.cli.movements import say

if TYPE_CHECKING:
    from lindung.workflows.alarms import LapseAlarm

CAUSES = {
    "never_paid": N_("nothing paid yet"), "unpaid": N_("unpaid months"), "contract_end": N_("contract ends"),
    "period_end": N_("the scheme's period ends"), "budget_end": N_("the budget is used up"),
    "next_budget": N_("no budget for the next year yet"),
}  # fmt: skip


@click.command()
@in_scheme
@click.option("--on", type=day, required=True, help="The day.")
@click.option("--ahead", type=int, default=92, show_default=True, help="Days to look ahead.")
@click.option("--bridge", type=int, default=3, show_default=True, help="Months of a bridge to be priced.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--pdf", type=click.Path(dir_okay=False, path_type=Path), help="Write the monthly print here.")
def alarm(scheme: str, on: datetime, ahead: int, bridge: int, as_json: bool, pdf: Path | None) -> None:
    """Who loses cover when, what it costs their families, and what a bridge costs the city."""
    from lindung.cli.database import open_database

    open_database()
    from django.utils import timezone

    from lindung.registry.queries import scheme_called
    from lindung.workflows.alarms import alarm_pdf, lapse_alarm

    record = scheme_called(scheme)
    found = lapse_alarm(record, on.date(), ahead=ahead, bridge_months=bridge)
    if pdf:
        pdf.write_bytes(alarm_pdf(record, found, user=None, at=timezone.now()))
    if as_json:
        click.echo(json.dumps(asdict(found), default=str, ensure_ascii=False))
    else:
        _tell(found)


def _tell(found: LapseAlarm) -> None:
    if not found.lapses:
        say(N_("Nobody loses cover until {until}."), until=f"{found.until:%d-%m-%Y}")
        return
    for lapse in found.lapses:
        say(
            N_("{on}: {people} people of {unit} lose cover ({cause}); pay by {pay_by}; a bridge costs {bridge}."),
            on=f"{lapse.lapses_on:%d-%m-%Y}", people=number(lapse.people), unit=lapse.unit_name,
            cause=translate(CAUSES[lapse.cause]), pay_by=f"{lapse.pay_by:%d-%m-%Y}", bridge=rupiah(lapse.bridge),
        )  # fmt: skip
    say(
        N_("After that a family gets nothing instead of {death}; a bridge of {months} months for all costs {bridge}."),
        death=rupiah(found.death), months=found.bridge_months, bridge=rupiah(found.bridge),
    )  # fmt: skip
    if found.full_again_on:
        say(
            N_("Who comes back after {months} months has the full death benefit from {on} on."),
            months=found.bridge_months, on=f"{found.full_again_on:%d-%m-%Y}",
        )  # fmt: skip
        if found.restart_unverified:
            say(N_("Whether the three months start anew after a gap is not settled."))
