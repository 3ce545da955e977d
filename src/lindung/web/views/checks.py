"""Checks before the determination: files to BPJS, Disdukcapil and Dinsos, their answers, and how far each checker is."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.check_queries import checks_board
from lindung.enrolment.models import Check
from lindung.enrolment.queries import checks_of
from lindung.registry.access import may
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web import shown
from lindung.web.access import reads, signed_user, writes
from lindung.web.downloads import attachment, kept
from lindung.web.forms import CheckAnswerForm, content
from lindung.web.pages import by_number
from lindung.web.views.common import done, given, one_of, shown_in, wrong
from lindung.workflows.exchange import verification_minutes

CHECKERS = dict(Check.CHECKERS)
STATES = {"open": {"answered_on__isnull": True}, "answered": {"answered_on__isnull": False}}


def checks_page(
    request: HttpRequest, scheme: Scheme, form: CheckAnswerForm | None = None, at: int = 0
) -> HttpResponse:
    rules = rules_of(current_version(scheme))
    days: dict[str, int | None] = {**dict.fromkeys(CHECKERS), **dict(rules.checks)}
    asked = {"checker": given(request, "pemeriksa", CHECKERS), "state": given(request, "keadaan", STATES)}
    rows = checks_of(scheme)
    if asked["checker"]:
        rows = rows.filter(checker=asked["checker"])
    if asked["state"]:
        rows = rows.filter(**STATES[asked["state"]])
    board = checks_board(scheme, days, timezone.localdate())
    page: dict[str, Any] = {
        "page": by_number(request, rows), "asked": asked, "checkers": Check.CHECKERS,
        "board": [(one, CHECKERS[one.checker], days[one.checker], one.checker in dict(rules.checks)) for one in board],
        "waiting": sum(one.open for one in board),
        "may_send": may(signed_user(request), "exchange_checks", scheme),
        "may_write": may(signed_user(request), "review", scheme),
        "form": form or CheckAnswerForm(initial={"on": timezone.localdate()}), "at": at,
    }  # fmt: skip
    return render(request, "pages/checks.html", page)


@reads("checks")
def checks(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    return checks_page(request, scheme)


@writes("exchange_checks", area="checks")
def send(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    checker = request.POST.get("checker", "")
    if checker not in CHECKERS:
        raise Refused("record.not_found")
    segment = rules_of(current_version(scheme)).segment
    made = actions.send_check(scheme, checker, segment=segment, actor=request.actor)
    text = _("The file for %(checker)s is ready to download.") % {"checker": made.get_checker_display()}
    return done(request, text, reverse("checks", kwargs={"slug": scheme.slug}))


@reads("checks")
def file(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    return kept(request, one_of(checks_of(scheme), pk).file, "export_check")


@writes("exchange_checks", area="checks")
def answer(request: HttpRequest, scheme: Scheme, pk: int) -> HttpResponse:
    check = one_of(checks_of(scheme), pk)
    form = CheckAnswerForm(request.POST, request.FILES)
    if form.is_valid():
        upload = form.cleaned_data["file"]
        with shown_in(form):
            passed, failed = actions.read_check_answer(
                check, upload.name, content(upload), officer=form.cleaned_data["officer"],
                answered_on=form.cleaned_data["on"], actor=request.actor,
            )  # fmt: skip
            text = _("Answer read: %(passed)s passed, %(failed)s did not and went back to the sender.") % {
                "passed": shown.number(passed), "failed": shown.number(failed),
            }  # fmt: skip
            return done(request, text, reverse("checks", kwargs={"slug": scheme.slug}))
    return wrong(checks_page, request, scheme, form, pk)


@reads("checks", who_may="review")
def minutes(request: HttpRequest, scheme: Scheme, kind: str) -> HttpResponse:
    """8. Berita Acara Verifikasi of everything proposed so far."""
    if kind not in ("docx", "pdf", "xlsx"):
        raise Refused("record.not_found")
    made = verification_minutes(scheme, user=signed_user(request), at=timezone.now())
    name = f"ba-verifikasi-{scheme.slug}.{kind}"
    return attachment(request, name, getattr(made, kind)(), "export_verification_minutes")
