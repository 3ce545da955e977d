"""The file BPJS takes and its answer; cards and who received them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.core import signing
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lindung.base.messages import hint, sentence
from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.models import Batch, BatchRow, Card, Membership
from lindung.enrolment.queries import batches_of, card_runs_of
from lindung.registry import files
from lindung.registry.access import MAY, may
from lindung.registry.models import Scheme, StoredFile, Unit
from lindung.web import shown
from lindung.web.access import AREAS, city_wide, reach, reads, signed_user, within_reach, writes
from lindung.web.downloads import kept
from lindung.web.forms import AnswerForm, TemplateForm, content
from lindung.web.pages import by_key, by_number
from lindung.web.remember import remembered
from lindung.web.views.common import chosen, done, given, one_of, shown_in, wrong
from lindung.web.views.work import MANY, asked
from lindung.workflows import jobs
from lindung.workflows.models import Job


@reads("batches")
def batches(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    rows = batches_of(scheme)
    state = given(request, "keadaan", dict(Batch.STATES))
    if state:
        rows = rows.filter(state=state)
    unsent = Membership.objects.filter(
        scheme=scheme, registration__isnull=True, end_reason__isnull=True, batch_rows__isnull=True
    )
    waiting = remembered(f"unsent:{scheme.pk}", unsent.count, request)
    page = {
        "page": by_number(request, rows), "states": Batch.STATES, "state": state, "waiting": waiting,
        "may_send": may(signed_user(request), "send_batch", scheme),
    }  # fmt: skip
    return render(request, "pages/batches.html", page)


SALT = "lindung.template"  # an address names a kept template only to those whom the page gave it


def _template(scheme: Scheme, token: str) -> StoredFile | None:
    """The blank template chosen before, or none. Raises Refused("record.not_found")."""
    if not token:
        return None
    try:
        place, pk = signing.loads(token, salt=SALT, max_age=86_400)
    except signing.BadSignature:
        raise Refused("record.not_found") from None
    return one_of(StoredFile.objects.filter(pk=pk if place == scheme.pk else None), pk)


def preflight_page(request: HttpRequest, scheme: Scheme, form: TemplateForm | None = None) -> HttpResponse:
    token = request.GET.get("templat", "")[:200]
    kept_file = _template(scheme, token)
    blank = (kept_file.name, files.content(kept_file)) if kept_file else None
    groups, found = actions.preflight_batches(scheme, template=blank)
    errors = found.filter(pl.col("severity") == "error")
    units = Unit.objects.in_bulk(groups["unit_id"].to_list())
    whole = found.filter(pl.col("row_id").is_null())
    rows = found.filter(pl.col("row_id").is_not_null()).sort("severity", "row_id")
    level = given(request, "jenis", ("error", "warning"))
    rows = rows.filter(severity=level) if level else rows
    page = by_number(request, _Told(rows))
    shown_page = {
        "groups": [(units[row["unit_id"]], row) for row in groups.iter_rows(named=True)], "level": level,
        "people": groups["people"].sum(), "wrong": errors["row_id"].n_unique(), "page": page,
        "whole": list(_Told(whole)[:]), "template": kept_file, "token": token,
        "form": form or TemplateForm(), "errors": errors.height,
        "warnings": found.filter(severity="warning").height - whole.height,
    }  # fmt: skip
    return render(request, "pages/preflight.html", shown_page)


class _Told(Sequence[Any]):
    """Findings with their sentences, made for the rows of one page only."""

    def __init__(self, rows: pl.DataFrame) -> None:
        self.rows = rows

    def __len__(self) -> int:
        return self.rows.height

    def __getitem__(self, at: Any) -> Any:
        part = self.rows[at]
        lang = get_language() or "id"
        return [
            {**row, "sentence": sentence(row["code"], _args(row), lang), "hint": hint(row["code"], _args(row), lang)}
            for row in part.iter_rows(named=True)
        ]  # fmt: skip


def _args(row: dict[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(row["args"] or "{}")
    if row["column"] in ("nik", "kpj") and "value" in told:
        told["value"] = shown.nik(str(told["value"]))
    return told


@reads("batches", who_may="send_batch")
def preflight(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """What BPJS would send back, before anything leaves."""
    return preflight_page(request, scheme)


@writes("send_batch", area="batches")
def template(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """The office's own blank file, into which the people are to be written."""
    form = TemplateForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with shown_in(form):
            record = actions.keep_template(scheme, file.name, content(file), actor=request.actor)
            place = reverse("batch-preflight", kwargs={"slug": scheme.slug})
            token = signing.dumps([scheme.pk, record.pk], salt=SALT)
            return done(
                request, _("The template was recognised."), f"{place}?{urlencode({'templat': token})}"
            )
    return wrong(preflight_page, request, scheme, form)


