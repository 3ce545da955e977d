"""Somebody comes in: entered alone with the checks of a list, or in the place of an office holder with many others."""

from __future__ import annotations

from datetime import date

import pytest
from city import PEOPLE

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Candidate, Membership, Roster
from lindung.registry import audit
from lindung.registry.models import StoredFile

pytestmark = pytest.mark.django_db
ANI, BUDI = (row[:16] for row in PEOPLE[:2])
FAJAR = {
    "nik": "3674031206885006", "name": "FAJAR CONTOH", "birth_date": "12-06-1988", "sex": "L", "rt": "1", "rw": "2",
    "kelurahan": "Pondok Jaya", "category": "rt_head",
}  # fmt: skip
LAST, FIRST = date(2019, 11, 30), date(2019, 12, 1)


def enter(city, **more) -> Candidate:
    told = {"leaver": more.pop("leaver", None), "left_on": more.pop("left_on", None)}
    return enrol.enter_person(
        city.scheme, city.units["pondok-jaya"], {**FAJAR, **more}, FIRST, "SK Lurah 8/2019", actor=city.hands["operator"], **told
    )  # fmt: skip


def confirm(city) -> int:
    return enrol.confirm_movements(city.scheme, Movement.objects.all(), LAST, actor=city.hands["office"])


def test_somebody_entered_alone_is_checked_and_becomes_a_member_when_confirmed(city):
    city.registered(*PEOPLE)
    made = enter(city)
    assert (made.review, made.category, made.kelurahan_id) == ("waiting", "rt_head", "36.74.03.1004")
    assert confirm(city) == 1
    member = Membership.objects.get(person__nik=FAJAR["nik"])
    assert (member.starts_on, member.unit.code) == (FIRST, "bagian-pemerintahan")
    (batch,) = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    assert batch.rows.get().nik == FAJAR["nik"]
    assert list(audit.problems()) == []


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"nik": "367403120688500"}, "16"),
        ({"birth_date": "12-06-1948", "nik": "3674031206485006"}, "65"),
        ({"nik": ANI, "name": "ANI CONTOH", "birth_date": "15-01-1980"}, "Bagian Pemerintahan"),
        ({"category": "camat"}, "kategori"),
        ({"name": ""}, ""),
    ],
)
def test_who_cannot_be_registered_is_refused_with_the_reason_and_nothing_is_kept(city, more, words):
    city.registered(*PEOPLE)
    before = (Roster.objects.count(), Candidate.objects.count(), StoredFile.objects.count())
    with pytest.raises(Refused) as problem:
        enter(city, **more)
    assert problem.value.code == "person.not_eligible"
    assert words in problem.value.sentence()
    assert (Roster.objects.count(), Candidate.objects.count(), StoredFile.objects.count()) == before
    assert not Movement.objects.exists()


def test_entering_twice_adds_nothing(city):
    city.registered(*PEOPLE)
    enter(city)
    with pytest.raises(Refused) as problem:
        enter(city)
    assert problem.value.code == "roster.again"
    with pytest.raises(Refused) as problem:
        enter(city, address="Jalan lain 3")
    assert problem.value.code in ("movement.comes_already", "person.not_eligible")
    assert Movement.objects.count() == 1


def test_who_entered_somebody_may_still_accept_the_lists_of_others(city):
    city.registered(*PEOPLE)
    office = city.hands["office"]
    enrol.enter_person(city.scheme, city.units["pondok-jaya"], FAJAR, FIRST, "SK 8", actor=office)
    other = city.list_of("3674031306885012,HADI CONTOH,13-06-1988,L,1,2,Pondok Jaya,Ketua RT", name="b.csv")
    enrol.propose_roster(other, actor=city.hands["operator"])
    assert enrol.accept_eligible(city.scheme, actor=office)[0] == 1


def test_somebody_takes_the_place_of_a_member_in_one_step(city):
    city.registered(*PEOPLE)
    enter(city, leaver=ANI, left_on=LAST)
    assert confirm(city) == 2
    assert Membership.objects.get(person__nik=ANI).end_reason == "left_office"
    assert Movement.objects.get(kind="joined").replaces.person.nik == ANI


def test_the_heads_of_a_kelurahan_change_at_once(city):
    city.registered(*PEOPLE)
    rows = [
        "3674031206885006,FAJAR CONTOH,12-06-1988,L,1,2,Pondok Jaya,Ketua RT",
        "3674031306885012,HADI CONTOH,13-06-1988,L,2,2,Pondok Jaya,Ketua RT",
    ]
    city.accepted(*rows, name="baru.csv")
    members = {m.person.nik: m.pk for m in Membership.objects.select_related("person")}
    comers = {c.nik: c.pk for c in Candidate.objects.filter(roster__file__name="baru.csv")}
    pairs = {members[ANI]: comers[rows[0][:16]], members[BUDI]: comers[rows[1][:16]]}

    def replace(told) -> int:
        return enrol.replace_heads(
            city.scheme, told, LAST, FIRST, "SK Lurah 7/2019", actor=city.hands["operator"]
        )

    with pytest.raises(Refused) as problem:
        replace({members[ANI]: comers[rows[0][:16]], members[BUDI]: comers[rows[0][:16]]})
    assert problem.value.code == "movement.rows"
    with pytest.raises(Refused):
        replace({})
    assert not Movement.objects.exists()
    assert replace(pairs) == 4
    assert replace(pairs) == 0
    assert confirm(city) == 4
    assert sorted(Movement.objects.values_list("kind", flat=True)) == [
        "joined",
        "joined",
        "replaced",
        "replaced",
    ]
    left = Membership.objects.filter(end_reason="left_office")
    assert {m.ends_on for m in left} == {LAST}
    assert {m.starts_on for m in Membership.objects.filter(origin__isnull=False)} == {FIRST}
