"""What is wrong or doubtful, cell by cell, with the codes of the command line; nothing is corrected here."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from lindung.base.money import rupiah
from lindung.identity import matching
from lindung.intake import clean
from lindung.intake.columns import CANONICAL
from lindung.intake.rows import details
from lindung.intake.wages import Minimum
from lindung.schemes import Scheme, verify

SCHEMA: dict[str, Any] = {
    "row_id": pl.Int64,
    "column": pl.String,
    "code": pl.String,
    "severity": pl.String,
    "value": pl.String,
    "args": pl.String,
    "article": pl.String,
    "first_row_id": pl.Int64,
    "proposal": pl.String,
}
PAIRS: dict[str, Any] = {
    "a_row_id": pl.Int64,
    "b_row_id": pl.Int64,
    "probability": pl.Float64,
    "band": pl.String,
    "why": pl.String,
}
_ok = pl.col("nik_state") == "ok"
_DAY = "%d-%m-%Y"


def find(
    rows: pl.DataFrame,
    table: pl.DataFrame,
    scheme: Scheme,
    on: date,
    *,
    register: pl.DataFrame | None,
    deaths: pl.DataFrame | None,
    fuzzy: bool,
    minimum: Minimum | None = None,
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The findings (`SCHEMA`, in order of rows and columns) and the pairs of rows that are one human (`PAIRS`).

    `rows`: from `rows.values`; `table`: the same rows, cells as they stand.
    """
    repeated = _repeated(rows)
    found = [*_cells(rows, scheme), _duplicate_niks(repeated), _below_minimum(rows, scheme, minimum)]
    prepared = matching.prepare(_compared(rows, table, on)) if fuzzy and rows.height else None
    pairs = _pairs(rows, table, on, repeated, prepared)
    found.append(_possible_duplicates(rows, pairs))
    found.extend(_formulas(table))
    found.append(_eligibility(rows, scheme, on, register, deaths))
    if prepared is not None:
        for people, code, told in (
            (register, "person.possibly_covered", ("payer", "since")),
            (deaths, "person.possibly_deceased", ("died_on", "certificate")),
        ):
            if people is not None and people.height:
                found.append(_likely(rows, prepared, people, code, told))
    every = pl.concat(
        [
            part.select([pl.col(name).cast(kind) for name, kind in SCHEMA.items()])
            for part in found
            if part.height
        ]
        or [pl.DataFrame(schema=SCHEMA)]
    )
    every = _as_they_stand(every, table)
    order = {
        name: n for n, name in enumerate(("nik", "name", "birth_date", "sex", "category", "phone", "wage"))
    }
    every = every.sort(
        "row_id",
        pl.col("column").replace_strict(order, default=99, return_dtype=pl.Int8),
        "severity",
        maintain_order=True,
    )
    return every, pairs


def _take(
    rows: pl.DataFrame,
    code: str,
    column: str,
    where: pl.Expr,
    *,
    severity: str = "error",
    args: dict[str, pl.Expr] | None = None,
    proposal: pl.Expr | None = None,
) -> pl.DataFrame:
    said = (
        pl.struct([said.alias(name) for name, said in args.items()]).struct.json_encode()
        if args
        else pl.lit(None, dtype=pl.String)
    )
    return rows.filter(where.fill_null(False)).select(
        "row_id",
        column=pl.lit(column),
        code=pl.lit(code),
        severity=pl.lit(severity),
        value=pl.lit(None, dtype=pl.String),
        args=said,
        article=pl.lit(None, dtype=pl.String),
        first_row_id=pl.lit(None, dtype=pl.Int64),
        proposal=pl.lit(None, dtype=pl.String) if proposal is None else proposal,
    )


