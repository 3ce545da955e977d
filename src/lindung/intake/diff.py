"""Two lists of the same people: last month's against this month's, or a list against its corrected copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import polars as pl

from lindung.identity import matching, names

COMPARED = (
    "nik", "name", "birth_date", "birth_place", "sex", "address", "rt", "rw", "kelurahan", "kecamatan", "phone", "mother_name",
    "category", "occupation", "wage", "employer", "start_date", "kk_number", "bank_account",
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """`pairs`: a_row_id (before), b_row_id (after), `how` (nik, place, name, likeness), `changed` (Boolean).
    `changes`: a_row_id, b_row_id, column, old, new (text; null = blank). `joiners`, `leavers`: row ids, in order."""

    pairs: pl.DataFrame
    changes: pl.DataFrame
    joiners: pl.Series
    leavers: pl.Series


def compare(before: pl.DataFrame, after: pl.DataFrame, *, corrected: bool = False) -> Difference:
    """Who came, who left, and what changed (old → new) between two frames of `Checked.rows`, for a person to confirm.

    People are the same by their NIK, then by name and birth date, then where they are alike beyond doubt; in a
    `corrected` copy of a list also by sheet and row, if the name or the birth date stayed. Nobody is paired twice.
    """
    pairs = _pairs(_keys(before), _keys(after), corrected).sort("b_row_id")
    changes = _changes(before, after, pairs)
    pairs = pairs.with_columns(changed=pl.col("b_row_id").is_in(changes["b_row_id"].unique().implode()))
    joiners = after.filter(~pl.col("row_id").is_in(pairs["b_row_id"].implode()))["row_id"]
    leavers = before.filter(~pl.col("row_id").is_in(pairs["a_row_id"].implode()))["row_id"]
    return Difference(pairs, changes, joiners, leavers)


STATES = ("mended", "open", "new")


def notes_between(pairs: pl.DataFrame, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    """What became of the notes of a list in its corrected copy: `state` (`STATES`), `before_id`, `after_id` (null where there is none).

    `pairs` as in `Difference`; both others: `id`, `row_id`, `column`, `code`. A note is the same when it says the same of the
    same column of the same person.
    """

    def numbered(notes: pl.DataFrame, name: str) -> pl.DataFrame:
        keys = ["row_id", "column", "code"]
        return notes.select(*keys, pl.col("id").alias(name)).with_columns(
            _n=pl.int_range(pl.len()).over(keys)
        )

    told = numbered(before, "before_id").join(
        pairs.select(row_id="a_row_id", _after="b_row_id"), on="row_id", how="left"
    )
    # who has no counterpart is told of under a number no row has
    told = told.with_columns(row_id=pl.coalesce("_after", -pl.col("row_id"))).drop("_after")
    both = told.join(
        numbered(after, "after_id"),
        on=["row_id", "column", "code", "_n"],
        how="full",
        coalesce=True,
        nulls_equal=True,
    )
    state = pl.when(pl.col("before_id").is_null()).then(pl.lit("new")).when(pl.col("after_id").is_null())
    return both.select("before_id", "after_id", state=state.then(pl.lit("mended")).otherwise(pl.lit("open")))


def _keys(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.with_columns(_name=names.normalised(pl.col("name")))


def _pairs(before: pl.DataFrame, after: pl.DataFrame, corrected: bool) -> pl.DataFrame:
    found = [pl.DataFrame(schema={"a_row_id": pl.Int64, "b_row_id": pl.Int64, "how": pl.String})]
    for how, pairs in _steps(corrected):
        matched = pairs(before, after)
        found.append(matched.select("a_row_id", "b_row_id", how=pl.lit(how)))
        before = before.filter(~pl.col("row_id").is_in(matched["a_row_id"].implode()))
        after = after.filter(~pl.col("row_id").is_in(matched["b_row_id"].implode()))
        if before.is_empty() or after.is_empty():
            break
    return pl.concat(found)


def _steps(corrected: bool) -> Iterator[tuple[str, Callable[[pl.DataFrame, pl.DataFrame], pl.DataFrame]]]:
    yield "nik", _Equal("nik")
    if corrected:
        yield "place", _Equal("sheet", "row", "_name")
        yield "place", _Equal("sheet", "row", "birth_date")
    yield "name", _Equal("_name", "birth_date")
    yield "likeness", _alike


@dataclass(frozen=True)
class _Equal:
    columns: tuple[str, ...]

    def __init__(self, *columns: str) -> None:
        object.__setattr__(self, "columns", columns)

    def __call__(self, before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
        """Rows equal in these columns (blank equals nothing, a text file has no sheet); the first with the first."""
        needed = [pl.col(name).is_not_null() for name in self.columns if name != "sheet"]

        def numbered(rows: pl.DataFrame, side: str) -> pl.DataFrame:
            kept = rows.filter(*needed).select(*self.columns, pl.col("row_id").alias(side))
            return kept.with_columns(_n=pl.int_range(pl.len()).over(self.columns))

        return numbered(before, "a_row_id").join(
            numbered(after, "b_row_id"), on=[*self.columns, "_n"], how="inner", nulls_equal=True
        )


def _alike(before: pl.DataFrame, after: pl.DataFrame) -> pl.DataFrame:
    likely = matching.duplicates(after, against=before).filter(pl.col("band") == "same")
    best = likely.sort("probability", descending=True, maintain_order=True)
    return best.unique("a_row_id", keep="first", maintain_order=True).unique(
        "b_row_id", keep="first", maintain_order=True
    )


def _changes(before: pl.DataFrame, after: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    columns = [name for name in COMPARED if name in before.columns and name in after.columns]
    old = before.select(
        pl.col("row_id").alias("a_row_id"),
        *(pl.col(name).cast(pl.String).alias(f"old_{name}") for name in columns),
    )
    new = after.select(
        pl.col("row_id").alias("b_row_id"),
        *(pl.col(name).cast(pl.String).alias(f"new_{name}") for name in columns),
    )
    both = pairs.select("a_row_id", "b_row_id").join(old, on="a_row_id").join(new, on="b_row_id")
    parts = [
        pl.DataFrame(
            schema={
                "a_row_id": pl.Int64,
                "b_row_id": pl.Int64,
                "column": pl.String,
                "old": pl.String,
                "new": pl.String,
            }
        )
    ]
    for order, name in enumerate(columns):
        old_value, new_value = pl.col(f"old_{name}"), pl.col(f"new_{name}")
        differs = old_value.str.to_uppercase().ne_missing(new_value.str.to_uppercase())
        parts.append(
            both.filter(differs).select(
                "a_row_id", "b_row_id", column=pl.lit(name), old=old_value, new=new_value
            ).with_columns(_order=pl.lit(order))
        )  # fmt: skip
    return pl.concat(parts, how="diagonal").sort("b_row_id", "_order").drop("_order")
