"""What the demo leaves to do: one city in whose lists, files and bills every role finds work, and accounts of narrow reach.

After the day of its figures, Pangkalpinang begins to add its cleaners (from September) and reckons another month. Nothing
of this is covered or paid, so the figures of the demo stay as they are.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import polars as pl

from lindung.base.month import Month
from lindung.contributions import actions as money
from lindung.enrolment import actions as enrol
from lindung.enrolment.models import Membership
from lindung.enrolment.movement_lists import ROW
from lindung.registry import actions as register
from lindung.registry.audit import Actor
from lindung.registry.models import Employer, Scheme, Unit
from lindung.registry.queries import units_by_code
from lindung.samples import demo as invented
from lindung.samples.demo.later import SLUG, cleaners
from lindung.workflows.determinations import approve

# login, name (invented), role, scheme, unit: who sees one office alone
NARROW = [
    ("lurah", "Oki Contoh", "head", "tangsel-2019", "kecamatan-pamulang"),
    ("dlh", "Putri Contoh", "operator", SLUG, "dlh"),
]
EMPLOYER = ("perusahaan", "Rama Contoh")


def accounts(password: str, *, actor: Actor) -> None:
    """The accounts whose reach names a scheme, an office or an employer: after these are there."""
    for login, name, role, slug, code in NARROW:
        scheme = Scheme.objects.filter(slug=slug).first()
        unit = Unit.objects.filter(locality=scheme.locality_id, code=code).first() if scheme else None
        if unit:
            register.open_account(login, name, password, [(role, scheme, unit)], actor=actor, demo=True)
    scheme = Scheme.objects.filter(slug=invented.EMPLOYERS).first()
    employer = Employer.objects.filter(locality=scheme.locality_id).order_by("pk").first() if scheme else None
    if employer:
        reach = [("employer", scheme, None, employer)]
        register.open_account(*EMPLOYER, password, reach, actor=actor, demo=True)


def leave_open(by: Mapping[str, Actor]) -> None:
    """Work for everybody; `by` names who acts, by role. Does nothing when the city is not among the demo's."""
    scheme = Scheme.objects.filter(slug=SLUG).first()
    if scheme:
        _cleaners(scheme, by)
        _movements(scheme, by)
        _next_month(scheme, by)


def _cleaners(scheme: Scheme, by: Mapping[str, Actor]) -> None:
    """One list is with BPJS, one waits for approval, one for verification, one for a look, one to be mended."""
    unit = units_by_code(scheme)["dlh"]
    rosters = [
        enrol.receive(scheme, unit, file.filename, file.content, file.on, actor=by["operator"])
        for file in cleaners()
    ]
    enrol.check_rosters(rosters, actor=by["operator"])
    *proposed, to_review, _to_mend = rosters
    for at, roster in enumerate(proposed):
        enrol.propose_roster(roster, actor=by["operator"])
        enrol.accept_eligible(scheme, actor=by["office"])
        if at == len(proposed) - 1:
            enrol.send_check(scheme, "disdukcapil", segment="BPU", actor=by["office"])
        made = enrol.propose_determination(scheme, actor=by["office"])
        if at < 2:
            enrol.verify_determination(made, actor=by["legal"])
        if at < 1:
            approve(made, actor=by["approver"])
            number = invented.document_number(scheme.slug, None, made.sequence)
            enrol.sign_determination(
                made, number, date(2024, 8, 19), invented.SIGNER[scheme.slug], actor=by["office"]
            )
            for batch in enrol.prepare_batches(scheme, actor=by["office"]):
                enrol.mark_sent(batch, date(2024, 8, 21), actor=by["office"])
    enrol.propose_roster(to_review, actor=by["operator"])


def _movements(scheme: Scheme, by: Mapping[str, Actor]) -> None:
    heads = Membership.objects.filter(scheme=scheme, registration__isnull=False, category="rt_head").order_by(
        "pk"
    )
    told = [
        {"row": at, "nik": one.person.nik, "kind": "left", "happened_on": date(2024, 8, 9), "basis": "Pengganti dilantik (contoh)"}
        for at, one in enumerate(heads.select_related("person")[:3], 1)
    ]  # fmt: skip
    enrol.propose_movements(
        scheme, pl.DataFrame(told, schema=ROW), name="mutasi-agustus.csv", actor=by["operator"]
    )


def _next_month(scheme: Scheme, by: Mapping[str, Actor]) -> None:
    """August: the largest bills stand at one step of payment each, some are not paid at all, some have not come."""
    month = Month(2024, 8)
    reckoned = sorted(
        money.calculate(scheme, month, actor=by["office"]), key=lambda one: (-one.total, one.pk)
    )
    for at, calculation in enumerate(reckoned[: len(reckoned) // 2]):
        code = invented.payment_code(scheme.slug, calculation.unit.code, str(month), calculation.sequence)
        bill = money.record_bill(
            calculation, code, calculation.total, month.first + timedelta(days=14),
            month.first + timedelta(days=5), actor=by["treasurer"],
        )  # fmt: skip
        for step in money.STEPS[: max(0, 3 - at)]:
            number = f"{bill.pk:05d}/{step}/CONTOH/2024"
            money.pay(bill, step, number, month.first + timedelta(days=8), bill.amount, actor=by["treasurer"])
