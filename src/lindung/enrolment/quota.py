"""A category's target as a quota: who fills it, which places are free, who waits for one."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from lindung.enrolment.changes import Movement
from lindung.enrolment.frames import free_places
from lindung.enrolment.models import Candidate, Membership
from lindung.enrolment.queries import candidates_of
from lindung.registry.models import Scheme, User
from lindung.schemes import Scheme as Rules


@dataclass(frozen=True)
class Quota:
    """One category on a day. `free`: places nobody was proposed for; `room`: target less filled, proposed; None without a target."""

    category: str
    label: str
    target: int | None
    filled: int
    free: int
    proposed: int
    waiting: int

    @property
    def room(self) -> int | None:
        return None if self.target is None else max(self.target - self.filled - self.proposed, 0)


def quotas_of(scheme: Scheme, rules: Rules, on: date, lang: str) -> list[Quota]:
    """Every category of the scheme in its order."""
    running = Membership.objects.filter(scheme=scheme, starts_on__lte=on).filter(
        Q(ends_on=None) | Q(ends_on__gte=on)
    )
    filled = dict(running.order_by().values_list("category").annotate(n=Count("pk")))
    free = Counter(free_places(scheme, on + timedelta(days=1))["category"].to_list())
    proposed = dict(
        proposals_of(scheme).order_by().values_list("candidate__category").annotate(n=Count("pk"))
    )
    waiting = dict(
        Candidate.objects.filter(roster__scheme=scheme, roster__state="proposed", review="waiting", line=None)
        .exclude(result="tidak_layak").exclude(movements__state__in=["proposed", "confirmed"])
        .order_by().values_list("category").annotate(n=Count("pk"))
    )  # fmt: skip
    return [
        Quota(c.id, c.label[lang], c.target, *(of.get(c.id, 0) for of in (filled, free, proposed, waiting)))
        for c in rules.categories
        if c.registrable
    ]


def proposals_of(scheme: Scheme, state: str = "proposed") -> QuerySet[Movement]:
    """Who is proposed for a place from the waiting list, with the place."""
    return (
        Movement.objects.filter(scheme=scheme, kind="joined", source="waiting", state=state)
        .select_related(
            "candidate__roster__sender", "candidate__kelurahan", "replaces__person", "replaces__kelurahan", "instead_of__kelurahan",
            "proposed_by", "decided_by",
        )
        .order_by("candidate__category", F("decided_at").desc(nulls_last=True), "pk")
    )  # fmt: skip


def waiting_list(user: User, scheme: Scheme, *, category: str = "", words: str = "") -> QuerySet[Candidate]:
    """Who waits for a place within reach, in the order in which they get one."""
    rows = candidates_of(user, scheme, review="waiting", category=category, words=words)
    return rows.filter(roster__state="proposed").exclude(movements__state="confirmed")
