"""Who was rejected goes to the office that sent them, with a day; who was mended or taken is gone from the list."""

from __future__ import annotations

from datetime import date

import pytest
from city import PEOPLE, answer

from lindung.base.refused import Refused
from lindung.enrolment import actions as enrol
from lindung.enrolment.models import Batch, Membership
from lindung.enrolment.rejection_queries import by_office, rejections_of

pytestmark = pytest.mark.django_db


def test_rejections_stand_under_their_sender_until_they_are_mended(city):
    city.signed(*PEOPLE)
    niks = [PEOPLE[0].split(",")[0], PEOPLE[2].split(",")[0]]
    office = city.hands["office"]
    for batch in enrol.prepare_batches(city.scheme, actor=office):
        reasons = dict.fromkeys(niks, "NIK tidak sesuai Adminduk")
        enrol.read_batch_answer(batch, "jawaban.csv", answer(batch, reasons), date(2019, 11, 8), actor=office)
    before, after = date(2019, 11, 20), date(2019, 11, 25)
    (one,) = by_office(rejections_of(city.scheme, before), before)
    assert (one.name, one.open, one.late, one.first) == ("Kelurahan Pondok Jaya", 2, 0, date(2019, 11, 22))
    assert rejections_of(city.scheme, after, late=True).count() == 2
    batch = Batch.objects.get(rows__nik=niks[0])
    with pytest.raises(Refused) as problem:
        enrol.set_deadline(batch, date(2019, 11, 7), actor=office)
    assert problem.value.code == "rejection.deadline_before"
    enrol.set_deadline(batch, date(2019, 12, 1), actor=office)
    assert [row.row.nik for row in rejections_of(city.scheme, after, late=True)] == [niks[1]]
    enrol.end_membership(
        Membership.objects.get(person__nik=niks[1]), date(2019, 11, 30), "rejected_by_bpjs", actor=office
    )
    assert [row.mend_by for row in rejections_of(city.scheme, after)] == [date(2019, 12, 1)]
    enrol.prepare_batches(city.scheme, actor=office)
    assert not rejections_of(city.scheme, after).exists()
