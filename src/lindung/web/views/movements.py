"""What happened to members each month: seen, proposed, confirmed by somebody else, and written into BPJS's files."""

from __future__ import annotations

import contextlib
from typing import Any

import polars as pl
from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.enrolment import actions, movement_lists
from lindung.enrolment.changes import Movement
from lindung.enrolment.models import Membership
from lindung.enrolment.movement_queries import movement_counts, movements_of
from lindung.papers.tables import Column, Table, csv, xlsx
from lindung.registry.access import MAY, may
from lindung.registry.models import Scheme, User
from lindung.web import shown
from lindung.web.access import reads, signed_user, within_reach, writes
from lindung.web.context import label, looking_on
from lindung.web.downloads import attachment
from lindung.web.forms import DayField, RupiahField, UploadField, content
from lindung.web.pages import by_number
from lindung.web.views.common import chosen, done, given, one_of, shown_in, words_of, wrong
from lindung.workflows.movements import movement_report

KINDS, STATES, SORTS = dict(Movement.KINDS), dict(Movement.STATES), ("tanggal", "-tanggal")
MOST = 100_000  # rows of one download


class ListForm(forms.Form):
    file = UploadField(label=gettext_lazy("List of movements"), kinds=".xlsx,.csv")


class MovementForm(forms.Form):
    """What happened to one member; the fields that a kind does not need stay empty."""

    kind = forms.ChoiceField(label=gettext_lazy("What happened"), choices=[c for c in Movement.KINDS if c[0] != "joined"])  # fmt: skip
    on = DayField(label=gettext_lazy("Date"), help_text=gettext_lazy("Last day of cover; first day of a new wage."))  # fmt: skip
    basis = forms.CharField(label=gettext_lazy("Document it rests on"), max_length=240)
    wage = RupiahField(label=gettext_lazy("New wage"), required=False)
    replacement = forms.CharField(label=gettext_lazy("NIK of who comes in"), max_length=25, required=False)
    joins_on = DayField(label=gettext_lazy("First day of who comes in"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="move-%s", **kwargs)


def _asked(request: HttpRequest) -> dict[str, Any]:
    month = None
    with contextlib.suppress(Refused):
        month = Month.parse(request.GET.get("bulan", "")) if request.GET.get("bulan") else None
    return {
        "state": given(request, "keadaan", STATES), "kind": given(request, "jenis", KINDS), "month": month,
        "words": words_of(request), "sort": given(request, "urut", SORTS),
    }  # fmt: skip


def _found(user: User, scheme: Scheme, asked: dict[str, Any]) -> Any:
    rows = movements_of(user, scheme, state=asked["state"], kind=asked["kind"], words=asked["words"])
    if asked["month"]:
        rows = rows.filter(happened_on__range=(asked["month"].first, asked["month"].last))
    return rows.order_by("happened_on", "pk") if asked["sort"] == "tanggal" else rows


def page_of(request: HttpRequest, scheme: Scheme, form: ListForm | None = None) -> HttpResponse:
    user, asked = signed_user(request), _asked(request)
    counts = movement_counts(user, scheme)
    states = {state: sum(n for (_kind, s), n in counts.items() if s == state) for state in STATES}
    page = {
        "page": by_number(request, _found(user, scheme, asked)), "asked": asked, "kinds": Movement.KINDS,
        "tabs": [(state, text, states[state]) for state, text in Movement.STATES], "all": sum(states.values()),
        "waiting": states["proposed"], "on": looking_on(request, scheme), "form": form or ListForm(),
        "may_propose": may(user, "propose", scheme), "may_confirm": may(user, "determine", scheme),
        "may_send": may(user, "send_batch", scheme), "month": asked["month"] or Month.of(looking_on(request, scheme)),
    }  # fmt: skip
    return render(request, "pages/movements.html", page)


@reads("movements")
def movements(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return page_of(request, scheme)


@writes("propose", area="movements")
def from_list(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """A list of movements, as a kelurahan sends it with the SK of its new RT and RW heads: all of it, or none."""
    form = ListForm(request.POST, request.FILES)
    if form.is_valid():
        file = form.cleaned_data["file"]
        with shown_in(form):
            rows = movement_lists.read(file.name, content(file))
            made = actions.propose_movements(scheme, rows, name=file.name, actor=request.actor)
            return _proposed(request, scheme, made)
    return wrong(page_of, request, scheme, form)


@writes("propose", area="movements")
def from_records(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """What the death list and the clocks say on the day looked at."""
    found = actions.propose_from_records(scheme, looking_on(request, scheme), actor=request.actor)
    return _proposed(request, scheme, sum(found.values()))


def _proposed(request: HttpRequest, scheme: Scheme, made: int) -> HttpResponse:
    text = ngettext("%(n)s movement was proposed.", "%(n)s movements were proposed.", made)
    place = reverse("movements", kwargs={"slug": scheme.slug}) + "?keadaan=proposed"
    return done(request, text % {"n": shown.number(made)}, place)


@writes("propose", area="movements")
def of_person(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Propose what happened to one member, from the page of the person."""
    rows = Membership.objects.filter(scheme=scheme).select_related("scheme", "person")
    rows = within_reach(
        signed_user(request), scheme, MAY["propose"], rows, "unit", "line__candidate__roster__sender"
    )
    membership = one_of(rows, pk)
    form = MovementForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        with shown_in(form):
            made = actions.propose_movement(
                membership, told["kind"], told["on"], told["basis"], wage=told["wage"], joins_on=told["joins_on"],
                replacement="".join(c for c in told["replacement"] if c.isalnum()) or None, actor=request.actor,
            )  # fmt: skip
            return _proposed(request, scheme, made)
    from lindung.web.views.people import page_of as person_page

    return wrong(person_page, request, membership.person_id, move_form=form, moving=pk)


@writes("propose", area="movements")
def decide(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Confirm or decline what is chosen, or everything that waits. Only the office confirms; others take back their own."""
    user = signed_user(request)
    if request.POST.get("move") == "undo":
        return _undo(request, scheme)
    rows = movements_of(user, scheme, state="proposed")
    if not request.POST.get("all"):
        rows = rows.filter(pk__in=chosen(request, "movement"))
    if not rows.exists():
        raise Refused("review.nobody_chosen")
    place = reverse("movements", kwargs={"slug": scheme.slug})
    if request.POST.get("move") == "confirm":
        n = actions.confirm_movements(scheme, rows, timezone.localdate(), actor=request.actor)
        text = ngettext("%(n)s movement was confirmed.", "%(n)s movements were confirmed.", n)
    else:
        if not may(user, "determine", scheme):
            rows = rows.filter(proposed_by=user)
        n = actions.decline_movements(scheme, rows, request.POST.get("reason", ""), actor=request.actor)
        text = ngettext("%(n)s movement was declined.", "%(n)s movements were declined.", n)
    return done(request, text % {"n": shown.number(n)}, place)


def _undo(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """What was confirmed waits again, as long as its file has not left."""
    rows = movements_of(signed_user(request), scheme, state="confirmed").filter(
        pk__in=chosen(request, "movement")
    )
    if not rows.exists():
        raise Refused("review.nobody_chosen")
    n, withdrawn = actions.undo_movements(scheme, rows, actor=request.actor)
    text = ngettext("%(n)s movement waits for a confirmation again.", "%(n)s movements wait for a confirmation again.", n)  # fmt: skip
    text %= {"n": shown.number(n)}
    if withdrawn:
        more = ngettext("%(n)s file that had not left was withdrawn; make it again.", "%(n)s files that had not left were withdrawn; make them again.", withdrawn)  # fmt: skip
        text += " " + more % {"n": shown.number(withdrawn)}
    return done(request, text, reverse("movements", kwargs={"slug": scheme.slug}) + "?keadaan=proposed")


@writes("send_batch", area="movements")
def make_files(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Confirmed movements, written into the files they end in and the office's own blank ones, if it gives any."""
    blanks = [(file.name, content(file)) for file in request.FILES.getlist("template")[:5]]
    made = actions.prepare_movement_files(scheme, templates=blanks, actor=request.actor)
    text = ngettext("%(n)s file was prepared.", "%(n)s files were prepared.", len(made)) % {"n": len(made)}
    return done(request, text, reverse("batches", kwargs={"slug": scheme.slug}))


@reads("movements")
def list_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """The list as it is filtered, the NIK masked."""
    rows = _found(signed_user(request), scheme, _asked(request))[:MOST]
    told = []
    for one in rows:
        who = one.membership.person if one.membership else one.candidate
        told.append({
            "on": one.happened_on, "kind": str(one.get_kind_display()), "name": who.name, "nik": shown.nik(who.nik),
            "unit": (one.membership.unit if one.membership else one.candidate.roster.sender).name, "basis": one.basis,
            "state": str(one.get_state_display()), "outcome": str(one.get_outcome_display()),
        })  # fmt: skip
    columns = (
        Column("on", _("Date"), "date", 22), Column("kind", _("What happened"), width=40), Column("name", _("Name"), width=50),
        Column("nik", "NIK", width=36), Column("unit", _("Office"), width=50), Column("basis", _("Document it rests on"), width=50),
        Column("state", _("State"), width=24), Column("outcome", _("Ends in"), width=34),
    )  # fmt: skip
    schema = {c.key: pl.Date if c.kind == "date" else pl.String for c in columns}
    title = (_("Movements of %(scheme)s") % {"scheme": " · ".join(label(scheme))},)
    return _as_file(request, Table(columns, pl.DataFrame(told, schema=schema), _("Movements"), title), f"mutasi-{scheme.slug}", kind)  # fmt: skip


@reads("movements", who_may="determine")
def report(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """26. Laporan mutasi of one month."""
    month = _asked(request)["month"] or Month.of(looking_on(request, scheme))
    return _as_file(request, movement_report(scheme, month), f"laporan-mutasi-{scheme.slug}-{month}", kind)


def _as_file(request: HttpRequest, table: Table, name: str, kind: str) -> HttpResponse:
    if kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    made = xlsx([table]) if kind == "xlsx" else csv(table)
    return attachment(request, f"{name}.{kind}", made, "export_movements")
