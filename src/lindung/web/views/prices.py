"""PU or BPU: one person's month priced side by side before anything is decided, and times the people of the group."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from lindung.base.messages import sentence
from lindung.base.month import Month
from lindung.enrolment import pricing
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web.access import reads
from lindung.web.context import looking_on
from lindung.web.forms import MonthField, RupiahField


class CompareForm(forms.Form):
    upah = RupiahField(label=_("Wage as a wage earner (PU), a month"))
    penghasilan = RupiahField(label=_("Income as BPU, a month"), required=False, help_text=_("Empty: the same as the wage."))  # fmt: skip
    bulan = MonthField(label=_("Contribution month"))
    orang = forms.IntegerField(label=_("People"), min_value=1, max_value=10_000_000, initial=1)
    lama = forms.IntegerField(label=_("Months"), min_value=1, max_value=60, initial=12)


@reads("determinations")
def compare(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    asked = "upah" in request.GET
    first = {"bulan": str(Month.of(looking_on(request, scheme))), "orang": 1, "lama": 12}
    form = CompareForm(request.GET if asked else None, initial=first)
    page: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        told = form.cleaned_data
        rules = rules_of(current_version(scheme))
        rows = pricing.compare(rules, told["upah"], told["bulan"].first, bpu_income=told["penghasilan"])
        months = pricing.compare_over(
            rules, told["upah"], told["bulan"], told["lama"], bpu_income=told["penghasilan"]
        )
        priced = []
        for row in rows.iter_rows(named=True):
            whole = months.get(row["segment"])
            amounts = [(name, row[key]) for name, key in LINES if row[key] is not None]
            priced.append({
                **row, "amounts": amounts, "why": sentence(row["error"]) if row["error"] else "",
                "whole": whole * told["orang"] if whole is not None else None,
            })  # fmt: skip
        page |= {"rows": priced, "people": told["orang"], "months": told["lama"]}
        city = [row["whole"] for row in priced]
        if None not in city:
            page |= {"difference": abs(city[0] - city[1]), "cheaper": min(priced, key=lambda row: row["whole"])["segment"]}  # fmt: skip
    return render(request, "pages/compare.html", page)


LINES = (
    ("JKK", "jkk"), ("JKM", "jkm"), (_("JHT, employer"), "jht_employer"), (_("JHT, worker"), "jht_worker"),
    (_("JP, employer"), "jp_employer"), (_("JP, worker"), "jp_worker"),
)  # fmt: skip
