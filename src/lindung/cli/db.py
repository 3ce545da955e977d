"""The embedded database."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import click

from lindung.base.messages import N_, translate
from lindung.local import Server, data_folder


@click.group()
def db() -> None:
    """The embedded database: status, migrate, stop, backup, restore."""


@db.command()
def status() -> None:
    """Say where the database is and whether it runs."""
    if url := os.environ.get("DATABASE_URL"):
        click.echo(f"DATABASE_URL: {url.split('@')[-1]}")
        return
    server = Server(data_folder())
    said = N_("running") if server.running() else N_("stopped")
    click.echo(f"{server.folder}: {translate(said)}")


@db.command()
def migrate() -> None:
    """Start the database and bring its tables up to date."""
    from lindung.cli.database import open_database

    open_database()
    click.echo(translate(N_("The database is up to date.")))


@db.command()
def stop() -> None:
    """Stop the embedded server."""
    stopped = Server(data_folder()).stop()
    click.echo(translate(N_("Stopped.") if stopped else N_("It was not running.")))


def _reached() -> tuple[Server, str]:
    """The server whose programs are used, and the database: the one DATABASE_URL names, else the embedded one, started."""
    server = Server(data_folder())
    if url := os.environ.get("DATABASE_URL"):
        return server, url
    server.start()
    server.create_database("lindung")
    return server, server.url()


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Write the whole database into FILE (a PostgreSQL dump; the folder `files` beside it is copied by you)."""
    server, target = _reached()
    file.touch(mode=0o600)  # it holds every NIK
    with file.open("wb") as stream:
        subprocess.run([server.binary("pg_dump"), "--format=custom", target], stdout=stream, check=True)  # noqa: S603
    click.echo(f"{file}: {file.stat().st_size:,}")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def restore(file: Path) -> None:
    """Restore FILE into an empty database."""
    server, target = _reached()
    with file.open("rb") as stream:
        done = subprocess.run(  # noqa: S603
            [server.binary("pg_restore"), "--exit-on-error", "--single-transaction", "--no-owner", "-d", target],
            stdin=stream, check=False, capture_output=True, text=True,
        )  # fmt: skip
    if done.returncode:
        raise click.ClickException(translate(N_("The database is not empty, or the file is no backup.")))
    click.echo(translate(N_("Restored.")))
