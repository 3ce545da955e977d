"""Home: what needs me today; search from everywhere."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lindung.contributions.models import Bill
from lindung.enrolment.models import Determination
from lindung.enrolment.queries import people_of
from lindung.registry.access import employers_of, roles_of, schemes_for
from lindung.registry.models import Scheme
from lindung.web.access import AREAS, can, reachable_schemes, reached_by, reads, signed_user
from lindung.web.context import current_scheme, looking_on
from lindung.web.queries import spent_by_month
from lindung.web.remember import alarm, budgets, coverage
from lindung.web.views.common import words_of
from lindung.web.waiting import of_no_scheme, tasks
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
    waiting = tasks(request, user)
    if waiting and "scheme" not in request.session:
        request.session["scheme"] = waiting[0].scheme.slug  # the first look is where there is something to do
    scheme = current_scheme(request, user)
    shown: dict[str, Any] = {"own": of_no_scheme(user), "tasks": [t for t in waiting if scheme and t.scheme.pk == scheme.pk],
             "others": [t for t in waiting if not scheme or t.scheme.pk != scheme.pk]}  # fmt: skip
    if roles_of(user, frozenset({"province"})):
        shown["cities"] = [
            (one, coverage(one, looking_on(request, one), request=request)) for one in reachable_schemes(user)
        ]
    if scheme and roles_of(user, frozenset({"employer"})):
        shown["employers"] = list(employers_of(user, scheme).order_by("name")[:5])
    if scheme and can(user, "coverage", scheme):
        on = looking_on(request, scheme)
        shown["figures"] = coverage(scheme, on, request=request)
        if can(user, "money", scheme) or can(user, "reviews", scheme):
            shown["lapse"] = lapsing(alarm(scheme, on, request))
        if can(user, "money", scheme):
            states = budgets(scheme, on.year, request)
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
        own = reached_by(roles_of(user, AREAS["determinations"]))
        shown["decrees"] = list(decrees.filter(own).order_by("-pk")[:11])
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
