"""Who loses cover on which day, and why. Pure: frames in, frames out; the day is an argument.

Cover of a member ends with the first of: the period or the contract, the last month the money pays for, and the months
that stay unpaid too long (BPU: Perdir 22/2022; PU: arrears under PP 44/2015). Who never paid has no cover at all.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung import law
from lindung.base.month import Month, add_months
from lindung.law import benefits, scholarships

CAUSES = ("never_paid", "unpaid", "contract_end", "period_end", "budget_end", "next_budget")


def lapses(members: pl.DataFrame, on: date) -> pl.DataFrame:
    """`members` with `lapses_on` (the first day without cover, null while nothing ends it) and `cause` (of `CAUSES`).

    In: `segment, starts_on, ends_on, period_until, paid_until` (first of the last month of the unbroken paid run, or
    null), `budget_until` (first of the last month the payer's money pays for, null when nothing limits it),
    `budget_cause` ("budget_end" or "next_budget"). All Date but segment and budget_cause.
    """
    rows = members.join(_unpaid(members, on), on=["segment", "paid_until"], how="left", maintain_order="left")
    rows = rows.with_columns(
        _period=pl.col("ends_on").dt.offset_by("1d"),
        _budget=pl.col("budget_until").dt.offset_by("1mo"),
        _never=pl.when(pl.col("paid_until").is_null() & (pl.col("starts_on") <= on)).then(pl.lit(on)),
    )
    # money cannot end cover before the months that are paid already
    paid = pl.col("paid_until").dt.offset_by("1mo")
    rows = rows.with_columns(
        _budget=pl.when(pl.col("budget_until").is_not_null()).then(
            pl.max_horizontal("_budget", paid, "starts_on")
        )
    )
    first = pl.min_horizontal("_never", "_unpaid", "_period", "_budget")
    contract = (pl.col("segment") == "PU") & (pl.col("ends_on") < pl.col("period_until"))
    cause = (
        pl.when(pl.col("lapses_on").is_null())
        .then(None)
        .when(pl.col("lapses_on") == pl.col("_never"))
        .then(pl.lit("never_paid"))
        .when(pl.col("lapses_on") == pl.col("_unpaid"))
        .then(pl.lit("unpaid"))
        .when((pl.col("lapses_on") == pl.col("_period")) & contract)
        .then(pl.lit("contract_end"))
        .when(pl.col("lapses_on") == pl.col("_period"))
        .then(pl.lit("period_end"))
        .otherwise("budget_cause")
    )
    rows = rows.with_columns(lapses_on=first).with_columns(cause=cause)
    return rows.drop("_never", "_unpaid", "_period", "_budget")


def _unpaid(members: pl.DataFrame, on: date) -> pl.DataFrame:
    """segment, paid_until → the day on which months that are overdue today have been unpaid too long, else null."""
    allowed = law.current().value("clock.pu_arrears_months", max(on, date(2015, 7, 1)))
    kinds = members.select("segment", "paid_until").drop_nulls().unique()
    days = [_ends_unpaid(segment, paid, on, allowed) for segment, paid in kinds.iter_rows()]
    return kinds.with_columns(_unpaid=pl.Series(days, dtype=pl.Date))


def _ends_unpaid(segment: str, paid: date, on: date, allowed: int) -> date | None:
    if _due(segment, Month.of(paid) + 1) >= on:
        return None
    if segment == "BPU":
        return law.clocks.bpu_lapses_on(paid)
    return add_months(paid, allowed + 1)


def _due(segment: str, month: Month) -> date:
    asked = pl.DataFrame({"segment": [segment], "month": [month.first]})
    due = law.clocks.due_dates(asked)["due_on"][0]
    return due or month.last


def last_payment_on(segment: str, month: Month) -> date:
    """The law's last day to pay that month, moved to a working day without holidays."""
    return _due(segment, month)


def family_loss(members: pl.DataFrame) -> pl.DataFrame:
    """`members` (segment, joined, paid_months, lapses_on) with what a family would get on the last day of cover.

    Adds `death` (rupiah, death by another cause than work), `full` (the three-month clock of BPU is over) and
    `scholarship` (36 contribution months are there). After that day all of it is nothing.
    """
    asked = members.with_columns(
        date=pl.max_horizontal(pl.col("lapses_on").dt.offset_by("-1d"), pl.coalesce("joined", "lapses_on")),
        cause=pl.lit("other"),
        joined=pl.coalesce("joined", "lapses_on"),
        contribution_months=pl.col("paid_months"),
        wage=pl.lit(None, dtype=pl.Int64),
    )
    kinds = asked.select("date", "cause", "segment", "joined", "contribution_months", "wage").unique()
    told = benefits.death(kinds).select(
        "date", "segment", "joined", "contribution_months", death="total", full=pl.col("death_grant") > 0,
        scholarship="scholarship_eligible",
    )  # fmt: skip
    asked = asked.with_columns(_date="date", _joined="joined")
    got = asked.join(
        told.rename({"date": "_date", "joined": "_joined"}),
        on=["_date", "segment", "_joined", "contribution_months"],
        how="left",
        maintain_order="left",
    )
    # who never paid has nothing to lose: cover has not begun
    covered = pl.col("paid_until").is_not_null()
    return members.with_columns(
        death=got.select(pl.when(covered).then("death").otherwise(0)).to_series(),
        full=got.select((covered & pl.col("full")).fill_null(False)).to_series(),
        scholarship=got.select((covered & pl.col("scholarship")).fill_null(False)).to_series(),
    )


def highest_scholarship(on: date) -> int | None:
    """The most that children of one family could still get for a death on that day, in rupiah; None before the law."""
    child = {"birth_date": on, "level": "TK_SD", "years_left_in_level": 8}
    asked = pl.DataFrame(
        {"date": [on], "cause": ["work_accident"], "contribution_months": [0], "children": [[child, child]]},
        schema_overrides={"children": pl.List(scholarships.CHILD)},
    )
    return scholarships.scholarship(asked)["total"][0]
