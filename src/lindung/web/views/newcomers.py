"""Who comes in: one person entered with the checks of a list, and the office holders of a kelurahan changed at once."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.models import Membership
from lindung.enrolment.movement_queries import waiting_for_places
from lindung.registry.access import MAY, units_for
from lindung.registry.models import Region, Scheme, Unit
from lindung.registry.queries import current_version, rules_of
from lindung.web import shown
from lindung.web.access import reads, signed_user, within_reach, writes
from lindung.web.context import looking_on
from lindung.web.forms import DayField, RupiahField
from lindung.web.views.common import done, given, shown_in, wrong

MOST = 200  # office holders of one kelurahan on a page


class BirthField(DayField):
    """A day on which somebody who works may have been born: not the days of papers, which begin in 2000."""

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if found := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text):
            text = f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}"
        try:
            day = date.fromisoformat(text) if text else None
        except ValueError:
            day = None
        if text and (day is None or not 1900 <= day.year <= timezone.localdate().year):
            raise ValidationError(str(Refused("form.date_unreadable", {"value": text[:20]})))
        return day


class PersonForm(forms.Form):
    """One person as an identity card and an office tell them; what a list would be asked for."""

    nik = forms.CharField(label="NIK", max_length=25, widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))  # fmt: skip
    name = forms.CharField(label=gettext_lazy("Name as on the identity card"), max_length=160)
    birth_place = forms.CharField(label=gettext_lazy("Place of birth"), max_length=80, required=False)
    birth_date = BirthField(label=gettext_lazy("Date of birth"))
    sex = forms.ChoiceField(label=gettext_lazy("Sex"), choices=[("L", gettext_lazy("Man")), ("P", gettext_lazy("Woman"))])  # fmt: skip
    address = forms.CharField(label=gettext_lazy("Address"), max_length=240, required=False)
    rt = forms.IntegerField(label="RT", min_value=1, max_value=999, required=False)
    rw = forms.IntegerField(label="RW", min_value=1, max_value=999, required=False)
    kelurahan = forms.ChoiceField(label=gettext_lazy("Kelurahan"), required=False)
    phone = forms.CharField(label=gettext_lazy("Telephone"), max_length=20, required=False)
    mother_name = forms.CharField(label=gettext_lazy("Mother’s name"), max_length=160, required=False)
    kk_number = forms.CharField(label=gettext_lazy("Family card number"), max_length=20, required=False)
    sender = forms.ChoiceField(label=gettext_lazy("Proposed by"))
    category = forms.ChoiceField(label=gettext_lazy("Category"))
    occupation = forms.CharField(label=gettext_lazy("Occupation"), max_length=120, required=False)
    wage = RupiahField(label=gettext_lazy("Wage or honorarium a month"), required=False)
    joins_on = DayField(label=gettext_lazy("First day of cover"))
    basis = forms.CharField(label=gettext_lazy("Document it rests on"), max_length=240, help_text=gettext_lazy("SK, contract or letter, with its number."))  # fmt: skip
    leaver = forms.CharField(
        label=gettext_lazy("NIK of the member whose place it is"), max_length=25, required=False
    )
    left_on = DayField(label=gettext_lazy("Last day of that member"), required=False)

    CARD = ("nik", "name", "birth_place", "birth_date", "sex", "address", "rt", "rw", "kelurahan", "phone", "mother_name", "kk_number")  # fmt: skip

    @property
    def of_card(self) -> list[Any]:
        return [self[name] for name in self.CARD]

    @property
    def of_office(self) -> list[Any]:
        return [self[name] for name in self.fields if name not in self.CARD]


def _units(request: HttpRequest, scheme: Scheme) -> list[Unit]:
    reach = units_for(signed_user(request), scheme, MAY["propose"])
    return list(Unit.objects.filter(reach, locality=scheme.locality_id).order_by("name"))


def _categories(scheme: Scheme) -> list[tuple[str, str]]:
    lang = get_language() or "id"
    return [(one.id, one.label[lang]) for one in rules_of(current_version(scheme)).categories]


def _kelurahan(scheme: Scheme) -> list[Region]:
    rows = Region.objects.filter(code__startswith=f"{scheme.locality_id}.")
    return [region for region in rows.order_by("name") if len(region.code) == 13]


def _form(request: HttpRequest, scheme: Scheme, units: list[Unit], data: Any = None) -> PersonForm:
    first = Month.of(looking_on(request, scheme)) + 1
    form = PersonForm(data, initial={"joins_on": first.first})
    form.fields["sender"].choices = [(unit.code, unit.name) for unit in units]
    form.fields["category"].choices = _categories(scheme)
    form.fields["kelurahan"].choices = [("", "–"), *((one.name, one.name) for one in _kelurahan(scheme))]
    return form


def joining_page(request: HttpRequest, scheme: Scheme, form: PersonForm | None = None) -> HttpResponse:
    form = form or _form(request, scheme, _units(request, scheme))
    return render(request, "pages/joining.html", {"form": form})


@reads("movements", who_may="propose")
def joining(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return joining_page(request, scheme)


@writes("propose", area="movements")
def enter(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Check one person as a list is checked, and propose that they come in."""
    units = {unit.code: unit for unit in _units(request, scheme)}
    form = _form(request, scheme, list(units.values()), request.POST)
    if form.is_valid():
        told = form.cleaned_data
        facts = {name: "" if value is None else str(value) for name, value in told.items()}
        facts["birth_date"] = f"{told['birth_date']:%d-%m-%Y}"
        with shown_in(form):
            made = actions.enter_person(
                scheme, units[told["sender"]], facts, told["joins_on"], told["basis"],
                leaver="".join(c for c in told["leaver"] if c.isalnum()) or None, left_on=told["left_on"], actor=request.actor,
            )  # fmt: skip
            place = reverse("movements", kwargs={"slug": scheme.slug}) + "?keadaan=proposed"
            text = _("%(name)s was checked and proposed; somebody else confirms.") % {"name": made.name}
            return done(request, text, place)
    return wrong(joining_page, request, scheme, form)


