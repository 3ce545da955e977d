"""Participants: found among a million, and one person with the timeline of cover."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lindung.base.month import add_months
from lindung.enrolment import actions
from lindung.enrolment.models import BatchRow, Card, Membership
from lindung.enrolment.queries import covers_of, person_for
from lindung.registry.access import may, schemes_for
from lindung.registry.models import Person, Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.registry.reveal import reveal
from lindung.web.access import AREAS, reads, signed_user, within_reach, writes
from lindung.web.context import looking_on
from lindung.web.forms import EndForm, RevealForm
from lindung.web.pages import by_key
from lindung.web.queries import lanes_of, named, years_of
from lindung.web.views.common import done, given, one_of, shown_in, words_of, wrong
from lindung.web.views.movements import MovementForm

STATES = ("registered", "determined", "ended")


@reads("people")
def people(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Members of a scheme by the order in which they came, fifty at a time; filters stand in the address."""
    user = signed_user(request)
    on = looking_on(request, scheme)
    lang = get_language() or "id"
    labels = {c.id: c.label[lang] for c in rules_of(current_version(scheme)).categories}
    asked: dict[str, Any] = {
        "words": words_of(request), "category": given(request, "kategori", labels),
        "state": given(request, "keadaan", STATES), "unit": request.GET.get("unit", ""), "kelurahan": request.GET.get("kelurahan", ""),
    }  # fmt: skip
    rows = Membership.objects.filter(scheme=scheme)
    rows = within_reach(user, scheme, AREAS["people"], rows, "unit", "line__candidate__roster__sender")
    if asked["words"]:
        rows = rows.filter(person__in=named(asked["words"]).values("pk"))
    if asked["category"]:
        rows = rows.filter(category=asked["category"])
    if asked["unit"]:
        rows = rows.filter(unit__code=asked["unit"])
    if asked["kelurahan"]:
        rows = rows.filter(kelurahan=asked["kelurahan"])
    if asked["state"] == "registered":
        rows = rows.filter(registration__registered_on__lte=on).exclude(ends_on__lt=on)
    elif asked["state"] == "determined":
        rows = rows.filter(registration__isnull=True, end_reason__isnull=True)
    elif asked["state"] == "ended":
        rows = rows.filter(ends_on__lt=on)
    page = by_key(request, rows.select_related("person", "unit", "kelurahan", "registration"))
    shown = {
        "page": page, "rows": [(row, labels.get(row.category, row.category), _state(row, on)) for row in page.rows],
        "categories": labels.items(), "asked": asked, "filtered": any(asked.values()),
    }  # fmt: skip
    return render(request, "pages/people.html", shown)


def _state(membership: Membership, on: Any) -> str:
    registration = getattr(membership, "registration", None)
    if membership.ends_on and membership.ends_on < on:
        return "ended"
    return "registered" if registration and registration.registered_on <= on else "determined"


def page_of(
    request: HttpRequest,
    pk: int,
    form: EndForm | None = None,
    at: int = 0,
    reveal_form: RevealForm | None = None,
    revealed: tuple[str, str] | None = None,
    move_form: MovementForm | None = None,
    moving: int = 0,
) -> HttpResponse:
    user = signed_user(request)
    who = person_for(user, pk)
    every = covers_of(who, timezone.localdate())
    seen = set(Scheme.objects.filter(schemes_for(user, AREAS["people"])).values_list("pk", flat=True))
    covers = [cover for cover in every if cover.membership.scheme_id in seen]
    scheme = covers[-1].membership.scheme if covers else None
    on = looking_on(request, scheme) if scheme else timezone.localdate()
    covers = [cover for cover in covers_of(who, on) if cover.membership.scheme_id in seen]
    running = [cover for cover in covers if cover.state == "registered" and cover.membership.starts_on <= on]
    lang = get_language() or "id"
    told = [
        (cover, next((c.label[lang] for c in rules_of(cover.membership.version).categories if c.id == cover.membership.category), cover.membership.category))
        for cover in covers
    ]  # fmt: skip
    ids = [cover.membership.pk for cover in covers]
    page = {
        "person": who, "told": told, "running": running, "lanes": lanes_of(covers), "years": years_of(who, covers, on), "day": on,
        "newest": told[-1] if told else None, "age": _age(who, on), "turns_65": add_months(who.birth_date, 65 * 12),
        "sent": BatchRow.objects.filter(membership__in=ids).select_related("batch", "answer").order_by("pk"),
        "cards": Card.objects.filter(membership__in=ids).select_related("run"),
        "may_end": bool(scheme) and may(user, "determine", scheme), "form": form or EndForm(initial={"on": on}), "at": at,
        "may_move": bool(scheme) and may(user, "propose", scheme), "move_form": move_form or MovementForm(), "moving": moving,
        "may_reveal": may(user, "reveal"), "reveal_form": reveal_form or RevealForm(), "revealed": revealed,
    }  # fmt: skip
    request.looking_at = scheme
    return render(request, "pages/person.html", page)


def _age(person: Person, on: Any) -> int:
    return (
        on.year
        - person.birth_date.year
        - ((on.month, on.day) < (person.birth_date.month, person.birth_date.day))
    )


@reads("people", of_scheme=False)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    return page_of(request, pk)


@writes("reveal", area="people")
def show(request: HttpRequest, _scheme: None, pk: int) -> HttpResponse:
    """One masked value, in this answer alone: no address leads to it, and the next look asks for a reason again."""
    who, form = person_for(signed_user(request), pk), RevealForm(request.POST)
    if form.is_valid():
        asked = form.cleaned_data
        with shown_in(form):
            value = reveal(who, asked["field"], asked["reason"], asked["words"], actor=request.actor)
            return page_of(
                request, pk, revealed=(str(dict(form.fields["field"].choices)[asked["field"]]), value)
            )
    return wrong(page_of, request, pk, reveal_form=form)


@writes("determine", area="people")
def end(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """End one membership on a day, for a reason."""
    membership = one_of(Membership.objects.filter(scheme=scheme).select_related("scheme", "person"), pk)
    form = EndForm(request.POST)
    if form.is_valid():
        with shown_in(form):
            actions.end_membership(
                membership, form.cleaned_data["on"], form.cleaned_data["reason"], actor=request.actor
            )
            return done(
                request,
                _("The membership was ended."),
                reverse("person", kwargs={"pk": membership.person_id}),
            )
    return wrong(page_of, request, membership.person_id, form, pk)
