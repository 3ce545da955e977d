"""The cells of all lists → values of people, one frame; what stood in the cells stays beside them."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.identity import nik
from lindung.intake import clean, dates, people, places
from lindung.schemes import Scheme, recognise

NUMBER = r"^['`’‘\s]*\d\s*([.,]\s*\d*)?\s*[eE]\s*[+]?\s*\d{1,2}\s*$|^['`’‘\s]*\d{15,16}[.,]0{1,2}\s*$"
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
    """`table`: `row_id, file_ix, sheet_ix, row, nik_is_number`, canonical String columns as they stand ("ttl", "rt_rw"
    too), and for lists without a column `title_kelurahan_code`, `title_kecamatan`, `title_category`.

    Out, same rows and order: the values (`nik` sixteen digits or null, `birth_date` Date, `sex`, `rt`, `rw` Int64,
    `phone` +62…, `wage` Int64, `category` id, `kelurahan_code` …), what was seen on the way (`nik_seen`, `nik_state`,
    `nik_birth_date`, `date_blank`, `date_ambiguous`, `other_date`, `phone_wrong`, `wage_wrong` …) and `at_<column>`: the
    text of each cell.
    """
    table = _split(table)
    found = table.select("row_id", "file_ix", "sheet_ix", "row").hstack(_niks(table, on))
    found = found.hstack(_birth(table, found, on))
    found = found.hstack([_texts(table, name) for name in TEXTS])
    found = found.hstack([_texts(table, "start_date_text")])
    start = dates.readings(found["start_date_text"], on)["dm"].alias("start_date")
    found = found.drop("start_date_text").with_columns(start)
    phone, phone_wrong = clean.phones(_column(table, "phone"))
    wage, wage_wrong = clean.wages(_column(table, "wage"))
    found = found.with_columns(
        phone=phone,
        phone_wrong=phone_wrong,
        wage=wage,
        wage_wrong=wage_wrong,
        sex=clean.sexes(_column(table, "sex"), _header(table)),
    )
    return found.hstack(_numbers(table)).hstack(_where(table, scheme)).hstack([_category(table, scheme)])


def _column(table: pl.DataFrame, name: str) -> pl.Series:
    return (
        table[name]
        if name in table.columns
        else pl.Series(name, [None], dtype=pl.String).new_from_index(0, table.height)
    )


def _header(table: pl.DataFrame) -> str:
    return str(table["sex_header"][0]) if "sex_header" in table.columns and table.height else ""


def _texts(table: pl.DataFrame, name: str) -> pl.Series:
    return clean.tidy(_column(table, name.removesuffix("_text"))).alias(name)


def _split(table: pl.DataFrame) -> pl.DataFrame:
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
    """`nik`, `nik_seen` (cleaned, whatever it is), `nik_state` (ok, missing, damaged, short), and what the NIK says."""
    stood = _column(table, "nik")
    plain = stood.str.contains(r"^[0-9]{16}$").fill_null(False)
    odd = ~plain
    seen = stood
    if odd.any():
        mended = stood.filter(odd).to_frame("n").select(nik.cleaned(pl.col("n"))).to_series()
        seen = clean.put(stood, odd, mended)
    frame = pl.DataFrame(
        {"stood": stood, "seen": seen, "is_number": table["nik_is_number"], "plain": plain}
    ).hstack(table.select("file_ix", "sheet_ix"))
    frame = frame.with_columns(
        digits=pl.when("plain").then(True).otherwise(pl.col("stood").str.contains(r"[0-9]")).fill_null(False),
        whole=pl.when("plain")
        .then(True)
        .otherwise(pl.col("seen").str.contains(r"^[0-9]{16}$"))
        .fill_null(False),
        number=pl.when("plain").then(False).otherwise(pl.col("stood").str.contains(NUMBER)).fill_null(False),
    )
    # a column whose NIK all end in 0 went through a number, whatever its cells are now
    rounded = (
        frame.filter(pl.col("whole") & ~pl.col("is_number"))
        .group_by("file_ix", "sheet_ix")
        .agg(n=pl.len(), zeros=pl.col("seen").str.ends_with("0").sum())
        .filter((pl.col("n") >= 5) & (pl.col("zeros") >= 0.9 * pl.col("n")))
        .select("file_ix", "sheet_ix", all_zeros=pl.lit(True))
    )
    frame = frame.join(rounded, on=["file_ix", "sheet_ix"], how="left", maintain_order="left")
    damaged = (
        pl.col("is_number")
        | pl.col("number")
        | (pl.col("all_zeros").fill_null(False) & pl.col("seen").str.ends_with("0"))
    )
    state = (
        pl.when(~pl.col("digits")).then(pl.lit("missing"))
        .when(damaged).then(pl.lit("damaged"))
        .when(~pl.col("whole")).then(pl.lit("short"))
        .otherwise(pl.lit("ok"))
    )  # fmt: skip
    frame = frame.select(
        nik=pl.when(state == "ok").then("seen"),
        nik_seen="seen",
        nik_state=state.cast(pl.Enum(["ok", "missing", "damaged", "short"])),
    )
    return nik.facts(frame, on=on).get_columns()


def _birth(table: pl.DataFrame, found: pl.DataFrame, on: date) -> list[pl.Series]:
    read = dates.readings(_column(table, "birth_date"), on).hstack(
        found.select("nik_birth_date", "file_ix", "sheet_ix")
    )
    settled = dates.settle(read)
    other = read.select(
        pl.when(settled["birth_date"] == pl.col("dm")).then("md").otherwise("dm").alias("other_date")
    )
    return [
        settled["birth_date"].alias("date_told"),
        settled["ambiguous"].fill_null(False).alias("date_ambiguous"),
        read["blank"].alias("date_blank"),
        other.to_series(),
        pl.select(
            pl.coalesce(settled["birth_date"], found["nik_birth_date"]).alias("birth_date")
        ).to_series(),
    ]


def _numbers(table: pl.DataFrame) -> list[pl.Series]:
    rt, rw = clean.small_numbers(_column(table, "rt")), clean.small_numbers(_column(table, "rw"))
    if "rt_rw" in table.columns:
        both = clean.rt_and_rw(table["rt_rw"])
        rt = pl.select(pl.coalesce(rt, both[0])).to_series()
        rw = pl.select(pl.coalesce(rw, both[1])).to_series()
    return [rt.alias("rt"), rw.alias("rw")]


def _where(table: pl.DataFrame, scheme: Scheme) -> list[pl.Series]:
    """`kelurahan`, `kecamatan` (official names where they are known) and `kelurahan_code`."""
    told = pl.DataFrame(
        {
            "kel": clean.tidy(_column(table, "kelurahan")),
            "kec": clean.tidy(
                pl.select(
                    pl.coalesce(_column(table, "kecamatan"), _column(table, "title_kecamatan"))
                ).to_series()
            ),
            "title": _column(table, "title_kelurahan_code"),
        }
    )
    unique = told.unique()
    official = []
    for kel, kec, title in unique.iter_rows():
        place = places.kelurahan(scheme.locality, kel, kec) if kel else None
        code = place.code if place else (title if not kel else None)
        official.append(
            (
                code,
                places.name_of(code) if code else kel,
                places.name_of(code[:8]) if code else places.official_district(scheme.locality, kec),
            )
        )
    names = pl.DataFrame(
        official,
        schema={"kelurahan_code": pl.String, "kelurahan": pl.String, "kecamatan": pl.String},
        orient="row",
    )
    joined = told.join(
        unique.hstack(names), on=["kel", "kec", "title"], how="left", nulls_equal=True, maintain_order="left"
    )
    return joined.select("kelurahan", "kecamatan", "kelurahan_code").get_columns()


def _category(table: pl.DataFrame, scheme: Scheme) -> pl.Series:
    """Category id or null. Lists without such a column: what their title says, or the scheme's only category."""
    told = clean.tidy(_column(table, "category"))
    known = recognise(scheme, told) if "category" in table.columns else told
    has_column = (
        _column(table, "has_category") == "1"
        if "has_category" in table.columns
        else pl.Series([True]).new_from_index(0, table.height)
    )
    title = _column(table, "title_category")
    return pl.select(pl.when(has_column).then(known).otherwise(title).alias("category")).to_series()
