"""The arithmetic of a benefit in sentences: the numbers that were multiplied, what was cut or raised, and the result."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from lindung.base.messages import N_, Text, declare
from lindung.base.money import PER_MILLION, number, rupiah
from lindung.law import store

Row = Mapping[str, Any]


def of(kind: str, row: Row, event: date, law: store.Law, say: Any) -> Iterator[str]:
    """Sentences for a computed row of `kinds.ALL[kind]`; `say` speaks (code, **values) and writes percentages."""
    if kind in _KINDS:
        yield from _KINDS[kind](row, lambda id_, key=None: law.value(f"benefit.{id_}", event, key), say)


def _death(row: Row, value: Callable[..., Any], say: Any) -> Iterator[str]:
    if row["cause"] == "work_accident":
        exact = _half_up(row["insured_wage"] * value("disability_multiple") * value("accident_death_share"))
        yield _product(say, value("accident_death_share"), value, row, exact)
        yield say("step.at_least", least=rupiah(value("death_grant")), amount=rupiah(row["death_grant"]))
    elif row["death_grant"] == 0:
        yield say("step.waits", joined=_day(row["joined"]), months=value("bpu_wait"))
    parts = [row[name] for name in ("death_grant", "periodic", "funeral") if row[name]]
    if len(parts) > 1:
        yield say("step.sum", parts=" + ".join(map(rupiah, parts)), amount=rupiah(row["total"]))


def _product(say: Any, share: int, value: Callable[..., Any], row: Row, amount: int) -> str:
    times, wage = value("disability_multiple"), rupiah(row["insured_wage"])
    return say("step.multiple", share=say.percent(share), times=times, wage=wage, amount=rupiah(amount))


def _temporary(row: Row, value: Callable[..., Any], say: Any) -> Iterator[str]:
    yield from _runs(row["by_month"], say)
    yield say("step.total", amount=rupiah(row["total"]))


def _runs(amounts: list[int], say: Any) -> Iterator[str]:
    """Equal months together: "Month 1 to 12: Rp3.000.000 each"."""
    for amount, places in groupby(enumerate(amounts, start=1), key=lambda pair: pair[1]):
        numbers = [place for place, _ in places]
        yield say("step.months", first=numbers[0], last=numbers[-1], amount=rupiah(amount))


def _permanent(row: Row, value: Callable[..., Any], say: Any) -> Iterator[str]:
    share = value("total_disability_share") if row["type"] == "total" else row["table_parts"]
    if row["type"] == "functional":
        loss = row["function_loss_parts"]
        yield say("step.loss", table=say.percent(share), loss=say.percent(loss), times=value("disability_multiple"),
                  wage=rupiah(row["insured_wage"]), amount=rupiah(row["grant"]))  # fmt: skip
    else:
        yield _product(say, share, value, row, row["grant"])
    if row["periodic"]:
        parts = f"{rupiah(row['grant'])} + {rupiah(row['periodic'])}"
        yield say("step.sum", parts=parts, amount=rupiah(row["total"]))


def _pension(row: Row, value: Callable[..., Any], say: Any) -> Iterator[str]:
    if row["lump_sum"]:
        yield say("step.lump_sum", months=number(row["contribution_months"]), needed=value("pension_months"))
        return
    yield from _formula(row, row["contribution_months"], value, say)


def _formula(row: Row, months: int, value: Callable[..., Any], say: Any) -> Iterator[str]:
    wage, rate = row["average_monthly_wage"], value("pension_rate")
    exact = (wage * months * rate + 6 * PER_MILLION) // (12 * PER_MILLION)
    least, most = value("pension_limit", "minimum"), value("pension_limit", "maximum")
    yield say(
        "step.pension", rate=say.percent(rate), months=number(months), wage=rupiah(wage), amount=rupiah(exact)
    )
    yield say(
        "step.between", least=rupiah(least), most=rupiah(most), amount=rupiah(max(min(exact, most), least))
    )


def _survivors(row: Row, value: Callable[..., Any], say: Any) -> Iterator[str]:
    if row["lump_sum"]:
        yield say(
            "step.survivors_lump_sum",
            months=value("survivor_months"),
            density=say.percent(value("survivor_density")),
        )
        return
    yield from _formula(row, max(row["contribution_months"], value("survivor_minimum_months")), value, say)
    yield say(
        "step.heir", share=say.percent(value("survivor_share", row["heir"])), amount=rupiah(row["monthly"])
    )


def _late(row: Row, _value: Callable[..., Any], say: Any) -> Iterator[str]:
    yield say("step.late", due=_day(row["due_on"]), paid=_day(row["paid_on"]), months=row["months_late"])
    if row["penalty"]:
        yield say(
            "step.penalty",
            contribution=rupiah(row["contribution"]),
            months=row["months_late"],
            amount=rupiah(row["penalty"]),
        )


def _scholarship(row: Row, _value: Callable[..., Any], say: Any) -> Iterator[str]:
    if not row["per_child"]:
        yield say("step.nobody")
    for place, amount in enumerate(row["per_child"], start=1):
        yield say("step.child", number=place, amount=rupiah(amount))


def _job_loss(row: Row, value: Callable[..., Any], say: Any) -> Iterator[str]:
    if not row["eligible"]:
        yield say("step.not_eligible", paid=row["months_of_24"], needed=value("job_loss_record"))
        return
    yield say(
        "step.counted", wage=rupiah(row["wage"]), counted=rupiah(min(row["wage"], value("job_loss_ceiling")))
    )
    yield from _temporary(row, value, say)


def _transport(row: Row, _value: Callable[..., Any], say: Any) -> Iterator[str]:
    yield say("step.cap", cost=rupiah(row["cost"]), cap=rupiah(row["cap"]), amount=rupiah(row["paid"]))


def _claim(row: Row, value: Callable[..., Any], say: Any) -> Iterator[str]:
    share = value("savings_share", row["reason"])
    yield say(
        "step.share", share=say.percent(share), balance=rupiah(row["balance"]), amount=rupiah(row["payable"])
    )
    if row["tax"] is not None:
        yield say("step.tax", rate=say.percent(value("savings_tax_rate")), free=rupiah(value("savings_tax_free")),
                  tax=rupiah(row["tax"]), net=rupiah(row["net"]))  # fmt: skip


_KINDS: Mapping[str, Callable[[Row, Callable[..., Any], Any], Iterator[str]]] = {
    "death": _death, "temporary_disability": _temporary, "permanent_disability": _permanent, "pension": _pension,
    "survivors": _survivors, "late_penalty": _late, "scholarship": _scholarship, "job_loss": _job_loss,
    "transport": _transport, "savings_claim": _claim,
}  # fmt: skip


def _half_up(parts: int) -> int:
    return (parts + PER_MILLION // 2) // PER_MILLION


def _day(day: date) -> str:
    return f"{day:%d-%m-%Y}"


declare(
    {
        "step.multiple": Text(N_("{share} × {times} × {wage} = {amount}.")),
        "step.loss": Text(N_("{loss} (loss of function) × {table} (table) × {times} × {wage} = {amount}.")),
        "step.at_least": Text(N_("Never below the death grant of {least}: {amount}.")),
        "step.waits": Text(N_("Covered since {joined}, less than {months} months: only the funeral is paid.")),
        "step.sum": Text(N_("{parts} = {amount}.")),
        "step.total": Text(N_("Together: {amount}.")),
        "step.months": Text(N_("Month {first} to {last}: {amount} each.")),
        "step.lump_sum": Text(
            N_("{months} of the {needed} months needed: contributions and their return are paid at once.")
        ),
        "step.pension": Text(N_("{rate} × {months} months / 12 × {wage} = {amount} a month.")),
        "step.between": Text(N_("Not below {least} and not above {most}: {amount} a month.")),
        "step.survivors_lump_sum": Text(
            N_("Less than {months} months, or less than {density} of them paid: contributions and their return are paid at once.")
        ),
        "step.heir": Text(N_("The heir gets {share} of it: {amount} a month.")),
        "step.late": Text(N_("Due on {due}, paid on {paid}: {months} months late.")),
        "step.penalty": Text(N_("On {contribution}, for {months} months: {amount}.")),
        "step.nobody": Text(N_("No child has a right on that day.")),
        "step.child": Text(N_("Child {number}, most still payable: {amount}.")),
        "step.not_eligible": Text(N_("The contribution record is too short: {paid} of the {needed} months in the last 24, or the months before the dismissal were not unbroken.")),
        "step.counted": Text(N_("Of a wage of {wage}, {counted} counts.")),
        "step.cap": Text(N_("Of {cost}, at most {cap}: {amount}.")),
        "step.share": Text(N_("{share} of {balance} = {amount}.")),
        "step.tax": Text(N_("Tax of {rate} on what exceeds {free}: {tax}; {net} is left.")),
        "key.government": Text(N_("government")), "key.total": Text(N_("total")),
        "key.before": Text(N_("before work")), "key.during_and_after": Text(N_("during and after")),
        "key.minimum": Text(N_("smallest")), "key.maximum": Text(N_("largest")),
        "key.TK_SD": Text(N_("kindergarten and primary")), "key.SMP": Text(N_("junior high")), "key.SMA": Text(N_("senior high")),
        "key.PT": Text(N_("higher education")), "key.land": Text(N_("land")), "key.sea": Text(N_("sea")), "key.air": Text(N_("air")),
        "key.micro": Text(N_("micro")), "key.small": Text(N_("small")), "key.medium": Text(N_("medium")),
        "key.large": Text(N_("large")), "key.construction": Text(N_("construction")),
        "key.retirement": Text(N_("retirement")), "key.resignation": Text(N_("resignation")), "key.dismissal": Text(N_("dismissal")),
        "key.contract_end": Text(N_("contract ended")), "key.bpu_stopped": Text(N_("stopped working (BPU)")),
        "key.left_country": Text(N_("left the country")), "key.disability": Text(N_("total disability")), "key.death": Text(N_("death")),
        "key.partial_preparation": Text(N_("part, preparing for retirement")), "key.partial_housing": Text(N_("part, housing")),
        "key.spouse": Text(N_("spouse")), "key.child": Text(N_("child")), "key.parent": Text(N_("parent")),
    }
)  # fmt: skip
