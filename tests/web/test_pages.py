"""Every page answers with what it is for."""

from __future__ import annotations

import pytest

from lindung.registry.actions import load_scheme
from lindung.registry.audit import Actor
from lindung.registry.queries import current_version
from lindung.web.context import HELP, OWN_HELP
from lindung.web.remember import forget
from tests.web.test_access import ALL, filled


def text(response) -> str:
    assert response.status_code == 200, (response.status_code, response.content[:3000])
    return response.content.decode()


def test_home_says_what_waits(as_, city):
    page = text(as_("office").get("/"))
    assert "60 usulan menunggu" in page
    assert "Menunggu Anda" in page
    assert "Kantor" not in page


def test_home_warns_before_cover_ends(as_, city):
    page = text(as_("office").get("/"))
    assert (
        "39 orang kehilangan perlindungan, yang pertama 1 Januari 2020 (50 hari lagi)" in page
    )  # one has left
    assert "2 orang lain belum pernah dibayar" in page
    assert "Rp1.965.600" in page
    assert "kehilangan perlindungan" not in text(as_("operator").get("/"))


def test_home_leads_to_the_rows_that_must_be_mended(as_, city):
    page = text(as_("operator").get("/"))
    assert "baris perlu diperbaiki" in page
    assert f"/skema/{city.slug}/daftar/?keadaan=checked" in page


@pytest.mark.parametrize(
    "path",
    ["", "daftar/", "daftar/unggah/", "verifikasi/", "cek/", "penetapan/", "berkas/", "kartu/", "peserta/", "iuran/", "cakupan/",
     "cakupan/?menurut=unit", "cakupan/?menurut=kelurahan", "pemberi-kerja/"],
)  # fmt: skip
def test_pages_of_the_scheme_open(as_, city, path):
    assert "<h1>" in text(as_("office").get(f"/skema/{city.slug}/{path}"))


def test_records_open(as_, city):
    client = as_("office")
    base = f"/skema/{city.slug}"
    for path in (
        f"{base}/daftar/{city.messy.pk}/", f"{base}/daftar/{city.refused.pk}/", f"{base}/penetapan/{city.determination.pk}/",
        f"{base}/berkas/{city.batch.pk}/", f"{base}/kartu/{city.cards.pk}/", f"{base}/iuran/{city.paid.pk}/",
        f"{base}/iuran/{city.open.pk}/", f"/orang/{city.membership.person_id}/", "/skema/", "/cari/?q=Siti", "/komponen/",
    ):  # fmt: skip
        assert "<h1>" in text(client.get(path)), path


@pytest.fixture
def five(city):
    """All five schemes are there, as in a province's office."""
    from lindung import schemes
    from lindung.registry.actions import load_scheme
    from lindung.registry.audit import Actor

    for slug, rules in schemes.builtin().items():
        load_scheme(rules.text, f"{slug}.yaml", actor=Actor(None, "administrator", "test"))


@pytest.mark.parametrize(
    "login",
    [
        "office",
        "operator",
        *(pytest.param(login, marks=pytest.mark.slow) for login in ("treasurer", "auditor")),
    ],
)
def test_no_page_asks_the_database_too_often(as_, city, five, login, django_assert_max_num_queries):
    client = as_(login)
    asked = 0
    for path, one in ALL.items():
        if "GET" not in getattr(one.callback, "methods", ("GET",)):
            continue
        address = filled(path, city)
        for more in ("", "?menurut=unit", "?menurut=kelurahan") if path.endswith("cakupan/") else ("",):
            forget()  # nothing is remembered from the page before
            with django_assert_max_num_queries(30, info=address + more):
                asked += client.get(address + more).status_code == 200
    assert asked > 15


STRANGE = ["²", "'; drop table x; --", "9" * 40, "½:*", "%", "<script>", "0001-01-01", "-1"]


