"""Who comes in, what is taken back, the ceremony, PU beside BPU and what is cut from the honorarium: as pages."""

from __future__ import annotations

import html
import io
import re

import openpyxl
import pytest

from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Batch, Candidate, Membership

FAJAR = {
    "nik": "3674061206889901", "name": "Fajar Contoh", "birth_date": "1988-06-12", "sex": "L", "rt": "1", "rw": "2",
    "kelurahan": "Pondok Benda", "sender": "pondok-benda", "category": "rt_head", "joins_on": "2019-12-01",
    "basis": "SK Lurah 8/2019",
}  # fmt: skip


def said(response) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())


@pytest.fixture
def base(city) -> str:
    return f"/skema/{city.slug}/mutasi"


def test_somebody_is_entered_with_the_checks_of_a_list(as_, city, base):
    client, before = as_("lurah"), Candidate.objects.count()
    assert "Orang masuk" in said(client.get(f"{base}/masuk/"))
    old = client.post(
        f"{base}/masuk/catat/", {**FAJAR, "birth_date": "1948-06-12", "nik": "3674061206489901"}
    )
    assert old.status_code == 422
    assert "65" in said(old)
    assert 'value="Fajar Contoh"' in old.content.decode()
    assert client.post(f"{base}/masuk/catat/", {**FAJAR, "sender": "benda-baru"}).status_code == 422
    assert Candidate.objects.count() == before
    done = client.post(f"{base}/masuk/catat/", FAJAR)
    assert done.status_code == 303, said(done)
    made = Movement.objects.get(candidate__nik=FAJAR["nik"])
    assert (made.kind, made.state, made.basis) == ("joined", "proposed", "SK Lurah 8/2019")
    assert as_("auditor").get(f"{base}/masuk/").status_code == 403


def test_a_confirmation_is_taken_back_with_its_file(as_, city, base):
    member = Membership.objects.filter(
        scheme__slug=city.slug, registration__isnull=False, end_reason=None, movements__isnull=True
    ).exclude(pk=city.membership.pk).order_by("-pk").first()  # fmt: skip
    until = member.ends_on
    told = {"kind": "left", "on": "2019-11-18", "basis": "Surat 5"}
    as_("operator").post(f"/skema/{city.slug}/kepesertaan/{member.pk}/mutasi/", told)
    made = Movement.objects.get(membership=member)
    office = as_("office")
    office.post(f"{base}/putuskan/", {"movement": made.pk, "move": "confirm"})
    office.post(f"{base}/berkas/")
    made.refresh_from_db()
    file = made.batch
    page = office.get(f"{base}/?keadaan=confirmed")
    assert "Tarik konfirmasi" in said(page)
    assert f'value="{made.pk}"' in page.content.decode()
    assert "Tarik konfirmasi" not in said(as_("operator").get(f"{base}/?keadaan=confirmed"))
    assert as_("operator").post(f"{base}/putuskan/", {"movement": made.pk, "move": "undo"}).status_code == 403
    office = as_("office")
    back = office.post(f"{base}/putuskan/", {"movement": made.pk, "move": "undo"}, follow=True)
    assert "1 mutasi menunggu konfirmasi lagi. 1 berkas yang belum dikirim ditarik" in said(back)
    member.refresh_from_db()
    assert (member.ends_on, member.end_reason) == (until, None)
    file.refresh_from_db()
    assert file.state == "withdrawn"
    assert "ditarik sebelum dikirim" in said(office.get(f"/skema/{city.slug}/berkas/{file.pk}/"))
    refused = office.post(f"/skema/{city.slug}/berkas/{file.pk}/tarik/", follow=True)
    assert "Ditarik" in said(refused)


def test_a_file_is_withdrawn_and_made_again(as_, city):
    client, known = as_("office"), set(Batch.objects.values_list("pk", flat=True))
    base = f"/skema/{city.slug}/berkas/"
    client.post(f"{base}siapkan/")
    made = list(Batch.objects.exclude(pk__in=known).order_by("unit"))
    for each in made:
        assert client.post(f"{base}{each.pk}/tarik/").status_code == 303
        assert not each.rows.exists()
    client.post(f"{base}siapkan/")
    again = Batch.objects.exclude(pk__in=[*known, *(each.pk for each in made)]).order_by("unit")
    assert [each.people for each in again] == [each.people for each in made]


