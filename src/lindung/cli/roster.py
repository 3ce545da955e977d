"""Lists from offices: what is wrong in them, before anybody is enrolled."""

from __future__ import annotations

import json
import sys
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from lindung.base.messages import hint, sentence, translate
from lindung.base.money import number
from lindung.base.refused import Refused
from lindung.cli.language import speaking
from lindung.intake.texts import WORDS

if TYPE_CHECKING:
    import polars as pl

    from lindung.intake.check import Checked
    from lindung.schemes import Scheme

REGISTER = ("nik", "name", "birth_date", "segment", "payer", "since")
DEATHS = ("nik", "name", "birth_date", "died_on", "certificate")
SHOWN = 20


class _Roster(click.Group):
    """The others live beside this module and load only when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["check", "minimum-wages", "sample"]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name == "sample":
            from lindung.cli.roster_sample import sample

            return speaking(sample)
        if name == "minimum-wages":
            from lindung.cli.roster_wages import minimum_wages

            return speaking(minimum_wages)
        return super().get_command(ctx, name)


@click.group(cls=_Roster)
def roster() -> None:
    """Read lists from offices and say what is wrong; make sample lists."""


@roster.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--scheme", required=True, help="Scheme id, see `lindung schemes list`.")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), help="Reference date; today in Jakarta when left out."
)
@click.option("--register", help="CSV of people already covered, or `db` for the database.")
@click.option("--deaths", help="CSV of people who have died, or `db` for the database.")
@click.option(
    "--minimum-wages",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="CSV of minimum wages: region_code,valid_from,amount,document.",
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write the list with its findings marked."
)
@click.option("--exact", is_flag=True, help="Do not look for one person under two NIK.")
@click.option(
    "--mapping",
    "mappings",
    multiple=True,
    metavar="HEADER=COLUMN",
    help="What a column is, where it was read otherwise; nothing after = for one that is not used.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def check(
    files: tuple[Path, ...],
    scheme: str,
    on: datetime | None,
    register: str | None,
    deaths: str | None,
    minimum_wages: Path | None,
    out: Path | None,
    exact: bool,
    mappings: tuple[str, ...],
    as_json: bool,
) -> None:
    """Read messy rosters and say exactly what is wrong. Changes nothing."""
    rules = _scheme(scheme)
    day = on.date() if on else datetime.now(ZoneInfo("Asia/Jakarta")).date()
    covered = _people(register, REGISTER, "register")
    dead = _people(deaths, DEATHS, "deaths")
    from lindung.intake.check import check as judge
    from lindung.intake.wages import load, minimum

    least = minimum(load(minimum_wages), rules.locality, day) if minimum_wages else None

    with click.progressbar(
        length=100,
        label=_word("Checking"),
        file=sys.stderr,
        hidden=as_json or not sys.stderr.isatty(),
    ) as bar:
        results = judge(
            files,
            rules,
            day,
            register=covered,
            deaths=dead,
            minimum=least,
            mappings=_mappings(mappings),
            fuzzy=not exact,
            progress=lambda done, of: bar.update(100 * done // of - bar.pos),
        )
    labels = {result.file: str(path) for result, path in zip(results, files, strict=True)}
    unknown = []  # what could not be compared with anything
    if least is None and any("wage" in result.mapping for result in results) and _earners(rules):
        unknown = [
            Refused("minimum_wages.unknown", {"region": rules.locality, "on": day.strftime("%d-%m-%Y")})
        ]
    if as_json:
        documents = [_document(result, rules, day, labels, unknown) for result in results]
        click.echo(documents[0] if len(documents) == 1 else "[" + ",\n".join(documents) + "]")
    else:
        for result in results:
            _print(result, labels)
    for refused in unknown:
        click.echo(str(refused), err=True)
    if out:
        _annotate(files, results, out)
    for result in results:
        if result.error and as_json:
            click.echo(str(result.error), err=True)
    if any(result.error for result in results):
        sys.exit(1)


def _mappings(told: tuple[str, ...]) -> dict[str, str]:
    """Header → column. Raises a usage error for a column that there is not."""
    from lindung.intake.mapping import CHOICES

    halves = [one.rpartition("=") for one in told]
    pairs = [(header.strip(), column.strip()) for header, _, column in halves]
    for one, (header, column) in zip(told, pairs, strict=True):
        if not header or (column and column not in CHOICES):
            raise click.UsageError(f"--mapping {one}: HEADER=" + "|".join(CHOICES))
    return dict(pairs)


def _earners(scheme: Scheme) -> bool:
    return any(category.segment == "PU" for category in scheme.categories)


def _scheme(name: str) -> Scheme:
    from lindung.cli.schemes import known

    found = known().get(name)
    if not found:
        raise Refused("scheme.not_among_files", {"scheme": name})
    return found


def _people(source: str | None, columns: tuple[str, ...], what: str) -> pl.DataFrame | None:
    """A register or death list: a CSV, or the database's."""
    if source is None:
        return None
    if source == "db":
        from lindung.cli.database import open_database

        open_database()
        from lindung.registry import frames

        return frames.cover_register() if what == "register" else frames.death_register()
    import polars as pl

    try:
        frame = pl.read_csv(source, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as problem:
        raise Refused("list.unreadable", {"file": source, "problem": str(problem).splitlines()[0]}) from None
    missing = [name for name in columns if name not in frame.columns]
    if missing:
        raise Refused(
            "list.columns_missing",
            {"file": source, "columns": ", ".join(missing), "expected": ",".join(columns)},
        )
    return frame.select(columns)


# -------------------------------------------------------------------------------------------------------- for programs


def _document(
    result: Checked, scheme: Scheme, on: date, labels: dict[str, str], unknown: list[Refused]
) -> str:
    name = labels[result.file]
    if result.error:
        error = {"code": result.error.code, "message": result.error.sentence()}
        return json.dumps({"file": name, "error": error}, ensure_ascii=False)
    head = {
        "file": name,
        "scheme": scheme.id,
        "on": on.isoformat(),
        "mapping": result.mapping,
        "rows": {"people": result.people, "clean": result.clean},
    }
    parts = [
        json.dumps(head, ensure_ascii=False)[:-1],
        f'"findings": {_findings(result, labels)}',
        f'"duplicates": {_duplicates(result, labels)}',
    ]
    told = [{"code": one.code, "message": one.sentence()} for one in unknown if "wage" in result.mapping]
    if told:
        parts.append(f'"unknown": {json.dumps(told, ensure_ascii=False)}')
    return ", ".join(parts) + "}"


def _said(frame: pl.DataFrame) -> pl.DataFrame:
    """With `message` and `hint`, each different sentence made once."""
    import polars as pl

    unique = frame.select("code", "args").unique()
    said = [
        (code, args, sentence(code, values), hint(code, values))
        for code, args in unique.iter_rows()
        for values in [json.loads(args) if args else {}]
    ]
    texts = pl.DataFrame(
        said, schema=dict.fromkeys(("code", "args", "message", "hint"), pl.String), orient="row"
    )
    return frame.join(texts, on=["code", "args"], how="left", nulls_equal=True, maintain_order="left")


def _findings(result: Checked, labels: dict[str, str]) -> str:
    import polars as pl

    found = _said(result.findings)
    elsewhere = pl.col("first_file") != pl.col("file")
    place = pl.struct(sheet="first_sheet", row="first_row")
    frame = found.select(
        "sheet", "row", "column", "code", "severity", "message", "value", "hint",
        first=pl.when(pl.col("first_row").is_not_null()).then(place),
        other=pl.when(elsewhere).then(pl.col("first_file").replace(labels)),
        proposal="proposal",
    )  # fmt: skip
    if frame["other"].null_count() == frame.height:
        return frame.drop("other").write_json()
    rows = json.loads(frame.write_json())
    for row in rows:
        other = row.pop("other")
        if other:
            row["first"]["file"] = other
    return json.dumps(rows, ensure_ascii=False)


def _duplicates(result: Checked, labels: dict[str, str]) -> str:
    from lindung.identity.matching import reasons

    pairs: list[dict[str, Any]] = []
    for pair in result.duplicates.iter_rows(named=True):
        first = {"sheet": pair["a_sheet"], "row": pair["a_row"]}
        if pair["a_file"] != pair["b_file"]:
            first["file"] = labels[pair["a_file"]]
        pairs.append(
            {
                "a": first,
                "b": {"sheet": pair["b_sheet"], "row": pair["b_row"]},
                "probability": round(pair["probability"], 4),
                "why": reasons(pair["why"]),
            }
        )
    return json.dumps(pairs, ensure_ascii=False)


# ---------------------------------------------------------------------------------------------------------- for people


def _print(result: Checked, labels: dict[str, str]) -> None:
    if result.error:
        click.echo(f"{labels[result.file]}: {result.error}", err=True)
        return
    import polars as pl
    from rich.console import Console
    from rich.table import Table

    console = Console()
    errors = result.people - result.clean
    console.print(
        f"[bold]{labels[result.file]}[/bold]: {number(result.people)} {_word('people')}, "
        f"{number(result.clean)} {_word('without errors')}, {number(errors)} {_word('to correct')}"
    )
    console.print(
        f"{_word('Columns')}: "
        + "; ".join(f"{name} = {' '.join(text.split())}" for name, text in result.mapping.items()),
        style="dim",
        markup=False,
    )
    counts = Table()
    for head, side in (("Finding", "left"), ("Kind", "left"), ("Rows", "right")):
        counts.add_column(_word(head), justify=side)  # type: ignore[arg-type]
    for code, severity, rows in (
        result.findings.group_by("code", "severity")
        .agg(pl.len())
        .sort("severity", "len", descending=[False, True])
        .iter_rows()
    ):
        counts.add_row(code, _word("error") if severity == "error" else _word("warning"), number(rows))
    if counts.row_count:
        console.print(counts)
    found = _said(result.findings.head(SHOWN))
    for row in found.iter_rows(named=True):
        where = f"{row['sheet']} · " if row["sheet"] else ""
        value = f" ({_masked(row['value'])})" if row["value"] and row["column"] == "nik" else ""
        console.print(
            f"{where}{_word('row')} {row['row']}: {row['message']}{value} {row['hint']}",
            markup=False,
            highlight=False,
        )
    if result.findings.height > SHOWN:
        console.print(
            f"… {number(result.findings.height - SHOWN)} {_word('more findings; see --json or --out')}"
        )
    if result.duplicates.height:
        console.print(f"{_word('Probably the same person')}: {number(result.duplicates.height)}")


def _word(english: str) -> str:
    return translate(WORDS[english])


def _masked(value: str) -> str:
    return value[:4] + "•" * max(len(value) - 8, 0) + value[-4:] if len(value) > 8 else "•" * len(value)


def _annotate(files: tuple[Path, ...], results: list[Checked], out: Path) -> None:
    from lindung.intake.annotate import annotate

    for path, result in zip(files, results, strict=True):
        if result.error:
            continue
        target = out if len(files) == 1 else out.with_name(f"{out.stem}-{path.stem}.xlsx")
        target.write_bytes(annotate(path, result))
        click.echo(str(target), err=True)
