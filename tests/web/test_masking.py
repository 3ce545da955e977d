"""No page, for anybody, shows a whole NIK, KK number, mother's name, telephone or bank account; one is shown for a reason."""

from __future__ import annotations

import re

import pytest

from lindung.enrolment.models import Candidate
from lindung.registry.models import Person
from tests.web.test_access import ALL, ROLES, filled

pytestmark = pytest.mark.django_db
LONG = re.compile(r"(?<!\d)\d{16}(?!\d)")
SECRET = ("mother_name", "phone", "kk_number", "bank_account")


def secrets_of() -> set[str]:
    """What must never stand on a page: long enough to be nobody's house number."""
    found: set[str] = set()
    for model in (Person, Candidate):
        fields = [name for name in SECRET if name in {f.name for f in model._meta.get_fields()}]
        for row in model.objects.values_list(*fields):
            found |= {value for value in row if value and len(value) >= 6}
    return found


def mark_people() -> None:
    """Values that stand nowhere else, so that finding one means it was shown."""
    Person.objects.update(
        mother_name="IBU RAHASIA CONTOH", phone="081299887766", kk_number="3674069911223344"
    )
    Candidate.objects.update(
        mother_name="IBU RAHASIA CONTOH", phone="081299887766", kk_number="3674069911223344"
    )
    if "bank_account" in {f.name for f in Candidate._meta.get_fields()}:
        Candidate.objects.update(bank_account="BANKCONTOH-00998877")


@pytest.mark.slow
@pytest.mark.parametrize("role", ROLES)
def test_no_page_shows_what_is_masked(as_, city, role):
    from lindung.registry.audit import Actor, recorded

    with recorded(Actor(None, "administrator", "test"), "mark"):
        mark_people()
    niks = set(Candidate.objects.values_list("nik", flat=True)) | set(
        Person.objects.values_list("nik", flat=True)
    )
    client, secrets, shown = as_(role), secrets_of(), []
    for path, one in ALL.items():
        view = one.callback
        if "GET" not in getattr(view, "methods", ("GET",)) or (
            view.allowed is not None and role not in view.allowed
        ):
            continue
        answer = client.get(filled(path, city))
        if answer.status_code != 200 or not answer.get("Content-Type", "").startswith("text/html"):
            continue
        text = answer.content.decode()
        found = {number for number in LONG.findall(text) if number in niks} | {
            one for one in secrets if one in text
        }
        if found:
            shown.append((path, sorted(found)[:3]))
    assert shown == []


def test_searching_a_nik_echoes_what_was_typed_and_no_more(as_, city):
    person = city.membership.person
    text = as_("office").get("/cari/", {"q": person.name}).content.decode()
    assert person.nik not in text
    assert f"{person.nik[:4]} •••• •••• {person.nik[-4:]}" in text
