"""The parts that pages are made of (`/komponen/` shows all of them)."""

from __future__ import annotations

import hashlib
from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from lindung.base.refused import Refused
from lindung.web import drawings, shown

register = template.Library()
for function in (
    shown.number,
    shown.rupiah,
    shown.percent,
    shown.share,
    shown.day,
    shown.short_day,
    shown.moment,
    shown.month,
    shown.nik,
    shown.kpj,
):
    register.filter(function.__name__, function)
register.filter("programmes", shown.programmes)
register.filter("at", lambda named, key: named.get(key, ""))
register.filter("days_left", shown.days_left)


@lru_cache(maxsize=32)
def _version(name: str) -> str:
    path = finders.find(name)
    if not path:
        return ""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()[:8]


@register.simple_tag
def asset(name: str) -> str:
    """The address of a static file, new whenever the file is."""
    return f"{static(name)}?{_version(name)}"


@register.simple_tag
def asset_plain(name: str) -> str:
    """The address of a file that a style sheet names without a version (the font)."""
    return static(name)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """An icon of the sprite: silent, or with a name for those who hear the page."""
    address = f"{asset('icons.svg')}#{name}"
    if label:
        return format_html('<svg class="i" role="img" aria-label="{}"><use href="{}"/></svg>', label, address)
    return format_html('<svg class="i" aria-hidden="true"><use href="{}"/></svg>', address)


class Kind:
    """A kind of mark: its icon stands for it together with its word."""

    def __init__(self, icon: str) -> None:
        self.icon = icon


KINDS = {
    "error": Kind(icon="circle-x"),
    "warn": Kind(icon="alert-triangle"),
    "info": Kind(icon="info-circle"),
    "ok": Kind(icon="circle-check"),
    "plain": Kind(icon="clock"),
}


@register.simple_tag
def mark(kind: str, text: Any) -> SafeString:
    return format_html('<span class="mark m-{}">{}{}</span>', kind, icon(KINDS[kind].icon), text)


@register.simple_tag
def sign(kind: str, label: str = "") -> SafeString:
    """The icon of a kind in its colour, with a name of its own."""
    return format_html('<span class="t-{}">{}</span>', kind, icon(KINDS[kind].icon, label))


@register.simple_tag
def state(record: Any, field: str = "state") -> SafeString:
    """The state of a record as a mark: what is done is quiet, what waits has a clock, what went wrong is red."""
    value = getattr(record, field)
    return mark(STATES.get(value, "plain"), getattr(record, f"get_{field}_display")())


STATES = {
    "accepted": "ok", "rejected": "error", "returned": "warn", "waiting": "plain", "pending": "plain",
    "same": "warn", "different": "ok",
    "layak": "ok", "tidak_layak": "error", "perlu_klarifikasi": "warn",
    "received": "plain", "checking": "plain", "checked": "info", "withdrawn": "plain", "refused": "error",
    "proposed": "info", "verified": "info", "approved": "info", "signed": "ok", "cancelled": "plain",
    "prepared": "plain", "sent": "info", "answered": "ok",
    "confirmed": "ok", "declined": "plain", "compliant": "ok", "partly": "warn", "arrears": "warn", "unregistered": "error",
}  # fmt: skip


@register.inclusion_tag("components/note.html")
def note(kind: str, title: str, text: str = "", undo: str = "", undo_value: str = "") -> dict[str, Any]:
    return {
        "kind": kind,
        "icon": KINDS[kind].icon,
        "title": title,
        "text": text,
        "undo": undo,
        "value": undo_value,
    }


@register.inclusion_tag("components/refusal.html")
def refusal(refused: Refused) -> dict[str, Any]:
    return {"sentence": refused.sentence(), "hint": refused.hint(), "law": refused.law}


@register.inclusion_tag("components/empty.html")
def empty(title: str, text: str, url: str = "", button: str = "") -> dict[str, str]:
    return {"title": title, "text": text, "url": url, "button": button}


@register.inclusion_tag("components/progress.html")
def progress(title: str, done: int, total: int, left: str = "") -> dict[str, Any]:
    return {"title": title, "done": done, "total": total, "left": left}


