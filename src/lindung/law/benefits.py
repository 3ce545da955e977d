"""Benefits: what is due after a death, an accident, at retirement or dismissal. Estimates; BPJS decides and pays.

Every function takes a frame (one person is a one-row frame) and returns it with amounts (Int64, rupiah), `error` (a
code, with null amounts) and `used` (ids of the parameters the result rests on). `date` is the day of the event and
decides the law; `wage` is the monthly wage, for BPU the monthly income.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from lindung.base.money import PER_MILLION
from lindung.law import store
from lindung.law.rows import (
    SEGMENTS,
    add_months,
    complete,
    dated,
    first,
    given,
    insured_wage,
    listed,
    money,
    months,
    share,
    used,
)

CAUSES = ("work_accident", "other")
DISABILITIES = ("anatomical", "functional", "total")
HEIRS = ("spouse", "child", "parent")
_BPU = pl.col("segment") == "BPU"
_FINE = pl.col("error").is_null()
_BRACKET = pl.format("contribution.bpu_bracket#{}", "insured_wage")


def _only_fine(**amounts: pl.Expr) -> list[pl.Expr]:
    return [pl.when(_FINE).then(amount).alias(name) for name, amount in amounts.items()]


def death(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: `date, cause, segment`, `wage` (work_accident), `joined, contribution_months` (other), `first_joined`.

    Out: `death_grant, periodic, funeral, total, scholarship_eligible`, and `full_total`: what the family would get if
    the three months ran from `first_joined` (null where that makes no difference).
    A work accident pays 60 % × 80 wages, not below the death grant; of a BPU who died otherwise before `joined` + 3
    months only the funeral is paid. PP 44/2015 and PP 82/2019 Lampiran III; Permenaker 1/2025.
    """
    law = law or store.current()
    rows = given(frame, {"date": pl.Date, "cause": pl.String, "segment": pl.String, "wage": pl.Int64, "joined": pl.Date,
                         "first_joined": pl.Date, "contribution_months": pl.Int64})  # fmt: skip
    accident, other = pl.col("cause") == "work_accident", pl.col("cause") == "other"
    rows = rows.with_columns(
        error=first(
            *dated(),
            *listed("cause", CAUSES),
            *listed("segment", SEGMENTS),
            *money("wage", accident),
            (other & pl.col("joined").is_null(), "joined.missing"),
            *months("contribution_months", other),
            (pl.col("joined") > pl.col("date"), "joined.after_date"),
            (pl.col("first_joined") > pl.coalesce("joined", "date"), "first_joined.after_joined"),
        )
    )
    rows = law.at(insured_wage(rows, law), on="date", grant="benefit.death_grant", periodic="benefit.periodic",
                  funeral="benefit.funeral", wait="benefit.bpu_wait", needed="benefit.scholarship_months",
                  multiple="benefit.disability_multiple", part="benefit.accident_death_share")  # fmt: skip
    waiting_rule = other & _BPU & (pl.col("wait") > 0)
    waits = waiting_rule & (pl.col("date") < add_months(pl.col("joined"), pl.col("wait")))
    restarted = waiting_rule & (pl.col("first_joined") < pl.col("joined"))
    would_not_wait = pl.col("date") >= add_months(pl.col("first_joined"), pl.col("wait"))
    by_accident = share(pl.col("insured_wage") * pl.col("multiple"), pl.col("part"))
    grant = pl.when(accident).then(pl.max_horizontal(by_accident, "grant")).otherwise("grant")
    full = grant + pl.col("periodic") + pl.col("funeral")
    nothing = pl.lit(0, dtype=pl.Int64)
    rows = rows.with_columns(
        *_only_fine(
            death_grant=pl.when(waits).then(nothing).otherwise(grant),
            scholarship_eligible=accident | (~waits & (pl.col("contribution_months") >= pl.col("needed"))),
            full_total=pl.when(waits & restarted & would_not_wait).then(full),
            funeral=pl.col("funeral"),
            periodic=pl.when(waits).then(nothing).otherwise("periodic"),
        ),
        used=used(
            ("benefit.accident_death_share", accident),
            ("benefit.disability_multiple", accident),
            (_BRACKET, accident & _BPU),
            ("benefit.death_grant", True),
            ("benefit.periodic", True),
            ("benefit.funeral", True),
            ("benefit.bpu_wait", waiting_rule),
            ("benefit.bpu_wait_restart", restarted),
            ("benefit.scholarship_months", other),
        ),
    )
    rows = rows.with_columns(total=pl.col("death_grant") + pl.col("periodic") + pl.col("funeral"))
    return complete(rows.drop("grant", "wait", "needed", "multiple", "part"), "total")


