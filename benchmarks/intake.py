"""`roster check` against its limits, in whole processes: `python benchmarks/intake.py [csv|fuzzy|rowwise|xlsx20|xlsx100 …]`.

The peer of the CSV is Polars that reads the same file as text and writes it back; "rowwise" is the importer one writes first, row by row in
Python, with a tenth of the checks. Beside the seconds on the clock stand those of the processor, which other work on the machine touches less.
Files are made here, from a fixed seed. Splink on the same pairs: benchmarks/identity.py.
"""

from __future__ import annotations

import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from lindung.identity.regions import regions

NAMES = [
    "Ahmad",
    "Muhammad",
    "Abdul",
    "Siti",
    "Nur",
    "Sri",
    "Dewi",
    "Budi",
    "Eko",
    "Agus",
    "Asep",
    "Dedi",
    "Endang",
    "Euis",
    "Hadi",
    "Hasan",
    "Husin",
    "Iis",
    "Imas",
    "Jajang",
    "Karsinah",
    "Kusnan",
    "Lilis",
    "Maman",
    "Mardiyah",
    "Munaroh",
    "Naih",
    "Namin",
    "Neneng",
    "Nining",
    "Oman",
    "Paimin",
    "Rohani",
    "Rohimah",
    "Sabeni",
    "Sainah",
    "Sarmili",
    "Sugeng",
    "Suharti",
    "Sukardi",
    "Sulastri",
    "Sumarno",
    "Sunarto",
    "Sutrisno",
    "Tarya",
    "Titin",
    "Tohir",
    "Tukiman",
    "Udin",
    "Umyati",
    "Wahyu",
    "Wiwin",
    "Yanto",
    "Yoyoh",
    "Yuni",
    "Zubaedah",
]
LAST = [
    "Hidayat",
    "Hartono",
    "Komalasari",
    "Kurniawan",
    "Marjuki",
    "Madjid",
    "Maryati",
    "Naman",
    "Ningsih",
    "Nugroho",
    "Prabowo",
    "Rahayu",
    "Rojak",
    "Salim",
    "Santoso",
    "Saputra",
    "Saidi",
    "Suryani",
    "Utami",
    "Wijaya",
]
SCHEME, ON = "tangerang-2022", "2022-06-30"


def people(count: int, seed: int = 7) -> pl.DataFrame:
    """Lists as they come: one in twenty rows with something wrong in it."""
    luck = random.Random(seed)
    codes = (
        regions()
        .filter((pl.col("level") == "district") & ~pl.col("former"))["code"]
        .str.replace_all(".", "", literal=True)
        .to_list()
    )
    near = [code for code in codes if code.startswith("3671")]
    villages = (
        regions()
        .filter((pl.col("level") == "village") & pl.col("code").str.starts_with("36.71."))
        .select("code", "name")
        .rows()
    )
    districts = dict(regions().filter(pl.col("level") == "district").select("code", "name").iter_rows())
    rows = []
    for number in range(count):
        woman, year, month, day = (
            luck.random() < 0.4,
            luck.randint(58, 99),
            luck.randint(1, 12),
            luck.randint(1, 28),
        )
        area = luck.choice(near) if luck.random() < 0.7 else luck.choice(codes)
        nik = f"{area}{day + 40 * woman:02d}{month:02d}{year:02d}{5001 + number % 4999:04d}"
        birth = (
            f"{day:02d}/{month:02d}/19{year}" if luck.random() < 0.8 else f"19{year}-{month:02d}-{day:02d}"
        )
        dirt = luck.random()
        if dirt < 0.005:
            nik = nik[:-1]
        elif dirt < 0.01:
            nik = "3,67105E+15"
        elif dirt < 0.03:
            nik = f"'{nik}" if dirt < 0.02 else f"{nik[:6]} {nik[6:12]} {nik[12:]}"
        elif dirt < 0.04:
            birth = "lupa" if dirt < 0.035 else f"{day}-{month}-{year}"
        code, village = luck.choice(villages)
        rows.append(
            (
                nik, f"{luck.choice(NAMES)} {luck.choice(NAMES)} {luck.choice(LAST)}", "Tangerang", birth, "P" if woman else "L",
                f"Jl. {luck.choice(LAST)} No. {luck.randint(1, 180)}", f"{luck.randint(1, 12):03d}", f"{luck.randint(1, 15):03d}",
                village, districts[code[:8]], "Buruh harian lepas", "Pekerja Rentan", f"{luck.choice(NAMES)} {luck.choice(LAST)}",
                f"08{luck.choice(('12', '13', '57', '95'))}00{luck.randint(100000, 999999)}",
            )
        )  # fmt: skip
    heads = (
        "NIK",
        "NAMA",
        "TMP_LHR",
        "TGL_LHR",
        "JK",
        "ALAMAT",
        "RT",
        "RW",
        "KELURAHAN",
        "KECAMATAN",
        "PEKERJAAN",
        "KATEGORI",
        "NAMA_IBU",
        "NO_HP",
    )
    return pl.DataFrame(rows, schema=dict.fromkeys(heads, pl.String), orient="row")