def test_the_heads_of_a_kelurahan_are_shown_beside_who_waits(as_, city, base):
    client = as_("office")
    assert "Belum ada kelurahan" in said(client.get(f"{base}/pengurus/"))
    place = "kelurahan=36.74.06.1003&kategori=rt_head"
    empty = client.get(f"{base}/pengurus/?{place}")
    assert "Belum ada calon" in said(empty)
    wrong = client.post(f"{base}/pengurus/ganti/?{place}", {"place-x": "1", "basis": "SK 1", "last_day": "2019-11-30", "joins_on": "2019-12-01"})  # fmt: skip
    assert wrong.status_code == 422
    assert "Belum dipilih" in said(wrong)
    comer = as_("lurah").post(f"{base}/masuk/catat/", FAJAR)
    assert comer.status_code == 303, said(comer)
    client = as_("office")
    made = Movement.objects.get(candidate__nik=FAJAR["nik"])
    client.post(f"{base}/putuskan/", {"movement": made.pk, "move": "decline"})
    holder = Membership.objects.filter(scheme__slug=city.slug, kelurahan="36.74.06.1003", end_reason=None, movements__isnull=True).exclude(pk=city.membership.pk).first()  # fmt: skip
    page = client.get(f"{base}/pengurus/?{place}")
    assert "Fajar Contoh" in said(page)
    told = {f"place-{holder.pk}": made.candidate_id, "basis": "SK Lurah 9", "last_day": "2019-11-30", "joins_on": "2019-12-01"}  # fmt: skip
    assert client.post(f"{base}/pengurus/ganti/?{place}", told).status_code == 303
    assert Movement.objects.get(kind="replaced", membership=holder).basis == "SK Lurah 9"
    assert Movement.objects.filter(replaces=holder, candidate=made.candidate, state="proposed").exists()


def test_the_ceremony_has_its_recipients_figures_and_pack(as_, city):
    client, base = as_("office"), f"/skema/{city.slug}/kartu/acara/"
    asked = "hari=2019-11-25&tempat=Balai+Kota&tamu=12"
    page = client.get(f"{base}?{asked}")
    assert page.status_code == 200
    assert "Penyerahan 25 November 2019" in said(page)
    early = said(client.get(f"{base}?hari=2019-10-01&tempat=x&tamu=5"))
    assert "Belum ada yang dapat menerima" in early
    assert client.get(f"{base}paket.pdf?{asked}").content[:4] == b"%PDF"
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{base}paket.xlsx?{asked}").content))
    assert len(book.sheetnames) == 3
    assert client.get(f"{base}paket.pdf?hari=2019-10-01&tempat=x&tamu=5").status_code == 409
    assert client.get(f"{base}rekap.xlsx").content[:2] == b"PK"
    assert "Pondok Benda" in client.get(f"{base}rekap.csv").content.decode("utf-8-sig")
    assert as_("operator").get(base).status_code == 403


def test_pu_and_bpu_stand_side_by_side(as_, city):
    client, base = as_("office"), f"/skema/{city.slug}/penetapan/pu-bpu/"
    assert "Isi upah" in said(client.get(base))
    page = said(client.get(f"{base}?upah=1.000.000&bulan=2020-07&orang=10&lama=2"))
    assert "Rp168.000" not in page
    assert "Rp169.680" in page  # ten people: 16.800 in July 2020 and 168 in August
    assert client.get(f"{base}?upah=x&bulan=y&orang=0&lama=0").status_code == 200


def test_deductions_are_shown_only_where_something_is_cut(as_, city):
    client, place = as_("treasurer"), f"/skema/{city.slug}/iuran/{city.paid.pk}/"
    assert "Potongan" not in said(client.get(place))  # JKK and JKM are paid by the city alone
    assert client.get(f"{place}potongan.pdf").content[:4] == b"%PDF"
    assert client.get(f"{place}potongan.docx").status_code == 404
