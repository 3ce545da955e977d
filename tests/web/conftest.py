"""A small city for the pages: one scheme carried from lists to paid months by the product's own actions.

It stands in a database of its own, copied from the empty test database, so that pages in a browser may write to it.
"""

from __future__ import annotations

import re
import threading
from datetime import date
from types import SimpleNamespace
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import polars as pl
import psycopg
import pytest
from django.db import connection

NAME = "lindung_web"
ON = date(2019, 11, 20)
PASSWORD = "a-long-password-of-tests"
FIRST_NAMES = [
    "Siti",
    "Ahmad",
    "Nurjanah",
    "Sarmili",
    "Rohmah",
    "Tarmudi",
    "Yayah",
    "Uswatun",
    "Lilis",
    "Abdul",
    "Maesaroh",
    "Fauzi",
]
LAST_NAMES = ["Hasanah", "Fadilah", "Komariah", "Suryani", "Rohman", "Hidayat", "Wijaya", "Lestari"]
# what a browser says of an answer that was meant, and of a network that was taken away
EXPECTED = re.compile(r"status of 4(04|22)|ERR_INTERNET_DISCONNECTED|ERR_FAILED")
ROLES = [
    "office",
    "operator",
    "head",
    "approver",
    "checker",
    "legal",
    "treasurer",
    "branch",
    "auditor",
    "administrator",
    "pptk",
    "ppk",
    "pa",
    "bpkad",
    "permit",
    "province",
]


def _server(sql: str) -> None:
    parameters = {**connection.get_connection_params(), "dbname": "postgres"}
    parameters = {k: v for k, v in parameters.items() if k in ("host", "port", "user", "password", "dbname")}
    with psycopg.connect(**parameters, autocommit=True) as admin:
        admin.execute(sql)


@pytest.fixture(scope="package")
def _own_database(django_db_setup, django_db_blocker):
    from django.conf import settings

    from lindung.identity.regions import regions
    from lindung.registry.frames import load_regions

    slow, settings.PASSWORD_HASHERS = (
        settings.PASSWORD_HASHERS,
        ["django.contrib.auth.hashers.MD5PasswordHasher"],
    )
    second, settings.SECOND_FACTOR = settings.SECOND_FACTOR, False
    with django_db_blocker.unblock():
        before = connection.settings_dict["NAME"]
        connection.close()
        _server(f'drop database if exists "{NAME}" with (force)')
        _server(f'create database "{NAME}" template "{before}"')
        connection.settings_dict["NAME"] = NAME
        try:
            load_regions(regions())  # a test with committed writes may have emptied what was copied
            _build()
            connection.close()
            yield
        finally:
            settings.PASSWORD_HASHERS, settings.SECOND_FACTOR = slow, second
            connection.close()
            connection.settings_dict["NAME"] = before
            _server(f'drop database if exists "{NAME}" with (force)')


@pytest.fixture
def db(_own_database, db):
    """The tests of the pages that need a database have the one with the small city in it."""


def _nik(number: int, born: date) -> str:
    return f"367406{born:%d%m%y}{number:04d}"


def people(start: int, count: int, category: str) -> str:
    rows = ["NIK,Nama,Tempat Lahir,Tanggal Lahir,L/P,Alamat,RT,RW,Kelurahan,Jabatan,No HP,Nama Ibu,No KK"]
    for n in range(start, start + count):
        born = date(1960 + n % 35, 1 + n % 12, 1 + n % 28)
        name = f"{FIRST_NAMES[n % 12]} {LAST_NAMES[n % 8]} {chr(65 + n % 26)}{chr(97 + n // 26 % 26)}"
        rows.append(
            f"{_nik(n, born)},{name},Tangerang,{born:%d-%m-%Y},L,Jalan Contoh {n},{1 + n % 9:03d},{1 + n % 5:02d},"
            f"Pondok Benda,{category},0812{n:08d},Ibu {name},36740612345{n:05d}"
        )
    return "\n".join(rows)


