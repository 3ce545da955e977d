"""Movements: proposed on a person's page or from a list, confirmed by somebody else; and the lapse alarm."""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pytest

from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Membership


def said(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


def members(city, n: int) -> list[Membership]:
    """Members to whom nothing happened yet, the newest first: other tests look at the first."""
    rows = Membership.objects.filter(
        scheme__slug=city.slug, registration__isnull=False, end_reason__isnull=True, movements__isnull=True
    )
    return list(rows.exclude(pk=city.membership.pk).order_by("-pk")[:n])


def test_a_movement_is_proposed_on_a_person_and_confirmed_by_another(as_, city):
    (member,) = members(city, 1)
    base = f"/skema/{city.slug}"
    told = {"kind": "moved", "on": "2019-11-18", "basis": "Surat pindah 12/2019"}
    assert "Mutasi" in said(as_("operator").get(f"/orang/{member.person_id}/"))
    assert as_("auditor").post(f"{base}/kepesertaan/{member.pk}/mutasi/", told).status_code == 403
    wrong = as_("head").post(f"{base}/kepesertaan/{member.pk}/mutasi/", {**told, "on": "2019-01-01"})
    assert wrong.status_code == 422
    assert 'value="Surat pindah 12/2019"' in wrong.content.decode()
    assert as_("office").post(f"{base}/kepesertaan/{member.pk}/mutasi/", told).status_code == 303
    made = Movement.objects.get(membership=member)
    assert made.state == "proposed"
    as_("office").post(f"{base}/mutasi/putuskan/", {"movement": made.pk, "move": "confirm"})
    made.refresh_from_db()
    assert made.state == "proposed"
    member.refresh_from_db()
    assert member.end_reason is None
    second = as_("office-2")
    assert member.person.name in said(
        second.get(f"{base}/mutasi/?keadaan=proposed&bulan=2019-11&jenis=moved")
    )
    assert (
        second.post(f"{base}/mutasi/putuskan/", {"movement": made.pk, "move": "confirm"}).status_code == 303
    )
    member.refresh_from_db()
    assert (member.end_reason, str(member.ends_on)) == ("moved", "2019-11-18")
    assert as_("office").post(f"{base}/mutasi/berkas/").status_code == 303
    made.refresh_from_db()
    assert made.batch_id


def test_a_list_is_taken_whole_or_not_at_all(as_, city):
    one, two = members(city, 2)
    base, client = f"/skema/{city.slug}/mutasi", as_("office")

    def send(*rows: str):
        file = io.BytesIO("\n".join(["NIK,Sebab,Tanggal,Dasar", *rows]).encode())
        file.name = "mutasi.csv"
        return client.post(f"{base}/daftar/", {"file": file})

    before = Movement.objects.count()
    bad = send(
        f"{one.person.nik},Berhenti,18-11-2019,SK Lurah 3", "3674069999999999,Pindah,18-11-2019,Surat 2"
    )
    assert bad.status_code == 422
    assert one.person.nik not in bad.content.decode()
    assert Movement.objects.count() == before
    rows = [f"{each.person.nik},Berhenti,18-11-2019,=SK Lurah 3" for each in (one, two)]
    assert send(*rows).status_code == 303
    assert send(*rows).status_code == 303
    assert Movement.objects.count() == before + 2
    sheet = openpyxl.load_workbook(
        io.BytesIO(client.get(f"{base}/unduh.xlsx?keadaan=proposed").content)
    ).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert not [cell for cell in cells if cell.value == one.person.nik]
    text = client.get(f"{base}/unduh.csv").content.decode("utf-8-sig")
    assert "'=SK Lurah 3" in text
    mine = list(Movement.objects.filter(membership__in=[one, two]).values_list("pk", flat=True))
    # an operator takes back nobody else's
    as_("operator").post(f"{base}/putuskan/", {"movement": mine, "move": "decline"})
    assert Movement.objects.filter(pk__in=mine, state="proposed").count() == 2
    told = {"movement": mine, "move": "decline", "reason": "Salah kelurahan"}
    assert as_("office").post(f"{base}/putuskan/", told).status_code == 303
    assert Movement.objects.filter(pk__in=mine, state="declined").count() == 2


def test_the_records_are_asked_and_the_month_is_reported(as_, city):
    client = as_("office")
    assert client.post(f"/skema/{city.slug}/mutasi/cari/").status_code == 303
    assert client.get(f"/skema/{city.slug}/mutasi/laporan.xlsx?bulan=2019-11").content[:2] == b"PK"
    assert client.get(f"/skema/{city.slug}/mutasi/laporan.pdf").status_code == 404


def test_the_alarm_says_who_loses_cover_and_what_a_bridge_costs(as_, city):
    client, base = as_("office"), f"/skema/{city.slug}/peringatan/"
    page = client.get(base)
    assert page.status_code == 200
    assert re.search(r"\d+ dari \d+ peserta kehilangan perlindungan", said(page))
    six = said(client.get(f"{base}?jembatan=6&hari=183"))
    assert "Jembatan 6 bulan" in six
    assert client.get(f"{base}?jembatan=x&hari=-1").status_code == 200
    assert client.get(f"{base}cetak.pdf").content[:4] == b"%PDF"
    assert as_("operator").get(base).status_code == 403


@pytest.mark.parametrize("path", ["mutasi/", "peringatan/"])
def test_the_pages_ask_the_database_little(as_, city, path, django_assert_max_num_queries):
    client = as_("office")
    client.get(f"/skema/{city.slug}/{path}")
    with django_assert_max_num_queries(30):
        client.get(f"/skema/{city.slug}/{path}")
