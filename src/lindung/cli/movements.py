"""Movements at the command line: what happened to members, confirmed by somebody else, and the files it ends in."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from lindung.base.messages import N_, translate
from lindung.base.money import number
from lindung.base.month import Month
from lindung.cli.acting import acting, actor_called, day, in_scheme

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from lindung.enrolment.changes import Movement
    from lindung.registry.models import Scheme

readable = click.Path(exists=True, dir_okay=False, path_type=Path)
into = click.option(
    "--out",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=Path(),
    help="Folder for the files.",
)


def say(source: str, **values: object) -> None:
    click.echo(translate(source).format_map(values))


@click.command()
@click.argument("file", type=readable, required=False)
@in_scheme
@click.option("--nik", help="One person instead of a list.")
@click.option("--kind", help="What happened, as in the list: meninggal, pindah, ganti, upah …")
@click.option("--on", type=day, help="Last day of cover; first day of a new wage or of who comes in.")
@click.option("--basis", default="", help="The document it rests on.")
@click.option("--wage", type=int, help="The new wage, whole rupiah.")
@click.option("--replacement", help="NIK of the person who comes in.")
@click.option("--joins-on", type=day, help="First day of the replacement; else the first of the next month.")
@acting
def move(
    file: Path | None, scheme: str, nik: str | None, kind: str | None, on: datetime | None, basis: str,
    wage: int | None, replacement: str | None, joins_on: datetime | None, login: str,
) -> None:  # fmt: skip
    """Propose movements from a list (NIK, Sebab, Tanggal, Dasar, Upah, NIK pengganti, TMT pengganti), or of one person."""
    if (file is None) == (nik is None) or (nik and not (kind and on)):
        raise click.UsageError(translate(N_("Give a list, or --nik with --kind and --on.")))
    actor = actor_called(login)
    import polars as pl

    from lindung.enrolment import actions, movement_lists
    from lindung.papers.bpjs import plain
    from lindung.registry.queries import scheme_called

    record = scheme_called(scheme)
    if file:
        rows = movement_lists.read(file.name, file.read_bytes())
    else:
        told = {
            "row": 1, "nik": nik, "kind": movement_lists.KINDS.get(plain(kind or ""), kind), "basis": basis, "wage": wage,
            "happened_on": on.date() if on else None, "replacement": replacement,
            "joins_on": joins_on.date() if joins_on else None,
        }  # fmt: skip
        rows = pl.DataFrame([told], schema=movement_lists.ROW)
    made = actions.propose_movements(
        record, rows, source="list" if file else "person", name=file.name if file else "", actor=actor
    )
    say(
        N_("{movements} movements proposed; they wait for a confirmation by somebody else."),
        movements=number(made),
    )


@click.command("find-movements")
@in_scheme
@click.option("--on", type=day, required=True, help="The day.")
@acting
def find_movements(scheme: str, on: datetime, login: str) -> None:
    """Propose what the death list and the clocks say: deaths, ended contracts, 65th birthdays (a notice)."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.enrolment.changes import Movement
    from lindung.registry.queries import scheme_called

    found = actions.propose_from_records(scheme_called(scheme), on.date(), actor=actor)
    words = dict(Movement.KINDS)
    for kind, count in sorted(found.items()):
        click.echo(f"{translate(str(words[kind]))}: {number(count)}")
    if not found:
        say(N_("Nothing new."))


