"""Duties: which programmes, what size of employer, which sanction when. A city punishes nobody: BPJS writes and asks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import polars as pl

from lindung.law import store
from lindung.law.clocks import working_days_later
from lindung.law.rows import dated, first, given, listed, share, used
from lindung.law.schema import BY, PROGRAMMES

SCALES = BY["scale"]
EMPLOYERS = (
    "private",
    "state",
    "self",
    "self_employing",
)  # self: BPU; self_employing: BPU who employs others
NON_ASN_JHT = ("compulsory", "optional", "off")  # what the city's rule says: the sources disagree


def programmes(
    frame: pl.DataFrame, *, non_asn_jht: str = "off", law: store.Law | None = None
) -> pl.DataFrame:
    """In: `on`, `employer` (private, state, self, self_employing), `scale` (private). Out: `compulsory, optional`.

    Both List[String]; `disputed` is true where the sources disagree (JHT of non-ASN), and the city's setting
    `non_asn_jht` (compulsory, optional, off) decides. Perpres 109/2013 Pasal 6(3)–(4); Permenaker 5/2021 Pasal 31–32;
    Permenaker 1/2025 Pasal 3A.
    """
    law = law or store.current()
    if non_asn_jht not in NON_ASN_JHT:
        raise ValueError(non_asn_jht)
    rows = given(frame, {"on": pl.Date, "employer": pl.String, "scale": pl.String})
    private, state = pl.col("employer") == "private", pl.col("employer") == "state"
    error = first(*dated("on"), *listed("employer", EMPLOYERS), (private & pl.col("scale").is_null(), "scale.missing"),
                  (private & ~pl.col("scale").is_in(SCALES), "scale.unknown"))  # fmt: skip
    asked = rows.select("on", "employer", "scale", error=error).unique()
    found = [
        (None, None, error) if error else _duty(on, employer, scale, non_asn_jht, law)
        for on, employer, scale, error in asked.iter_rows()
    ]
    kind = pl.List(pl.String)
    answers = asked.drop("error").with_columns(
        pl.Series("compulsory", [f[0] for f in found], dtype=kind),
        pl.Series("optional", [f[1] for f in found], dtype=kind),
        pl.Series("error", [f[2] for f in found], dtype=pl.String),
    )
    rows = rows.join(
        answers, on=["on", "employer", "scale"], how="left", nulls_equal=True, maintain_order="left"
    )
    return rows.with_columns(
        disputed=state & (pl.col("on") >= law["duty.programmes_non_asn"].intervals[-1].first),
        used=used(("duty.programmes_compulsory", private), ("duty.programmes_optional", private),
                  ("duty.programmes_non_asn", state), ("duty.programmes_bpu", pl.col("employer") == "self"),
                  ("duty.programmes_bpu_employer", pl.col("employer") == "self_employing")),
    )  # fmt: skip


def _duty(
    on: date, employer: str, scale: str, non_asn_jht: str, law: store.Law
) -> tuple[list[str] | None, list[str] | None, str | None]:
    ids = {"state": "duty.programmes_non_asn", "self": "duty.programmes_bpu", "self_employing": "duty.programmes_bpu_employer",
           "private": "duty.programmes_compulsory"}  # fmt: skip
    block = law[ids[employer]].block(on)
    if block is None:
        return None, None, "duty.not_yet"
    if employer == "private":
        optional = law.value("duty.programmes_optional", on, scale)
        return list(block.value[scale]), list(optional), None
    compulsory, optional = list(block.value), []
    if employer == "state" and non_asn_jht != "off":
        (compulsory if non_asn_jht == "compulsory" else optional).append("JHT")
    if employer == "self":
        optional.append("JHT")
    return sorted(compulsory, key=PROGRAMMES.index), optional, None


def scales(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """In: `on`, `capital` (without land and buildings) or `yearly_sales`, in rupiah. Out: `scale`, `error`.

    The capital decides when both are known. PP 7/2021, from 2 Feb 2021.
    """
    law = law or store.current()
    rows = given(frame, {"on": pl.Date, "capital": pl.Int64, "yearly_sales": pl.Int64})
    sizes = ("micro", "small", "medium")
    limits = {
        f"_{kind}_{size}": (f"duty.scale_{kind}", size) for kind in ("capital", "sales") for size in sizes
    }
    rows = law.at(rows, on="on", **limits)

    def by(amount: str, kind: str) -> pl.Expr:
        fits = (pl.when(pl.col(amount) <= pl.col(f"_{kind}_{size}")).then(pl.lit(size)) for size in sizes)
        return pl.when(pl.col(amount).is_not_null()).then(pl.coalesce(*fits, pl.lit("large")))

    rows = rows.with_columns(
        error=first(
            *dated("on"),
            (pl.col("_capital_micro").is_null(), "scale.before_law"),
            (pl.col("capital").is_null() & pl.col("yearly_sales").is_null(), "scale.missing"),
            ((pl.col("capital") < 0) | (pl.col("yearly_sales") < 0), "amount.negative"),
        )
    )
    scale = pl.coalesce(by("capital", "capital"), by("yearly_sales", "sales"))
    rows = rows.with_columns(scale=pl.when(pl.col("error").is_null()).then(scale))
    return rows.drop(limits)


def sanctions(
    frame: pl.DataFrame, *, holidays: Iterable[date] = (), law: store.Law | None = None
) -> pl.DataFrame:
    """The steps against an employer other than the state. In: `warned_on` (first written warning), `contribution` due.

    Out: `second_warning_from`, `fine_from`, `fine_until` (Dates), `fine_per_month` (0.1 % of the contribution),
    `public_services_from`. UU 24/2011 Pasal 17; PP 86/2013.
    """
    law = law or store.current()
    days = tuple(holidays)
    rows = given(frame, {"warned_on": pl.Date, "contribution": pl.Int64})
    rows = rows.with_columns(
        error=first(*dated("warned_on"), (pl.col("contribution").is_null(), "contribution.missing"),
                    (pl.col("contribution") < 0, "amount.negative"))
    )  # fmt: skip
    rows = law.at(
        rows, on="warned_on", _warning="duty.warning_days", _fine="duty.fine_rate", _days="duty.fine_days"
    )
    fine = pl.col("error").is_null()
    second = working_days_later(pl.col("warned_on"), pl.col("_warning"), days)
    rows = rows.with_columns(second_warning_from=pl.when(fine).then(second))
    ends = working_days_later(pl.col("second_warning_from"), pl.col("_warning"), days)
    rows = rows.with_columns(
        fine_from=ends, fine_per_month=pl.when(fine).then(share(pl.col("contribution"), pl.col("_fine")))
    )
    rows = rows.with_columns(fine_until=pl.col("fine_from") + pl.duration(days=pl.col("_days")))
    return rows.with_columns(
        public_services_from=pl.col("fine_until") + pl.duration(days=1),
        used=used(("duty.warning_days", True), ("duty.fine_rate", True), ("duty.fine_days", True)),
    ).drop("_warning", "_fine", "_days")


def paid_in_arrears(months_behind: int, on: date, *, law: store.Law | None = None) -> str:
    """Who pays JKK or JKM of a PU whose employer is behind: "bpjs" (up to three months) or "employer" (claims back)."""
    return (
        "bpjs"
        if months_behind <= (law or store.current()).value("clock.pu_arrears_months", on)
        else "employer"
    )