def _build() -> None:
    from lindung import schemes
    from lindung.base.month import Month
    from lindung.contributions import actions as money
    from lindung.coverage.actions import import_targets
    from lindung.enrolment import actions as enrol
    from lindung.enrolment.models import Membership, Roster
    from lindung.registry import actions as register
    from lindung.registry.audit import Actor
    from lindung.registry.models import Employer
    from lindung.registry.queries import units_by_code
    from lindung.workflows.determinations import approve

    system = Actor(None, "administrator", "test")
    scheme = register.load_scheme(
        schemes.builtin()["tangsel-2019"].text, "tangsel-2019.yaml", actor=system
    ).scheme
    register.load_scheme(schemes.builtin()["serang-2019"].text, "serang-2019.yaml", actor=system)
    register.register_units(scheme, _units(), actor=system)
    units = units_by_code(scheme)
    who = {
        role: Actor(
            register.open_account(
                role, f"{role.title()} Contoh", PASSWORD, [(role, scheme, None)], actor=system
            ),
            role,
            "test",
        )
        for role in ROLES
    }
    register.open_account(
        "lurah", "Lurah Contoh", PASSWORD, [("operator", scheme, units["pondok-benda"])], actor=system
    )
    register.open_account(
        "lurah-lain", "Lurah Lain", PASSWORD, [("operator", scheme, units["benda-baru"])], actor=system
    )
    register.open_account("tanpa-peran", "Tanpa Peran", PASSWORD, [], actor=system)
    register.open_account("office-2", "Kantor Kedua", PASSWORD, [("office", scheme, None)], actor=system)
    employers = pl.DataFrame(
        {"npp": ["NP1", None], "name": ["PT Contoh Jaya", "CV Contoh"], "workers": [20, 8], "registered_workers": [20, 0], "status": ["compliant", "unregistered"]}
    )  # fmt: skip
    register.register_employers(scheme.locality_id, employers, actor=system)
    own = Employer.objects.get(name="CV Contoh")
    register.open_account(
        "employer", "Employer Contoh", PASSWORD, [("employer", scheme, None, own)], actor=system
    )
    targets = pl.DataFrame(
        {"dimension": ["kelurahan", "unit"], "group": ["36.74.06.1003", "bagian-pemerintahan"], "category": [None, None],
         "number": [60, 60], "source": ["Contoh", "Contoh"]},
        schema_overrides={"category": pl.String},
    )  # fmt: skip
    import_targets(scheme, targets, date(2019, 10, 1), actor=system)
    for code in ("bagian-pemerintahan", "bagian-kesra", "dinkes"):
        money.set_budget(scheme, units[code], 2019, "5.1.02.02.02.0006", 5_000_000, actor=who["treasurer"])

    files = [
        ("pondok-benda", "rt-pondok-benda.csv", people(1, 30, "Ketua RT")),
        ("benda-baru", "rt-benda-baru.csv", people(101, 12, "Guru mengaji")),
    ]
    lists = [
        enrol.receive(scheme, units[unit], name, text.encode(), date(2019, 10, 25), actor=who["operator"])
        for unit, name, text in files
    ]
    enrol.check_rosters(lists, actor=who["operator"])
    for roster in lists:
        enrol.propose_roster(roster, actor=who["head"])
    enrol.accept_eligible(scheme, actor=who["office"])
    check = enrol.send_check(scheme, "disdukcapil", segment="BPU", actor=who["office"])
    assert check.rows.count() > 30
    made = enrol.propose_determination(scheme, actor=who["office"])
    enrol.verify_determination(made, actor=who["legal"])
    approve(made, actor=who["approver"])
    enrol.sign_determination(
        made, "400/118/2019", date(2019, 10, 29), "Wali Kota Contoh", actor=who["office"]
    )
    for batch in enrol.prepare_batches(scheme, actor=who["office"]):
        enrol.mark_sent(batch, date(2019, 10, 30), actor=who["office"])
        answers = ["NIK,KPJ,Status,Alasan"]
        for at, row in enumerate(batch.rows.order_by("line")):
            answers.append(
                f"{row.nik},,Ditolak,NIK tidak ditemukan"
                if at == 3
                else f"{row.nik},{10_000_000_000 + row.pk},Valid,"
            )
        enrol.read_batch_answer(
            batch, "jawaban.csv", "\n".join(answers).encode(), date(2019, 11, 1), actor=who["branch"]
        )
    for calculation in money.calculate(scheme, Month(2019, 11), actor=who["office"]):
        bill = money.record_bill(
            calculation, f"CONTOH{calculation.pk:05d}", calculation.total + 16_800 * (calculation.people > 20), date(2019, 11, 30),
            date(2019, 11, 5), actor=who["treasurer"],
        )  # fmt: skip
        for step in money.STEPS:
            money.pay(
                bill,
                step,
                f"{step}/1/2019",
                date(2019, 11, 12),
                bill.amount,
                file=("bukti.pdf", b"%PDF-1.4 contoh"),
                actor=who["treasurer"],
            )
    money.calculate(scheme, Month(2019, 12), actor=who["office"])
    first = list(
        Membership.objects.filter(registration__isnull=False).order_by("pk").values_list("pk", flat=True)[:10]
    )
    enrol.print_cards(scheme, first, "Penyerahan contoh", actor=who["office"])

    waiting = enrol.receive(
        scheme,
        units["benda-baru"],
        "kader-benda-baru.csv",
        people(201, 60, "Kader kesehatan").encode(),
        date(2019, 11, 10),
        actor=who["operator"],
    )
    ugly = (
        people(301, 8, "Ketua RW").replace("36740612345", "3674061234x", 1)
        + "\n3.67406E+15,Sutrisno Contoh,Tangerang,31-02-1970,L,Jalan,1,1,Pondok Benda,Ketua RT,0812,Ibu,\n36740601,Rosidah Contoh,Tangerang,05-05-1940,P,Jalan,1,1,Pondok Benda,Ketua Pemuda,,,"
    )
    messy = enrol.receive(
        scheme,
        units["pondok-benda"],
        "rw-pondok-benda.csv",
        ugly.encode(),
        date(2019, 11, 10),
        actor=who["operator"],
    )
    enrol.check_rosters([waiting, messy], actor=who["operator"])
    enrol.propose_roster(waiting, actor=who["head"])
    refused = enrol.receive(
        scheme, units["benda-baru"], "kosong.csv", b"a,b\n1,2\n", date(2019, 11, 10), actor=who["operator"]
    )
    enrol.check_rosters([refused], actor=who["operator"])
    assert Roster.objects.get(pk=refused.pk).state == "refused"
    _on_paper(scheme, made, who)


