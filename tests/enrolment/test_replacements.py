"""A free place goes to who waits longest in the same category and kelurahan, else kecamatan, else sender."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from city import PEOPLE

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Candidate, Membership
from lindung.enrolment.quota import proposals_of, quotas_of, waiting_list
from lindung.registry import actions as register
from lindung.registry.queries import current_version, rules_of

pytestmark = pytest.mark.django_db
FIRST = date(2019, 12, 1)
WAITING = [  # category and kelurahan of the city's people: RT heads and cadres of Pondok Jaya
    "3674031206885011,GITA CONTOH,12-06-1988,L,1,2,Jurang Mangu Barat,Ketua RT",
    "3674031306885012,HADI CONTOH,13-06-1988,L,1,2,Pondok Jaya,Ketua RT",
    "3674031406885013,INDRA CONTOH,14-06-1988,L,1,2,Pondok Jaya,Ketua RT",
    "3674031506885014,JOKO CONTOH,15-06-1988,L,1,2,Pondok Jaya,Kader Posyandu",
]


def waiting(city, *rows: str, unit: str = "pondok-jaya") -> None:
    roster = city.list_of(*rows, name=f"tunggu-{unit}.csv", unit=unit)
    enrol.propose_roster(roster, actor=city.hands["operator"])
    enrol.review(
        Candidate.objects.filter(roster=roster), "wait", actor=city.hands["office"], scheme=city.scheme
    )
    assert Candidate.objects.filter(roster=roster, review="waiting").count() == len(rows)


def leave(city, *names: str, reason: str = "died", on: date = date(2019, 11, 20)) -> None:
    for name in names:
        member = Membership.objects.get(person__name=name, end_reason=None)
        enrol.end_membership(member, on, reason, actor=city.hands["office"])


def refill(city, **more) -> tuple[int, int]:
    return enrol.propose_replacements(city.scheme, FIRST, actor=city.hands["office"], **more)


def proposed() -> dict[str, str]:
    found = Movement.objects.filter(kind="joined", state="proposed").select_related(
        "replaces__person", "candidate"
    )
    return {m.replaces.person.name: m.candidate.name for m in found}


def test_the_same_category_and_kelurahan_come_first_then_the_kecamatan(city):
    city.registered(*PEOPLE)
    waiting(city, *WAITING)
    leave(city, "ANI CONTOH")
    leave(city, "BUDI CONTOH", reason="rejected_by_bpjs", on=date(2019, 11, 21))
    leave(city, "EKO CONTOH", on=date(2019, 11, 22))
    assert refill(city) == (3, 0)
    assert proposed() == {
        "ANI CONTOH": "HADI CONTOH", "BUDI CONTOH": "INDRA CONTOH", "EKO CONTOH": "GITA CONTOH",
    }  # fmt: skip
    assert refill(city) == (0, 0)
    assert (
        enrol.confirm_movements(city.scheme, Movement.objects.all(), FIRST, actor=city.hands["office"]) == 3
    )
    hadi = Membership.objects.get(person__name="HADI CONTOH")
    assert (hadi.starts_on, hadi.origin.replaces.person.name) == (FIRST, "ANI CONTOH")
    assert Candidate.objects.get(name="HADI CONTOH").review == "accepted"


def test_a_place_stays_free_when_nobody_of_its_category_waits(city):
    city.registered(*PEOPLE)
    waiting(city, WAITING[1])
    leave(city, "CITRA CONTOH", "ANI CONTOH")
    assert refill(city) == (1, 1)
    assert proposed() == {"ANI CONTOH": "HADI CONTOH"}


def test_who_died_or_is_covered_meanwhile_is_passed_over(city):
    city.registered(*PEOPLE)
    waiting(city, *WAITING[1:3])
    told = pl.DataFrame(
        {
            "nik": ["3674031306885012"],
            "name": ["HADI CONTOH"],
            "birth_date": [None],
            "died_on": [FIRST],
            "certificate": [None],
        },
        schema_overrides={"birth_date": pl.Date, "certificate": pl.String},
    )
    register.tell_deaths(told, actor=city.hands["office"])
    leave(city, "ANI CONTOH")
    assert refill(city) == (1, 0)
    assert proposed() == {"ANI CONTOH": "INDRA CONTOH"}


def test_a_declined_proposal_frees_the_place_and_the_person_again(city):
    city.registered(*PEOPLE)
    waiting(city, WAITING[1])
    leave(city, "ANI CONTOH")
    refill(city)
    enrol.decline_movements(city.scheme, Movement.objects.all(), "menolak", actor=city.hands["office"])
    assert refill(city) == (1, 0)


def test_a_rejected_candidate_is_replaced_before_the_determination(city):
    roster = city.list_of(*PEOPLE)
    enrol.propose_roster(roster, actor=city.hands["operator"])
    quotas = {(city.units["pondok-jaya"].pk, "rt_head"): 2}
    enrol.accept_eligible(city.scheme, quotas=quotas, actor=city.hands["office"])
    enrol.review(
        Candidate.objects.filter(name="ANI CONTOH"), "reject", actor=city.hands["office"], scheme=city.scheme
    )
    assert refill(city) == (1, 0)
    assert (
        enrol.confirm_movements(city.scheme, Movement.objects.all(), FIRST, actor=city.hands["office"]) == 1
    )
    assert Movement.objects.get().outcome == "determination"
    assert Membership.objects.count() == 0
    made = enrol.propose_determination(city.scheme, actor=city.hands["office"])
    names = set(made.lines.values_list("candidate__name", flat=True))
    assert "EKO CONTOH" in names
    assert "ANI CONTOH" not in names


def test_nobody_is_proposed_beyond_the_period(city):
    city.registered(*PEOPLE)
    with pytest.raises(Refused) as problem:
        enrol.propose_replacements(city.scheme, date(2020, 1, 1), actor=city.hands["office"])
    assert problem.value.code == "movement.after_period"


def heads(city, on: date = date(2019, 11, 25)):
    rows = quotas_of(city.scheme, rules_of(current_version(city.scheme)), on, "id")
    one = next(row for row in rows if row.category == "rt_head")
    return one.target, one.filled, one.proposed, one.free, one.room, one.waiting


def test_a_place_goes_from_filled_to_free_to_proposed_and_filled_again(city):
    city.registered(*PEOPLE)
    waiting(city, *WAITING[:2])
    assert heads(city) == (4, 3, 0, 0, 1, 2)
    leave(city, "ANI CONTOH")
    assert heads(city) == (4, 2, 0, 1, 2, 2)
    assert refill(city) == (1, 0)
    assert heads(city) == (4, 2, 1, 0, 1, 1)
    assert [one.candidate.name for one in proposals_of(city.scheme)] == ["HADI CONTOH"]
    office = city.hands["office"]
    enrol.confirm_movements(city.scheme, proposals_of(city.scheme), FIRST, actor=office)
    assert heads(city, FIRST) == (4, 3, 0, 0, 1, 1)
    assert [one.name for one in waiting_list(office.user, city.scheme)] == ["GITA CONTOH"]
    enrol.undo_movements(city.scheme, proposals_of(city.scheme, "confirmed"), actor=office)
    assert heads(city) == (4, 2, 1, 0, 1, 1)
