"""Papers at the command line: minutes of the verification, letters to BPJS, what it rejected, the ceremony pack."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lindung.base.refused import Refused
from lindung.cli.acting import acting, actor_called, day, in_scheme
from lindung.cli.movements import into

if TYPE_CHECKING:
    from lindung.papers.paper import Paper
    from lindung.registry.audit import Actor
    from lindung.registry.models import Scheme

typed = click.option("--number", "document", default="", help="Its number, when it is known.")
dated = click.option("--on", type=day, help="Its date, when it is known.")


def leaves(actor: Actor, action: str, scheme: Scheme, what: str) -> None:
    """A paper with people's names leaves: who may `action` may take it, and the trail says that they did."""
    from lindung.registry.access import actor_may
    from lindung.registry.audit import recorded

    actor_may(actor, action, scheme)
    with recorded(actor, what) as entry:
        entry.about(scheme)


def _write(out: Path, paper: Paper) -> None:
    for suffix, content in (("docx", paper.docx()), ("pdf", paper.pdf()), ("xlsx", paper.xlsx())):
        path = out / f"{paper.file_name}.{suffix}"
        path.write_bytes(content)
        click.echo(path)


@click.command("verification-minutes")
@in_scheme
@typed
@dated
@into
@acting
def verification_minutes(scheme: str, document: str, on: datetime | None, out: Path, login: str) -> None:
    """Write the Berita Acara Verifikasi of everything proposed."""
    actor = actor_called(login)
    from django.utils import timezone

    from lindung.registry.queries import scheme_called
    from lindung.workflows import exchange

    record = scheme_called(scheme)
    leaves(actor, "review", record, "export_verification_minutes")
    paper = exchange.verification_minutes(
        record,
        number=document,
        day=on.date() if on else None,
        user=actor.user,
        at=timezone.now(),
    )
    _write(out, paper)


@click.command("bpjs-letter")
@click.argument("batches", nargs=-1, required=True, type=int)
@typed
@dated
@into
@acting
def bpjs_letter(batches: tuple[int, ...], document: str, on: datetime | None, out: Path, login: str) -> None:
    """Write the letter that goes with files to BPJS; after the answer it says how many were valid."""
    actor = actor_called(login)
    from django.utils import timezone

    from lindung.enrolment.models import Batch
    from lindung.workflows import exchange

    found = list(Batch.objects.filter(pk__in=batches).select_related("scheme", "unit", "file").order_by("pk"))
    if len(found) != len(set(batches)):
        raise Refused("record.not_found")
    leaves(actor, "send_batch", found[0].scheme, "export_batch_letter")
    paper = exchange.batch_letter(
        found, number=document, day=on.date() if on else None, user=actor.user, at=timezone.now()
    )
    _write(out, paper)


@click.command()
@click.argument("roster", type=int)
@into
@acting
def slips(roster: int, out: Path, login: str) -> None:
    """Write the slip per RT: whose NIK in a checked list has to be read again from the card."""
    actor = actor_called(login)
    from django.utils import timezone

    from lindung.enrolment.models import Roster
    from lindung.registry.access import MAY, reachable_units
    from lindung.workflows.slips import slips as write

    record = Roster.objects.select_related("scheme", "sender", "file").filter(pk=roster).first()
    if not record:
        raise Refused("record.not_found")
    leaves(actor, "upload", record.scheme, "export_slips")
    if actor.user and record.sender_id not in reachable_units(actor.user, record.scheme, MAY["upload"]):
        raise Refused("record.not_found")
    path = out / f"lembar-perbaikan-{record.pk}.pdf"
    path.write_bytes(write(record, user=actor.user, at=timezone.now()).pdf())
    click.echo(path)


@click.command()
@in_scheme
@click.option("--deadline", type=day, required=True, help="Until when the offices act.")
@into
@acting
def rejections(scheme: str, deadline: datetime, out: Path, login: str) -> None:
    """Write whom BPJS rejected, with reasons and the deadline, as XLSX."""
    actor = actor_called(login)
    from lindung.papers.tables import xlsx
    from lindung.registry.queries import scheme_called
    from lindung.workflows import exchange

    record = scheme_called(scheme)
    leaves(actor, "send_batch", record, "export_rejections")
    path = out / f"rekap-penolakan-{scheme}.xlsx"
    path.write_bytes(xlsx([exchange.rejections(record, deadline.date())]))
    click.echo(path)


@click.command()
@in_scheme
@click.option("--on", type=day, required=True, help="The day of the ceremony.")
@click.option("--place", required=True)
@click.option("--guests", type=int, default=60, show_default=True, help="Rows of the attendance list.")
@into
@acting
def ceremony(scheme: str, on: datetime, place: str, guests: int, out: Path, login: str) -> None:
    """Write the ceremony pack: figures, symbolic recipients, attendance, receipts, minutes."""
    actor = actor_called(login)
    from django.utils import timezone

    from lindung.registry.queries import scheme_called
    from lindung.workflows.ceremony import ceremony_pack

    record = scheme_called(scheme)
    leaves(actor, "print_cards", record, "export_ceremony_pack")
    pack = ceremony_pack(record, on.date(), place, guests=guests, user=actor.user, at=timezone.now())
    for name, content in pack.files:
        (out / name).write_bytes(content)
        click.echo(out / name)


COMMANDS = (verification_minutes, slips, bpjs_letter, rejections, ceremony)