def _on_paper(scheme, made, who) -> None:
    """Somebody moves away in December: minutes that are not signed; a scan of the decree and of its regulation."""
    from lindung.enrolment import actions as enrol
    from lindung.enrolment.changes import Movement
    from lindung.enrolment.models import Membership
    from lindung.registry import document_actions
    from lindung.registry.audit import Actor
    from lindung.registry.models import Document, User

    leaving = Membership.objects.filter(registration__isnull=False).order_by("pk")[12]
    enrol.propose_movement(leaving, "moved", date(2019, 12, 20), "Surat pindah 1/2019", actor=who["operator"])
    second = Actor(User.objects.get(login="office-2"), "office", "test")
    enrol.confirm_movements(
        scheme, Movement.objects.filter(membership=leaving), date(2019, 12, 20), actor=second
    )
    minutes = enrol.prepare_minutes(scheme, date(2019, 12, 31), actor=who["office"])
    pdf = b"%PDF-1.4 contoh"
    enrol.attach_act(made, "signed", "sk.pdf", pdf, actor=who["office"])
    enrol.attach_act(minutes, "corrected", "ba.pdf", pdf, actor=who["office"])
    document_actions.attach(Document.objects.get(scheme=scheme), "perwal.pdf", pdf, actor=who["legal"])


def _units() -> pl.DataFrame:
    return pl.DataFrame(
        [
            ("bagian-pemerintahan", "Bagian Pemerintahan", "opd", None, None, "Tangerang Selatan"),
            ("bagian-kesra", "Bagian Kesejahteraan Rakyat", "opd", None, None, "Tangerang Selatan"),
            ("dinkes", "Dinas Kesehatan", "opd", None, None, "Tangerang Selatan"),
            ("pamulang", "Kecamatan Pamulang", "kecamatan", "36.74.06", None, "Tangerang Selatan"),
            ("pondok-benda", "Kelurahan Pondok Benda", "kelurahan", "36.74.06.1003", "pamulang", "Tangerang Selatan"),
            ("benda-baru", "Kelurahan Benda Baru", "kelurahan", "36.74.06.1002", "pamulang", "Tangerang Selatan"),
        ],
        schema={"code": pl.String, "name": pl.String, "kind": pl.String, "region_code": pl.String, "parent": pl.String, "branch": pl.String},
        orient="row",
    ).with_columns(npp=pl.lit(None, dtype=pl.String))  # fmt: skip


