"""The demo: from nothing to five covered cities."""

from __future__ import annotations

import json
import time

import click

from lindung.base.messages import N_, translate


@click.command()
@click.option("--no-serve", is_flag=True, help="Stop before serving the pages.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document instead of tables.")
@click.option("--reset", is_flag=True, help="Start over.")
@click.option("--scheme", "only", multiple=True, help="Only these schemes.")
@click.option("--port", default=8000, show_default=True)
def demo(no_serve: bool, as_json: bool, reset: bool, only: tuple[str, ...], port: int) -> None:
    """Five city programmes with invented people, from roster to coverage; then the pages."""
    from lindung.cli.database import open_database, stop_database

    started = open_database()
    from lindung.workflows import demo as work

    try:
        begun = time.monotonic()
        document = _with_bars(work, list(only) or None, fresh=reset, quiet=as_json)
        if as_json:
            click.echo(json.dumps(document, ensure_ascii=False))
        else:
            from rich.console import Console

            from lindung.cli.tables import demo_table

            Console().print(demo_table(document))
            click.echo(
                translate(N_("All people, addresses and amounts not named in the articles are invented."))
            )
            click.echo(translate(N_("{seconds} seconds.")).format(seconds=round(time.monotonic() - begun)))
        if no_serve:
            return
        click.echo()
        click.echo(
            translate(N_("Demo accounts (from this machine only), password {password}:")).format(
                password=work.password()
            )
        )
        for login, name, role in work.shown_accounts():
            click.echo(f"  {login:<12} {name:<16} {role}")
        from lindung.cli.serve import run

        run(port=port)
    finally:
        if started:
            stop_database()


def _with_bars(work, only: list[str] | None, *, fresh: bool, quiet: bool) -> dict:
    """A bar per step, on standard error so that the document stays alone on standard output."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    shown = Progress(
        TextColumn("{task.description:<36}"),
        BarColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        disable=quiet,
    )
    bars: dict[str, object] = {}

    def progress(step: str, done: int, total: int) -> None:
        if step not in bars:
            bars[step] = shown.add_task(step, total=total)
        shown.update(bars[step], completed=done, total=total)  # type: ignore[arg-type]

    with shown:
        return work.run(progress, only, fresh=fresh)
