"""The hand-over: who receives for each category, the figures of the speech, and the pack to take along; who has received."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from lindung.base.messages import speaking
from lindung.base.refused import Refused
from lindung.coverage.queries import coverage
from lindung.papers.tables import csv, xlsx
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web.access import reads, signed_user
from lindung.web.context import looking_on
from lindung.web.downloads import attachment
from lindung.web.forms import DayField
from lindung.workflows.ceremony import ceremony_pack, receipts_recap, symbolic_recipients


class CeremonyForm(forms.Form):
    hari = DayField(label=_("Day of the ceremony"))
    tempat = forms.CharField(label=_("Place"), max_length=120)
    tamu = forms.IntegerField(label=_("Rows of the attendance list"), min_value=1, max_value=1000, initial=60)


def _form(request: HttpRequest, scheme: Scheme) -> CeremonyForm:
    """As asked for; what is left out is the day looked at, a place still to be written, and sixty guests."""
    usual = {"hari": looking_on(request, scheme).isoformat(), "tempat": "…………………", "tamu": 60}
    return CeremonyForm({**usual, **request.GET.dict()})


@reads("cards", who_may="print_cards")
def ceremony(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Whom to call, alive and paid on that day; the figures as they stand on it."""
    form = _form(request, scheme)
    recap_table = receipts_recap(scheme)
    handed = list(recap_table.rows.iter_rows(named=True))
    page: dict[str, Any] = {
        "form": form, "handed": handed, "kinds": ("pdf", "docx", "xlsx"),
        "sums": {key: sum(row[key] for row in handed) for key in ("sent", "received", "returned")},
    }  # fmt: skip
    if "hari" in request.GET and form.is_valid():
        lang = get_language() or "id"
        labels = {one.id: one.label[lang] for one in rules_of(current_version(scheme)).categories}
        day = form.cleaned_data["hari"]
        people = symbolic_recipients(scheme, day)
        told = [
            {**row, "label": labels.get(row["category"], row["category"])}
            for row in people.iter_rows(named=True)
        ]
        with speaking(lang):
            figures = coverage(scheme, day)
        missing = [labels[one.group] for one in figures.rows if one.group in labels and one.enrolled and one.group not in set(people["category"])]  # fmt: skip
        page |= {"told": told, "figures": figures, "missing": missing, "labels": labels, "day": day}
    return render(request, "pages/ceremony.html", page)


@reads("cards", who_may="print_cards")
def pack(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """Speech, recipients, minutes and invitations (PDF, DOCX); whom to call, attendance and receipts (XLSX)."""
    form = _form(request, scheme)
    if kind not in ("pdf", "docx", "xlsx") or not form.is_valid():
        raise Refused("record.not_found")
    told = form.cleaned_data
    made = ceremony_pack(
        scheme,
        told["hari"],
        told["tempat"],
        guests=told["tamu"],
        user=signed_user(request),
        at=timezone.now(),
    )
    name, content = next(file for file in made.files if file[0].endswith(f".{kind}"))
    return attachment(request, name, content, "export_ceremony_pack")


@reads("cards", who_may="print_cards")
def recap(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """Rekap penyerahan kartu: printed, received and still there, per kelurahan."""
    if kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    table = receipts_recap(scheme)
    made = xlsx([table]) if kind == "xlsx" else csv(table)
    return attachment(request, f"rekap-penyerahan-kartu-{scheme.slug}.{kind}", made, "export_receipts_recap")
