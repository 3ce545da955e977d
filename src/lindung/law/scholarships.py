"""Scholarships of the children: payment by payment, one a year, and their sums. PP 82/2019 Lampiran III."""

from __future__ import annotations

import polars as pl

from lindung.law import store
from lindung.law.benefits import CAUSES
from lindung.law.rows import add_months, dated, first, given, listed, months, used
from lindung.law.schema import BY

LEVELS = BY["level"]
CHILD = pl.Struct({"birth_date": pl.Date, "level": pl.String, "years_left_in_level": pl.Int64})
_POSTHUMOUS_MONTHS = 10  # a child may be born after the death; much later is a typing error


def scholarship(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: `date, cause, contribution_months` (needed for other) and `children`, a list of birth_date, level, years left.

    Out: `per_child` (List[Int64]: the most still payable, in the order of the children that are entitled), `total`,
    `error`, `used`. The children are counted until the law's number is reached; one too old takes no place.
    """
    law = law or store.current()
    rows = _checked(frame, law).with_row_index("row")
    paid = _payments(rows, law).group_by("row", "child", maintain_order=True).agg(pl.col("amount").sum())
    sums = paid.group_by("row", maintain_order=True).agg(per_child=pl.col("amount"))
    rows = rows.join(sums, on="row", how="left", maintain_order="left")
    fine = pl.col("error").is_null()
    nobody = pl.lit([], dtype=pl.List(pl.Int64))
    rows = rows.with_columns(per_child=pl.when(fine).then(pl.col("per_child").fill_null(nobody)))
    rows = rows.with_columns(
        total=pl.col("per_child").list.sum(),
        used=used(
            ("benefit.scholarship_months", pl.col("cause") == "other"),
            ("benefit.scholarship_age", True),
            ("benefit.scholarship_children", True),
            ("benefit.scholarship_once", pl.col("once").is_not_null()),
            ("benefit.scholarship_year", pl.col("once").is_null()),
            ("benefit.scholarship_years", pl.col("once").is_null()),
        ),
    )
    return rows.drop("row", "once", "needed", "limit", "places")


def plan(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """Payment by payment, for the same input: `row, child` (place in the list), `paid_on`, `level`, `amount`."""
    law = law or store.current()
    payments = _payments(_checked(frame, law).with_row_index("row"), law)
    return payments.filter(pl.col("amount") > 0).select("row", "child", "paid_on", "level", "amount")


def _checked(frame: pl.DataFrame, law: store.Law) -> pl.DataFrame:
    rows = given(frame, {"date": pl.Date, "cause": pl.String, "contribution_months": pl.Int64,
                         "children": pl.List(CHILD)})  # fmt: skip
    rows = law.at(rows, on="date", once="benefit.scholarship_once", needed="benefit.scholarship_months",
                  limit="benefit.scholarship_age", places="benefit.scholarship_children",
                  a_level=("benefit.scholarship_year", LEVELS[0]))  # fmt: skip
    latest = add_months(pl.col("date"), _POSTHUMOUS_MONTHS)
    children = rows.with_row_index("at").select("at", "children", latest=latest).filter(
        pl.col("children").list.len() > 0
    ).explode("children").unnest("children")  # fmt: skip
    wrong = children.select(
        "at",
        child_error=first(
            (pl.col("birth_date").is_null(), "child.birth_date_missing"),
            *listed("level", LEVELS),
            (pl.col("years_left_in_level").is_null(), "child.years_missing"),
            (pl.col("years_left_in_level") < 0, "child.years_negative"),
            (pl.col("birth_date") > pl.col("latest"), "child.born_later"),
        ),
    ).drop_nulls().unique("at", keep="first", maintain_order=True)  # fmt: skip
    rows = rows.with_row_index("at").join(wrong, on="at", how="left", maintain_order="left")
    error = first(
        *dated(),
        *listed("cause", CAUSES),
        *months("contribution_months", pl.col("cause") == "other"),
        (pl.col("children").is_null(), "children.missing"),
        (pl.col("once").is_null() & pl.col("a_level").is_null(), "law.nothing_known"),
        (pl.any_horizontal(pl.col("needed", "limit", "places").is_null()), "law.nothing_known"),
    )
    return rows.with_columns(error=pl.coalesce(error, "child_error")).drop("at", "child_error", "a_level")


def _payments(rows: pl.DataFrame, law: store.Law) -> pl.DataFrame:
    """One row per payment of each entitled child; a child with nothing left has one row of 0."""
    entitled = (pl.col("cause") == "work_accident") | (pl.col("contribution_months") >= pl.col("needed"))
    children = (
        rows.filter(pl.col("error").is_null() & entitled & (pl.col("children").list.len() > 0))
        .select("row", "date", "once", "limit", "places", "children")
        .explode("children")
        .with_columns(child=pl.int_range(pl.len()).over("row"))
        .unnest("children")
    )
    last_day = add_months(pl.col("birth_date"), pl.col("limit") * 12)
    children = children.with_columns(last_day=last_day).filter(pl.col("date") < pl.col("last_day"))
    children = children.filter(pl.int_range(pl.len()).over("row") < pl.col("places"))
    children = law.at(children, on="date", **{f"a_{v}": ("benefit.scholarship_year", v) for v in LEVELS},
                      **{f"y_{v}": ("benefit.scholarship_years", v) for v in LEVELS})  # fmt: skip

    # years that the child may still spend up to the end of each level
    upto = pl.lit(0, dtype=pl.Int64)
    ends = []
    place = pl.col("level").cast(pl.Enum(LEVELS)).to_physical()
    for number, level in enumerate(LEVELS):
        left = pl.min_horizontal("years_left_in_level", f"y_{level}")
        upto = upto + pl.when(place < number).then(f"y_{level}").when(place == number).then(left).otherwise(0)
        ends.append(upto.fill_null(0).alias(f"e_{level}"))
    children = children.with_columns(ends)
    by_level = pl.col("once").is_null()
    most = pl.when(by_level).then(f"e_{LEVELS[-1]}").otherwise(1)
    payments = children.with_columns(number=pl.int_ranges(pl.max_horizontal(most, 1))).explode("number")
    payments = payments.with_columns(paid_on=add_months(pl.col("date"), pl.col("number") * 12))
    payments = payments.filter((pl.col("paid_on") < pl.col("last_day")) | (pl.col("number") == 0))
    at = [pl.col("number") < pl.col(f"e_{level}") for level in LEVELS]
    level_then = pl.coalesce(*(pl.when(at[n]).then(pl.lit(level)) for n, level in enumerate(LEVELS)))
    amount = pl.coalesce(*(pl.when(at[n]).then(f"a_{level}") for n, level in enumerate(LEVELS)))
    return payments.with_columns(
        level=pl.when(by_level).then(level_then).otherwise("level"),
        amount=pl.when(by_level).then(amount.fill_null(0)).otherwise("once"),
    )
