"""Changes on paper at the command line: minutes of a month, amendments of the decree, a longer period."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from lindung.base.messages import N_
from lindung.base.money import number
from lindung.base.refused import Refused
from lindung.cli.acting import acting, actor_called, day, in_scheme
from lindung.cli.movements import into, say
from lindung.cli.stationery import leaves

PREPARED = N_(
    "Paper {number}: {changes} changes, {left} left, {joined} joined, {people} people protected on {on}."
)


def _found(pk: int):
    from lindung.enrolment.changes import Amendment

    found = Amendment.objects.filter(pk=pk).select_related("scheme", "determination").first()
    if not found:
        raise Refused("record.not_found")
    return found


def _prepared(kind: str, scheme: str, through: datetime, as_of: datetime | None, login: str) -> None:
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry.queries import scheme_called

    prepare = actions.prepare_minutes if kind == "minutes" else actions.prepare_amendment
    made = prepare(scheme_called(scheme), through.date(), as_of=as_of.date() if as_of else None, actor=actor)
    say(
        PREPARED, number=made.pk, changes=number(made.changes), left=number(made.left), joined=number(made.joined),
        people=number(made.people), on=f"{made.as_of:%d-%m-%Y}",
    )  # fmt: skip


@click.command()
@in_scheme
@click.option("--through", type=day, required=True, help="Movements confirmed up to this day.")
@click.option("--as-of", type=day, help="Day of the recap; else the first of the next month.")
@acting
def minutes(scheme: str, through: datetime, as_of: datetime | None, login: str) -> None:
    """Collect a month's confirmed movements into a Berita Acara Perubahan Data."""
    _prepared("minutes", scheme, through, as_of, login)


@click.command()
@in_scheme
@click.option("--through", type=day, required=True, help="Minutes signed up to this day.")
@click.option("--as-of", type=day, help="Day of the recap; else the first of the next month.")
@acting
def amend(scheme: str, through: datetime, as_of: datetime | None, login: str) -> None:
    """Collect signed minutes into the next Perubahan atas Keputusan."""
    _prepared("amendment", scheme, through, as_of, login)


@click.command("sign-changes")
@click.argument("paper", type=int)
@click.option("--number", "document", required=True, help="Number of the signed paper.")
@click.option("--on", type=day, required=True, help="Its date.")
@click.option("--signer", required=True, help="Name of who signed.")
@click.option("--title", required=True, help="Office of who signed.")
@click.option("--nip", default="")
@click.option("--rank", default="")
@click.option("--acting", "standing", type=click.Choice(["", "Pj.", "Plt.", "Plh."]), default="")
@click.option("--on-behalf-of", default="", help="a.n.: in whose name.")
@click.option("--through-office", default="", help="u.b.: through which office.")
@acting
def sign_changes(
    paper: int, document: str, on: datetime, signer: str, title: str, nip: str, rank: str, standing: str,
    on_behalf_of: str, through_office: str, login: str,
) -> None:  # fmt: skip
    """Record number, date and signature of minutes or of an amendment."""
    actor = actor_called(login)
    from lindung.enrolment import actions

    who = {
        "name": signer, "title": title, "nip": nip, "rank": rank, "acting": standing, "on_behalf_of": on_behalf_of,
        "through": through_office,
    }  # fmt: skip
    actions.sign_amendment(_found(paper), document, on.date(), who, actor=actor)
    say(N_("Signed."))


@click.command("cancel-changes")
@click.argument("paper", type=int)
@acting
def cancel_changes(paper: int, login: str) -> None:
    """Take back minutes or an amendment that is not signed."""
    actor = actor_called(login)
    from lindung.enrolment import actions

    actions.cancel_amendment(_found(paper), actor=actor)
    say(N_("Cancelled; its changes wait for the next paper."))


@click.command("changes-paper")
@click.argument("paper", type=int)
@click.option("--masked", is_flag=True, help="The edition for publication.")
@into
@acting
def changes_paper(paper: int, masked: bool, out: Path, login: str) -> None:
    """Write minutes or an amendment as DOCX, PDF and XLSX."""
    actor = actor_called(login)
    from django.utils import timezone

    from lindung.workflows.amendments import amendment_paper, minutes_paper

    record, now = _found(paper), timezone.now()
    leaves(actor, "determine", record.scheme, f"export_{record.kind}")
    made = (
        minutes_paper(record, user=actor.user, at=now)
        if record.kind == "minutes"
        else amendment_paper(record, user=actor.user, at=now, edition="masked" if masked else "full")
    )
    for suffix, content in (("docx", made.docx()), ("pdf", made.pdf()), ("xlsx", made.xlsx())):
        path = out / f"{made.file_name}.{suffix}"
        path.write_bytes(content)
        click.echo(path)


@click.command()
@in_scheme
@click.option("--basis", required=True, help="The document that lengthens the period.")
@acting
def extend(scheme: str, basis: str, login: str) -> None:
    """Carry members on to the end of the scheme's new period."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry.queries import scheme_called

    done = actions.extend_memberships(scheme_called(scheme), basis, actor=actor)
    say(N_("{people} memberships go on."), people=number(done))


COMMANDS = (minutes, amend, sign_changes, cancel_changes, changes_paper, extend)
