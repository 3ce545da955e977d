"""Who waits for whom; how many approve; and what sender and office say to one another about a list."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.actions.approvals import approval_levels
from lindung.enrolment.models import Candidate, Check
from lindung.enrolment.queries import rosters_of
from lindung.enrolment.rounds import MOST_LEVELS, Comment
from lindung.enrolment.who_waits import STEPS, Stuck, who_waits
from lindung.papers.tables import Column, Table, csv, xlsx
from lindung.registry.access import may
from lindung.registry.models import Role, Scheme
from lindung.web.access import reads, signed_user, writes
from lindung.web.downloads import attachment
from lindung.web.pages import by_number
from lindung.web.views.common import done, given, one_of

ROLES, CHECKERS = dict(Role.ROLES), dict(Check.CHECKERS)
WORDS = {
    "propose": gettext_lazy("checked lists are to be signed"), "review": gettext_lazy("people are to be reviewed"),
    "mend": gettext_lazy("rows sent back are to be mended"), "determine": gettext_lazy("accepted people are to be determined"),
    "check": gettext_lazy("people are to be checked"), "verify": gettext_lazy("determination is to be verified"),
    "approve": gettext_lazy("determination is to be approved"), "sign": gettext_lazy("determination waits for its number"),
    "send": gettext_lazy("BPJS file is to be sent"), "answer": gettext_lazy("BPJS file waits for its answer"),
    "confirm": gettext_lazy("movements are to be confirmed"),
}  # fmt: skip


def _who(one: Stuck) -> str:
    if one.step == "check":
        return str(CHECKERS.get(one.unit, one.unit))
    role = str(ROLES[STEPS[one.step][0]])
    return f"{role}, {one.unit}" if one.step in ("propose", "mend") else role


def _what(one: Stuck) -> str:
    text = str(WORDS[one.step])
    if one.step == "approve" and one.needed > 1:
        return _("%(text)s, approval %(n)s of %(m)s") % {"text": text, "n": one.done + 1, "m": one.needed}
    return text


def _rows(request: HttpRequest, scheme: Scheme) -> list[tuple[Stuck, str, str, int | None]]:
    """(what is stuck, who must act, what is to be done, days)"""
    step, now = given(request, "langkah", STEPS), timezone.now()
    return [
        (one, _who(one), _what(one), (now - one.since).days if one.since else None)
        for one in who_waits(signed_user(request), scheme)
        if not step or one.step == step
    ]


@reads("reviews")
def waits(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    user, rows = signed_user(request), _rows(request, scheme)
    page = {
        "page": by_number(request, rows), "steps": [(step, WORDS[step]) for step in STEPS], "step": given(request, "langkah", STEPS),
        "people": sum(one.people for one, *_x in rows), "levels": approval_levels(scheme), "choices": range(1, MOST_LEVELS + 1),
        "may_set": may(user, "verify", scheme), "places": {step: reverse(area, kwargs={"slug": scheme.slug}) for step, (_r, area) in STEPS.items()},
    }  # fmt: skip
    return render(request, "pages/waits.html", page)


@reads("reviews")
def waits_file(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    told = [
        {"who": who, "what": what, "unit": one.unit, "people": one.people, "since": timezone.localdate(one.since) if one.since else None, "days": days}
        for one, who, what, days in _rows(request, scheme)
    ]  # fmt: skip
    columns = (
        Column("who", _("Who must act"), width=60), Column("what", _("What is to be done"), width=60), Column("unit", _("Whose"), width=50),
        Column("people", _("People"), "number", 20), Column("since", _("Since"), "date", 24), Column("days", _("Days"), "number", 16),
    )  # fmt: skip
    types = {"date": pl.Date, "number": pl.Int64}
    frame = pl.DataFrame(told, schema={c.key: types.get(c.kind, pl.String) for c in columns})
    table = Table(columns, frame, _("Who waits for whom"), (scheme.slug,))
    if kind not in ("xlsx", "csv"):
        raise Refused("record.not_found")
    made = xlsx([table]) if kind == "xlsx" else csv(table)
    return attachment(request, f"siapa-menunggu-{scheme.slug}.{kind}", made, "export_waits")


@writes("verify", area="reviews")
def set_levels(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    told = request.POST.get("levels", "")
    n = actions.set_approval_levels(
        scheme, int(told) if told.isdecimal() and len(told) < 3 else 0, actor=request.actor
    )
    return done(
        request,
        _("%(n)s people approve, one after another.") % {"n": n},
        reverse("waits", kwargs={"slug": scheme.slug}),
    )


@reads("rosters")
def talk(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    """What was said about a list, and whom the office sent back or rejected, with the reasons."""
    user = signed_user(request)
    roster = one_of(rosters_of(user, scheme), pk)
    said = (
        Comment.objects.filter(roster=roster)
        .select_related("written_by", "candidate")
        .order_by("written_at", "pk")
    )
    sent_back = (
        Candidate.objects.filter(roster=roster, review__in=["returned", "rejected"])
        .select_related("reviewed_by")
        .order_by("pk")
    )
    about = request.GET.get("orang", "")
    page: dict[str, Any] = {
        "roster": roster, "said": said, "page": by_number(request, sent_back), "may_write": may(user, "upload", scheme),
        "about": Candidate.objects.filter(roster=roster, pk=int(about)).first() if about.isdecimal() and len(about) < 19 else None,
    }  # fmt: skip
    return render(request, "pages/talk.html", page)


@writes("upload", area="rosters")
def say(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    roster = one_of(rosters_of(signed_user(request), scheme), pk)
    about = request.POST.get("person", "")
    person = (
        one_of(Candidate.objects.filter(roster=roster), int(about))
        if about.isdecimal() and len(about) < 19
        else None
    )
    actions.write_comment(roster, request.POST.get("text", ""), candidate=person, actor=request.actor)
    return done(request, _("The comment is there for the other side to read."), _talk(scheme, roster.pk))


@writes("upload", area="rosters")
def unsay(request: HttpRequest, scheme: Scheme, pk: int, comment: int) -> HttpResponse:
    roster = one_of(rosters_of(signed_user(request), scheme), pk)
    actions.take_back_comment(
        one_of(Comment.objects.filter(roster=roster).select_related("roster__scheme"), comment),
        actor=request.actor,
    )
    return done(request, _("The comment was taken back."), _talk(scheme, roster.pk))


def _talk(scheme: Scheme, pk: int) -> str:
    return reverse("roster-talk", kwargs={"slug": scheme.slug, "pk": pk})
