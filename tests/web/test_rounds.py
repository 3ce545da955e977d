"""The yearly confirmation, the quota, offices held beside another and who waits: pages that are used in a browser."""

from __future__ import annotations

import html
import re

import pytest

from lindung.enrolment.rounds import Round, RoundAnswer


def said(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.mark.parametrize(
    "path",
    ["mutasi/kuota/", "mutasi/kuota/unduh.csv", "peserta/rangkap/", "peserta/rangkap/unduh.xlsx", "verifikasi/menunggu/", "verifikasi/menunggu/unduh.csv"],
)  # fmt: skip
def test_lists_stand_and_are_exported(as_, city, path):
    assert as_("office").get(f"/skema/{city.slug}/{path}").status_code == 200


def test_a_sender_answers_for_its_own_people_page_by_page(as_, city):
    base = f"/skema/{city.slug}/mutasi/konfirmasi/"
    told = {"year": "2020", "as_of": "2019-11-20", "due_on": "2019-12-15"}
    assert as_("office").post(base + "buka/", {**told, "due_on": "2019-01-01"}).status_code == 422
    assert as_("office").post(base + "buka/", told).status_code == 303
    round, unit = Round.objects.get(year=2020), city.messy.sender
    lurah = as_("lurah")
    assert "daftar peserta harus dikonfirmasi" in said(lurah.get("/"))
    page = lurah.get(f"{base}{unit.pk}/")
    shown = re.findall(r'name="shown" value="(\d+)"', page.content.decode())
    assert len(shown) > 20
    gone = {"shown": shown[:5], f"m-{shown[0]}": "died", "on": "2019-11-19", "basis": "Akta 1"}
    assert lurah.post(f"{base}{unit.pk}/jawab/", gone).status_code == 303
    assert RoundAnswer.objects.filter(round=round).count() == 5
    assert lurah.get(f"{base}{unit.pk}/daftar.pdf").content.startswith(b"%PDF")
    assert as_("lurah-lain").get(f"{base}{unit.pk}/").status_code == 404
    assert as_("lurah").post(f"{base}{unit.pk}/urungkan/").status_code == 303
    assert not RoundAnswer.objects.filter(round=round, undone_at=None).exists()


def test_sender_and_office_write_about_a_list(as_, city):
    base = f"/skema/{city.slug}/daftar/{city.messy.pk}/percakapan/"
    assert as_("office").post(base + "tulis/", {"text": "Lampirkan KTP baris 9"}).status_code == 303
    assert "Lampirkan KTP baris 9" in said(as_("lurah").get(base))
    assert as_("lurah-lain").get(base).status_code == 404
    assert (
        as_("legal").post(f"/skema/{city.slug}/verifikasi/menunggu/tingkat/", {"levels": "2"}).status_code
        == 303
    )
    assert (
        as_("legal").post(f"/skema/{city.slug}/verifikasi/menunggu/tingkat/", {"levels": "1"}).status_code
        == 303
    )
