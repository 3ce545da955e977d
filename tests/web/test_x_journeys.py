"""The ten journeys that matter, in Chromium, one after another with the same people, as each role does it:

1 a list is sent and its notes are read · 2 it is mended, sent again and proposed · 3 the office accepts, undoes, accepts ·
4 a checker is asked and answers · 5 four people make a decree · 6 BPJS gets a file and answers · 7 a month is reckoned,
billed and paid step by step · 8 cards are printed and handed over · 9 somebody leaves, another person confirms · 10 a
citizen asks, reckons and is told no more than yes or no.

A picture of each is kept. They write to the pages' database, so they come last in the alphabet: the killed worker of `test_work` needs an unbilled December.
"""

from __future__ import annotations

import io
import re

import openpyxl
import pytest

from tests.web.conftest import people
from tests.web.test_browser import SHOTS, _elsewhere

pytestmark = [pytest.mark.browser, pytest.mark.slow]
COUNT = 6


def work_off() -> None:
    """What the worker would do now."""
    from lindung.workflows import jobs
    from lindung.workflows.models import Job

    _elsewhere(
        lambda: [jobs.run(pk) for pk in Job.objects.filter(state="queued").values_list("pk", flat=True)]
    )


@pytest.fixture
def walk(visit, city):
    """A page of somebody, and a picture under the number of the journey."""
    SHOTS.mkdir(exist_ok=True)
    opened = []

    def go(login: str | None, path: str):
        page = visit(login, path if path.startswith("/") else f"/skema/{city.slug}/{path}")
        page.set_default_timeout(10_000)
        opened.append(page)
        return page

    def shot(page, name: str) -> None:
        page.screenshot(path=str(SHOTS / f"{name}.png"))

    yield go, shot
    if opened:
        shot(opened[-1], "terakhir")  # where a journey that did not arrive stands


