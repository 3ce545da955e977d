"""Home: what needs me today; search from everywhere."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from lindung.contributions.models import Bill
from lindung.contributions.queries import budget_states
from lindung.enrolment.models import Determination, Membership
from lindung.registry.access import schemes_for
from lindung.registry.models import Person, Scheme, User
from lindung.registry.queries import current_version, rules_of
from lindung.web.access import can, reads, signed_user, within_reach
from lindung.web.context import current_scheme, looking_on
from lindung.web.queries import named, spent_by_month
from lindung.web.remember import coverage
from lindung.web.views.common import words_of
from lindung.web.waiting import tasks

SHOWN = 21


@reads("home", of_scheme=False)
def home(request: HttpRequest) -> HttpResponse:
    user = signed_user(request)
    scheme = current_scheme(request, user)
    waiting = tasks(request, user)
    shown: dict[str, Any] = {"tasks": [t for t in waiting if scheme and t.scheme.pk == scheme.pk],
             "others": [t for t in waiting if not scheme or t.scheme.pk != scheme.pk]}  # fmt: skip
    if scheme:
        on = looking_on(request, scheme)
        rules = rules_of(current_version(scheme))
        shown |= {"figures": coverage(scheme, on), "rules": rules, "until": rules.period.until}
        shown["ends_in"] = (rules.period.until - on).days if rules.period.until else None
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
    schemes = Scheme.objects.filter(schemes_for(user))
    shown: dict[str, Any] = {"query": words, "people": [], "decrees": [], "bills": []}
    if words:
        shown["people"] = _found(user, schemes, words)
        if can(user, "determinations"):
            shown["decrees"] = list(
                Determination.objects.filter(scheme__in=schemes, number__icontains=words).select_related(
                    "scheme", "unit"
                )[:11]
            )
        if can(user, "money"):
            shown["bills"] = list(
                Bill.objects.filter(Q(code__startswith=words), calculation__scheme__in=schemes).select_related("calculation__unit", "calculation__scheme")[:11]
            )  # fmt: skip
        digits = words.replace(" ", "")
        if digits.isdecimal() and len(shown["people"]) == 1 and not shown["bills"]:
            return HttpResponseRedirect(reverse("person", kwargs={"pk": shown["people"][0].pk}))
    shown["today"] = timezone.localdate()
    return render(request, "pages/search.html", shown)


def _found(user: User, schemes: QuerySet[Scheme], words: str) -> list[Person]:
    """The first people by name among the memberships within reach, one more than is shown."""
    ids: set[int] = set()
    for scheme in schemes:
        if can(user, "people", scheme):
            rows = Membership.objects.filter(scheme=scheme, person__in=named(words).values("pk"))
            rows = within_reach(user, scheme, rows, "unit", "line__candidate__roster__sender")
            ids.update(rows.order_by("person__name", "person").values_list("person", flat=True)[:SHOWN])
    return list(Person.objects.filter(pk__in=ids).order_by("name", "pk")[:SHOWN])
