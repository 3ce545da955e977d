"""Who is who: pairs of rows that are probably one human, with a probability and the reason of every field.

Nothing is merged here. Pairs in the band "same" are called duplicates, "review" goes to a person, the rest is not spoken of. The weights are
data (`models/<version>.json`, made by `tools/train_matching.py` from labelled pairs), so that a judgement can be repeated years later.
A placeholder or an empty field matches nobody; a twin (same birth date and home, NIK beside, another name) is another person.
"""

from __future__ import annotations

import json
import math

import polars as pl

from lindung.base import messages
from lindung.identity.matching_blocks import candidates
from lindung.identity.matching_compare import compare
from lindung.identity.matching_model import LEVELS, Model, model
from lindung.identity.matching_prepare import prepare

__all__ = ["Model", "duplicates", "first_of_group", "judge", "model", "prepare", "reasons"]

_c = pl.col


def duplicates(
    frame: pl.DataFrame, *, against: pl.DataFrame | None = None, model: Model | None = None
) -> pl.DataFrame:
    """Pairs that are the same human (band "same") or may be ("review"), though their NIK differ or are missing.

    `frame`: `row_id` (Int64) and any of `nik` (cleaned text), `name`, `birth_date` (Date), `mother_name, address, rt, rw, kelurahan, kk_number,
    phone, sex` (L or P). `against`: a list of the same form to compare with, instead of comparing the frame with itself; `prepare(list)` once
    if it is used often. Out: `a_row_id` (the earlier row, or the one of `against`), `b_row_id`, `probability`, `band`, `why` (JSON object:
    field → {level, weight}), in order of the rows. Pairs with the same 16 digits are not among them: see `judge`.
    """
    prepared = prepare(frame)
    other = None if against is None else prepare(against)
    pairs = candidates(prepared, other)
    left = prepared if other is None else other
    same_nik = left["nik"][pairs["a"]] == prepared["nik"][pairs["b"]]
    pairs = pairs.filter(~same_nik.fill_null(False))
    by = model or _current()
    least = math.log(by.review / (1 - by.review))
    levels = compare(prepared, pairs, other, worth=by.odds(max(prepared.height, left.height)) >= least)
    judged = _judged(prepared, levels, other, by)
    return judged.filter(_c("band").is_not_null())


def judge(frame: pl.DataFrame, pairs: pl.DataFrame, *, model: Model | None = None) -> pl.DataFrame:
    """The same columns for given pairs (`a_row_id`, `b_row_id`), each of them, in order; band null = other people.

    A shared NIK counts neither way, so this tells one human entered twice from two humans under one NIK.
    """
    prepared = prepare(frame)
    at = prepared.select("row_id", position=pl.int_range(pl.len(), dtype=pl.UInt32))
    positions = pairs.select(
        a=_c("a_row_id").replace_strict(at["row_id"], at["position"]), b=_c("b_row_id").replace_strict(at["row_id"], at["position"])
    )  # fmt: skip
    return _judged(prepared, compare(prepared, positions), None, model or _current())


_current = model


def _judged(
    frame: pl.DataFrame,
    levels: pl.DataFrame,
    against: pl.DataFrame | None,
    by: Model,
) -> pl.DataFrame:
    left = frame if against is None else against
    judged = levels.with_columns(
        by.probability(levels, max(frame.height, left.height)),
        a_row_id=left["row_id"][levels["a"]],
        b_row_id=frame["row_id"][levels["b"]],
    ).with_columns(band=_band(by))
    why = [
        pl.when(_c(field).is_not_null()).then(
            pl.struct(
                level=_c(field).replace_strict(list(range(len(names))), names, default=None, return_dtype=pl.String),
                weight=by.weight(field).round(2),
            )
        ).alias(field)
        for field, names in LEVELS.items()
    ]  # fmt: skip
    return judged.select(
        "a_row_id", "b_row_id", "probability", "band", why=pl.struct(why).struct.json_encode()
    )


def _band(by: Model) -> pl.Expr:
    """Without a name no pair is called the same by itself, nor one whose names only resemble one another under NIK that follow one another:
    those are twins more often than slips."""
    beside = _c("nik").eq_missing(LEVELS["nik"].index("person_beside"))
    doubtful = _c("name").is_null() | _c("twins") | (beside & (_c("name") <= LEVELS["name"].index("close")))
    more = pl.any_horizontal(_c("mother_name", "address", "kk_number", "phone").is_not_null())
    return (
        pl.when((_c("name") == 0) | (beside & (_c("name") < LEVELS["name"].index("part")))).then(None)
        .when((_c("probability") >= pl.when(more).then(by.same).otherwise(by.same_bare)) & ~doubtful).then(pl.lit("same"))
        .when(_c("probability") >= by.review).then(pl.lit("review"))
    )  # fmt: skip


def first_of_group(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of pairs `a_row_id`, `b_row_id` (any order, any chain): each later row once, with the first row of its group; sorted."""
    parent: dict[int, int] = {}

    def root(row: int) -> int:
        while (up := parent.setdefault(row, row)) != row:
            parent[row] = row = parent[up]
        return row

    for a, b in pairs.select("a_row_id", "b_row_id").iter_rows():
        low, high = sorted((root(a), root(b)))
        parent[high] = low
    later = sorted((row, root(row)) for row in parent if root(row) != row)
    return pl.DataFrame(
        {"a_row_id": [first for _, first in later], "b_row_id": [row for row, _ in later]},
        schema={"a_row_id": pl.Int64, "b_row_id": pl.Int64},
    )


def reasons(why: str, lang: str | None = None) -> str:
    """The JSON of `why` as one sentence for people, what speaks for it first: "nama sama; tanggal lahir sama; NIK beda satu angka"."""
    fields = {field: part for field, part in json.loads(why).items() if part}
    order = sorted(fields, key=lambda field: -fields[field]["weight"])
    return "; ".join(
        messages.sentence(f"matching.{field}.{fields[field]['level']}", lang=lang) for field in order
    )
