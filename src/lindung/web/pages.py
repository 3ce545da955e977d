"""One page of a long list: by number where the list is short, by key where it may hold a million."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext

from lindung.base.money import number

SIZE = 50
COUNTED = 10_000  # above it "more than 10.000": counting a million rows costs more than showing fifty


@dataclass(frozen=True)
class Slice:
    """The rows shown, their numbers, how many there are, and the queries of the pages before and after."""

    rows: Sequence[Any]
    first: int
    last: int
    total: int | None
    total_shown: str
    previous: str = ""
    next: str = ""


def by_number(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], size: int = SIZE) -> Slice:
    page = Paginator(rows, size).get_page(request.GET.get("hal"))

    def query(at: int) -> str:
        asked = request.GET.copy()
        asked["hal"] = str(at)
        return asked.urlencode()

    total = page.paginator.count
    return Slice(
        list(page.object_list), page.start_index(), page.end_index(), total, number(total),
        query(page.previous_page_number()) if page.has_previous() else "",
        query(page.next_page_number()) if page.has_next() else "",
    )  # fmt: skip


def by_key(request: HttpRequest, rows: QuerySet[Any], key: str = "pk", size: int = SIZE) -> Slice:
    """`rows` are ordered by `key` here. Pages go forward and back by the key itself, so a deep page costs as the first."""
    after, before = request.GET.get("sesudah", ""), request.GET.get("sebelum", "")
    start = int(request.GET["dari"]) if request.GET.get("dari", "").isdecimal() else 0
    if before.isdecimal():
        found = list(rows.filter(Q(**{f"{key}__lt": int(before)})).order_by(f"-{key}")[: size + 1])
        earlier, later = len(found) > size, True
        found = found[:size][::-1]
    else:
        if after.isdecimal():
            rows_after = rows.filter(Q(**{f"{key}__gt": int(after)}))
        else:
            rows_after, start = rows, 0
        found = list(rows_after.order_by(key)[: size + 1])
        earlier, later = after.isdecimal(), len(found) > size
        found = found[:size]
    total = rows.order_by()[: COUNTED + 1].count()

    def query(name: str, value: int, place: int) -> str:
        asked = request.GET.copy()
        for old in ("sesudah", "sebelum", "dari"):
            asked.pop(old, None)
        asked[name], asked["dari"] = str(value), str(max(place, 0))
        return asked.urlencode()

    def key_of(row: Any) -> int:
        for part in key.split("__"):
            row = getattr(row, part)
        return row

    return Slice(
        found, start + 1 if found else 0, start + len(found), total,
        number(total) if total <= COUNTED else gettext("more than %(n)s") % {"n": number(COUNTED)},
        query("sebelum", key_of(found[0]), start - size) if found and earlier and start else "",
        query("sesudah", key_of(found[-1]), start + len(found)) if found and later else "",
    )  # fmt: skip
