"""What of a person is compared, cleaned once per row: identifiers that identify nobody become null here."""

from __future__ import annotations

import polars as pl

from lindung.identity import names

COLUMNS = (
    "nik", "name", "birth_date", "mother_name", "address", "rt", "rw", "kelurahan", "kk_number", "phone", "sex",
)  # fmt: skip
# More people than this with one telephone: it is the office's, or a village shop's, and speaks of nobody.
SHARED_PHONE = 6

_ADDRESS = [
    "JALAN", "JLN", "JL", "GANG", "GG", "KAMPUNG", "KAMP", "KP", "NOMOR", "NOMER", "NO", "BLOK", "BLK", "PERUMAHAN", "PERUM", "KOMPLEK",
    "KOMP", "LINGKUNGAN", "LINGK", "LINK", "DUSUN", "DSN", "DESA", "RAYA",
]  # fmt: skip


def prepare(frame: pl.DataFrame) -> pl.DataFrame:
    """One row per row of `frame`, same order; a frame that is prepared already comes back as it is.

    In: `row_id` and any of `COLUMNS` (text; `birth_date` Date). Out: `row_id, nik, nik_bits, nik_birth, name, sound, words, core, bag, birth, swapped,
    mother, address, rt_rw, kelurahan, kk, phone, sex`; births are ddmmyy as a number, since that is what a NIK tells.
    """
    if "core" in frame.columns:
        return frame
    missing = [
        pl.lit(None, pl.Date if c == "birth_date" else pl.String).alias(c)
        for c in COLUMNS
        if c not in frame.columns
    ]
    text = [pl.col(c).cast(pl.String) for c in COLUMNS if c in frame.columns and c != "birth_date"]
    c = pl.col
    frame = frame.with_columns(*missing, *text)
    told = pl.concat([frame["name"], frame["mother_name"]]).drop_nulls().unique()
    forms = _forms(told.alias("told"))
    lazy = frame.lazy()
    lazy = lazy.join(forms.lazy(), left_on="name", right_on="told", how="left", maintain_order="left")
    mothers = forms.lazy().select("told", mother="sound")
    lazy = lazy.join(mothers, left_on="mother_name", right_on="told", how="left", maintain_order="left")
    lazy = lazy.select(
        "row_id",
        "normal",
        "sound",
        "words",
        "core",
        "bag",
        "mother",
        nik=_usable_number(c("nik"), 13, 18),
        birth=_birth(c("birth_date")),
        address=_address(c("address")),
        rt=_small(c("rt")),
        rw=_small(c("rw")),
        kelurahan=c("kelurahan").str.to_uppercase().str.replace_all("[^A-Z0-9]+", "").replace("", None),
        kk=_usable_number(c("kk_number"), 14, 18),
        phone=_usable_number(c("phone").str.replace_all("[^0-9]+", "").str.replace("^(?:62|0)+", ""), 7, 13),
        sex=c("sex").str.slice(0, 1).str.to_uppercase(),
    )
    day = c("nik").str.slice(6, 2).cast(pl.Int32, strict=False)
    month = c("nik").str.slice(8, 2).cast(pl.Int32, strict=False)
    year = c("nik").str.slice(10, 2).cast(pl.Int32, strict=False)
    real = (
        (c("nik").str.len_bytes() == 16)
        & day.is_between(1, 71)
        & ~day.is_between(32, 40)
        & month.is_between(1, 12)
    )
    lazy = lazy.with_columns(
        nik_birth=pl.when(real).then(
            (day - pl.when(day > 40).then(40).otherwise(0)) * 10_000 + month * 100 + year
        ),
        # One digit in each four bits: what differs is found by one operation on millions of pairs.
        nik_bits=pl.when(c("nik").str.len_bytes() == 16).then(
            c("nik").str.to_integer(base=16, dtype=pl.UInt64, strict=False)
        ),
        sex=pl.coalesce(
            pl.when(c("sex").is_in(["L", "P"])).then("sex"),
            pl.when(real).then(pl.when(day > 40).then(pl.lit("P")).otherwise(pl.lit("L"))),
        ),
        rt_rw=c("rt") * 1000 + c("rw"),
    )
    lazy = (
        lazy.with_columns(birth=pl.coalesce("birth", "nik_birth")).drop("rt", "rw").rename({"normal": "name"})
    )
    prepared = lazy.with_columns(
        # Day and month in order of size: the same number whichever was written first.
        swapped=pl.min_horizontal(c("birth") // 10_000, c("birth") // 100 % 100) * 10_000
        + pl.max_horizontal(c("birth") // 10_000, c("birth") // 100 % 100) * 100
        + c("birth") % 100,
    ).collect(engine="streaming")
    if prepared["phone"].null_count() < prepared.height:
        prepared = prepared.with_columns(
            phone=pl.when(pl.len().over("phone") < SHARED_PHONE).then("phone"),
        )
    return prepared


def _forms(told: pl.Series) -> pl.DataFrame:
    """`told` with its `normal`, `sound`, `words`, `core` and `bag`: each different name is worked on once."""
    c = pl.col
    lazy = told.to_frame().lazy().with_columns(normal=names.normalised(c("told")))
    lazy = lazy.with_columns(sound=names.sound(c("normal"))).with_columns(words=names.words(c("sound")))
    return lazy.with_columns(
        core=c("words").str.replace_all(" ", "", literal=True),
        # The words in order of the alphabet: the same whichever was written first.
        bag=pl.when(c("words").str.contains(" ", literal=True))
        .then(c("words").str.split(" ").list.sort().list.join(""))
        .otherwise("words"),
    ).collect(engine="streaming")


def _birth(date: pl.Expr) -> pl.Expr:
    """ddmmyy; a date of 1900 or before is a placeholder."""
    number = (
        date.dt.day().cast(pl.Int32) * 10_000 + date.dt.month().cast(pl.Int32) * 100 + date.dt.year() % 100
    )
    return pl.when(date.dt.year() > 1900).then(number)


def _usable_number(text: pl.Expr, shortest: int, longest: int) -> pl.Expr:
    """Digits of a believable length that are not one digit over and over and not counted up from 1."""
    digits = text.str.extract(rf"^([0-9]{{{shortest},{longest}}})$")
    return digits.str.replace("^(?:0+|1+|2+|3+|4+|5+|6+|7+|8+|9+|0?123456789[0-9]*)$", "").replace("", None)


def _small(text: pl.Expr) -> pl.Expr:
    return text.str.extract("([0-9]{1,3})").cast(pl.Int32, strict=False)


def _address(text: pl.Expr) -> pl.Expr:
    """Words and numbers in capitals, without the words for street, lane, number, block."""
    words = text.str.to_uppercase().str.replace_all("[^A-Z0-9]+", "  ")
    words = pl.concat_str(pl.lit(" "), words, pl.lit(" "))
    words = words.str.replace_many([f" {word} " for word in _ADDRESS], [" "] * len(_ADDRESS), leftmost=True)
    short = words.str.replace_all("  ", " ", literal=True).str.replace_all("  ", " ", literal=True)
    return short.str.strip_chars().replace(["", "SDA", "IDEM"], None)
