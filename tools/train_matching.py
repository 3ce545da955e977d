"""Learn the weights of `lindung.identity.matching` from labelled pairs (see `labelled_people`).

python tools/train_matching.py 2026-11.2    writes src/lindung/identity/models/2026-11.2.json and prints what it is worth
python tools/train_matching.py --check      only measures the current model, on seeds and kinds of error it has not seen too
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
from labelled_people import DATE_SEEN, KINDS, NAME_SEEN, NIK_SEEN, roster, truth

from lindung.identity import matching
from lindung.identity.matching_blocks import candidates
from lindung.identity.matching_compare import compare
from lindung.identity.matching_model import LEVELS
from lindung.identity.matching_prepare import prepare

MODELS = Path(matching.__file__).parent / "models"


# --- learning --------------------------------------------------------------------------------------------------------------------


def labelled(frame: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray]:
    prepared = prepare(frame)
    pairs = candidates(prepared)
    human = frame["human"]
    nik_a, nik_b = prepared["nik"][pairs["a"]], prepared["nik"][pairs["b"]]
    pairs = pairs.filter(~(nik_a == nik_b).fill_null(False))
    levels = compare(prepared, pairs).with_columns(people=pl.lit(float(np.log10(frame.height))))
    return levels, (human[pairs["a"]] == human[pairs["b"]]).to_numpy()


def matrix(levels: pl.DataFrame) -> np.ndarray:
    """One column per level (1 where the pair is on it), then namesakes, size, twins."""
    columns = [
        levels[f].eq(i).fill_null(False).cast(pl.Float32)
        for f, names in LEVELS.items()
        for i in range(len(names))
    ]
    heard = (pl.col("name") >= LEVELS["name"].index("sound")).fill_null(False)
    size = pl.when(heard).then(0.0).otherwise("people")
    extra = levels.select(
        -pl.col("namesakes").fill_null(0.0), -size, -pl.col("twins").fill_null(False).cast(pl.Float32)
    )
    return np.column_stack([*(c.to_numpy() for c in columns), *(c.to_numpy() for c in extra)]).astype(
        np.float32
    )


# The first level of each field that speaks for one human.
TURN = {
    "name": 2,
    "birth_date": 3,
    "nik": 2,
    "mother_name": 1,
    "address": 1,
    "rt_rw": 1,
    "kelurahan": 1,
    "kk_number": 1,
    "phone": 1,
    "sex": 1,
}


def fit(x: np.ndarray, y: np.ndarray, steps: int = 3000) -> tuple[float, np.ndarray]:
    """Logistic regression in which agreement never weighs less than an empty cell, nor a better level less than a worse one; Adam on the steps between levels."""
    sizes = [len(names) for names in LEVELS.values()]
    rise = np.zeros((sum(sizes) + 3, sum(sizes) + 3), np.float32)
    start = 0
    for field, size in zip(LEVELS, sizes, strict=True):
        for level in range(size):  # steps down from nothing below the turn, steps up from nothing above it
            if level < TURN[field]:
                rise[start : start + level + 1, start + level] = -1.0
            else:
                rise[start + level : start + size, start + level] = 1.0
        start += size
    rise[start:, start:] = np.eye(3)
    # Equal pairs of features are counted once, with their number: a few thousand kinds instead of a million pairs.
    kinds, inverse = np.unique(
        np.column_stack([x, y.astype(np.float32)]).round(2), axis=0, return_inverse=True
    )
    weight = np.bincount(inverse.ravel()).astype(np.float64)
    x, y = kinds[:, :-1].astype(np.float64), kinds[:, -1]
    steps_x = x @ rise
    raw, bias = np.full(steps_x.shape[1], -0.5), 0.0
    moment, speed = np.zeros(len(raw) + 1), np.zeros(len(raw) + 1)
    for n in range(1, steps + 1):
        positive = np.logaddexp(0, raw)
        error = (1 / (1 + np.exp(-(steps_x @ positive + bias))) - y) * weight
        gradient = (
            np.append((steps_x.T @ error + 0.5 * positive) / (1 + np.exp(-raw)), error.sum())
            / weight.sum()
            * 100
        )
        moment, speed = 0.9 * moment + 0.1 * gradient, 0.99 * speed + 0.01 * gradient**2
        move = 0.05 * (moment / (1 - 0.9**n)) / (np.sqrt(speed / (1 - 0.99**n)) + 1e-8)
        raw, bias = raw - move[:-1], bias - move[-1]
    return float(bias), rise @ np.logaddexp(0, raw)


# Most lists have no family card number and lack another column or two; sizes differ, so that the weight of size is learned.
LEARN_FROM = (
    [(3_000, "some")] * 4
    + [(20_000, "some")] * 5
    + [
        (20_000, "all"),
        (20_000, "few"),
        (100_000, "some"),
        (200_000, "some"),
        (100_000, "few"),
        (200_000, "few"),
    ]
)


def learn(version: str) -> None:
    parts = []
    for seed, (count, columns) in enumerate(LEARN_FROM, start=100):
        parts.append(labelled(roster(count, seed, columns=columns)))
    x, y = np.vstack([matrix(levels) for levels, _ in parts]), np.concatenate([label for _, label in parts])
    print(f"{len(y):,} pairs, {int(y.sum()):,} of one human")
    bias, values = fit(x, y)
    names = [(field, level) for field, levels in LEVELS.items() for level in levels]
    weights: dict[str, dict[str, float]] = {field: {} for field in LEVELS}
    for (field, level), value in zip(names, values, strict=False):
        weights[field][level] = round(float(value), 3)
    namesakes, size, twins = (round(float(v), 3) for v in values[-3:])
    model = {"version": version, "bias": round(bias, 3), "weights": weights, "namesakes": namesakes, "size": size, "twins": twins, "same": 0.9, "same_bare": 0.9, "review": 0.15}  # fmt: skip
    start = matching.Model(**model)
    model["same"] = threshold(
        start, [(20_000, "all"), (20_000, "some"), (20_000, "some"), (60_000, "all"), (60_000, "some")]
    )
    model["same_bare"] = threshold(start, [(20_000, "few")] * 3 + [(40_000, "few")])
    model["trained_on"] = {
        "pairs": len(y),
        "same": int(y.sum()),
        "names": list(NAME_SEEN),
        "nik": list(NIK_SEEN),
        "birth_date": list(DATE_SEEN),
    }
    (MODELS / f"{version}.json").write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


def threshold(model: matching.Model, lists: list[tuple[int, str]]) -> float:
    """The lowest probability from which 99.2 % of the pairs are of one human (98.5 % in every list), on people the weights were not learned from."""
    judged = []
    for seed, (count, columns) in enumerate(lists, start=500):
        frame = roster(count, seed, columns=columns)
        found = matching.duplicates(frame, model=replace(model, same=0.5, same_bare=0.5)).filter(
            pl.col("band") == "same"
        )
        right = truth(frame).with_columns(right=True)
        labelled_pairs = found.join(right, on=["a_row_id", "b_row_id"], how="left")
        judged.append(labelled_pairs.select("probability", pl.col("right").fill_null(False)))
    for limit in (0.5, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.93, 0.95, 0.97, 0.98, 0.99):
        kept = [part.filter(pl.col("probability") >= limit)["right"] for part in judged]
        shares = [float(part.mean() or 0) for part in kept]
        if min(shares) >= 0.985 and float(pl.concat(kept).mean() or 0) >= 0.992:
            return limit
    raise SystemExit(f"no threshold is precise enough: {shares}")


def measure(frame: pl.DataFrame) -> dict[str, float]:
    """Precision and recall of band "same", and recall with the review band, against all pairs of one human."""
    right = truth(frame)
    found = matching.duplicates(frame)
    keys = ["a_row_id", "b_row_id"]
    same = found.filter(pl.col("band") == "same")
    hits = same.join(right, on=keys, how="semi").height
    return {
        "pairs": right.height,
        "precision": hits / max(same.height, 1),
        "recall": hits / max(right.height, 1),
        "recall with review": found.join(right, on=keys, how="semi").height / max(right.height, 1),
        "review": found.height - same.height,
    }


def main() -> None:
    if sys.argv[1:] != ["--check"]:
        learn(sys.argv[1])
        matching.model.cache_clear()
    for count, columns in (
        (5_000, "all"),
        (20_000, "all"),
        (20_000, "some"),
        (20_000, "few"),
        (100_000, "all"),
    ):
        for errors in KINDS:
            for seed in (7, 8, 9):
                result = measure(roster(count, seed, errors=errors, columns=columns))
                print(
                    f"{count:>7,} {columns:<5} {errors:<7}",
                    *(f"{k} {v:.4g}" for k, v in result.items()),
                )


if __name__ == "__main__":
    main()