@pytest.fixture
def city(db):
    """The scheme and one record of every kind."""
    from lindung.contributions.models import Calculation, Payment
    from lindung.enrolment.acts import ActFile
    from lindung.enrolment.changes import Amendment
    from lindung.enrolment.models import Batch, CardRun, Check, Determination, Membership, Roster
    from lindung.registry.documents import DocumentFile
    from lindung.registry.models import Scheme, User

    scan = DocumentFile.objects.order_by("pk").first()
    scheme = Scheme.objects.get(slug="tangsel-2019")
    return SimpleNamespace(
        scheme=scheme,
        colleague=User.objects.get(login="office-2"),
        slug=scheme.slug,
        messy=Roster.objects.get(file__name="rw-pondok-benda.csv"),
        proposed=Roster.objects.get(file__name="kader-benda-baru.csv"),
        refused=Roster.objects.get(file__name="kosong.csv"),
        determination=Determination.objects.earliest("pk"),
        batch=Batch.objects.order_by("pk").first(),
        check=Check.objects.earliest("pk"),
        cards=CardRun.objects.earliest("pk"),
        paid=Calculation.objects.filter(paid_on__isnull=False).order_by("pk").first(),
        open=Calculation.objects.filter(bill__isnull=True).order_by("pk").first(),
        payment=Payment.objects.first(),
        minutes=Amendment.objects.order_by("pk").first(),
        document=scan.document,
        files={
            "penetapan": ActFile.objects.filter(amendment=None).first().pk,
            "perubahan": ActFile.objects.filter(determination=None).first().pk,
            "dokumen": scan.pk,
        },
        membership=Membership.objects.filter(registration__isnull=False).order_by("pk").first(),
    )


@pytest.fixture
def as_(client, db):
    """Sign in as somebody: `as_("office").get(…)`."""

    def sign_in(login: str):
        from lindung.registry.models import User

        client.force_login(User.objects.get(login=login))
        return client

    return sign_in


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


class _Threads(WSGIServer):
    daemon_threads = True


@pytest.fixture(scope="package")
def site(_own_database, django_db_blocker):
    """The pages on a port of this machine, for a browser."""
    from django.contrib.staticfiles.handlers import StaticFilesHandler
    from django.core.wsgi import get_wsgi_application

    with django_db_blocker.unblock():
        server = make_server(
            "127.0.0.1",
            0,
            StaticFilesHandler(get_wsgi_application()),
            server_class=_Threads,
            handler_class=_Quiet,
        )

        def serve() -> None:
            try:
                server.serve_forever()
            finally:
                connection.close()  # each thread has a connection of its own

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="package")
def chromium():
    """Debian's Chromium; without it these tests are left out, and say so; where everything must run they fail."""
    import os
    from pathlib import Path

    from playwright import sync_api as sync

    if not Path("/usr/bin/chromium").exists():
        left_out = pytest.fail if os.environ.get("CI") else pytest.skip
        left_out("Chromium is not installed")
    with sync.sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium",
            args=["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                  "--disable-component-update", "--disable-sync"],
        )  # fmt: skip
        yield browser
        browser.close()


@pytest.fixture
def visit(site, chromium):
    """A page signed in as somebody, in a window of a size; policy violations and script errors fail the test."""
    opened = []

    def open_(
        login: str | None = "office", path: str = "/", width: int = 1366, height: int = 768, **options: object
    ):
        context = chromium.new_context(viewport={"width": width, "height": height}, locale="id-ID", **options)
        page = context.new_page()
        problems: list[str] = []
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on(
            "console",
            lambda message: (
                problems.append(message.text)
                if message.type == "error" and not EXPECTED.search(message.text)
                else None
            ),
        )
        if login:
            page.goto(f"{site}/masuk/")
            page.fill("input[name=username]", login)
            page.fill("input[name=password]", PASSWORD)
            page.click("main button")
            page.wait_for_url(f"{site}/")
        page.goto(site + path)
        opened.append((context, problems))
        return page

    yield open_
    for context, problems in opened:
        context.close()
        assert problems == []
