"""The calculator, without an account: a month's contribution, and what a family gets. The question stands in the address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lindung import law
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.law import explain, kinds, scholarships
from lindung.law.contribution import HAS, RISK_CLASSES, SEGMENTS
from lindung.web import drawings
from lindung.web.access import public
from lindung.web.forms import DayField, MonthField, RupiahField

LINES = ("jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker")
SEGMENT_NAMES = {
    "BPU": _("Not a wage earner (BPU)"), "PU": _("Wage earner (PU)"), "JAKON": _("Construction (Jakon)"),
}  # fmt: skip
LEVEL_NAMES = {
    "TK_SD": _("Kindergarten or primary"), "SMP": _("Junior high"), "SMA": _("Senior high"), "PT": _("University"),
}  # fmt: skip
PAYER_NAMES = {
    "APBD": _("The city or province (APBD)"), "APBN": _("The state (APBN)"), "APBDes": _("The village (APBDes)"),
    "self": _("The worker"), "donor": _("A donor"), "employer": _("A company"),
}  # fmt: skip
CHILDREN = (1, 2)


class ContributionForm(forms.Form):
    """Only the fields of the chosen segment are asked."""

    segment = forms.ChoiceField(choices=list(SEGMENT_NAMES.items()))
    programme = forms.MultipleChoiceField(
        choices=[(p, p) for p in HAS["PU"]],
        error_messages={"required": _("Choose at least one programme.")},
    )
    wage = RupiahField(label=_("Monthly wage"), required=False)
    contract_value = RupiahField(label=_("Contract value without VAT"), required=False)
    month = MonthField(label=_("Month"))
    risk_class = forms.ChoiceField(label=_("Risk class"), choices=[(r, r) for r in RISK_CLASSES])
    labour_intensive = forms.BooleanField(
        label=_("Labour-intensive industry with the 2025 relief"), required=False
    )
    payer = forms.ChoiceField(label=_("Paid by"), choices=list(PAYER_NAMES.items()))
    sector = forms.ChoiceField(
        label=_("Sector"), choices=[("other", _("Other")), ("transport", _("Transport"))]
    )

    ASKED: Mapping[str, tuple[str, ...]] = {
        "PU": ("wage", "month", "risk_class", "labour_intensive"),
        "BPU": ("wage", "month", "payer", "sector"),
        "JAKON": ("contract_value", "wage", "month"),
    }

    def __init__(self, asked: QueryDict, today: dt.date) -> None:
        """`asked` over the defaults; a programme that the segment lacks falls away when the segment is changed."""
        data: dict[str, Any] = {
            "segment": "BPU", "programme": ["JKK", "JKM"], "month": str(Month.of(today)), "risk_class": "I", "payer": "APBD",
            "sector": "other",
        }  # fmt: skip
        data |= {name: value for name, value in asked.items() if name != "programme"}
        self.of = data["segment"] if data["segment"] in SEGMENTS else "BPU"
        if "segment" in asked:
            data["programme"] = [
                p for p in asked.getlist("programme") if p in HAS[self.of] or p not in HAS["PU"]
            ]
        super().__init__(data)
        self.pressed = bool(asked.get("hitung") or asked.get("wage") or asked.get("contract_value"))
        for name in {"wage", "contract_value", "risk_class", "labour_intensive", "payer", "sector"} - set(
            self.ASKED[self.of]
        ):
            del self.fields[name]
        self.fields["programme"].choices = [(p, p) for p in HAS[self.of]]
        if self.of == "BPU":
            self.fields["wage"].label = _("Monthly income")
        elif self.of == "JAKON":
            self.fields["wage"].label = _("Wages, if known")
        self.plain = [self[name] for name in self.ASKED[self.of] if name != "labour_intensive"]

    def question(self) -> dict[str, Any]:
        """A row for the law's contribution rules."""
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        programmes = ",".join(given.pop("programme"))
        return {**given, "month": given["month"].first, "programmes": programmes}


# which field of the contribution form a refusal of the law stands beside
BESIDE = {"month": "month", "jp_ceiling": "month", "programme": "programme", "risk_class": "risk_class", "payer": "payer",
          "sector": "sector", "wage": "wage", "amount": "wage", "contract_value": "contract_value"}  # fmt: skip


@public
@require_GET
def contribution(request: HttpRequest) -> HttpResponse:
    """What one month costs by law, for a wage earner, somebody without a wage, or a construction project."""
    form = ContributionForm(request.GET, timezone.localdate())
    shown: dict[str, Any] = {"form": form, "possible": HAS[form.of], "segments": SEGMENT_NAMES}
    if not form.pressed:
        form.errors.clear()
    elif form.is_valid():
        asked = form.question()
        try:
            explained = explain.contribution(asked)
        except Refused as problem:
            field = BESIDE.get(problem.code.partition(".")[0], "month")
            form.add_error(field if field in form.fields else "month", _sentence(problem))
        else:
            row = law.contribution.compute(pl.DataFrame([asked], schema_overrides={"month": pl.Date})).row(
                0, named=True
            )
            lines = [(name, row[name]) for name in LINES if row[name] is not None]
            shown |= {
                "result": row,
                "lines": lines,
                "explained": explained,
                "month": asked["month"],
                "version": law.version(),
            }
    return render(request, "pages/calculator.html", shown)


def _sentence(problem: Refused) -> str:
    return f"{problem.sentence()} {problem.hint()}".strip()


