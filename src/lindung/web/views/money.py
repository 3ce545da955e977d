"""Contributions: our calculation beside BPJS's bill, the steps in which a city pays, and what is left of the budget."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from lindung.base.month import Month, plausible
from lindung.base.refused import Refused
from lindung.contributions import actions
from lindung.contributions.models import Bill, Calculation, Line, Payment
from lindung.contributions.queries import budget_states, calculations_of, left_of_budget, programme_totals
from lindung.enrolment.models import Membership
from lindung.papers.tables import Column, Table, csv, pdf, xlsx
from lindung.registry.access import may
from lindung.registry.audit import head
from lindung.registry.models import Scheme, Unit
from lindung.registry.queries import unit_called
from lindung.web import shown
from lindung.web.access import reads, signed_user, writes
from lindung.web.context import looking_on
from lindung.web.downloads import attachment, kept
from lindung.web.forms import BillForm, BudgetForm, PaymentForm, content
from lindung.web.pages import by_key, by_number
from lindung.web.queries import budgets_of, spent_by_month
from lindung.web.views.common import done, given, one_of, shown_in, wrong
from lindung.web.views.work import MANY, asked
from lindung.workflows import jobs
from lindung.workflows.papers import letterhead, printed
from lindung.workflows.recaps import deduction_list

STATES = ("unbilled", "unpaid", "paid")
PROGRAMMES = {
    "jkk": "JKK", "jkm": "JKM", "jht_employer": "JHT", "jht_worker": "JHT", "jp_employer": "JP", "jp_worker": "JP",
}  # fmt: skip


def _state(calculation: Calculation) -> str:
    if calculation.paid_on:
        return "paid"
    return "unpaid" if getattr(calculation, "bill", None) else "unbilled"


def bills_page(request: HttpRequest, scheme: Scheme, form: BudgetForm | None = None) -> HttpResponse:
    user, on = signed_user(request), looking_on(request, scheme)
    rows = Calculation.objects.filter(scheme=scheme)
    months = list(rows.order_by("-month").values_list("month", flat=True).distinct())
    month = next((m for m in months if m.isoformat()[:7] == request.GET.get("bulan")), None)
    found = calculations_of(scheme, month)
    state = given(request, "keadaan", STATES)
    if state:
        found = [c for c in found if _state(c) == state]
    totals = rows.aggregate(total=Sum("total"), city=Sum("city"), workers=Sum("workers"))
    states = budget_states(scheme, on.year)
    units = list(Unit.objects.filter(locality=scheme.locality_id).order_by("name"))
    form = form or BudgetForm(initial={"year": on.year})
    form.fields["unit"].choices = [(unit.code, unit.name) for unit in units]
    page = {
        "page": by_number(request, found), "state": state, "months": months, "month": month, "totals": totals, "budgets": states,
        "budget": sum(s.amount for s in states), "left": sum(s.left for s in states), "year": on.year,
        "spent": spent_by_month(scheme, on), "accounts": budgets_of(scheme, on.year), "form": form,
        "may_calculate": may(user, "calculate", scheme), "may_budget": may(user, "set_budget", scheme),
        "next": str(Month.of(months[0]) + 1) if months else str(Month.of(on)),
    }  # fmt: skip
    page["rows"] = [(c, _state(c)) for c in page["page"].rows]
    return render(request, "pages/bills.html", page)


@reads("money")
def bills(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return bills_page(request, scheme)


@writes("calculate", area="money")
def calculate(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    month = Month.parse(request.POST.get("month", ""))
    plausible(month.first)
    if Membership.objects.filter(scheme=scheme)[: MANY + 1].count() > MANY:
        told = {"scheme": scheme.pk, "month": str(month)}
        return asked(
            request, jobs.ask("calculate", f"scheme {scheme.pk} {month}", actor=request.actor, **told)
        )
    made = actions.calculate(scheme, month, actor=request.actor)
    text = ngettext(
        "%(n)s calculation was made: %(sum)s.", "%(n)s calculations were made: %(sum)s.", len(made)
    )
    said = text % {"n": len(made), "sum": shown.rupiah(sum(c.total for c in made))}
    return done(
        request,
        said,
        reverse("bills", kwargs={"slug": scheme.slug}) + f"?bulan={request.POST.get('month', '')}",
    )


@writes("set_budget", area="money")
def set_budget(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    form = BudgetForm(request.POST)
    form.fields["unit"].choices = [(u.code, u.name) for u in Unit.objects.filter(locality=scheme.locality_id)]
    if form.is_valid():
        told = form.cleaned_data
        with shown_in(form):
            unit = unit_called(scheme, told["unit"])
            actions.set_budget(
                scheme, unit, told["year"], told["account_code"], told["amount"], actor=request.actor
            )
            return done(
                request, _("The budget was recorded."), reverse("bills", kwargs={"slug": scheme.slug})
            )
    return wrong(bills_page, request, scheme, form)


def _calculations(scheme: Scheme) -> Any:
    return Calculation.objects.filter(scheme=scheme).select_related("unit", "bill", "scheme", "calculated_by")


def bill_page(request: HttpRequest, scheme: Scheme, pk: int, form: Any = None) -> HttpResponse:
    user, today = signed_user(request), timezone.localdate()
    record = one_of(_calculations(scheme), pk)
    bill: Bill | None = getattr(record, "bill", None)
    totals: dict[str, int] = {}
    for name, value in programme_totals(record).items():
        totals[PROGRAMMES[name]] = totals.get(PROGRAMMES[name], 0) + value
    lines = by_key(
        request,
        Line.objects.filter(calculation=record).select_related(
            "membership__person", "membership__registration"
        ),
    )
    done_ = {p.step: p for p in bill.payments.select_related("recorded_by", "file")} if bill else {}
    step = next((s for s in actions.STEPS if s not in done_), None) if bill else None
    page = {
        "record": record, "bill": bill, "totals": totals, "page": lines, "each": _each(record),
        "left": left_of_budget(scheme, record.unit, record.month.year), "need": (bill.amount if bill else record.total) - record.workers,
        "explained": actions.explanation(bill) if bill else "", "difference": bill.amount - record.total if bill else None,
        "steps": [(value, text, done_.get(value)) for value, text in Payment.STEPS], "step": step,
        "step_name": dict(Payment.STEPS).get(step or "", ""),
        "may_record": bill is None and may(user, "record_bill", scheme), "may_pay": bool(step) and may(user, f"pay_{step}", scheme), "form": form,
    }  # fmt: skip
    if form is None and page["may_record"]:
        page["form"] = BillForm(initial={"amount": shown.rupiah(record.total), "received_on": today})
    elif form is None and page["may_pay"] and bill:
        page["form"] = PaymentForm(initial={"amount": shown.rupiah(bill.amount), "dated": today})
    return render(request, "pages/bill.html", page)


def _each(record: Calculation) -> int | None:
    """What one person costs, where everybody costs the same."""
    return (
        record.total // record.people
        if record.people and Line.objects.filter(calculation=record).values("total").distinct().count() == 1
        else None
    )


@reads("money")
def bill(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    return bill_page(request, scheme, pk)


@writes("record_bill", area="money")
def record_bill(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(_calculations(scheme), pk)
    form = BillForm(request.POST, request.FILES)
    if form.is_valid():
        told = form.cleaned_data
        with shown_in(form):
            actions.record_bill(
                record,
                told["code"],
                told["amount"],
                told["pay_by"],
                told["received_on"],
                file=_file(told["file"]),
                actor=request.actor,
            )
            return done(
                request,
                _("BPJS's bill was recorded beside our calculation."),
                reverse("bill", kwargs={"slug": scheme.slug, "pk": pk}),
            )
    return wrong(bill_page, request, scheme, pk, form)


def _file(upload: Any) -> tuple[str, bytes] | None:
    return (upload.name, content(upload)) if upload else None


@writes("pay", area="money")
def pay(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(_calculations(scheme), pk)
    step, found = request.POST.get("step", ""), getattr(record, "bill", None)
    if found is None or step not in actions.STEPS:
        raise Refused("record.not_found")
    form = PaymentForm(request.POST, request.FILES)
    if form.is_valid():
        told = form.cleaned_data
        with shown_in(form):
            actions.pay(
                found,
                step,
                told["number"],
                told["dated"],
                told["amount"],
                file=_file(told["file"]),
                actor=request.actor,
            )
            text = _("%(step)s was recorded.") % {"step": dict(Payment.STEPS)[step]}
            return done(request, text, reverse("bill", kwargs={"slug": scheme.slug, "pk": pk}))
    return wrong(bill_page, request, scheme, pk, form)


@reads("money")
def payment_file(request: HttpRequest, scheme: Scheme, pk: int, payment: int) -> HttpResponse:
    record = one_of(
        Payment.objects.filter(bill__calculation__scheme=scheme, bill__calculation=pk).select_related("file"),
        payment,
    )
    if record.file is None:
        raise Refused("record.not_found")
    return kept(request, record.file, "export_payment")


@reads("money")
def nominative(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Daftar nominatif iuran: a line per person, the city's share and the worker's apart."""
    record = one_of(_calculations(scheme), pk)
    names = ["base", "jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker", "total"]
    lines = (
        Line.objects.filter(calculation=record)
        .select_related("membership__person", "membership__registration")
        .order_by("pk")
    )
    rows = [
        {
            "kpj": getattr(getattr(line.membership, "registration", None), "kpj", None), "nik": shown.nik(line.membership.person.nik),
            "name": line.membership.person.name, **{name: getattr(line, name) for name in names},
        }
        for line in lines
    ]  # fmt: skip
    asked = [name for name in names if any(row[name] is not None for row in rows)]
    heads = {"base": "Dasar upah", "jkk": "JKK", "jkm": "JKM", "jht_employer": "JHT PK", "jht_worker": "JHT TK",
             "jp_employer": "JP PK", "jp_worker": "JP TK", "total": "Jumlah"}  # fmt: skip
    frame = pl.DataFrame(
        rows, schema={"kpj": pl.String, "nik": pl.String, "name": pl.String, **dict.fromkeys(names, pl.Int64)}
    )
    columns = (
        Column("kpj", "KPJ", width=28), Column("nik", "NIK", width=36), Column("name", "Nama", width=50),
        *(Column(name, heads[name], "rupiah", width=26, total=name != "base") for name in asked),
    )  # fmt: skip
    month = f"{record.month:%Y-%m}"
    title = ("Daftar nominatif iuran", f"{record.unit.name}, {month}")
    content = xlsx([Table(columns, frame, "Nominatif", title=title, notes=(f"Jejak: {head()[:16]}",))])
    return attachment(request, f"nominatif-{record.unit.code}-{month}.xlsx", content, "export_bill_lines")


@reads("money")
def deductions(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    """Daftar potongan honorarium: whose JHT and JP share is cut, to be signed when the honorarium is paid."""
    record = one_of(_calculations(scheme), pk)
    if kind not in ("xlsx", "csv", "pdf"):
        raise Refused("record.not_found")
    table = deduction_list(record)
    name = f"potongan-{record.unit.code}-{record.month:%Y-%m}.{kind}"
    if kind == "pdf":
        made = pdf(
            table,
            letterhead=letterhead(scheme, record.month),
            printed=printed(scheme, signed_user(request), timezone.now()),
            landscape=False,
        )
    else:
        made = xlsx([table]) if kind == "xlsx" else csv(table)
    return attachment(request, name, made, "export_deductions")
