import pytest

from lindung.registry import actions, trail
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import AuditCheck, AuditEntry, Person, Scheme

pytestmark = pytest.mark.django_db
SYSTEM = Actor(None, "administrator", "test")


def person(serial: int) -> Person:
    return Person.objects.create(nik=f"367401150180{serial}", name="CONTOH", birth_date="1980-01-15")


def test_the_events_of_a_record_newest_first():
    with recorded(SYSTEM, "add_people"):
        first, other = person(5001), person(5002)
    with recorded(SYSTEM, "rename"):
        Person.objects.filter(pk=first.pk).update(name="LAIN")
    with recorded(SYSTEM, "reveal") as entry:
        entry.about(first, field="nik")
    with recorded(SYSTEM, "remove"):
        other.delete()
    found = trail.events_of([("registry_person", first.pk)])
    assert [(e.entry.action, [c.operation for c in e.changes]) for e in found] == [
        ("reveal", []),
        ("rename", ["U"]),
        ("add_people", ["I"]),
    ]
    assert (found[1].changes[0].old, found[1].changes[0].new) == ({"name": "CONTOH"}, {"name": "LAIN"})
    assert trail.events_of([("registry_person", first.pk + 99)]) == []


def test_an_auditor_of_one_scheme_reads_what_concerns_it_alone():
    from lindung import schemes

    made = [
        actions.load_scheme(schemes.builtin()[name].text, f"{name}.yaml", actor=SYSTEM).scheme
        for name in ("tangsel-2019", "serang-2019")
    ]
    own, foreign = made
    secret = "a-long-password-of-tests"
    everyone = actions.open_account("semua", "S", secret, [("auditor", None, None)], actor=SYSTEM)
    auditor = actions.open_account("satu", "A", secret, [("auditor", own, None)], actor=SYSTEM)
    here = actions.open_account("sini", "H", secret, [("office", own, None)], actor=SYSTEM)
    both = actions.open_account(
        "dua", "D", secret, [("office", own, None), ("office", foreign, None)], actor=SYSTEM
    )
    none = actions.open_account("lain", "L", secret, [("office", own, None)], actor=SYSTEM)
    for user in (here, both):
        actions.note_sign_in(user, actor=Actor(user, "office", "web"))
    seen = {(e.action, e.actor_id) for e in trail.entries_for(auditor)}
    assert ("sign_in", here.pk) in seen
    assert ("sign_in", both.pk) not in seen
    told = [e.subjects[0]["id"] for e in trail.entries_for(auditor) if e.action == "load_scheme"]
    assert told == [own.pk]
    assert trail.entries_for(everyone).count() == AuditEntry.objects.count()
    assert not trail.entries_for(none).exists()
    assert Scheme.objects.count() == 2


def test_a_verification_leaves_its_result():
    assert trail.last_check() is None
    assert trail.verify() == []
    check = trail.last_check()
    assert check is not None
    assert check.problems == []
    with pytest.raises(Exception, match="not allowed"):
        AuditCheck.objects.all().delete()
