"""Budgets, our calculations, BPJS's bills, and the steps in which a city pays."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from lindung.enrolment.models import Membership
from lindung.registry.models import Scheme, SchemeVersion, StoredFile, Unit, User


class Budget(models.Model):
    """What a unit may spend in a year under one account code (pagu)."""

    STAGES = {
        "murni": _("Original budget"),
        "pergeseran": _("Shift"),
        "perubahan": _("Revised budget"),
    }  # a later one replaces

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="budgets")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="budgets")
    year = models.SmallIntegerField()
    account_code = models.CharField(max_length=40)
    programmes = models.CharField(max_length=20)
    amount = models.BigIntegerField()
    stage = models.CharField(max_length=12, default="murni")
    invented = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "unit", "year", "account_code", "stage"], name="budget_once"
            ),
            models.CheckConstraint(
                name="budget_not_negative",
                condition=Q(amount__gte=0),
                violation_error_message=_("A budget cannot be negative."),
            ),
        ]


class Calculation(models.Model):
    """What we reckon a payer owes BPJS for one month (perhitungan iuran). Never changed once its bill is here."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="calculations")
    version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="calculations")
    month = models.DateField()
    sequence = models.SmallIntegerField(default=0)  # 0 the month's own; 1, 2 … for people who came after it
    law_version = models.CharField(max_length=64)
    people = models.IntegerField()
    unpriced = models.IntegerField(default=0)
    city = models.BigIntegerField()
    workers = models.BigIntegerField()
    total = models.BigIntegerField()
    calculated_at = models.DateTimeField(auto_now_add=True)
    calculated_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    paid_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "unit", "month", "sequence"], name="calculation_once")
        ]
        indexes = [models.Index(fields=["scheme", "month"], name="calculation_of_month")]


class Line(models.Model):
    """One person in one month: an amount per programme, the city's share and the worker's deduction apart."""

    calculation = models.ForeignKey(Calculation, on_delete=models.PROTECT, related_name="lines")
    membership = models.ForeignKey(Membership, on_delete=models.PROTECT, related_name="lines", db_index=False)
    month = models.DateField()
    base = models.BigIntegerField()
    jkk = models.BigIntegerField(null=True)
    jkm = models.BigIntegerField(null=True)
    jht_employer = models.BigIntegerField(null=True)
    jht_worker = models.BigIntegerField(null=True)
    jp_employer = models.BigIntegerField(null=True)
    jp_worker = models.BigIntegerField(null=True)
    total = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["membership", "month"], name="month_billed_once"),
        ]


class Bill(models.Model):
    """BPJS's own bill for a calculation (tagihan): its payment code, amount, and pay-by date."""

    calculation = models.OneToOneField(Calculation, on_delete=models.PROTECT, related_name="bill")
    code = models.CharField(max_length=20, unique=True)
    amount = models.BigIntegerField()
    pay_by = models.DateField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    received_on = models.DateField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    explanation = models.CharField(max_length=400, blank=True)
    audit_head = models.CharField(max_length=64, blank=True)


class Payment(models.Model):
    """One step of paying a bill: request, order, disbursement, proof."""

    STEPS = [("SPP", "SPP"), ("SPM", "SPM"), ("SP2D", "SP2D"), ("proof", _("Proof of payment"))]

    bill = models.ForeignKey(Bill, on_delete=models.PROTECT, related_name="payments")
    step = models.CharField(max_length=5, choices=STEPS)
    number = models.CharField(max_length=80)
    dated = models.DateField()
    amount = models.BigIntegerField()
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["bill", "step"], name="payment_step_once")]
