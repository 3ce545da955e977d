"""Lists that come after the day of the figures: Pangkalpinang's cleaners, whom the demo has not covered yet."""

from __future__ import annotations

from datetime import date

import polars as pl

from lindung.samples.demo.figures import figures, scheme_of
from lindung.samples.demo.files import DemoFile
from lindung.samples.people import people

SLUG, ON, SENDER = "pangkalpinang-2024", date(2024, 8, 5), "dlh"
# file, how many, of them with a NIK that lost its last digits; together the 486 of the regulation
_LISTS = (
    ("petugas-drainase.csv", "Petugas kebersihan", 46, 0),
    ("petugas-taman.csv", "Petugas kebersihan", 24, 0),
    ("petugas-taman-susulan.csv", "Petugas kebersihan", 17, 0),
    ("awak-truk-sampah.csv", "Petugas kebersihan", 148, 0),
    ("penyapu-jalan.csv", "Penyapu jalan", 251, 4),
)


def cleaners() -> tuple[DemoFile, ...]:
    """The five lists in the order in which they come, deterministic; nobody stands on two of them."""
    scheme = scheme_of(SLUG)
    total = sum(number for _, _, number, _ in _LISTS)
    # serials above those of the city's other people and of those who replace them
    homes = pl.DataFrame({"kelurahan_code": [None] * total}, schema={"kelurahan_code": pl.String})
    serials = (5001 + 1000 * (figures(SLUG)["seed"] - 1) - 400, 390)
    found = people(homes, locality=scheme.locality, seed=figures(SLUG)["seed"] + 300, on=ON, serials=serials)
    made, first = [], 0
    for name, role, number, damaged in _LISTS:
        part = found.slice(first, number).with_row_index("at")
        first += number
        nik = pl.when(pl.col("at") < damaged).then(pl.col("nik").str.slice(0, 12)).otherwise("nik")
        table = part.select(
            pl.int_range(1, number + 1).alias("No"), nik.alias("NIK"), pl.col("name").alias("Nama"),
            pl.col("birth_place").alias("Tempat Lahir"), pl.col("birth_date").dt.strftime("%d-%m-%Y").alias("Tanggal Lahir"),
            pl.col("sex").alias("L/P"), pl.col("address").alias("Alamat"), pl.col("rt").alias("RT"), pl.col("rw").alias("RW"),
            pl.col("kelurahan").alias("Kelurahan"), pl.lit(role).alias("Jabatan"), pl.col("phone").alias("No HP"),
            pl.col("mother_name").alias("Nama Ibu Kandung"),
        )  # fmt: skip
        made.append(DemoFile(SENDER, name, table.write_csv().encode(), ON))
    return tuple(made)
