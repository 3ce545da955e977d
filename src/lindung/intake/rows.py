"""The cells of all lists → values of people, one frame; what stood in the cells stays beside them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import polars as pl

from lindung.identity import nik
from lindung.intake import clean, dates, people, places
from lindung.schemes import Scheme, recognise

NUMBER = r"^['`’‘\s]*\d\s*([.,]\s*\d*)?\s*[eE]\s*[+]?\s*\d{1,2}\s*$|^['`’‘\s]*\d{15,16}[.,]0{1,2}\s*$"
MOST_NAMES = 20_000  # no locality has so many kelurahan, however they are spelled
STATES = pl.Enum(["ok", "missing", "damaged", "short"])
TEXTS = (
    "name",
    "birth_place",
    "address",
    "mother_name",
    "occupation",
    "employer",
    "kk_number",
    "bank_account",
)


def values(table: pl.DataFrame, scheme: Scheme, on: date) -> pl.DataFrame:
    """What the checks need. `table`: `row_id, file_ix, sheet_ix, row, nik_is_number`, canonical String columns as they
    stand ("ttl", "rt_rw" too), `sex_swapped` (the header says 1 = P), and for lists without a column
    `title_kelurahan_code`, `title_kecamatan`, `title_category`.

    Out, same rows and order: `nik` (sixteen digits or null), `nik_seen` (cleaned, whatever it is), `nik_state` (ok,
    missing, damaged, short) and what the NIK says; `name_missing`, `name_told`, `occupation_told`, `birth_date` (the column's, else the NIK's),
    `date_told`, `blank`, `ambiguous`, `other_date`; `sex`, `category` (id), `phone`, `phone_wrong`, `wage` (rupiah),
    `wage_wrong`, `kelurahan`, `kecamatan`, `kelurahan_code`.
    """
    table = split(table)
    # Polars lets go of the interpreter while it works, and these do not need one another
    with ThreadPoolExecutor(2) as both:
        niks = both.submit(_niks, table, on)
        parts = [
            both.submit(_where, table, scheme),
            both.submit(
                lambda: [*clean.phones(_column(table, "phone")), *clean.wages(_column(table, "wage"))]
            ),
            both.submit(lambda: [clean.sexes(_column(table, "sex"), _column(table, "sex_swapped"))]),
            both.submit(lambda: [_category(table, scheme)]),
            both.submit(lambda: dates.readings(_column(table, "birth_date"), on).get_columns()),
        ]
        found = table.select("row_id", "file_ix", "sheet_ix", "row").hstack(niks.result())
        for part in parts:
            found = found.hstack(part.result())
    settled = dates.settle(found)
    return found.hstack(settled).with_columns(
        birth_date=pl.coalesce("date_told", "nik_birth_date"),
        other_date=pl.when(pl.col("date_told") == pl.col("dm")).then("md").otherwise("dm"),
        name_told=_column(table, "name"),
        occupation_told=_column(table, "occupation"),
        name_missing=~_column(table, "name").str.contains(r"\p{L}").fill_null(False),
    )


def details(table: pl.DataFrame, on: date) -> pl.DataFrame:
    """The other values of the same `table`: `TEXTS`, `rt`, `rw` (Int64), `start_date`."""
    table = split(table)
    start = dates.readings(_column(table, "start_date"), on)["dm"].alias("start_date")
    return pl.DataFrame(
        [*(clean.tidy(_column(table, name)).alias(name) for name in TEXTS), *_numbers(table), start]
    )


def _column(table: pl.DataFrame, name: str) -> pl.Series:
    return (
        table[name]
        if name in table.columns
        else pl.Series(name, [None], dtype=pl.String).new_from_index(0, table.height)
    )


def split(table: pl.DataFrame) -> pl.DataFrame:
    """Place and date of birth, RT and RW where they share a column; whichever a sheet has is used."""
    if "ttl" in table.columns:
        told = table["ttl"].unique().drop_nulls()
        parts = [people.place_and_date(text) for text in told]
        halves = pl.DataFrame(
            {"ttl": told, "_place": [place for place, _ in parts], "_date": [day for _, day in parts]},
            schema={"ttl": pl.String, "_place": pl.String, "_date": pl.String},
        )
        table = table.join(halves, on="ttl", how="left", maintain_order="left")
        table = table.with_columns(
            birth_place=pl.coalesce(_column(table, "birth_place"), "_place"),
            birth_date=pl.coalesce(_column(table, "birth_date"), "_date"),
        ).drop("_place", "_date")
    return table


def _niks(table: pl.DataFrame, on: date) -> list[pl.Series]:
    stood = _column(table, "nik")
    odd = ~stood.str.contains(r"^[0-9]{16}$").fill_null(False) | table["nik_is_number"]
    seen, state = stood, pl.Series(["ok"], dtype=STATES).new_from_index(0, table.height)
    if odd.any():  # only these are looked at closely
        rare = pl.DataFrame({"stood": stood.filter(odd), "is_number": table["nik_is_number"].filter(odd)})
        rare = rare.with_columns(seen=nik.cleaned(pl.col("stood")))
        rare = rare.with_columns(
            state=pl.when(~pl.col("stood").str.contains(r"[0-9]").fill_null(False)).then(pl.lit("missing"))
            .when(pl.col("is_number") | pl.col("stood").str.contains(NUMBER)).then(pl.lit("damaged"))
            .when(~nik.well_formed(pl.col("seen"))).then(pl.lit("short"))
            .otherwise(pl.lit("ok")).cast(STATES)
        )  # fmt: skip
        seen, state = clean.put(stood, odd, rare["seen"]), clean.put(state, odd, rare["state"])
    frame = pl.DataFrame({"nik_seen": seen, "nik_state": state}).hstack(table.select("file_ix", "sheet_ix"))
    # a column whose NIK all end in 0 went through a number, whatever its cells are now
    whole = pl.col("nik_state") == "ok"
    zero = whole & pl.col("nik_seen").str.ends_with("0")
    counts = pl.struct(n=whole.sum(), zeros=zero.sum()).over("file_ix", "sheet_ix")
    if (
        frame.select(zero.sum() * 2 > whole.sum()).item()
        or frame.select(pl.struct("file_ix", "sheet_ix").n_unique()).item() > 1
    ):
        n, zeros = counts.struct.field("n"), counts.struct.field("zeros")
        rounded = zero & (n >= 5) & (zeros * 10 >= n * 9)
        if "nik_typed" in table.columns:
            rounded = rounded & ~table["nik_typed"].fill_null(False)
        frame = frame.with_columns(
            nik_state=pl.when(rounded).then(pl.lit("damaged", dtype=STATES)).otherwise("nik_state")
        )
    frame = frame.select("nik_seen", "nik_state", nik=pl.when(pl.col("nik_state") == "ok").then("nik_seen"))
    return nik.facts(frame, on=on).get_columns()


def _numbers(table: pl.DataFrame) -> list[pl.Series]:
    rt, rw = clean.small_numbers(_column(table, "rt")), clean.small_numbers(_column(table, "rw"))
    if "rt_rw" in table.columns:
        both = clean.rt_and_rw(table["rt_rw"])
        rt = pl.select(pl.coalesce(rt, both[0])).to_series()
        rw = pl.select(pl.coalesce(rw, both[1])).to_series()
    return [rt.alias("rt"), rw.alias("rw")]


def _where(table: pl.DataFrame, scheme: Scheme) -> list[pl.Series]:
    """`kelurahan`, `kecamatan` (official names where they are known) and `kelurahan_code`."""
    sources = [
        name
        for name in ("kelurahan", "kecamatan", "title_kecamatan", "title_kelurahan_code")
        if name in table.columns and table[name].null_count() < table.height
    ]
    known = ("kelurahan", "kecamatan", "kelurahan_code")
    if not sources:
        return [pl.Series(name, [None], dtype=pl.String).new_from_index(0, table.height) for name in known]
    unique = table.select(sources).unique()
    official: list[tuple[str | None, str | None, str | None]] = []
    for number, told in enumerate(unique.iter_rows(named=True)):
        kel, kec = ((" ".join((told.get(name) or "").split()) or None) for name in known[:2])
        kec = kec or told.get("title_kecamatan")
        place = places.kelurahan(scheme.locality, kel, kec) if kel and number < MOST_NAMES else None
        code = place.code if place else told.get("title_kelurahan_code") if not kel else None
        if code:
            official.append((places.name_of(code), places.name_of(code[:8]), code))
        else:
            official.append((kel, places.official_district(scheme.locality, kec), None))
    names = pl.DataFrame(official, schema=[f"_{name}" for name in known], orient="row").cast(pl.String)
    joined = table.select(sources).join(
        unique.hstack(names), on=sources, how="left", nulls_equal=True, maintain_order="left"
    )
    return [joined[f"_{name}"].alias(name) for name in known]


def _category(table: pl.DataFrame, scheme: Scheme) -> pl.Series:
    """Category id or null. Lists without such a column: what their title says, or the scheme's only category."""
    told = _column(table, "category")
    unique = told.unique().drop_nulls()
    known = told.replace_strict(unique, recognise(scheme, unique), default=None, return_dtype=pl.String)
    if "title_category" not in table.columns:
        return known.alias("category")
    return table.select(
        category=pl.when(pl.col("has_category")).then(known).otherwise("title_category")
    ).to_series()
