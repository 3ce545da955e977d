"""JHT: the balance with yearly returns that an operator enters, what may be claimed and when, and the tax.

BPJS announces the return of each year; none is shipped, and a year without one is refused, never taken as zero.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from lindung.base.money import PER_MILLION
from lindung.base.refused import Refused
from lindung.law import store
from lindung.law.rows import add_months, dated, first, given, listed, money, share, used
from lindung.law.schema import BY

REASONS = BY["claim"]
_PARTIAL = ("partial_preparation", "partial_housing")


def balances(deposits: pl.DataFrame, returns: Mapping[int, int], *, through: int) -> pl.DataFrame:
    """Per person and year: `opening, deposited, earned, closing`, up to the end of year `through`.

    `deposits`: `person, month` (Date), `amount`. `returns`: year → parts per million. The opening balance earns the
    whole year, a deposit the full months after its own; how BPJS counts within a year was not found, so this is our
    reading. Raises Refused("returns.missing", year).
    """
    if deposits.is_empty():
        return pl.DataFrame(schema={"person": pl.String, "year": pl.Int64, **dict.fromkeys(
            ("opening", "deposited", "earned", "closing"), pl.Int64)})  # fmt: skip
    start = deposits.select(pl.col("month").min().dt.year()).item()
    people = (
        deposits.select("person").unique(maintain_order=True).with_columns(closing=pl.lit(0, dtype=pl.Int64))
    )
    years = []
    for year in range(start, through + 1):
        if year not in returns:
            raise Refused("returns.missing", {"year": year})
        paid = deposits.filter(pl.col("month").dt.year() == year).group_by("person").agg(
            deposited=pl.col("amount").sum(),
            weighted=(pl.col("amount").cast(pl.Int128) * (12 - pl.col("month").dt.month().cast(pl.Int128))).sum(),
        )  # fmt: skip
        rows = people.rename({"closing": "opening"}).join(
            paid, on="person", how="left", maintain_order="left"
        )
        rows = rows.with_columns(
            pl.col("deposited", "weighted").fill_null(0), year=pl.lit(year, dtype=pl.Int64)
        )
        twelfths = pl.col("opening").cast(pl.Int128) * 12 + pl.col("weighted")
        earned = (twelfths * returns[year] + 6 * PER_MILLION) // (12 * PER_MILLION)
        rows = rows.with_columns(earned=earned.cast(pl.Int64))
        rows = rows.with_columns(closing=pl.col("opening") + pl.col("deposited") + pl.col("earned"))
        years.append(rows.select("person", "year", "opening", "deposited", "earned", "closing"))
        people = rows.select("person", "closing")
    return pl.concat(years).sort("person", "year", maintain_order=True)


def claim(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: `date` (of the event), `reason`, `balance`, and `birth_date` (retirement), `joined` (partial claims).

    Out: `payable`, `payable_from` (null where the wait is not known), `tax` (paid at once), `net`. A retirement before
    56, or a partial claim before ten years, is refused. Permenaker 4/2022; PP 46/2015; tax: PP 68/2009.
    """
    law = law or store.current()
    rows = given(frame, {"date": pl.Date, "reason": pl.String, "balance": pl.Int64, "birth_date": pl.Date,
                         "joined": pl.Date})  # fmt: skip
    rows = law.at(rows, on="date", _age="benefit.savings_age", _years="benefit.savings_partial_years",
                  _free="benefit.savings_tax_free", _tax="benefit.savings_tax_rate",
                  **{f"_s_{r}": ("benefit.savings_share", r) for r in REASONS},
                  **{f"_w_{r}": ("benefit.savings_wait", r) for r in REASONS})  # fmt: skip
    part, wait = (
        pl.coalesce(*(pl.when(pl.col("reason") == r).then(f"{kind}{r}") for r in REASONS))
        for kind in ("_s_", "_w_")
    )
    partial, retirement = pl.col("reason").is_in(_PARTIAL), pl.col("reason") == "retirement"
    of_age = add_months(pl.col("birth_date"), pl.col("_age") * 12) <= pl.col("date")
    long_enough = add_months(pl.col("joined"), pl.col("_years") * 12) <= pl.col("date")
    rows = rows.with_columns(
        error=first(
            *dated(),
            *listed("reason", REASONS),
            *money("balance"),
            (part.is_null(), "savings.not_yet"),
            (retirement & pl.col("birth_date").is_null(), "jht.birth_date_missing"),
            (partial & pl.col("joined").is_null(), "joined.missing"),
            (retirement & ~of_age, "savings.too_young"),
            (partial & ~long_enough, "savings.too_short"),
        )
    )
    fine = pl.col("error").is_null()
    rows = rows.with_columns(
        payable=pl.when(fine).then(share(pl.col("balance"), part)),
        payable_from=pl.when(fine & wait.is_not_null()).then(add_months(pl.col("date"), wait.fill_null(0))),
        used=used(
            ("benefit.savings_share", True), ("benefit.savings_wait", True), ("benefit.savings_age", retirement),
            ("benefit.savings_partial_years", partial), ("benefit.savings_tax_free", ~partial),
            ("benefit.savings_tax_rate", ~partial), ("benefit.savings_tax_years", ~partial),
        ),
    )  # fmt: skip
    # a partial claim while working is taxed by another table, which is not law here
    above = (pl.col("payable") - pl.col("_free")).clip(0)
    rows = rows.with_columns(tax=pl.when(~partial).then(share(above, pl.col("_tax"))))
    rows = rows.with_columns(net=pl.col("payable") - pl.col("tax"))
    return rows.drop([name for name in rows.columns if name.startswith("_")])
