"""Home: what needs me today; search from everywhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lindung.contributions.models import Bill
from lindung.contributions.queries import budget_states
from lindung.enrolment.models import Determination
from lindung.enrolment.queries import people_of
from lindung.registry.access import roles_of, schemes_for
from lindung.registry.audit import head
from lindung.registry.models import Scheme, Unit, User
from lindung.web.access import AREAS, can, reads, signed_user
from lindung.web.context import current_scheme, looking_on
from lindung.web.queries import spent_by_month
from lindung.web.remember import alarm, coverage
from lindung.web.views.common import words_of
from lindung.web.waiting import tasks
from lindung.workflows.alarms import LapseAlarm

SHOWN = 21
WARNED = 60  # days before cover ends in which home speaks of it


def lapsing(alarm: LapseAlarm) -> dict[str, Any] | None:
    """Whose cover ends soon, and who has none because their office never paid; None when there is nobody."""
    soon = [one for one in alarm.lapses if 0 < (one.lapses_on - alarm.on).days <= WARNED]
    without = sum(one.people for one in alarm.lapses if one.lapses_on <= alarm.on)
    if not soon and not without:
        return None
    every = soon or list(alarm.lapses)
    return {
        "people": sum(one.people for one in soon), "without": without, "death": alarm.death, "months": alarm.bridge_months,
        "first_on": min((one.lapses_on for one in soon), default=None), "pay_by": min(one.pay_by for one in every),
        "bridge": sum(one.bridge for one in every),
    }  # fmt: skip


@reads("home", of_scheme=False)
def home(request: HttpRequest) -> HttpResponse:
    user = signed_user(request)
    scheme = current_scheme(request, user)
    waiting = tasks(request, user)
    shown: dict[str, Any] = {"tasks": [t for t in waiting if scheme and t.scheme.pk == scheme.pk],
             "others": [t for t in waiting if not scheme or t.scheme.pk != scheme.pk]}  # fmt: skip
    if scheme and can(user, "coverage", scheme):
        on = looking_on(request, scheme)
        at = head()
        shown["figures"] = coverage(scheme, on, at=at)
        if can(user, "money", scheme) or can(user, "reviews", scheme):
            shown["lapse"] = lapsing(alarm(scheme, on, at))
        if can(user, "money", scheme):
            states = budget_states(scheme, on.year)
            shown["budget"] = sum(state.amount for state in states)
            shown["left"] = sum(state.left for state in states)
            shown["monthly"] = sum(state.monthly for state in states)
            shown["spent"] = spent_by_month(scheme, on)
    return render(request, "pages/home.html", shown)


@reads("home", of_scheme=False)
def search(request: HttpRequest) -> HttpResponse:
    """A name, NIK, KPJ, number of a decree, or code of a bill; one hit of a number opens at once."""
    user = signed_user(request)
    words = words_of(request)
    shown: dict[str, Any] = {"query": words, "people": [], "decrees": [], "bills": []}
    if words:
        if any(c.isalnum() for c in words):
            shown["people"] = list(people_of(user, words=words)[:SHOWN])
        decrees = Determination.objects.filter(number__icontains=words).select_related("scheme", "unit")
        shown["decrees"] = list(decrees.filter(_decrees_of(user)).order_by("-pk")[:11])
        bills = Bill.objects.filter(
            code__startswith=words,
            calculation__scheme__in=Scheme.objects.filter(schemes_for(user, AREAS["money"])),
        )
        shown["bills"] = list(bills.select_related("calculation__unit", "calculation__scheme")[:11])
        digits = words.replace(" ", "")
        if digits.isdecimal() and len(shown["people"]) == 1 and not shown["bills"]:
            return HttpResponseRedirect(reverse("person", kwargs={"pk": shown["people"][0].pk}))
    shown["today"] = timezone.localdate()
    return render(request, "pages/search.html", shown)


def _decrees_of(user: User) -> Q:
    """Determinations in reach of the roles that may open them: role by role, over all schemes."""
    found = Q(pk__in=[])
    for role in roles_of(user, AREAS["determinations"]):
        of_scheme = Q(scheme=role.scheme_id) if role.scheme_id else Q(scheme__isnull=False)
        below = Q(pk=role.unit_id) | Q(parent=role.unit_id) | Q(parent__parent=role.unit_id)
        found |= of_scheme & Q(unit__in=Unit.objects.filter(below)) if role.unit_id else of_scheme
    return found
