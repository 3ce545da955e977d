"""What the columns of a file were read as, for a person to confirm or to change."""

from __future__ import annotations

from typing import Any

import polars as pl

from lindung.intake.columns import BESIDE, CANONICAL, Layout
from lindung.intake.read import Sheet

EXAMPLES = 3
LOOKED_AT = 200  # rows among which examples are looked for
LONGEST = 60  # signs of an example
MOST = 256  # columns told of one file
# what a column may be read as; two of them hold two things at once
CHOICES = (*CANONICAL, "ttl", "rt_rw", "number")


def plain_header(text: str) -> str:
    """A header as it is remembered: lower case, one space between words."""
    return " ".join(text.split()).lower()[:200]


def describe(told: list[dict[str, Any]], sheet: Sheet, layout: Layout) -> None:
    """Add the columns of a sheet to `told`: {header, column (one of `CHOICES`, or "": not understood), examples, sheets}.

    A header that a former sheet had, read in the same way, is not told again; its sheet is added.
    """
    meant = {index: BESIDE.get(name, name) for name, index in layout.columns.items()}
    below = sheet.cells.filter(pl.col("row") > layout.last).head(LOOKED_AT)
    # the numbers of the columns beneath the header are no example of what stands in them
    counted = pl.all_horizontal(pl.exclude("row").str.contains(r"^\W*\d{1,2}\W*$").fill_null(True))
    below = below.filter(~counted)
    name = sheet.name or ""
    for index in range(sheet.width):
        header = " ".join(layout.headers.get(index, "").split())
        values = below[f"c{index}"].drop_nulls().str.strip_chars()
        examples = [
            text[:LONGEST] for text in values.filter(values != "").unique(maintain_order=True).head(EXAMPLES)
        ]
        if not header and not examples:
            continue
        column = meant.get(index, "")
        same = next(
            (
                one
                for one in told
                if plain_header(one["header"]) == plain_header(header) and one["column"] == column
            ),
            None,
        )
        if header and same:
            same["sheets"] = [*same["sheets"], name] if name not in same["sheets"] else same["sheets"]
        elif len(told) < MOST:
            told.append(
                {"header": header, "column": column, "examples": examples, "sheets": [name] if name else []}
            )
