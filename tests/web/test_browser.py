"""The pages in Chromium: journeys, keyboard, htmx, both themes, the card without a network, and axe on every page."""

from __future__ import annotations

import os
import threading
from datetime import date
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser
ROOT = Path(__file__).parents[2]
SHOTS = Path(os.environ.get("LINDUNG_SCREENSHOTS", ROOT / "screenshots"))


def _elsewhere(work) -> None:
    """As a worker does it: on a connection of its own, so that the pages see it."""

    def run() -> None:
        from django.db import connection

        try:
            work()
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


def test_a_clerk_sends_a_list_and_reads_its_notes(visit, city, tmp_path):
    from lindung.enrolment.models import Roster
    from lindung.workflows import jobs
    from lindung.workflows.models import Job

    page = visit("operator", f"/skema/{city.slug}/daftar/unggah/")
    file = tmp_path / "dari-browser.csv"
    file.write_text(
        "NIK,Nama,Tempat Lahir,Tanggal Lahir,L/P,Alamat,RT,RW,Kelurahan,Jabatan\n36740,Contoh,Tangerang,01-01-1970,L,Jalan,1,1,Pondok Benda,Ketua RT\n"
    )
    page.select_option("select[name=sender]", "pondok-benda")
    page.fill("input[name=on]", "2019-11-11")
    page.set_input_files("input[type=file]", str(file))
    page.click("main button")
    page.wait_for_selector("text=Menunggu giliran")
    roster = Roster.objects.get(file__name="dari-browser.csv")
    _elsewhere(lambda: jobs.run(Job.objects.get(subject=f"roster {roster.pk}").pk))
    page.wait_for_selector(
        "text=1 dari 1 orang belum dapat didaftarkan", timeout=8000
    )  # by itself: the page asks every two seconds
    with page.expect_download() as download:
        page.click("text=Unduh berkas bertanda")
    assert download.value.suggested_filename == "dari-browser-catatan.xlsx"


def test_a_filter_by_htmx_equals_the_page_loaded_anew(visit, city):
    page = visit("office", f"/skema/{city.slug}/verifikasi/")
    page.fill("#q", "Siti")
    page.click("text=Saring")
    page.wait_for_url("**q=Siti*")
    page.wait_for_timeout(300)
    quick = page.inner_html("#list")
    assert "Ahmad" not in quick
    page.reload()
    token = "csrfmiddlewaretoken"

    def plain(text: str) -> str:
        return "\n".join(line for line in text.split("<") if token not in line and "htmx" not in line)

    assert plain(page.inner_html("#list")) == plain(quick)


def test_people_are_chosen_counted_accepted_and_undone(visit, city):
    page = visit("office", f"/skema/{city.slug}/verifikasi/?q=Siti")
    page.check("input[name=person] >> nth=0")
    page.check("input[name=person] >> nth=1")
    assert page.inner_text("[data-chosen]") == "2"
    page.click("button[value=accept]")
    page.wait_for_selector("text=2 orang diterima")
    page.click("text=Urungkan")
    page.wait_for_selector("text=2 orang menunggu diperiksa lagi")


