"""Who holds several offices of a scheme: which one pays, which are covered through it."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from lindung.base.refused import Refused
from lindung.enrolment.doubles import SecondOffice
from lindung.enrolment.queries import rosters_of
from lindung.papers.tables import Column, Table, csv, xlsx
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web import shown
from lindung.web.access import reads, signed_user
from lindung.web.context import looking_on
from lindung.web.downloads import attachment
from lindung.web.pages import by_number
from lindung.web.remember import coverage
from lindung.web.views.common import given, words_of

MOST = 100_000


def _labels(scheme: Scheme) -> dict[str, str]:
    lang = get_language() or "id"
    return {c.id: c.label[lang] for c in rules_of(current_version(scheme)).categories}


def _rows(request: HttpRequest, scheme: Scheme, labels: dict[str, str]) -> Any:
    rows = SecondOffice.objects.filter(
        candidate__roster__in=rosters_of(signed_user(request), scheme).values("pk"),
        candidate__roster__state__in=["checked", "proposed"],
    ).select_related(
        "candidate__roster__sender", "candidate__kelurahan", "through__roster__sender", "through__line__membership__registration"
    )  # fmt: skip
    if category := given(request, "kategori", labels):
        rows = rows.filter(Q(candidate__category=category) | Q(through__category=category))
    if words := words_of(request):
        rows = rows.filter(Q(candidate__name__icontains=words) | Q(candidate__nik=words))
    return rows.order_by("candidate__name", "pk")


def _through(row: SecondOffice) -> str:
    """How far the office that pays has come."""
    membership = getattr(getattr(row.through, "line", None), "membership", None)
    if membership is None:
        return str(row.through.get_review_display())
    return _("registered") if getattr(membership, "registration", None) else _("determined")


@reads("rosters")
def offices(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    labels = _labels(scheme)
    page = by_number(request, _rows(request, scheme, labels))
    total = coverage(scheme, looking_on(request, scheme), request=request).total
    told = {
        "page": page, "labels": labels, "categories": labels.items(), "category": given(request, "kategori", labels), "words": words_of(request),
        "rows": [(row, _through(row)) for row in page.rows], "persons": total.enrolled, "offices": total.enrolled + total.second, "second": total.second,
    }  # fmt: skip
    return render(request, "pages/offices.html", told)


@reads("rosters")
def offices_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    labels = _labels(scheme)
    told = [
        {"name": row.candidate.name, "nik": shown.nik(row.candidate.nik), "pays": labels.get(row.through.category or "", ""), "state": _through(row),
         "other": labels.get(row.candidate.category or "", ""), "sender": row.candidate.roster.sender.name}
        for row in _rows(request, scheme, labels)[:MOST]
    ]  # fmt: skip
    columns = (
        Column("name", _("Name"), width=50), Column("nik", "NIK", width=36), Column("pays", _("The office that pays"), width=50),
        Column("state", _("State"), width=30), Column("other", _("Other office"), width=50), Column("sender", _("Sender"), width=50),
    )  # fmt: skip
    table = Table(
        columns,
        pl.DataFrame(told, schema={c.key: pl.String for c in columns}),
        _("Several offices"),
        (scheme.slug,),
    )
    if kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    made = xlsx([table]) if kind == "xlsx" else csv(table)
    return attachment(request, f"rangkap-jabatan-{scheme.slug}.{kind}", made, "export_offices")