@pytest.mark.parametrize("value", STRANGE)
def test_strange_questions_are_answered(as_, city, value):
    client = as_("office")
    base = f"/skema/{city.slug}"
    asked = dict.fromkeys(
        [
            "q",
            "per",
            "hal",
            "sesudah",
            "dari",
            "urut",
            "keadaan",
            "hasil",
            "kategori",
            "unit",
            "kelurahan",
            "bulan",
            "menurut",
            "jawaban",
            "berat",
            "jenis",
        ],
        value,
    )
    for path in (
        "/", "/cari/", f"{base}/", f"{base}/daftar/", f"{base}/daftar/{city.messy.pk}/", f"{base}/verifikasi/", f"{base}/berkas/{city.batch.pk}/",
        f"{base}/peserta/", f"{base}/iuran/", f"{base}/iuran/{city.paid.pk}/", f"{base}/cakupan/", f"{base}/pemberi-kerja/", "/hitung/",
    ):  # fmt: skip
        assert client.get(path, asked).status_code == 200, path
    for path, told in {
        f"{base}/verifikasi/putuskan/": {"move": "accept", "person": value}, f"{base}/verifikasi/urungkan/": {"at": value},
        f"{base}/penetapan/usulkan/": {"track": value, "unit": value}, f"{base}/kartu/cetak/": {"unit": value},
        f"{base}/iuran/hitung/": {"month": value}, f"{base}/cek/kirim/": {"checker": value},
        f"{base}/kepesertaan/{city.membership.pk}/akhiri/": {"on": value, "reason": value},
    }.items():  # fmt: skip
        assert client.post(path, told).status_code in (303, 404, 422), path


def test_a_character_that_no_column_takes_is_refused(as_, city):
    client = as_("office")
    assert client.get("/cari/", {"q": "a\x00b"}).status_code == 400
    assert client.post(f"/skema/{city.slug}/penetapan/usulkan/", {"unit": "\x00"}).status_code == 400


@pytest.mark.parametrize("lang", ["id", "en"])
def test_the_guide_opens_in_both_languages(as_, city, lang):
    client = as_("operator")
    client.post("/bahasa/", {"language": lang, "next": "/"})
    for page in ("mulai", "pengusul", "kantor", "penetapan", "bendahara"):
        shown = text(client.get(f"/bantuan/{page}/"))
        assert shown.count("/bantuan/") >= 5
        assert "**" not in shown
    assert client.get("/bantuan/access/").status_code == 404


def test_help_leads_to_the_section_of_the_page(as_, city):
    client = as_("office")
    for path, place in (
        (f"/skema/{city.slug}/cek/", "/bantuan/kantor/#cek"),
        (f"/skema/{city.slug}/iuran/", "/bantuan/bendahara/"),
        (f"/skema/{city.slug}/mutasi/", "/bantuan/kantor/#mutasi"),
        (f"/skema/{city.slug}/peringatan/", "/bantuan/kantor/#peringatan"),
        (f"/skema/{city.slug}/verifikasi/ganda/", "/bantuan/kantor/#ganda"),
        (f"/skema/{city.slug}/daftar/{city.messy.pk}/", "/bantuan/pengusul/#catatan"),
        ("/pekerjaan/", "/bantuan/mulai/#pekerjaan"),
    ):
        assert f'href="{place}"' in text(client.get(path))
    for lang in ("id", "en"):
        client.post("/bahasa/", {"language": lang, "next": "/"})
        for page, section in [*HELP.values(), *OWN_HELP.values()]:
            assert not section or f'<h2 id="{section}">' in text(client.get(f"/bantuan/{page}/")), page


def test_a_scheme_shows_the_setting_for_non_asn_staff_and_the_disagreement(as_, city):
    page = f"/skema/{city.slug}/"
    assert 'id="non-asn"' not in as_("office").get(page).content.decode()
    written = current_version(city.scheme).text.replace("\ntrack:", "\nnon_asn_jht: optional\ntrack:", 1)
    load_scheme(written, "kota.yaml", actor=Actor(None))
    shown = as_("office").get(page).content.decode()
    assert "Aturan kota: perangkat daerah boleh memilih JHT." in shown
    assert "Belum terverifikasi: sumber berbeda pendapat" in shown
    assert "non_asn_jht=optional" in shown
