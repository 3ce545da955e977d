"""All parts of the look on one page, and the guide."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from lindung.base.refused import Refused
from lindung.web.access import signed_in
from lindung.web.drawings import Lane, Span, tone


@signed_in
def parts(request: HttpRequest) -> HttpResponse:
    lanes = [
        Lane("Bagian Kesra", "city", (Span(date(2024, 1, 1), date(2024, 10, 31), "Jan–Okt 2024"), Span(date(2025, 3, 1), date(2026, 12, 31), "Mar 2025–Des 2026"))),
        Lane(_("Province"), "prov", (Span(date(2024, 11, 1), date(2024, 12, 31), "Nov–Des 2024"),)),
        Lane(_("Pays alone"), "self", (Span(date(2023, 4, 1), date(2023, 10, 31), "Apr–Okt 2023"),)),
    ]  # fmt: skip
    today = date(2026, 11, 23)
    months = [
        (date(2026, n, 1), "paid" if n < 11 else "due" if n == 11 else "covered" if n == 12 else "none", "")
        for n in range(1, 13)
    ]
    tiles = [
        {"name": name, "percent": value, "short": f"{value}%", "gap": gap, "url": "#", "tone": tone(value), "low": value < 80}
        for name, value, gap in (("Pakulonan", 97, 6), ("Pakualam", 92, 15), ("Pakujaya", 81, 51), ("Jelupang", 90, 24), ("Keranggan", 74, 77), ("Setu", 96, 9))
    ]  # fmt: skip
    shown = {
        "lanes": lanes,
        "day": today,
        "years": [(2026, months)],
        "groups": [{"name": "Serpong Utara", "percent": 92.7, "tiles": tiles}],
        "spent": [203_000_000] * 10,
        "refused": Refused("upload.too_large", {"file": "rekap.xlsx", "limit": "200 MB"}),
    }
    return render(request, "pages/parts.html", shown)
