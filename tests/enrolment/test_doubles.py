"""Probable doubles: found in lists, among participants, payers and the dead; decided by a person, remembered, undone."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest
from city import PEOPLE

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment.doubles import Double, DoubleDecision
from lindung.enrolment.models import Candidate
from lindung.registry import actions as register

pytestmark = pytest.mark.django_db
ONE = "3674035206885011,RATNA KOMARIAH SARI,12-06-1988,P,1,2,Pondok Jaya,Ketua RT"
TYPED = "3674035206885017,RATNA KOMARIAH SARI,12-06-1988,P,1,2,Pondok Jaya,Ketua RT"  # another last digit


def find(city) -> int:
    return enrol.find_doubles(city.scheme, actor=city.hands["office"])


def decide(city, verdict: str, **more) -> int:
    rows = Double.objects.all()
    return enrol.decide_doubles(
        rows, verdict, "dicocokkan dengan KTP", actor=city.hands["office"], scheme=city.scheme, **more
    )[0]


def row(name: str = "RATNA KOMARIAH SARI") -> Candidate:
    return Candidate.objects.filter(name=name).latest("pk")


def codes() -> set[str]:
    return set(row().findings.values_list("code", flat=True))


def test_the_same_person_twice_makes_the_later_row_not_eligible_until_undone(city):
    roster = city.list_of(ONE, TYPED)
    assert row().result == "perlu_klarifikasi"
    assert find(city) == 1
    pair = Double.objects.get()
    assert (pair.place, pair.certain, pair.facts["where"]["row"]) == ("list", True, 2)
    assert pair.why["name"]["level"] == "same"
    assert codes() == {"person.possible_duplicate"}
    assert decide(city, "same") == 1
    assert (row().result, codes()) == ("tidak_layak", {"person.same_person"})
    roster.refresh_from_db()
    assert (roster.clean, roster.errors, roster.warnings) == (1, 1, 0)
    at = DoubleDecision.objects.get().decided_at
    assert enrol.undo_doubles(city.scheme, at, actor=city.hands["office"]) == 1
    assert (row().result, codes()) == ("perlu_klarifikasi", {"person.possible_duplicate"})
    assert DoubleDecision.objects.get().undone_by == city.hands["office"].user


def test_different_people_are_eligible_and_not_asked_again_on_the_next_list(city):
    city.list_of(ONE, TYPED)
    find(city)
    decide(city, "unsure")
    assert row().result == "perlu_klarifikasi"
    decide(city, "different")
    assert (row().result, codes()) == ("layak", set())
    assert find(city) == 0
    roster = row().roster
    enrol.withdraw_roster(roster, actor=city.hands["operator"])
    city.list_of(ONE, TYPED, name="dikirim lagi.csv")
    assert find(city) == 0
    assert (row().result, Double.objects.get().verdict) == ("layak", "different")


def test_a_participant_a_payer_and_the_dead_are_named_with_their_own_consequence(city):
    city.registered(*PEOPLE)
    name, born = "SUKARNO HADI WIBOWO", date(1980, 1, 2)
    office = city.hands["office"]
    told = {"nik": ["3674030201805099"], "name": [name], "birth_date": [born]}
    register.tell_deaths(
        pl.DataFrame({**told, "died_on": [date(2019, 5, 1)], "certificate": ["474.3/9"]}), actor=office
    )
    roster = city.list_of(
        "3674030201805091,SUKARNO HADI WIBOWO,02-01-1980,L,1,2,Pondok Jaya,Ketua RT", name="baru.csv"
    )
    find(city)
    assert Double.objects.get(candidate__roster=roster).place == "deaths"
    decide(city, "same")
    assert row(name).result == "tidak_layak"
    assert set(row(name).findings.values_list("code", flat=True)) == {"eligibility.deceased"}
    enrol.undo_doubles(city.scheme, key=Double.objects.get().key, actor=office)
    decide(city, "different")
    assert row(name).result == "layak"


def test_refusals_change_nothing(city):
    city.list_of(ONE, TYPED)
    find(city)
    office = city.hands["office"]
    for verdict, reason, expected, code in (
        ("same", "", None, "double.reason"), ("merged", "karena", None, "double.nobody"), ("same", "karena", 7, "double.others"),
    ):  # fmt: skip
        with pytest.raises(Refused) as problem:
            enrol.decide_doubles(
                Double.objects.all(), verdict, reason, actor=office, scheme=city.scheme, expected=expected
            )
        assert problem.value.code == code
    with pytest.raises(Refused) as problem:
        enrol.decide_doubles(
            Double.objects.all(), "same", "karena", actor=city.hands["operator"], scheme=city.scheme
        )
    assert problem.value.code == "role.missing"
    assert Double.objects.get().verdict == "open"


def test_who_was_accepted_and_is_the_same_person_waits_for_review_again(city):
    roster = city.list_of(ONE, TYPED)
    find(city)
    enrol.propose_roster(roster, actor=city.hands["operator"])
    enrol.review(Candidate.objects.all(), "accept", actor=city.hands["office"], scheme=city.scheme)
    decide(city, "same")
    assert [c.review for c in Candidate.objects.order_by("pk")] == ["accepted", "pending"]