def temporary_disability(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: `date, segment, wage, months` (whole months unable to work). Out: `by_month` (List[Int64]), `total`.

    From 2 Dec 2019: 100 % for twelve months, then 50 %; before: 100 %, 75 % from the seventh, 50 % from the thirteenth.
    """
    law = law or store.current()
    rows = given(frame, {"date": pl.Date, "segment": pl.String, "wage": pl.Int64, "months": pl.Int64})
    rows = rows.with_columns(
        error=first(*dated(), *listed("segment", SEGMENTS), *money("wage"), *months("months"))
    )
    rows = _by_month(insured_wage(rows, law), law, "benefit.temporary_share", "insured_wage", "months")
    rows = rows.with_columns(used=used(("benefit.temporary_share", True), (_BRACKET, _BPU)))
    return complete(rows, "total")


def _by_month(rows: pl.DataFrame, law: store.Law, id_: str, wage: str, count: str) -> pl.DataFrame:
    """`by_month` and `total`: the share of each month by its number, each rounded; null where `error` is set."""
    parts = pl.lit(None, dtype=pl.List(pl.Int64))
    for interval in law[id_].intervals:
        if interval.block is None:
            continue
        steps: Any = interval.block.value
        lists = []
        for step, following in zip(steps, [*steps[1:], None], strict=True):
            last = pl.min_horizontal(count, following["from_month"] - 1) if following else pl.col(count)
            repeat = (last - step["from_month"] + 1).clip(0).fill_null(0)
            lists.append(
                share(pl.col(wage), step["share"]).repeat_by(pl.when(_FINE).then(repeat).otherwise(0))
            )
        parts = pl.when(pl.col("date") >= interval.first).then(pl.concat_list(lists)).otherwise(parts)
    rows = rows.with_columns(by_month=pl.when(_FINE).then(parts))
    return rows.with_columns(total=pl.col("by_month").list.sum())


def permanent_disability(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: `date, segment, wage, type`, `table_parts` and `function_loss_parts` (parts per million of the whole).

    Out: `grant, periodic, total`. Anatomical: table × 80 wages; functional: × loss of function; total: 70 % × 80 wages
    and the periodic grant. PP 44/2015 and PP 82/2019 Lampiran III.
    """
    law = law or store.current()
    rows = given(frame, {"date": pl.Date, "segment": pl.String, "wage": pl.Int64, "type": pl.String,
                         "table_parts": pl.Int64, "function_loss_parts": pl.Int64})  # fmt: skip
    total, functional = pl.col("type") == "total", pl.col("type") == "functional"
    table, loss = pl.col("table_parts"), pl.col("function_loss_parts")
    rows = rows.with_columns(
        error=first(
            *dated(),
            *listed("segment", SEGMENTS),
            *listed("type", DISABILITIES),
            *money("wage"),
            (~total & table.is_null(), "table_percent.missing"),
            (functional & loss.is_null(), "function_loss_percent.missing"),
            (~table.is_between(0, PER_MILLION) | ~loss.is_between(0, PER_MILLION), "percent.outside"),
        )
    )
    rows = law.at(insured_wage(rows, law), on="date", multiple="benefit.disability_multiple",
                  whole="benefit.total_disability_share", berkala="benefit.periodic")  # fmt: skip
    wages = pl.col("insured_wage") * pl.col("multiple")
    grant = (
        pl.when(total).then(share(wages, pl.col("whole")))
        .when(functional).then(share(wages, table, loss))
        .otherwise(share(wages, table))
    )  # fmt: skip
    rows = rows.with_columns(
        *_only_fine(
            grant=grant, periodic=pl.when(total).then("berkala").otherwise(pl.lit(0, dtype=pl.Int64))
        ),
        used=used(
            ("benefit.disability_multiple", True),
            ("benefit.total_disability_share", total),
            ("benefit.periodic", total),
            (_BRACKET, _BPU),
        ),
    )
    rows = rows.with_columns(total=pl.col("grant") + pl.col("periodic"))
    return complete(rows.drop("multiple", "whole", "berkala"), "total")


def pension(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: `date` (first month of pension, its first day), `contribution_months`, `average_monthly_wage` (indexed).

    Out: `monthly` (1 % × years × average wage, within the limits of that year), or `lump_sum` true below 180 months.
    PP 45/2015 Pasal 17–18.
    """
    law = law or store.current()
    rows = given(frame, {"date": pl.Date, "contribution_months": pl.Int64, "average_monthly_wage": pl.Int64})
    rows = law.at(rows, on="date", needed="benefit.pension_months", rate="benefit.pension_rate",
                  least=("benefit.pension_limit", "minimum"), most=("benefit.pension_limit", "maximum"))  # fmt: skip
    lump = pl.col("contribution_months") < pl.col("needed")
    rows = rows.with_columns(
        error=first(
            *dated(),
            (pl.col("date").dt.day() != 1, "date.not_first_of_month"),
            *months("contribution_months"),
            *money("average_monthly_wage"),
            (~lump & pl.col("least").is_null(), "pension_limit.not_published"),
        )
    )
    rows = rows.with_columns(
        *_only_fine(monthly=pl.when(~lump).then(_pension_amount()), lump_sum=lump),
        used=used(
            ("benefit.pension_months", True),
            ("benefit.pension_rate", ~lump),
            ("benefit.pension_limit", ~lump),
            ("benefit.pension_limit_first_month", ~lump),
        ),
    )
    return complete(rows.drop("needed", "rate", "least", "most"), "monthly", "lump_sum")


def _pension_amount(count: str = "contribution_months") -> pl.Expr:
    """1 % × months / 12 × average monthly wage, rounded once, within the limits."""
    per = 12 * PER_MILLION
    product = pl.col("average_monthly_wage").cast(pl.Int128) * pl.col(count) * pl.col("rate")
    exact = ((product + per // 2) // per).cast(pl.Int64)
    return pl.max_horizontal(pl.min_horizontal(exact, "most"), "least")


def survivors(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: as `pension`, with `heir` (spouse, child, parent) and `density_parts` (share of months paid, per million).

    Out: `monthly` (half of the formula, a fifth for parents; under fifteen years counted as fifteen) or `lump_sum`
    when less than a year or less than 80 % of the months were paid. PP 45/2015.
    """
    law = law or store.current()
    rows = given(frame, {"date": pl.Date, "contribution_months": pl.Int64, "average_monthly_wage": pl.Int64,
                         "heir": pl.String, "density_parts": pl.Int64})  # fmt: skip
    rows = law.at(rows, on="date", at_least="benefit.survivor_minimum_months", rate="benefit.pension_rate",
                  year="benefit.survivor_months", dense="benefit.survivor_density",
                  least=("benefit.pension_limit", "minimum"), most=("benefit.pension_limit", "maximum"),
                  **{heir: ("benefit.survivor_share", heir) for heir in HEIRS})  # fmt: skip
    lump = (pl.col("contribution_months") < pl.col("year")) | (pl.col("density_parts") < pl.col("dense"))
    rows = rows.with_columns(
        counted=pl.max_horizontal("contribution_months", "at_least"),
        error=first(
            *dated(),
            *listed("heir", HEIRS),
            *months("contribution_months"),
            *money("average_monthly_wage"),
            (pl.col("density_parts").is_null(), "density.missing"),
            (~pl.col("density_parts").is_between(0, PER_MILLION), "percent.outside"),
            (~lump & pl.col("least").is_null(), "pension_limit.not_published"),
        ),
    )
    part = pl.coalesce(*(pl.when(pl.col("heir") == heir).then(heir) for heir in HEIRS))
    rows = rows.with_columns(
        *_only_fine(monthly=pl.when(~lump).then(share(_pension_amount("counted"), part)), lump_sum=lump),
        used=used(*((f"benefit.{id_}", True) for id_ in (
            "survivor_share", "survivor_months", "survivor_density", "survivor_minimum_months", "pension_rate",
            "pension_limit", "pension_limit_first_month"))),
    )  # fmt: skip
    rows = rows.drop("at_least", "counted", "rate", "year", "dense", "least", "most", *HEIRS)
    return complete(rows, "monthly", "lump_sum")


def pension_age(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: `date`. Out: `age`, the retirement age on that day (PP 45/2015 Pasal 15)."""
    law = law or store.current()
    rows = given(frame, {"date": pl.Date}).with_columns(error=first(*dated()))
    rows = law.at(rows, on="date", age="benefit.pension_age")
    rows = rows.with_columns(*_only_fine(age=pl.col("age")), used=used(("benefit.pension_age", True)))
    return complete(rows, "age")


def job_loss(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """JKP. In: `date` (dismissal), `wage`, `months_of_24` paid in the last 24, `consecutive_months` before the dismissal.

    Out: `by_month`, `total`, `eligible`. PP 37/2021; from 7 Feb 2025 PP 6/2025: 60 % of at most 5,000,000, six months.
    """
    law = law or store.current()
    rows = given(
        frame, {"date": pl.Date, "wage": pl.Int64, "months_of_24": pl.Int64, "consecutive_months": pl.Int64}
    )
    rows = law.at(rows, on="date", ceiling="benefit.job_loss_ceiling", record="benefit.job_loss_record",
                  unbroken="benefit.job_loss_consecutive", longest="benefit.job_loss_months")  # fmt: skip
    rows = rows.with_columns(
        error=first(
            *dated(),
            (pl.col("ceiling").is_null(), "job_loss.not_yet"),
            *money("wage"),
            *months("months_of_24"),
            *months("consecutive_months", pl.col("unbroken") > 0),
        ),
        eligible=(pl.col("months_of_24") >= pl.col("record"))
        & (pl.col("consecutive_months").fill_null(0) >= pl.col("unbroken")),
    )
    rows = rows.with_columns(
        capped=pl.min_horizontal("wage", "ceiling"), paid=pl.when("eligible").then("longest").otherwise(0)
    )
    rows = _by_month(rows, law, "benefit.job_loss_share", "capped", "paid")
    ids = ("job_loss_share", "job_loss_months", "job_loss_ceiling", "job_loss_record", "job_loss_consecutive")
    rows = rows.with_columns(
        *_only_fine(eligible=pl.col("eligible")), used=used(*((f"benefit.{i}", True) for i in ids))
    )
    return rows.drop("ceiling", "record", "unbroken", "longest", "capped", "paid")


def transport(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: `date`, `modes` (List of land, sea, air) and `cost`. Out: `cap` (caps of the modes added) and `paid`."""
    law = law or store.current()
    modes = ("land", "sea", "air")
    rows = given(frame, {"date": pl.Date, "modes": pl.List(pl.String), "cost": pl.Int64})
    unknown = (
        pl.col("modes").list.set_difference(pl.lit(list(modes), dtype=pl.List(pl.String))).list.len() > 0
    )
    rows = rows.with_columns(
        error=first(*dated(), (pl.col("modes").list.len().fill_null(0) == 0, "mode.missing"),
                    (unknown, "mode.unknown"), *money("cost"))
    )  # fmt: skip
    rows = law.at(rows, on="date", **{mode: ("benefit.transport_cap", mode) for mode in modes})
    cap = pl.sum_horizontal(
        pl.when(pl.col("modes").list.contains(pl.lit(m))).then(m).otherwise(0) for m in modes
    )
    rows = rows.with_columns(*_only_fine(cap=cap), used=used(("benefit.transport_cap", True)))
    return rows.with_columns(paid=pl.min_horizontal("cap", pl.when(_FINE).then("cost"))).drop(*modes)
