"""Reads of movements, named as sentences. Each takes the user and shows nothing outside their reach."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, Q, QuerySet

from lindung.enrolment.changes import Amendment, Movement
from lindung.enrolment.models import Candidate
from lindung.enrolment.queries import Waiting
from lindung.registry.access import MAY, SEES, roles_of, schemes_for, units_for
from lindung.registry.models import Scheme, Unit, User


def movements_of(
    user: User, scheme: Scheme, *, state: str = "", kind: str = "", since: date | None = None, words: str = ""
) -> QuerySet[Movement]:
    """Movements of members and newcomers within reach, newest first."""
    units = Unit.objects.filter(units_for(user, scheme, SEES["people"]), locality=scheme.locality_id).values(
        "pk"
    )
    found = Movement.objects.filter(
        Q(membership__unit__in=units)
        | Q(membership__line__candidate__roster__sender__in=units)
        | Q(candidate__roster__sender__in=units),
        scheme=scheme,
    ).select_related(
        "membership__person", "membership__unit", "membership__kelurahan", "candidate__roster__sender", "replaces__person",
        "proposed_by", "decided_by", "batch",
    )  # fmt: skip
    for name, value in (("state", state), ("kind", kind), ("happened_on__gte", since)):
        if value:
            found = found.filter(**{name: value})
    if words:
        found = found.filter(
            Q(membership__person__name__icontains=words)
            | Q(candidate__name__icontains=words)
            | Q(membership__person__nik=words)
        )
    return found.distinct().order_by("-happened_on", "-pk")


def waiting_for_places(user: User, scheme: Scheme, kelurahan: str, category: str) -> QuerySet[Candidate]:
    """Eligible people of a kelurahan and category who are in nothing yet, within the reach of who proposes; by RW, RT."""
    units = Unit.objects.filter(units_for(user, scheme, MAY["propose"]), locality=scheme.locality_id).values(
        "pk"
    )
    rows = Candidate.objects.filter(
        roster__scheme=scheme, roster__sender__in=units, kelurahan=kelurahan, category=category,
        review__in=["accepted", "waiting"], line=None,
    )  # fmt: skip
    return (
        rows.exclude(result="tidak_layak")
        .exclude(movements__state__in=["proposed", "confirmed"])
        .order_by("rw", "rt", "pk")
    )


def movement_counts(user: User, scheme: Scheme) -> dict[tuple[str, str], int]:
    """(kind, state) → how many, within reach."""
    pks = movements_of(user, scheme).order_by().values("pk")
    rows = Movement.objects.filter(pk__in=pks).values_list("kind", "state").annotate(n=Count("pk"))
    return {(kind, state): n for kind, state, n in rows}


def movements_waiting_for(user: User) -> list[Waiting]:
    """Movements that wait for a confirmation by the user, per scheme."""
    roles = [role for role in roles_of(user) if role.role == "office"]
    if not roles:
        return []
    schemes = Scheme.objects.filter(schemes_for(user)).select_related("locality")
    counted = schemes.annotate(n=Count("movements", filter=Q(movements__state="proposed"))).filter(n__gt=0)
    return [Waiting("movements_to_confirm", scheme, scheme.n) for scheme in counted.order_by("slug")]


def deaths_for_claims(scheme: Scheme) -> QuerySet[Movement]:
    """Confirmed deaths: the claim of the family begins here. Oldest first."""
    return (
        Movement.objects.filter(scheme=scheme, state="confirmed", outcome="claim")
        .select_related("membership__person", "membership__unit", "membership__registration")
        .order_by("happened_on", "pk")
    )


def amendments_of(scheme: Scheme) -> QuerySet[Amendment]:
    return (
        Amendment.objects.filter(scheme=scheme)
        .select_related("scheme", "determination", "prepared_by", "signed_by")
        .order_by("-prepared_at", "-pk")
    )
