"""The `lindung` command: a thin skin over the same functions as the pages."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from lindung.base import messages
from lindung.base.messages import N_
from lindung.base.refused import Refused
from lindung.cli import texts as _texts  # noqa: F401
from lindung.cli.language import speak_click, speaking

# command → (module, what it is for); modules load only when their command runs, so that every command starts fast
COMMANDS = {
    "demo": ("demo", N_("Five city programmes with invented people, from roster to coverage")),
    "serve": ("serve", N_("Serve the pages and run the background work")),
    "schemes": ("schemes", N_("Local regulations as data: list, show, check, load")),
    "roster": ("roster", N_("Read lists from offices and say what is wrong")),
    "enrol": ("enrol", N_("From a roster to a KPJ: receive, accept, check, determine, send, read answers")),
    "bill": ("bill", N_("Budgets, months, BPJS's bills and their payment")),
    "law": ("law", N_("Contributions, benefits and parameters of the national law")),
    "coverage": ("coverage", N_("Who is covered, against whom there is to cover")),
    "users": ("users", N_("Accounts and their roles")),
    "units": ("units", N_("Offices of a city")),
    "regions": ("regions", N_("Region codes in the database")),
    "audit": ("audit", N_("Verify the audit trail")),
    "db": ("db", N_("The embedded database: status, migrate, stop, backup, restore")),
}


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return speaking(getattr(import_module(f"lindung.cli.{COMMANDS[name][0]}"), name))

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(messages.translate("Commands")):
            formatter.write_dl([(name, messages.translate(text)) for name, (_, text) in COMMANDS.items()])

    def get_help(self, ctx: click.Context) -> str:
        speaking(self)
        return super().get_help(ctx)


def _language(_ctx: click.Context, _option: click.Parameter, lang: str) -> str:
    messages.set_language(lang)
    return lang


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="id", help="Language of sentences.", is_eager=True,
              expose_value=False, callback=_language)  # fmt: skip
@click.version_option(package_name="lindung")
def cli() -> None:
    """Lindung: from a mayor's regulation and a spreadsheet to covered workers."""


def main() -> None:
    speak_click()
    try:
        cli()
    except Refused as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        sys.exit(1)
    except OSError as problem:  # a folder that is not there, a disk that is full
        refusal = Refused(
            "file.no_access", {"file": problem.filename or "", "problem": problem.strerror or str(problem)}
        )
        print(refusal, file=sys.stderr)
        sys.exit(1)