@writes("send_batch", area="batches")
def prepare(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    file = _template(scheme, request.POST.get("template", "")[:200])
    if Membership.objects.filter(scheme=scheme, registration__isnull=True)[: MANY + 1].count() > MANY:
        told = {"template": file.pk} if file else {}
        return asked(
            request, jobs.ask("prepare_batches", f"scheme {scheme.pk}", scheme=scheme.pk, actor=request.actor, **told)
        )  # fmt: skip
    blank = (file.name, files.content(file)) if file else None
    made = actions.prepare_batches(scheme, template=blank, actor=request.actor)
    text = ngettext("%(n)s file was prepared.", "%(n)s files were prepared.", len(made)) % {"n": len(made)}
    return done(request, text, reverse("batches", kwargs={"slug": scheme.slug}))


def page_of(request: HttpRequest, scheme: Scheme, pk: int, form: AnswerForm | None = None) -> HttpResponse:
    user = signed_user(request)
    batch = one_of(batches_of(scheme), pk)
    rows = BatchRow.objects.filter(batch=batch).select_related(
        "answer", "membership__person", "membership__registration"
    )
    wanted = given(request, "jawaban", ("accepted", "rejected", "none"))
    if wanted:
        rows = (
            rows.filter(answer__isnull=True)
            if wanted == "none"
            else rows.filter(answer__accepted=wanted == "accepted")
        )
    page = {
        "batch": batch, "page": by_key(request, rows), "wanted": wanted,
        "none": batch.people - batch.accepted - batch.rejected,
        "may_send": may(user, "send_batch", scheme) and batch.state == "prepared",
        "may_answer": may(user, "answer_batch", scheme),
        "form": form or AnswerForm(initial={"on": timezone.localdate()}),
    }  # fmt: skip
    return render(request, "pages/batch.html", page)


@reads("batches")
def batch(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    return page_of(request, scheme, pk)


@reads("batches")
def batch_file(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    return kept(request, one_of(batches_of(scheme), pk).file, "export_batch")


@writes("send_batch", area="batches")
def sent(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = actions.mark_sent(one_of(batches_of(scheme), pk), timezone.localdate(), actor=request.actor)
    return done(
        request,
        _("Noted as sent to the branch."),
        reverse("batch", kwargs={"slug": scheme.slug, "pk": record.pk}),
    )


@writes("send_batch", area="batches")
def withdraw(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """A file that has not left is taken back: its people and movements wait for the next one."""
    actions.withdraw_batch(one_of(batches_of(scheme), pk), actor=request.actor)
    text = _("The file was withdrawn; its people wait for the next one.")
    return done(request, text, reverse("batches", kwargs={"slug": scheme.slug}))


@writes("answer_batch", area="batches")
def answer(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    record = one_of(batches_of(scheme), pk)
    form = AnswerForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with shown_in(form):
            accepted, rejected = actions.read_batch_answer(
                record, file.name, content(file), form.cleaned_data["on"], actor=request.actor
            )
            text = _("Answer read: %(accepted)s accepted, %(rejected)s rejected.") % {
                "accepted": shown.number(accepted), "rejected": shown.number(rejected),
            }  # fmt: skip
            return done(request, text, reverse("batch", kwargs={"slug": scheme.slug, "pk": pk}))
    return wrong(page_of, request, scheme, pk, form)


# whose a membership is: of the unit that pays for it, and of the office that proposed it
OWN = ("unit", "line__candidate__roster__sender")


def _runs(request: HttpRequest, scheme: Scheme) -> Any:
    """The printings with cards within reach, and how many of these there are and were handed over."""
    mine = Q(items__isnull=False) & reach(
        signed_user(request), scheme, AREAS["cards"], *(f"items__membership__{path}" for path in OWN)
    )
    counted = {
        "own": Count("items", filter=mine),
        "handed": Count("items", filter=mine & Q(items__handed_on__isnull=False)),
    }
    return card_runs_of(scheme).annotate(**counted).filter(own__gt=0)


def _holders(scheme: Scheme) -> Any:
    return Membership.objects.filter(scheme=scheme, registration__isnull=False, end_reason__isnull=True)


@reads("cards")
def cards(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    user = signed_user(request)
    without = within_reach(user, scheme, AREAS["cards"], _holders(scheme).filter(cards__isnull=True), *OWN)
    counted = without.values_list("unit__code", "unit__name").annotate(n=Count("pk")).order_by("unit__name")
    if city_wide(user, scheme, AREAS["cards"]):
        by_unit = remembered(f"cardless:{scheme.pk}", lambda: list(counted), request)
    else:
        by_unit = list(counted)
    page = {
        "runs": list(_runs(request, scheme)), "by_unit": by_unit, "without": sum(n for _c, _n, n in by_unit), "may_print": may(user, "print_cards", scheme),
        "job": Job.objects.filter(kind="print_cards", subject__startswith=f"cards {scheme.pk} ", state__in=["queued", "running"]).first(),
    }  # fmt: skip
    return render(request, "pages/cards.html", page)


@writes("print_cards", area="cards")
def print_cards(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Queue the cards of one payer's people who have none yet."""
    user = signed_user(request)
    unit, title = request.POST.get("unit", ""), request.POST.get("title", "").strip()[:160]
    without = _holders(scheme).filter(cards__isnull=True, unit__code=unit)
    without = within_reach(user, scheme, MAY["print_cards"], without, *OWN)
    holders = list(without.order_by("pk").values_list("pk", flat=True))
    if not holders:
        raise Refused("card.nobody")
    told = {"scheme": scheme.pk, "memberships": holders, "title": title or unit}
    jobs.ask("print_cards", f"cards {scheme.pk} {unit}", actor=request.actor, **told)
    text = ngettext("%(n)s card is being made.", "%(n)s cards are being made.", len(holders)) % {
        "n": shown.number(len(holders))
    }
    return done(request, text, reverse("cards", kwargs={"slug": scheme.slug}))


@reads("cards")
def card_run(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    run = one_of(_runs(request, scheme), pk)
    rows = Card.objects.filter(run=run).select_related(
        "membership__person", "membership__registration", "membership__unit"
    )
    rows = within_reach(
        signed_user(request), scheme, AREAS["cards"], rows, *(f"membership__{path}" for path in OWN)
    )
    page = {
        "run": run,
        "page": by_key(request, rows),
        "may_print": may(signed_user(request), "print_cards", scheme),
    }
    return render(request, "pages/card_run.html", page)


@reads("cards", who_may="print_cards")
def card_file(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    """The PDF of all cards of a run, or the list on which they are signed for: for those who print."""
    run = one_of(card_runs_of(scheme), pk)
    file = run.file if kind == "kartu" else run.receipts
    if file is None:
        raise Refused("record.not_found")
    return kept(request, file, "export_cards")


@writes("print_cards", area="cards")
def hand_over(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    run = one_of(_runs(request, scheme), pk)
    cards_chosen = within_reach(
        signed_user(request), scheme, MAY["print_cards"], Card.objects.filter(run=run, pk__in=chosen(request, "card")),
        *(f"membership__{path}" for path in OWN),
    ).values_list("pk", flat=True)  # fmt: skip
    changed = actions.hand_over(
        list(cards_chosen),
        timezone.localdate(),
        request.POST.get("received_by", ""),
        actor=request.actor,
        scheme=scheme,
    )
    text = ngettext("%(n)s card was handed over.", "%(n)s cards were handed over.", changed) % {
        "n": shown.number(changed)
    }
    return done(request, text, reverse("card-run", kwargs={"slug": scheme.slug, "pk": pk}))
