"""Confirmed movements on paper: counted from the members, old and new side by side, each in one paper of a kind."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

import pypdfium2
import pytest
from city import PEOPLE, SCHEME
from docx import Document

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment import movement_lists
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Membership
from lindung.registry import actions as register
from lindung.registry import audit
from lindung.registry.audit import Actor
from lindung.workflows.amendments import amendment_paper, members_after, minutes_paper, side_by_side

pytestmark = pytest.mark.django_db
ANI, BUDI, CITRA, DEWI, EKO = (row.split(",")[0] for row in PEOPLE)
FAJAR = "3674031206885006"
NEW = f"{FAJAR},FAJAR CONTOH,12-06-1988,L,1,2,Pondok Jaya,Ketua RT"
AT = datetime(2019, 12, 2, tzinfo=UTC)
SIGNER = {
    "name": "Contoh Sekda", "title": "Asisten Pemerintahan", "nip": "197001011990031001",
    "on_behalf_of": "WALI KOTA TANGERANG SELATAN", "through": "Sekretaris Daerah",
}  # fmt: skip


def moved(city, *rows: str, on: date = date(2019, 11, 25)) -> None:
    text = "\n".join(["NIK,Sebab,Tanggal,Dasar,Upah,NIK pengganti,TMT pengganti", *rows])
    read = movement_lists.read("mutasi.csv", text.encode())
    enrol.propose_movements(city.scheme, read, actor=city.hands["operator"])
    enrol.confirm_movements(city.scheme, Movement.objects.all(), on, actor=city.hands["office"])


def november(city):
    """ANI dies, EKO's place goes to FAJAR in December, DEWI earns more."""
    city.registered(*PEOPLE)
    city.accepted(NEW, name="baru.csv")
    moved(
        city, f"{ANI},meninggal,20-11-2019,Akta 1", f"{EKO},ganti,30-11-2019,SK Lurah 7,,{FAJAR}",
        f"{DEWI},upah,01-12-2019,SK 8,2500000",
    )  # fmt: skip
    return enrol.prepare_minutes(city.scheme, date(2019, 11, 30), actor=city.hands["office"])


def text_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def test_the_minutes_count_what_they_show(city):
    made = november(city)
    assert (made.sequence, made.changes, made.left, made.joined, made.people, made.as_of) == (
        1, 3, 2, 1, 4, date(2019, 12, 1),
    )  # fmt: skip
    rows = side_by_side(made)
    assert rows.height == made.changes
    assert members_after(made).height == made.people == 5 - made.left + made.joined
    assert {(old, new, why) for old, new, why in rows.select("old_name", "new_name", "reason").iter_rows()} == {
        ("ANI CONTOH", None, "Meninggal dunia"), ("EKO CONTOH", "FAJAR CONTOH", "Diganti"),
        ("DEWI CONTOH", "DEWI CONTOH", "Upah Rp1.000.000 menjadi Rp2.500.000"),
    }  # fmt: skip
    with pytest.raises(Refused) as problem:
        enrol.prepare_minutes(city.scheme, date(2019, 11, 30), actor=city.hands["office"])
    assert problem.value.code == "amendment.nothing"
    shown = text_of(minutes_paper(made, user=None, at=AT).pdf())
    assert "BERITA ACARA PERUBAHAN DATA" in shown
    assert "FAJAR CONTOH" in shown
    assert "100/CONTOH" in shown


def test_an_amendment_collects_signed_minutes_and_is_signed_by_delegation(city):
    made = november(city)
    with pytest.raises(Refused) as problem:
        enrol.prepare_amendment(city.scheme, date(2019, 12, 31), actor=city.hands["office"])
    assert problem.value.code == "amendment.nothing"
    enrol.sign_amendment(made, "BA/1/2019", date(2019, 12, 2), SIGNER, actor=city.hands["office"])
    moved(city, f"{CITRA},pindah,10-12-2019,Surat 4", on=date(2019, 12, 12))
    second = enrol.prepare_minutes(city.scheme, date(2019, 12, 31), actor=city.hands["office"])
    enrol.sign_amendment(second, "BA/2/2019", date(2019, 12, 20), SIGNER, actor=city.hands["office"])
    paper = enrol.prepare_amendment(city.scheme, date(2019, 12, 31), actor=city.hands["office"])
    assert (paper.sequence, paper.changes, paper.left, paper.joined, paper.people) == (1, 4, 3, 1, 3)
    assert paper.as_of == date(2019, 12, 31)
    enrol.sign_amendment(paper, "200/CONTOH", date(2019, 12, 23), SIGNER, actor=city.hands["office"])
    with pytest.raises(Refused) as problem:
        enrol.sign_amendment(paper, "200/CONTOH", date(2019, 12, 23), SIGNER, actor=city.hands["office"])
    assert problem.value.code == "record.changed"
    made_paper = amendment_paper(paper, user=None, at=AT)
    shown = text_of(made_paper.pdf())
    for words in (
        "PERUBAHAN KESATU ATAS KEPUTUSAN", "Nomor 100/CONTOH Tahun 2019", "BA/1/2019 tanggal 2 Desember 2019",
        "a.n. WALI KOTA TANGERANG SELATAN", "u.b.", "sehingga 4 (empat) nama berubah", "penerima menjadi 3 (tiga) orang",
    ):  # fmt: skip
        assert words in shown, words
    masked = text_of(amendment_paper(paper, user=None, at=AT, edition="masked").pdf())
    assert ANI in shown
    assert ANI not in masked
    words = "\n".join(p.text for p in Document(io.BytesIO(made_paper.docx())).paragraphs)
    assert "PERUBAHAN KESATU ATAS" in words
    assert list(audit.problems()) == []


def test_a_cancelled_paper_frees_its_changes(city):
    made = november(city)
    enrol.cancel_amendment(made, actor=city.hands["office"])
    again = enrol.prepare_minutes(city.scheme, date(2019, 11, 30), actor=city.hands["office"])
    assert (again.sequence, again.changes) == (1, 3)
    with pytest.raises(Refused) as problem:
        enrol.sign_amendment(again, "1", date(2019, 12, 2), {"nama": "x"}, actor=city.hands["office"])
    assert problem.value.code == "amendment.signer"


def test_nothing_is_amended_before_a_decree(city):
    with pytest.raises(Refused) as problem:
        enrol.prepare_minutes(city.scheme, date(2019, 11, 30), actor=city.hands["office"])
    assert problem.value.code == "amendment.no_decree"


def test_a_longer_period_carries_on_those_who_last_to_the_end_of_the_former(city):
    november(city)
    with pytest.raises(Refused) as problem:
        enrol.extend_memberships(city.scheme, "Perwal 1/2020", actor=city.hands["office"])
    assert problem.value.code == "membership.no_longer_period"
    longer = SCHEME.replace("until: 2019-12-31", "until: 2020-12-31")
    register.load_scheme(longer, "contoh.yaml", actor=Actor(None))
    assert enrol.extend_memberships(city.scheme, "Perwal 1/2020", actor=city.hands["office"]) == 4
    assert enrol.extend_memberships(city.scheme, "Perwal 1/2020", actor=city.hands["office"]) == 0
    ends = dict(Membership.objects.filter(end_reason=None).values_list("person__name", "ends_on"))
    assert ends == dict.fromkeys(
        ["BUDI CONTOH", "CITRA CONTOH", "DEWI CONTOH", "FAJAR CONTOH"], date(2020, 12, 31)
    )
    assert Membership.objects.get(person__nik=ANI).ends_on == date(2019, 11, 20)
    assert list(audit.problems()) == []