@click.command()
@in_scheme
@click.option("--joins-on", type=day, required=True, help="Their first day.")
@click.option("--checker", "checkers", multiple=True, help="Whose answer is needed.")
@acting
def refill(scheme: str, joins_on: datetime, checkers: tuple[str, ...], login: str) -> None:
    """Propose the next of the waiting list for every free place, of the same category and area."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry.queries import scheme_called

    made, free = actions.propose_replacements(
        scheme_called(scheme), joins_on.date(), checkers=checkers, actor=actor
    )
    say(
        N_("{people} people proposed from the waiting list; {free} places stay free."),
        people=number(made),
        free=number(free),
    )


@click.command()
@in_scheme
@click.option("--state", type=click.Choice(["proposed", "confirmed", "declined"]), default="proposed")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@acting
def movements(scheme: str, state: str, as_json: bool, login: str) -> None:
    """List movements, with the NIK masked."""
    actor = actor_called(login)
    from lindung.enrolment.movement_queries import movements_of
    from lindung.registry.queries import scheme_called

    assert actor.user is not None
    for each in movements_of(actor.user, scheme_called(scheme), state=state):
        person = each.membership.person if each.membership else each.candidate
        facts = {
            "id": each.pk, "kind": each.kind, "on": each.happened_on.isoformat(), "name": person.name,
            "nik": f"{person.nik[:4]} •••• •••• {person.nik[-4:]}", "basis": each.basis, "state": each.state,
            "outcome": each.outcome,
        }  # fmt: skip
        if as_json:
            click.echo(json.dumps(facts, ensure_ascii=False))
        else:
            shown = translate(str(each.get_kind_display()))
            click.echo(
                f"{each.pk}  {each.happened_on:%d-%m-%Y}  {shown}  {person.name}  {facts['nik']}  {each.basis}"
            )


def _chosen(record: Scheme, ids: tuple[int, ...], everything: bool) -> QuerySet[Movement]:
    from lindung.enrolment.changes import Movement

    if bool(ids) == everything:
        raise click.UsageError(translate(N_("Name movements by their number, or give --all.")))
    found = Movement.objects.filter(scheme=record)
    return found if everything else found.filter(pk__in=ids)


@click.command()
@click.argument("ids", nargs=-1, type=int)
@in_scheme
@click.option("--all", "everything", is_flag=True, help="Everything that is proposed.")
@click.option("--on", type=day, required=True, help="The day of the confirmation.")
@acting
def confirm(ids: tuple[int, ...], scheme: str, everything: bool, on: datetime, login: str) -> None:
    """Confirm proposed movements: memberships end, begin, or go on at another wage."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry.queries import scheme_called

    record = scheme_called(scheme)
    done = actions.confirm_movements(record, _chosen(record, ids, everything), on.date(), actor=actor)
    say(N_("{movements} movements confirmed."), movements=number(done))


@click.command()
@click.argument("ids", nargs=-1, type=int)
@in_scheme
@click.option("--all", "everything", is_flag=True, help="Everything that is proposed.")
@click.option("--reason", required=True)
@acting
def decline(ids: tuple[int, ...], scheme: str, everything: bool, reason: str, login: str) -> None:
    """Say that proposed movements did not happen."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry.queries import scheme_called

    record = scheme_called(scheme)
    done = actions.decline_movements(record, _chosen(record, ids, everything), reason, actor=actor)
    say(N_("{movements} movements declined."), movements=number(done))


@click.command("undo-movements")
@click.argument("ids", nargs=-1, required=True, type=int)
@in_scheme
@acting
def undo(ids: tuple[int, ...], scheme: str, login: str) -> None:
    """Take back confirmed movements whose files have not left for BPJS; they wait for a confirmation again."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry.queries import scheme_called

    record = scheme_called(scheme)
    done, files = actions.undo_movements(record, _chosen(record, ids, False), actor=actor)
    say(
        N_("{movements} movements wait again; {files} files withdrawn."),
        movements=number(done),
        files=number(files),
    )


@click.command("movement-files")
@in_scheme
@click.option(
    "--template", "templates", type=readable, multiple=True, help="The office's own blank files from BPJS."
)
@into
@acting
def movement_files(scheme: str, templates: tuple[Path, ...], out: Path, login: str) -> None:
    """Write confirmed movements into the files they end in: deactivation, wages, or the list of leavers."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry import files
    from lindung.registry.queries import scheme_called

    blanks = [(path.name, path.read_bytes()) for path in templates]
    for batch in actions.prepare_movement_files(scheme_called(scheme), templates=blanks, actor=actor):
        folder = out / f"{batch.unit.code}-{batch.number}"  # the file's own name must not change
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / batch.file.name
        path.write_bytes(files.content(batch.file))
        say(
            N_("Batch {number}: {people} people, {path}"),
            number=batch.pk,
            people=number(batch.people),
            path=path,
        )


@click.command("movement-report")
@in_scheme
@click.option("--month", required=True, help="YYYY-MM.")
@click.option("--json", "as_json", is_flag=True, help="The totals, for programs.")
@into
@acting
def movement_report(scheme: str, month: str, as_json: bool, out: Path, login: str) -> None:
    """Write a month's report of who came and left (laporan mutasi) as XLSX."""
    asked = Month.parse(month)
    actor_called(login)
    from lindung.papers.tables import xlsx
    from lindung.registry.queries import scheme_called
    from lindung.workflows import movements as reports

    table = reports.movement_report(scheme_called(scheme), asked)
    if as_json:
        keys = [column.key for column in table.all_columns]
        totals = dict(zip(keys, table.totals or [], strict=False))
        click.echo(json.dumps({key: value for key, value in totals.items() if value is not None}))
        return
    path = out / f"mutasi-{scheme}-{asked}.xlsx"
    path.write_bytes(xlsx([table]))
    click.echo(path)


COMMANDS = (move, find_movements, refill, movements, confirm, decline, undo, movement_files, movement_report)