@register.inclusion_tag("components/target_bar.html")
def target_bar(enrolled: int, process: int, target: int | None, tall: bool = False) -> dict[str, Any]:
    """Enrolled, in process and gap on one axis from 0; exact numbers in its name."""
    if target is None:
        return {"parts": None}
    told = gettext("%(enrolled)s enrolled, %(process)s in process, gap %(gap)s of a target of %(target)s") % {
        "enrolled": shown.number(enrolled),
        "process": shown.number(process),
        "gap": shown.number(max(target - enrolled, 0)),
        "target": shown.number(target),
    }
    return {"parts": drawings.target_parts(enrolled, process, target), "tall": tall, "told": told}


@register.inclusion_tag("components/bar_key.html")
def bar_key() -> dict[str, Any]:
    return {}


@register.inclusion_tag("components/timeline.html")
def timeline(lanes: list[drawings.Lane], today: date) -> dict[str, Any]:
    hole = gettext("{n} months without cover")
    return {"drawing": drawings.timeline(lanes, today, hole), "day": today}


@register.inclusion_tag("components/year_boxes.html")
def year_boxes(years: list[tuple[int, list[tuple[date, str, str]]]]) -> dict[str, Any]:
    """Twelve boxes per year; each (month, state, words), the states paid, due, covered, none, before."""
    return {"years": years}


@register.inclusion_tag("components/tile_map.html")
def tile_map(groups: list[dict[str, Any]]) -> dict[str, Any]:
    """Groups (name, percent, tiles of {name, percent, target, enrolled, gap, url, tone})."""
    return {"groups": groups}


@register.inclusion_tag("components/burn_down.html")
def burn_down(amount: int, spent: list[int], told: str) -> dict[str, Any]:
    letters = gettext("J F M A M J J A S O N D").split()
    drawing = drawings.burn_down(amount, spent, letters)
    unit = {"miliar": gettext("billion rupiah"), "juta": gettext("million rupiah")}[drawing.unit]
    return {"drawing": drawing, "told": told, "unit": unit}


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context: dict[str, Any], page: Any) -> dict[str, Any]:
    """`page` is a `pages.Slice`: which rows are shown, of how many, and the neighbours."""
    return {"page": page, "request": context["request"]}


@register.inclusion_tag("components/sort_head.html", takes_context=True)
def sort_head(context: dict[str, Any], key: str, text: str, number: bool = False) -> dict[str, Any]:
    """A head that sorts: a link that keeps the filters, with aria-sort on the one in use."""
    query = context["request"].GET.copy()
    current = query.get("urut", "")
    query["urut"] = f"-{key}" if current == key else key
    query.pop("hal", None)
    used = {key: "ascending", f"-{key}": "descending"}.get(current, "")
    return {"query": query.urlencode(), "text": text, "sort": used, "number": number}


@register.simple_tag(takes_context=True)
def asking(context: dict[str, Any], **changes: Any) -> str:
    """The query of this page with some of it changed; an empty value takes it away."""
    query = context["request"].GET.copy()
    query.pop("hal", None)
    for name, value in changes.items():
        if value in (None, ""):
            query.pop(name, None)
        else:
            query[name] = str(value)
    return "?" + query.urlencode()


@register.simple_tag(takes_context=True)
def asking_here(context: dict[str, Any], **changes: Any) -> str:
    """As `asking`, on the same page of a long list."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query[name] = str(value)
    return "?" + query.urlencode()


@register.inclusion_tag("components/field.html")
def field(bound: Any, kind: str = "") -> dict[str, Any]:
    """A form field with its label, help and error, joined for those who hear the page."""
    attrs = {
        "class": "form-select"
        if getattr(bound.field.widget, "input_type", "") == "select"
        else "form-control"
    }
    if kind:
        attrs["class"] += f" {kind}"
    describes = [f"{bound.auto_id}-help"] if bound.help_text else []
    if bound.errors:
        attrs["class"] += " is-bad"
        attrs["aria-invalid"] = "true"
        describes.append(f"{bound.auto_id}-error")
    if describes:
        attrs["aria-describedby"] = " ".join(describes)
    return {"field": bound, "widget": bound.as_widget(attrs=attrs)}
