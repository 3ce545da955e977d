"""What an employer must do, without an account: programmes, arrears and the steps of a sanction. The question stands in the address."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from lindung import law
from lindung.base.money import PER_MILLION, percent
from lindung.base.refused import Refused
from lindung.law import duties as rules
from lindung.law import explain
from lindung.web.access import public
from lindung.web.forms import DayField, RupiahField
from lindung.web.shown import percent as as_percent

EMPLOYERS = {
    "private": _("Company or other private employer"), "state": _("Government office (non-ASN staff)"),
    "self": _("Works alone (BPU)"), "self_employing": _("Works alone and employs others"),
}  # fmt: skip
SCALES = {
    "": _("By capital or sales"), "micro": _("Micro"), "small": _("Small"), "medium": _("Medium"), "large": _("Large"),
    "construction": _("Construction with daily, piece or seasonal workers"),
}  # fmt: skip
# JHT of non-ASN: what the city's own rule says, because the sources disagree
READINGS = {
    "off": _("JKK and JKM only"), "optional": _("JHT by choice"), "compulsory": _("JHT compulsory too"),
}  # fmt: skip
ASKED = {"private": ("on", "scale", "capital", "yearly_sales", "warned_on", "contribution"), "state": ("on", "non_asn_jht"),
         "self": ("on",), "self_employing": ("on",)}  # fmt: skip
# what the page tells of the law beside the answer, by employer
TOLD = {
    "private": ("duty.lost_services_employer", "duty.public_service_request", "duty.penal_years", "duty.penal_fine",
                "payment.late_rate_pu", "clock.pu_arrears_months", "payment.arrears_pu", "duty.pension_registration_days"),
    "state": ("duty.non_asn_form_days", "payment.cover_begins", "payment.late_rate_state", "contribution.jkk_government_risk_class"),
    "self": ("payment.late_rate_bpu", "payment.arrears_bpu", "clock.bpu_lapse_months", "clock.bpu_jobs"),
    "self_employing": ("payment.late_rate_bpu", "payment.arrears_bpu", "clock.bpu_lapse_months", "duty.lost_services_person"),
}  # fmt: skip


class DutyForm(forms.Form):
    employer = forms.ChoiceField(choices=list(EMPLOYERS.items()))
    on = DayField(label=_("On"))
    scale = forms.ChoiceField(label=_("Size of the business"), choices=list(SCALES.items()), required=False)
    capital = RupiahField(label=_("Capital without land and buildings"), required=False)
    yearly_sales = RupiahField(label=_("Sales in a year"), required=False)
    non_asn_jht = forms.ChoiceField(
        label=_("What the city's rule says of non-ASN"), choices=list(READINGS.items())
    )
    warned_on = DayField(label=_("First written warning on"), required=False)
    contribution = RupiahField(label=_("Contribution that should have been paid"), required=False)

    def __init__(self, asked: QueryDict, today: dt.date) -> None:
        super().__init__(
            {"employer": "private", "on": today.isoformat(), "non_asn_jht": "off", **asked.dict()}
        )
        chosen = self.data["employer"]
        self.of = chosen if chosen in EMPLOYERS else "private"
        self.pressed = "hitung" in asked
        for name in set(self.fields) - {"employer", *ASKED[self.of]}:
            del self.fields[name]
        self.plain = [self[name] for name in ASKED[self.of]]


@public
@require_GET
def duty(request: HttpRequest) -> HttpResponse:
    """Compulsory and optional programmes, and for a private employer the steps of a sanction."""
    form = DutyForm(request.GET, timezone.localdate())
    shown: dict[str, Any] = {"form": form, "employers": EMPLOYERS}
    if not form.pressed:
        form.errors.clear()
    elif form.is_valid():
        try:
            shown |= _answer(form)
        except Refused as problem:
            field = {"scale": "capital", "amount": "contribution"}.get(
                problem.code.partition(".")[0], problem.code.partition(".")[0]
            )
            form.add_error(
                field if field in form.fields else "on", f"{problem.sentence()} {problem.hint()}".strip()
            )
    return render(request, "pages/duties.html", shown)


def _answer(form: DutyForm) -> dict[str, Any]:
    asked = form.cleaned_data
    on, known = asked["on"], law.current()
    scale = asked.get("scale") or None
    if form.of == "private" and scale is None:
        scale = _one(rules.scales(pl.DataFrame([{"on": on, "capital": asked["capital"], "yearly_sales": asked["yearly_sales"]}],
                     schema={"on": pl.Date, "capital": pl.Int64, "yearly_sales": pl.Int64})))["scale"]  # fmt: skip
    frame = pl.DataFrame(
        {"on": [on], "employer": [form.of], "scale": [scale]}, schema_overrides={"scale": pl.String}
    )
    row = _one(rules.programmes(frame, non_asn_jht=asked.get("non_asn_jht", "off")))
    steps = None
    if asked.get("warned_on"):
        given = {"warned_on": [asked["warned_on"]], "contribution": [asked.get("contribution")]}
        steps = _one(rules.sanctions(pl.DataFrame(given, schema_overrides={"contribution": pl.Int64})))
    used = [*row["used"], *(steps["used"] if steps else ())]
    articles, unverified = known.grounds(used, on)
    jht = sum(known.value(f"contribution.jht_pu_{who}", on) for who in ("employer", "worker"))
    return {"jht": as_percent(percent(jht, PER_MILLION)), "row": row, "scale": SCALES[scale] if scale else "", "steps": steps, "articles": articles, "on": on,
            "doubts": list(explain.doubts(unverified, on)), "told": list(_told(form.of, on)), "version": known.version}  # fmt: skip


def _one(frame: pl.DataFrame) -> dict[str, Any]:
    row = frame.row(0, named=True)
    if row["error"]:
        raise Refused(
            row["error"], {name: "" if value is None else str(value) for name, value in row.items()}
        )
    return row


def _told(employer: str, on: dt.date) -> Any:
    """Label, value, article and whether two sources attest it, of what is in force that day."""
    known, lang = law.current(), get_language() or "id"
    for id_ in TOLD[employer]:
        parameter, block = known[id_], known[id_].block(on)
        if block is not None:
            value = explain.value_text(parameter, block, lang)
            yield {
                "label": parameter.label[lang],
                "value": value,
                "article": known.cite(id_, on),
                "sure": block.verified,
            }