def _cells(rows: pl.DataFrame, scheme: Scheme) -> list[pl.DataFrame]:
    born, told = pl.col("nik_birth_date"), pl.col("date_told")
    names = ", ".join(category.label["id"] for category in scheme.categories)
    count = pl.col("nik_seen").str.count_matches(r"[0-9]")
    return [
        _take(rows, "nik.missing", "nik", pl.col("nik_state") == "missing"),
        _take(rows, "nik.damaged_by_excel", "nik", pl.col("nik_state") == "damaged"),
        _take(rows, "nik.not_16_digits", "nik", pl.col("nik_state") == "short", args={"count": count}),
        _take(rows, "nik.impossible_date", "nik", _ok & born.is_null()),
        _take(rows, "nik.suspicious", "nik", _ok & pl.col("nik_suspicious"), severity="warning"),
        _take(
            rows, "nik.unknown_region", "nik", _ok & born.is_not_null() & ~pl.col("nik_region_known"), severity="warning",
            args={"region": pl.col("nik_region")},
        ),
        _take(
            rows, "nik.birth_date_differs", "birth_date", _ok & (born != told), severity="warning",
            args={"nik": born.dt.strftime(_DAY), "list": told.dt.strftime(_DAY)},
            proposal=pl.when(_turned(born, told)).then(born.dt.strftime(_DAY)),
        ),
        _take(
            rows, "nik.sex_differs", "sex", _ok & born.is_not_null() & (pl.col("sex") != pl.col("nik_sex")), severity="warning",
            args={"nik": pl.col("nik_sex"), "list": pl.col("sex")},
        ),
        _take(rows, "name.missing", "name", pl.col("name_missing")),
        _take(rows, "birth_date.missing", "birth_date", pl.col("blank") & born.is_null()),
        _take(
            rows, "birth_date.unreadable", "birth_date", ~pl.col("blank") & told.is_null(),
            proposal=born.dt.strftime(_DAY),
        ),
        _take(
            rows, "birth_date.ambiguous", "birth_date", pl.col("ambiguous"), severity="warning",
            args={"first": told.dt.strftime(_DAY), "second": pl.col("other_date").dt.strftime(_DAY)},
        ),
        _take(rows, "category.unknown", "category", pl.col("category").is_null(), args={"categories": pl.lit(names)}),
        _take(rows, "phone.unreadable", "phone", pl.col("phone_wrong"), severity="warning"),
        _take(rows, "wage.unreadable", "wage", pl.col("wage_wrong"), severity="warning"),
    ]  # fmt: skip


def _formulas(table: pl.DataFrame) -> list[pl.DataFrame]:
    """Cells that are blank because a formula has no stored result, in whichever column."""
    if "formulas" not in table.columns:
        return []
    shared = {"ttl": "birth_date", "rt_rw": "rt"}
    told = table.filter(pl.col("formulas").is_not_null())
    stood = {name: f"{name}_stood" if f"{name}_stood" in told.columns else name for name in told.columns}
    return [
        _take(
            told, "cell.formula_without_result", shared.get(name, name),
            pl.col("formulas").str.contains(f",{name},", literal=True) & pl.col(stood[name]).is_null(),
            severity="warning",
        )
        for name in (*CANONICAL, *shared)
        if name in told.columns
    ]  # fmt: skip


def _below_minimum(rows: pl.DataFrame, scheme: Scheme, minimum: Minimum | None) -> pl.DataFrame:
    """Wages of wage earners (PU); the amount of somebody who works for themselves is no wage."""
    earners = [category.id for category in scheme.categories if category.segment == "PU"]
    if minimum is None or not earners:
        return pl.DataFrame(schema=SCHEMA)
    below = pl.col("category").is_in(earners) & (pl.col("wage") < minimum.amount)
    args = {
        "minimum": pl.lit(rupiah(minimum.amount)),
        "since": pl.lit(minimum.since.strftime(_DAY)),
        "document": pl.lit(minimum.document),
    }
    return _take(rows, "wage.below_minimum", "wage", below, severity="warning", args=args)


