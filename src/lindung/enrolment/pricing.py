"""What one month of a person costs by law, with the scheme's segment, programmes, payer and wage."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung import schemes
from lindung.base.month import Month
from lindung.law import contribution

PROGRAMMES = ("JKK", "JKM", "JHT", "JP")
AMOUNTS = ["base", "jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker", "total"]


def terms(rules: schemes.Scheme) -> pl.DataFrame:
    """Per category of a scheme: segment, programmes, payer, payer_unit, risk_class, scheme_wage (null: from the list).

    `first` and `until` are the days of its own period within the scheme's; `until` is null where neither ends.
    """
    return pl.DataFrame(
        [
            {
                "category": category.id,
                "label": category.label["id"],
                "segment": category.segment,
                "programmes": ",".join(p for p in PROGRAMMES if p in category.programmes),
                "payer": category.payer.kind,
                "payer_unit": category.payer.unit,
                "risk_class": category.risk_class,
                "scheme_wage": category.wage.amount,
                "first": max(category.period.from_, rules.period.from_),
                "until": min(filter(None, (category.period.until, rules.period.until)), default=None),
            }
            for category in rules.categories
        ],
        schema={
            "category": pl.String, "label": pl.String, "segment": pl.String, "programmes": pl.String,
            "payer": pl.String, "payer_unit": pl.String, "risk_class": pl.String, "scheme_wage": pl.Int64,
            "first": pl.Date, "until": pl.Date,
        },
    )  # fmt: skip


def monthly(rows: pl.DataFrame, month: date) -> pl.DataFrame:
    """`rows` (segment, programmes "JKK,JKM", wage, risk_class, payer, sector) with base, jkk … total and `error`.

    The law is computed once for each distinct kind of row and joined back: thousands of people have few wages.
    """
    key = ["segment", "programmes", "wage", "risk_class", "payer", "sector"]
    kinds = rows.select(key).unique()
    asked = kinds.select(
        "segment",
        pl.col("programmes").str.split(","),
        pl.col("wage"),
        "risk_class",
        "sector",
        payer=pl.when(pl.col("segment") == "PU").then(pl.lit("employer")).otherwise("payer"),
        month=pl.lit(month, dtype=pl.Date),
    )
    priced = contribution.compute(asked).select(*AMOUNTS, "error")
    return rows.join(
        pl.concat([kinds, priced], how="horizontal"),
        on=key,
        how="left",
        nulls_equal=True,
        maintain_order="left",
    )


def worker_share() -> pl.Expr:
    """What is cut from the honorarium of a wage earner (PU). For a BPU the payer pays all, JHT included."""
    cut = pl.col("jht_worker").fill_null(0) + pl.col("jp_worker").fill_null(0)
    return pl.when(pl.col("segment") == "PU").then(cut).otherwise(0)


def city_share() -> pl.Expr:
    """What the budget pays of a row that `monthly` priced; null where it has no price."""
    return pl.col("total") - worker_share()


def over(rows: pl.DataFrame, first: date, last: date) -> pl.DataFrame:
    """`rows` (as for `monthly`) with `whole`: what the budget pays from month `first` to `last`, each by its own law.

    A month whose law is not announced yet (the ceiling of JP) costs what the month before it costs. Null where the first
    month has no price.
    """
    whole: pl.Series | None = None
    before: pl.Series | None = None
    for month in Month.of(first).through(Month.of(last)):
        cost = monthly(rows, month.first).select(city=city_share()).to_series()
        if before is not None:
            cost = cost.zip_with(cost.is_not_null(), before)
        whole, before = cost if whole is None else whole + cost, cost
    return rows.with_columns(
        (whole if whole is not None else pl.Series([None] * rows.height)).cast(pl.Int64).alias("whole")
    )


def own_periods(rows: pl.DataFrame) -> pl.DataFrame:
    """`rows` (as for `monthly`, with `first` and `until`) as `monthly` of each row's own first month, and `whole` of its period.

    A period without an end counts to the end of its first year. The order of the rows stays.
    """
    rows = rows.with_row_index("_at")
    priced = [
        monthly(over(group, first, until or date(first.year, 12, 31)), first)
        for (first, until), group in rows.group_by(["first", "until"], maintain_order=True)
    ]
    return pl.concat(priced).sort("_at").drop("_at")


def compare(rules: schemes.Scheme, wage: int, month: date, *, bpu_income: int | None = None) -> pl.DataFrame:
    """One person as PU at `wage` and as BPU at `bpu_income` (else the same), with those of the scheme's programmes each has.

    segment, programmes, base, jkk … jp_worker, total, city (what the budget pays), worker (what is cut from the honorarium),
    lost (programmes of the scheme which the segment does not have), error. Rupiah; PU takes the scheme's risk class, else I.
    """
    priced = monthly(_both(rules, wage, bpu_income), month)
    return priced.with_columns(
        city=city_share(), worker=pl.when(pl.col("total").is_not_null()).then(worker_share())
    ).drop("payer", "sector")


def compare_over(
    rules: schemes.Scheme, wage: int, first: Month, months: int, *, bpu_income: int | None = None
) -> dict[str, int | None]:
    """What the budget pays for one person in `months` from `first` on, per segment; None where it has no price."""
    priced = over(_both(rules, wage, bpu_income), first.first, (first + (months - 1)).first)
    return dict(priced.select("segment", "whole").iter_rows())


def _both(rules: schemes.Scheme, wage: int, bpu_income: int | None) -> pl.DataFrame:
    """One person as PU and as BPU, as `monthly` asks for them."""
    asked = [p for p in PROGRAMMES if any(p in category.programmes for category in rules.categories)]
    classes = [category.risk_class for category in rules.categories if category.risk_class]
    has = {"PU": PROGRAMMES, "BPU": ("JKK", "JKM", "JHT")}
    return pl.DataFrame(
        [
            {
                "segment": segment,
                "programmes": ",".join(p for p in asked if p in known),
                "lost": ",".join(p for p in asked if p not in known),
                "wage": wage if segment == "PU" or bpu_income is None else bpu_income,
                "risk_class": (classes or ["I"])[0] if segment == "PU" else None,
                "payer": rules.payer.kind,
                "sector": "other",
            }
            for segment, known in has.items()
        ],
        schema_overrides={"wage": pl.Int64, "risk_class": pl.String},
    )
