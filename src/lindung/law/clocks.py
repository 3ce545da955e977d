"""Clocks: due dates, waits, ages and lapses. Today is never asked here: days come as arguments.

`holidays` are the days of the calendar that a city has loaded; none are built in.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import polars as pl

from lindung.base.month import add_months as month_later
from lindung.law import store
from lindung.law.rows import SEGMENTS, add_months, dated, first, given, listed, months, used


def due_dates(
    frame: pl.DataFrame, *, holidays: Iterable[date] = (), law: store.Law | None = None
) -> pl.DataFrame:
    """In: `segment` (PU, BPU), `month` (Date). Out: `due_on` (Date); null for other segments or months before the law.

    PU: the 15th of the next month (2020-08 … 2021-01: the 30th); BPU: the 15th of the month itself; moved to the next
    working day. PP 44/2015 Pasal 21, PP 49/2020 Pasal 4.
    """
    law = law or store.current()
    rows = law.at(frame, on="month", _pu="payment.due_day_pu", _bpu="payment.due_day_bpu")
    begin = pl.col("month").dt.truncate("1mo")
    pu = pl.col("segment") == "PU"
    start = pl.when(pu).then(add_months(begin, 1)).when(pl.col("segment") == "BPU").then(begin)
    day = pl.when(pu).then("_pu").otherwise("_bpu")
    last = start.dt.month_end().dt.day()
    plain = start + pl.duration(days=pl.min_horizontal(day, last.cast(pl.Int64)) - 1)
    return rows.with_columns(due_on=next_working_day(plain, holidays)).drop("_pu", "_bpu")


def next_working_day(day: pl.Expr, holidays: Iterable[date] = ()) -> pl.Expr:
    """`day` itself, or the first day after it that is no Saturday, Sunday or holiday."""
    return day.dt.add_business_days(0, holidays=sorted(set(holidays)), roll="forward")


def working_days_later(day: pl.Expr, count: pl.Expr | int, holidays: Iterable[date] = ()) -> pl.Expr:
    return day.dt.add_business_days(count, holidays=sorted(set(holidays)), roll="forward")


def of_members(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """What runs for a person on day `on`. In: `on, segment, joined, birth_date, contribution_months`.

    Out: `full_death_benefit_from` (Date; BPU: three months after `joined`), `scholarship_after` and `pension_after`
    (contribution months still to pay; pension for PU only), `may_register` (age at `on`, BPU), `retires_on` (Date),
    `error`, `used`.
    """
    law = law or store.current()
    rows = given(frame, {"on": pl.Date, "segment": pl.String, "joined": pl.Date, "birth_date": pl.Date,
                         "contribution_months": pl.Int64})  # fmt: skip
    rows = law.at(rows, on="on", _wait="benefit.bpu_wait", _scholarship="benefit.scholarship_months",
                  _pension="benefit.pension_months", _young="clock.registration_age_minimum",
                  _old="clock.registration_age_limit")  # fmt: skip
    rows = rows.with_columns(
        error=first(
            *dated("on"),
            *listed("segment", SEGMENTS),
            *months("contribution_months", needed=False),
            (pl.col("birth_date") > pl.col("on"), "birth_date.after_date"),
            (pl.col("joined") > pl.col("on"), "joined.after_date"),
        )
    )
    bpu, pu, fine = pl.col("segment") == "BPU", pl.col("segment") == "PU", pl.col("error").is_null()
    old_enough = add_months(pl.col("birth_date"), pl.col("_young") * 12) <= pl.col("on")
    young_enough = pl.col("on") < add_months(pl.col("birth_date"), pl.col("_old") * 12)
    counted = pl.col("contribution_months")
    wait = pl.when(bpu).then("_wait").otherwise(0)
    rows = rows.with_columns(
        full_death_benefit_from=pl.when(fine).then(add_months(pl.col("joined"), wait)),
        scholarship_after=pl.when(fine).then((pl.col("_scholarship") - counted).clip(0)),
        pension_after=pl.when(fine & pu).then((pl.col("_pension") - counted).clip(0)),
        may_register=pl.when(fine & bpu).then(old_enough & young_enough),
        retires_on=pl.when(fine).then(_retires_on(law)),
        used=used(
            ("benefit.bpu_wait", bpu), ("benefit.bpu_wait_restart", bpu), ("benefit.scholarship_months", True),
            ("benefit.pension_months", pu), ("clock.registration_age_minimum", bpu),
            ("clock.registration_age_limit", bpu), ("benefit.pension_age", True),
        ),
    )  # fmt: skip
    return rows.drop("_wait", "_scholarship", "_pension", "_young", "_old")


def _retires_on(law: store.Law) -> pl.Expr:
    """The first day on which the age reached is the retirement age of that day (PP 45/2015 Pasal 15)."""
    days = []
    for interval in law["benefit.pension_age"].intervals:
        if interval.block is None:
            continue
        day = pl.max_horizontal(
            add_months(pl.col("birth_date"), 12 * interval.block.value), pl.lit(interval.first)
        )
        days.append(
            pl.when(pl.col("birth_date").is_not_null() & (day <= pl.lit(interval.last or date.max))).then(day)
        )
    return pl.min_horizontal(days)


def claim_lapses_on(event: date, *, law: store.Law | None = None) -> date:
    """The last day to claim JKK after an accident or diagnosis (PP 82/2019 Pasal 26)."""
    years = (law or store.current()).value("clock.claim_lapse_years", event)
    return month_later(event, 12 * years)


def report_by(known_at: datetime, *, law: store.Law | None = None) -> datetime:
    """Until when the employer reports an accident (tahap I), or the doctor's statement (tahap II): 2 × 24 hours."""
    return known_at + timedelta(hours=(law or store.current()).value("clock.report_hours", known_at.date()))


def scholarship_ends_on(birth_date: date, on: date, *, law: store.Law | None = None) -> date:
    """The child's 23rd birthday: from that day on nothing is paid."""
    return month_later(birth_date, 12 * (law or store.current()).value("benefit.scholarship_age", on))


def bpu_lapses_on(paid_until: date, *, law: store.Law | None = None) -> date:
    """The first day on which a BPU who paid up to and including that month is no longer a member.

    Three unpaid months in a row end it (Perdir 22/2022).
    """
    count = (law or store.current()).value("clock.bpu_lapse_months", max(paid_until, date(2022, 7, 1)))
    return month_later(paid_until.replace(day=1), count + 1)
