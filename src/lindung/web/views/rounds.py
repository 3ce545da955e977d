"""Before a new budget year: every sender says who stays, on screen or on paper; who has not is reminded."""

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

from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.actions.rounds import asked_about
from lindung.enrolment.changes import ENDING, Movement
from lindung.enrolment.round_queries import Sender, senders_of
from lindung.enrolment.rounds import Round, RoundAnswer
from lindung.papers.tables import Column, Table, csv, xlsx
from lindung.registry.access import MAY, SEES, may, reachable_units
from lindung.registry.models import Scheme, Unit
from lindung.registry.queries import current_version, rules_of
from lindung.web import shown
from lindung.web.access import reads, signed_user, writes
from lindung.web.context import looking_on
from lindung.web.downloads import attachment
from lindung.web.forms import DayField
from lindung.web.pages import by_number
from lindung.web.views.common import chosen, done, given, one_of, shown_in, wrong
from lindung.workflows.reconfirmation import confirmation_list

STATES = {
    "open": gettext_lazy("Not answered"),
    "partly": gettext_lazy("Partly"),
    "done": gettext_lazy("Answered"),
}
KINDS = {kind: text for kind, text in Movement.KINDS if kind in ENDING}


class OpenForm(forms.Form):
    year = forms.IntegerField(label=gettext_lazy("Budget year"), min_value=2000, max_value=2100)
    as_of = DayField(label=gettext_lazy("Participants of the day"))
    due_on = DayField(label=gettext_lazy("Answers are due on"))


def _round(scheme: Scheme) -> Round | None:
    return Round.objects.filter(scheme=scheme).select_related("scheme").order_by("-year").first()


def _senders(request: HttpRequest, scheme: Scheme, round: Round) -> list[Sender]:
    return senders_of(round, reachable_units(signed_user(request), scheme, SEES["people"]))


def page_of(request: HttpRequest, scheme: Scheme, form: OpenForm | None = None) -> HttpResponse:
    user, round, on = signed_user(request), _round(scheme), looking_on(request, scheme)
    every = _senders(request, scheme, round) if round else []
    state = given(request, "keadaan", STATES)
    page: dict[str, Any] = {
        "round": round, "page": by_number(request, [one for one in every if not state or one.state == state]), "state": state, "states": STATES,
        "tabs": [(value, text, sum(one.state == value for one in every)) for value, text in STATES.items()], "all": len(every),
        "asked": sum(one.asked for one in every), "answered": sum(one.answered for one in every), "left": sum(one.left for one in every),
        "late": bool(round and round.due_on < timezone.localdate()), "may_open": may(user, "determine", scheme), "may_answer": may(user, "propose", scheme),
        "form": form or OpenForm(initial={"year": on.year + 1, "as_of": on, "due_on": on.replace(month=12, day=15) if (on.month, on.day) < (12, 15) else on}),
    }  # fmt: skip
    return render(request, "pages/rounds.html", page)