class HeadsForm(forms.Form):
    basis = forms.CharField(label=gettext_lazy("SK Lurah, number and date"), max_length=240)
    last_day = DayField(label=gettext_lazy("Last day of who leaves"))
    joins_on = DayField(label=gettext_lazy("First day of who comes in"))


def heads_page(request: HttpRequest, scheme: Scheme, form: HeadsForm | None = None) -> HttpResponse:
    user = signed_user(request)
    places = _kelurahan(scheme)
    place = request.GET.get("kelurahan", "")
    categories = _categories(scheme)
    category = given(request, "kategori", dict(categories)) or categories[0][0]
    rows: list[tuple[Membership, Any]] = []
    comers: list[Any] = []
    if place in {one.code for one in places}:
        holders = within_reach(
            user, scheme, MAY["propose"],
            Membership.objects.filter(scheme=scheme, kelurahan=place, category=category, end_reason=None)
            .exclude(movements__state="proposed").select_related("person", "registration")
            .order_by("person__rw", "person__rt", "person__name"),
            "unit", "line__candidate__roster__sender",
        )[:MOST]  # fmt: skip
        comers = list(waiting_for_places(user, scheme, place, category)[:MOST])
        by_place = {(one.rt, one.rw): one for one in comers}
        # each is put beside one place only, the first of that RT and RW
        rows = [(one, by_place.pop((one.person.rt, one.person.rw), None)) for one in holders]
    month = Month.of(looking_on(request, scheme))
    page = {
        "places": places, "place": place, "categories": categories, "category": category, "rows": rows, "comers": comers,
        "form": form or HeadsForm(initial={"last_day": month.last, "joins_on": (month + 1).first}),
    }  # fmt: skip
    return render(request, "pages/heads.html", page)


@reads("movements", who_may="propose")
def heads(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Who holds an office in a kelurahan, each beside who waits for the place."""
    return heads_page(request, scheme)


@writes("propose", area="movements")
def change_heads(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    form = HeadsForm(request.POST)
    pairs = {
        int(name.removeprefix("place-")): int(value)
        for name, value in request.POST.items()
        if name.startswith("place-") and name.removeprefix("place-").isdecimal() and value.isdecimal()
    }
    if form.is_valid():
        told = form.cleaned_data
        with shown_in(form):
            made = actions.replace_heads(
                scheme, pairs, told["last_day"], told["joins_on"], told["basis"], actor=request.actor
            )
            text = ngettext("%(n)s movement was proposed.", "%(n)s movements were proposed.", made)
            place = reverse("movements", kwargs={"slug": scheme.slug}) + "?keadaan=proposed"
            return done(request, text % {"n": shown.number(made)}, place)
    return wrong(heads_page, request, scheme, form)
