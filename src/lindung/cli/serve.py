"""Serve the pages and do the background work: gunicorn and one worker as children, both stopped with the parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import click

from lindung.base.messages import N_, translate


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--workers", default=2, show_default=True)
def serve(host: str, port: int, workers: int) -> None:
    """Serve the pages and run the background work."""
    from lindung.cli.database import open_database

    open_database()
    run(host=host, port=port, workers=workers)


def run(*, host: str = "127.0.0.1", port: int = 8000, workers: int = 2) -> None:
    """Until SIGTERM or Ctrl-C. A child that dies is started again."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lindung.config.settings"}
    commands = {
        "pages": [
            sys.executable, "-m", "gunicorn", "lindung.config.wsgi:application", "--bind", f"{host}:{port}",
            "--workers", str(workers), "--threads", "4", "--timeout", "120", "--log-level", "warning",
        ],
        "work": [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "1"],
    }  # fmt: skip
    children = {name: subprocess.Popen(command, env=environment) for name, command in commands.items()}  # noqa: S603
    stopping = False

    def stop(*_: object) -> None:
        nonlocal stopping
        stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    click.echo(
        translate(N_("Lindung is at http://{host}:{port}/ (Ctrl-C stops it).")).format(host=host, port=port)
    )
    while not stopping:
        time.sleep(0.5)
        for name, child in children.items():
            if not stopping and child.poll() is not None:
                time.sleep(1)
                children[name] = subprocess.Popen(commands[name], env=environment)  # noqa: S603
    for child in children.values():
        child.send_signal(signal.SIGTERM)
    for child in children.values():
        try:
            child.wait(20)
        except subprocess.TimeoutExpired:
            child.kill()
