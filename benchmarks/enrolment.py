"""A million memberships written by the product, against PostgreSQL's bulk load of the same rows. The limit is 2.

    python benchmarks/enrolment.py [--people 1000000] [--data FOLDER]

Both sides write on the same server: the product through its triggers (audit trail, no overlap), the peer by COPY into
tables with the same columns, keys, foreign keys, indexes and checks, but without triggers. The first line is the write
alone, the second the whole signature of a decree: reading a million lines, writing people and memberships.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import Any

LIMIT = 2.0
SCHEME = "tangerang-2022"
ON = date(2022, 8, 1)


def twin(connection: Any, tables: list[str]) -> float:
    """Seconds to COPY the rows of `tables`, as they are now, into empty twins without triggers."""
    seconds = 0.0
    with connection.cursor() as cursor:
        for table in tables:
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
            cursor.execute("checkpoint")
            begun = time.perf_counter()
            cursor.execute("begin")
            with cursor.copy(f"copy peer_{table} from stdin (format csv)") as sink:
                while block := body.read(1 << 20):
                    sink.write(block)
            cursor.execute("commit")
            seconds += time.perf_counter() - begun
            cursor.execute(f"drop table peer_{table}")
    return seconds


def invent(people: int, scheme: Any, actor: Any) -> Any:
    """A decree that waits for its signature, with `people` lines; made by one statement a table."""
    from django.db import connection

    from lindung import law
    from lindung.enrolment.models import Determination, Roster
    from lindung.registry import files
    from lindung.registry.audit import recorded
    from lindung.registry.models import Unit
    from lindung.registry.queries import current_version, rules_of

    version = current_version(scheme)
    unit = Unit.objects.filter(locality=scheme.locality_id).order_by("pk").first()
    category = rules_of(version).categories[0].id
    with recorded(actor, "invent") as entry, connection.cursor() as cursor:
        roster = Roster.objects.create(
            scheme=scheme, version=version, sender=unit, file=files.keep(b"x", "x.csv"), on=ON, state="proposed", received_by=actor.user
        )  # fmt: skip
        made = Determination.objects.create(
            scheme=scheme, version=version, track="decree", sequence=1, starts_on=ON, ends_on=date(2022, 12, 31), people=people,
            monthly=people * 16_800, total=people * 84_000, law_version=law.version(), state="approved", proposed_by=actor.user,
        )  # fmt: skip
        cursor.execute(
            """insert into enrolment_candidate (roster_id, row, nik, name, birth_date, birth_place, sex, address, rt, rw,
                   kelurahan_id, category, raw, result, review)
               select %s, n, (3671010101800000 + n)::text, 'CONTOH ' || n, '1980-01-01', 'TANGERANG', 'L', 'JL. CONTOH ' || n,
                      n %% 20 + 1, n %% 9 + 1, '36.71.01.1001', %s, '{}', 'layak', 'accepted' from generate_series(1, %s) n""",
            [roster.pk, category, people],
        )
        cursor.execute(
            """insert into enrolment_determinationline (determination_id, number, candidate_id, unit_id, category, wage, monthly)
               select %s, c.row, c.id, %s, %s, 1000000, 16800 from enrolment_candidate c where c.roster_id = %s""",
            [made.pk, unit.pk, category, roster.pk],
        )
        entry.about(made)
    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")
    return made


def run(people: int) -> None:
    from django.db import connection

    from lindung import schemes
    from lindung.enrolment import actions as enrol
    from lindung.enrolment.models import Membership
    from lindung.identity.regions import regions
    from lindung.registry import actions as register
    from lindung.registry import frames
    from lindung.registry.audit import Actor, recorded
    from lindung.samples import demo

    load = frames.load_regions
    load(regions())
    actor = Actor(
        register.open_account("office", "Contoh", None, [("office", None, None)], actor=Actor(None)), "office"
    )
    scheme = register.load_scheme(schemes.builtin()[SCHEME].text, f"{SCHEME}.yaml", actor=actor).scheme
    register.register_units(scheme, demo.units(SCHEME), actor=actor)
    made = invent(people, scheme, actor)
    seconds: dict[str, float] = {}

    write = frames.write

    def timed(model: Any, frame: Any) -> int:
        begun = time.perf_counter()
        written = write(model, frame)
        seconds[model.__name__] = time.perf_counter() - begun
        return written

    frames.write = timed
    begun = time.perf_counter()
    with recorded(actor, "benchmark"):
        members = enrol.sign_determination(made, "1/CONTOH", ON, "Contoh", actor=actor)
        before_commit = time.perf_counter()
    commit = time.perf_counter() - before_commit
    whole = time.perf_counter() - begun
    frames.write = write
    assert members == Membership.objects.count() == people
    alone = seconds["Membership"] + commit
    peer = twin(connection, ["enrolment_membership"])
    both = twin(connection, ["registry_person", "enrolment_membership"])
    for what, ours, theirs in (
        ("memberships alone", alone, peer), ("signing: people and memberships", whole, both),
    ):  # fmt: skip
        limit = f" (limit {LIMIT:.0f})" if ours is alone else ""
        print(f"{what:<34}{ours:8.1f} s, COPY {theirs:8.1f} s, ratio {ours / theirs:.2f}{limit}", flush=True)


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
        run(asked.people)
    finally:
        stop_database()
        if not asked.data:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
