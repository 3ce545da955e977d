"""The `lindung` command: a thin skin over the same functions as the pages."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from lindung.base import messages
from lindung.base.refused import Refused
from lindung.cli import texts as _texts  # noqa: F401

# command → (module, what it is for); modules load only when their command runs, so that every command starts fast
COMMANDS = {
    "demo": ("demo", "Five city programmes with invented people, from roster to coverage"),
    "serve": ("serve", "Serve the pages and run the background work"),
    "schemes": ("schemes", "Local regulations as data: list, show, check, load"),
    "roster": ("roster", "Read lists from offices and say what is wrong"),
    "enrol": ("enrol", "From a roster to a KPJ: receive, accept, check, determine, send, read answers"),
    "bill": ("bill", "Budgets, months, BPJS's bills and their payment"),
    "law": ("law", "Contributions, benefits and parameters of the national law"),
    "coverage": ("coverage", "Who is covered, against whom there is to cover"),
    "users": ("users", "Accounts and their roles"),
    "units": ("units", "Offices of a city"),
    "regions": ("regions", "Region codes in the database"),
    "audit": ("audit", "Verify the audit trail"),
    "db": ("db", "The embedded database: status, migrate, stop, backup, restore"),
}


class Commands(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return getattr(import_module(f"lindung.cli.{COMMANDS[name][0]}"), name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in COMMANDS.items()])


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--lang", type=click.Choice(messages.LANGUAGES), default="id", help="Language of sentences.")
@click.version_option(package_name="lindung")
def cli(lang: str) -> None:
    """Lindung: from a mayor's regulation and a spreadsheet to covered workers."""
    messages.set_language(lang)


def main() -> None:
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
