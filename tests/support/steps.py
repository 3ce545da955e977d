"""Every step of a list on its way to members, changes and money, as one call: run by a test, or by a child that is killed.

    python tests/support/steps.py STEP middle|after

`middle` dies by SIGKILL when everything is written and nothing committed; `after` dies when it is committed and nobody
was told.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from datetime import date

if __name__ == "__main__":
    import django

    django.setup()

from city import ON, PEOPLE, SCHEME, answer, csv

NEW = "3674031206885006,FAJAR CONTOH,12-06-1988,L,1,2,Pondok Jaya,Ketua RT"
WAITS = "3674031306885012,HADI CONTOH,13-06-1988,L,1,2,Pondok Jaya,Ketua RT"
ENTERED = "3674031406885013"
LAST = date(2019, 11, 30)
SIGNER = {"name": "Contoh", "title": "Sekretaris Daerah"}


class Office:
    """The city of the tests as a process finds it that knows only the database."""

    def __init__(self) -> None:
        from lindung.registry.audit import Actor
        from lindung.registry.models import Scheme, User
        from lindung.registry.queries import units_by_code

        self.scheme = Scheme.objects.select_related("locality").get(slug="contoh-2019")
        self.units = units_by_code(self.scheme)
        self.by = {user.login: Actor(user, user.login) for user in User.objects.all()}

    def roster(self, name: str):
        return self.scheme.rosters.get(file__name=name)


def receive(o: Office) -> None:
    from lindung.enrolment import actions

    unit = o.units["pondok-jaya"]
    actions.receive(o.scheme, unit, "daftar.csv", csv(*PEOPLE), ON, actor=o.by["operator"])


def check(o: Office) -> None:
    from lindung.enrolment import actions

    actions.check_rosters([o.roster("daftar.csv")], actor=o.by["operator"])


def propose(o: Office) -> None:
    from lindung.enrolment import actions

    actions.propose_roster(o.roster("daftar.csv"), actor=o.by["operator"])


def accept(o: Office) -> None:
    from lindung.enrolment import actions

    actions.accept_eligible(o.scheme, actor=o.by["office"])


def send_check(o: Office) -> None:
    from lindung.enrolment import actions

    actions.send_check(o.scheme, "disdukcapil", segment="BPU", actor=o.by["office"])


def answer_check(o: Office) -> None:
    from lindung.enrolment import actions

    sent = o.scheme.checks.get()
    lines = [f"DISDUKCAPIL-1-{line},YA" for line in sent.rows.order_by("line").values_list("line", flat=True)]
    said = "\n".join(["Ref,Sesuai", *lines]).encode()
    actions.read_check_answer(sent, "j.csv", said, officer="Contoh", answered_on=ON, actor=o.by["office"])


def determine(o: Office) -> None:
    from lindung.enrolment import actions

    actions.propose_determination(o.scheme, checkers=["disdukcapil"], actor=o.by["office"])


def verify(o: Office) -> None:
    from lindung.enrolment import actions

    actions.verify_determination(o.scheme.determinations.get(), actor=o.by["legal"])


def approve(o: Office) -> None:
    from lindung.workflows.determinations import approve as within_budget

    within_budget(o.scheme.determinations.get(), actor=o.by["approver"])


def sign(o: Office) -> None:
    from lindung.enrolment import actions

    made = o.scheme.determinations.get()
    actions.sign_determination(made, "100/CONTOH", date(2019, 11, 4), "Contoh", actor=o.by["office"])


def send(o: Office) -> None:
    from lindung.enrolment import actions

    actions.prepare_batches(o.scheme, actor=o.by["office"])


def read_answer(o: Office) -> None:
    from lindung.enrolment import actions

    for batch in o.scheme.batches.filter(format="bpu_v11").order_by("pk"):
        actions.read_batch_answer(
            batch, "jawaban.csv", answer(batch), date(2019, 11, 8), actor=o.by["office"]
        )


def calculate(o: Office) -> None:
    from lindung.base.month import Month
    from lindung.contributions import actions

    actions.calculate(o.scheme, Month(2019, 11), actor=o.by["office"])


def bill(o: Office) -> None:
    from lindung.contributions import actions

    made = o.scheme.calculations.order_by("pk").first()
    actions.record_bill(made, "12345678901", made.total, ON, ON, actor=o.by["treasurer"])


def pay(o: Office) -> None:
    from lindung.contributions import actions

    made = o.scheme.calculations.order_by("pk").first()
    actions.pay(made.bill, "SPP", "1", ON, made.total, actor=o.by["treasurer"])


def others_wait(o: Office) -> None:
    """Not a step of its own: two more people on checked lists, who come in by movements."""
    from lindung.enrolment import actions
    from lindung.enrolment.models import Candidate

    for name, row, unit in (("baru.csv", NEW, "pondok-jaya"), ("tunggu.csv", WAITS, "parigi")):
        made = actions.receive(o.scheme, o.units[unit], name, csv(row), ON, actor=o.by["operator"])
        actions.check_rosters([made], actor=o.by["operator"])
        actions.propose_roster(made, actor=o.by["operator"])
        actions.review(Candidate.objects.filter(roster=made), "wait", actor=o.by["office"], scheme=o.scheme)


def move(o: Office) -> None:
    from lindung.enrolment import actions, movement_lists

    ani, budi, citra = (row[:16] for row in PEOPLE[:3])
    rows = (
        "NIK,Sebab,Tanggal,Dasar,Upah,NIK pengganti", f"{ani},ganti,30-11-2019,SK Lurah 7,,{NEW[:16]}",
        f"{budi},meninggal,20-11-2019,Akta 1,,", f"{citra},pindah,20-11-2019,Surat 2,,",
    )  # fmt: skip
    read = movement_lists.read("mutasi.csv", "\n".join(rows).encode())
    actions.propose_movements(o.scheme, read, actor=o.by["operator"])


def confirm(o: Office) -> None:
    from lindung.enrolment import actions
    from lindung.enrolment.changes import Movement

    actions.confirm_movements(o.scheme, Movement.objects.all(), LAST, actor=o.by["office"])


def movement_files(o: Office) -> None:
    from lindung.enrolment import actions

    actions.prepare_movement_files(o.scheme, actor=o.by["office"])


def confirm_again(o: Office) -> None:
    confirm(o)


def files_again(o: Office) -> None:
    movement_files(o)


def refill(o: Office) -> None:
    from lindung.enrolment import actions

    actions.propose_replacements(o.scheme, date(2019, 12, 1), actor=o.by["office"])


def undo(o: Office) -> None:
    """Everything that was confirmed waits again; a second time nothing is confirmed."""
    from lindung.enrolment import actions
    from lindung.enrolment.changes import Movement

    actions.undo_movements(o.scheme, Movement.objects.filter(state="confirmed"), actor=o.by["office"])


def withdraw(o: Office) -> None:
    from lindung.enrolment import actions

    for batch in o.scheme.batches.filter(format="bpu_keluar", state="prepared").order_by("pk"):
        actions.withdraw_batch(batch, actor=o.by["office"])


def enter(o: Office) -> None:
    from lindung.enrolment import actions

    facts = {"nik": ENTERED[:16], "name": "GITA CONTOH", "birth_date": "14-06-1988", "sex": "L", "rt": "3", "rw": "2",
             "kelurahan": "Pondok Jaya", "category": "rt_head"}  # fmt: skip
    actions.enter_person(
        o.scheme, o.units["pondok-jaya"], facts, date(2019, 12, 1), "SK 5", actor=o.by["operator"]
    )


def minutes(o: Office) -> None:
    from lindung.enrolment import actions

    actions.prepare_minutes(o.scheme, LAST, actor=o.by["office"])


def sign_minutes(o: Office) -> None:
    from lindung.enrolment import actions

    paper = o.scheme.amendments.get(kind="minutes")
    actions.sign_amendment(paper, "BA/1", LAST, SIGNER, actor=o.by["office"])


def amend(o: Office) -> None:
    from lindung.enrolment import actions

    actions.prepare_amendment(o.scheme, LAST, actor=o.by["office"])


def longer(o: Office) -> None:
    from lindung.registry import actions

    text = SCHEME.replace("until: 2019-12-31", "until: 2020-12-31")
    actions.load_scheme(text, "contoh.yaml", actor=o.by["office"])


def extend(o: Office) -> None:
    from lindung.enrolment import actions

    actions.extend_memberships(o.scheme, "Perwal 1/2020", actor=o.by["office"])


STEPS: dict[str, Callable[[Office], None]] = {
    step.__name__: step
    for step in (
        receive, check, propose, accept, send_check, answer_check, determine, verify, approve, sign, send, read_answer,
        calculate, bill, pay, others_wait, move, confirm, undo, confirm_again, movement_files, withdraw, files_again, enter, refill, minutes, sign_minutes, amend, longer,
        extend,
    )
}  # fmt: skip


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def main(name: str, point: str) -> None:
    from lindung.registry import audit

    if point == "middle":
        audit._close = lambda *_: die()
    STEPS[name](Office())
    die()


if __name__ == "__main__":
    main(*sys.argv[1:])
