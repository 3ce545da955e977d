"""Reads that only pages need."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

from django.db.models import BooleanField, F, Func, QuerySet, Sum, Value
from django.utils import dateformat
from django.utils.translation import gettext as _

from lindung.base.month import Month
from lindung.contributions.models import Budget, Calculation, Line
from lindung.enrolment.queries import Cover
from lindung.registry.models import Person, Region, Scheme
from lindung.web import shown
from lindung.web.drawings import Lane, Span, tone

PAYER_KINDS = {
    "APBD": "city",
    "APBN": "city",
    "APBDes": "city",
    "employer": "employer",
    "self": "self",
    "donor": "donor",
}


def spent_by_month(scheme: Scheme, on: date) -> list[int]:
    """What the city paid or owes per month of the year of `on`, from January to the month of `on`."""
    rows = (
        Calculation.objects.filter(scheme=scheme, month__year=on.year, month__lte=on, bill__isnull=False)
        .values("month")
        .annotate(n=Sum(F("bill__amount") - F("workers")))
    )
    found = {row["month"].month: row["n"] for row in rows}
    return [found.get(month, 0) for month in range(1, on.month + 1)]


def enrolled_by_month(scheme: Scheme, on: date) -> list[tuple[date, int]]:
    """(first of the month, people billed for it) of the last twelve months up to `on`."""
    first = Month.of(on) + -11
    rows = (
        Calculation.objects.filter(scheme=scheme, month__gte=first.first, month__lte=on)
        .values("month")
        .annotate(n=Sum("people"))
        .order_by("month")
    )
    return [(row["month"], row["n"]) for row in rows]


def budgets_of(scheme: Scheme, year: int) -> list[Budget]:
    return list(
        Budget.objects.filter(scheme=scheme, year=year)
        .select_related("unit")
        .order_by("unit__name", "account_code")
    )


def lanes_of(covers: list[Cover]) -> list[Lane]:
    """One lane per payer, with the months and the contribution of each period."""
    lanes = []
    keyed = sorted(covers, key=lambda c: (c.membership.unit.name, c.membership.starts_on))
    for name, group in itertools.groupby(keyed, key=lambda c: c.membership.unit.name):
        spans, kind = [], "city"
        for cover in group:
            membership = cover.membership
            kind = PAYER_KINDS.get(membership.payer, "city")
            spans.append(
                Span(
                    membership.starts_on,
                    membership.ends_on,
                    _period(membership.starts_on, membership.ends_on),
                )
            )
        lanes.append(Lane(name, kind, tuple(spans)))
    return lanes


def _period(start: date, end: date | None) -> str:
    """ "Nov–Des 2019" """
    first, last = dateformat.format(start, "M Y"), dateformat.format(end, "M Y") if end else _("open")
    return f"{first[:-5]}–{last}" if end and end.year == start.year else f"{first} – {last}"


def years_of(person: Person, covers: list[Cover], on: date) -> list[tuple[int, list[tuple[date, str, str]]]]:
    """Twelve boxes for every year from the first membership to `on` (or the last paid month)."""
    if not covers:
        return []
    billed = {
        row["month"]: row["calculation__paid_on"]
        for row in Line.objects.filter(membership__person=person).values("month", "calculation__paid_on").order_by("calculation__paid_on")
    }  # fmt: skip
    first = min(c.membership.starts_on for c in covers)
    last = max([on, *billed])
    years = []
    for year in range(first.year, last.year + 1):
        boxes = []
        for number in range(1, 13):
            month = date(year, number, 1)
            boxes.append((month, *_box(month, billed, covers, first, on)))
        years.append((year, boxes))
    return years


def _box(
    month: date, billed: dict[date, date | None], covers: list[Cover], first: date, on: date
) -> tuple[str, str]:
    if month in billed:
        paid = billed[month]
        if paid:
            return "paid", _("paid on %(day)s") % {"day": shown.day(paid)}
        return "due", _("billed, not paid yet")
    last = Month.of(month).last
    running = [
        c
        for c in covers
        if c.membership.starts_on <= last and (c.membership.ends_on is None or c.membership.ends_on >= month)
    ]
    if month < first.replace(day=1) or month > on:
        return ("covered", _("determined")) if running and month > on else ("before", "")
    if running:
        return "covered", _("registered, not billed yet") if running[0].registered_on else _(
            "determined, no KPJ yet"
        )
    return "none", _("no cover")


def tiles_of(rows: list[Any], url: str) -> list[dict[str, Any]]:
    """Coverage rows by kelurahan as tiles, grouped by kecamatan in the order of their codes."""
    names = dict(Region.objects.filter(pk__in={row.group[:8] for row in rows}).values_list("pk", "name"))
    groups: dict[str, list[Any]] = {}
    for row in rows:
        if row.group:
            groups.setdefault(row.group[:8], []).append(row)
    made = []
    for code, members in sorted(groups.items()):
        target = sum(r.target or 0 for r in members)
        tiles = [
            {
                "name": row.label.title() if row.label.isupper() else row.label,
                "percent": row.percent,
                "short": _short(row),
                "gap": row.gap,
                "tone": tone(float(row.percent)) if row.percent is not None else "v0",
                "low": row.percent is not None and row.percent < 80,
                "url": f"{url}?kelurahan={row.group}",
            }
            for row in members
        ]
        enrolled = sum(r.enrolled for r in members)
        name = names.get(code, code)
        made.append(
            {
                "name": name.title() if name.isupper() else name,
                "tiles": tiles,
                "percent": min(enrolled * 100 / target, 99.9 if enrolled < target else 100)
                if target
                else None,
            }
        )
    return made


def _short(row: Any) -> str:
    """Whole percents in a tile, rounded up to 100 only when nobody is missing."""
    if row.percent is None:
        return shown.number(row.enrolled)
    return f"{min(row.percent, 99) if row.gap else row.percent:.0f}%"


def named(words: str) -> QuerySet[Person]:
    """People by the beginnings of their names, a NIK or a KPJ, anywhere: reach is the business of the rows they select."""
    digits = words.replace(" ", "")
    if digits.isdecimal():
        return (
            Person.objects.filter(memberships__registration__kpj=digits)
            if len(digits) == 11
            else Person.objects.filter(nik=digits)
        )
    parts = "".join(c if c.isalnum() else " " for c in words).split()
    if not parts:
        return Person.objects.none()
    # the expression of the index over names, with the columns named by Django: the same inside a subquery
    hit = Func(
        F("name"),
        Value(" & ".join(f"{part}:*" for part in parts)),
        template="to_tsvector('simple', %(expressions)s)",
        arg_joiner=") @@ to_tsquery('simple', ",
        output_field=BooleanField(),
    )
    return Person.objects.filter(hit)
