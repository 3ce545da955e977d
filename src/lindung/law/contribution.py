"""Contributions: what one month of a person costs by law, for one row or ten million.

Everything but the money makes a *case* (month, segment, programmes, class, payer, sector …). There are few distinct
cases, so rules and dates are decided once per case, on a small frame, and joined to the rows; what is left per row is
integer arithmetic: base × rate × relief, rounded once, half up, to the whole rupiah.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from lindung.base.money import LARGEST, PER_MILLION, round_half_up
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
COLUMNS = {
    "segment": pl.String, "programmes": pl.String, "month": pl.Date, "wage": pl.Int64, "contract_value": pl.Int64,
    "risk_class": pl.String, "payer": pl.String, "sector": pl.String, "labour_intensive": pl.Boolean,
}  # fmt: skip
AMOUNTS = ("base", *LINES, "total")
RATES = tuple(f"{line}_rate" for line in LINES)

_SLICE = 1_000_000  # rows at a time: intermediate columns stay small
_MISSING, _UNKNOWN, _KNOWN = 0, 1, 2  # how a word is coded: missing, not listed, 2 + its place in the list
_BIT = {programme: 1 << place for place, programme in enumerate(PROGRAMMES)}
_MASK_MISSING, _MASK_UNKNOWN, _MASK_JKP = 0, 16, 17
_DAYS = 1_000_000  # added to a date's number, which may be negative; 0 is left for a missing month
_PARTS = (  # of a case's number: name and how many values it takes, the fastest-turning first
    ("contract", 2), ("labour", 2), ("sector", 4), ("payer", 8), ("risk", 7), ("programmes", 18), ("segment", 5),
)  # fmt: skip


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


# per row ------------------------------------------------------------------------------------------------------------


def _amounts(frame: pl.DataFrame, law: store.Law, details: bool) -> pl.DataFrame:
    rows = _coded(frame)
    cases = _cases(rows["case"].unique(), law)
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
    asked = rows.select("money", "is_jakon", case="error", contract=contract, given=named)
    return asked.select(error=pl.coalesce("given", "case", unusable))["error"]


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
    by_contract = (segment == _KNOWN + SEGMENTS.index("JAKON")) & wage.is_null()
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
    number = month.to_physical().cast(pl.Int64) + _DAYS  # a day stands for its month
    rows = pl.DataFrame({"month": number.fill_null(0), **parts})
    case = pl.col("month")
    for name, size in reversed(_PARTS):
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
    codes = series.cast(pl.Enum(known), strict=False).to_physical().cast(pl.Int8) + _KNOWN
    if codes.null_count() == series.null_count():
        return codes.fill_null(_MISSING)
    return codes.fill_null(_UNKNOWN).zip_with(series.is_not_null(), pl.Series([_MISSING], dtype=pl.Int8))


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
    masks = pl.Series([_mask(text) for text in kind.categories], dtype=pl.Int8)
    return masks.gather(series.to_physical()).fill_null(_MASK_MISSING)


def _mask(text: str) -> int:
    names = {name.strip() for name in text.split(",")} - {""}
    if "JKP" in names and names <= {*PROGRAMMES, "JKP"}:
        return _MASK_JKP
    if not names <= set(PROGRAMMES):
        return _MASK_UNKNOWN
    return sum(_BIT[name] for name in names)


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
            asked = group.filter(pl.col(f"asks_{line}"))
            amounts = asked.select(
                round_half_up(_layered(pl.col("money"), table, programme, relief), PER_MILLION)
            )
            done[line].scatter(asked["at"], amounts.to_series())
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


# per case -----------------------------------------------------------------------------------------------------------


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


def _cases(numbers: pl.Series, law: store.Law) -> pl.DataFrame:
    """Rules and dates, decided once per distinct case."""
    cases = pl.DataFrame({"case": numbers, "rest": numbers})
    for name, size in _PARTS:
        cases = cases.with_columns(pl.col("rest").mod(size).alias(name), rest=pl.col("rest") // size)
    day = pl.when(pl.col("rest") != 0).then(pl.col("rest") - _DAYS).cast(pl.Int32).cast(pl.Date)
    cases = cases.with_columns(month=day.dt.truncate("1mo")).drop("rest")
    terms = [{"month": m, **_terms(law, m)} for m in cases["month"].unique().drop_nulls()]
    cases = cases.join(_frame_of_terms(terms), on="month", how="left", maintain_order="left")

    segment, mask, payer = pl.col("segment"), pl.col("programmes"), pl.col("payer")
    pu, bpu, jakon = (segment == _KNOWN + place for place in range(len(SEGMENTS)))
    asks = {programme: (mask < _MASK_UNKNOWN) & ((mask & bit) != 0) for programme, bit in _BIT.items()}
    transport = pl.col("sector") == _KNOWN + SECTORS.index("transport")
    from_state = payer.is_in([_KNOWN + PAYERS.index(name) for name in FROM_STATE])
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
        *(pl.when(pl.col("risk") == _KNOWN + i).then(f"jkk_{risk}") for i, risk in enumerate(RISK_CLASSES))
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
    inferred = pl.col("payer").is_in(
        [_KNOWN + PAYERS.index(name) for name in ("employer", "APBDes", "donor")]
    )
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
        (segment == _MISSING, "segment.missing"),
        (segment == _UNKNOWN, "segment.unknown"),
        (mask == _MASK_MISSING, "programme.missing"),
        (mask == _MASK_UNKNOWN, "programme.unknown"),
        (mask == _MASK_JKP, "programme.not_billed"),
        (foreign, "programme.not_in_segment"),
        (pl.col("month").is_null(), "month.missing"),
        (pl.col("month") < store.BEGINNING, "month.before_law"),
        (pu & (risk == _UNKNOWN), "risk_class.unknown"),
        (pu & (risk == _MISSING) & asks["JKK"], "risk_class.missing"),
        ((pu | bpu) & (payer == _UNKNOWN), "payer.unknown"),
        (bpu & (pl.col("sector") == _UNKNOWN), "sector.unknown"),
        (relieved & (payer == _MISSING), "payer.missing"),
        (asks["JP"] & pl.col("jp_ceiling").is_null(), "jp_ceiling.not_announced"),
    )
    return pl.coalesce(*(pl.when(condition).then(pl.lit(code)) for condition, code in reasons))
