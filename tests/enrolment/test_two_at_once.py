"""Two people press the same button: one wins, the other is told, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import polars as pl
from city import ON, PEOPLE, answer, csv
from django.db import connection

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.contributions import actions as money
from lindung.contributions.models import Line
from lindung.enrolment import actions as enrol
from lindung.enrolment import movement_lists
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import BatchRow, Membership, Registration, Roster
from lindung.registry import actions as register
from lindung.registry import audit

WAITS = "3674031306885012,HADI CONTOH,13-06-1988,L,1,2,Pondok Jaya,Ketua RT"


def together(*works: Callable[[], object]) -> list[str]:
    """Run them at the same moment, each on its own connection; "ok" or the code of the refusal, sorted."""
    gate = Barrier(len(works))

    def one(work: Callable[[], object]) -> str:
        gate.wait()
        try:
            work()
        except Refused as problem:
            return problem.code
        finally:
            connection.close()
        return "ok"

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(one, works))


def test_each_step_happens_once(committed_city):
    city = committed_city
    operator, office, treasurer = (city.hands[name] for name in ("operator", "office", "treasurer"))

    def receive() -> Roster:
        return enrol.receive(city.scheme, city.units["parigi"], "a.csv", csv(*PEOPLE), ON, actor=operator)

    assert together(receive, receive) == ["ok", "roster.again"]
    roster = Roster.objects.get()
    enrol.check_rosters([roster], actor=operator)
    assert together(*[lambda: enrol.propose_roster(Roster.objects.get(), actor=operator)] * 2) == [
        "ok",
        "record.changed",
    ]
    enrol.accept_eligible(city.scheme, actor=office)
    assert together(*[lambda: enrol.propose_determination(city.scheme, actor=office)] * 2) == [
        "determination.nobody",
        "ok",
    ]
    made = city.scheme.determinations.get()
    enrol.verify_determination(made, actor=city.hands["legal"])
    enrol.approve_determination(made, actor=city.hands["approver"])

    def sign() -> int:
        return enrol.sign_determination(
            city.scheme.determinations.get(), "1", date(2019, 11, 4), "x", actor=office
        )

    assert together(sign, sign) == ["ok", "record.changed"]
    assert Membership.objects.count() == 5
    assert together(*[lambda: enrol.prepare_batches(city.scheme, actor=office)] * 2) == ["batch.nobody", "ok"]
    assert BatchRow.objects.count() == 5
    for batch in city.scheme.batches.all():
        said = answer(batch)
        read = lambda batch=batch, said=said: enrol.read_batch_answer(batch, "a.csv", said, ON, actor=office)  # noqa: E731
        assert together(read, read) == ["ok", "ok"]
    assert Registration.objects.count() == 5
    month = lambda: money.calculate(city.scheme, Month(2019, 11), actor=office)  # noqa: E731
    assert together(month, month) == ["calculation.nobody", "ok"]
    assert Line.objects.count() == 5
    calculation = city.scheme.calculations.first()

    def bill() -> object:
        return money.record_bill(calculation, "12345678901", calculation.total, ON, ON, actor=treasurer)

    assert together(bill, bill) == ["bill.there_already", "ok"]

    def pay() -> object:
        return money.pay(calculation.bill, "SPP", "1", ON, calculation.total, actor=treasurer)

    assert together(pay, pay) == ["ok", "payment.again"]
    assert list(audit.problems()) == []


def test_movements_happen_once(committed_city):
    city = committed_city
    operator, office = city.hands["operator"], city.hands["office"]
    city.registered(*PEOPLE)
    waits = enrol.receive(city.scheme, city.units["parigi"], "tunggu.csv", csv(WAITS), ON, actor=operator)
    enrol.check_rosters([waits], actor=operator)
    enrol.propose_roster(waits, actor=operator)
    enrol.review(waits.candidates.all(), "wait", actor=office, scheme=city.scheme)
    ani, budi = (row[:16] for row in PEOPLE[:2])
    told = pl.DataFrame(
        {
            "nik": [budi],
            "name": ["BUDI CONTOH"],
            "birth_date": [None],
            "died_on": [date(2019, 11, 20)],
            "certificate": ["1"],
        },
        schema_overrides={"birth_date": pl.Date},
    )
    register.tell_deaths(told, actor=office)
    read = movement_lists.read("m.csv", f"NIK,Sebab,Tanggal,Dasar\n{ani},pindah,20-11-2019,Surat 1".encode())
    last, first = date(2019, 11, 30), date(2019, 12, 1)
    steps = [
        lambda: enrol.propose_movements(city.scheme, read, actor=operator),
        lambda: enrol.propose_from_records(city.scheme, last, actor=office),
        lambda: enrol.confirm_movements(city.scheme, Movement.objects.all(), last, actor=office),
        lambda: enrol.propose_replacements(city.scheme, first, actor=office),
        lambda: enrol.confirm_movements(city.scheme, Movement.objects.all(), last, actor=office),
    ]
    for step in steps:
        assert together(step, step) == ["ok", "ok"]
    assert sorted(Movement.objects.values_list("kind", "state")) == [
        ("died", "confirmed"), ("joined", "confirmed"), ("moved", "confirmed"),
    ]  # fmt: skip
    assert Membership.objects.count() == 6
    undo = lambda: enrol.undo_movements(city.scheme, Movement.objects.all(), actor=office)  # noqa: E731
    assert together(undo, undo) == ["ok", "ok"]
    assert set(Movement.objects.values_list("state", flat=True)) == {"proposed"}
    assert Membership.objects.count() == 5
    assert together(steps[2], steps[2]) == ["ok", "ok"]
    assert Membership.objects.count() == 6
    minutes = lambda: enrol.prepare_minutes(city.scheme, last, actor=office)  # noqa: E731
    assert together(minutes, minutes) == ["amendment.nothing", "ok"]
    files = lambda: enrol.prepare_movement_files(city.scheme, actor=office)  # noqa: E731
    assert together(files, files) == ["batch.no_movements", "ok"]
    assert list(audit.problems()) == []


def test_a_movement_is_confirmed_or_declined_but_not_both(committed_city):
    city = committed_city
    city.registered(*PEOPLE)
    read = movement_lists.read(
        "m.csv", f"NIK,Sebab,Tanggal,Dasar\n{PEOPLE[0][:16]},pindah,20-11-2019,Surat 1".encode()
    )
    enrol.propose_movements(city.scheme, read, actor=city.hands["operator"])
    movements = Movement.objects.all()
    together(
        lambda: enrol.confirm_movements(
            city.scheme, movements, date(2019, 11, 30), actor=city.hands["office"]
        ),
        lambda: enrol.decline_movements(city.scheme, movements, "salah", actor=city.hands["operator"]),
    )
    ended = Membership.objects.filter(end_reason="moved").count()
    assert ended == (Movement.objects.get().state == "confirmed")