def run(*command: str, out: Path) -> tuple[float, float, float]:
    """Seconds of the whole process, its largest memory in MB, and its seconds of processor."""
    start = time.perf_counter()
    with out.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
        _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{command} failed")
    return time.perf_counter() - start, usage.ru_maxrss / 1024, usage.ru_utime + usage.ru_stime


def check(path: Path, out: Path, *options: str) -> tuple[float, float, float]:
    lindung = str(Path(sys.executable).with_name("lindung"))
    return run(
        lindung, "roster", "check", str(path), "--scheme", SCHEME, "--on", ON, "--json", *options, out=out
    )


PEER = "import polars as pl, sys; pl.read_csv(sys.argv[1], infer_schema=False).write_csv(sys.argv[2])"


def made(path: Path, count: int, seed: int) -> Path:
    """Made in a process of its own, so that this one stays small: a child's largest memory begins with its parent's."""
    run(sys.executable, __file__, "--make", str(path), str(count), str(seed), out=path.with_suffix(".log"))
    return path


def rowwise(path: Path) -> None:
    """The NIK's form, its date and region, the birth date, the same NIK again; one row after another."""
    import csv
    import json
    from datetime import datetime

    codes = set(regions()["code"].str.replace_all(".", "", literal=True))
    seen: dict[str, int] = {}
    found = []
    with path.open(encoding="utf-8") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            nik = "".join(sign for sign in row["NIK"] if sign.isdigit())
            if len(nik) != 16:
                found.append((line, "nik.not_16_digits"))
                continue
            if nik in seen:
                found.append((line, "nik.duplicate"))
            seen.setdefault(nik, line)
            if nik[:6] not in codes:
                found.append((line, "nik.unknown_region"))
            born = None
            for form in ("%d/%m/%Y", "%Y-%m-%d", "%d-%m-%y"):
                try:
                    born = datetime.strptime(row["TGL_LHR"], form).date()  # noqa: DTZ007 (a day has no zone)
                    break
                except ValueError:
                    continue
            day = int(nik[6:8])
            if born is None:
                found.append((line, "birth_date.unreadable"))
            elif f"{day - 40 if day > 40 else day:02d}{nik[8:12]}" != born.strftime("%d%m%y"):
                found.append((line, "nik.birth_date_differs"))
    print(json.dumps(found))


def make(path: Path, count: int, seed: int) -> None:
    frame = people(count, seed)
    if path.suffix == ".xlsx":
        frame.write_excel(path)
    elif path.stem == "register":
        told = {"birth_date": "1980-01-01", "segment": "BPU", "payer": "Mandiri", "since": "2020-01-01"}
        register = frame.select(
            nik="NIK", name="NAMA", **{name: pl.lit(value) for name, value in told.items()}
        )
        register.write_csv(path)
    else:
        frame.write_csv(path)


def main(which: list[str]) -> None:
    asked = which or ["csv", "fuzzy", "rowwise", "xlsx20", "xlsx100"]
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        if {"csv", "fuzzy"} & set(asked):
            million = made(here / "million.csv", 1_000_000, 7)
            command = (sys.executable, "-c", PEER, str(million), str(here / "peer.csv"))
            peer = min(run(*command, out=here / "peer.out") for _ in range(3))
            print(
                f"peer: 1,000,000 rows of CSV read as text and written: {peer[0]:.2f} s ({peer[2]:.1f} s of processor), {peer[1]:.0f} MB"
            )
            for name, options, limit in (("csv", ("--exact",), 4), ("fuzzy", (), 10)):
                if name in asked:
                    mine = min(check(million, here / "mine.json", *options) for _ in range(2))
                    print(
                        f"{name}: {mine[0]:.2f} s, {mine[1]:.0f} MB; {mine[0] / peer[0]:.2f} × the peer (limit {limit} ×, 4096 MB); "
                        f"{mine[2]:.1f} s of processor = {mine[2] / peer[2]:.2f} ×"
                    )
        if "rowwise" in asked:
            some = made(here / "some.csv", 200_000, 10)
            naive = run(sys.executable, __file__, "--rowwise", str(some), out=here / "naive.out")
            for name, options in (("all but doubles under two NIK", ("--exact",)), ("all", ())):
                mine = check(some, here / "mine.json", *options)
                print(
                    f"rowwise: 200,000 rows one by one {naive[0]:.2f} s, {name} {mine[0]:.2f} s = {mine[0] / naive[0]:.2f} ×"
                )
        if "xlsx20" in asked:
            register = made(here / "register.csv", 1_000_000, 7)
            roster = made(here / "20k.xlsx", 20_000, 8)
            mine = min(check(roster, here / "mine.json", "--register", str(register)) for _ in range(2))
            print(
                f"xlsx20: 20,000 rows of XLSX against a register of 1,000,000: {mine[0]:.2f} s, {mine[1]:.0f} MB (limit 5 s)"
            )
        if "xlsx100" in asked:
            mine = check(made(here / "100k.xlsx", 100_000, 9), here / "mine.json")
            print(f"xlsx100: 100,000 rows of XLSX: {mine[0]:.2f} s, {mine[1]:.0f} MB (limit 20 s)")
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"processor time of all: {children.ru_utime + children.ru_stime:.0f} s")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--make"]:
        make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    elif sys.argv[1:2] == ["--rowwise"]:
        rowwise(Path(sys.argv[2]))
    else:
        main(sys.argv[1:])
