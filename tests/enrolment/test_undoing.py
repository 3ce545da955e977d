"""A confirmation is taken back as long as nothing of it has left: the records are as they were before it."""

from __future__ import annotations

from datetime import date

import pytest
from city import PEOPLE
from django.db import connection

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.contributions import actions as money
from lindung.enrolment import actions as enrol
from lindung.enrolment import movement_lists
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Batch, BatchRow
from lindung.registry import audit
from lindung.registry.models import Person

pytestmark = pytest.mark.django_db
ANI, BUDI, CITRA = (row[:16] for row in PEOPLE[:3])
NEW = "3674031206885006,FAJAR CONTOH,12-06-1988,L,1,2,Pondok Jaya,Ketua RT"
DAY = date(2019, 11, 30)


def state() -> dict[str, str]:
    """What memberships, their numbers, candidates and deaths say."""
    asked = {
        "members": "select person_id, starts_on, ends_on, end_reason, wage from enrolment_membership order by id",
        "numbers": "select membership_id, kpj from enrolment_registration order by id",
        "candidates": "select id, review from enrolment_candidate order by id",
        "dead": "select id, died_on from registry_person where died_on is not null",
    }
    with connection.cursor() as cursor:
        told = {}
        for name, query in asked.items():
            cursor.execute(query)
            told[name] = str(cursor.fetchall())
    return told


def proposed(city, *rows: str) -> None:
    city.registered(*PEOPLE)
    city.accepted(NEW, name="baru.csv")
    text = "\n".join(["NIK,Sebab,Tanggal,Dasar,Upah,NIK pengganti", *rows]).encode()
    enrol.propose_movements(city.scheme, movement_lists.read("m.csv", text), actor=city.hands["operator"])


EVERYTHING = (
    f"{ANI},ganti,20-11-2019,SK Lurah 7,,{NEW[:16]}",
    f"{BUDI},meninggal,20-11-2019,Akta 1,,",
    f"{CITRA},upah,01-12-2019,SK 2,1500000,",
)


def confirm(city) -> int:
    return enrol.confirm_movements(city.scheme, Movement.objects.all(), DAY, actor=city.hands["office"])


def undo(city, **which) -> tuple[int, int]:
    return enrol.undo_movements(city.scheme, Movement.objects.filter(**which), actor=city.hands["office"])


def test_everything_is_as_before_and_can_be_confirmed_again(city):
    proposed(city, *EVERYTHING)
    before = state()
    assert confirm(city) == 4
    after = state()
    assert after["members"] != before["members"]
    assert Person.objects.get(nik=BUDI).died_on == date(2019, 11, 20)
    assert undo(city) == (4, 0)
    assert state() == before
    assert set(Movement.objects.values_list("state", "outcome", "before")) == {("proposed", "", None)}
    assert undo(city) == (0, 0)
    assert confirm(city) == 4
    assert list(audit.problems()) == []


def test_who_came_in_their_place_goes_back_too(city):
    proposed(city, *EVERYTHING)
    before = state()
    confirm(city)
    assert undo(city, kind="replaced")[0] == 2
    assert Movement.objects.get(kind="joined").state == "proposed"
    assert undo(city, kind__in=["died", "wage_changed"])[0] == 2
    assert state() == before


def test_files_that_have_not_left_are_withdrawn(city):
    proposed(city, EVERYTHING[0])
    before = state()
    confirm(city)
    leavers = enrol.prepare_movement_files(city.scheme, actor=city.hands["office"])
    newcomers = enrol.prepare_batches(city.scheme, actor=city.hands["office"])
    files = [*leavers, *newcomers]
    assert undo(city) == (2, 2)
    assert state() == before
    assert not BatchRow.objects.filter(batch__in=files).exists()
    assert set(Batch.objects.filter(pk__in=[b.pk for b in files]).values_list("state", flat=True)) == {
        "withdrawn"
    }
    assert list(audit.problems()) == []


def test_what_has_left_or_is_written_stays(city):
    proposed(city, *EVERYTHING)
    confirm(city)
    paper = enrol.prepare_minutes(city.scheme, DAY, actor=city.hands["office"])
    confirmed = state()

    def refused(**which) -> str:
        with pytest.raises(Refused) as problem:
            undo(city, **which)
        assert state() == confirmed
        return problem.value.code

    assert refused(kind="died") == "movement.in_paper"
    enrol.cancel_amendment(paper, actor=city.hands["office"])
    money.calculate(city.scheme, Month(2019, 12), actor=city.hands["office"])
    assert refused(kind="wage_changed") == "movement.used_already"
    (file,) = enrol.prepare_movement_files(city.scheme, actor=city.hands["office"])
    enrol.mark_sent(file, DAY, actor=city.hands["office"])
    assert refused(kind="replaced") == "movement.left_already"
    with pytest.raises(Refused) as problem:
        enrol.undo_movements(city.scheme, Movement.objects.all(), actor=city.hands["operator"])
    assert problem.value.code == "role.missing"
    with pytest.raises(Refused) as problem:
        enrol.withdraw_batch(file, actor=city.hands["office"])
    assert problem.value.code == "record.changed"
    assert undo(city, kind="died") == (1, 0)
