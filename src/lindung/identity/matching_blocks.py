"""Which pairs are worth a comparison: rows that share a key. No two rows meet by chance of an empty field."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

BEGINNING = 4  # letters of a word
_c = pl.col
_day, _month, _year = _c("birth") // 10_000, _c("birth") // 100 % 100, _c("birth") % 100

_other_birth = pl.when(_c("nik_birth") != _c("birth")).then("nik_birth")

_only_word = pl.when(_c("words") == _c("core")).then("core")


class Rule(NamedTuple):
    """Rows with the same `keys` meet, if `by_word` only those with the beginning of a word of the name in common, wherever it stands.
    Each rule forgives what it leaves out; a key with a null in it is no key. `also`: another key of the same row."""

    keys: tuple[pl.Expr, ...]
    by_word: bool = False
    also: tuple[pl.Expr, ...] = ()


RULES: dict[str, Rule] = {
    "name, birth date, day and month in either order": Rule((_c("bag"), _c("swapped"))),
    "birth date, as told or in the NIK; a word": Rule((_c("birth"),), by_word=True, also=(_other_birth,)),
    "birth date, end of the only word": Rule((_c("birth"), _only_word.str.slice(-4))),
    "birth date, mother": Rule((_c("birth"), _c("mother").str.slice(0, 8))),
    "birth date, home": Rule((_c("birth"), _c("address"))),
    "name, day and month, neighbourhood": Rule((_c("bag"), _day, _month, _c("rt_rw"))),
    "name, day and year": Rule((_c("bag"), _day, _year)),
    "name, mother": Rule((_c("bag"), _c("mother"))),
    "home, a word": Rule((_c("address"), _c("rt_rw")), by_word=True),
    "mother, home": Rule((_c("mother"), _c("address"))),
    "telephone": Rule((_c("phone"),)),
    "family card, a word": Rule((_c("kk"),), by_word=True),
}


def candidates(frame: pl.DataFrame, against: pl.DataFrame | None = None) -> pl.DataFrame:
    """Pairs of positions `a`, `b` (UInt32), each once: a < b inside `frame`, or a in `against` and b in `frame`.

    Blocks grow with the square of their size, so each rule has a budget of eight pairs a row (two, where rows meet by a single word); past it
    the largest blocks of the rule are left to the other rules. Memory is bounded by it, whatever the file holds.
    """
    rows = frame.height + (against.height if against is not None else 0)
    own = _words(frame)
    others = None if against is None else _words(against)
    found = []
    for rule in RULES.values():
        budget = (2 if rule.by_word else 8) * rows + 100_000
        right = _keys(frame, own, rule)
        if against is None or others is None:
            right = right.filter(_c("key").is_duplicated())
            blocks = right.group_by("key").agg(pairs=pl.len().cast(pl.Int64))
            blocks = blocks.with_columns(pairs=_c("pairs") * (_c("pairs") - 1) // 2)
            left = right
        else:
            left = _keys(against, others, rule).join(right, on="key", how="semi")
            right = right.join(left, on="key", how="semi")
            blocks = left.group_by("key").agg(a=pl.len().cast(pl.Int64)).join(
                right.group_by("key").agg(b=pl.len().cast(pl.Int64)), on="key"
            ).select("key", pairs=_c("a") * _c("b"))  # fmt: skip
        if blocks["pairs"].sum() > budget:
            sizes = blocks.group_by("pairs").agg(all=_c("pairs").sum()).sort("pairs")
            kept = sizes.filter(_c("all").cum_sum() <= budget)["pairs"].max() or 0
            right = right.join(blocks.filter(_c("pairs") <= kept), on="key", how="semi")
        pairs = left.join(right, on="key", suffix="_b").select(a="position", b="position_b")
        pairs = pairs.filter(_c("a") < _c("b")) if against is None else pairs
        # One number per pair: unique on numbers is several times faster than on two columns.
        found.append(pairs.select(pair=_c("a").cast(pl.UInt64) * 2**32 + _c("b")))
    return (
        pl.concat(found)
        .unique()
        .sort("pair")
        .select(a=(_c("pair") // 2**32).cast(pl.UInt32), b=(_c("pair") % 2**32).cast(pl.UInt32))
    )


def _words(frame: pl.DataFrame) -> pl.DataFrame:
    """`position`, `word` (a hash of its first letters) for each word of each name."""
    words = frame.select(position=pl.int_range(pl.len(), dtype=pl.UInt32), word=_c("words").str.split(" "))
    return (
        words.explode("word")
        .select("position", word=_c("word").str.slice(0, BEGINNING))
        .drop_nulls()
        .select("position", _c("word").hash())
    )


def _keys(frame: pl.DataFrame, words: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    found = []
    for keys in filter(None, (rule.keys, rule.also)):
        whole = pl.all_horizontal(part.is_not_null() for part in keys)
        key = pl.struct(part.alias(f"k{i}") for i, part in enumerate(keys)).hash()
        keyed = frame.select(position=pl.int_range(pl.len(), dtype=pl.UInt32), key=pl.when(whole).then(key))
        if rule.by_word:
            keyed = words.select("position", key=keyed["key"].gather(words["position"]) ^ words["word"])
        found.append(keyed.drop_nulls())
    return pl.concat(found)
