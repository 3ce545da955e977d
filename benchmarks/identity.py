"""Who is who: time and accuracy of `lindung.identity.matching`, beside exact NIK and beside Splink on the same rows.

    python benchmarks/identity.py                                  1,000,000 rows within themselves; 20,000 against 1,000,000
    python benchmarks/identity.py --rows 200000
    SPLINK_PYTHON=.splink/bin/python python benchmarks/identity.py   also Splink 5 (an environment of its own: splink, polars, pyarrow)

The people are invented (`tools/labelled_people.py`), with kinds of typing errors that the weights were not learned from. Splink gets the columns
that `prepare` has cleaned (so it is not charged for that), the same blocking keys, and the threshold that is best for it.
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

KEYS = ["a_row_id", "b_row_id"]
SPLINK_ROWS = 100_000
MERGED = {
    "first": pl.col("words").str.slice(0, 4),
    "last": pl.col("words").str.extract("([A-Z]{1,4})[A-Z]*$"),
}


def people(rows: int, seed: int) -> pl.DataFrame:
    """In towns of 100,000, as one list."""
    sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
    import labelled_people

    size = min(rows, 100_000)
    towns = [labelled_people.roster(size, seed + n, errors="unseen") for n in range(rows // size)]
    every = pl.concat([town.with_columns(pl.col("human") + n * 10**6) for n, town in enumerate(towns)])
    return every.sample(fraction=1, shuffle=True, seed=seed).with_columns(row_id=pl.int_range(pl.len()))


def scored(found: pl.DataFrame, right: pl.DataFrame) -> str:
    hits = found.join(right, on=KEYS, how="semi").height
    precision, recall = hits / max(found.height, 1), hits / max(right.height, 1)
    return f"precision {precision:.4f}  recall {recall:.4f}  F1 {2 * hits / max(found.height + right.height, 1):.4f}"


def timed(work, *args, **options):
    begin = time.perf_counter()
    result = work(*args, **options)
    return result, time.perf_counter() - begin


def exact(frame: pl.DataFrame) -> pl.DataFrame:
    """What a spreadsheet can do: the same NIK."""
    known = frame.select("row_id", "nik").drop_nulls()
    pairs = known.join(known, on="nik", suffix="_b").filter(pl.col("row_id") < pl.col("row_id_b"))
    return pairs.select(a_row_id="row_id", b_row_id="row_id_b")


def main() -> None:
    from labelled_people import truth

    from lindung.identity import matching

    options = argparse.ArgumentParser()
    options.add_argument("--rows", type=int, default=1_000_000)
    rows = options.parse_args().rows
    frame = people(rows, 40)
    right = truth(frame)
    asked = frame.drop("human")

    found, seconds = timed(matching.duplicates, asked)
    same = found.filter(pl.col("band") == "same")
    _, baseline = timed(exact, asked)
    print(f"dedupe {rows:,} rows, {right.height:,} pairs of one human whose NIK differ or are missing")
    print(f"  band same            {seconds:6.2f} s  {scored(same, right)}")
    print(
        f"  with review          {'':8}  {scored(found, right)}  ({found.height - same.height:,} pairs to look at)"
    )
    print(
        f"  exact NIK            {baseline:6.2f} s  finds none of these; we take {seconds / baseline:.1f}× its time"
    )

    # A register knows NIK, name and birth date; the list asks about people of it, entered again with errors, among strangers.
    again = frame.filter(pl.col("row_id").is_in(right["b_row_id"].implode())).head(10_000)
    register = frame.filter(~pl.col("row_id").is_in(again["row_id"].implode())).select(
        "row_id", "nik", "name", "birth_date"
    )
    strangers = people(20_000, 900).with_columns(pl.col("row_id") + rows).head(20_000 - again.height)
    sheet = pl.concat([again, strangers.select(again.columns)]).drop("human")
    linked, seconds = timed(matching.duplicates, sheet, against=register)
    prepared = matching.prepare(register)
    _, ready = timed(matching.duplicates, sheet, against=prepared)
    there = right.filter(
        pl.col("b_row_id").is_in(again["row_id"].implode())
        & pl.col("a_row_id").is_in(register["row_id"].implode())
    )
    print(
        f"link {sheet.height:,} rows to {register.height:,} of NIK, name and birth date alone ({there.height:,} of one human)"
    )
    print(
        f"  band same            {seconds:6.2f} s  {scored(linked.filter(pl.col('band') == 'same'), there)}"
    )
    print(f"  register prepared    {ready:6.2f} s = {ready / baseline:.1f}× exact NIK in the large list")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2:.2f} GiB (limit 4)")
    beside_splink()


def beside_splink() -> None:
    from labelled_people import truth

    from lindung.identity import matching

    python = os.environ.get("SPLINK_PYTHON", "")
    if (
        not python
        or subprocess.run([python, "-c", "import splink"], capture_output=True, check=False).returncode
    ):
        print("Splink: left out (SPLINK_PYTHON names no interpreter that has it)")
        return
    frame = people(SPLINK_ROWS, 60)
    right = truth(frame)
    found, seconds = timed(matching.duplicates, frame.drop("human"))
    with tempfile.TemporaryDirectory() as folder:
        rows, pairs = Path(folder) / "rows.parquet", Path(folder) / "pairs.parquet"
        matching.prepare(frame.drop("human")).with_columns(**MERGED).write_parquet(rows)
        done = subprocess.run(
            [python, __file__, "--splink", str(rows), str(pairs)], capture_output=True, text=True, check=False
        )
        if done.returncode:
            print(f"Splink: left out, it failed: {done.stderr.strip().splitlines()[-1]}")
            return
        peer = float(done.stdout.strip().splitlines()[-1])
        theirs = pl.read_parquet(pairs)
    nik = frame.select("row_id", "nik")
    theirs = theirs.join(nik, left_on="a_row_id", right_on="row_id").join(
        nik, left_on="b_row_id", right_on="row_id", suffix="_b"
    )
    theirs = theirs.filter(pl.col("nik").ne_missing(pl.col("nik_b")) | pl.col("nik").is_null())
    best = max(
        (theirs.filter(pl.col("weight") >= limit) for limit in range(-10, 30)),
        key=lambda part: f1(part, right),
    )
    print(
        f"Splink on {SPLINK_ROWS:,} rows: train and predict {peer:.1f} s = {peer / seconds:.1f}× ours ({seconds:.2f} s)"
    )
    print(f"  Splink, its best threshold  {scored(best, right)}")
    print(f"  band same                   {scored(found.filter(pl.col('band') == 'same'), right)}")
    print(f"  with review                 {scored(found, right)}")


def f1(found: pl.DataFrame, right: pl.DataFrame) -> float:
    return 2 * found.join(right, on=KEYS, how="semi").height / max(found.height + right.height, 1)


def splink(rows: str, pairs: str) -> None:
    """Runs in Splink's own environment: prints the seconds of training and predicting, writes pairs with match weights."""
    import splink.comparison_library as cl
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    begin = time.perf_counter()
    keys = [
        ("bag", "swapped"), ("birth", "first"), ("birth", "last"), ("birth", "mother"), ("birth", "address"), ("bag", "mother"),
        ("address", "rt_rw", "first"), ("mother", "address"), ("phone",), ("kk", "first"), ("substr(nik, 1, 12)", "first"),
    ]  # fmt: skip
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="row_id",
        blocking_rules_to_generate_predictions=[block_on(*key) for key in keys],
        comparisons=[
            cl.JaroWinklerAtThresholds("core", [0.95, 0.86]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("birth", [1]),
            cl.DamerauLevenshteinAtThresholds("nik", [1, 2]),
            cl.JaroWinklerAtThresholds("mother", [0.9]),
            cl.JaroWinklerAtThresholds("address", [0.85]),
            cl.ExactMatch("rt_rw"), cl.ExactMatch("kelurahan"), cl.DamerauLevenshteinAtThresholds("phone", [1]), cl.ExactMatch("sex"),
        ],
    )  # fmt: skip
    table = pl.read_parquet(rows).with_columns(birth=pl.col("birth").cast(pl.String).str.zfill(6))
    api = DuckDBAPI()
    linker = Linker(api.register(table.to_arrow()), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("nik"), block_on("core", "birth")], recall=0.8
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6)
    for key in (("core", "birth"), ("phone",)):
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*key))
    found = pl.from_arrow(linker.inference.predict(threshold_match_weight=-10).as_pyarrow_table())
    seconds = time.perf_counter() - begin
    ends = [
        pl.min_horizontal("row_id_l", "row_id_r").alias("a_row_id"),
        pl.max_horizontal("row_id_l", "row_id_r").alias("b_row_id"),
    ]
    found.select(*ends, weight="match_weight").write_parquet(pairs)
    print(seconds)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--splink"]:
        splink(*sys.argv[2:])
    else:
        people(1_000, 1)
        main()
