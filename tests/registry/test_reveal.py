from types import SimpleNamespace

import pytest

from lindung.base.refused import Refused
from lindung.registry import actions, reveal
from lindung.registry.audit import Actor, problems, recorded
from lindung.registry.models import AuditEntry, Person

pytestmark = pytest.mark.django_db
NIK = "3674011501805001"


def refused(*arguments, actor) -> str:
    with pytest.raises(Refused) as problem:
        reveal.reveal(*arguments, actor=actor)
    return problem.value.code


@pytest.fixture
def known(db):
    system = Actor(None, "administrator", "test")
    user = actions.open_account("a", "A", "a-long-password-of-tests", [("office", None, None)], actor=system)
    bare = actions.open_account(
        "b", "B", "a-long-password-of-tests", [("treasurer", None, None)], actor=system
    )
    with recorded(system, "add_person"):
        person = Person.objects.create(
            nik=NIK, name="CONTOH", birth_date="1980-01-15", mother_name="IBU CONTOH"
        )
    return SimpleNamespace(
        person=person, office=Actor(user, "office", "web", "10.0.0.7"), bare=Actor(bare, "treasurer", "web")
    )


def test_a_value_is_shown_for_a_reason_that_stays(known):
    assert (
        reveal.reveal(known.person, "mother_name", "bpjs", "surat 12/2019", actor=known.office)
        == "IBU CONTOH"
    )
    entry = AuditEntry.objects.get(action="reveal")
    assert (entry.actor, entry.role, entry.address) == (known.office.user, "office", "10.0.0.7")
    assert entry.subjects == [
        {"table": "registry_person", "id": known.person.pk},
        {"field": "mother_name", "reason": "bpjs", "words": "surat 12/2019"},
    ]
    assert NIK not in str(entry.subjects)
    assert list(problems()) == []


@pytest.mark.parametrize(
    ("field", "reason", "words"),
    [
        ("nik", "", "surat 12"),
        ("nik", "because", "surat 12"),
        ("nik", "bpjs", "  x "),
        ("name", "bpjs", "surat 12"),
    ],
)
def test_without_a_reason_nothing_is_shown(known, field, reason, words):
    assert refused(known.person, field, reason, words, actor=known.office) == "reveal.reason"
    assert not AuditEntry.objects.filter(action="reveal").exists()


def test_a_role_without_people_is_shown_nothing(known):
    assert refused(known.person, "nik", "bpjs", "surat 12", actor=known.bare) == "role.missing"


def test_there_is_an_hourly_limit(known, monkeypatch):
    monkeypatch.setattr(reveal, "PER_HOUR", 2)
    for _ in range(2):
        reveal.reveal(known.person, "nik", "bpjs", "surat 12", actor=known.office)
    assert refused(known.person, "nik", "bpjs", "surat 12", actor=known.office) == "reveal.too_often"
    assert AuditEntry.objects.filter(action="reveal").count() == 2
