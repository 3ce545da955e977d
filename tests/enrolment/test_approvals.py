"""Several approve one after another; sender and office speak about a list; it is told who waits for whom."""

from __future__ import annotations

import pytest
from city import PEOPLE

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment.models import Candidate
from lindung.enrolment.who_waits import who_waits
from lindung.registry import actions as register
from lindung.registry.audit import Actor

pytestmark = pytest.mark.django_db


def test_two_levels_need_two_people_and_the_number_stays_meanwhile(city):
    office, first = city.hands["office"], city.hands["approver"]
    second = Actor(
        register.open_account("kedua", "Kedua", None, [("approver", None, None)], actor=Actor(None)),
        "approver",
    )
    enrol.set_approval_levels(city.scheme, 2, actor=city.hands["legal"])
    city.accepted(*PEOPLE)
    made = enrol.propose_determination(city.scheme, actor=office)
    enrol.verify_determination(made, actor=city.hands["legal"])
    enrol.approve_determination(made, actor=first)
    made.refresh_from_db()
    assert made.state == "verified"
    (stuck,) = [one for one in who_waits(office.user, city.scheme) if one.step == "approve"]
    assert (stuck.done, stuck.needed, stuck.people) == (1, 2, 5)
    for call, code in (
        (lambda: enrol.approve_determination(made, actor=first), "determination.own"),
        (lambda: enrol.set_approval_levels(city.scheme, 1, actor=office), "approval.under_way"),
        (lambda: enrol.set_approval_levels(city.scheme, 9, actor=office), "approval.levels"),
    ):
        with pytest.raises(Refused) as problem:
            call()
        assert problem.value.code == code
    enrol.approve_determination(made, actor=second)
    made.refresh_from_db()
    assert (made.state, made.approved_by) == ("approved", second.user)
    assert list(made.approvals.values_list("level", "approved_by__login")) == [(1, "approver"), (2, "kedua")]


def test_it_is_told_who_must_act_on_whose_list(city):
    office = city.hands["office"]
    roster = city.list_of(*PEOPLE)
    steps = lambda: {one.step: (one.unit, one.people) for one in who_waits(office.user, city.scheme)}  # noqa: E731
    assert steps() == {"propose": ("Kelurahan Pondok Jaya", 5)}
    enrol.propose_roster(roster, actor=city.hands["operator"])
    two = Candidate.objects.filter(name__startswith="A")
    enrol.review(two, "send_back", reason="KTP buram", actor=office, scheme=city.scheme)
    assert steps() == {"review": ("Kelurahan Pondok Jaya", 4), "mend": ("Kelurahan Pondok Jaya", 1)}
    enrol.accept_eligible(city.scheme, actor=office)
    enrol.propose_determination(city.scheme, actor=office)
    assert steps() == {"verify": ("", 4), "mend": ("Kelurahan Pondok Jaya", 1)}


def test_a_comment_is_taken_back_by_its_writer_only(city):
    roster = city.list_of(*PEOPLE)
    person = Candidate.objects.first()
    said = enrol.write_comment(roster, "  Lampirkan  KTP ", candidate=person, actor=city.hands["office"])
    assert (said.text, said.candidate) == ("Lampirkan KTP", person)
    for call, code in (
        (lambda: enrol.write_comment(roster, " ", actor=city.hands["office"]), "comment.empty"),
        (lambda: enrol.take_back_comment(said, actor=city.hands["operator"]), "comment.others"),
        (lambda: enrol.write_comment(roster, "x", actor=city.hands["auditor"]), "role.missing"),
    ):
        with pytest.raises(Refused) as problem:
            call()
        assert problem.value.code == code
    assert enrol.take_back_comment(said, actor=city.hands["office"]).taken_back_at
