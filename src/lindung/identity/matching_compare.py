"""How alike two rows are, field by field: one level per field per pair, computed for millions of pairs at once."""

from __future__ import annotations

from collections.abc import Callable

import polars as pl
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.fuzz import token_ratio

from lindung.identity import matching_names
from lindung.identity.matching_model import LEVELS
from lindung.identity.matching_names import scores

CHUNK = 1_000_000  # pairs looked at together: bounds memory
MANY = 8  # people who bear a word for it to be a name
_FIELDS = {"mother": "mother_name", "address": "address", "kk": "kk_number", "phone": "phone"}
_NAMES = ("name", "sound", "words", "core", "bag")
_PLAIN = ("name", "core", "bag", "nik_bits", "nik_birth", "birth", "rt_rw", "kelurahan", "sex", *_FIELDS)
_c = pl.col


def compare(
    frame: pl.DataFrame,
    pairs: pl.DataFrame,
    against: pl.DataFrame | None = None,
    *,
    worth: pl.Expr | None = None,
) -> pl.DataFrame:
    """`pairs` (positions `a`, `b`, see `candidates`) in their order with the level of each field of `LEVELS` (UInt8, null = unknown),
    `namesakes` (log10 of how many rows bear the commoner of the two names; null where the names differ) and `twins`.

    `worth`: a condition on these columns, true of a pair that deserves a look. Then every field begins at the best level it could have, is made
    true from the cheapest to the dearest, and pairs that have fallen below are left out on the way. It must not fall as levels rise.
    """
    other = frame if against is None else against

    def keep(some: pl.DataFrame) -> pl.DataFrame:
        return some if worth is None else some.filter(worth)

    chunks = [_compared(other, frame, chunk, keep) for chunk in pairs.iter_slices(CHUNK)]
    levels = pl.concat(chunks) if chunks else _compared(other, frame, pairs, keep)
    return levels.select("a", "b", *LEVELS, "namesakes", "twins")


def _compared(
    left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame, keep: Callable[[pl.DataFrame], pl.DataFrame]
) -> pl.DataFrame:
    sides = _side_by_side(left, right, pairs, _PLAIN)
    pairs = keep(
        pairs.hstack(
            sides.select(
                name=pl.when(_c("name_a") == _c("name_b")).then(_rank("name", "same"))
                .when(matching_names.heard()).then(_rank("name", "sound"))
                .when(matching_names.heard().is_not_null()).then(_rank("name", "close")),
                birth_date=_birth_date(),
                # Null bits: no NIK, or one that is not whole; the next step knows.
                nik=pl.when((_wrong_digits() <= 2).fill_null(True)).then(_rank("nik", "digit")).otherwise(_rank("nik", "different")),
                rt_rw=_equal("rt_rw"), kelurahan=_equal("kelurahan"), sex=_equal("sex"),
                namesakes=pl.lit(0.0), twins=pl.lit(False),
                **{field: _same_or(column, field, _rank(field, "close")) for column, field in _FIELDS.items()},
            )
        )
    )  # fmt: skip
    names = _side_by_side(left, right, pairs, _NAMES)
    pairs = keep(pairs.with_columns(*_nik(_side_by_side(left, right, pairs, ("nik", "nik_bits")), names)))
    for column, field in _FIELDS.items():
        two = _side_by_side(left, right, pairs, (column,))
        pairs = keep(pairs.with_columns(_fuzzy(two, column, field)))
    names = _side_by_side(left, right, pairs, _NAMES)
    pairs = keep(pairs.with_columns(matching_names.level(names), _namesakes(left, right, names)))
    return keep(pairs.with_columns(_twins(left, right, pairs)))


def _twins(left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame) -> pl.Series:
    """Born the same day into the same family under another name, or the same day under names of which the first word differs by a little
    ("Rina Wati", "Rini Wati"). NIK that differ elsewhere than in the serial are no twins'."""
    best = {field: len(names) - 1 for field, names in LEVELS.items()}
    born = (
        (_c("birth_date") == best["birth_date"])
        & _c("one_day")
        & (_c("nik").is_null() | (_c("nik") <= LEVELS["nik"].index("serial_digits")))
    )
    home = [_c(f).eq(best[f]) for f in ("mother_name", "address", "kk_number")] + [_c("nik") > 0]
    kin = pl.any_horizontal(*(one.fill_null(False) for one in home))
    unlike = _c("name") < LEVELS["name"].index("part")
    alike = _c("name").is_in([LEVELS["name"].index(level) for level in ("part", "close")])
    table = pairs.select(
        "a", "b", kin=(born & kin & unlike).fill_null(False), rhyme=(born & alike).fill_null(False)
    )
    some = table.filter("rhyme")
    if some.is_empty():
        return table["kin"].alias("twins")
    other, typed = _first_words(left, right, some, "words")
    _, typed_too = _first_words(left, right, some, "sound")
    places = pl.int_range(table.height, eager=True)
    rhyming = places.filter(table["rhyme"]).filter(other & ~(typed | typed_too))
    return (table["kin"] | places.is_in(rhyming.implode())).alias("twins")


def _first_words(
    left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame, column: str
) -> tuple[pl.Series, pl.Series]:
    """Whether the first words differ, and whether one looks typed: a word that hardly anybody bears beside one that many do is no name."""
    lists = [
        frame[column].str.extract("^([A-Z]+)") for frame in ([right] if left is right else [right, left])
    ]
    words = pl.DataFrame({"a": lists[-1].gather(pairs["a"]), "b": lists[0].gather(pairs["b"])})
    asked = pl.concat([words["a"], words["b"]]).unique().implode()
    counts = pl.concat([first.filter(first.is_in(asked)) for first in lists]).value_counts()
    borne = [
        words.select(pl.col(side).alias(column)).join(counts, on=column, how="left", maintain_order="left")[
            "count"
        ]
        for side in "ab"
    ]
    few, many = pl.min_horizontal(*borne).cast(pl.Int64), pl.max_horizontal(*borne)
    typed = pl.select(((few - 1) * 50 <= many) & (many >= MANY)).to_series().fill_null(False)
    return (words["a"] != words["b"]).fill_null(True), typed


