"""The yearly confirmation: every sender is asked, who is gone becomes a movement, an answer is taken back with its movements."""

from __future__ import annotations

from datetime import date

import pytest
from city import ON, PEOPLE

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Membership
from lindung.enrolment.queries import waiting_for
from lindung.enrolment.round_queries import senders_of

pytestmark = pytest.mark.django_db
DUE = date(2019, 12, 15)


def figures(round) -> list[tuple[str, int, int, int, str]]:
    return [(s.name, s.asked, s.answered, s.left, s.state) for s in senders_of(round)]


def tasks(city, role: str) -> set[str]:
    user = city.hands[role].user
    user.__dict__.pop("_roles_read", None)
    return {one.kind for one in waiting_for(user)}


def test_who_is_gone_becomes_a_movement_and_an_answer_is_taken_back(city):
    city.registered(*PEOPLE)
    office, sender = city.hands["office"], city.hands["operator"]
    round = enrol.open_round(city.scheme, 2020, ON, DUE, actor=office)
    unit = city.units["pondok-jaya"]
    assert figures(round) == [("Kelurahan Pondok Jaya", 5, 0, 0, "open")]
    assert "lists_to_confirm" in tasks(city, "operator")
    ani = Membership.objects.get(person__name="ANI CONTOH")
    with pytest.raises(Refused) as problem:
        enrol.answer_round(round, unit, {ani.pk: "died"}, actor=sender)
    assert problem.value.code == "movement.no_date"
    told = {"happened_on": date(2019, 11, 20), "basis": "Akta kematian 7/2019", "on_paper": True}
    assert enrol.answer_round(round, unit, {ani.pk: "died"}, **told, actor=sender) == (4, 1)
    assert figures(round) == [("Kelurahan Pondok Jaya", 5, 5, 1, "done")]
    assert "lists_to_confirm" not in tasks(city, "operator")
    movement = Movement.objects.get(membership=ani)
    assert (movement.kind, movement.state, movement.basis) == ("died", "proposed", "Akta kematian 7/2019")
    with pytest.raises(Refused) as problem:
        enrol.answer_round(round, unit, {}, actor=sender)
    assert problem.value.code == "round.nobody"
    assert enrol.undo_round_answer(round, unit, actor=sender) == 5
    movement.refresh_from_db()
    assert (movement.state, figures(round)[0][2]) == ("declined", 0)
    assert enrol.answer_round(round, unit, {}, only=[ani.pk], actor=sender) == (1, 0)
    assert figures(round)[0][2:] == (1, 0, "partly")
    assert enrol.answer_round(round, unit, {}, actor=sender) == (4, 0)


def test_refusals_and_reminders(city):
    city.registered(*PEOPLE)
    office = city.hands["office"]
    with pytest.raises(Refused) as problem:
        enrol.open_round(city.scheme, 2020, ON, date(2019, 11, 1), actor=office)
    assert problem.value.code == "round.due"
    round = enrol.open_round(city.scheme, 2020, ON, DUE, actor=office)
    with pytest.raises(Refused) as problem:
        enrol.open_round(city.scheme, 2020, ON, DUE, actor=office)
    assert problem.value.code == "round.there"
    unit = city.units["pondok-jaya"]
    with pytest.raises(Refused) as problem:
        enrol.answer_round(round, unit, {0: "died"}, happened_on=ON, actor=city.hands["operator"])
    assert problem.value.code == "round.unknown"
    assert Movement.objects.count() == 0
    before = senders_of(round)[0].reminded_at
    assert enrol.remind_round(round, [unit.pk], actor=office) == 1
    assert senders_of(round)[0].reminded_at >= before
