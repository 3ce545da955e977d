"""What the rules over frames share: columns that may be missing, the first reason to refuse, exact shares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from lindung.base.money import LARGEST, PER_MILLION
from lindung.base.refused import Refused
from lindung.law import store

SEGMENTS = ("PU", "BPU", "JAKON")
LONGEST_MONTHS = 1200  # a hundred years: more is a typing error, and would only fill memory


def given(frame: pl.DataFrame, columns: Mapping[str, Any]) -> pl.DataFrame:
    """`frame` with every one of `columns`, those missing as null. Raises Refused("column.wrong_kind")."""
    wanted = []
    for name, dtype in columns.items():
        if name not in frame.columns:
            wanted.append(pl.lit(None, dtype=dtype).alias(name))
            continue
        found = frame.schema[name]
        whole = dtype == pl.Int64 and found.is_integer()
        if not (whole or found in (dtype, pl.Null) or isinstance(dtype, pl.List) or dtype == pl.String):
            raise Refused("column.wrong_kind", {"column": name, "kind": str(found), "wanted": str(dtype)})
        wanted.append(pl.col(name).cast(dtype))
    return frame.with_columns(wanted)


def first(*reasons: tuple[pl.Expr, str]) -> pl.Expr:
    """The code of the first reason that holds, or null."""
    return pl.coalesce(*(pl.when(condition).then(pl.lit(code)) for condition, code in reasons))


def listed(column: str, known: tuple[str, ...]) -> tuple[tuple[pl.Expr, str], tuple[pl.Expr, str]]:
    """Reasons: the word is missing, or not one of the list."""
    return (
        (pl.col(column).is_null(), f"{column}.missing"),
        (~pl.col(column).is_in(known), f"{column}.unknown"),
    )


def dated(column: str = "date") -> tuple[tuple[pl.Expr, str], ...]:
    return (pl.col(column).is_null(), f"{column}.missing"), (
        pl.col(column) < store.BEGINNING,
        f"{column}.before_law",
    )


def money(column: str, needed: pl.Expr | bool = True) -> tuple[tuple[pl.Expr, str], ...]:
    amount = pl.col(column)
    return (
        (amount.is_null() & needed, f"{column}.missing"),
        (amount < 0, "amount.negative"),
        (amount > LARGEST, "amount.too_large"),
    )


def months(column: str, needed: pl.Expr | bool = True) -> tuple[tuple[pl.Expr, str], ...]:
    count = pl.col(column)
    return (
        (count.is_null() & needed, f"{column}.missing"),
        (count < 0, "months.negative"),
        (count > LONGEST_MONTHS, "months.too_many"),
    )


def used(*pairs: tuple[str | pl.Expr, pl.Expr | bool]) -> pl.Expr:
    """The ids of the parameters that a row's result rests on, in this order, as List[String]."""
    ids = [
        pl.when(pl.lit(when) if isinstance(when, bool) else when).then(
            pl.lit(id_) if isinstance(id_, str) else id_
        )
        for id_, when in pairs
    ]
    return pl.concat_list(ids).list.drop_nulls()


def complete(rows: pl.DataFrame, *names: str) -> pl.DataFrame:
    """`rows`, refused where none of `names` has a value though nothing is wrong: the law as known then had none."""
    gap = pl.col("error").is_null() & pl.all_horizontal(pl.col(name).is_null() for name in names)
    return rows.with_columns(error=pl.coalesce("error", pl.when(gap).then(pl.lit("law.nothing_known"))))


def share(amount: pl.Expr, *parts: pl.Expr | int) -> pl.Expr:
    """`amount` × parts per million × …, exact in 128 bits, rounded once, half up, to the whole rupiah."""
    product = amount.cast(pl.Int128)
    for part in parts:
        product = product * part
    per = PER_MILLION ** len(parts)
    return ((product + pl.lit(per // 2, dtype=pl.Int128)) // pl.lit(per, dtype=pl.Int128)).cast(pl.Int64)


def add_months(day: pl.Expr, count: pl.Expr | int) -> pl.Expr:
    """`day` so many calendar months later; a day that the month lacks becomes its last."""
    number = pl.lit(count) if isinstance(count, int) else count
    return day.dt.offset_by(pl.format("{}mo", number))


def insured_wage(frame: pl.DataFrame, law: store.Law, *, on: str = "date") -> pl.DataFrame:
    """`frame` with `insured_wage`: the wage, for BPU the base of the income bracket (PP 44/2015 Lampiran II)."""
    base = pl.lit(None, dtype=pl.Int64)
    for interval in law["contribution.bpu_bracket"].intervals:
        if interval.block is not None:
            base = pl.when(pl.col(on) >= interval.first).then(bracket(interval.block.value)).otherwise(base)
    return frame.with_columns(insured_wage=pl.when(pl.col("segment") == "BPU").then(base).otherwise("wage"))


def bracket(table: Any) -> pl.Expr:
    """The base of the bracket in which `wage` lies: from ≤ income < next from."""
    lower = pl.Series([row["from"] for row in table], dtype=pl.Int64)
    bases = pl.Series([None, *(row["base"] for row in table)], dtype=pl.Int64)
    return pl.lit(bases).gather(pl.lit(lower).search_sorted(pl.col("wage"), side="right"))