@reads("movements")
def rounds(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return page_of(request, scheme)


@writes("determine", area="movements")
def start(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    form = OpenForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        with shown_in(form):
            actions.open_round(scheme, told["year"], told["as_of"], told["due_on"], actor=request.actor)
            return done(request, _("Every sender is asked now; their home tells them."), _place(scheme))
    return wrong(page_of, request, scheme, form)


@writes("determine", area="movements")
def remind(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Everybody who has not answered for all."""
    round = _round(scheme)
    late = [one.unit for one in senders_of(round) if one.state != "done"] if round else []
    if round is None:
        raise Refused("record.not_found")
    n = actions.remind_round(round, late, actor=request.actor)
    text = ngettext("%(n)s sender was reminded.", "%(n)s senders were reminded.", n)
    return done(request, text % {"n": shown.number(n)}, _place(scheme))


def _place(scheme: Scheme, unit: int | None = None) -> str:
    if unit is None:
        return reverse("rounds", kwargs={"slug": scheme.slug})
    return reverse("round-unit", kwargs={"slug": scheme.slug, "pk": unit})


def _found(request: HttpRequest, scheme: Scheme, pk: int, within: frozenset[str]) -> tuple[Round, Unit]:
    round = _round(scheme)
    if round is None:
        raise Refused("record.not_found")
    units = Unit.objects.filter(pk__in=reachable_units(signed_user(request), scheme, within))
    return round, one_of(units, pk)


def unit_page(request: HttpRequest, scheme: Scheme, pk: int, problem: Refused | None = None) -> HttpResponse:
    user = signed_user(request)
    round, unit = _found(request, scheme, pk, SEES["people"])
    lang = get_language() or "id"
    labels = {c.id: c.label[lang] for c in rules_of(current_version(scheme)).categories}
    answers = {
        one.membership_id: one
        for one in RoundAnswer.objects.filter(round=round, undone_at=None, unit=unit).select_related(
            "movement", "answered_by"
        )
    }
    members = asked_about(round, unit).select_related("person", "kelurahan").order_by("person__name", "pk")
    every = members.count()
    slice_ = by_number(request, members, 100)
    rows = [(one, labels.get(one.category, one.category), answers.get(one.pk)) for one in slice_.rows]
    page = {
        "round": round, "unit": unit, "rows": rows, "page": slice_, "open": every - len(answers), "here": sum(answer is None for *_x, answer in rows), "kinds": KINDS.items(),
        "may_answer": may(user, "propose", scheme), "problem": problem, "day": looking_on(request, scheme),
        "newest": max(answers.values(), key=lambda one: one.answered_at, default=None),
    }  # fmt: skip
    return render(request, "pages/round_unit.html", page)


@reads("movements")
def unit(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    return unit_page(request, scheme, pk)


@writes("propose", area="movements")
def answer(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """Of the people on the page, or of all, everybody stays but those for whom something else was chosen."""
    round, of = _found(request, scheme, pk, MAY["propose"])
    gone = {
        int(name[2:]): kind
        for name, kind in request.POST.items()
        if name.startswith("m-") and name[2:].isdecimal() and len(name) < 20 and kind
    }
    told, day = str(request.POST.get("on", "")), None
    if told or gone:
        day = DayField().clean(told) if told else None
    stay, left = actions.answer_round(
        round, of, gone, happened_on=day, basis=str(request.POST.get("basis", ""))[:240], on_paper=request.POST.get("paper") == "1",
        only=None if request.POST.get("all") else chosen(request, "shown"), actor=request.actor,
    )  # fmt: skip
    text = _("%(stay)s stay; %(left)s movements are proposed and wait for the office.")
    return done(
        request, text % {"stay": shown.number(stay), "left": shown.number(left)}, _back(request, scheme, pk)
    )


def _back(request: HttpRequest, scheme: Scheme, pk: int) -> str:
    at = request.POST.get("hal", "")
    return _place(scheme, pk) + (f"?hal={at}" if at.isdecimal() else "")


@writes("propose", area="movements")
def undo(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    round, of = _found(request, scheme, pk, MAY["propose"])
    n = actions.undo_round_answer(round, of, actor=request.actor)
    text = ngettext("%(n)s answer was taken back.", "%(n)s answers were taken back.", n)
    return done(request, text % {"n": shown.number(n)}, _place(scheme, pk))


@reads("movements")
def sheet(request: HttpRequest, scheme: Scheme, pk: int, kind: str) -> HttpResponse:
    """The list on paper, with boxes to tick."""
    round, of = _found(request, scheme, pk, SEES["people"])
    paper = confirmation_list(round, of, user=signed_user(request), at=timezone.localtime())
    if kind not in ("pdf", "docx"):
        raise Refused("record.not_found")
    made = paper.pdf() if kind == "pdf" else paper.docx()
    return attachment(request, f"{paper.file_name}.{kind}", made, "export_movements")


@reads("movements")
def rounds_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """Two sheets: the senders, and the people whom nobody confirmed."""
    round = _round(scheme)
    if round is None or kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    every = _senders(request, scheme, round)
    told = [{"name": s.name, "asked": s.asked, "answered": s.answered, "left": s.left, "state": str(STATES[s.state]),
             "on": timezone.localdate(s.answered_at) if s.answered_at else None, "reminded": timezone.localdate(s.reminded_at) if s.reminded_at else None}
            for s in every]  # fmt: skip
    columns = (
        Column("name", _("Sender"), width=60), Column("asked", _("Asked about"), "number", 24, total=True), Column("answered", _("Answered for"), "number", 24, total=True),
        Column("left", _("No longer"), "number", 24, total=True), Column("state", _("State"), width=30), Column("on", _("Answered on"), "date", 24),
        Column("reminded", _("Reminded on"), "date", 24),
    )  # fmt: skip
    types = {"date": pl.Date, "number": pl.Int64}
    senders = Table(
        columns,
        pl.DataFrame(told, schema={c.key: types.get(c.kind, pl.String) for c in columns}),
        _("Senders"),
        (scheme.slug,),
    )
    open_ = asked_about(round).exclude(
        round_answers__in=RoundAnswer.objects.filter(round=round, undone_at=None)
    )
    within = reachable_units(signed_user(request), scheme, SEES["people"])
    people = [
        {"name": m.person.name, "nik": shown.nik(m.person.nik), "sender": m.line.candidate.roster.sender.name if m.line else m.unit.name}
        for m in open_.select_related("person", "unit", "line__candidate__roster__sender").order_by("person__name")
        if (m.line.candidate.roster.sender_id if m.line else m.unit_id) in within
    ]  # fmt: skip
    heads = (
        Column("name", _("Name"), width=50),
        Column("nik", "NIK", width=36),
        Column("sender", _("Sender"), width=60),
    )
    unconfirmed = Table(
        heads,
        pl.DataFrame(people, schema={c.key: pl.String for c in heads}),
        _("Not confirmed"),
        (scheme.slug,),
    )
    made = xlsx([senders, unconfirmed]) if kind == "xlsx" else csv(senders)
    return attachment(
        request, f"konfirmasi-ulang-{scheme.slug}-{round.year}.{kind}", made, "export_movements"
    )