def test_the_keyboard_reaches_search_and_content(visit, city):
    page = visit("office", "/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.url.endswith("#isi")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type(city.membership.person.nik)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orang/{city.membership.person_id}/")
    assert city.membership.person.name in page.inner_text("h1")


FAMILY = "?hitung=1&date=2026-03-01&cause=work_accident&segment=BPU&wage=1000000&birth_1=2016-05-01&level_1=TK_SD&years_1=3"
DUTY = "?hitung=1&employer=private&on=2026-05-04&scale=medium&warned_on=2026-05-04&contribution=10000000"


@pytest.mark.slow
def test_dark_follows_the_system_and_the_switch(visit, city):
    page = visit("office", "/", color_scheme="dark")
    assert page.get_attribute("html", "data-bs-theme") == "dark"
    page.click(".who summary")
    page.click("button[value=light]")
    page.wait_for_load_state()
    assert page.get_attribute("html", "data-bs-theme") == "light"
    page.click(".who summary")
    page.click("button[value=en]")
    page.wait_for_selector("text=Waiting for you")


@pytest.mark.slow
def test_no_page_is_wider_than_a_telephone(visit, city):
    page = visit("office", "/", 390, 844)
    base = f"/skema/{city.slug}"
    root = page.url.rstrip("/")
    for path in (
        "/", f"{base}/", f"{base}/daftar/", f"{base}/daftar/{city.messy.pk}/", f"{base}/verifikasi/", f"{base}/penetapan/{city.determination.pk}/",
        f"{base}/peserta/", f"/orang/{city.membership.person_id}/", f"{base}/iuran/", f"{base}/iuran/{city.open.pk}/", f"{base}/cakupan/?menurut=kelurahan",
        "/hitung/", f"/hitung/keluarga/{FAMILY}", f"/hitung/kewajiban/{DUTY}", "/hukum/", "/apakah-saya-terdaftar/",
    ):  # fmt: skip
        page.goto(root + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


@pytest.mark.slow
def test_a_page_is_whole_without_script(site, chromium, city):
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(f"{site}/masuk/")
    page.fill("input[name=username]", "office")
    page.fill("input[name=password]", "a-long-password-of-tests")
    page.click("main button")
    page.goto(f"{site}/skema/{city.slug}/peserta/?q=Siti")
    assert "Siti" in page.inner_text("table")
    page.goto(f"{site}/skema/{city.slug}/cakupan/")
    assert "Jumlah" in page.inner_text("table.cats")
    context.close()


def test_a_card_is_verified_without_a_network(visit, city):
    from lindung.papers import qr
    from lindung.registry.keys import signing_key

    card = city.cards.items.select_related("membership__registration").order_by("pk").first()
    claim = qr.Claim(
        f"{city.scheme.pk:02d}001-00001",
        "S.",
        card.membership.registration.kpj[-4:],
        city.slug,
        date(2019, 11, 1),
        date(2019, 12, 31),
        ("JKK", "JKM"),
    )
    text = qr.sign(claim, signing_key()[1], "").removeprefix("/k")
    page = visit(None, "/k" + text)
    page.wait_for_selector("text=Kartu ini asli")
    assert "1 November 2019" in page.inner_text("#card")
    page.evaluate("navigator.serviceWorker.ready.then(() => new Promise((done) => setTimeout(done, 500)))")
    page.context.set_offline(True)
    page.goto(page.url.split("#")[0] + text[:-6] + "AAAAAA")
    page.wait_for_selector("text=Kartu ini tidak asli")


def every_page(client, city) -> list[str]:
    """Every address that answers the office with a page, not with a file."""
    from django.db import transaction

    from tests.web.test_access import ALL, filled

    found = []
    for path, one in ALL.items():
        view, whose = one.callback, one.callback.allowed
        if "GET" not in getattr(view, "methods", ("GET",)) or not (whose is None or "office" in whose):
            continue
        with transaction.atomic():  # what the look writes is let go, or the browser would wait for it
            answer = client.get(address := filled(path, city))
            transaction.set_rollback(True)
        if answer.status_code == 200 and answer.get("Content-Type", "").startswith("text/html"):
            found.append(address)
    return found


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1366, 390])
def test_axe_finds_nothing(visit, as_, city, theme, width):
    page = visit("office", "/", width, 844, color_scheme=theme)
    root, base = page.url.rstrip("/"), f"/skema/{city.slug}"
    rules = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    wrong = {}
    for path in [*every_page(as_("office"), city), f"{base}/daftar/{city.refused.pk}/", f"{base}/iuran/{city.open.pk}/", f"{base}/cakupan/?menurut=unit",
                 f"{base}/cakupan/?menurut=kelurahan", "/cari/?q=Siti", "/hitung/?wage=1000000&month=2019-11", f"/hitung/keluarga/{FAMILY}", f"/hitung/kewajiban/{DUTY}", "/hitung/?hitung=1", "/tidak-ada/"]:  # fmt: skip
        page.goto(root + path)
        page.wait_for_timeout(200)
        # axe runs beside the page, not in it: the policy of the page stays as it is
        page.evaluate((ROOT / "node_modules" / "axe-core" / "axe.min.js").read_text(encoding="utf-8"))
        found = page.evaluate("rules => axe.run(document, {runOnly: {type: 'tag', values: rules}})", rules)[
            "violations"
        ]
        if found:
            wrong[path] = [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found]
    assert wrong == {}


@pytest.mark.slow
def test_pictures_for_the_guide(visit, city):
    SHOTS.mkdir(exist_ok=True)
    page = visit("office", "/")
    root, base = page.url.rstrip("/"), f"/skema/{city.slug}"
    for name, path in {
        "beranda": "/",
        "skema": f"{base}/",
        "catatan": f"{base}/daftar/{city.messy.pk}/",
        "orang": f"/orang/{city.membership.person_id}/",
    }.items():
        page.goto(root + path)
        page.wait_for_timeout(200)
        page.screenshot(path=str(SHOTS / f"{name}.png"))
        assert (SHOTS / f"{name}.png").stat().st_size > 20_000
