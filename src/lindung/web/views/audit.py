"""The audit trail: the history of a record for those who work with it, and a search with export for auditors."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import polars as pl
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lindung.base.refused import Refused
from lindung.contributions.models import Calculation
from lindung.enrolment.models import Determination, Membership
from lindung.enrolment.queries import batches_of, person_for, rosters_of
from lindung.papers import tables
from lindung.papers.tables import Column, Table
from lindung.registry.access import schemes_for
from lindung.registry.models import AuditEntry, Role, Scheme, SchemeVersion
from lindung.registry.trail import entries_for, events_of, last_check
from lindung.web import shown
from lindung.web.access import AREAS, reads, signed_user, within_reach
from lindung.web.downloads import attachment
from lindung.web.pages import by_number
from lindung.web.views import audit_words as words
from lindung.web.views.common import one_of, words_of

MOST = 50_000  # rows of one export


def _history(request: HttpRequest, title: str, back: str, records: list[Model]) -> HttpResponse:
    roles = dict(Role.ROLES)
    told = [
        {
            "entry": event.entry, "action": words.action(event.entry.action), "role": roles.get(event.entry.role, event.entry.role),
            "facts": words.facts(event.entry),
            "changes": [(words.table(c.table), c.row_id, c.operation, words.changes(c)) for c in event.changes],
        }
        for event in events_of([words.named(record) for record in records])
    ]  # fmt: skip
    return render(request, "pages/history.html", {"events": told, "title": title, "back": back})


@reads("people", of_scheme=False, who_may="history")
def of_person(request: HttpRequest, pk: int) -> HttpResponse:
    """A person with the memberships in those schemes that the one who asks may see."""
    user = signed_user(request)
    person = person_for(user, pk)
    seen = Scheme.objects.filter(schemes_for(user, AREAS["people"]))
    covers = list(Membership.objects.filter(person=person, scheme__in=seen).order_by("pk"))
    return _history(request, person.name, reverse("person", kwargs={"pk": pk}), [person, *covers])


@reads("schemes", who_may="history")
def of_scheme(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    versions = SchemeVersion.objects.filter(scheme=scheme)
    back = reverse("scheme", kwargs={"slug": scheme.slug})
    return _history(request, scheme.slug, back, [scheme, *versions, *scheme.documents.all()])


@reads("rosters", who_may="history")
def of_roster(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(rosters_of(signed_user(request), scheme), pk)
    return _history(
        request, record.file.name, reverse("roster", kwargs={"slug": scheme.slug, "pk": pk}), [record]
    )


@reads("determinations", who_may="history")
def of_determination(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    rows = Determination.objects.filter(scheme=scheme).select_related("unit")
    record = one_of(within_reach(signed_user(request), scheme, AREAS["determinations"], rows, "unit"), pk)
    title = record.number or f"{_('Determination')} {record.sequence}"
    return _history(
        request, title, reverse("determination", kwargs={"slug": scheme.slug, "pk": pk}), [record]
    )


@reads("batches", who_may="history")
def of_batch(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(batches_of(scheme), pk)
    title = f"{_('BPJS files')} {pk}"
    return _history(request, title, reverse("batch", kwargs={"slug": scheme.slug, "pk": pk}), [record])


@reads("money", who_may="history")
def of_bill(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(Calculation.objects.filter(scheme=scheme).select_related("unit", "bill"), pk)
    bill = getattr(record, "bill", None)
    every = [record, *([bill, *bill.payments.all()] if bill else [])]
    title = f"{record.unit.name}, {shown.month(record.month)}"
    return _history(request, title, reverse("bill", kwargs={"slug": scheme.slug, "pk": pk}), every)


def _asked(request: HttpRequest) -> tuple[QuerySet[AuditEntry], dict[str, str]]:
    """The entries in reach that the address asks for: who, what, which record, from and to which day."""
    rows = entries_for(signed_user(request)).select_related("actor").order_by("-position")
    asked = {
        name: request.GET.get(name, "").strip()[:60]
        for name in ("perbuatan", "jenis", "nomor", "dari", "sampai")
    }
    asked["q"] = words_of(request)
    if asked["q"]:
        rows = rows.filter(Q(actor__login__icontains=asked["q"]) | Q(actor__name__icontains=asked["q"]))
    if asked["perbuatan"]:
        kind = asked["perbuatan"]  # a whole kind by its first word: "export" finds every export
        rows = rows.filter(Q(action=kind) | Q(action__startswith=f"{kind}_"))
    if asked["jenis"] in words.TABLES:
        one: dict[str, Any] = {"table": asked["jenis"]}
        if asked["nomor"].isdecimal() and len(asked["nomor"]) < 19:
            one["id"] = int(asked["nomor"])
        rows = rows.filter(subjects__contains=[one])
    if day := _day(asked["dari"]):
        rows = rows.filter(at__gte=day)
    if day := _day(asked["sampai"]):
        rows = rows.filter(at__lt=day + timedelta(days=1))
    return rows, asked


def _day(text: str) -> datetime | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return timezone.make_aware(datetime.combine(day, time())) if 2000 <= day.year <= 2100 else None


@reads("audit", of_scheme=False)
def trail(request: HttpRequest) -> HttpResponse:
    rows, asked = _asked(request)
    page = by_number(request, rows)
    roles = dict(Role.ROLES)
    told = [
        (e, words.action(e.action), roles.get(e.role, e.role), words.records(e)[:4], words.facts(e)[:6])
        for e in page.rows
    ]
    found = {
        "page": page, "rows": told, "asked": asked, "filtered": any(asked.values()), "check": last_check(),
        "actions": sorted(((a, words.action(a)) for a in words.ACTIONS), key=lambda pair: pair[1]),
        "kinds": sorted(((k, str(v)) for k, v in words.TABLES.items()), key=lambda pair: pair[1]),
        "query": request.GET.urlencode(),
    }  # fmt: skip
    return render(request, "pages/audit.html", found)


@reads("audit", of_scheme=False)
def trail_file(request: HttpRequest, kind: str) -> HttpResponse:
    """The entries that the search found, as CSV or XLSX. Raises Refused("audit.too_many")."""
    rows, _asked_for = _asked(request)
    if (count := rows[: MOST + 1].count()) > MOST:
        raise Refused("audit.too_many", {"most": shown.number(MOST)})
    roles = dict(Role.ROLES)
    keys = (
        "position",
        "at",
        "who",
        "login",
        "role",
        "channel",
        "address",
        "action",
        "records",
        "facts",
        "hash",
    )
    heads = (
        _("Entry"), _("When"), _("Who"), _("Account"), _("Role"), _("Channel"), _("From where"), _("What"), _("Records"), _("Details"), _("Hash"),
    )  # fmt: skip
    told = [
        (
            str(e.position), timezone.localtime(e.at).isoformat(timespec="seconds"), e.actor.name if e.actor else "", e.actor.login if e.actor else "",
            str(roles.get(e.role, e.role)), e.channel, e.address, words.action(e.action), "; ".join(words.records(e)),
            "; ".join(f"{name}: {text}" for name, text in words.facts(e)), e.hash,
        )
        for e in rows.iterator(2_000)
    ]  # fmt: skip
    frame = pl.DataFrame(told, schema=dict.fromkeys(keys, pl.String), orient="row")
    table = Table(
        tuple(Column(key, head, width=24) for key, head in zip(keys, heads, strict=True)),
        frame, _("Audit trail"), title=(_("Audit trail"),), notes=(_("%(n)s entries") % {"n": shown.number(count)},), numbered=False,
    )  # fmt: skip
    if kind not in ("csv", "xlsx"):
        raise Refused("record.not_found")
    content = tables.csv(table) if kind == "csv" else tables.xlsx([table])
    return attachment(request, f"jejak-audit-{timezone.localdate():%Y%m%d}.{kind}", content, "export_audit")
