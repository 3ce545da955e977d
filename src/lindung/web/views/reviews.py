"""Verification results are reviewed by a person."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from lindung.base.refused import Refused
from lindung.enrolment import actions
from lindung.enrolment.models import Candidate, Finding
from lindung.enrolment.queries import candidates_of, review_counts
from lindung.registry.access import MAY, may
from lindung.registry.models import Scheme
from lindung.registry.queries import current_version, rules_of
from lindung.web import shown
from lindung.web.access import reads, signed_user, within_reach, writes
from lindung.web.pages import by_key
from lindung.web.views.common import chosen, done, given, words_of
from lindung.web.views.rosters import told

MOVES = {"accept", "reject", "send_back", "wait"}


@reads("reviews")
def reviews(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    user = signed_user(request)
    rules = rules_of(current_version(scheme))
    labels = {c.id: c.label[get_language() or "id"] for c in rules.categories}
    asked: dict[str, Any] = {
        "result": given(request, "hasil", dict(Candidate.RESULTS)),
        "review": given(request, "keadaan", dict(Candidate.REVIEWS))
        if "keadaan" in request.GET
        else "pending",
        "category": given(request, "kategori", labels),
        "words": words_of(request),
    }
    counts = review_counts(user, scheme)
    page = by_key(request, candidates_of(user, scheme, **asked).filter(roster__state="proposed"))
    notes: dict[int, list[tuple[Finding, str, str]]] = {}
    for finding in Finding.objects.filter(candidate__in=[row.pk for row in page.rows]).order_by(
        "severity", "pk"
    ):
        what, todo, _value = told(finding)
        notes.setdefault(finding.candidate_id or 0, []).append((finding, what, todo))
    kept_review = asked["review"]
    eligible = counts.get(("layak", "pending"), 0)
    shown_ = {
        "page": page,
        "rows": [
            (row, notes.get(row.pk, []), labels.get(row.category or "", row.category)) for row in page.rows
        ],
        "tabs": [
            (
                value,
                text,
                sum(
                    n
                    for (result, review), n in counts.items()
                    if result == value and (not kept_review or review == kept_review)
                ),
            )
            for value, text in Candidate.RESULTS
        ],
        "all": sum(n for (_r, review), n in counts.items() if not kept_review or review == kept_review),
        "reviews": [
            (value, text, sum(n for (_r, review), n in counts.items() if review == value))
            for value, text in Candidate.REVIEWS
        ],
        "categories": labels.items(),
        "asked": asked,
        "eligible": eligible,
        "others": sum(n for (result, review), n in counts.items() if review == "pending") - eligible,
        "may_review": may(user, "review", scheme),
    }
    return render(request, "pages/reviews.html", shown_)


@writes("review", area="reviews")
def decide(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """One decision on everybody who was ticked."""
    move = request.POST.get("move", "")
    people_chosen = chosen(request, "person")
    if move not in MOVES or not people_chosen:
        raise Refused("review.nobody_chosen")
    people = Candidate.objects.filter(pk__in=people_chosen, roster__scheme=scheme)
    people = within_reach(signed_user(request), scheme, MAY["review"], people, "roster__sender")
    changed = actions.review(
        people, move, reason=request.POST.get("reason", "").strip(), actor=request.actor, scheme=scheme
    )
    return done(request, _said(move, changed), _back(request, scheme), undo=_moment(people))


def _said(move: str, n: int) -> str:
    texts = {
        "accept": ngettext("%(n)s person was accepted.", "%(n)s people were accepted.", n),
        "reject": ngettext("%(n)s person was rejected.", "%(n)s people were rejected.", n),
        "send_back": ngettext("%(n)s person was sent back.", "%(n)s people were sent back.", n),
        "wait": ngettext(
            "%(n)s person was put on the waiting list.", "%(n)s people were put on the waiting list.", n
        ),
    }
    return texts[move] % {"n": shown.number(n)}


def _moment(people: Any) -> str:
    at = people.aggregate(at=Max("reviewed_at"))["at"]
    return at.isoformat() if at else ""


def _back(request: HttpRequest, scheme: Scheme) -> str:
    query = request.POST.get("query", "")
    return reverse("reviews", kwargs={"slug": scheme.slug}) + (f"?{query}" if query else "")


@writes("review", area="reviews")
def decide_all(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Everybody eligible is accepted, everybody else goes back to the sender."""
    accepted, waiting, returned = actions.accept_eligible(scheme, actor=request.actor)
    text = _("%(accepted)s accepted, %(waiting)s on the waiting list, %(returned)s sent back.") % {
        "accepted": shown.number(accepted), "waiting": shown.number(waiting), "returned": shown.number(returned),
    }  # fmt: skip
    mine = Candidate.objects.filter(roster__scheme=scheme, reviewed_by=signed_user(request))
    return done(request, text, reverse("reviews", kwargs={"slug": scheme.slug}), undo=_moment(mine))


@writes("review", area="reviews")
def undo(request: HttpRequest, scheme: Scheme) -> HttpResponse:
    """Take back one decision: everybody whom this user decided on at that moment."""
    try:
        at = datetime.fromisoformat(request.POST.get("at", ""))
        if at.tzinfo is None:
            raise ValueError
    except ValueError:
        raise Refused("review.nobody_chosen") from None
    people = Candidate.objects.filter(roster__scheme=scheme, reviewed_by=signed_user(request), reviewed_at=at)
    changed = actions.undo_review(people, actor=request.actor, scheme=scheme)
    text = ngettext(
        "%(n)s person waits for review again.", "%(n)s people wait for review again.", changed
    ) % {"n": shown.number(changed)}
    return done(request, text, reverse("reviews", kwargs={"slug": scheme.slug}))
