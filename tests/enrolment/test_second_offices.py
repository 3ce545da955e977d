"""One person in two offices of a scheme: the scheme's order says which pays; offices and persons are both counted."""

from __future__ import annotations

import pytest
from city import ON, PEOPLE

from lindung.coverage.queries import coverage
from lindung.enrolment.doubles import SecondOffice
from lindung.enrolment.models import Candidate, Membership

pytestmark = pytest.mark.django_db
AS_CADRE = (
    "3674031501805001,ANI CONTOH,15-01-1980,L,1,2,Pondok Jaya,Kader kesehatan"  # an RT head of PEOPLE too
)


def told(name: str = "ANI CONTOH") -> set[tuple[str, str, str]]:
    return {(c.category, c.review, c.result) for c in Candidate.objects.filter(name=name)}


def test_the_scheme_s_order_pays_whichever_row_stands_first(city):
    roster = city.list_of(AS_CADRE, *PEOPLE)
    assert told() == {("rt_head", "pending", "layak"), ("kader", "second", "layak")}
    assert set(roster.findings.values_list("code", "severity")) == {("office.second", "warning")}
    roster.refresh_from_db()
    assert (roster.people, roster.clean, roster.errors) == (6, 6, 0)
    pair = SecondOffice.objects.get()
    assert (pair.candidate.category, pair.through.category) == ("kader", "rt_head")


def test_offices_and_persons_are_both_counted_and_nobody_is_paid_for_twice(city):
    city.registered(*PEOPLE, AS_CADRE)
    assert Membership.objects.filter(person__name="ANI CONTOH").count() == 1
    figures = coverage(city.scheme, ON)
    rows = {row.group: (row.target, row.enrolled, row.second, row.gap) for row in figures.rows}
    assert rows == {"rt_head": (4, 3, 0, 1), "kader": (3, 2, 1, 0)}
    assert (figures.total.enrolled, figures.total.second, figures.total.gap) == (5, 1, 1)
    assert {row.group: row.second for row in coverage(city.scheme, ON, "unit").rows}["dinkes"] == 1


def test_the_same_office_twice_stays_a_mistake(city):
    city.list_of(*PEOPLE, PEOPLE[0])
    assert told() == {("rt_head", "pending", "layak"), ("rt_head", "pending", "tidak_layak")}
    assert not SecondOffice.objects.exists()


def test_a_later_list_names_the_second_office_of_a_participant(city):
    city.registered(*PEOPLE)
    city.list_of(AS_CADRE, name="kader.csv", unit="parigi")
    assert ("kader", "second", "layak") in told()
