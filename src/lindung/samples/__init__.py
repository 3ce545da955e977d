"""Invented people and ugly rosters with answer keys, for the demo, the tests and the benchmarks."""

from lindung.samples import texts as _texts  # noqa: F401  (declares the sentences of this room)
from lindung.samples.people import people
from lindung.samples.rosters import Sample, roster

__all__ = ["Sample", "people", "roster"]
