"""A month's report adds up, and the next month begins where it ended."""

from __future__ import annotations

from datetime import date

import pytest
from city import PEOPLE

from lindung.base.month import Month
from lindung.enrolment import actions as enrol
from lindung.enrolment import movement_lists
from lindung.enrolment.changes import Movement
from lindung.workflows.movements import LEFT, movement_report, movements_of_month

pytestmark = pytest.mark.django_db
ANI, BUDI, CITRA, DEWI, EKO = (row.split(",")[0] for row in PEOPLE)
NEW = "3674031206885006,FAJAR CONTOH,12-06-1988,L,1,2,Pondok Jaya,Ketua RT"


def test_start_and_joined_less_left_is_the_end(city):
    city.registered(*PEOPLE)
    city.accepted(NEW, name="baru.csv")
    rows = (
        f"{ANI},meninggal,20-11-2019,Akta 1,,", f"{EKO},ganti,30-11-2019,SK Lurah 7,,{NEW[:16]}",
        f"{CITRA},PPPK,10-12-2019,SK 3,,", f"{DEWI},upah,01-12-2019,SK 8,2500000,",
    )  # fmt: skip
    read = movement_lists.read(
        "m.csv", "\n".join(["NIK,Sebab,Tanggal,Dasar,Upah,NIK pengganti", *rows]).encode()
    )
    enrol.propose_movements(city.scheme, read, actor=city.hands["operator"])
    enrol.confirm_movements(
        city.scheme, Movement.objects.all(), date(2019, 11, 25), actor=city.hands["office"]
    )
    shown = {}
    for month in (10, 11, 12):
        table = movement_report(city.scheme, Month(2019, month))
        (row,) = movements_of_month(city.scheme, Month(2019, month)).to_dicts() or [{}]
        shown[month] = {key: value for key, value in row.items() if value}
        assert (table.totals or []).count(None) == 2
    assert shown == {
        10: {},
        11: {"place": "Pondok Jaya", "joined": 5, "died": 1, "replaced": 1, "end": 3},
        12: {"place": "Pondok Jaya", "start": 3, "joined": 1, "became_asn": 1, "expired": 3},
    }
    assert set(LEFT) >= {"died", "moved", "became_asn", "other_payer", "replaced"}
