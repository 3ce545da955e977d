"""Late penalties on contributions. PP 44/2015 Pasal 22; PP 49/2020 Pasal 23; BPU and state employers: none."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from lindung.law import clocks, store
from lindung.law.rows import complete, dated, first, given, money, share, used

EMPLOYERS = ("private", "state")


def late_penalty(
    frame: pl.DataFrame, *, holidays: Iterable[date] = (), law: store.Law | None = None
) -> pl.DataFrame:
    """In: `segment` (PU, BPU), `month` (Date), `contribution`, `paid_on`, `employer` (private when null, or state).

    Out: `due_on`, `months_late` (the smallest n with `paid_on` ≤ `due_on` + n months), `penalty` = contribution × rate
    × n, not compounded; 0 for BPU and for a state employer.
    """
    law = law or store.current()
    rows = given(frame, {"segment": pl.String, "month": pl.Date, "contribution": pl.Int64, "paid_on": pl.Date,
                         "employer": pl.String})  # fmt: skip
    state = (pl.col("employer") == "state").fill_null(value=False)
    pu, bpu = pl.col("segment") == "PU", pl.col("segment") == "BPU"
    rows = rows.with_columns(
        error=first(
            (pl.col("segment").is_null(), "segment.missing"),
            (pl.col("segment") == "JAKON", "penalty.not_for_construction"),
            (~(pu | bpu), "segment.unknown"),
            *dated("month"),
            (pl.col("month").dt.year() > 9000, "date.absurd"),
            *money("contribution"),
            *dated("paid_on"),
            (~pl.col("employer").is_in(EMPLOYERS), "employer.unknown"),
        )
    )
    usable = rows.with_columns(month=pl.when(pl.col("error").is_null()).then("month"))
    due = clocks.due_dates(usable.select("segment", "month"), holidays=holidays, law=law)["due_on"]
    rows = law.at(rows.with_columns(due_on=due), on="month", _pu="payment.late_rate_pu", _bpu="payment.late_rate_bpu",
                  _state="payment.late_rate_state")  # fmt: skip
    paid, due_on = pl.col("paid_on"), pl.col("due_on")
    between = (
        (paid.dt.year() - due_on.dt.year()) * 12
        + paid.dt.month().cast(pl.Int32)
        - due_on.dt.month().cast(pl.Int32)
    )
    # due_on + n months is the same day of that month, or its last: later in that month begins another month
    begun = paid.dt.day() > pl.min_horizontal(due_on.dt.day(), paid.dt.month_end().dt.day())
    late = (between + begun.cast(pl.Int32)).clip(0).cast(pl.Int64)
    rate = pl.when(bpu).then("_bpu").when(state).then("_state").otherwise("_pu")
    fine = pl.col("error").is_null()
    rows = rows.with_columns(months_late=pl.when(fine).then(late), rate=rate)
    rows = rows.with_columns(
        penalty=pl.when(fine).then(share(pl.col("contribution").cast(pl.Int128) * pl.col("months_late"), pl.col("rate"))),
        used=used(
            ("payment.due_day_pu", pu),
            ("payment.due_day_bpu", bpu),
            ("payment.late_rate_pu", pu & ~state),
            ("payment.late_part_month", pu & ~state & (pl.col("months_late") > 0)),
            ("payment.late_simple", pu & ~state & (pl.col("months_late") > 1)),
            ("payment.late_rate_state", pu & state),
            ("payment.late_rate_bpu", bpu),
        ),
    ).drop("_pu", "_bpu", "_state", "rate")  # fmt: skip
    return complete(rows, "penalty")
