"""Who is who: pairs of rows that are probably one human, with a probability and the reason of every field.

Nothing is merged here. Pairs in the band "same" are called duplicates, "review" goes to a person, the rest is not spoken of. The weights are
data (`models/<version>.json`, made by `tools/train_matching.py` from labelled pairs), so that a judgement can be repeated years later.
A placeholder or an empty field matches nobody; a twin (same birth date and home, NIK beside, another name) is another person.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base import messages
from lindung.identity.matching_blocks import candidates
from lindung.identity.matching_compare import LEVELS, compare
from lindung.identity.matching_prepare import prepare

__all__ = ["Model", "duplicates", "first_of_group", "judge", "model", "prepare", "reasons"]

CURRENT = "2026-11"
_c = pl.col


@dataclass(frozen=True)
class Model:
    """Log odds: `bias` + one weight per field's level, less `namesakes` per tenfold of people of that name, or `size` per tenfold of people in
    all where the names differ (so the same likeness is worth less in a larger register), less `twins` where the twin rule applies.
    """

    version: str
    bias: float
    weights: dict[str, dict[str, float]]
    namesakes: float
    size: float
    twins: float
    same: float
    same_bare: float  # where NIK, name and birth date are all that both rows tell
    review: float

    def probability(self, levels: pl.DataFrame, people: int) -> pl.Series:
        """Of the pairs in `levels` (from `matching_compare.compare`), one Float64 each; `people` is the size of the larger list."""
        fields = [_weight(self.weights[field], field) for field in LEVELS]
        odds = (
            pl.lit(self.bias)
            + pl.sum_horizontal(fields)
            - pl.coalesce(_c("namesakes") * self.namesakes, pl.lit(self.size * math.log10(max(people, 1))))
            - pl.when("twins").then(self.twins).otherwise(0.0)
        )
        return levels.select(probability=1 / (1 + (-odds).exp()))["probability"]


def _weight(weights: dict[str, float], field: str) -> pl.Expr:
    """Float64, 0 where the level is unknown."""
    ranks = list(range(len(LEVELS[field])))
    values = [weights[level] for level in LEVELS[field]]
    return _c(field).replace_strict(ranks, values, default=0.0, return_dtype=pl.Float64)


@cache
def model(version: str = CURRENT) -> Model:
    """The model of that version; KeyError if there is none."""
    path = Path(__file__).parent / "models" / f"{version}.json"
    if not path.is_file():
        raise KeyError(version)
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Model(**{key: data[key] for key in Model.__dataclass_fields__})


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
    return _judged(prepared, compare(prepared, pairs, other), other, model or _current(), reported_only=True)


def judge(frame: pl.DataFrame, pairs: pl.DataFrame, *, model: Model | None = None) -> pl.DataFrame:
    """The same columns for given pairs (`a_row_id`, `b_row_id`), each of them, in order; band null = other people.

    A shared NIK counts neither way, so this tells one human entered twice from two humans under one NIK.
    """
    prepared = prepare(frame)
    at = prepared.select("row_id", position=pl.int_range(pl.len(), dtype=pl.UInt32))
    positions = pairs.select(
        a=_c("a_row_id").replace_strict(at["row_id"], at["position"]), b=_c("b_row_id").replace_strict(at["row_id"], at["position"])
    )  # fmt: skip
    return _judged(prepared, compare(prepared, positions, all_names=True), None, model or _current())


_current = model


def _judged(
    frame: pl.DataFrame,
    levels: pl.DataFrame,
    against: pl.DataFrame | None,
    by: Model,
    *,
    reported_only: bool = False,
) -> pl.DataFrame:
    left = frame if against is None else against
    judged = levels.with_columns(
        by.probability(levels, max(frame.height, left.height)),
        a_row_id=left["row_id"][levels["a"]],
        b_row_id=frame["row_id"][levels["b"]],
    ).with_columns(band=_band(by))
    if reported_only:
        judged = judged.filter(_c("band").is_not_null())
    why = [
        pl.when(_c(field).is_not_null()).then(
            pl.struct(
                level=_c(field).replace_strict(list(range(len(names))), names, default=None, return_dtype=pl.String),
                weight=_weight(by.weights[field], field).round(2),
            )
        ).alias(field)
        for field, names in LEVELS.items()
    ]  # fmt: skip
    return judged.select(
        "a_row_id", "b_row_id", "probability", "band", why=pl.struct(why).struct.json_encode()
    )


def _band(by: Model) -> pl.Expr:
    """Without a name, or with names that only resemble one another in a family, no pair is called the same by itself; names that resemble one
    another under NIK that follow one another are twins."""
    doubtful = _c("name").is_null() | _c("twins")
    more = pl.any_horizontal(_c("mother_name", "address", "kk_number", "phone").is_not_null())
    beside = _c("nik").eq_missing(LEVELS["nik"].index("person_beside"))
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
