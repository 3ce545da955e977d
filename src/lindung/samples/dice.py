"""Chance that comes out the same on every machine: numbers from a seed, a name and a row, one column at a time."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

_STEP = 0x9E3779B97F4A7C15
_MASK = 2**64 - 1


@dataclass(frozen=True)
class Dice:
    """Every draw is an expression of `row` (an integer column); another `name` is another independent draw."""

    seed: int
    row: str = "index"

    def draw(self, name: str) -> pl.Expr:
        """Sixty-three evenly spread bits, Int64 ≥ 0 (the finalizer of splitmix64)."""
        start = (self.seed * 0xD1342543DE82EF95 + zlib.crc32(name.encode()) * 0x2545F4914F6CDD1D) & _MASK
        z = pl.col(self.row).cast(pl.UInt64) * pl.lit(_STEP, pl.UInt64) + pl.lit(start, pl.UInt64)
        for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
            z = (z ^ (z // 2**shift)) * pl.lit(factor, pl.UInt64)
        return (z // 2).cast(pl.Int64)

    def below(self, name: str, limit: int | pl.Expr) -> pl.Expr:
        """0 … limit − 1."""
        return (self.draw(name) // 2**20) % limit

    def chance(self, name: str, probability: float) -> pl.Expr:
        return self.below(name, 1_000_000) < round(probability * 1_000_000)

    def pick(self, name: str, options: Sequence[str]) -> pl.Expr:
        """One of `options`, each as likely; repeat an option to make it likelier."""
        return pl.lit(pl.Series(options, dtype=pl.String)).gather(self.below(name, len(options)))
