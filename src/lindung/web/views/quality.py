"""How good the lists of each office are as they come, month by month: a table, a drawing, a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lindung.enrolment.quality import Score, UnitQuality, quality_of, together
from lindung.papers.tables import Column, Table
from lindung.registry.models import Scheme
from lindung.web import shown
from lindung.web.access import reads, signed_user
from lindung.web.context import label
from lindung.web.pages import by_number
from lindung.web.views.common import given, words_of
from lindung.web.views.mending import table_file

SORTS = ("nama", "-nama", "nilai", "-nilai", "orang", "-orang")
MONTHS = 24  # of the drawing
HEIGHT, BASE, STEP = 120, 140, 52


def _asked(request: HttpRequest, scheme: Scheme) -> tuple[list[UnitQuality], dict[str, Any]]:
    words, sort = words_of(request), given(request, "urut", SORTS)
    units = quality_of(signed_user(request), scheme, words)
    keys: dict[str, Any] = {
        "nama": lambda one: one.name.casefold(), "orang": lambda one: one.whole.people,
        "nilai": lambda one: -1 if one.whole.points is None else one.whole.points,
    }  # fmt: skip
    if sort:
        units.sort(key=keys[sort.removeprefix("-")], reverse=sort.startswith("-"))
    return units, {"words": words, "sort": sort}


def _bars(months: dict[date, Score]) -> dict[str, Any]:
    """Bars from 0 to 100 for the months that have points, the newest last."""
    scored = [(month, score) for month, score in months.items() if score.points is not None][-MONTHS:]
    bars = []
    for n, (month, score) in enumerate(scored):
        points = score.points or Decimal(0)
        tall = int(points * HEIGHT / 100)
        bars.append({
            "x": 40 + n * STEP, "middle": 40 + n * STEP + 17, "y": BASE - tall, "tall": tall, "above": BASE - tall - 5,
            "points": shown.percent(points).removesuffix("%"), "month": f"{month:%m.%y}",
        })  # fmt: skip
    return {
        "bars": bars, "width": max(40 + len(bars) * STEP, 300), "grid": [(BASE, 0), (BASE - HEIGHT // 2, 50), (BASE - HEIGHT, 100)],
        "told": ", ".join(f"{shown.month(month)}: {shown.percent(score.points).removesuffix('%')}" for month, score in scored),
    }  # fmt: skip


@reads("rosters")
def quality(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    units, page = _asked(request, scheme)
    months = together(units)
    page |= {
        "page": by_number(request, units), "drawing": _bars(months), "months": [*reversed(months.items())],
        "measured": sum(one.whole.people for one in units),
    }  # fmt: skip
    return render(request, "pages/quality.html", page)


@reads("rosters")
def quality_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """A row for every office and month."""
    units, _page = _asked(request, scheme)
    told = [
        {
            "unit": unit.name, "month": month, "lists": score.lists, "again": score.again, "refused": score.refused,
            "people": score.people, "points": score.points, "first": score.first, "now": score.now,
        }
        for unit in units
        for month, score in sorted(unit.months.items())
    ]  # fmt: skip
    heads = (
        Column("unit", _("Office"), width=50), Column("month", _("Month"), "month", 24), Column("lists", _("Lists"), "number", 16),
        Column("again", _("Corrected files"), "number", 20), Column("refused", _("Refused"), "number", 18),
        Column("people", _("People"), "number", 18), Column("points", _("Points"), "percent", 18),
        Column("first", _("Without errors at first"), "percent", 24), Column("now", _("Without errors now"), "percent", 24),
    )  # fmt: skip
    kinds: dict[str, Any] = {"month": pl.Date, "percent": pl.Decimal(5, 1), "number": pl.Int64}
    rows = pl.DataFrame(told, schema={c.key: kinds.get(c.kind, pl.String) for c in heads})
    title = (_("Quality of the lists of %(scheme)s") % {"scheme": " · ".join(label(scheme))},)
    table = Table(heads, rows, _("Quality"), title, numbered=False)
    return table_file(request, table, f"mutu-{scheme.slug}", kind, "export_quality")
