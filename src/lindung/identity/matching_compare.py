"""How alike two rows are, field by field: one level per field per pair, computed for millions of pairs at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

# Per field from the worst to the best; null (a side is empty) stands outside the order and weighs nothing.
LEVELS: dict[str, tuple[str, ...]] = {
    "name": ("different", "alike", "part", "close", "sound", "same"),
    "birth_date": ("different", "part", "digit", "swapped", "nik", "same"),
    "nik": ("different", "person_beside", "serial_digits", "digits", "digit"),
    "mother_name": ("different", "close", "same"),
    "address": ("different", "close", "same"),
    "rt_rw": ("different", "same"),
    "kelurahan": ("different", "same"),
    "kk_number": ("different", "close", "same"),
    "phone": ("different", "close", "same"),
    "sex": ("different", "same"),
}
_SIDES = (
    "nik", "nik_birth", "name", "sound", "core", "birth", "mother", "address", "rt_rw", "kelurahan", "kk", "phone", "sex",
)  # fmt: skip
_c = pl.col


def compare(frame: pl.DataFrame, pairs: pl.DataFrame, against: pl.DataFrame | None = None) -> pl.DataFrame:
    """A row per pair of positions `a`, `b` (see `candidates`), same order: the level of each field of `LEVELS` (UInt8, null = unknown),
    `namesakes` (log10 of how many rows bear the name, where both sound the same; else null) and `twins`.
    """
    other = frame if against is None else against
    bearers = frame["core"] if against is None else pl.concat([frame["core"], against["core"]])
    bearers = bearers.filter(bearers.is_in(frame["core"][pairs["b"].unique()].implode()))
    sides = pl.concat(
        [
            other[pairs["a"]].select(_c(column).alias(f"{column}_a") for column in _SIDES),
            frame[pairs["b"]].select(_c(column).alias(f"{column}_b") for column in _SIDES),
        ],
        how="horizontal",
    )
    names = sides.select(
        equal=_c("name_a") == _c("name_b"), sound=_c("core_a") == _c("core_b"), a=_c("core_a"), b=_c("core_b"), name_a=_c("name_a"), name_b=_c("name_b"),
        words_a=_c("sound_a"), words_b=_c("sound_b"),
    )  # fmt: skip
    levels = sides.select(
        birth_date=_birth_date(), rt_rw=_equal("rt_rw"), kelurahan=_equal("kelurahan"), sex=_equal("sex"),
    ).with_columns(
        _name(names),
        _nik(sides),
        _fuzzy(sides, "mother", "mother_name", lambda a, b: cpdist(a, b, scorer=JaroWinkler.similarity) >= 0.9),
        _fuzzy(sides, "address", "address", lambda a, b: cpdist(a, b, scorer=JaroWinkler.similarity) >= 0.85),
        _fuzzy(sides, "kk", "kk_number", lambda a, b: cpdist(a, b, scorer=OSA.distance, score_cutoff=2) <= 2),
        _fuzzy(sides, "phone", "phone", lambda a, b: cpdist(a, b, scorer=OSA.distance, score_cutoff=1) <= 1),
    )  # fmt: skip
    namesakes = names.select("a").join(
        bearers.value_counts(), left_on="a", right_on="core", how="left", maintain_order="left"
    )["count"]  # fmt: skip
    best = {field: len(names) - 1 for field, names in LEVELS.items()}
    home = [_c(f).eq(best[f]) for f in ("mother_name", "address", "kk_number")] + [_c("nik") > 0]
    return levels.select(*LEVELS).with_columns(
        namesakes=pl.when(_c("name") >= LEVELS["name"].index("sound")).then(namesakes.log10()),
        # Born the same day into the same family, or beside one another in the register, under another name.
        twins=(
            (_c("name") < LEVELS["name"].index("part"))
            & (_c("birth_date") == best["birth_date"])
            & pl.any_horizontal(*(kin.fill_null(False) for kin in home))
        )
        | (
            (_c("name") < LEVELS["name"].index("sound")) & (_c("nik") == LEVELS["nik"].index("person_beside"))
        ).fill_null(False),
    )


def _rank(field: str, level: str) -> pl.Expr:
    return pl.lit(LEVELS[field].index(level), pl.UInt8)


def _equal(field: str) -> pl.Expr:
    return (_c(f"{field}_a") == _c(f"{field}_b")).cast(pl.UInt8)


def _birth_date() -> pl.Expr:
    def r(level: str) -> pl.Expr:
        return _rank("birth_date", level)

    a, b = _c("birth_a"), _c("birth_b")
    da, ma, ya, db, mb, yb = a // 10_000, a // 100 % 100, a % 100, b // 10_000, b // 100 % 100, b % 100
    digits = pl.sum_horizontal((a // 10**i % 10 != b // 10**i % 10).cast(pl.UInt8) for i in range(6))
    parts = (da != db).cast(pl.UInt8) + (ma != mb).cast(pl.UInt8) + (ya != yb).cast(pl.UInt8)
    by_nik = pl.any_horizontal(
        (_c("nik_birth_a") == b).fill_null(False),
        (_c("nik_birth_b") == a).fill_null(False),
    )
    return (
        pl.when(a.is_null() | b.is_null()).then(None)
        .when(a == b).then(r("same"))
        .when(by_nik).then(r("nik"))
        .when((da == mb) & (ma == db) & (ya == yb)).then(r("swapped"))
        .when(digits == 1).then(r("digit"))
        .when(parts == 1).then(r("part"))
        .otherwise(r("different"))
    )  # fmt: skip


def _name(names: pl.DataFrame) -> pl.Series:
    """Equal as written, as heard; a letter or two apart or in another order; all words of one among those of the other; alike."""

    def r(level: str) -> pl.Expr:
        return _rank("name", level)

    # Only pairs that are not settled need the slow comparisons, and only those somewhat alike the slower ones.
    open_ = names.with_row_index("i").filter(~_c("sound"))
    winkler = pl.Series(
        cpdist(open_["a"].to_list(), open_["b"].to_list(), scorer=JaroWinkler.similarity), dtype=pl.Float64
    )
    open_ = open_.with_columns(winkler=winkler)
    words = [
        _c(side).str.split(" ").list.filter(pl.element().str.len_bytes() > 1)
        for side in ("words_a", "words_b")
    ]
    open_ = open_.with_columns(x=words[0], y=words[1]).with_columns(
        shared=_c("x").list.set_intersection("y").list.len(),
        fewest=pl.min_horizontal(_c("x").list.n_unique(), _c("y").list.n_unique()),
        most=pl.max_horizontal(_c("x").list.n_unique(), _c("y").list.n_unique()),
        letters=pl.max_horizontal(_c("a").str.len_bytes(), _c("b").str.len_bytes()),
    )
    alike = open_.filter((_c("winkler") >= 0.75) | (_c("shared") > 0))
    edits = [
        pl.Series(
            cpdist(
                alike[f"{column}a"].to_list(),
                alike[f"{column}b"].to_list(),
                scorer=OSA.distance,
                score_cutoff=2,
            ),
            dtype=pl.Int32,
        )
        for column in ("", "name_", "words_")
    ]
    start_a, start_b = (alike[side].str.split(" ").list.first() for side in ("words_a", "words_b"))
    start = pl.Series(
        cpdist(start_a.to_list(), start_b.to_list(), scorer=OSA.distance, score_cutoff=2), dtype=pl.Int32
    )
    alike = alike.with_columns(
        edits=pl.min_horizontal(edits), same_letter=_c("a").str.slice(0, 1) == _c("b").str.slice(0, 1), start=start, first=start_a.str.len_bytes()
    ).select(
        "i",
        open=pl.when((_c("edits") <= 1) & ((_c("letters") >= 6) | (_c("same_letter") & (_c("letters") >= 4)))).then(r("close"))
        # Two letters are a typing error in a long name, unless both fall into a short first word: those are two people of one family.
        .when((_c("edits") <= 2) & (_c("letters") >= 9) & ((_c("start") <= 1) | (_c("first") >= 7))).then(r("close"))
        .when((_c("shared") == _c("most")) & (_c("most") > 1)).then(r("close"))
        .when((_c("shared") == _c("fewest")) & (_c("shared") > 0)).then(r("part"))
        .when(_c("winkler") >= 0.86).then(r("alike"))
        .otherwise(r("different")),
    )  # fmt: skip
    return (
        names.with_row_index("i").join(alike, on="i", how="left", maintain_order="left")
        .select(
            name=pl.when(_c("equal")).then(r("same")).when(_c("sound")).then(r("sound"))
            .when(_c("sound").is_not_null()).then(_c("open").fill_null(0))
        )["name"]
    )  # fmt: skip


def _nik(sides: pl.DataFrame) -> pl.Series:
    """A wrong digit in region or birth date says more than one in the serial: those count the people of one day and kecamatan."""

    def r(level: str) -> pl.Expr:
        return _rank("nik", level)

    both = sides.select("nik_a", "nik_b").with_row_index("i").drop_nulls()
    edits = cpdist(both["nik_a"].to_list(), both["nik_b"].to_list(), scorer=OSA.distance, score_cutoff=2)
    serial = (_c("nik_a").str.slice(12).cast(pl.Int32) - _c("nik_b").str.slice(12).cast(pl.Int32)).abs()
    scored = both.with_columns(edits=pl.Series(edits).cast(pl.Int32)).select(
        "i",
        nik=pl.when(_c("edits") > 2).then(r("different"))
        .when((_c("nik_a").str.slice(0, 12) == _c("nik_b").str.slice(0, 12)) & (_c("nik_a").str.len_bytes() == 16) & (_c("nik_b").str.len_bytes() == 16))
        .then(pl.when(serial <= 2).then(r("person_beside")).otherwise(r("serial_digits")))
        .when(_c("edits") == 2).then(r("digits"))
        .otherwise(r("digit")),
    )  # fmt: skip
    return sides.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("i")).join(
        scored, on="i", how="left", maintain_order="left"
    )["nik"]


def _fuzzy(sides: pl.DataFrame, column: str, field: str, close: Callable[..., Any]) -> pl.Series:
    """Same, close by `close(list, list)` (only asked where the two differ), or different; null where a side is empty."""
    a, b = f"{column}_a", f"{column}_b"
    two = sides.select(a, b).with_row_index("i")
    unequal = two.filter(_c(a) != _c(b))
    near = pl.Series(close(unequal[a].to_list(), unequal[b].to_list()), dtype=pl.Boolean)
    return (
        two.join(unequal.select("i", near=near), on="i", how="left", maintain_order="left")
        .select(
            pl.when(_c(a) == _c(b)).then(_rank(field, "same"))
            .when(_c("near")).then(_rank(field, "close"))
            .when(_c("near").is_not_null()).then(_rank(field, "different"))
            .alias(field)
        )[field]
    )  # fmt: skip
