"""How numbers, money, dates and identities stand on a page, in both languages as Indonesians write them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.utils import dateformat, timezone
from django.utils.translation import gettext, ngettext

from lindung.base import money

DASH = "–"


def number(value: int | None) -> str:
    return DASH if value in (None, "") else money.number(value)


def rupiah(value: int | None) -> str:
    return DASH if value in (None, "") else money.rupiah(value)


def percent(value: Decimal | float | None) -> str:
    """Decimal("93.7") → "93,7%"."""
    return DASH if value in (None, "") else f"{value:.1f}%".replace(".", ",")


def share(row: Any) -> str:
    """The percentage of a coverage row; "100,0%" only when nobody is missing."""
    if row.gap and row.percent is not None and row.percent >= 100:
        return percent(99.9)
    return percent(row.percent)


def day(value: date | None) -> str:
    """23 November 2026."""
    return DASH if value in (None, "") else dateformat.format(value, "j F Y")


def short_day(value: date | None) -> str:
    return DASH if value in (None, "") else dateformat.format(value, "j M Y")


def moment(value: datetime | None) -> str:
    """23 November 2026 pukul 09.12."""
    if value in (None, ""):
        return DASH
    local = timezone.localtime(value)
    return gettext("%(day)s at %(time)s") % {"day": day(local), "time": dateformat.format(local, "H.i")}


def month(value: date | None) -> str:
    """November 2026."""
    return DASH if value in (None, "") else dateformat.format(value, "F Y")


def days_left(value: date, today: date) -> str:
    left = (value - today).days
    if left == 0:
        return gettext("today")
    if left > 0:
        return ngettext("%(n)s day left", "%(n)s days left", left) % {"n": number(left)}
    return ngettext("%(n)s day late", "%(n)s days late", -left) % {"n": number(-left)}


def nik(value: str | None) -> str:
    """First four and last four digits: 3674 •••• •••• 5021."""
    if not value:
        return DASH
    return f"{value[:4]} •••• •••• {value[-4:]}" if len(value) == 16 else value[:4] + " ••••"


def kpj(value: str | None) -> str:
    """Groups 2-3-3-3: 25 000 012 345."""
    return " ".join((value[:2], value[2:5], value[5:8], value[8:])) if value else DASH


def programmes(value: str) -> str:
    """ "JKK,JKM" → "JKK dan JKM"."""
    parts = value.split(",")
    return (
        gettext("%(first)s and %(last)s") % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
        if len(parts) > 1
        else value
    )
