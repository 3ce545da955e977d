"""The law as a book: its values, what changes when, what nobody has checked, and its page."""

from __future__ import annotations

import json
import re
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from lindung.base import messages
from lindung.cli.law_tables import table

if TYPE_CHECKING:
    from lindung.law import Law

JAKARTA = timezone(timedelta(hours=7))


class _Day(click.ParamType):
    name = "YYYY-MM-DD"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(value)
        except ValueError:
            self.fail(f"{value!r}: YYYY-MM-DD", param, ctx)


DAY = _Day()
FILE = click.Path(path_type=Path, dir_okay=False)


def today() -> date:
    return datetime.now(JAKARTA).date()


@click.command()
@click.option("--on", type=DAY, help="Only what holds on that day (default: today).")
@click.option("--all", "every", is_flag=True, help="Every value with its dates.")
@click.option("--topic", type=click.Choice(["contribution", "benefit", "clock", "payment", "duty"]))
@click.option("--json", "as_json", is_flag=True)
def parameters(on: date | None, topic: str | None, *, every: bool, as_json: bool) -> None:
    """Values of the law with article and confidence."""
    from lindung.law import current, explain, report

    rules = current()
    found = list(report.values(rules, on=None if every else on or today(), topic=topic))
    if as_json:
        click.echo(json.dumps([_entry(rules, p, i) for p, i in found], ensure_ascii=False, default=str))
        return
    lang = messages.language()
    rows = [
        [f"{p.label[lang]}\n{p.id}", explain.value_text(p, i.block), str(i.first), str(i.last or ""),
         report.article(rules, i.block), messages.sentence(f"confidence.{i.block.confidence}")]
        for p, i in found if i.block is not None
    ]  # fmt: skip
    table(
        ["head.parameter", "head.value", "head.from", "head.until", "head.article", "head.confidence"], rows
    )


def _entry(rules: Law, parameter: Any, interval: Any) -> dict[str, Any]:
    block = interval.block
    source = rules.sources[block.doc]
    return {
        "id": parameter.id, "label": parameter.label, "unit": parameter.unit, "by": parameter.by,
        "from": interval.first, "until": interval.last, "value": block.value, "instrument": source.name,
        "article": block.article, "promulgated": source.promulgated, "known_since": block.known_since,
        "checked_on": parameter.checked_on, "confidence": block.confidence, "note": block.note,
    }  # fmt: skip


@click.command()
@click.option("--from", "first", type=DAY, help="Changes from that day on (default: today).")
@click.option("--until", type=DAY, help="Changes up to that day.")
@click.option("--json", "as_json", is_flag=True)
def calendar(first: date | None, until: date | None, *, as_json: bool) -> None:
    """What changes when, and what ends."""
    from lindung.law import current, explain, report

    rules, first = current(), first or today()
    found = [c for c in rules.changes() if c[0] >= first and (until is None or c[0] <= until)]
    if as_json:
        entries = [{"on": day, "id": p.id, "value": b.value if b else None, "law": report.article(rules, b) if b else None}
                   for day, p, b in found]  # fmt: skip
        click.echo(json.dumps(entries, ensure_ascii=False, default=str))
        return
    ends = messages.sentence("head.ends")
    table(
        ["head.day", "head.parameter", "head.value", "head.article"],
        [[str(day), p.label[messages.language()], explain.value_text(p, b) if b else ends, report.article(rules, b) if b else ""]
         for day, p, b in found],
    )  # fmt: skip


@click.command()
@click.option("--older-than", default="180d", show_default=True, help="Days since the last check, like 180d.")
@click.option("--on", type=DAY, help="Counted on that day (default: today).")
@click.option("--json", "as_json", is_flag=True)
def stale(older_than: str, on: date | None, *, as_json: bool) -> None:
    """Parameters that nobody has checked for long."""
    from lindung.law import current

    days = re.fullmatch(r"(\d{1,6})d?", older_than)
    if not days:
        raise click.BadParameter("like 180d", param_hint="--older-than")
    found = current().stale(on or today(), int(days[1]))
    if as_json:
        click.echo(json.dumps([{"id": p.id, "checked_on": p.checked_on} for p in found], default=str))
    elif found:
        table(
            ["head.checked_on", "head.parameter"],
            [[str(p.checked_on), f"{p.label[messages.language()]}\n{p.id}"] for p in found],
        )
    else:
        click.echo(messages.sentence("head.nothing_stale", {"days": days[1]}))


@click.command()
@click.option("--out", type=FILE, help="Write there instead of standard output.")
def report(out: Path | None) -> None:
    """Every parameter, value by date, article and confidence, as Markdown (docs/law.md)."""
    from lindung.law import current
    from lindung.law import report as reports

    text = reports.markdown(current(), messages.language())
    if out:
        out.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
