"""Tables of the law's amounts and values at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

from lindung.base import messages


def amounts(answer: dict[str, Any]) -> None:
    named = messages.declared()
    rows = []
    for name, value in answer.items():
        label = messages.sentence(f"amount.{name}") if f"amount.{name}" in named else name.replace("_", " ")
        rows.append([label, shown(name, value)])
    table([], rows)


def shown(name: str, value: Any) -> str:
    from lindung.base.money import rupiah

    if isinstance(value, bool):
        return messages.sentence("amount.yes" if value else "amount.no")
    if isinstance(value, date):
        return f"{value:%d-%m-%Y}"
    if isinstance(value, list):
        return "\n".join(shown(name, item) for item in value) or "–"
    return str(value) if value is None or name in ("age", "months_late", "year") else rupiah(value)


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(show_header=bool(heads), box=box.SIMPLE if heads else None)
    for number in range(len(rows[0]) if rows else len(heads)):
        head = messages.sentence(heads[number]) if heads else ""
        drawn.add_column(head, justify="right" if not heads and number else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(cell) for cell in row))
    Console(file=sys.stdout, width=None if sys.stdout.isatty() else 160, soft_wrap=False).print(drawn)
