"""The history of a record and the auditors' search: in words, masked, within reach."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from lindung.registry.models import AuditEntry, Person
from lindung.registry.trail import verify
from lindung.web.views import audit_words

pytestmark = pytest.mark.django_db
SOURCE = Path(__file__).parents[2] / "src" / "lindung"


def test_every_action_has_words():
    named = set()
    for path in SOURCE.rglob("*.py"):
        named |= set(re.findall(r'\brecorded\(\s*[\w.]+,\s*"(\w+)"', path.read_text(encoding="utf-8")))
    assert "pay" in named
    assert sorted(named - set(audit_words.ACTIONS)) == []


def test_a_person_has_a_history_with_old_and_new(as_, city):
    from lindung.registry.audit import Actor, recorded

    person = city.membership.person
    with recorded(Actor(None, "office", "test"), "correct_nik") as entry:
        Person.objects.filter(pk=person.pk).update(phone="081299998888", name="NAMA BARU CONTOH")
        entry.about(person)
    page = as_("office").get(f"/orang/{person.pk}/riwayat/").content.decode()
    assert f"{person.name} → NAMA BARU CONTOH" in page
    assert "081299998888" not in page
    assert person.nik not in page
    assert "memperbaiki NIK" in page
    assert as_("lurah-lain").get(f"/orang/{person.pk}/riwayat/").status_code == 403
    assert f"/orang/{person.pk}/riwayat/" in as_("office").get(f"/orang/{person.pk}/").content.decode()
    assert f"/orang/{person.pk}/riwayat/" not in as_("lurah").get(f"/orang/{person.pk}/").content.decode()


def test_every_record_has_a_history_in_words(as_, city):
    client = as_("office")
    for place, record in (
        ("daftar", city.messy), ("penetapan", city.determination), ("berkas", city.batch), ("iuran", city.paid),
    ):  # fmt: skip
        page = client.get(f"/skema/{city.slug}/{place}/{record.pk}/riwayat/")
        assert page.status_code == 200
        assert page.context["events"], place
        assert not re.search(r"(?<![0-9a-f])[0-9]{16}(?![0-9a-f])", page.content.decode())
    assert client.get(f"/skema/{city.slug}/riwayat/").context["events"]


def test_an_auditor_searches_and_exports(as_, city):
    client = as_("auditor")
    all_ = client.get("/jejak/")
    assert all_.context["page"].total > 5
    some = client.get("/jejak/", {"perbuatan": "pay", "q": "treasurer"})
    assert {row[0].action for row in some.context["rows"]} == {"pay"}
    one = client.get("/jejak/", {"jenis": "contributions_bill", "nomor": "0"})
    assert one.context["page"].total == 0
    assert client.get("/jejak/", {"sampai": "2001-01-01"}).context["page"].total == 0
    assert client.get("/jejak/", {"dari": "9999-99-99", "sampai": "9999-12-31"}).status_code == 200
    file = client.get("/jejak/unduh.csv", {"perbuatan": "pay"})
    assert file["Content-Disposition"].startswith("attachment")
    assert len(file.content.decode("utf-8-sig").splitlines()) > 1
    assert AuditEntry.objects.latest("position").action == "export_audit"
    assert client.get("/jejak/unduh.exe").status_code == 404


def test_the_last_verification_is_shown(as_, city):
    client = as_("auditor")
    verify()
    assert "rantai dan data cocok" in client.get("/jejak/").content.decode()
