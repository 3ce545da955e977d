"""Contributions: what one month of a person costs by law, for one row or ten million.

Everything but the money makes a *case* (month, segment, programmes, class, payer, sector …). There are few distinct
cases, so rules and dates are decided once per case, on a small frame, and joined to the rows; what is left per row is
integer arithmetic: base × rate × relief, rounded once, half up, to the whole rupiah.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from lindung.base.money import LARGEST, PER_MILLION, round_half_up
from lindung.base.refused import Refused
from lindung.law import store
from lindung.law.cases import (
    DAYS,
    HAS,
    KNOWN,
    LINES,
    MISSING,
    NONE_ASKED,
    PARTS,
    PAYERS,
    RATES,
    RISK_CLASSES,
    SECTORS,
    SEGMENTS,
    UNKNOWN,
    asked,
    decide,
)  # fmt: skip
from lindung.law.rows import used

__all__ = [
    "AMOUNTS",
    "COLUMNS",
    "HAS",
    "LINES",
    "PAYERS",
    "RISK_CLASSES",
    "SECTORS",
    "SEGMENTS",
    "compute",
    "corrections",
    "recomposition",
]

COLUMNS = {
    "segment": pl.String, "programmes": pl.String, "month": pl.Date, "wage": pl.Int64, "contract_value": pl.Int64,
    "risk_class": pl.String, "payer": pl.String, "sector": pl.String, "labour_intensive": pl.Boolean,
}  # fmt: skip
AMOUNTS = ("base", *LINES, "total")

_SLICE = 1_000_000  # rows at a time: intermediate columns stay small


def compute(frame: pl.DataFrame, *, law: store.Law | None = None, details: bool = False) -> pl.DataFrame:
    """`frame` with `base, jkk, jkm, jht_employer, jht_worker, jp_employer, jp_worker, total` (Int64, rupiah) and `error`.

    In: `segment` (PU, BPU, JAKON), `month` (Date, any day of it), `programmes` (List[String], or text or category like
    "JKK,JKM"), `wage` (integer; PU: monthly wage, BPU: monthly income, JAKON: wages when known; `income` is taken where
    `wage` is null), `contract_value` (JAKON), `risk_class` (I…V; PU with JKK), `payer` (BPU: needed where a relief
    covers the month), `sector` (BPU; default other), `labour_intensive` (PU; default false). A missing column is
    unknown; words may be String, Categorical or Enum; fields of another segment are ignored.

    Out: a programme that was not asked is null. A refused row has `error` (a code of law/texts.py) and null amounts:
    never zero for unknown. A row that comes with an `error` keeps it. `details` adds the rates (parts per million,
    relief included), the two reliefs, `jp_ceiling` and `used` (ids of the parameters the row rests on).
    Raises Refused("amount.not_whole") for money that is not integer.

    PP 44/2015 Pasal 16, 18 and Lampiran II; PP 45/2015 Pasal 28–29; PP 46/2015; PP 49/2020, 7/2025, 36/2025, 50/2025.
    """
    law = law or store.current()
    if frame.height <= _SLICE:
        return frame.with_columns(_amounts(frame, law, details))
    parts = [_amounts(frame.slice(at, _SLICE), law, details) for at in range(0, frame.height, _SLICE)]
    return frame.with_columns(pl.concat(parts))


def corrections(frame: pl.DataFrame, *, billed: store.Law, now: store.Law) -> pl.DataFrame:
    """The lines that correct a bill made under an older law: new minus old, per row and amount, zero lines left out.

    `frame` as for `compute`, with a `row` column added: out `row`, `line` (jkk, …), `billed`, `now`, `difference`.
    """
    numbered = frame.with_row_index("row") if "row" not in frame.columns else frame
    sides = [
        compute(numbered, law=law).unpivot(LINES, index="row", variable_name="line", value_name=name)
        for name, law in (("billed", billed), ("now", now))
    ]
    both = sides[0].join(sides[1], on=["row", "line"], how="inner", maintain_order="left")
    both = both.with_columns(difference=pl.col("now") - pl.col("billed"))
    return both.filter(pl.col("difference") != 0).sort("row", maintain_order=True)


def recomposition(frame: pl.DataFrame, *, law: store.Law | None = None) -> pl.DataFrame:
    """Where JKP's contribution comes from, for people registered in it: reported, never billed.

    In: `month` (Date), `wage`. Out: `jkp_from_jkk`, `jkp_from_jkm` (inside the bill), `jkp_government` (rupiah; null
    before JKP began), on wages up to JKP's ceiling. PP 37/2021 and PP 6/2025 Pasal 11; PP 49/2023 Pasal 16A.
    """
    law = law or store.current()
    shares = {"jkp_from_jkk": "JKK", "jkp_from_jkm": "JKM", "jkp_government": "government"}
    rates = {f"_{name}": ("contribution.jkp_recomposition", key) for name, key in shares.items()}
    rows = law.at(frame, on="month", _ceiling="benefit.job_loss_ceiling", **rates)
    base = pl.when(pl.col("_ceiling").is_not_null()).then(pl.min_horizontal("wage", "_ceiling"))
    rows = rows.with_columns(
        round_half_up(base * pl.col(f"_{name}"), PER_MILLION).alias(name) for name in shares
    )
    return rows.drop("_ceiling", *rates)


def _amounts(frame: pl.DataFrame, law: store.Law, details: bool) -> pl.DataFrame:
    rows = _coded(frame)
    cases = decide(rows["case"].unique(), law)
    rows = rows.join(cases.select(_needed(cases, details)), on="case", how="left", maintain_order="left")
    rows = rows.with_columns(error=_errors(frame, rows, cases))
    fine = pl.col("error").is_null()
    all_fine = rows["error"].null_count() == rows.height

    def where_fine(amount: pl.Expr) -> pl.Expr:
        return amount if all_fine else pl.when(fine).then(amount)

    bpu, base = pl.col("is_bpu"), pl.col("base")
    rows = rows.with_columns(base=where_fine(pl.when(bpu).then(_bracket_base(rows, law)).otherwise("money")))
    jp_base = where_fine(pl.min_horizontal(base, pl.col("jp_ceiling")))
    lines = {line: round_half_up(base * pl.col(f"{line}_rate"), PER_MILLION) for line in LINES[:4]}
    lines |= {line: round_half_up(jp_base * pl.col(f"{line}_rate"), PER_MILLION) for line in LINES[4:]}
    lines["jkm"] = pl.coalesce(where_fine(pl.col("jkm_flat")), lines["jkm"])
    rows = _contract_lines(rows.with_columns(**lines), law)
    rows = rows.with_columns(total=where_fine(pl.sum_horizontal(LINES)))
    if not details:
        return rows.select(*AMOUNTS, "error")
    exact = [base * pl.col(rate) % PER_MILLION == 0 for rate in RATES[:4]]
    exact += [jp_base * pl.col(rate) % PER_MILLION == 0 for rate in RATES[4:]]
    rows = rows.with_columns(
        used=used(
            (pl.col("used"), fine),
            (pl.format("contribution.bpu_bracket#{}", base), bpu & fine),
            ("contribution.rounding_unit", ~pl.all_horizontal(e.fill_null(value=True) for e in exact)),
        )
    )
    return rows.select(
        *AMOUNTS, "error", *RATES, "jkm_flat", "relief_jkk", "relief_jkm", "jp_ceiling", "used"
    )


def _needed(cases: pl.DataFrame, details: bool) -> list[str]:
    """The columns of the cases that this slice has a use for: joining costs more than computing."""
    without: set[str] = set() if details else {"used"}
    if cases["error"].null_count() == cases.height:
        without.add("error")
    if not details and cases["layers"].null_count() == cases.height:
        without |= {"layers", "relief_jkk", "relief_jkm", "asks_jkk", "asks_jkm"}
    return [name for name in cases.columns if name not in without]


def _errors(frame: pl.DataFrame, rows: pl.DataFrame, cases: pl.DataFrame) -> pl.Series:
    """Why each row is refused, or null. Text is only handled when there is anything to say."""
    given = "error" in frame.columns and frame["error"].null_count() < frame.height
    amounts = [rows["money"], *([frame["contract_value"]] if "contract_value" in frame.columns else [])]
    usable = rows["money"].null_count() == 0 and all(
        (a.min() or 0) >= 0 and (a.max() or 0) <= LARGEST  # type: ignore[operator]
        for a in amounts
    )
    if usable and not given and cases["error"].null_count() == cases.height:
        return pl.Series("error", [None], dtype=pl.String).new_from_index(0, rows.height)
    money = pl.col("money")
    jakon = pl.col("is_jakon")
    contract = _money(frame["contract_value"]) if "contract_value" in frame.columns else rows["money"]
    both = (money, pl.when(jakon).then("contract"))
    unusable = (
        pl.when(pl.min_horizontal(both) < 0).then(pl.lit("amount.negative"))
        .when(pl.max_horizontal(both) > LARGEST).then(pl.lit("amount.too_large"))
        .when(money.is_null() & jakon).then(pl.lit("contract_value.missing"))
        .when(money.is_null()).then(pl.lit("wage.missing"))
    )  # fmt: skip
    named = (
        frame["error"].cast(pl.String)
        if given
        else pl.Series([None], dtype=pl.String).new_from_index(0, rows.height)
    )
    rows = rows if "error" in rows.columns else rows.with_columns(error=pl.lit(None, dtype=pl.String))
    reasons = rows.select("money", "is_jakon", case="error", contract=contract, given=named)
    return reasons.select(error=pl.coalesce("given", "case", unusable))["error"]


def _coded(frame: pl.DataFrame) -> pl.DataFrame:
    """Per row: the number of its `case`, and its `money`."""

    def given(name: str, dtype: Any) -> pl.Series:
        if name not in frame.columns:
            return pl.Series(name, [None], dtype=dtype).new_from_index(0, frame.height)
        return frame[name]

    segment = _word(given("segment", pl.String), SEGMENTS)
    wage = _money(given("wage", pl.Int64))
    if "income" in frame.columns:
        wage = _money(frame["income"]).zip_with(wage.is_null(), wage)
    by_contract = (segment == KNOWN + SEGMENTS.index("JAKON")) & wage.is_null()
    parts = {
        "contract": by_contract,
        "labour": given("labour_intensive", pl.Boolean).fill_null(value=False),
        "sector": _word(given("sector", pl.String), SECTORS),
        "payer": _word(given("payer", pl.String), PAYERS),
        "risk": _word(given("risk_class", pl.String), RISK_CLASSES),
        "programmes": _programmes(given("programmes", pl.String)),
        "segment": segment,
    }
    month = given("month", pl.Date).cast(pl.Date)
    number = month.to_physical().cast(pl.Int64) + DAYS  # a day stands for its month
    rows = pl.DataFrame({"month": number.fill_null(0), **parts})
    case = pl.col("month")
    for name, size in reversed(PARTS):
        case = case * size + pl.col(name)
    if by_contract.any():
        wage = _money(given("contract_value", pl.Int64)).zip_with(by_contract, wage)
    return rows.select(case=case, money=wage)


def _money(series: pl.Series) -> pl.Series:
    if series.dtype == pl.UInt64:
        series = series.clip(upper_bound=2 * LARGEST)
    if series.dtype == pl.Null or series.dtype.is_integer():
        return series.cast(pl.Int64)
    raise Refused("amount.not_whole", {"column": series.name, "kind": str(series.dtype)})


def _word(series: pl.Series, known: tuple[str, ...]) -> pl.Series:
    codes = series.cast(pl.Enum(known), strict=False).to_physical().cast(pl.Int8) + KNOWN
    if codes.null_count() == series.null_count():
        return codes.fill_null(MISSING)
    return codes.fill_null(UNKNOWN).zip_with(series.is_not_null(), pl.Series([MISSING], dtype=pl.Int8))


def _programmes(series: pl.Series) -> pl.Series:
    """The asked programmes as a number: the sum of their bits, or why there is none."""
    if isinstance(series.dtype, pl.List):
        as_text = series if series.dtype.inner == pl.String else series.cast(pl.List(pl.String))
        series = as_text.list.join(",", ignore_nulls=False)
    kind = series.dtype
    if not isinstance(kind, pl.Enum):
        series = series.cast(pl.String)
        kind = pl.Enum(series.unique().drop_nulls())
        series = series.cast(kind)
    masks = pl.Series([asked(text) for text in kind.categories], dtype=pl.Int8)
    return masks.gather(series.to_physical()).fill_null(NONE_ASKED)


def _bracket_base(rows: pl.DataFrame, law: store.Law) -> pl.Expr:
    """The base of the BPU income bracket: from ≤ income < next from (PP 44/2015 Lampiran II)."""
    result = pl.lit(None, dtype=pl.Int64)
    for first in rows["bracket"].unique().drop_nulls():
        table = law.value("contribution.bpu_bracket", first)
        lower = pl.Series([row["from"] for row in table], dtype=pl.Int64)
        bases = pl.Series([None, *(row["base"] for row in table)], dtype=pl.Int64)
        place = pl.lit(lower).search_sorted(pl.col("money"), side="right")
        result = pl.when(pl.col("bracket") == first).then(pl.lit(bases).gather(place)).otherwise(result)
    return result


def _contract_lines(rows: pl.DataFrame, law: store.Law) -> pl.DataFrame:
    """JKK and JKM of a construction contract: each rate on its own slice of the value, then one rounding."""
    if "layers" not in rows.columns or rows["layers"].null_count() == rows.height:
        return rows
    rows = rows.with_row_index("at")
    places = rows.filter(pl.col("layers").is_not_null() & pl.col("error").is_null())
    done = {"jkk": rows["jkk"].clone(), "jkm": rows["jkm"].clone()}
    for (first, jkk, jkm), group in places.group_by("layers", "relief_jkk", "relief_jkm"):
        table = law.value("contribution.jakon_layer", first)
        for line, programme, relief in (("jkk", "JKK", jkk), ("jkm", "JKM", jkm)):
            those = group.filter(pl.col(f"asks_{line}"))
            amounts = those.select(
                round_half_up(_layered(pl.col("money"), table, programme, relief), PER_MILLION)
            )
            done[line].scatter(those["at"], amounts.to_series())
    return rows.with_columns(**done).drop("at")


def _layered(value: pl.Expr, table: Any, programme: str, relief: int) -> pl.Expr:
    total = pl.lit(0, dtype=pl.Int64)
    for layer, following in zip(table, [*table[1:], None], strict=True):
        width = following["above"] - layer["above"] if following else LARGEST
        total = total + (value - layer["above"]).clip(0, width) * _exact(layer[programme], relief)
    return total


def _exact(rate: int, relief: int) -> int:
    parts, rest = divmod(rate * relief, PER_MILLION)
    if rest:
        raise Refused("rate.not_exact", {"value": f"{rate} × {relief} / 1000000²"})
    return parts