def _turned(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """Day and month have changed places."""
    return (
        (one.dt.day() == other.dt.month())
        & (one.dt.month() == other.dt.day())
        & (one.dt.year() == other.dt.year())
    )


def _repeated(rows: pl.DataFrame) -> pl.DataFrame:
    """`row_id`, `first`: every row whose sixteen digits stand in more than one row, with the first of them."""
    numbers = rows.filter(_ok).select("row_id", nik=pl.col("nik").cast(pl.Int64))
    repeated = numbers.filter(pl.col("nik").is_duplicated())
    return repeated.select("row_id", first=pl.col("row_id").min().over("nik"))


def _duplicate_niks(repeated: pl.DataFrame) -> pl.DataFrame:
    later = repeated.filter(pl.col("row_id") != pl.col("first"))
    return _take(later, "nik.duplicate", "nik", pl.col("row_id").is_not_null()).with_columns(
        first_row_id=later["first"]
    )


def _pairs(
    rows: pl.DataFrame, table: pl.DataFrame, on: date, repeated: pl.DataFrame, prepared: pl.DataFrame | None
) -> pl.DataFrame:
    """One human twice: under one NIK (always looked for), and under two (where `prepared` is given)."""
    found = [pl.DataFrame(schema=PAIRS)]
    if repeated.height:
        some = rows["row_id"].is_in(repeated["row_id"].implode())
        shared = repeated.filter(pl.col("row_id") != pl.col("first"))
        judged = matching.judge(
            _compared(rows.filter(some), table.filter(some), on),
            shared.select(a_row_id="first", b_row_id="row_id"),
        )
        found.append(judged.filter(pl.col("band").is_not_null()).select(PAIRS.keys()))
    if prepared is not None and prepared.height > 1:
        found.append(matching.duplicates(prepared).select(PAIRS.keys()))
    return pl.concat(found).sort("b_row_id", "a_row_id")


def _compared(rows: pl.DataFrame, table: pl.DataFrame, on: date) -> pl.DataFrame:
    """What tells one human from another. A NIK that went through Excel tells nothing."""
    compared = (
        "row_id", "nik", "name", "birth_date", "mother_name", "address", "rt", "rw", "kelurahan", "kk_number", "phone", "sex"
    )  # fmt: skip
    known = pl.col("nik_state").is_in(["ok", "short"])
    return rows.hstack(details(table, on)).with_columns(nik=pl.when(known).then("nik_seen")).select(compared)


LONG = 50_000


def _likely(
    rows: pl.DataFrame, prepared: pl.DataFrame, people: pl.DataFrame, code: str, told: tuple[str, str]
) -> pl.DataFrame:
    """Somebody of a register or death list under another NIK: a person has to look."""
    people = people.select(
        "nik", "name", *(pl.col(name).cast(pl.String) for name in told), birth_date=_day(people, "birth_date")
    ).with_columns(row_id=-1 - pl.int_range(pl.len(), dtype=pl.Int64))
    if people.height > LONG:  # of a long list only who shares the day and the first or last word of the name
        names = rows.select("birth_date", name=clean.tidy(rows["name_told"]))
        people = people.join(names.select("birth_date").unique(), on="birth_date", how="semi")
        keys = [pl.col("name").str.to_uppercase().str.extract(form) for form in (r"^\s*(\S+)", r"(\S+)\s*$")]
        near = [
            people.select("row_id", "birth_date", key=key).join(
                names.select("birth_date", key=key).unique(), on=["birth_date", "key"], how="semi"
            )["row_id"]
            for key in keys
        ]
        people = people.filter(pl.col("row_id").is_in(pl.concat(near).unique().implode()))
    likely = (
        matching.duplicates(prepared, against=people)
        .filter(pl.col("band") == "same")
        .sort("probability", descending=True, maintain_order=True)
        .unique("b_row_id", keep="first", maintain_order=True)
        .join(people.select("row_id", *told), left_on="a_row_id", right_on="row_id")
        .sort("b_row_id")
        .rename({"b_row_id": "row_id"})
    )
    args = {
        "percent": (pl.col("probability") * 100).round(0).cast(pl.Int64),
        **{name: pl.col(name) for name in told},
    }
    return _take(likely, code, "name", pl.col("row_id").is_not_null(), severity="warning", args=args)


def _possible_duplicates(rows: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """On the later row of each pair whose NIK are not the same sixteen digits."""
    if pairs.is_empty():
        return pl.DataFrame(schema=SCHEMA)
    niks = rows.select("row_id", "nik")
    other = (
        pairs.join(niks.rename({"row_id": "a_row_id", "nik": "a_nik"}), on="a_row_id", how="left")
        .join(niks.rename({"row_id": "b_row_id", "nik": "b_nik"}), on="b_row_id", how="left")
        .filter((pl.col("a_nik") != pl.col("b_nik")) | pl.col("a_nik").is_null() | pl.col("b_nik").is_null())
    )
    firsts = matching.first_of_group(pairs)
    best = other.group_by(row_id="b_row_id").agg(
        chance=(pl.col("probability").max() * 100).round(0).cast(pl.Int64)
    )
    best = best.join(
        firsts.rename({"b_row_id": "row_id", "a_row_id": "first"}), on="row_id", how="inner"
    ).sort("row_id")
    return _take(
        best,
        "person.possible_duplicate",
        "name",
        pl.col("row_id").is_not_null(),
        severity="warning",
        args={"percent": pl.col("chance")},
    ).with_columns(first_row_id=best["first"])


def _eligibility(
    rows: pl.DataFrame, scheme: Scheme, on: date, register: pl.DataFrame | None, deaths: pl.DataFrame | None
) -> pl.DataFrame:
    facts = rows.select("row_id", "category", "birth_date", "nik", "kelurahan_code")
    if register is not None:
        cover = (
            register.join(facts.select("nik").drop_nulls().unique(), on="nik", how="semi")
            .with_columns(_day(register, "since"))
            .group_by("nik", maintain_order=True)
            .agg(covered=pl.struct("segment", "payer", "since"))
        )
        facts = facts.join(cover, on="nik", how="left", maintain_order="left")
    if deaths is not None:
        dead = deaths.select("nik", _day(deaths, "died_on")).drop_nulls("nik").unique("nik", keep="first")
        facts = facts.join(dead, on="nik", how="left", maintain_order="left")
    return pl.concat([verify(facts, scheme, on), _by_occupation(rows, scheme, on)]).with_columns(
        first_row_id=pl.lit(None, dtype=pl.Int64), proposal=pl.lit(None, dtype=pl.String)
    )


def _by_occupation(rows: pl.DataFrame, scheme: Scheme, on: date) -> pl.DataFrame:
    """What the scheme says of occupations, asked once for each that is different. (What is not given is unknown to it,
    and fails no other condition.)"""
    what = ["category", "occupation"]
    told = rows.select("row_id", "category", occupation="occupation_told").filter(
        pl.col("occupation").is_not_null()
    )
    different = told.select(what).unique(maintain_order=True).with_row_index("row_id")
    found = verify(different.with_columns(pl.col("row_id").cast(pl.Int64)), scheme, on)
    if found.is_empty():
        return found
    people = told.join(different.rename({"row_id": "_which"}), on=what, how="inner", nulls_equal=True).select(
        "row_id", pl.col("_which").cast(pl.Int64)
    )
    columns = found.columns
    return found.rename({"row_id": "_which"}).join(people, on="_which", how="inner").select(columns)


def _day(frame: pl.DataFrame, name: str) -> pl.Expr:
    """Lists from a file carry dates as text, those from the database as dates."""
    return (
        pl.col(name).str.to_date("%Y-%m-%d", strict=False)
        if frame.schema[name] == pl.String
        else pl.col(name)
    )


def _as_they_stand(found: pl.DataFrame, table: pl.DataFrame) -> pl.DataFrame:
    """`value` is the text of the cell in the sender's file."""
    sources = {column: _source(column, table) for column in found["column"].unique().drop_nulls()}
    known = {column: source for column, source in sources.items() if source is not None}
    if not known:
        return found
    rows = table.filter(pl.col("row_id").is_in(found["row_id"].unique().implode()))
    cells = rows.select("row_id", *(source.alias(f"_{column}") for column, source in known.items()))
    found = found.join(cells, on="row_id", how="left", maintain_order="left")
    stood = [pl.when(pl.col("column") == column).then(pl.col(f"_{column}")) for column in known]
    elsewhere = ~pl.col("column").is_in(list(known))
    return found.with_columns(value=pl.coalesce(*stood, pl.when(elsewhere).then("value"))).select(
        SCHEMA.keys()
    )


def _source(column: str, table: pl.DataFrame) -> pl.Expr | None:
    options = [
        column,
        "ttl" if column in ("birth_date", "birth_place") else "",
        "rt_rw" if column in ("rt", "rw") else "",
    ]
    stood = [
        pl.col(f"{name}_stood" if f"{name}_stood" in table.columns else name)
        for name in options
        if name in table.columns
    ]
    return pl.coalesce(stood) if stood else None
