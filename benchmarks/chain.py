"""A million invented workers from a CSV file to a month's bill, and the ratio to PostgreSQL's bulk load of the same rows.

    python benchmarks/chain.py [--people 1000000] [--data FOLDER]

Prints the time of every step, the peak memory of this process, and how long the same server takes to COPY the very
rows that were written into tables with the same keys, foreign keys and indexes but without triggers.
"""

from __future__ import annotations

import argparse
import io
import os
import resource
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

SCHEME = "tangerang-2022"
ON = date(2022, 8, 1)
TABLES = [
    "enrolment_candidate", "enrolment_finding", "enrolment_determinationline", "registry_person", "enrolment_membership",
    "enrolment_batchrow", "enrolment_batchanswer", "enrolment_registration", "contributions_line",
]  # fmt: skip
times: dict[str, float] = {}


@contextmanager
def step(name: str) -> Iterator[None]:
    begun = time.perf_counter()
    yield
    times[name] = time.perf_counter() - begun
    print(f"{name:<44}{times[name]:8.1f} s", flush=True)


def peer(connection) -> float:  # type: ignore[no-untyped-def]
    """Seconds to COPY the rows of TABLES into empty twins: same columns, keys, foreign keys, indexes, checks."""
    seconds = 0.0
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"create table peer_{table} (like {table} including all)")
            cursor.execute(
                "select pg_get_constraintdef(oid) from pg_constraint where conrelid = %s::regclass and contype = 'f'",
                [table],
            )
            for (definition,) in cursor.fetchall():
                cursor.execute(f"alter table peer_{table} add {definition}")
            body = io.BytesIO()
            with cursor.copy(f"copy {table} to stdout (format csv)") as out:
                for block in out:
                    body.write(block)
            body.seek(0)
            begun = time.perf_counter()
            with cursor.copy(f"copy peer_{table} from stdin (format csv)") as sink:
                while block := body.read(1 << 20):
                    sink.write(block)
            cursor.execute("set constraints all immediate")
            cursor.execute("set constraints all deferred")
            seconds += time.perf_counter() - begun
    return seconds


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=1_000_000)
    options.add_argument("--data", type=Path)
    asked = options.parse_args()
    folder = asked.data or Path(tempfile.mkdtemp(prefix="lindung-bench-"))
    folder.chmod(0o755)
    os.environ |= {"LINDUNG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "lindung.config.settings"}
    from lindung.cli.database import open_database, stop_database

    open_database()
    try:
        run(asked.people, folder)
    finally:
        stop_database()
        if not asked.data:
            shutil.rmtree(folder, ignore_errors=True)


def run(people: int, folder: Path) -> None:
    import polars as pl
    from django.db import connection

    from lindung import samples, schemes
    from lindung.base.month import Month
    from lindung.contributions import actions as money
    from lindung.enrolment import actions as enrol
    from lindung.identity.regions import regions
    from lindung.registry import actions as register
    from lindung.registry.audit import Actor
    from lindung.registry.frames import load_regions
    from lindung.registry.queries import units_by_code
    from lindung.samples import demo

    hands = {
        role: Actor(
            register.open_account(role, "Contoh", None, [(role, None, None)], actor=Actor(None)), role
        )
        for role in ("operator", "office", "legal", "approver", "treasurer")
    }
    load_regions(regions())
    rules = schemes.builtin()[SCHEME]
    scheme = register.load_scheme(rules.text, f"{SCHEME}.yaml", actor=Actor(None)).scheme
    register.register_units(scheme, demo.units(SCHEME), actor=Actor(None))
    units = units_by_code(scheme)
    payer = rules.categories[0].payer.unit
    sender = next(iter(units.values()))
    money.set_budget(scheme, units[payer], 2022, "5.1", 10**12, actor=hands["treasurer"])
    file = folder / "workers.csv"
    with step("(invent the file, not counted)"):
        file.write_bytes(samples.roster(rules, people, dirt=0.05, seed=1, on=ON).content)

    begun = time.perf_counter()
    with step("receive and check (findings, duplicates)"):
        roster = enrol.receive(scheme, sender, file.name, file.read_bytes(), ON, actor=hands["operator"])
        enrol.check_rosters([roster], actor=hands["operator"])
    with step("propose and accept"):
        enrol.propose_roster(roster, actor=hands["operator"])
        accepted, _, _ = enrol.accept_eligible(scheme, actor=hands["office"])
    with step("determination: propose, verify, approve"):
        named = enrol.propose_determination(scheme, actor=hands["office"])
        enrol.verify_determination(named, actor=hands["legal"])
        enrol.approve_determination(named, actor=hands["approver"])
    with step("sign: people and memberships"):
        enrol.sign_determination(named, "1/CONTOH", ON, "Contoh", actor=hands["office"])
    with step("BPJS files"):
        batches = enrol.prepare_batches(scheme, actor=hands["office"])
    with step("BPJS answers: KPJ"):
        for batch in batches:
            rows = pl.DataFrame(
                list(batch.rows.values_list("nik", "id")), schema=["NIK", "id"], orient="row"
            ).select("NIK", KPJ=pl.col("id").cast(pl.String).str.zfill(11), STATUS=pl.lit("VALID"))
            enrol.read_batch_answer(
                batch, "jawaban.csv", rows.write_csv().encode(), ON, actor=hands["office"]
            )
    with step("a month's bill"):
        (calculation,) = money.calculate(scheme, Month.of(ON), actor=hands["office"])
    total = time.perf_counter() - begun
    copying = peer(connection)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{'in all, for ' + format(accepted, ',') + ' accepted':<44}{total:8.1f} s")
    print(f"{'PostgreSQL copies the same rows in':<44}{copying:8.1f} s")
    print(f"ratio {total / copying:.2f}; peak memory {memory:,.0f} MiB; bill {calculation.total:,}")


if __name__ == "__main__":
    main()
