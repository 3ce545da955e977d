"""Two people press the same button: one wins, the other is told, nothing is doubled."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from city import ON, PEOPLE, answer, csv
from django.db import connection

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.contributions import actions as money
from lindung.contributions.models import Line
from lindung.enrolment import actions as enrol
from lindung.enrolment.models import BatchRow, Membership, Registration, Roster
from lindung.registry import audit


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
