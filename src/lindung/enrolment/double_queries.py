"""Reads of probable doubles and of offices held beside another, within reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Count, Q, QuerySet

from lindung.enrolment.doubles import Double, DoubleDecision
from lindung.enrolment.queries import rosters_of
from lindung.registry.models import Scheme, User


def doubles_of(
    user: User, scheme: Scheme, *, verdict: str = "", place: str = "", certain: bool = False, words: str = ""
) -> QuerySet[Double]:
    """The pairs of a scheme, the likeliest first; rows that were named in a determination meanwhile are left out."""
    found = Double.objects.filter(
        scheme=scheme, candidate__roster__in=rosters_of(user, scheme).values("pk"), candidate__line=None
    )
    for name, value in (("verdict", verdict), ("place", place)):
        if value:
            found = found.filter(**{name: value})
    if certain:
        found = found.filter(certain=True)
    if words:
        found = found.filter(
            Q(candidate__name__icontains=words) | Q(candidate__nik=words) | Q(facts__name__icontains=words)
        )
    return found.select_related(
        "candidate__roster__sender", "candidate__roster__file", "candidate__kelurahan", "person"
    ).order_by("-probability", "pk")


def double_counts(user: User, scheme: Scheme) -> dict[tuple[str, str, bool], int]:
    """(verdict, place, certain) → pairs."""
    rows = (
        doubles_of(user, scheme).order_by().values_list("verdict", "place", "certain").annotate(n=Count("pk"))
    )
    return {(verdict, place, certain): n for verdict, place, certain, n in rows}


def decisions_of(scheme: Scheme, keys: Iterable[str]) -> dict[str, list[DoubleDecision]]:
    """key → what was decided of the pair, the newest first, undone ones too."""
    found: dict[str, list[DoubleDecision]] = defaultdict(list)
    rows = DoubleDecision.objects.filter(locality=scheme.locality_id, key__in=list(keys))
    for one in rows.select_related("decided_by", "undone_by").order_by("-decided_at", "-pk"):
        found[one.key].append(one)
    return found
