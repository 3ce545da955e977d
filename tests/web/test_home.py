"""Home says to each role what waits for it, and to nobody what waits for another."""

from __future__ import annotations

import html

import pytest

from lindung.web import remember

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_aside(monkeypatch):
    """In a test's transaction no figure is reckoned on another connection, however slow the machine."""
    monkeypatch.setattr(remember, "SLOW", float("inf"))


def home(client) -> str:
    return html.unescape(client.get("/").content.decode())


def test_a_bill_waits_for_the_step_that_is_next(as_, city):
    address = f"/skema/{city.slug}/iuran/{city.open.pk}/"
    told = {
        "code": "BERANDA1",
        "amount": f"{city.open.total}",
        "pay_by": "2019-12-15",
        "received_on": "2019-12-05",
    }
    assert as_("treasurer").post(address + "tagihan/", told).status_code == 303
    waits = {"SPP": {"pptk", "treasurer"}, "SPM": {"ppk", "pa", "treasurer"}, "SP2D": {"bpkad", "treasurer"}}
    for step, whose in waits.items():
        for login in ("pptk", "ppk", "pa", "bpkad", "treasurer", "office", "auditor"):
            assert (f"1 tagihan menunggu {step}" in home(as_(login))) == (login in whose), (step, login)
        paid = {"step": step, "number": f"{step}/9", "dated": "2019-12-06", "amount": city.open.total}
        assert as_("treasurer").post(address + "bayar/", paid).status_code == 303


def test_accounts_without_a_password_wait_for_the_administrator(as_, city):
    admin = as_("administrator")
    told = {
        "login": "belum.masuk",
        "name": "Belum Contoh",
        "lines": "1",
        "r0-role": "office",
        "r0-scheme": city.slug,
    }
    assert admin.post("/akun/baru/", told).status_code == 200
    assert "1 akun belum punya kata sandi" in home(admin)
    assert "belum punya kata sandi" not in home(as_("office"))


def test_an_auditor_is_told_what_left_and_finds_it(as_, city):
    as_("office").get(f"/skema/{city.slug}/iuran/{city.paid.pk}/nominatif/")
    auditor = as_("auditor")
    assert "unduhan dalam tiga puluh hari terakhir" in home(auditor)
    assert (
        "nominatif" in html.unescape(auditor.get("/jejak/", {"perbuatan": "export"}).content.decode()).lower()
    )


def test_a_province_sees_each_city_and_an_employer_itself(as_, city):
    assert "Cakupan kota-kota" in home(as_("province"))
    own = home(as_("employer"))
    assert "CV Contoh" in own
    assert "PT Contoh Jaya" not in own
