"""Whom BPJS rejected: with the office that sent them, why, until when it is to be mended, and who is late."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.models import Batch
from lindung.enrolment.rejection_queries import SENDERS, WITHIN, by_office, rejections_of
from lindung.papers import lists
from lindung.papers.tables import csv, xlsx
from lindung.registry.access import may
from lindung.registry.models import Scheme
from lindung.web import shown
from lindung.web.access import AREAS, reads, signed_user, within_reach, writes
from lindung.web.context import label
from lindung.web.downloads import attachment
from lindung.web.forms import DayField
from lindung.web.pages import by_number
from lindung.web.views.common import done, given, one_of, words_of

SORTS = {"batas": ("mend_by", "pk"), "-batas": ("-mend_by", "pk"), "nama": ("row__membership__person__name", "pk")}  # fmt: skip


def _reached(request: HttpRequest, scheme: Scheme, **asked: Any) -> Any:
    rows = rejections_of(scheme, timezone.localdate(), **asked)
    return within_reach(signed_user(request), scheme, AREAS["rejections"], rows, *SENDERS)


def _asked(request: HttpRequest) -> dict[str, Any]:
    unit = request.GET.get("unit", "")
    return {
        "unit": int(unit) if unit.isdecimal() and len(unit) < 19 else None,
        "late": given(request, "keadaan", ("late",)) == "late",
        "words": words_of(request),
    }


@reads("rejections")
def rejections(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    today, asked = timezone.localdate(), _asked(request)
    offices = by_office(_reached(request, scheme), today)
    sort = given(request, "urut", SORTS) or "batas"
    rows = _reached(request, scheme, **asked).order_by(*SORTS[sort])
    page: dict[str, Any] = {
        "page": by_number(request, rows), "offices": offices, "asked": asked, "today": today, "within": WITHIN,
        "open": sum(one.open for one in offices), "late": sum(one.late for one in offices),
        "may_set": may(signed_user(request), "send_batch", scheme),
    }  # fmt: skip
    if page["may_set"]:
        answered = Batch.objects.filter(rows__answer__in=_reached(request, scheme).order_by().values("pk"))
        page["batches"] = answered.select_related("unit").distinct().order_by("-answered_on", "pk")[:20]
    return render(request, "pages/rejections.html", page)


@reads("rejections")
def list_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """14. Rekap penolakan, as it is filtered."""
    if kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    told = [
        {"nik": one.row.nik, "name": one.row.membership.person.name, "place": one.sender,
         "sent": f"{one.row.batch.file.name}, berkas {one.row.batch.number}, baris {one.row.line}", "reason": one.reason or "",
         "action": "Perbaiki data sesuai KTP, atau usulkan pengganti", "deadline": one.mend_by}
        for one in _reached(request, scheme, **_asked(request)).order_by("sender", "row__membership__person__name", "pk")
    ]  # fmt: skip
    schema = {"nik": pl.String, "name": pl.String, "place": pl.String, "sent": pl.String, "reason": pl.String, "action": pl.String, "deadline": pl.Date}  # fmt: skip
    table = lists.table("rejections", pl.DataFrame(told, schema=schema), (" · ".join(label(scheme)),))
    made = xlsx([table]) if kind == "xlsx" else csv(table)
    return attachment(request, f"rekap-penolakan-{scheme.slug}.{kind}", made, "export_rejections")


@writes("send_batch", area="rejections")
def deadline(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    batch = one_of(Batch.objects.filter(scheme=scheme).select_related("scheme"), pk)
    try:
        day = DayField().clean(request.POST.get("on", ""))
    except ValidationError:
        raise Refused("form.date_unreadable", {"value": request.POST.get("on", "")[:20]}) from None
    actions.set_deadline(batch, day, actor=request.actor)
    text = _("File %(number)s is to be mended by %(day)s.") % {"number": batch.number, "day": shown.day(day)}
    return done(request, text, reverse("rejections", kwargs={"slug": scheme.slug}))
