"""The benefits by name: which rule, which fields, which answers. `KINDS` are those programs rely on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from lindung.law import benefits, penalties, savings, scholarships, store
from lindung.law.reading import Object, children, day, month, percent, whole, word, words


@dataclass(frozen=True)
class Kind:
    """A benefit: its rule, its fields (name, how to read it, column, type), and what it answers with."""

    rule: Callable[..., pl.DataFrame]
    fields: tuple[tuple[str, Callable[[str, Any], Any], str, Any], ...]
    answers: tuple[str, ...]
    on: str = "date"
    holidays: bool = False


def _field(name: str, read: Callable[[str, Any], Any]) -> tuple[str, Callable[[str, Any], Any], str, Any]:
    kinds: dict[Any, Any] = {word: pl.String, whole: pl.Int64, month: pl.Date, day: pl.Date, percent: pl.Int64,
             children: pl.List(scholarships.CHILD), words: pl.List(pl.String)}  # fmt: skip
    return name, read, name.replace("_percent", "_parts"), kinds[read]


_WHEN, _CAUSE, _SEGMENT, _WAGE = (
    _field("date", day), _field("cause", word), _field("segment", word), _field("wage", whole),
)  # fmt: skip
_PAID = _field("contribution_months", whole)
KINDS: Mapping[str, Kind] = {
    "death": Kind(
        benefits.death,
        (_WHEN, _CAUSE, _SEGMENT, _WAGE, _field("joined", day), _field("first_joined", day), _PAID),
        ("death_grant", "periodic", "funeral", "total", "scholarship_eligible"),
    ),
    "scholarship": Kind(
        scholarships.scholarship, (_WHEN, _CAUSE, _PAID, _field("children", children)), ("per_child", "total")
    ),
    "temporary_disability": Kind(
        benefits.temporary_disability, (_WHEN, _WAGE, _SEGMENT, _field("months", whole)), ("total", "by_month")
    ),
    "permanent_disability": Kind(
        benefits.permanent_disability,
        (_WHEN, _WAGE, _SEGMENT, _field("type", word), _field("table_percent", percent),
         _field("function_loss_percent", percent)),
        ("grant", "periodic", "total"),
    ),
    "pension": Kind(
        benefits.pension, (_WHEN, _PAID, _field("average_monthly_wage", whole)), ("monthly", "lump_sum")
    ),
    "pension_age": Kind(benefits.pension_age, (_WHEN,), ("age",)),
    "late_penalty": Kind(
        penalties.late_penalty,
        (_SEGMENT, _field("month", month), _field("contribution", whole), _field("paid_on", day),
         _field("employer", word)),
        ("months_late", "penalty", "due_on"),
        on="month",
        holidays=True,
    ),
}  # fmt: skip


# for people at a terminal or a page; programs are not promised them
OTHERS: Mapping[str, Kind] = {
    "job_loss": Kind(
        benefits.job_loss,
        (_WHEN, _WAGE, _field("months_of_24", whole), _field("consecutive_months", whole)),
        ("eligible", "by_month", "total"),
    ),
    "survivors": Kind(
        benefits.survivors,
        (_WHEN, _PAID, _field("average_monthly_wage", whole), _field("heir", word),
         _field("density_percent", percent)),
        ("monthly", "lump_sum"),
    ),
    "transport": Kind(
        benefits.transport, (_WHEN, _field("modes", words), _field("cost", whole)), ("cap", "paid")
    ),
    "savings_claim": Kind(
        savings.claim,
        (_WHEN, _field("reason", word), _field("balance", whole), _field("birth_date", day), _field("joined", day)),
        ("payable", "payable_from", "tax", "net"),
    ),
}  # fmt: skip
ALL: Mapping[str, Kind] = {**KINDS, **OTHERS}


def row(kind: str, given: Object) -> Object:
    """One row for the rule of `kind`. Raises Refused."""
    return {column: read(name, given.get(name)) for name, read, column, _ in ALL[kind].fields}


def frame(kind: str, rows: Sequence[Object], *, holidays: Iterable[date], law: store.Law) -> pl.DataFrame:
    schema = {column: dtype for _, _, column, dtype in ALL[kind].fields}
    asked = pl.DataFrame(rows, schema=schema)
    rule = ALL[kind].rule
    return rule(asked, law=law, holidays=holidays) if ALL[kind].holidays else rule(asked, law=law)


def answer(kind: str, row: Object) -> Object:
    """The named amounts of a computed row, those that do not apply left out."""
    found = {name: row[name] for name in ALL[kind].answers if row[name] is not None}
    if found.get("lump_sum") is False:
        del found["lump_sum"]
    return found
