"""Which pairs are worth a comparison: rows that share a key. No two rows meet by chance of an empty field."""

from __future__ import annotations

import polars as pl

_c = pl.col
_day, _month, _year = _c("birth") // 10_000, _c("birth") // 100 % 100, _c("birth") % 100

# Each rule forgives what it leaves out. A key with a null in it is no key.
RULES: dict[str, tuple[pl.Expr, ...]] = {
    "name, birth date, day and month in either order": (_c("core"), _c("swapped")),
    "birth date, beginning of the name": (_c("birth"), _c("core").str.slice(0, 4)),
    "birth date, end of the name": (_c("birth"), _c("core").str.slice(-4)),
    "birth date, mother": (_c("birth"), _c("mother").str.slice(0, 8)),
    "birth date, home": (_c("birth"), _c("address")),
    "name, day and month, neighbourhood": (_c("core"), _day, _month, _c("rt_rw")),
    "name, day and year": (_c("core"), _day, _year),
    "name, month and year": (_c("core"), _month, _year),
    "name, mother": (_c("core"), _c("mother")),
    "name, home": (_c("core"), _c("address")),
    "mother, home": (_c("mother"), _c("address")),
    "telephone": (_c("phone"),),
    "NIK but its serial": (_c("nik").str.slice(0, 12), _c("core").str.slice(0, 1)),
    "NIK but its region": (_c("nik").str.slice(-10), _c("core").str.slice(0, 1)),
}


def candidates(frame: pl.DataFrame, against: pl.DataFrame | None = None) -> pl.DataFrame:
    """Pairs of positions `a`, `b` (UInt32), each once: a < b inside `frame`, or a in `against` and b in `frame`.

    Blocks grow with the square of their size, so each rule has a budget of eight pairs a row; past it the largest blocks of the rule are
    left to the other rules. Memory is bounded by it, whatever the file holds.
    """
    budget = 8 * (frame.height + (against.height if against is not None else 0)) + 100_000
    found = []
    for rule in RULES.values():
        right = _keys(frame, rule)
        if against is None:
            right = right.filter(_c("key").is_duplicated())
            blocks = right.group_by("key").agg(pairs=pl.len().cast(pl.Int64))
            blocks = blocks.with_columns(pairs=_c("pairs") * (_c("pairs") - 1) // 2)
            left = right
        else:
            left = _keys(against, rule).join(right, on="key", how="semi")
            right = right.join(left, on="key", how="semi")
            blocks = left.group_by("key").agg(a=pl.len().cast(pl.Int64)).join(
                right.group_by("key").agg(b=pl.len().cast(pl.Int64)), on="key"
            ).select("key", pairs=_c("a") * _c("b"))  # fmt: skip
        if blocks["pairs"].sum() > budget:
            sizes = blocks.group_by("pairs").agg(all=_c("pairs").sum()).sort("pairs")
            kept = sizes.filter(_c("all").cum_sum() <= budget)["pairs"].max() or 0
            right = right.join(blocks.filter(_c("pairs") <= kept), on="key", how="semi")
        pairs = left.join(right, on="key", suffix="_b").select(a="position", b="position_b")
        found.append(pairs.filter(_c("a") < _c("b")) if against is None else pairs)
    # One number per pair: unique on numbers is several times faster than on two columns.
    both = pl.concat(found).select(pair=_c("a").cast(pl.UInt64) * 2**32 + _c("b"))
    return (
        both.unique()
        .sort("pair")
        .select(a=(_c("pair") // 2**32).cast(pl.UInt32), b=(_c("pair") % 2**32).cast(pl.UInt32))
    )


def _keys(frame: pl.DataFrame, rule: tuple[pl.Expr, ...]) -> pl.DataFrame:
    parts = [part.alias(f"k{i}") for i, part in enumerate(rule)]
    keyed = frame.select(pl.int_range(pl.len(), dtype=pl.UInt32).alias("position"), *parts).drop_nulls()
    return keyed.select("position", key=pl.struct(pl.exclude("position")).hash())
