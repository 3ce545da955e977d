"""Tables for people at a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from rich.table import Table

from lindung.base.messages import N_, language, translate
from lindung.base.money import number

if TYPE_CHECKING:
    from lindung.coverage.queries import Coverage
    from lindung.schemes import Scheme


def shown(value: int | None) -> str:
    return "–" if value is None else number(value)


def percentage(value: Decimal | None) -> str:
    return "–" if value is None else f"{value}%".replace(".", ",")


def coverage_table(found: Coverage) -> Table:
    table = Table(
        title=f"{found.scheme} · {found.on:%d-%m-%Y}", caption=found.definition, caption_justify="left"
    )
    table.add_column(translate(N_("Group")))
    for head in (N_("Target"), N_("Enrolled"), N_("Active"), N_("Gap"), "%", N_("% active")):
        table.add_column(translate(head), justify="right")
    for row in [*found.rows, found.total]:
        table.add_row(
            row.label, shown(row.target), shown(row.enrolled), shown(row.active), shown(row.gap),
            percentage(row.percent), percentage(row.percent_active), end_section=row is found.rows[-1] if found.rows else False,
        )  # fmt: skip
    return table


def scheme_tables(scheme: Scheme) -> Iterator[Table]:
    lang = language()
    facts = Table(title=f"{scheme.id} · {scheme.document.title[lang]}", show_header=False)
    facts.add_row(translate(N_("Place")), scheme.locality)
    facts.add_row(translate(N_("Track")), scheme.track)
    facts.add_row(
        translate(N_("Segment and programmes")), f"{scheme.segment}: {', '.join(scheme.programmes)}"
    )
    facts.add_row(translate(N_("Period")), f"{scheme.period.from_} – {scheme.period.until or '…'}")
    yield facts
    table = Table()
    for head, side in (
        (N_("Category"), "left"),
        (N_("Target"), "right"),
        (N_("Payer"), "left"),
        (N_("Programmes"), "left"),
    ):
        table.add_column(translate(head), justify=side)  # type: ignore[arg-type]
    for category in scheme.categories:
        payer = f"{category.payer.kind} {category.payer.unit or ''}".strip()
        table.add_row(category.label[lang], shown(category.target), payer, ", ".join(category.programmes))
    yield table


def demo_table(document: dict[str, Any]) -> Table:
    """What the article reports, what the system computes, and the difference explained."""
    table = Table(title=translate(N_("Reported and computed")), show_lines=False)
    for head, side in (
        (N_("Scheme"), "left"), (N_("Figure"), "left"), (N_("Reported"), "right"), (N_("Computed"), "right"),
        (N_("Difference"), "right"), (N_("Why"), "left"),
    ):  # fmt: skip
        table.add_column(translate(head), justify=side, overflow="fold")  # type: ignore[arg-type]
    for scheme in document["schemes"]:
        differences = {item["key"]: item for item in scheme["differences"]}
        for key, computed in scheme["computed"].items():
            told, item = scheme["reported"].get(key), differences.get(key)
            gap = (
                "" if not item or item["difference"] is None else f"{item['difference']:+,}".replace(",", ".")
            )
            table.add_row(
                f"{scheme['id']} · {scheme['on']}" if key == next(iter(scheme["computed"])) else "",
                key, shown(told), shown(computed), gap, item["why"] if item else "",
                end_section=key == list(scheme["computed"])[-1],
            )  # fmt: skip
    return table
