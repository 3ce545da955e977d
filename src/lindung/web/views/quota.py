"""Quota and waiting list: what a category may hold, who fills it, who comes next; proposed by one, confirmed by another."""

from __future__ import annotations

from typing import Any

import polars as pl
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.quota import proposals_of, quotas_of, waiting_list
from lindung.papers.tables import Column, Table, csv, xlsx
from lindung.registry.access import may
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web import shown
from lindung.web.access import reads, signed_user, writes
from lindung.web.context import looking_on
from lindung.web.downloads import attachment
from lindung.web.forms import DayField
from lindung.web.pages import by_key
from lindung.web.views.common import chosen, done, given, shown_in, words_of, wrong

MOST, SHOWN = 100_000, 200


class RefillForm(forms.Form):
    joins_on = DayField(label=gettext_lazy("First day of who comes in"))


def _asked(request: HttpRequest, labels: dict[str, str]) -> dict[str, str]:
    return {"category": given(request, "kategori", labels), "words": words_of(request)}


def page_of(request: HttpRequest, scheme: Scheme, form: RefillForm | None = None) -> HttpResponse:
    user, lang, on = signed_user(request), get_language() or "id", looking_on(request, scheme)
    rules = rules_of(current_version(scheme))
    quotas = quotas_of(scheme, rules, on, lang)
    labels = {c.id: c.label[lang] for c in rules.categories}
    asked = _asked(request, labels)
    first = Month.of(on) + 1
    confirmed = proposals_of(scheme, "confirmed").filter(batch=None).order_by("-decided_at")
    page: dict[str, Any] = {
        "quotas": quotas, "labels": labels, "asked": asked, "day": on, "may_propose": may(user, "propose", scheme),
        "may_confirm": may(user, "determine", scheme), "form": form or RefillForm(initial={"joins_on": first.first}),
        "proposals": proposals_of(scheme)[:SHOWN], "confirmed": confirmed[:20], "page": by_key(request, waiting_list(user, scheme, **asked)),
        "free": sum(q.free for q in quotas), "proposed": sum(q.proposed for q in quotas), "waiting": sum(q.waiting for q in quotas),
        "categories": labels.items(),
    }  # fmt: skip
    return render(request, "pages/quota.html", page)


@reads("movements")
def quota(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return page_of(request, scheme)


@writes("propose", area="movements")
def refill(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Propose the next of the waiting list for every free place."""
    form = RefillForm(request.POST)
    if form.is_valid():
        with shown_in(form):
            made, left = actions.propose_replacements(
                scheme, form.cleaned_data["joins_on"], actor=request.actor
            )
            text = ngettext(
                "%(n)s person is proposed; %(m)s places stay free.",
                "%(n)s people are proposed; %(m)s places stay free.",
                made,
            )
            return done(request, text % {"n": shown.number(made), "m": shown.number(left)}, _place(scheme))
    return wrong(page_of, request, scheme, form)


@writes("propose", area="movements")
def decide(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Confirm or decline proposals of others, take back one's own, or put confirmed ones back."""
    user, move = signed_user(request), request.POST.get("move", "")
    rows = proposals_of(scheme, "confirmed" if move == "undo" else "proposed").order_by().select_related(None)
    if not request.POST.get("all"):
        rows = rows.filter(pk__in=chosen(request, "movement"))
    if move == "decline" and not may(user, "determine", scheme):
        rows = rows.filter(proposed_by=user)
    if not rows.exists():
        raise Refused("review.nobody_chosen")
    if move == "confirm":
        n = actions.confirm_movements(scheme, rows, timezone.localdate(), actor=request.actor)
        text = ngettext("%(n)s movement was confirmed.", "%(n)s movements were confirmed.", n)
    elif move == "undo":
        n, _files = actions.undo_movements(scheme, rows, actor=request.actor)
        text = ngettext(
            "%(n)s movement waits for a confirmation again.",
            "%(n)s movements wait for a confirmation again.",
            n,
        )
    else:
        n = actions.decline_movements(scheme, rows, request.POST.get("reason", ""), actor=request.actor)
        text = ngettext("%(n)s movement was declined.", "%(n)s movements were declined.", n)
    return done(request, text % {"n": shown.number(n)}, _place(scheme))


def _place(scheme: Scheme) -> str:
    return reverse("quota", kwargs={"slug": scheme.slug})


@reads("movements")
def quota_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """Two sheets: the quota of each category, and the waiting list in its order, the NIK masked."""
    lang, on = get_language() or "id", looking_on(request, scheme)
    rules = rules_of(current_version(scheme))
    labels = {c.id: c.label[lang] for c in rules.categories}
    told = [
        {"label": q.label, "target": q.target, "filled": q.filled, "free": q.free, "proposed": q.proposed, "waiting": q.waiting, "room": q.room}
        for q in quotas_of(scheme, rules, on, lang)
    ]  # fmt: skip
    numbers = (("target", _("Target")), ("filled", _("Filled")), ("proposed", _("Proposed")), ("free", _("Free places")), ("room", _("Room left")), ("waiting", _("Waiting")))  # fmt: skip
    columns = (
        Column("label", _("Category"), width=60),
        *(Column(key, text, "number", 24, total=True) for key, text in numbers),
    )
    quotas = Table(
        columns,
        pl.DataFrame(told, schema={c.key: pl.Int64 if c.kind == "number" else pl.String for c in columns}),
        _("Quota"),
        (scheme.slug,),
    )
    rows = waiting_list(signed_user(request), scheme, **_asked(request, labels))[:MOST]
    people = [
        {"name": c.name, "nik": shown.nik(c.nik), "category": labels.get(c.category or "", ""), "kelurahan": c.kelurahan.name if c.kelurahan else "",
         "sender": c.roster.sender.name, "since": timezone.localdate(c.reviewed_at) if c.reviewed_at else None}
        for c in rows
    ]  # fmt: skip
    heads = (
        Column("name", _("Name"), width=50), Column("nik", "NIK", width=36), Column("category", _("Category"), width=50),
        Column("kelurahan", _("Kelurahan"), width=40), Column("sender", _("Sent in by"), width=50), Column("since", _("Waiting since"), "date", 24),
    )  # fmt: skip
    waiting = Table(
        heads,
        pl.DataFrame(people, schema={c.key: pl.Date if c.kind == "date" else pl.String for c in heads}),
        _("Waiting list"),
        (scheme.slug,),
    )
    if kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    made = xlsx([quotas, waiting]) if kind == "xlsx" else csv(waiting)
    return attachment(request, f"daftar-tunggu-{scheme.slug}.{kind}", made, "export_movements")