class FamilyForm(forms.Form):
    """A death: when, why, who; and up to two children at school."""

    date = DayField(label=_("Date of death"))
    cause = forms.ChoiceField(
        label=_("Cause"),
        choices=[("other", _("Illness or another cause")), ("work_accident", _("Work accident"))],
    )
    segment = forms.ChoiceField(label=_("Segment"), choices=list(SEGMENT_NAMES.items()))
    wage = RupiahField(
        label=_("Monthly wage or income"), required=False, help_text=_("Decides after a work accident.")
    )
    joined = DayField(label=_("Covered without a gap since"), required=False)
    first_joined = DayField(
        label=_("First covered, before a gap"),
        required=False,
        help_text=_("Leave empty when there was no gap."),
    )
    contribution_months = forms.IntegerField(
        label=_("Months paid so far"), required=False, min_value=0, max_value=1200, widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        error_messages={"invalid": _("Write a whole number of months, like 24.")},
    )  # fmt: skip

    def __init__(self, asked: QueryDict, today: dt.date) -> None:
        defaults = {"date": today.isoformat(), "cause": "other", "segment": "BPU"}
        super().__init__({**defaults, **asked.dict()})
        self.pressed = "hitung" in asked or "date" in asked
        levels = [("", _("none")), *LEVEL_NAMES.items()]
        for number in CHILDREN:
            self.fields[f"birth_{number}"] = DayField(label=_("Birth date"), required=False)
            self.fields[f"level_{number}"] = forms.ChoiceField(
                label=_("At school in"), choices=levels, required=False
            )
            self.fields[f"years_{number}"] = forms.IntegerField(
                label=_("Years left there"), required=False, min_value=0, max_value=20,
                widget=forms.TextInput(attrs={"inputmode": "numeric"}), error_messages={"invalid": _("Write a whole number of years, like 2.")},
            )  # fmt: skip
        self.main = [
            self[name]
            for name in ("date", "cause", "segment", "wage", "joined", "first_joined", "contribution_months")
        ]
        self.children = [
            (number, [self[f"{part}_{number}"] for part in ("birth", "level", "years")])
            for number in CHILDREN
        ]

    def clean(self) -> dict[str, Any]:
        found: dict[str, Any] = super().clean() or {}
        for number in CHILDREN:
            parts = {part: found.get(f"{part}_{number}") for part in ("birth", "level", "years")}
            if any(value not in (None, "") for value in parts.values()):
                for part, value in parts.items():
                    if value in (None, "") and f"{part}_{number}" not in self.errors:
                        self.add_error(f"{part}_{number}", _("Fill this in too, or leave this child out."))
        return found

    def of_death(self) -> dict[str, Any]:
        names = ("date", "cause", "segment", "wage", "joined", "first_joined", "contribution_months")
        return {name: self.cleaned_data.get(name) for name in names}

    def of_children(self) -> list[dict[str, Any]]:
        asked = self.cleaned_data
        return [
            {
                "birth_date": asked[f"birth_{n}"],
                "level": asked[f"level_{n}"],
                "years_left_in_level": asked[f"years_{n}"],
            }
            for n in CHILDREN
            if asked.get(f"birth_{n}")
        ]


@public
@require_GET
def family(request: HttpRequest) -> HttpResponse:
    """What a family gets after a death, and the scholarship of two children year by year."""
    today = timezone.localdate()
    form = FamilyForm(request.GET, today)
    shown: dict[str, Any] = {"form": form}
    if not form.pressed:
        form.errors.clear()
    elif form.is_valid():
        try:
            shown |= _family(form, today)
        except Refused as problem:
            part = problem.code.partition(".")[0]
            form.add_error(
                part if part in form.fields else "birth_1" if part == "child" else "date", _sentence(problem)
            )
    return render(request, "pages/family.html", shown)


def _family(form: FamilyForm, today: dt.date) -> dict[str, Any]:
    known = law.current()
    death = kinds.frame("death", [form.of_death()], holidays=(), law=known).row(0, named=True)
    if death["error"]:
        raise Refused(death["error"], form.of_death())
    children = form.of_children()
    asked = {name: form.cleaned_data.get(name) for name in ("date", "cause", "contribution_months")}
    found = kinds.frame("scholarship", [{**asked, "children": children}], holidays=(), law=known)
    school = found.row(0, named=True)
    if school["error"]:
        raise Refused(school["error"], {})
    waits = death["death_grant"] == 0
    plan = (
        _plan(found.select("date", "cause", "contribution_months", "children"))
        if death["scholarship_eligible"]
        else []
    )
    total = sum(row["sum"] for row in plan)
    return {
        "death": death, "waits": waits, "children": children, "plan": plan, "school_total": total, "version": known.version,
        "both": death["full_total"],
        "full_school": death["full_total"] is not None and bool(school["per_child"] or (not children and _long_enough(known, death))), "explained": explain.told("death", death, on=today, law=known),
        "school": explain.told("scholarship", school, on=today, law=known),
        "drawing": drawings.year_bars([(row["year"], *(cell["amount"] for cell in row["cells"])) for row in plan]) if plan else None,
    }  # fmt: skip


def _long_enough(known: law.Law, death: Mapping[str, Any]) -> bool:
    needed: int = known.value("benefit.scholarship_months", death["date"])
    return bool(death["contribution_months"] >= needed)


def _plan(asked: pl.DataFrame) -> list[dict[str, Any]]:
    """Per year: what each child gets and the sum."""
    years: dict[int, dict[str, Any]] = {}
    for payment in scholarships.plan(asked).sort("paid_on", "child").iter_rows(named=True):
        row = years.setdefault(payment["paid_on"].year, {"year": payment["paid_on"].year, "sum": 0,
                               "cells": [{"amount": 0, "level": ""} for _ in CHILDREN]})  # fmt: skip
        row["cells"][payment["child"]] = {"amount": payment["amount"], "level": LEVEL_NAMES[payment["level"]]}
        row["sum"] += payment["amount"]
    return list(years.values())
