"""Local regulations as data."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from lindung import schemes as rules
from lindung.base.messages import N_, language, translate
from lindung.base.money import number
from lindung.base.refused import Refused
from lindung.local import data_folder


@click.group()
def schemes() -> None:
    """Local regulations as data: list, show, check, load."""


def known() -> dict[str, rules.Scheme]:
    """The schemes that come with Lindung, and the city's own files in `$LINDUNG_DATA/schemes`."""
    found = dict(rules.builtin())
    for path in sorted((data_folder() / "schemes").glob("*.yaml")):
        scheme = rules.load(path)
        found[scheme.id] = scheme
    return found


def one(scheme: str) -> rules.Scheme:
    """Raises Refused("scheme.not_among_files")."""
    found = known().get(scheme)
    if not found:
        raise Refused("scheme.not_among_files", {"scheme": scheme})
    return found


@schemes.command("list")
@click.option("--json", "as_json", is_flag=True)
def list_(as_json: bool) -> None:
    """Every scheme there is."""
    found = known()
    if as_json:
        click.echo(
            json.dumps(
                [
                    {"id": s.id, "locality": s.locality, "track": s.track, "title": s.document.title}
                    for s in found.values()
                ]
            )
        )
        return
    for scheme in found.values():
        targets = [c.target for c in scheme.categories if c.target]
        people = number(sum(targets)) if targets else "–"
        click.echo(f"{scheme.id:<22} {scheme.locality}  {people:>8}  {scheme.document.title[language()]}")


@schemes.command()
@click.argument("scheme")
@click.option("--json", "as_json", is_flag=True)
def show(scheme: str, as_json: bool) -> None:
    """What a scheme says: who, which programmes, who pays, under which conditions."""
    found = one(scheme)
    if as_json:
        document = {k: v for k, v in asdict(found).items() if k != "text"}
        click.echo(json.dumps(document, ensure_ascii=False, default=str))
        return
    from rich.console import Console

    from lindung.cli.tables import scheme_tables

    console = Console()
    for part in scheme_tables(found):
        console.print(part)
    _say_non_asn(found)


def _say_non_asn(scheme: rules.Scheme) -> None:
    """The city's setting for its non-ASN staff under today's law, with the disagreement of the sources."""
    if not scheme.state_employer and scheme.non_asn_jht is None:
        return
    from lindung.cli.law_book import today
    from lindung.law import explain

    click.echo(str(explain.non_asn(scheme.non_asn_jht, today())))


@schemes.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def check(files: tuple[Path, ...]) -> None:
    """Read scheme files and say with file and line what is unclear."""
    for path in files:
        scheme = rules.load(path)
        click.echo(
            f"{path.name}: {scheme.id}, {len(scheme.categories)} " + translate(N_("categories, in order."))
        )
        _say_non_asn(scheme)


@schemes.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def load(files: tuple[Path, ...]) -> None:
    """Keep scheme files in the database as versions."""
    from lindung.cli.database import open_database

    open_database()
    from lindung.registry.actions import load_scheme
    from lindung.registry.audit import Actor

    for path in files:
        version = load_scheme(
            path.read_text(encoding="utf-8"), path.name, actor=Actor(None, "administrator", "cli")
        )
        click.echo(f"{path.name}: {version.sha256[:12]}")
