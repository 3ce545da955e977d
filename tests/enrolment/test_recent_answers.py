"""Only answers that are there and recent let people be named; the board says whom each checker still owes an answer."""

from __future__ import annotations

from datetime import date

import pytest
from city import PEOPLE, SCHEME

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment.check_queries import checks_board
from lindung.enrolment.models import Candidate, CheckAnswer
from lindung.registry import actions as register
from lindung.registry.audit import Actor

pytestmark = pytest.mark.django_db
ASKED = SCHEME.replace("track: decree\n", "track: decree\nchecks: {bpjs: 30}\namend_every: 3\n")


def answered(city, check, on: date, no: tuple[int, ...] = (), lines: range = range(1, 6)):
    rows = [f"BPJS-{check.number}-{n},{'TIDAK' if n in no else 'YA'},Aktif di PT" for n in lines]
    content = "\n".join(["Ref,Hasil,Alasan", *rows]).encode()
    return enrol.read_check_answer(
        check, f"jawaban-{on}.csv", content, officer=f"Petugas {on.day}", answered_on=on, actor=city.hands["office"]
    )  # fmt: skip


def sent(city, on: date):
    return enrol.send_check(city.scheme, "bpjs", segment="BPU", on=on, actor=city.hands["office"])


def named(city, on: date):
    return enrol.propose_determination(city.scheme, on=on, actor=city.hands["office"])


def test_who_was_not_answered_or_too_long_ago_is_not_named(city):
    register.load_scheme(ASKED, "contoh.yaml", actor=Actor(None))
    city.accepted(*PEOPLE)
    check = sent(city, date(2019, 10, 1))
    with pytest.raises(Refused) as problem:
        named(city, date(2019, 10, 20))
    assert problem.value.code == "determination.unanswered"
    assert answered(city, check, date(2019, 10, 4), lines=range(1, 3)) == (2, 0)
    assert answered(city, check, date(2019, 10, 25), no=(5,), lines=range(3, 6)) == (2, 1)
    kept = dict(CheckAnswer.objects.values_list("row__line", "answered_on"))
    assert (kept[1], kept[4]) == (date(2019, 10, 4), date(2019, 10, 25))
    assert CheckAnswer.objects.values("file", "officer").distinct().count() == 2
    (board,) = checks_board(city.scheme, {"bpjs": 30}, date(2019, 11, 10))
    assert (board.asked, board.open, board.passed, board.stale, board.recent, board.not_asked) == (
        4, 0, 4, 2, 2, 0,
    )  # fmt: skip
    assert (board.median_days, board.answers, board.oldest_on) == (24, 5, date(2019, 10, 4))
    made = named(city, date(2019, 11, 10))
    assert made.people == 2
    again = sent(city, date(2019, 11, 11))
    assert again.rows.count() == 2
    answered(city, again, date(2019, 11, 12), lines=range(1, 3))
    assert named(city, date(2019, 11, 13)).people == 2


def test_who_failed_and_was_accepted_again_is_asked_again(city):
    register.load_scheme(ASKED, "contoh.yaml", actor=Actor(None))
    city.accepted(*PEOPLE)
    answered(city, sent(city, date(2019, 11, 1)), date(2019, 11, 4), no=(2,))
    back = Candidate.objects.get(review="returned")
    assert back.review_reason.endswith(": Aktif di PT")
    with pytest.raises(Refused, match=r"."):
        sent(city, date(2019, 11, 5))
    enrol.review(
        Candidate.objects.filter(pk=back.pk), "accept", reason="Keluar dari PT", actor=city.hands["office"], scheme=city.scheme
    )  # fmt: skip
    again = sent(city, date(2019, 11, 6))
    assert list(again.rows.values_list("candidate", flat=True)) == [back.pk]
    assert named(city, date(2019, 11, 7)).people == 4
