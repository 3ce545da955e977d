"""Make a messy roster of invented people."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("sample")
@click.option("--scheme", "scheme_id", required=True, help="The scheme the list is for.")
@click.option("--people", "count", type=click.IntRange(1, 2_000_000), required=True, help="Person rows.")
@click.option(
    "--dirt",
    type=click.FloatRange(0, 1),
    default=0.05,
    show_default=True,
    help="Share of rows with a planted mistake.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same file.")
@click.option(
    "--on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Reference date for ages (the scheme's first day when left out).",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="A .csv or .xlsx file."
)
@click.option(
    "--answers", type=click.Path(dir_okay=False, path_type=Path), help="Where to write the answer key (JSON)."
)
def sample(scheme_id, count, dirt, seed, on, out, answers) -> None:
    """A messy list of invented people, with a key that says what is wrong with it."""
    from lindung.base.messages import sentence
    from lindung.base.money import number
    from lindung.base.refused import Refused
    from lindung.cli.schemes import known
    from lindung.samples import roster

    scheme = known().get(scheme_id)
    if not scheme:
        raise Refused("scheme.not_among_files", {"scheme": scheme_id})
    made = roster(
        scheme, count, dirt=dirt, seed=seed, form=out.suffix.lstrip(".").lower(), on=on.date() if on else None
    )
    try:
        out.write_bytes(made.content)
        if answers:
            answers.write_text(made.key(), encoding="utf-8")
    except OSError as problem:
        raise Refused(
            "sample.not_written", {"file": str(problem.filename), "problem": problem.strerror}
        ) from None
    counts = {"people": number(made.answers["rows"]["people"]), "clean": number(made.answers["clean"])}
    click.echo(sentence("sample.written", {"file": out.name, **counts}))
