"""How alike two names are: whole, in another order, word by word; one level per pair of `LEVELS["name"]`."""

from __future__ import annotations

from typing import Any

import polars as pl
from rapidfuzz.distance import OSA, JaroWinkler
from rapidfuzz.process import cpdist

from lindung.identity.matching_model import LEVELS

_c = pl.col


def scores(frame: pl.DataFrame, column: str, scorer: Any, **options: Any) -> pl.Series:
    """One Float32 per row: `scorer` of `<column>_a` and `<column>_b`, on all cores."""
    a, b = frame[f"{column}_a"].to_list(), frame[f"{column}_b"].to_list()
    return pl.Series(cpdist(a, b, scorer=scorer, workers=-1, **options), dtype=pl.Float32)


def heard() -> pl.Expr:
    """Equal as heard, in whatever order (Boolean; null where a name is missing)."""
    return (_c("core_a") == _c("core_b")) | (_c("bag_a") == _c("bag_b"))


def level(names: pl.DataFrame) -> pl.Series:
    """UInt8 per row of `name, sound, words, core, bag` of both sides (`name_a` …); null where a side has no name."""

    def r(name: str) -> pl.Expr:
        return pl.lit(LEVELS["name"].index(name), pl.UInt8)

    names = names.with_columns(heard=heard(), i=pl.int_range(pl.len(), dtype=pl.UInt32))
    open_ = names.filter(~_c("heard"))
    first = {f"start_{side}": _c(f"words_{side}").str.extract("^([A-Z]+)") for side in "ab"}
    open_ = open_.with_columns(**first).join(_by_words(open_), on="i", how="left", maintain_order="left")
    open_ = open_.with_columns(
        winkler=scores(open_, "core", JaroWinkler.similarity, score_cutoff=0.86),
        edits=pl.min_horizontal(scores(open_, column, OSA.distance, score_cutoff=2) for column in ("core", "name")),
        start=scores(open_, "start", OSA.distance, score_cutoff=2),
        letters=pl.max_horizontal(_c("core_a").str.len_bytes(), _c("core_b").str.len_bytes()),
        shortest_start=pl.min_horizontal(_c("start_a").str.len_bytes(), _c("start_b").str.len_bytes()),
        same_letter=_c("core_a").str.slice(0, 1) == _c("core_b").str.slice(0, 1),
    ).select(
        "i",
        open=pl.when((_c("edits") <= 1) & ((_c("letters") >= 6) | (_c("same_letter") & (_c("letters") >= 4)))).then(r("close"))
        # Two letters are a typing error in a long name, unless both fall into a short first word: those are two people of one family.
        .when((_c("edits") <= 2) & (_c("letters") >= 9) & ((_c("start") <= 1) | (_c("shortest_start") >= 7))).then(r("close"))
        .when("all_words").then(r("close"))
        .when(_c("all_a") | _c("all_b")).then(r("part"))
        .when((_c("winkler") > 0) | _c("half")).then(r("alike"))
        .otherwise(r("different")),
    )  # fmt: skip
    return (
        names.join(open_, on="i", how="left", maintain_order="left")
        .select(
            name=pl.when(_c("name_a") == _c("name_b")).then(r("same")).when("heard").then(r("sound"))
            .when(_c("heard").is_not_null()).then(_c("open"))
        )["name"]
    )  # fmt: skip


def _by_words(names: pl.DataFrame) -> pl.DataFrame:
    """`i` with `all_words` (each word has its like on the other side), `all_a`, `all_b` (each of that side has, and what is left over is not
    two names) and `half` (half of the letters have), where any word has its like.

    Words are alike with one letter wrong, two in a long word. An initial says nothing, nor do Muhammad and Siti, wherever they stand.
    """
    told = names.select("i", **{side: _telling(f"sound_{side}").str.split(" ") for side in "ab"})
    opened = {f"opened_{side}": _c(f"sound_{side}").str.contains(r"\b(?:MUHAMAD|SITI)\b") for side in "ab"}
    counts = told.select(
        "i",
        n_a=_c("a").list.n_unique(), n_b=_c("b").list.n_unique(),
        letters=pl.max_horizontal(_c(side).list.join("").str.len_bytes() for side in "ab"),
    ).hstack(names.select(**opened))  # fmt: skip
    words = told.explode("a").explode("b").filter((_c("a") != "") & (_c("b") != ""))
    long, short = (
        f(_c("a").str.len_bytes(), _c("b").str.len_bytes()) for f in (pl.max_horizontal, pl.min_horizontal)
    )
    first, last = (_c("a").str.slice(at, 1) == _c("b").str.slice(at, 1) for at in (0, -1))
    words = words.with_columns(one=_c("a") == _c("b"))
    words = words.filter(_c("one") | ((first | last) & (long - short <= 2) & (long >= 4)))
    unequal = words.filter(~_c("one"))
    edits = scores(unequal.rename({"a": "word_a", "b": "word_b"}), "word", OSA.distance, score_cutoff=2)
    typed = unequal.filter(
        ((edits <= 1) & unequal.select((long >= 5) | first).to_series())
        | ((edits <= 2) & unequal.select(long >= 8).to_series())
    )
    alike = pl.concat([words.filter("one"), typed])
    per = alike.group_by("i").agg(
        m_a=_c("a").n_unique(), m_b=_c("b").n_unique(), like=_c("a").unique().str.len_bytes().sum()
    ).join(counts, on="i")  # fmt: skip
    all_a, all_b = _c("m_a") == _c("n_a"), _c("m_b") == _c("n_b")
    return per.select(
        "i",
        all_words=all_a & all_b & (_c("n_a") == _c("n_b")) & (_c("n_a") > 1),
        all_a=all_a & (_c("opened_a") <= _c("opened_b")),
        all_b=all_b & (_c("opened_b") <= _c("opened_a")),
        half=_c("like") * 2 >= _c("letters"),
    )


def _telling(sound: str) -> pl.Expr:
    """The words that tell people apart."""
    apart = pl.concat_str(pl.lit(" "), _c(sound).str.replace_all(" ", "  ", literal=True), pl.lit(" "))
    return apart.str.replace_all(" (?:[A-Z]|MUHAMAD|SITI) ", " ").str.replace_all(" +", " ").str.strip_chars()