def test_from_a_list_to_a_card_and_beyond(walk, city, tmp_path):
    go, shot = walk
    good = people(701, COUNT, "Ketua RT")
    bad = good.replace(good.split("\n")[2][:16], good.split("\n")[2][:12])
    niks = [line.split(",")[0] for line in good.split("\n")[1:]]

    # 1
    page = go("operator", "daftar/unggah/")
    send(page, tmp_path / "perjalanan.csv", bad)
    work_off()
    page.wait_for_selector(f"text=1 dari {COUNT} orang belum dapat didaftarkan", timeout=9000)
    with page.expect_download() as download:
        page.click("text=Unduh berkas bertanda")
    assert len(openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).sheetnames) == 2
    shot(page, "1-catatan")

    # 2
    page = go("operator", "daftar/unggah/")
    send(page, tmp_path / "perjalanan-diperbaiki.csv", good, corrects="perjalanan.csv")
    work_off()
    page.wait_for_selector(f"text={COUNT}", timeout=9000)
    page.reload()
    shot(page, "2-diperbaiki")
    page.click(f"button:has-text('Usulkan {COUNT} orang')")
    page.wait_for_selector(f"text={COUNT} orang diusulkan")

    # 3
    page = go("office", "verifikasi/?kategori=rt_head")
    for nik in niks:
        page.check(f"tr:has-text('{nik[-4:]}') input[name=person]")
    page.click("button[value=accept]")
    page.wait_for_selector(f"text={COUNT} orang diterima")
    page.click("text=Urungkan")
    page.wait_for_selector(f"text={COUNT} orang menunggu diperiksa lagi")
    page = go("office", "verifikasi/?kategori=rt_head")
    for nik in niks:
        page.check(f"tr:has-text('{nik[-4:]}') input[name=person]")
    shot(page, "3-verifikasi")
    page.click("button[value=accept]")
    page.wait_for_selector(f"text={COUNT} orang diterima")

    # 4
    page = go("office", "cek/")
    page.click("button:has-text('Disdukcapil')")
    page.wait_for_load_state()
    page = go("checker", "cek/")
    answer(page, tmp_path / "jawaban-disdukcapil.csv", city)
    shot(page, "4-cek")

    # 5
    page = go("office", "penetapan/")
    page.check("input[name=checker][value=disdukcapil]")
    page.click("button[value=decree]")
    page.wait_for_selector("h1")
    place = page.url.split(f"/skema/{city.slug}/")[1]
    for login, verb in (("legal", "Verifikasi"), ("approver", "Setujui")):
        page = go(login, place)
        page.click(f"main button.btn-primary:has-text('{verb}')")
        page.wait_for_load_state()
    shot(page, "5-penetapan")
    page = go("office", place)
    fill(page, number="400/777/2019", dated="2019-11-20", signer="Wali Kota Contoh")
    page.click("main form[action$='tandatangan/'] button.btn-primary")
    page.wait_for_selector("text=400/777/2019")

    # 6
    page = go("office", "berkas/")
    page.click("button:has-text('Siapkan berkas')")
    page.wait_for_load_state()
    answered = [bpjs(go("office", f"berkas/{pk}/"), tmp_path, pk) for pk in prepared(city)]
    assert sum(answered) >= COUNT
    page = go("branch", "berkas/")
    shot(page, "6-berkas")

    # 7
    page = go("office", "iuran/")
    page.fill("input[name=month]", "2019-12")
    page.click("button:has-text('Hitung bulan ini')")
    page.wait_for_load_state()
    work_off()
    open_ = unbilled(city)
    page = go("treasurer", f"iuran/{open_.pk}/")
    fill(page, code="PERJALANAN1", amount=str(open_.total), pay_by="2019-12-15", received_on="2019-12-05")
    page.click("button:has-text('Catat tagihan')")
    for login, step in (("pptk", "SPP"), ("pa", "SPM"), ("bpkad", "SP2D"), ("pptk", "bukti")):
        page = go(login, f"iuran/{open_.pk}/")
        fill(page, number=f"{step}/77/2019", dated="2019-12-10", amount=str(open_.total))
        page.click("main form[action$='bayar/'] button.btn-primary")
        page.wait_for_load_state()
    open_.refresh_from_db()
    assert str(open_.paid_on) == "2019-12-10"
    shot(page, "7-iuran")

    # 8
    page = go("office", "kartu/")
    page.fill("#title", "Kartu perjalanan")
    page.click("button:has-text('Cetak kartu')")
    page.wait_for_load_state()
    work_off()
    run = card_run("Kartu perjalanan")
    page = go("office", f"kartu/{run.pk}/")
    with page.expect_download() as download:
        page.click("text=Unduh kartu (PDF)")
    assert download.value.path().read_bytes()[:4] == b"%PDF"
    page.check("input[name=card] >> nth=0")
    page.fill("#by", "Petugas Contoh")
    page.click("button:has-text('Serahkan')")
    page.wait_for_selector("text=Petugas Contoh")
    shot(page, "8-kartu")

    # 9
    person = member(niks[0])
    page = go("operator", f"/orang/{person.person_id}/")
    page.click("details.confirm summary:has-text('Mutasi')")
    page.select_option("#move-kind", "left")
    page.fill("#move-on", "2019-12-20")
    page.fill("#move-basis", "SK Lurah 7/2019")
    page.click("main button:has-text('Usulkan')")
    page.wait_for_load_state()
    page = go("office", "mutasi/?keadaan=proposed")
    page.check("input[name=movement] >> nth=0")
    shot(page, "9-mutasi")
    page.click("button[value=confirm] >> nth=0")
    page.wait_for_load_state()
    person.refresh_from_db()
    assert str(person.ends_on) == "2019-12-20"

    # 10
    page = go(None, f"/tentang/{city.slug}/")
    page.click("text=Apakah saya terdaftar?")
    page.fill("input[name=nik]", niks[1])
    page.fill("input[name=tail]", person_kk(niks[1])[-6:])
    page.click("main button")
    page.wait_for_load_state()
    told = page.inner_text("main")
    assert "terdaftar" in told.lower()
    assert niks[1] not in told
    shot(page, "10-terdaftar")


