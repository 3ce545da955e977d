"""What must not happen to people: named after a no, covered longer than decided, sent to a checker as members."""

from __future__ import annotations

from datetime import date

import pytest
from city import ON, PEOPLE

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment import queries
from lindung.enrolment.models import Candidate, Membership, Registration
from lindung.registry import actions as register
from lindung.registry.audit import Actor

pytestmark = pytest.mark.django_db


def code(work) -> str:
    with pytest.raises(Refused) as problem:
        work()
    return problem.value.code


def test_a_late_no_keeps_somebody_off_the_decree(city):
    city.accepted(*PEOPLE)
    check = enrol.send_check(city.scheme, "disdukcapil", segment="BPU", actor=city.hands["office"])
    made = enrol.propose_determination(city.scheme, actor=city.hands["office"])
    said = f"Ref,Sesuai,Hidup/Meninggal/Pindah\nDISDUKCAPIL-1-{check.rows.first().line},Ya,MENINGGAL\n\n".encode()
    enrol.read_check_answer(check, "a.csv", said, officer="x", answered_on=ON, actor=city.hands["office"])
    assert (
        code(lambda: enrol.verify_determination(made, actor=city.hands["legal"]))
        == "determination.fallen_out"
    )
    enrol.cancel_determination(made, actor=city.hands["office"])
    assert enrol.propose_determination(city.scheme, actor=city.hands["office"]).people == 4


def test_an_answer_with_semicolons_and_short_lines_is_read(city):
    city.accepted(*PEOPLE)
    check = enrol.send_check(city.scheme, "bpjs", segment="BPU", actor=city.hands["office"])
    said = b"Ref;Hasil;Alasan\nBPJS-1-1;Layak;\nBPJS-1-2\n\nBPJS-1-3;Tidak layak;sudah aktif\n"
    told = {"officer": "x", "answered_on": ON, "actor": city.hands["office"]}
    assert enrol.read_check_answer(check, "a.csv", said, **told) == (1, 1)


def test_members_are_not_sent_to_a_checker_again(city):
    city.signed(*PEOPLE)
    assert (
        code(lambda: enrol.send_check(city.scheme, "bpjs", segment="BPU", actor=city.hands["office"]))
        == "check.nobody"
    )


def test_a_determination_without_a_budget_is_refused(city):
    city.accepted(*PEOPLE)
    made = enrol.propose_determination(city.scheme, actor=city.hands["office"])
    enrol.verify_determination(made, actor=city.hands["legal"])
    assert (
        code(lambda: enrol.approve_determination(made, actor=city.hands["approver"], left={}))
        == "determination.over_budget"
    )


def test_cover_begins_with_the_month_of_the_act(city):
    city.accepted(*PEOPLE)
    made = enrol.propose_determination(city.scheme, actor=city.hands["office"])
    enrol.verify_determination(made, actor=city.hands["legal"])
    enrol.approve_determination(made, actor=city.hands["approver"])
    assert (
        code(lambda: enrol.sign_determination(made, "1", date(1, 1, 1), "x", actor=city.hands["office"]))
        == "date.implausible"
    )
    enrol.sign_determination(made, "1", date(2019, 12, 9), "x", actor=city.hands["office"])
    assert set(Membership.objects.values_list("starts_on", flat=True)) == {date(2019, 12, 1)}


def test_an_end_lies_within_the_membership(city):
    city.signed(*PEOPLE)
    one = Membership.objects.first()
    for day in (date(2020, 1, 1), date(2019, 10, 31)):
        assert (
            code(lambda day=day: enrol.end_membership(one, day, "died", actor=city.hands["office"]))
            == "membership.end_outside"
        )
    enrol.end_membership(one, date(2019, 12, 31), "died", actor=city.hands["office"])
    assert Membership.objects.get(pk=one.pk).ends_on == date(2019, 12, 31)


def test_a_nik_is_corrected_by_those_who_may_and_to_sixteen_digits(city):
    city.signed(*PEOPLE)
    person = Membership.objects.first().person
    assert code(lambda: enrol.correct_nik(person, "123", actor=city.hands["office"])) == "person.nik_form"
    assert (
        code(lambda: enrol.correct_nik(person, "3674031501805099", actor=city.hands["auditor"]))
        == "role.missing"
    )


def test_an_answer_without_nik_is_refused(city):
    city.signed(*PEOPLE)
    batch = enrol.prepare_batches(city.scheme, actor=city.hands["office"])[0]

    def work():
        return enrol.read_batch_answer(
            batch, "a.csv", b"KPJ,STATUS\n12345678901,VALID", ON, actor=city.hands["office"]
        )

    assert code(work) in ("answer.no_nik", "answer.no_person_column")
    assert Registration.objects.count() == 0


def test_who_has_warnings_only_waits_for_a_person(city):
    roster = city.list_of(*PEOPLE)
    with_warning = Candidate.objects.filter(roster=roster).first()
    from lindung.registry.audit import recorded

    with recorded(city.hands["operator"], "test"):
        Candidate.objects.filter(pk=with_warning.pk).update(result="perlu_klarifikasi")
    enrol.propose_roster(roster, actor=city.hands["operator"])
    assert enrol.accept_eligible(city.scheme, actor=city.hands["office"]) == (4, 0, 0)
    waiting = Candidate.objects.filter(review="pending")
    assert enrol.review(waiting, "accept", actor=city.hands["office"], scheme=city.scheme) == 1


def test_another_role_does_not_widen_what_an_operator_sees(city):
    city.registered(*PEOPLE)
    two = [("operator", city.scheme, city.units["parigi"]), ("checker", None, None)]
    mixed = register.open_account("campur", "Contoh", None, two, actor=Actor(None))
    assert queries.people_of(mixed).count() == 0
    assert queries.rosters_of(mixed, city.scheme).count() == 0
    lurah = register.open_account(
        "lurah", "Contoh", None, [("operator", city.scheme, city.units["pondok-jaya"])], actor=Actor(None)
    )
    assert queries.people_of(lurah).count() == 5
    assert {w.kind for w in queries.waiting_for(mixed)} <= {"checks_open"}