def _namesakes(left: pl.DataFrame, right: pl.DataFrame, names: pl.DataFrame) -> pl.Series:
    """log10 of how many rows bear the commoner of two names."""
    asked = pl.concat([names["core_a"], names["core_b"]]).unique()
    lists = [right["core"]] if left is right else [right["core"], left["core"]]
    counts = pl.concat([core.filter(core.is_in(asked.implode())) for core in lists]).value_counts()
    borne = [
        names.select(core=f"core_{side}").join(counts, on="core", how="left", maintain_order="left")["count"]
        for side in "ab"
    ]
    return pl.select(namesakes=pl.max_horizontal(*borne).cast(pl.Float64).log10()).to_series()


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


def _same_or(column: str, field: str, unequal: pl.Expr) -> pl.Expr:
    """Null where a side is empty."""
    equal = _c(f"{column}_a") == _c(f"{column}_b")
    return pl.when(equal).then(_rank(field, "same")).when(equal.is_not_null()).then(unequal)


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


def _wrong_digits() -> pl.Expr:
    """In how many places two whole NIK differ (null where one is not whole)."""
    other = _c("nik_bits_a") ^ _c("nik_bits_b")
    any_bit = other | (other // 2) | (other // 4) | (other // 8)
    return (any_bit & pl.lit(0x1111_1111_1111_1111, pl.UInt64)).bitwise_count_ones()


def _nik(sides: pl.DataFrame, names: pl.DataFrame) -> list[pl.Series]:
    """The level, and `one_day`: both were given for the same day and place, as far as can be told.

    A wrong digit in the birth date, or a lost one, says more than one in region or serial: those tell neighbours apart."""

    def r(level: str) -> pl.Expr:
        return _rank("nik", level)

    both = sides.with_columns(names.select(one_name=matching_names.heard())).with_row_index("i")
    both = both.filter(_c("nik_a") != _c("nik_b"))  # the same NIK is for the caller to judge
    near = both.filter((_wrong_digits() <= 2).fill_null(True))
    near = near.select("i", edits=scores(near, "nik", OSA.distance, score_cutoff=2))
    both = both.join(near, on="i", how="left", maintain_order="left")
    a, b = _c("nik_a").str, _c("nik_b").str
    whole = (a.len_bytes() == 16) & (b.len_bytes() == 16)
    serial = (a.slice(12).cast(pl.Int32) - b.slice(12).cast(pl.Int32)).abs()
    # Serials count from 0001; a last digit that became 0 in Excel is no neighbour. Twins do not bear one name.
    numbered = ~a.ends_with("0000") & ~b.ends_with("0000") & ~_c("one_name").fill_null(False)
    scored = both.select(
        "i",
        nik=pl.when(_c("edits").fill_null(3) > 2).then(r("different"))
        .when(whole & (a.slice(0, 12) == b.slice(0, 12)))
        .then(pl.when((serial <= 2) & numbered).then(r("person_beside")).otherwise(r("serial_digits")))
        # The kecamatan of one city are a digit apart, too.
        .when((_c("edits") == 2) | (whole & (a.slice(6) == b.slice(6)))).then(r("digits"))
        .otherwise(r("digit")),
        one_day=~whole | (a.slice(0, 12) == b.slice(0, 12)),
    )  # fmt: skip
    found = sides.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("i")).join(
        scored, on="i", how="left", maintain_order="left"
    )
    return [found["nik"], found["one_day"].fill_null(True)]


def _fuzzy(two: pl.DataFrame, column: str, field: str) -> pl.Series:
    """Same, close (only asked where the two differ), or different; null where a side is empty."""
    a, b = f"{column}_a", f"{column}_b"
    two = two.with_columns(i=pl.int_range(pl.len(), dtype=pl.UInt32))
    unequal = two.filter(_c(a) != _c(b))
    unequal = unequal.select("i", near=_CLOSE[column](unequal))
    level = pl.when(_c("near")).then(_rank(field, "close")).otherwise(_rank(field, "different"))
    return (
        two.join(unequal, on="i", how="left", maintain_order="left")
        .select(_same_or(column, field, level).alias(field))
        .to_series()
    )


def _close_mother(pairs: pl.DataFrame) -> pl.Series:
    alike = scores(pairs, "mother", JaroWinkler.similarity)
    open_ = pairs.filter(alike < 0.9)
    words = open_.filter(
        (scores(open_, "mother", token_ratio, score_cutoff=88) > 0)
        | (
            (scores(open_, "mother", OSA.distance, score_cutoff=2) <= 2)
            & (_c("mother_a").str.len_bytes() >= 8)
        )
    )["i"]
    return (alike >= 0.9) | pairs["i"].is_in(words.implode())


_CLOSE: dict[str, Callable[[pl.DataFrame], pl.Series]] = {
    "mother": _close_mother,
    "address": lambda two: scores(two, "address", JaroWinkler.similarity) >= 0.85,
    "kk": lambda two: scores(two, "kk", OSA.distance, score_cutoff=2) <= 2,
    "phone": lambda two: scores(two, "phone", OSA.distance, score_cutoff=1) <= 1,
}
