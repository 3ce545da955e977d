"""The page of probable doubles: two records side by side, a decision with its reason, undone again; and who may."""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pytest

from lindung.enrolment.doubles import Double
from lindung.enrolment.models import Candidate
from lindung.registry.audit import Actor
from lindung.registry.models import User
from lindung.web.views.doubles import beside

ROWS = """NIK,Nama,Tempat Lahir,Tanggal Lahir,L/P,Alamat,RT,RW,Kelurahan,Jabatan,No HP,Nama Ibu
3674064206885011,Ratna Komariah Sari,Tangerang,02-06-1988,P,Jalan Melati 5,1,2,Pondok Benda,Marbot,081200001111,Sumiati
3674064206885017,Ratna Komariah Sari,Tangerang,02-06-1988,P,Jalan Melati 5,1,2,Pondok Benda,Marbot,081200001111,Sumiati
"""


def said(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def pair(city):
    from lindung.enrolment import actions as enrol

    head = Actor(User.objects.get(login="operator"), "operator", "test")
    unit = city.messy.sender
    roster = enrol.receive(city.scheme, unit, "ganda.csv", ROWS.encode(), city.messy.on, actor=head)
    enrol.check_rosters([roster], actor=head)
    return Double.objects.get(candidate__roster=roster)


def test_only_what_differs_of_a_masked_number_is_shown():
    left, right = beside("3674064206885011", "3674064206885917", (4, 4))
    assert "".join(part.text for part in left) == "3674••••••••5011"
    assert [part.text for part in right if part.differs] == ["9", "7"]
    assert beside("", "Sumiati", (1, 0))[1][0].text == "S••••••"


def test_a_pair_is_decided_with_a_reason_and_undone_with_its_history(as_, city, pair):
    base = f"/skema/{city.slug}/verifikasi/ganda/"
    office = as_("office")
    page = said(office.get(base + "?q=Ratna"))
    assert "nama sama" in page
    assert "nomor urut NIK" in page
    assert "3674064206885011" not in page
    row = Candidate.objects.get(pk=pair.candidate_id)
    office.post(base + "putuskan/", {"decide": f"{pair.pk}:same", "reason": ""})
    assert Double.objects.get(pk=pair.pk).verdict == "open"
    answer = office.post(
        base + "putuskan/", {"decide": f"{pair.pk}:same", "reason": "KTP sama", "query": "q=Ratna"}
    )
    assert answer.status_code == 303
    assert "Urungkan" in said(office.get(answer["Location"]))
    row.refresh_from_db()
    assert row.result == "tidak_layak"
    decided = said(office.get(base + "?keadaan=same&q=Ratna"))
    assert "KTP sama" in decided
    assert office.post(base + "urungkan/", {"key": pair.key}).status_code == 303
    row.refresh_from_db()
    assert row.result == "perlu_klarifikasi"
    assert "diurungkan" in said(office.get(base + "?q=Ratna"))


def test_the_certain_ones_are_decided_at_once_only_if_they_are_those_seen(as_, city, pair):
    base = f"/skema/{city.slug}/verifikasi/ganda/"
    office = as_("office")
    n = Double.objects.filter(verdict="open", certain=True).count()
    told = {"all": "certain", "reason": "dipastikan pengirim"}
    office.post(base + "putuskan/", {**told, "expected": n + 1})
    assert Double.objects.filter(verdict="open", certain=True).count() == n
    assert office.post(base + "putuskan/", {**told, "expected": n}).status_code == 303
    assert not Double.objects.filter(verdict="open", certain=True).exists()


def test_the_list_is_exported_masked_and_others_only_look(as_, city, pair):
    base = f"/skema/{city.slug}/verifikasi/ganda/"
    book = openpyxl.load_workbook(io.BytesIO(as_("auditor").get(base + "unduh.xlsx?q=Ratna").content))
    text = " ".join(str(cell.value) for row in book.active for cell in row if cell.value)
    assert "Ratna Komariah Sari" in text
    assert "3674064206885017" not in text
    assert (
        as_("auditor").post(base + "putuskan/", {"decide": f"{pair.pk}:same", "reason": "x"}).status_code
        == 403
    )
    assert as_("operator").get(base).status_code == 403
