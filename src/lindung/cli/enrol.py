"""From a roster to a KPJ, step by step, by the same actions as the pages."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from lindung.base.messages import N_, translate
from lindung.base.money import number, rupiah
from lindung.base.refused import Refused
from lindung.cli import alarm, amendments, compared, movements, stationery
from lindung.cli.acting import acting, actor_called, day, in_scheme

readable = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def enrol() -> None:
    """From a roster to a KPJ: receive, accept, check, determine, send, read answers, print cards."""


def say(source: str, **values: object) -> None:
    click.echo(translate(source).format_map(values))


@enrol.command()
@click.argument("files", nargs=-1, required=True, type=readable)
@in_scheme
@click.option("--unit", required=True, help="Code of the office that sent them.")
@click.option("--on", type=day, required=True, help="The day ages and cover are judged on.")
@click.option("--propose", is_flag=True, help="Sign the lists as the sender's proposal at once.")
@acting
def receive(files: tuple[Path, ...], scheme: str, unit: str, on: datetime, propose: bool, login: str) -> None:
    """Receive lists, check them together, and say what was found."""
    actor = actor_called(login)
    from lindung.base.messages import sentence
    from lindung.enrolment import actions
    from lindung.registry.queries import scheme_called, unit_called

    record = scheme_called(scheme)
    sender = unit_called(record, unit)
    rosters = [
        actions.receive(record, sender, path.name, path.read_bytes(), on.date(), actor=actor)
        for path in files
    ]
    actions.check_rosters(rosters, actor=actor)
    for roster in rosters:
        if roster.refusal:
            click.echo(
                f"{roster.file.name}: {sentence(roster.refusal['code'], roster.refusal['args'])}", err=True
            )
            continue
        if propose:
            actions.propose_roster(roster, actor=actor)
        say(
            N_("{file}: {people} people, {clean} without errors, {errors} errors, {warnings} warnings."),
            file=roster.file.name, people=number(roster.people), clean=number(roster.clean),
            errors=number(roster.errors), warnings=number(roster.warnings),
        )  # fmt: skip
    if any(roster.refusal for roster in rosters):
        raise SystemExit(1)


@enrol.command()
@in_scheme
@acting
def accept(scheme: str, login: str) -> None:
    """Accept every eligible person of the proposed lists; the others go back to their sender."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry.queries import scheme_called

    accepted, waiting, back = actions.accept_eligible(scheme_called(scheme), actor=actor)
    say(
        N_("{accepted} accepted, {waiting} on the waiting list, {back} sent back."),
        accepted=number(accepted),
        waiting=number(waiting),
        back=number(back),
    )


@enrol.command()
@in_scheme
@click.option("--checker", type=click.Choice(["bpjs", "disdukcapil", "dinsos"]), required=True)
@click.option(
    "--out",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=Path(),
    help="Folder for the file.",
)
@acting
def ask(scheme: str, checker: str, out: Path, login: str) -> None:
    """Make the check file for BPJS, Disdukcapil or Dinsos."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry import files
    from lindung.registry.queries import current_version, rules_of, scheme_called

    record = scheme_called(scheme)
    check = actions.send_check(
        record, checker, segment=rules_of(current_version(record)).segment, actor=actor
    )
    path = out / check.file.name
    path.write_bytes(files.content(check.file))
    say(N_("Check {number}: {path}"), number=check.pk, path=path)


@enrol.command()
@click.argument("check", type=int)
@click.argument("file", type=readable)
@click.option("--officer", required=True, help="Who answered.")
@click.option("--on", type=day, required=True, help="The day of the answer.")
@acting
def answer_check(check: int, file: Path, officer: str, on: datetime, login: str) -> None:
    """Read a checker's answer; who fails goes back to the sender."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.enrolment.models import Check

    record = _one(Check, check)
    passed, failed = actions.read_check_answer(
        record, file.name, file.read_bytes(), officer=officer, answered_on=on.date(), actor=actor
    )
    say(N_("{passed} passed, {failed} failed."), passed=number(passed), failed=number(failed))


@enrol.command()
@in_scheme
@click.option("--track", type=click.Choice(["decree", "appointment"]))
@click.option("--unit", help="Code of the office, on the appointment track.")
@click.option("--checker", "checkers", multiple=True, help="Whose answer is needed.")
@acting
def determine(
    scheme: str, track: str | None, unit: str | None, checkers: tuple[str, ...], login: str
) -> None:
    """Propose the determination of everybody who is ready."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry.queries import scheme_called, unit_called

    record = scheme_called(scheme)
    made = actions.propose_determination(
        record,
        track=track,
        unit=unit_called(record, unit) if unit else None,
        checkers=list(checkers),
        actor=actor,
    )
    say(
        N_("Determination {number}: {people} people, {monthly} a month."),
        number=made.pk,
        people=number(made.people),
        monthly=rupiah(made.monthly),
    )


@enrol.command()
@click.argument("determination", type=int)
@acting
def verify(determination: int, login: str) -> None:
    """Verify a determination (somebody else than who proposed it)."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.enrolment.models import Determination

    actions.verify_determination(_one(Determination, determination), actor=actor)
    say(N_("Verified."))


