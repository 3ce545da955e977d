"""13,000 cards, front and back, each with its signed code, as one PDF: against the limit of 20 s, and against the codes alone.

Run: python benchmarks/cards.py [PEOPLE]
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import date

import polars as pl

from lindung.papers import cards, qr

LIMIT = 20.0  # seconds for 13,000 on two cores
SYLLABLES = [
    "SI",
    "TI",
    "MA",
    "E",
    "SA",
    "ROH",
    "BU",
    "DI",
    "AN",
    "TO",
    "WA",
    "HYU",
    "NUR",
    "HA",
    "YA",
    "TI",
    "RAH",
    "MAT",
]


def people(n: int) -> pl.DataFrame:
    names = [
        f"{SYLLABLES[i % 18]}{SYLLABLES[i * 7 % 18]} {SYLLABLES[i * 5 % 18]}{SYLLABLES[i * 3 % 17]}{SYLLABLES[i % 13]}"
        for i in range(n)
    ]
    return pl.DataFrame(
        {
            "serial": [f"T{i:06d}" for i in range(n)],
            "name": names,
            "kpj": [f"25{i:09d}" for i in range(n)],
            "category": [("Ketua RT", "Guru mengaji", "Kader kesehatan")[i % 3] for i in range(n)],
            "kelurahan": [f"Kelurahan {i % 54:02d}" for i in range(n)],
            "rw": [f"{i % 17:03d}" for i in range(n)],
            "rt": [f"{i % 7:03d}" for i in range(n)],
            "programmes": [["JKK", "JKM"]] * n,
            "first": [date(2019, 11, 1)] * n,
            "until": [date(2019, 12, 31)] * n,
        }
    )


def main(n: int) -> None:
    issuer = cards.Issuer(
        "Pemerintah Kota Contoh", "contoh-2019", "Perwal 25/2019", "https://lindung.contoh.go.id"
    )
    frame, key = people(n), qr.new_key()
    start = time.perf_counter()
    signer = qr.Signer(key, issuer.base_url)
    claim = qr.Claim(
        "T000001", "S.M.", "0001", issuer.scheme, date(2019, 11, 1), date(2019, 12, 31), ("JKK", "JKM")
    )
    for _ in range(n):
        qr.pixels(signer.text(claim))
    codes = time.perf_counter() - start
    start = time.perf_counter()
    content = cards.pdf(frame, issuer, key, processes=cards.two_processes())
    taken = time.perf_counter() - start
    limit = LIMIT * n / 13_000
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(
        f"{n:,} cards: {taken:.1f} s, {len(content) / 2**20:.1f} MiB of PDF, peak memory of a process {memory:.0f} MiB"
    )
    print(f"signing and drawing the codes alone: {codes:.1f} s; whole / codes = {taken / codes:.1f}")
    print(f"limit {limit:.1f} s; taken / limit = {taken / limit:.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 13_000)
