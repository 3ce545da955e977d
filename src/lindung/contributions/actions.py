"""Budgets are set, months are reckoned, bills come in, and are paid step by step."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db.models import Max

from lindung import law
from lindung.base.messages import sentence
from lindung.base.money import LARGEST, rupiah
from lindung.base.month import Month, plausible
from lindung.base.refused import Refused
from lindung.contributions.frames import billable_members
from lindung.contributions.models import Bill, Budget, Calculation, Line, Payment
from lindung.contributions.queries import left_of_budget
from lindung.enrolment import pricing
from lindung.registry import audit, files, frames
from lindung.registry.access import actor_may
from lindung.registry.audit import Actor, recorded
from lindung.registry.models import Scheme, Unit
from lindung.registry.queries import current_version, rules_of

STEPS = ["SPP", "SPM", "SP2D", "proof"]
AMOUNTS = ["base", "jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker", "total"]


def set_budget(
    scheme: Scheme,
    unit: Unit,
    year: int,
    account_code: str,
    amount: int,
    *,
    programmes: str = "JKK,JKM",
    stage: str = "murni",
    invented: bool = False,
    actor: Actor,
) -> Budget:
    """Record what a unit may spend under an account code (whole rupiah). The same again changes nothing."""
    actor_may(actor, "set_budget", scheme)
    if not 0 <= amount <= LARGEST:
        raise Refused("budget.negative", {"amount": rupiah(amount)})
    if stage not in Budget.STAGES or not 2000 <= year <= 2100:
        raise Refused("budget.unclear", {"stage": stage, "year": year, "stages": ", ".join(Budget.STAGES)})
    with recorded(actor, "set_budget") as entry:
        budget, _ = Budget.objects.update_or_create(
            scheme=scheme,
            unit=unit,
            year=year,
            account_code=account_code,
            stage=stage,
            defaults={"amount": amount, "programmes": programmes, "invented": invented},
        )
        entry.about(budget, amount=amount)
    return budget


def calculate(scheme: Scheme, month: Month, *, actor: Actor) -> list[Calculation]:
    """Reckon one month of everybody whom BPJS accepted and who is not reckoned yet: one calculation per payer unit.

    People without a readable wage are counted as unpriced and not billed. Raises Refused("calculation.nobody",
    "calculation.not_in_force").
    """
    actor_may(actor, "calculate", scheme)
    with recorded(actor, "calculate") as entry:
        Scheme.objects.select_for_update(no_key=True).get(pk=scheme.pk)
        version = current_version(scheme)
        rules = rules_of(version)
        if month.last < rules.period.from_ or (rules.period.until and month.first > rules.period.until):
            raise Refused(
                "calculation.not_in_force", {"document": rules.document.title["id"], "month": str(month)}
            )
        rows = billable_members(scheme, month.first)
        if rows.is_empty():
            raise Refused("calculation.nobody", {"month": str(month)})
        rows = pricing.monthly(rows, month.first)
        made = []
        for (unit,), group in rows.group_by(["unit_id"], maintain_order=True):
            priced = group.filter(pl.col("total").is_not_null())
            if priced.is_empty():
                continue
            workers = int(priced.select(pricing.worker_share()).to_series().sum())
            total = int(priced["total"].sum())
            before = Calculation.objects.filter(scheme=scheme, unit_id=unit, month=month.first).aggregate(
                n=Max("sequence")
            )["n"]
            calculation = Calculation.objects.create(
                scheme=scheme,
                version=version,
                unit_id=unit,
                month=month.first,
                sequence=0 if before is None else before + 1,
                law_version=law.version(),
                people=priced.height,
                unpriced=group.height - priced.height,
                city=total - workers,
                workers=workers,
                total=total,
                calculated_by=actor.user,
            )
            frames.write(
                Line,
                priced.select(
                    "membership_id",
                    *AMOUNTS,
                    calculation_id=pl.lit(calculation.pk),
                    month=pl.lit(month.first),
                ),
            )
            made.append(calculation)
        entry.about(*made, month=str(month), total=sum(c.total for c in made))
    return made


def record_bill(
    calculation: Calculation,
    code: str,
    amount: int,
    pay_by: date,
    received_on: date,
    *,
    file: tuple[str, bytes] | None = None,
    actor: Actor,
) -> Bill:
    """Record BPJS's own bill beside our calculation, and say the difference in words.

    Raises Refused: "bill.not_positive", "bill.again", "bill.there_already", "bill.no_budget", "bill.over_budget".
    """
    actor_may(actor, "record_bill", calculation.scheme)
    if not 0 < amount <= LARGEST:
        raise Refused("bill.not_positive", {"amount": rupiah(amount)})
    plausible(pay_by)
    plausible(received_on)
    with recorded(actor, "record_bill") as entry:
        Calculation.objects.select_for_update().get(pk=calculation.pk)
        if there := Bill.objects.filter(calculation=calculation).first():
            raise Refused("bill.there_already", {"code": there.code})
        if Bill.objects.filter(code=code).exists():
            raise Refused("bill.again", {"code": code})
        _refuse_over_budget(calculation, amount)
        bill = Bill.objects.create(
            calculation=calculation,
            code=code,
            amount=amount,
            pay_by=pay_by,
            received_on=received_on,
            file=files.keep(file[1], file[0]) if file else None,
            recorded_by=actor.user,
            audit_head=audit.head(),
        )
        entry.about(bill, difference=amount - calculation.total)
    return bill


def _refuse_over_budget(calculation: Calculation, amount: int) -> None:
    """The worker's own share is not the city's money; what BPJS bills beyond it must fit into the unit's budget."""
    year, unit = calculation.month.year, calculation.unit
    # one bill of a unit at a time, so that two at once cannot both see the same remainder
    Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    left = left_of_budget(calculation.scheme, unit, year)
    if left is None:
        raise Refused("bill.no_budget", {"unit": unit.name, "year": year})
    need = amount - calculation.workers
    if need > left:
        raise Refused(
            "bill.over_budget",
            {
                "unit": unit.name,
                "amount": rupiah(need),
                "left": rupiah(left),
                "year": year,
                "short": rupiah(need - left),
            },
        )