@enrol.command()
@click.argument("determination", type=int)
@acting
def approve(determination: int, login: str) -> None:
    """Approve a determination within the budgets (neither its maker nor its verifier)."""
    actor = actor_called(login)
    from lindung.enrolment.models import Determination
    from lindung.workflows.determinations import approve as within_budget

    within_budget(_one(Determination, determination), actor=actor)
    say(N_("Approved."))


@enrol.command()
@click.argument("determination", type=int)
@click.option("--number", "document", required=True, help="Number of the signed act.")
@click.option("--on", type=day, required=True, help="Its date.")
@click.option("--signer", required=True, help="Who signed.")
@acting
def sign(determination: int, document: str, on: datetime, signer: str, login: str) -> None:
    """Record the signed act; its people become members."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.enrolment.models import Determination

    made = actions.sign_determination(
        _one(Determination, determination), document, on.date(), signer, actor=actor
    )
    say(N_("{people} members."), people=number(made))


@enrol.command()
@click.argument("determination", type=int)
@click.option(
    "--out",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=Path(),
    help="Folder for the files.",
)
@click.option("--masked", is_flag=True, help="The edition for publication.")
@acting
def decree(determination: int, out: Path, masked: bool, login: str) -> None:
    """Write the decree with its annexes as DOCX, PDF and XLSX."""
    actor = actor_called(login)
    from django.utils import timezone

    from lindung.enrolment.models import Determination
    from lindung.workflows.papers import decree_paper

    paper = decree_paper(
        _one(Determination, determination),
        user=actor.user,
        at=timezone.now(),
        edition="masked" if masked else "full",
    )
    for suffix, content in (("docx", paper.docx()), ("pdf", paper.pdf()), ("xlsx", paper.xlsx())):
        path = out / f"{paper.file_name}.{suffix}"
        path.write_bytes(content)
        click.echo(path)


@enrol.command()
@in_scheme
@click.option("--template", type=readable, help="The office's own blank file from BPJS.")
@click.option(
    "--out",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=Path(),
    help="Folder for the files.",
)
@acting
def send(scheme: str, template: Path | None, out: Path, login: str) -> None:
    """Write the files BPJS takes: one payer and branch each, at most 10,000 rows."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.registry import files
    from lindung.registry.queries import scheme_called

    blank = (template.name, template.read_bytes()) if template else None
    for batch in actions.prepare_batches(scheme_called(scheme), template=blank, actor=actor):
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


@enrol.command()
@in_scheme
@click.option("--template", type=readable, help="The office's own blank file from BPJS.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@acting
def preflight(scheme: str, template: Path | None, as_json: bool, login: str) -> None:
    """Say what would leave for BPJS and what it would send back; writes nothing."""
    actor = actor_called(login)
    from lindung.cli.preflight import show

    show(scheme, (template.name, template.read_bytes()) if template else None, as_json, actor)


@enrol.command("withdraw-batch")
@click.argument("batch", type=int)
@acting
def withdraw_batch(batch: int, login: str) -> None:
    """Take back a file that has not left; its people and movements wait for the next one."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.enrolment.models import Batch

    made = actions.withdraw_batch(_one(Batch, batch), actor=actor)
    say(N_("Batch {number} withdrawn."), number=made.pk)


@enrol.command()
@click.argument("batch", type=int)
@click.argument("file", type=readable)
@click.option("--on", type=day, required=True, help="The day of the answer.")
@acting
def answer(batch: int, file: Path, on: datetime, login: str) -> None:
    """Read BPJS's answer to a batch: KPJ and rejections."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.enrolment.models import Batch

    accepted, rejected = actions.read_batch_answer(
        _one(Batch, batch), file.name, file.read_bytes(), on.date(), actor=actor
    )
    say(N_("{accepted} accepted, {rejected} rejected."), accepted=number(accepted), rejected=number(rejected))


@enrol.command()
@in_scheme
@click.option("--limit", type=int, help="Only so many.")
@click.option("--title", default="Kartu", show_default=True)
@click.option(
    "--out",
    type=click.Path(exists=True, file_okay=False, writable=True, path_type=Path),
    default=Path(),
    help="Folder for the files.",
)
@acting
def cards(scheme: str, limit: int | None, title: str, out: Path, login: str) -> None:
    """Print cards for registered people who have none, and the list on which they sign."""
    actor = actor_called(login)
    from lindung.enrolment import actions
    from lindung.enrolment.models import Membership
    from lindung.registry import files
    from lindung.registry.queries import scheme_called

    record = scheme_called(scheme)
    waiting = Membership.objects.filter(
        scheme=record, registration__isnull=False, cards__isnull=True, end_reason=None
    )
    chosen = list(waiting.order_by("kelurahan", "pk").values_list("pk", flat=True)[:limit])
    run = actions.print_cards(record, chosen, title, actor=actor)
    for file in (run.file, run.receipts):
        path = out / file.name
        path.write_bytes(files.content(file))
        click.echo(path)


def _one(model, pk: int):
    found = model.objects.filter(pk=pk).select_related("scheme").first()
    if not found:
        raise Refused("record.not_found")
    return found


for _command in (
    *movements.COMMANDS,
    *amendments.COMMANDS,
    *stationery.COMMANDS,
    alarm.alarm,
    compared.compare,
):
    enrol.add_command(_command)
