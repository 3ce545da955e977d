"""A list is mended on screen: columns confirmed, cells corrected, proposals taken, months compared."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from lindung.enrolment import actions
from lindung.enrolment.mending import Correction, HeaderMeaning
from lindung.enrolment.models import Finding, Roster
from lindung.registry.audit import Actor
from tests.web.conftest import people


def at(city, tail: str = "", roster: Roster | None = None) -> str:
    return f"/skema/{city.slug}/daftar/{(roster or city.messy).pk}/{tail}"


def text(response) -> str:
    return response.content.decode()


def test_columns_are_shown_with_examples_confirmed_and_remembered(as_, city):
    client = as_("lurah")
    page = text(client.get(at(city, "kolom/")))
    assert "Jabatan" in page
    assert "Ketua RW" in page
    assert not re.search(r"367406\d{10}", page)  # examples of NIK are masked
    chosen = dict(re.findall(r'name="(c\d+)".*?<option value="(\w*)" selected', page, re.S))
    assert client.post(at(city, "kolom/simpan/"), chosen).status_code == 303
    assert HeaderMeaning.objects.get(sender=city.messy.sender, header="jabatan").column == "category"
    assert Roster.objects.get(pk=city.messy.pk).mapped_by.login == "lurah"
    client.post(at(city, "kolom/lupakan/"))
    assert not HeaderMeaning.objects.exists()
    assert as_("lurah-lain").get(at(city, "kolom/")).status_code == 404


def test_a_cell_is_corrected_the_next_note_opens_and_the_correction_is_undone(as_, city):
    client = as_("lurah")
    found = Finding.objects.filter(roster=city.messy, code="nik.damaged_by_excel").get()
    page = text(client.get(at(city, f"?berat=error&ubah={found.pk}")))
    assert page.count("autofocus") == 1
    sent = {"finding": found.pk, "query": "berat=error", "text": "3674060101900099"}
    answer = client.post(at(city, "perbaiki/"), sent)
    assert answer.status_code == 303
    assert re.search(r"\?berat=error&ubah=\d+$", answer["Location"])
    page = text(client.get(answer["Location"]))
    assert page.count("autofocus") == 1  # the form of the next note
    assert "3674060101900099" not in page
    assert not Finding.objects.filter(pk=found.pk).exists()
    one = Correction.objects.get()
    assert (one.new, one.made_by.login) == ("3674060101900099", "lurah")
    assert "3674060101900099" not in text(client.get(at(city, "perbaikan/")))
    client.post(at(city, "perbaikan/urungkan/"), {"at": one.made_at.isoformat()})
    assert Finding.objects.filter(roster=city.messy, code="nik.damaged_by_excel").count() == 1
    for login in ("lurah-lain", "auditor"):
        assert as_(login).post(at(city, "perbaiki/"), sent).status_code in (403, 404)


def test_the_page_and_what_htmx_takes_from_it_are_the_same_and_ask_little(as_, city):
    client = as_("lurah")
    found = Finding.objects.filter(roster=city.messy).first()
    with CaptureQueriesContext(
        connection,
    ) as asked:
        whole = text(client.get(at(city, f"?ubah={found.pk}")))
    assert len(asked) <= 30
    part = text(client.get(at(city, f"?ubah={found.pk}"), headers={"HX-Request": "true"}))
    token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert token.sub("", part) == token.sub("", whole)


def test_the_keyboard_goes_from_note_to_note(visit, city):
    page = visit("lurah", at(city, "?berat=error"))
    page.locator("table.find a.btn").first.click()
    for _ in range(2):
        page.wait_for_selector("form.correct")
        before = page.input_value("form.correct input[name=finding]")
        page.wait_for_selector("#cell:focus")
        page.locator("form.correct button").press("Enter")
        page.wait_for_selector("#messages")
        page.wait_for_selector(f'form.correct input[name=finding]:not([value="{before}"])', state="attached")
        page.evaluate("document.getElementById('messages').remove()")


def test_proposals_are_looked_at_and_taken_as_they_were_seen(as_, city, file_of):
    roster = file_of(re.sub(r"(Tangerang,)[0-9-]+", r"\1lupa", people(401, 3, "Ketua RT")), "usul.csv")
    client = as_("lurah")
    count = Finding.objects.filter(roster=roster, code="birth_date.unreadable").exclude(proposal=None).count()
    assert count
    page = text(client.get(at(city, "usul/?jenis=birth_date.unreadable", roster)))
    assert f'name="count" value="{count}"' in page
    sent = {"kind": "birth_date.unreadable", "count": count + 1}
    client.post(at(city, "usul/terima/", roster), sent)
    assert not Correction.objects.exists()
    assert client.post(at(city, "usul/terima/", roster), {**sent, "count": count}).status_code == 303
    assert not Finding.objects.filter(roster=roster, code="birth_date.unreadable").exists()


def test_a_corrected_file_and_the_next_month_are_compared(as_, city, file_of):
    client = as_("lurah")
    page = text(client.get(f"/skema/{city.slug}/daftar/unggah/?koreksi={city.messy.pk}"))
    assert f'<option value="{city.messy.pk}" selected' in page
    mended = SimpleUploadedFile("rw-benar.csv", people(301, 9, "Ketua RW").encode())
    sent = {"sender": "pondok-benda", "on": "2019-11-10", "replaces": city.messy.pk, "file": mended}
    answer = client.post(f"/skema/{city.slug}/daftar/kirim/", sent)
    assert answer.status_code == 303
    now = Roster.objects.latest("pk")
    actions.check_rosters([now], actor=Actor(None))
    assert Roster.objects.get(pk=city.messy.pk).state == "withdrawn"
    page = text(client.get(at(city, "beda/", now)))
    assert "catatan selesai" in page
    assert client.get(at(city, "beda/unduh.xlsx", now)).status_code == 200
    sizes = Roster.objects.filter(sender=now.sender_id).annotate(n=Count("candidates"))
    before = sizes.get(n=30).pk  # journeys in the browser leave lists of their own
    page = text(client.get(at(city, f"banding/?dengan={before}", now)))
    assert "9 masuk, 30 keluar, 0 berubah" in page
    sent = {"before": before, "seen": "9,30,0", "last_day": "2019-11-30"}
    assert client.post(at(city, "banding/setujui/", now), sent).status_code == 303
    assert "Urungkan" in text(client.get(at(city, "banding/", now)))
    assert client.post(at(city, "banding/urungkan/", now)).status_code == 303
    assert Roster.objects.get(pk=now.pk).state == "checked"


def test_quality_is_told_per_office_within_reach(as_, city):
    page = text(as_("office").get(f"/skema/{city.slug}/daftar/mutu/"))
    assert "Kelurahan Benda Baru" in page
    assert "<svg" in page
    page = text(as_("lurah").get(f"/skema/{city.slug}/daftar/mutu/?urut=-nilai"))
    assert "Kelurahan Benda Baru" not in page
    rows = text(as_("lurah").get(f"/skema/{city.slug}/daftar/mutu/unduh.csv"))
    assert "Kelurahan Pondok Benda" in rows


@pytest.fixture
def file_of(city):
    """A list of Pondok Benda that was sent and checked."""

    def made(content: str, name: str) -> Roster:
        roster = actions.receive(
            city.scheme,
            city.messy.sender,
            name,
            content.encode(),
            city.messy.on,
            actor=Actor(city.messy.received_by, "operator"),
        )
        actions.check_rosters([roster], actor=Actor(None))
        return roster

    return made
