"""The lapse alarm: who loses cover when, what it costs a family, what a bridge costs, and the monthly print."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lindung.base.refused import Refused
from lindung.papers.tables import csv, xlsx
from lindung.registry.models import Scheme
from lindung.web import remember
from lindung.web.access import reads, signed_user
from lindung.web.context import looking_on
from lindung.web.downloads import attachment
from lindung.web.views.common import given
from lindung.workflows.alarms import AHEAD, BRIDGE, LapseAlarm, alarm_pdf, alarm_table

CAUSES = {
    "never_paid": _("Nothing paid yet"), "unpaid": _("Unpaid months"), "contract_end": _("Contract ends"),
    "period_end": _("The scheme's period ends"), "budget_end": _("The budget is used up"),
    "next_budget": _("No budget for the next year yet"),
}  # fmt: skip
DAYS, MONTHS = ("31", "92", "183", "366"), ("1", "2", "3", "6", "12")


def _asked(request: HttpRequest, scheme: Scheme, page: bool = False) -> LapseAlarm:
    ahead = int(given(request, "hari", DAYS) or AHEAD)
    bridge = int(given(request, "jembatan", MONTHS) or BRIDGE)
    on = looking_on(request, scheme)
    return remember.alarm(scheme, on, request if page else None, ahead=ahead, bridge_months=bridge)


@reads("alarms")
def alarm(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    found = _asked(request, scheme, page=True)
    page = {
        "alarm": found, "rows": [(one, CAUSES[one.cause]) for one in found.lapses], "days": DAYS, "months": MONTHS,
        "ahead": str((found.until - found.on).days), "bridge": str(found.bridge_months), "monthly": sum(one.monthly for one in found.lapses),
    }  # fmt: skip
    return render(request, "pages/alarm.html", page)


@reads("alarms")
def printed(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """The monthly print."""
    found = _asked(request, scheme)
    table = alarm_table(found, scheme.locality.name.title())
    if kind == "pdf":
        made = alarm_pdf(scheme, found, user=signed_user(request), at=timezone.now())
    elif kind in ("xlsx", "csv"):
        made = xlsx([table]) if kind == "xlsx" else csv(table)
    else:
        raise Refused("record.not_found")
    return attachment(request, f"peringatan-{scheme.slug}-{found.on:%Y%m%d}.{kind}", made, "export_alarm")
