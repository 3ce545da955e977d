"""What people do on the pages, from a list to a paid month."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile

from lindung.contributions.models import Bill
from lindung.enrolment.models import Candidate, Determination, Membership, Roster
from lindung.registry.models import AuditEntry
from lindung.workflows import jobs
from lindung.workflows.models import Job


def said(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def place(city, path: str) -> str:
    return f"/skema/{city.slug}/{path}"


def test_a_list_is_sent_checked_mended_and_proposed(as_, city):
    client = as_("operator")
    rows = "NIK,Nama,Tempat Lahir,Tanggal Lahir,L/P,Alamat,RT,RW,Kelurahan,Jabatan\n3674060101700901,Contoh Satu,Tangerang,01-01-1970,L,Jalan,1,1,Pondok Benda,Ketua RT\n367406,Contoh Dua,Tangerang,01-01-1940,L,Jalan,1,1,Pondok Benda,Ketua RT\n"
    answer = client.post(
        place(city, "daftar/kirim/"),
        {"sender": "pondok-benda", "on": "2019-11-11", "file": SimpleUploadedFile("baru.csv", rows.encode())},
    )
    assert answer.status_code == 303
    roster = Roster.objects.get(file__name="baru.csv")
    page = client.get(answer["Location"]).content.decode()
    assert "Menunggu giliran" in page
    assert 'data-hx-trigger="every 2s"' in page

    jobs.run(Job.objects.get(subject=f"roster {roster.pk}").pk)
    page = client.get(answer["Location"]).content.decode()
    assert "1 dari 2 orang belum dapat didaftarkan" in page
    assert "Semua" in page

    marked = client.get(place(city, f"daftar/{roster.pk}/bertanda/"))
    book = openpyxl.load_workbook(io.BytesIO(marked.content))
    assert len(book.sheetnames) == 2
    assert "attachment" in marked["Content-Disposition"]
    assert AuditEntry.objects.order_by("-position").first().action == "export_findings"

    again = client.post(
        place(city, "daftar/kirim/"),
        {"sender": "pondok-benda", "on": "2019-11-11", "file": SimpleUploadedFile("baru.csv", rows.encode())},
    )
    assert again.status_code == 422
    assert "baru.csv" in again.content.decode()
    assert Roster.objects.filter(file__name="baru.csv").count() == 1

    done = client.post(place(city, f"daftar/{roster.pk}/usulkan/"))
    assert done.status_code == 303
    assert "2 orang diusulkan" in said(done)
    twice = client.post(
        place(city, f"daftar/{roster.pk}/usulkan/"), HTTP_REFERER="http://testserver" + place(city, "daftar/")
    )
    assert twice.status_code == 303
    assert "Diusulkan" in said(twice)


def test_findings_are_filtered_and_masked(as_, city):
    client = as_("operator")
    page = client.get(place(city, f"daftar/{city.messy.pk}/"), {"berat": "warning"}).content.decode()
    assert "31-02-1970" not in page
    page = client.get(place(city, f"daftar/{city.messy.pk}/"), {"q": "Sutrisno"}).content.decode()
    assert "31-02-1970" in page
    assert "Rosidah" not in page


def test_people_are_accepted_and_it_is_undone(as_, city):
    client = as_("office")
    people = list(
        Candidate.objects.filter(roster=city.proposed, result="layak")[:3].values_list("pk", flat=True)
    )
    answer = client.post(
        place(city, "verifikasi/putuskan/"), {"move": "accept", "person": people, "query": "hasil=layak"}
    )
    assert answer["Location"].endswith("?hasil=layak")
    assert "3 orang diterima" in said(answer)
    assert set(Candidate.objects.filter(pk__in=people).values_list("review", flat=True)) == {"accepted"}
    (message,) = get_messages(answer.wsgi_request)
    undone = client.post(place(city, "verifikasi/urungkan/"), {"at": message.extra_tags})
    assert "3 orang menunggu diperiksa lagi" in said(undone)
    assert set(Candidate.objects.filter(pk__in=people).values_list("review", flat=True)) == {"pending"}


def test_nobody_chosen_is_refused_in_words(as_, city):
    answer = as_("office").post(
        place(city, "verifikasi/putuskan/"),
        {"move": "accept"},
        HTTP_REFERER="http://testserver" + place(city, "verifikasi/"),
    )
    assert answer.status_code == 303
    assert "Belum ada orang yang dipilih" in said(answer)


def test_nobody_approves_their_own_proposal(as_, city):
    Candidate.objects.filter(pk=0)
    office = as_("office")
    office.post(place(city, "verifikasi/semua/"))
    made = office.post(place(city, "penetapan/usulkan/"), {"track": "decree"})
    record = Determination.objects.latest("pk")
    assert made["Location"] == place(city, f"penetapan/{record.pk}/")
    page = office.get(made["Location"]).content.decode()
    assert "orang lain yang harus memverifikasi" in page
    refused = office.post(place(city, f"penetapan/{record.pk}/periksa/"), HTTP_REFERER="http://testserver/")
    assert Determination.objects.get(pk=record.pk).state == "proposed"
    assert said(refused)
    as_("legal").post(place(city, f"penetapan/{record.pk}/periksa/"))
    as_("approver").post(place(city, f"penetapan/{record.pk}/setujui/"))
    assert Determination.objects.get(pk=record.pk).state == "approved"
    office = as_("office")
    wrong = office.post(
        place(city, f"penetapan/{record.pk}/tandatangan/"),
        {"number": "1/2019", "dated": "31-02-2019", "signer": "Wali Kota"},
    )
    assert wrong.status_code == 422
    assert "1/2019" in wrong.content.decode()
    before = Membership.objects.count()
    office.post(
        place(city, f"penetapan/{record.pk}/tandatangan/"),
        {"number": "1/2019", "dated": "2019-11-15", "signer": "Wali Kota"},
    )
    assert Membership.objects.count() == before + record.people


@pytest.mark.parametrize("kind", ["docx", "pdf", "xlsx"])
def test_the_decree_is_downloaded(as_, city, kind):
    answer = as_("office").get(place(city, f"penetapan/{city.determination.pk}/naskah.{kind}"))
    assert answer.status_code == 200
    assert answer.content[:2] == (b"%P" if kind == "pdf" else b"PK")


def test_only_the_office_gets_whole_numbers_in_the_decree(as_, city):
    def cells(who: str) -> str:
        book = openpyxl.load_workbook(
            io.BytesIO(as_(who).get(place(city, f"penetapan/{city.determination.pk}/naskah.xlsx")).content)
        )
        return " ".join(
            str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
        )

    nik = city.determination.lines.first().candidate.nik
    assert nik in cells("office")
    assert nik not in cells("auditor")


def test_a_bill_is_recorded_and_paid_step_by_step(as_, city):
    client, address = as_("treasurer"), place(city, f"iuran/{city.open.pk}/")
    told = {"code": "KODE1", "amount": "Rp9.999.999.999", "pay_by": "2019-12-31", "received_on": "2019-12-05"}
    refused = client.post(address + "tagihan/", told)
    assert refused.status_code == 422
    assert "KODE1" in refused.content.decode()
    assert Bill.objects.filter(code="KODE1").count() == 0
    assert client.post(address + "tagihan/", {**told, "amount": f"{city.open.total}"}).status_code == 303
    early = client.post(
        address + "bayar/", {"step": "SPM", "number": "2", "dated": "2019-12-06", "amount": city.open.total}
    )
    assert early.status_code == 422
    for step in ("SPP", "SPM", "SP2D", "proof"):
        done = client.post(
            address + "bayar/",
            {"step": step, "number": f"{step}/2", "dated": "2019-12-06", "amount": city.open.total},
        )
        assert done.status_code == 303, done.content.decode()
    city.open.refresh_from_db()
    assert str(city.open.paid_on) == "2019-12-06"
    assert "sama" in client.get(address).content.decode()


def test_the_bill_lines_leave_masked_and_are_recorded(as_, city):
    answer = as_("treasurer").get(place(city, f"iuran/{city.paid.pk}/nominatif/"))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    text = " ".join(str(cell) for row in book.active.iter_rows(values_only=True) for cell in row)
    assert "••••" in text
    assert AuditEntry.objects.order_by("-position").first().action == "export_bill_lines"


@pytest.mark.parametrize("kind", ["xlsx", "pdf", "csv"])
@pytest.mark.parametrize("by", ["category", "unit", "kelurahan"])
def test_coverage_is_downloaded(as_, city, kind, by):
    answer = as_("auditor").get(place(city, f"cakupan/unduh.{kind}"), {"menurut": by})
    assert answer.status_code == 200
    assert len(answer.content) > 100


def test_a_membership_ends_with_its_reason(as_, city):
    answer = as_("office").post(
        place(city, f"kepesertaan/{city.membership.pk}/akhiri/"), {"on": "2019-11-30", "reason": "died"}
    )
    assert answer.status_code == 303
    city.membership.refresh_from_db()
    assert (str(city.membership.ends_on), city.membership.end_reason) == ("2019-11-30", "died")


def test_cards_are_handed_over(as_, city):
    chosen = list(city.cards.items.values_list("pk", flat=True)[:2])
    answer = as_("office").post(
        place(city, f"kartu/{city.cards.pk}/serahkan/"), {"card": chosen, "received_by": "Ketua RT"}
    )
    assert "2 kartu sudah diserahkan" in said(answer)


def test_the_day_looked_at_stays(as_, city):
    client = as_("office")
    client.get(place(city, ""), {"per": "2019-10-01"})
    assert "Anda melihat keadaan 1 Oktober 2019" in client.get(place(city, "cakupan/")).content.decode()
    client.get(place(city, ""), {"per": ""})
    assert "12 November 2019" in client.get(place(city, "cakupan/")).content.decode()


def test_search_opens_a_number_at_once(as_, city):
    client = as_("office")
    assert (
        client.get("/cari/", {"q": city.membership.person.nik})["Location"]
        == f"/orang/{city.membership.person_id}/"
    )
    assert city.determination.number in client.get("/cari/", {"q": "400/118"}).content.decode()


def test_long_lists_go_forward_and_back(as_, city):
    client = as_("office")
    first = client.get(place(city, "verifikasi/"), {"keadaan": ""}).context["page"]
    assert (first.first, first.last, first.total) == (1, 50, 102)
    second = client.get(place(city, "verifikasi/") + "?" + first.next).context["page"]
    assert (second.first, second.last) == (51, 100)
    back = client.get(place(city, "verifikasi/") + "?" + second.previous).context["page"]
    assert [row.pk for row in back.rows] == [row.pk for row in first.rows]


def test_people_are_found_by_the_beginnings_of_their_names(as_, city):
    client, person = as_("office"), city.membership.person
    page = client.get(
        place(city, "peserta/"), {"q": " ".join(word[:4] for word in person.name.split())}
    ).content.decode()
    assert person.name in page
    assert "Tidak ada yang ditemukan" in client.get(place(city, "peserta/"), {"q": "!!!"}).content.decode()
    by_kpj = client.get(place(city, "peserta/"), {"q": city.membership.registration.kpj})
    assert [row.pk for row in by_kpj.context["page"].rows] == [city.membership.pk]
