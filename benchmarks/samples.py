"""A million invented people as a messy CSV with its key, against merely writing those cells: `python benchmarks/samples.py`."""

from __future__ import annotations

import io
import time

import polars as pl

from lindung import samples, schemes

PEOPLE, LIMIT = 1_000_000, 30


def main() -> None:
    begun = time.perf_counter()
    made = samples.roster(schemes.builtin()["tangerang-2022"], PEOPLE, dirt=0.05, seed=7)
    made.key()
    took = time.perf_counter() - begun
    table = pl.read_csv(io.BytesIO(made.content), infer_schema=False)
    begun = time.perf_counter()
    table.write_csv(io.BytesIO())
    peer = time.perf_counter() - begun
    print(
        f"{PEOPLE:,} people: {took:.1f} s (limit {LIMIT} s, ratio {took / LIMIT:.2f}); writing alone {peer:.1f} s, {took / peer:.0f}×"
    )
    assert table.height == PEOPLE


if __name__ == "__main__":
    main()