def difference(calculation: Calculation, amount: int) -> tuple[str, dict[str, str]]:
    """The code and the arguments of the sentence that explains BPJS's amount against ours."""
    gap = amount - calculation.total
    if gap == 0:
        return "bill.equal", {}
    lines = Line.objects.filter(calculation=calculation).values_list("total", flat=True).distinct()[:2]
    each = lines[0] if len(lines) == 1 else None
    if each and gap % each == 0:
        code = "bill.more" if gap > 0 else "bill.less"
        return code, {"difference": rupiah(abs(gap)), "people": str(abs(gap) // each), "each": rupiah(each)}
    signed = ("+" if gap > 0 else "") + rupiah(gap)
    return "bill.differs", {"difference": signed}


def explanation(bill: Bill, lang: str | None = None) -> str:
    return sentence(*difference(bill.calculation, bill.amount), lang)


def pay(
    bill: Bill,
    step: str,
    number: str,
    dated: date,
    amount: int,
    *,
    file: tuple[str, bytes] | None = None,
    actor: Actor,
) -> Payment:
    """Record one step: SPP, SPM, SP2D, proof, in this order. With the proof the month counts as paid on that day.

    Raises Refused("payment.order", "payment.again", "payment.amount", "payment.date").
    """
    scheme = bill.calculation.scheme
    actor_may(actor, f"pay_{step}" if step in STEPS else "pay", scheme)
    shown = dict(Payment.STEPS)
    plausible(dated)
    with recorded(actor, "pay") as entry:
        Bill.objects.select_for_update().get(pk=bill.pk)
        done = {payment.step: payment for payment in bill.payments.all()}
        if step in done:
            raise Refused("payment.again", {"step": shown[step], "number": done[step].number})
        before = STEPS[STEPS.index(step) - 1] if step != STEPS[0] else None
        if before and before not in done:
            raise Refused("payment.order", {"step": shown[step], "before": shown[before]})
        if amount != bill.amount:
            raise Refused(
                "payment.amount", {"step": shown[step], "amount": rupiah(amount), "bill": rupiah(bill.amount)}
            )
        if before and dated < done[before].dated:
            args = {
                "step": shown[step],
                "dated": f"{dated:%d-%m-%Y}",
                "before": shown[before],
                "earlier": f"{done[before].dated:%d-%m-%Y}",
            }
            raise Refused("payment.date", args)
        payment = Payment.objects.create(
            bill=bill,
            step=step,
            number=number,
            dated=dated,
            amount=amount,
            file=files.keep(file[1], file[0]) if file else None,
            recorded_by=actor.user,
        )
        if step == "proof":
            Calculation.objects.filter(pk=bill.calculation_id).update(paid_on=dated)
        entry.about(payment)
    return payment
