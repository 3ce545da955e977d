"""The weights by which two rows are taken for one human: data, one file per version."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

CURRENT = "2026-11.2"
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
_c = pl.col


@dataclass(frozen=True)
class Model:
    """Log odds: `bias` + one weight per field's level, less `namesakes` per tenfold of people of that name, less `size` per tenfold of people
    in all where the names are not the same (so the same likeness is worth less in a larger register), less `twins` where the twin rule applies.
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

    def odds(self, people: int) -> pl.Expr:
        """Log odds of the pairs in a frame of levels (see `matching_compare.compare`); `people` is the size of the larger list."""
        size = self.size * math.log10(max(people, 1))
        heard = _c("name") >= LEVELS["name"].index("sound")
        return (
            pl.sum_horizontal([self.weight(field) for field in LEVELS])
            + self.bias
            - _c("namesakes").fill_null(0.0) * self.namesakes
            - pl.when(heard).then(0.0).otherwise(size)
            - pl.when("twins").then(self.twins).otherwise(0.0)
        )

    def weight(self, field: str) -> pl.Expr:
        """Float64, 0 where the level is unknown."""
        values = [self.weights[field][level] for level in LEVELS[field]]
        return pl.lit(pl.Series(values)).gather(_c(field)).fill_null(0.0)

    def probability(self, levels: pl.DataFrame, people: int) -> pl.Series:
        """One Float64 for each of the pairs in `levels`."""
        return levels.select(probability=1 / (1 + (-self.odds(people)).exp()))["probability"]


@cache
def model(version: str = CURRENT) -> Model:
    """The model of that version; KeyError if there is none."""
    path = Path(__file__).parent / "models" / f"{version}.json"
    if not path.is_file():
        raise KeyError(version)
    data: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Model(**{key: data[key] for key in Model.__dataclass_fields__})
