"""Whom BPJS rejected and nobody has mended, under the office that sent them, with the day until which it is to be done."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import models
from django.db.models import Count, DateField, Exists, ExpressionWrapper, F, Min, OuterRef, Q, QuerySet
from django.db.models.functions import Cast, Coalesce

from lindung.enrolment.models import BatchAnswer, BatchRow
from lindung.registry.models import Scheme

WITHIN = 14  # days after BPJS's answer where no other day was set
SENDERS = ("sender_id", "row__membership__unit")  # paths to the offices that may look


@dataclass(frozen=True)
class OfOffice:
    """One office: how many of its people are rejected and not mended, how many are late, and the first deadline."""

    unit: int
    name: str
    open: int
    late: int
    first: date | None


def rejections_of(
    scheme: Scheme, on: date, *, unit: int | None = None, late: bool = False, words: str = ""
) -> QuerySet[BatchAnswer]:
    """Rejected lines whose person has neither a number nor a newer line. `mend_by` and `sender` are annotated."""
    newer = BatchRow.objects.filter(membership=OuterRef("row__membership"), pk__gt=OuterRef("row"))
    answered = Cast(
        ExpressionWrapper(
            F("row__batch__answered_on") + timedelta(days=WITHIN), output_field=models.DateTimeField()
        ),
        DateField(),
    )
    rows = (
        BatchAnswer.objects.filter(
            row__batch__scheme=scheme, accepted=False,
            row__membership__end_reason__isnull=True, row__membership__registration__isnull=True,
        )
        .exclude(Exists(newer))
        .annotate(
            mend_by=Coalesce("row__batch__mend_by", answered, output_field=DateField()),
            sender_id=Coalesce(
                "row__membership__line__candidate__roster__sender", "row__membership__unit",
                output_field=models.BigIntegerField(),
            ),
            sender=Coalesce(
                "row__membership__line__candidate__roster__sender__name", "row__membership__unit__name",
                output_field=models.CharField(),
            ),
        )
        .select_related(
            "row__batch__file", "row__membership__person", "row__membership__unit", "row__membership__kelurahan"
        )
    )  # fmt: skip
    if unit:
        rows = rows.filter(sender_id=unit)
    if late:
        rows = rows.filter(mend_by__lt=on)
    for word in words.split():
        rows = rows.filter(Q(row__membership__person__name__icontains=word) | Q(row__nik__startswith=word))
    return rows


def by_office(rows: QuerySet[BatchAnswer], on: date) -> list[OfOffice]:
    """The offices of these rejections, who is late first."""
    counted = (
        rows.order_by()
        .values("sender_id", "sender")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(mend_by__lt=on)), first=Min("mend_by"))
    )
    found = [
        OfOffice(one["sender_id"], one["sender"], one["open"], one["late"], one["first"]) for one in counted
    ]
    return sorted(found, key=lambda one: (-one.late, one.first or date.max, one.name))
