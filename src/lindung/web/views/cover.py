"""Coverage on any day with its definition, its charts and its files; and the city's employers."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lindung.base.messages import sentence
from lindung.base.refused import Refused
from lindung.coverage.queries import BY, Coverage
from lindung.papers import tables
from lindung.papers.tables import Column, Table
from lindung.registry.access import employers_of
from lindung.registry.models import Employer, Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web import shown
from lindung.web.access import can, reads, signed_user
from lindung.web.context import label, looking_on
from lindung.web.downloads import attachment
from lindung.web.pages import by_number
from lindung.web.queries import enrolled_by_month, tiles_of
from lindung.web.remember import coverage
from lindung.web.views.common import given, words_of
from lindung.workflows.papers import letterhead, printed

ORDERS = {
    "label": lambda row: row.label, "target": lambda row: row.target or 0, "enrolled": lambda row: row.enrolled,
    "active": lambda row: row.active, "gap": lambda row: row.gap or 0, "percent": lambda row: row.percent or 0,
}  # fmt: skip


@reads("coverage")
def cover(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    on = looking_on(request, scheme)
    by = given(request, "menurut", BY) or "category"
    figures = coverage(scheme, on, by, request)
    order = request.GET.get("urut", "")
    rows = figures.rows
    if (key := order.lstrip("-")) in ORDERS:
        rows = sorted(rows, key=ORDERS[key], reverse=order.startswith("-"))
    told = [c.target for c in rules_of(current_version(scheme)).categories if c.target is not None]
    target = sum(told) if told else None  # of the regulation, whatever the offices told
    months = enrolled_by_month(scheme, on)
    url = (
        reverse("people", kwargs={"slug": scheme.slug}) if can(signed_user(request), "people", scheme) else ""
    )
    page = {
        "figures": figures, "rows": rows, "by": by, "name": label(scheme), "months": months, "target": target,
        "gaps": sorted((r for r in figures.rows if r.gap), key=lambda r: -(r.gap or 0))[:5],
        "statuses": [(figures.statuses()[key], sentence(f"coverage.{key}")) for key in ("wholly", "partly", "none")],
        "people_url": url, "filter": {"category": "kategori", "unit": "unit", "kelurahan": "kelurahan"}[by],
    }  # fmt: skip
    if by == "kelurahan":
        page["groups"] = tiles_of(figures.rows, url)
    return render(request, "pages/coverage.html", page)


@reads("coverage")
def cover_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """The table of the page as XLSX, PDF or CSV, with its day and definition."""
    on = looking_on(request, scheme)
    figures = coverage(scheme, on, given(request, "menurut", BY) or "category")
    table = _table(figures, on, scheme)
    user = signed_user(request)
    if kind == "xlsx":
        content = tables.xlsx([table])
    elif kind == "csv":
        content = tables.csv(table)
    elif kind == "pdf":
        content = tables.pdf(
            table, letterhead=letterhead(scheme, on), printed=printed(scheme, user, timezone.now())
        )
    else:
        raise Refused("record.not_found")
    return attachment(
        request, f"cakupan-{scheme.slug}-{figures.by}-{on:%Y%m%d}.{kind}", content, "export_coverage"
    )


def _table(figures: Coverage, on: date, scheme: Scheme) -> Table:
    heads = {"category": _("Category"), "unit": _("SKPD"), "kelurahan": _("Kelurahan")}
    rows = pl.DataFrame(
        [
            {"label": r.label, "target": r.target, "enrolled": r.enrolled, "active": r.active, "second": r.second, "gap": r.gap,
             "percent": shown.share(r), "status": sentence(f"coverage.{r.status}")}
            for r in figures.rows
        ],
        schema={"label": pl.String, "target": pl.Int64, "enrolled": pl.Int64, "active": pl.Int64, "second": pl.Int64, "gap": pl.Int64,
                "percent": pl.String, "status": pl.String},
    )  # fmt: skip
    columns = (
        Column("label", heads[figures.by], width=60), Column("target", _("Target"), "number", width=22, total=True),
        Column("enrolled", _("Enrolled"), "number", width=22, total=True), Column("active", _("Paid"), "number", width=22, total=True),
        *([Column("second", _("Through another office"), "number", width=24, total=True)] if figures.total.second else []),
        Column("gap", _("Gap"), "number", width=20, total=True), Column("percent", _("Coverage"), width=20),
        Column("status", _("State"), width=40),
    )  # fmt: skip
    title = (
        _("Coverage of %(scheme)s on %(day)s") % {"scheme": " · ".join(label(scheme)), "day": shown.day(on)},
    )
    return Table(columns, rows, _("Coverage"), title=title, notes=(figures.definition,))


@reads("employers")
def employers(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    every = employers_of(signed_user(request), scheme)
    state = given(request, "keadaan", dict(Employer.STATUSES))
    words = words_of(request)
    rows = every.order_by("name")
    if state:
        rows = rows.filter(status=state)
    if words:
        rows = rows.filter(name__icontains=words)
    counts: dict[str, Any] = {row["status"]: row for row in every.values("status").annotate(n=Count("pk"), workers=Sum("workers"), registered=Sum("registered_workers"))}  # fmt: skip
    registered = every.exclude(status="unregistered")
    page = {
        "page": by_number(request, rows), "state": state, "words": words,
        "tabs": [(value, text, counts.get(value, {}).get("n", 0)) for value, text in Employer.STATUSES], "all": every.count(),
        "registered": registered.count(), "workers": registered.aggregate(n=Sum("registered_workers"))["n"] or 0,
        "outside": every.filter(status="unregistered").aggregate(n=Sum("workers"))["n"] or 0,
    }  # fmt: skip
    return render(request, "pages/employers.html", page)
