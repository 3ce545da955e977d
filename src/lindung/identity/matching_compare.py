"""How alike two rows are, field by field: one level per field per pair, computed for millions of pairs at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import polars as pl
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_ratio, token_set_ratio, token_sort_ratio
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
CHUNK = 1_000_000  # pairs looked at together: bounds memory
_SIDES = (
    "nik", "nik_birth", "birth", "mother", "address", "rt_rw", "kelurahan", "kk", "phone", "sex",
)  # fmt: skip
_c = pl.col


def compare(
    frame: pl.DataFrame, pairs: pl.DataFrame, against: pl.DataFrame | None = None, *, all_names: bool = False
) -> pl.DataFrame:
    """`pairs` (positions `a`, `b`, see `candidates`) in their order with the level of each field of `LEVELS` (UInt8, null = unknown),
    `namesakes` (log10 of how many rows bear the name, where both sound the same; else null) and `twins`.

    Pairs whose names differ are left out, unless `all_names`: nothing else could make them one human.
    """
    other = frame if against is None else against
    bearers = frame["core"] if against is None else pl.concat([frame["core"], against["core"]])
    bearers = bearers.filter(bearers.is_in(frame["core"][pairs["b"].unique()].implode()))
    counts = bearers.value_counts()
    chunks = [_compared(other, frame, chunk, counts, all_names) for chunk in pairs.iter_slices(CHUNK)]
    return pl.concat(chunks) if chunks else _compared(other, frame, pairs, counts, all_names)


def _compared(
    other: pl.DataFrame, frame: pl.DataFrame, pairs: pl.DataFrame, counts: pl.DataFrame, all_names: bool
) -> pl.DataFrame:
    names = _side_by_side(other, frame, pairs, ("name", "sound", "core"))
    pairs = pairs.with_columns(_name(names))
    if not all_names:
        alike = (_c("name") > 0) | _c("name").is_null()
        names = names.filter(pairs.select(alike)["name"])
        pairs = pairs.filter(alike)
    sides = _side_by_side(other, frame, pairs, _SIDES)
    levels = sides.select(
        birth_date=_birth_date(), rt_rw=_equal("rt_rw"), kelurahan=_equal("kelurahan"), sex=_equal("sex"),
    ).with_columns(
        pairs["a"], pairs["b"], pairs["name"],
        _nik(sides),
        _fuzzy(sides, "mother", "mother_name", _close_mother),
        _fuzzy(sides, "address", "address", lambda two: _scores(two, "address", JaroWinkler.similarity) >= 0.85),
        _fuzzy(sides, "kk", "kk_number", lambda two: _scores(two, "kk", OSA.distance, score_cutoff=2) <= 2),
        _fuzzy(sides, "phone", "phone", lambda two: _scores(two, "phone", OSA.distance, score_cutoff=1) <= 1),
    )  # fmt: skip
    namesakes = names.select("core_a").join(
        counts, left_on="core_a", right_on="core", how="left", maintain_order="left"
    )["count"]  # fmt: skip
    best = {field: len(names) - 1 for field, names in LEVELS.items()}
    home = [_c(f).eq(best[f]) for f in ("mother_name", "address", "kk_number")] + [_c("nik") > 0]
    same_start = names.select(_c("core_a").str.slice(0, 4) == _c("core_b").str.slice(0, 4)).to_series()
    beside = _c("nik") == LEVELS["nik"].index("person_beside")
    return levels.select("a", "b", *LEVELS).with_columns(
        namesakes=pl.when(_c("name") >= LEVELS["name"].index("sound")).then(namesakes.log10()),
        # Born the same day into the same family, or beside one another in the register, under another name. NIK that differ elsewhere than
        # in the serial are no twins'.
        twins=(
            (_c("name") < LEVELS["name"].index("part"))
            & (_c("birth_date") == best["birth_date"])
            & pl.any_horizontal(*(kin.fill_null(False) for kin in home))
            & (_c("nik").is_null() | (_c("nik") <= LEVELS["nik"].index("serial_digits")))
        )
        | (_c("name").eq(LEVELS["name"].index("close")) & ~same_start & beside).fill_null(False),
    )


def _side_by_side(
    left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame, columns: tuple[str, ...]
) -> pl.DataFrame:
    parts = [
        left.select(columns)[pairs["a"]].select(pl.all().name.suffix("_a")),
        right.select(columns)[pairs["b"]].select(pl.all().name.suffix("_b")),
    ]
    return pl.concat(parts, how="horizontal")


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

    names = names.with_columns(
        equal=_c("name_a") == _c("name_b"),
        heard=_c("core_a") == _c("core_b"),
        i=pl.int_range(pl.len(), dtype=pl.UInt32),
    )
    # Only pairs that are not settled need the slow comparisons, and only those somewhat alike the slower ones.
    open_ = names.filter(~_c("heard"))
    real = open_.select(_without_initials("sound_a"), _without_initials("sound_b"))
    alike = open_.with_columns(
        winkler=_scores(open_, "core", JaroWinkler.similarity),
        shared=_scores(real, "sound", token_set_ratio, score_cutoff=75),
    ).filter((_c("winkler") >= 0.75) | (_c("shared") > 0))
    alike = alike.with_columns(
        start_a=_c("sound_a").str.extract("^([A-Z]+)"), start_b=_c("sound_b").str.extract("^([A-Z]+)")
    ).with_columns(
        edits=pl.min_horizontal(
            _scores(alike, column, OSA.distance, score_cutoff=2) for column in ("core", "name")
        ),
        letters=pl.max_horizontal(_c("core_a").str.len_bytes(), _c("core_b").str.len_bytes()),
        shortest_start=pl.min_horizontal(_c("start_a").str.len_bytes(), _c("start_b").str.len_bytes()),
        same_letter=_c("core_a").str.slice(0, 1) == _c("core_b").str.slice(0, 1),
    )
    alike = alike.with_columns(start=_scores(alike, "start", OSA.distance, score_cutoff=2))
    alike = alike.select(
        "i",
        open=pl.when((_c("edits") <= 1) & ((_c("letters") >= 6) | (_c("same_letter") & (_c("letters") >= 4)))).then(r("close"))
        # Two letters are a typing error in a long name, unless both fall into a short first word: those are two people of one family.
        .when((_c("edits") <= 2) & (_c("letters") >= 9) & ((_c("start") <= 1) | (_c("shortest_start") >= 7))).then(r("close"))
        .when(_other_order(alike)).then(r("close"))
        .when(_c("shared") == 100).then(r("part"))
        .when(_c("winkler") >= 0.86).then(r("alike"))
        .otherwise(r("different")),
    )  # fmt: skip
    return (
        names.join(alike, on="i", how="left", maintain_order="left")
        .select(
            name=pl.when(_c("equal")).then(r("same")).when(_c("heard")).then(r("sound"))
            .when(_c("heard").is_not_null()).then(_c("open").fill_null(0))
        )["name"]
    )  # fmt: skip


def _scores(frame: pl.DataFrame, column: str, scorer: Any, **options: Any) -> pl.Series:
    """One Float32 per row: `scorer` of `<column>_a` and `<column>_b`, on all cores."""
    a, b = frame[f"{column}_a"].to_list(), frame[f"{column}_b"].to_list()
    return pl.Series(cpdist(a, b, scorer=scorer, workers=-1, **options), dtype=pl.Float32)


def _without_initials(sound: str) -> pl.Expr:
    """ "BUDI S" says no more than "BUDI"."""
    return pl.concat_str(pl.lit(" "), sound, pl.lit(" ")).str.replace_all(" [A-Z] ", " ").alias(sound)


def _other_order(names: pl.DataFrame) -> pl.Series:
    """The same words in another order, give or take two letters (Boolean, a row each)."""
    moved = names.filter(
        (_scores(names, "sound", token_sort_ratio, score_cutoff=85) > 0) & (_c("start") > 2)
    ).select("i", *(_c(side).str.split(" ").list.sort().list.join(" ") for side in ("sound_a", "sound_b")))
    found = moved.filter(_scores(moved, "sound", OSA.distance, score_cutoff=2) <= 2)
    return names["i"].is_in(found["i"].implode())


def _nik(sides: pl.DataFrame) -> pl.Series:
    """A wrong digit in the birth date, or a lost one, says more than one in region or serial: those tell neighbours apart."""

    def r(level: str) -> pl.Expr:
        return _rank("nik", level)

    both = sides.select("nik_a", "nik_b").with_row_index("i").drop_nulls()
    a, b = _c("nik_a").str, _c("nik_b").str
    whole = (a.len_bytes() == 16) & (b.len_bytes() == 16)
    serial = (a.slice(12).cast(pl.Int32) - b.slice(12).cast(pl.Int32)).abs()
    # Serials count from 0001; a last digit that became 0 in Excel is no neighbour.
    numbered = ~a.ends_with("0000") & ~b.ends_with("0000")
    scored = both.with_columns(edits=_scores(both, "nik", OSA.distance, score_cutoff=2)).select(
        "i",
        nik=pl.when(_c("edits") == 0).then(None)  # the same NIK is for the caller to judge
        .when(_c("edits") > 2).then(r("different"))
        .when(whole & (a.slice(0, 12) == b.slice(0, 12)))
        .then(pl.when((serial <= 2) & numbered).then(r("person_beside")).otherwise(r("serial_digits")))
        # The kecamatan of one city are a digit apart, too.
        .when((_c("edits") == 2) | (whole & (a.slice(6) == b.slice(6)))).then(r("digits"))
        .otherwise(r("digit")),
    )  # fmt: skip
    return sides.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("i")).join(
        scored, on="i", how="left", maintain_order="left"
    )["nik"]


def _fuzzy(
    sides: pl.DataFrame, column: str, field: str, close: Callable[[pl.DataFrame], pl.Series]
) -> pl.Series:
    """Same, close by `close` (only asked where the two differ), or different; null where a side is empty."""
    a, b = f"{column}_a", f"{column}_b"
    two = sides.select(a, b, i=pl.int_range(pl.len(), dtype=pl.UInt32))
    unequal = two.filter(_c(a) != _c(b))
    unequal = unequal.select("i", near=close(unequal))
    return (
        two.join(unequal, on="i", how="left", maintain_order="left")
        .select(
            pl.when(_c(a) == _c(b)).then(_rank(field, "same"))
            .when(_c("near")).then(_rank(field, "close"))
            .when(_c("near").is_not_null()).then(_rank(field, "different"))
            .alias(field)
        )[field]
    )  # fmt: skip


def _close_mother(pairs: pl.DataFrame) -> pl.Series:
    alike = _scores(pairs, "mother", JaroWinkler.similarity)
    open_ = pairs.filter(alike < 0.9)
    words = open_.filter(
        (_scores(open_, "mother", token_ratio, score_cutoff=88) > 0)
        | (
            (_scores(open_, "mother", OSA.distance, score_cutoff=2) <= 2)
            & (_c("mother_a").str.len_bytes() >= 8)
        )
    )["i"]
    return (alike >= 0.9) | pairs["i"].is_in(words.implode())