def send(page, path, text: str, corrects: str = "") -> None:
    path.write_text(text, encoding="utf-8")
    page.select_option("select[name=sender]", "pondok-benda")
    if corrects:
        field = page.locator("select[name=replaces]")
        field.select_option(field.locator("option", has_text=corrects).first.get_attribute("value"))
    page.fill("input[name=on]", "2019-11-12")
    page.set_input_files("input[type=file]", str(path))
    page.click("main form[enctype] button.btn-primary")
    page.wait_for_selector("text=Menunggu giliran")


def fill(page, **values: str) -> None:
    """The fields of the one form of a page that has them."""
    for name, value in values.items():
        page.fill(f"main [name={name}] >> visible=true", value)


def answer(page, path, city) -> None:
    from lindung.enrolment.models import Check

    check = Check.objects.filter(scheme=city.scheme, answered_on__isnull=True).latest("pk")
    with page.expect_download() as download:
        page.click(f"a[href$='cek/{check.pk}/berkas/']")
    sheet = openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).active
    head = next(at for at, row in enumerate(sheet.iter_rows(values_only=True)) if "Ref" in row)
    rows = list(sheet.iter_rows(min_row=head + 1, values_only=True))
    at = rows[0].index("Ref")
    path.write_text(
        "\n".join(["Ref,Sesuai", *(f"{row[at]},YA" for row in rows[1:] if row[at])]), encoding="utf-8"
    )
    form = f"form[action$='cek/{check.pk}/jawaban/']"
    page.click(f"details:has({form}) > summary")
    page.set_input_files(f"{form} input[type=file]", str(path))
    page.fill(f"{form} input[name=on]", "2019-11-19")
    page.fill(f"{form} input[name=officer]", "Petugas Contoh")
    page.click(f"{form} button")
    page.wait_for_load_state()
    check.refresh_from_db()
    assert str(check.answered_on) == "2019-11-19"


def prepared(city) -> list[int]:
    from lindung.enrolment.models import Batch

    return list(Batch.objects.filter(scheme=city.scheme, state="prepared").values_list("pk", flat=True))


def bpjs(page, folder, pk: int) -> int:
    """Download a file, note it as sent, read an answer that takes everybody."""
    from lindung.enrolment.models import Batch

    with page.expect_download() as download:
        page.click("text=Unduh berkas")
    assert openpyxl.load_workbook(io.BytesIO(download.value.path().read_bytes())).sheetnames
    page.click("main form[action$='terkirim/'] button")
    page.wait_for_load_state()
    rows = list(Batch.objects.get(pk=pk).rows.order_by("line").values_list("nik", "pk"))
    path = folder / f"jawaban-{pk}.csv"
    lines = ["NIK,KPJ,Status,Alasan", *(f"{nik},{20_000_000_000 + row},Valid," for nik, row in rows)]
    path.write_text("\n".join(lines), encoding="utf-8")
    page.set_input_files("main form[action$='jawaban/'] input[type=file]", str(path))
    page.fill("main form[action$='jawaban/'] input[name=on]", "2019-11-22")
    page.click("main form[action$='jawaban/'] button")
    page.wait_for_load_state()
    assert Batch.objects.get(pk=pk).state == "answered"
    return len(rows)


def unbilled(city):
    from lindung.contributions.models import Calculation

    return Calculation.objects.filter(scheme=city.scheme, bill__isnull=True).latest("pk")


def card_run(title: str):
    from lindung.enrolment.models import CardRun

    return CardRun.objects.get(title=title)


def member(nik: str):
    from lindung.enrolment.models import Membership

    return Membership.objects.get(person__nik=nik)


def person_kk(nik: str) -> str:
    from lindung.registry.models import Person

    found = Person.objects.get(nik=nik).kk_number
    assert re.fullmatch(r"\d{16,17}", found)
    return found
