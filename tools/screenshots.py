"""The pictures of the documents, taken from the demo in Chromium, so that they show what there is.

tools/screenshots.py                 every picture, into docs/pictures/
tools/screenshots.py beranda …       only these

Needs the demo (`lindung demo --no-serve`) in the data folder; starts the database and the pages itself and stops them again.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from lindung.cli.database import open_database, stop_database

ROOT = Path(__file__).resolve().parents[1]
PICTURES = ROOT / "docs" / "pictures"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
COLOURS = 256  # pages are flat: a palette makes a picture a quarter as large and looks the same


class Shot(NamedTuple):
    """Who looks at which page of which scheme, in a window of which size."""

    login: str
    scheme: str
    path: str
    width: int = 1366
    height: int = 768
    language: str = "id"
    whole: bool = False  # the page to its end instead of the window
    dark: bool = False


SHOTS = {
    "beranda": Shot("kantor", "pangkalpinang-2024", "/", height=680),
    "unggah": Shot("dlh", "pangkalpinang-2024", "/skema/{scheme}/daftar/unggah/", height=560),
    "catatan": Shot("dlh", "pangkalpinang-2024", "/skema/{scheme}/daftar/{roster}/", height=620),
    "verifikasi": Shot("kantor", "pangkalpinang-2024", "/skema/{scheme}/verifikasi/", height=680),
    "cek": Shot("dukcapil", "pangkalpinang-2024", "/skema/{scheme}/cek/", height=560),
    "penetapan": Shot(
        "penyetuju", "pangkalpinang-2024", "/skema/{scheme}/penetapan/{determination}/", height=720
    ),
    "berkas": Shot("kantor", "pangkalpinang-2024", "/skema/{scheme}/berkas/{batch}/", height=620),
    "kartu": Shot("kantor", "tangsel-2019", "/skema/{scheme}/kartu/", height=560),
    "mutasi": Shot("kantor", "pangkalpinang-2024", "/skema/{scheme}/mutasi/", height=620),
    "peringatan": Shot("kantor", "tangsel-2019", "/skema/{scheme}/peringatan/?hari=92", height=620),
    "iuran": Shot("bendahara", "pangkalpinang-2024", "/skema/{scheme}/iuran/{bill}/", height=720),
    "cakupan": Shot("kantor", "serang-2019", "/skema/{scheme}/cakupan/?menurut=unit", height=720),
    "orang": Shot("kantor", "tangsel-2019", "/orang/{person}/", height=760),
    "akun": Shot("admin", "tangsel-2019", "/akun/", height=680),
    "jejak": Shot("auditor", "tangsel-2019", "/jejak/", height=680),
    "kalkulator": Shot("", "", "/hitung/?wage=1000000&month=2026-04", height=680),
    "terdaftar": Shot("", "", "/apakah-saya-terdaftar/", width=390, height=700),
    "beranda-gelap": Shot("kantor", "pangkalpinang-2024", "/", height=680, dark=True),
    "beranda-hp": Shot("pengusul", "pangkalpinang-2024", "/", width=390, height=780),
}


def records(slug: str) -> dict[str, object]:
    """The records of the demo that the pictures show."""
    from lindung.contributions.models import Bill
    from lindung.enrolment.models import Batch, Determination, Membership, Roster

    found = {
        "scheme": slug,
        "roster": Roster.objects.filter(scheme__slug=slug, state="checked"),
        "determination": Determination.objects.filter(scheme__slug=slug, state="verified"),
        "batch": Batch.objects.filter(scheme__slug=slug, state="answered").order_by("-pk"),
        "bill": Bill.objects.filter(
            calculation__scheme__slug=slug, payments__step="SPP", calculation__paid_on=None
        ),
        "person": Membership.objects.filter(scheme__slug=slug, registration__isnull=False),
    }
    key = {"bill": "calculation_id", "person": "person_id"}
    return {
        name: rows if name == "scheme" else rows.values_list(key.get(name, "pk"), flat=True).first()
        for name, rows in found.items()
    }


def placed(shot: Shot) -> str:
    return shot.path.format(**records(shot.scheme)) if shot.scheme else shot.path


def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not found:
        raise SystemExit("Chromium is missing.")
    return found


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def pages() -> Iterator[str]:
    """Serve the pages on a free port; gives their address."""
    address = f"http://127.0.0.1:{free_port()}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "lindung.config.wsgi:application",
        "--bind",
        address[7:],
        "--threads",
        "4",
    ]
    command += ["--log-level", "warning"]
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "lindung.config.settings"}
    server = subprocess.Popen(command, env=environment)
    try:
        for _ in range(120):
            try:
                urllib.request.urlopen(f"{address}/masuk/", timeout=30).close()
                break
            except (urllib.error.URLError, OSError):
                if server.poll() is not None:
                    raise SystemExit("The pages did not start.") from None
                time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def signed_in(browser: Browser, address: str, shot: Shot, password: str) -> Page:
    context = browser.new_context(
        viewport={"width": shot.width, "height": shot.height},
        locale="id-ID" if shot.language == "id" else "en-GB",
        timezone_id="Asia/Jakarta",
        reduced_motion="reduce",
        color_scheme="dark" if shot.dark else "light",
    )
    page = context.new_page()
    if not shot.login:  # a page for everybody
        return page
    page.goto(f"{address}/masuk/")
    page.fill("input[name=username]", shot.login)
    page.fill("input[name=password]", password)
    page.click("main button.btn-primary")
    page.wait_for_load_state("networkidle")
    if "/masuk/" in page.url:
        raise SystemExit(f"{shot.login} could not sign in.")
    return page


def take(browser: Browser, address: str, name: str, shot: Shot, password: str) -> Path:
    page = signed_in(browser, address, shot, password)
    if shot.scheme:
        page.goto(
            f"{address}/skema/{shot.scheme}/"
        )  # the scheme looked at last is the one that other pages show
    answer = page.goto(address + shot.path)
    if answer is None or not answer.ok:
        raise SystemExit(f"{name}: {shot.path} answered {answer and answer.status}.")
    page.wait_for_load_state("networkidle")
    picture = Image.open(BytesIO(page.screenshot(full_page=shot.whole)))
    page.context.close()
    PICTURES.mkdir(exist_ok=True)
    path = PICTURES / f"{name}.png"
    picture.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    return path


def main(names: list[str]) -> int:
    if unknown := set(names) - set(SHOTS):
        print(f"No such picture: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    started = open_database()
    from lindung.workflows import demo

    try:
        if demo.state() != "demo":
            print("The demo is not here: run `lindung demo --no-serve` first.", file=sys.stderr)
            return 1
        password = demo.password()
        # before Chromium begins: the database is not asked while it runs
        shots = {name: SHOTS[name]._replace(path=placed(SHOTS[name])) for name in names or SHOTS}
        with pages() as address, sync_playwright() as play:
            browser = play.chromium.launch(executable_path=chromium(), args=FLAGS)
            for name, shot in shots.items():
                path = take(browser, address, name, shot, password)
                print(f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes")
            browser.close()
    finally:
        if started:
            stop_database()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
