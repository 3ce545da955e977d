"""Twenty signed-in people at work on a register of a million. Limits: median 100 ms, 95 % within 300 ms, 30 queries a page.

    python benchmarks/load.py [--people 1000000] [--users 20] [--seconds 180] [--data FOLDER]

The demo's five cities are made first, then invented people join the largest until there are a million. The pages are
served by `lindung serve`, as in production; those who load them run on the same cores, with 1–3 s to think between two
pages. Every page was opened once before the clock starts. One load in fifty is a sign-in, and of the office one in ten ends a
membership, so that the figures of a million people are old every few seconds. A folder given with --data is kept, and used as it is when it holds enough people.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

MEDIAN, MOST, QUERIES = 100, 300, 30
SCHEME, LOCALITY, ON = "tangerang-2022", "36.71", date(2022, 8, 1)
CSRF = "a" * 32
LINDUNG = Path(sys.executable).with_name("lindung")
SIGN_IN, END = 0.02, 0.1  # of the loads; the second of those who may
LOGINS = ("kantor", "pengusul", "penyetuju", "bendahara", "cabang", "auditor", "verifikasi")


def fill(people: int) -> None:
    """Invented people with their membership and KPJ, until the register holds `people` of them."""
    import polars as pl

    from lindung.enrolment.models import Membership, Registration
    from lindung.registry import frames
    from lindung.registry.audit import Actor, recorded
    from lindung.registry.models import Person, Scheme, Unit
    from lindung.registry.queries import current_version, rules_of
    from lindung.samples.people import people as invent

    missing = people - Person.objects.count()
    if missing <= 0:
        return
    scheme = Scheme.objects.get(slug=SCHEME)
    version = current_version(scheme)
    category = rules_of(version).categories[0]
    units = list(Unit.objects.filter(locality=LOCALITY).order_by("pk").values_list("pk", flat=True))
    homes = pl.select(kelurahan_code=pl.repeat(None, int(missing * 1.05) + 1000, dtype=pl.String))
    found = invent(homes, locality=LOCALITY, seed=1_000_003, on=ON, serials=(1, 4999))
    known = Person.objects.filter(nik__startswith="3").values_list("nik", flat=True)
    found = found.filter(~pl.col("nik").is_in(list(known))).head(missing)
    with recorded(Actor(None, "administrator", "benchmark"), "invent"):
        found = frames.numbered(Person, found)
        columns = (
            "id",
            "nik",
            "name",
            "birth_date",
            "birth_place",
            "sex",
            "mother_name",
            "address",
            "phone",
            "kk_number",
        )
        frames.write(
            Person,
            found.select(*columns, pl.col("rt", "rw").cast(pl.Int64, strict=False), kelurahan_id="kelurahan_code"),
        )  # fmt: skip
        at = pl.int_range(found.height)
        members = frames.numbered(
            Membership,
            found.select(
                person_id="id", kelurahan_id="kelurahan_code", category=pl.lit(category.id), payer=pl.lit("APBD"),
                segment=pl.lit(category.segment), programmes=pl.lit("JKK,JKM"), wage=pl.lit(1_000_000), sector=pl.lit("other"),
                determined_on=pl.lit(ON), starts_on=pl.lit(ON), ends_on=pl.lit(date(2022, 12, 31)), scheme_id=pl.lit(scheme.pk),
                version_id=pl.lit(version.pk), unit_id=pl.Series(units).gather(at % len(units)),
            ),
        )  # fmt: skip
        frames.write(Membership, members)
        kpj = (pl.int_range(found.height) + 22_000_000_000).cast(pl.String)
        frames.write(
            Registration,
            frames.numbered(
                Registration, members.select(membership_id="id", kpj=kpj, registered_on=pl.lit(ON))
            ),
        )
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("vacuum analyze")


def pages() -> list[tuple[str, list[str]]]:
    """The main pages: what they are, and addresses to choose from."""
    from lindung.contributions.models import Calculation
    from lindung.enrolment.models import Batch, Determination, Membership, Roster
    from lindung.registry.models import Person, Scheme

    scheme = Scheme.objects.get(slug=SCHEME)
    base = f"/skema/{SCHEME}"
    newest = (
        Membership.objects.filter(scheme=scheme).order_by("-pk").values_list("pk", flat=True).first() or 0
    )
    dice = random.Random(7)
    some = [
        p for p in (Person.objects.filter(pk__gte=dice.randrange(1, newest)).first() for _ in range(60)) if p
    ]
    words = [" ".join(p.name.split()[:2]) for p in some]

    def records(model: Any, place: str) -> list[str]:
        return [
            f"{base}/{place}/{pk}/"
            for pk in model.objects.filter(scheme=scheme).values_list("pk", flat=True)[:20]
        ]

    return [
        ("home", ["/"]),
        ("scheme", [f"{base}/"]),
        ("schemes", ["/skema/"]),
        ("participants", [f"{base}/peserta/"]),
        ("participants, far on", [f"{base}/peserta/?sesudah={dice.randrange(newest)}&dari=5000" for _ in some]),
        ("participants by name", [f"{base}/peserta/?q={w.replace(' ', '+')}" for w in words]),
        ("participants filtered", [f"{base}/peserta/?keadaan={k}" for k in ("registered", "ended", "determined")]),
        ("search by name", [f"/cari/?q={w.replace(' ', '+')}" for w in words]),
        ("search by NIK", [f"/cari/?q={p.nik}" for p in some]),
        ("person", [f"/orang/{p.pk}/" for p in some]),
        ("lists", [f"{base}/daftar/"]),
        ("list", records(Roster, "daftar")),
        ("verification", [f"{base}/verifikasi/"]),
        ("determinations", [f"{base}/penetapan/"]),
        ("determination", records(Determination, "penetapan")),
        ("BPJS files", [f"{base}/berkas/"]),
        ("BPJS file", records(Batch, "berkas")),
        ("cards", [f"{base}/kartu/"]),
        ("bills", [f"{base}/iuran/"]),
        ("bill", records(Calculation, "iuran")),
        ("coverage", [f"{base}/cakupan/"]),
        ("coverage by kelurahan", [f"{base}/cakupan/?menurut=kelurahan"]),
        ("coverage by office", [f"{base}/cakupan/?menurut=unit"]),
        ("employers", [f"{base}/pemberi-kerja/"]),
        ("movements", [f"{base}/mutasi/"]),
        ("lapse alarm", [f"{base}/peringatan/"]),
        ("audit trail", ["/jejak/"]),
    ]  # fmt: skip


def queries(offered: list[tuple[str, list[str]]]) -> dict[str, int]:
    """The most that each page asks the database, with nothing remembered from before."""
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from lindung.registry.models import User
    from lindung.web.remember import forget

    settings.ALLOWED_HOSTS = ["testserver"]
    client, most = Client(), {}
    client.force_login(User.objects.get(login="kantor"))
    for name, addresses in offered:
        forget()
        with CaptureQueriesContext(connection) as asked:
            client.get(addresses[0])
        most[name] = len(asked)
    return most


@dataclass
class User:
    login: str
    password: str
    cookie: str
    ends: list[str]  # addresses at which this user ends memberships, each one once


def signed_in(login: str, number: int) -> User:
    """A signed-in user of the demo; the office may end memberships, each of its people those of its own number."""
    from lindung.enrolment.models import Membership

    ends: list[str] = []
    if login == "kantor":
        rows = Membership.objects.filter(
            scheme__slug=SCHEME, end_reason__isnull=True, registration__isnull=False
        )
        first = 1_000 * number
        ends = [
            f"/skema/{SCHEME}/kepesertaan/{pk}/akhiri/"
            for pk in rows.order_by("-pk").values_list("pk", flat=True)[first : first + 1_000]
        ]
    password = (Path(os.environ["LINDUNG_DATA"]) / "demo-password").read_text(encoding="utf-8").strip()
    return User(login, password, f"sessionid={session(login)}", ends)


def session(login: str) -> str:
    from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from lindung.registry.models import User

    user, kept = User.objects.get(login=login), SessionStore()
    kept[SESSION_KEY], kept[HASH_SESSION_KEY] = str(user.pk), user.get_session_auth_hash()
    kept["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    kept["scheme"] = SCHEME
    kept.save()
    return str(kept.session_key)


def get(port: int, address: str, cookie: str, form: dict[str, str] | None = None) -> tuple[int, float]:
    """Status and milliseconds of a page; with a `form` it is sent."""
    begun = time.perf_counter()
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    headers = {"Cookie": cookie, "Accept-Encoding": "gzip"}
    if form:
        headers |= {"Cookie": f"{cookie}; csrftoken={CSRF}", "X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}  # fmt: skip
    line.request("POST" if form else "GET", address, urlencode(form) if form else None, headers)
    answer = line.getresponse()
    answer.read()
    line.close()
    return answer.status, (time.perf_counter() - begun) * 1000


def work(
    port: int, offered: list[tuple[str, list[str]]], user: User, number: int, until: float, took: list[Any]
) -> None:
    dice = random.Random(number)
    allowed, cookie = offered, user.cookie
    while time.perf_counter() < until:
        time.sleep(dice.uniform(1, 3))
        if dice.random() < SIGN_IN:
            form = {"username": user.login, "password": user.password}
            status, milliseconds = get(port, "/masuk/", "", form)
            took.append(("sign in", milliseconds, status if status == 302 else 500))
            continue
        if user.ends and dice.random() < END:
            status, milliseconds = get(
                port, user.ends.pop(), cookie, {"on": "2022-09-30", "reason": "resigned"}
            )
            took.append(("end a membership", milliseconds, status if status in (302, 303) else 500))
            continue
        name, addresses = dice.choice(allowed)
        status, milliseconds = get(port, dice.choice(addresses), cookie)
        if status == 403:  # not a page of this role: chosen no more
            allowed = [one for one in allowed if one[0] != name]
            continue
        took.append((name, milliseconds, status))


def run(users: int, seconds: int) -> bool:
    offered = [(name, addresses) for name, addresses in pages() if addresses]
    asked = queries(offered)
    people = [signed_in(LOGINS[number % len(LOGINS)], number) for number in range(users)]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([LINDUNG, "serve", "--port", str(port)])
    took: list[tuple[str, float, int]] = []
    try:
        for _ in range(240):
            try:
                get(port, "/masuk/", "")
                break
            except OSError:
                time.sleep(0.5)
        for _, addresses in offered:
            get(port, addresses[0], people[0].cookie)
        until = time.perf_counter() + seconds
        threads = [
            threading.Thread(target=work, args=(port, offered, user, number, until, took))
            for number, user in enumerate(people)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        server.terminate()
        server.wait(30)
    return report(took, asked)


def report(took: list[tuple[str, float, int]], asked: dict[str, int]) -> bool:
    def line(name: str, times: list[float], n: int) -> tuple[float, float]:
        middle, most = statistics.median(times), statistics.quantiles([*times, times[-1]], n=20)[18]
        print(f"{name:<24}{len(times):6}{middle:9.0f}{most:9.0f}{max(times):9.0f}{n:9}", flush=True)
        return middle, most

    print(f"{'page':<24}{'loads':>6}{'median':>9}{'95 %':>9}{'most':>9}{'queries':>9}   (ms)")
    for name in (*asked, "sign in", "end a membership"):
        most = asked.get(name, 0)
        if times := [ms for page, ms, _ in took if page == name]:
            line(name, times, most)
    failed = sum(status >= 400 for _, _, status in took)
    middle, most = line("all", [ms for _, ms, _ in took], max(asked.values()))
    good = middle <= MEDIAN and most <= MOST and max(asked.values()) <= QUERIES and not failed
    print(
        f"limits {MEDIAN} ms, {MOST} ms, {QUERIES} queries; {failed} failed: {'kept' if good else 'BROKEN'}"
    )
    return good


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--people", type=int, default=1_000_000)
    options.add_argument("--users", type=int, default=20)
    options.add_argument("--seconds", type=int, default=180)
    options.add_argument("--data", type=Path)
    told = options.parse_args()
    folder = told.data or Path(tempfile.mkdtemp(prefix="lindung-load-"))
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    os.environ |= {"LINDUNG_DATA": str(folder), "DJANGO_SETTINGS_MODULE": "lindung.config.settings"}
    if not (folder / "demo-password").exists():
        subprocess.run([LINDUNG, "demo", "--no-serve"], check=True, stdout=subprocess.DEVNULL)
    from lindung.cli.database import open_database, stop_database

    open_database()
    try:
        begun = time.perf_counter()
        fill(told.people)
        print(f"{told.people:,} people in the register ({time.perf_counter() - begun:.0f} s)", flush=True)
        return 0 if run(told.users, told.seconds) else 1
    finally:
        stop_database()
        if not told.data:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
