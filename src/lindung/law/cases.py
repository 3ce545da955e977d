"""What a contribution costs, decided once per case: a month, a segment, programmes, class, payer, sector, relief.

A case is a number, mixed of the codes of its parts; `decide` turns numbers into rates, ceilings and reasons to refuse.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from lindung.base.money import PER_MILLION
from lindung.base.refused import Refused
from lindung.law import store
from lindung.law.rows import used
from lindung.law.schema import BY, PROGRAMMES

SEGMENTS = ("PU", "BPU", "JAKON")
PAYERS = ("employer", "self", "APBD", "APBN", "APBDes", "donor")
SECTORS = ("transport", "other")
RISK_CLASSES = BY["risk_class"]
HAS = {"PU": ("JKK", "JKM", "JHT", "JP"), "BPU": ("JKK", "JKM", "JHT"), "JAKON": ("JKK", "JKM")}
FROM_STATE = ("APBD", "APBN")  # PP 50/2025 Pasal 3: whoever they pay for gets no relief
LINES = ("jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker")
RATES = tuple(f"{line}_rate" for line in LINES)

MISSING, UNKNOWN, KNOWN = 0, 1, 2  # how a word is coded: missing, not listed, 2 + its place in the list
_BIT = {programme: 1 << place for place, programme in enumerate(PROGRAMMES)}
NONE_ASKED, UNKNOWN_ASKED, JKP_ASKED = 0, 16, 17
DAYS = 1_000_000  # added to a date's number, which may be negative; 0 is left for a missing month
PARTS = (  # of a case's number: name and how many values it takes, the fastest-turning first
    ("contract", 2), ("labour", 2), ("sector", 4), ("payer", 8), ("risk", 7), ("programmes", 18), ("segment", 5),
)  # fmt: skip


def asked(text: str) -> int:
    names = {name.strip() for name in text.split(",")} - {""}
    if "JKP" in names and names <= {*PROGRAMMES, "JKP"}:
        return JKP_ASKED
    if not names <= set(PROGRAMMES):
        return UNKNOWN_ASKED
    return sum(_BIT[name] for name in names)


@lru_cache(maxsize=4096)
def _terms(law: store.Law, month: date) -> dict[str, Any]:
    """Every value of a month that a contribution may need; None where the law has none."""

    def get(id_: str, key: str | None = None) -> Any:
        block = law[f"contribution.{id_}"].block(month)
        return None if block is None else block.value if key is None else block.value[key]

    def since(id_: str) -> date | None:
        block = law[f"contribution.{id_}"].block(month)
        return block.from_ if block else None

    return {
        **{f"jkk_{risk}": get("jkk_pu", risk) for risk in RISK_CLASSES},
        **{id_: get(id_) for id_ in ("jkm_pu", "jkk_bpu", "jkm_bpu", "jht_pu_employer", "jht_pu_worker", "jht_bpu",
                                     "jp_employer", "jp_worker", "jp_ceiling", "relief_labour_intensive")},
        **{f"{id_}_{p}": get(id_, p) for p in ("JKK", "JKM")
           for id_ in ("jakon_wage", "relief_2020", "relief_bpu_transport", "relief_bpu_other")},
        "bracket_since": since("bpu_bracket"),
        "layers_since": since("jakon_layer"),
    }  # fmt: skip


def decide(numbers: pl.Series, law: store.Law) -> pl.DataFrame:
    """Rules and dates, decided once per distinct case."""
    cases = pl.DataFrame({"case": numbers, "rest": numbers})
    for name, size in PARTS:
        cases = cases.with_columns(pl.col("rest").mod(size).alias(name), rest=pl.col("rest") // size)
    day = pl.when(pl.col("rest") != 0).then(pl.col("rest") - DAYS).cast(pl.Int32).cast(pl.Date)
    cases = cases.with_columns(month=day.dt.truncate("1mo")).drop("rest")
    terms = [{"month": m, **_terms(law, m)} for m in cases["month"].unique().drop_nulls()]
    cases = cases.join(_frame_of_terms(terms), on="month", how="left", maintain_order="left")

    segment, mask, payer = pl.col("segment"), pl.col("programmes"), pl.col("payer")
    pu, bpu, jakon = (segment == KNOWN + place for place in range(len(SEGMENTS)))
    asks = {programme: (mask < UNKNOWN_ASKED) & ((mask & bit) != 0) for programme, bit in _BIT.items()}
    transport = pl.col("sector") == KNOWN + SECTORS.index("transport")
    from_state = payer.is_in([KNOWN + PAYERS.index(name) for name in FROM_STATE])
    bpu_relief = {
        p: pl.when(transport).then(f"relief_bpu_transport_{p}").otherwise(f"relief_bpu_other_{p}")
        for p in ("JKK", "JKM")
    }
    whole = pl.lit(PER_MILLION, dtype=pl.Int64)
    relief = {
        p: pl.coalesce(
            pl.when(pu & (pl.col("labour") == 1) & (p == "JKK")).then("relief_labour_intensive"),
            pl.when(bpu & ~from_state).then(bpu_relief[p]),
            f"relief_2020_{p}",
            whole,
        )
        for p in ("JKK", "JKM")
    }
    relieved = bpu & (asks["JKK"] | asks["JKM"]) & pl.any_horizontal(
        pl.col("relief_2020_JKK").is_not_null(), bpu_relief["JKK"].is_not_null()
    )  # fmt: skip
    cases = cases.with_columns(
        relief_jkk=relief["JKK"],
        relief_jkm=relief["JKM"],
        error=_case_error(asks, pu, bpu, jakon, relieved),
        is_bpu=bpu,
        is_jakon=jakon,
        asks_jkk=asks["JKK"],
        asks_jkm=asks["JKM"],
    )
    by_risk = pl.coalesce(
        *(pl.when(pl.col("risk") == KNOWN + i).then(f"jkk_{risk}") for i, risk in enumerate(RISK_CLASSES))
    )
    by_contract = pl.col("contract") == 1
    jkk = pl.when(pu).then(by_risk).when(bpu).then("jkk_bpu").when(~by_contract).then("jakon_wage_JKK")
    jkm = pl.when(pu).then("jkm_pu").when(jakon & ~by_contract).then("jakon_wage_JKM")
    fine = pl.col("error").is_null()
    cases = cases.with_columns(
        jkk_rate=pl.when(fine & asks["JKK"]).then(jkk * pl.col("relief_jkk")),
        jkm_rate=pl.when(fine & asks["JKM"]).then(jkm * pl.col("relief_jkm")),
        jkm_flat=pl.when(fine & asks["JKM"] & bpu).then(pl.col("jkm_bpu") * pl.col("relief_jkm")),
        jht_employer_rate=pl.when(fine & asks["JHT"] & pu).then("jht_pu_employer"),
        jht_worker_rate=pl.when(fine & asks["JHT"]).then(
            pl.when(pu).then("jht_pu_worker").otherwise("jht_bpu")
        ),
        jp_employer_rate=pl.when(fine & asks["JP"]).then("jp_employer"),
        jp_worker_rate=pl.when(fine & asks["JP"]).then("jp_worker"),
        jp_ceiling=pl.when(fine & asks["JP"]).then("jp_ceiling"),
        bracket=pl.when(fine & bpu).then("bracket_since"),
        layers=pl.when(fine & jakon & by_contract).then("layers_since"),
    )
    # only the law as known on an early day has gaps; there, unknown is an error and never a line left out
    needed = {
        "jkk_rate": asks["JKK"] & ~by_contract, "jkm_rate": asks["JKM"] & ~bpu & ~by_contract, "jkm_flat": asks["JKM"] & bpu,
        "jht_worker_rate": asks["JHT"], "jp_worker_rate": asks["JP"], "bracket": bpu, "layers": jakon & by_contract,
    }  # fmt: skip
    gap = pl.any_horizontal(asked_for & pl.col(name).is_null() for name, asked_for in needed.items())
    cases = cases.with_columns(
        error=pl.coalesce("error", pl.when(fine & gap).then(pl.lit("law.nothing_known")))
    )
    cases = cases.with_columns(used=_used(asks, pu, bpu, jakon, from_state, transport))
    with_relief = ("jkk_rate", "jkm_rate", "jkm_flat")
    if cases.select(
        pl.any_horizontal((pl.col(name) % PER_MILLION != 0).any() for name in with_relief)
    ).item():
        raise Refused("rate.not_exact", {"value": "rate × relief"})
    return cases.with_columns((pl.col(name) // PER_MILLION) for name in with_relief).select(
        "case", "error", "is_bpu", "is_jakon", "asks_jkk", "asks_jkm", *RATES, "jkm_flat", "jp_ceiling", "bracket", "layers",
        "relief_jkk", "relief_jkm", "used",
    )  # fmt: skip


def _used(
    asks: dict[str, pl.Expr],
    pu: pl.Expr,
    bpu: pl.Expr,
    jakon: pl.Expr,
    from_state: pl.Expr,
    transport: pl.Expr,
) -> pl.Expr:
    """The parameters that a case rests on, without the income bracket and the rounding, which the money decides."""
    either = asks["JKK"] | asks["JKM"]
    by_contract = pl.col("contract") == 1
    labour = pu & asks["JKK"] & (pl.col("labour") == 1) & pl.col("relief_labour_intensive").is_not_null()
    window = (
        pl.when(transport).then("relief_bpu_transport_JKK").otherwise("relief_bpu_other_JKK").is_not_null()
    )
    inferred = pl.col("payer").is_in([KNOWN + PAYERS.index(name) for name in ("employer", "APBDes", "donor")])
    pairs = (
        ("jkk_pu", pu & asks["JKK"]),
        ("jkk_bpu", bpu & asks["JKK"]),
        ("jkm_pu", pu & asks["JKM"]),
        ("jkm_bpu", bpu & asks["JKM"]),
        ("jakon_layer", jakon & by_contract),
        ("jakon_wage", jakon & ~by_contract),
        ("jht_pu_employer", pu & asks["JHT"]),
        ("jht_pu_worker", pu & asks["JHT"]),
        ("jht_bpu", bpu & asks["JHT"]),
        ("jp_employer", asks["JP"]),
        ("jp_worker", asks["JP"]),
        ("jp_ceiling", asks["JP"]),
        ("relief_2020", either & pl.col("relief_2020_JKK").is_not_null()),
        ("relief_labour_intensive", labour),
        ("relief_bpu_transport", bpu & either & transport & window),
        ("relief_bpu_other", bpu & either & ~transport & window),
        ("relief_bpu_not_paid_from_state", bpu & either & window & inferred),
    )
    return used(*((f"contribution.{id_}", when) for id_, when in pairs))


def _frame_of_terms(terms: list[dict[str, Any]]) -> pl.DataFrame:
    names = _terms(store.current(), store.BEGINNING)
    dates = ("month", "bracket_since", "layers_since")
    schema = {name: pl.Date if name in dates else pl.Int64 for name in ("month", *names)}
    return pl.DataFrame(terms, schema=schema)


def _case_error(
    asks: dict[str, pl.Expr], pu: pl.Expr, bpu: pl.Expr, jakon: pl.Expr, relieved: pl.Expr
) -> pl.Expr:
    """Why a case is refused, or null. The first reason counts."""
    mask, segment, risk, payer = (pl.col(name) for name in ("programmes", "segment", "risk", "payer"))
    has = {name: sum(_BIT[p] for p in programmes) for name, programmes in HAS.items()}
    foreign = (bpu & ((mask & ~pl.lit(has["BPU"])) != 0)) | (jakon & ((mask & ~pl.lit(has["JAKON"])) != 0))
    reasons = (
        (segment == MISSING, "segment.missing"),
        (segment == UNKNOWN, "segment.unknown"),
        (mask == NONE_ASKED, "programme.missing"),
        (mask == UNKNOWN_ASKED, "programme.unknown"),
        (mask == JKP_ASKED, "programme.not_billed"),
        (foreign, "programme.not_in_segment"),
        (pl.col("month").is_null(), "month.missing"),
        (pl.col("month") < store.BEGINNING, "month.before_law"),
        (pu & (risk == UNKNOWN), "risk_class.unknown"),
        (pu & (risk == MISSING) & asks["JKK"], "risk_class.missing"),
        ((pu | bpu) & (payer == UNKNOWN), "payer.unknown"),
        (bpu & (pl.col("sector") == UNKNOWN), "sector.unknown"),
        (relieved & (payer == MISSING), "payer.missing"),
        (asks["JP"] & pl.col("jp_ceiling").is_null(), "jp_ceiling.not_announced"),
    )
    return pl.coalesce(*(pl.when(condition).then(pl.lit(code)) for condition, code in reasons))
