"""Who may do what, and how far. Everything is denied that no role allows.

A role reaches a scheme (or all of them) and a unit with all units below it (or all of them).
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from lindung.base.refused import Refused
from lindung.registry.audit import Actor
from lindung.registry.models import Employer, Role, Scheme, Unit, User

# what a person may do → the roles that may do it
MAY: dict[str, frozenset[str]] = {
    "see": frozenset(role for role, _ in Role.ROLES),
    # the treasurer's side apart: the PPTK asks (SPP), PPK-SKPD and PA/KPA check and order (SPM), BPKAD pays (SP2D)
    "upload": frozenset({"operator", "head", "office"}),
    "propose": frozenset({"head", "operator", "office"}),
    "review": frozenset({"office"}),
    "exchange_checks": frozenset({"office", "checker"}),
    "determine": frozenset({"office"}),
    "verify": frozenset({"office", "legal"}),
    "approve": frozenset({"approver"}),
    "send_batch": frozenset({"office", "branch"}),
    "answer_batch": frozenset({"office", "branch"}),
    "print_cards": frozenset({"office"}),
    "calculate": frozenset({"office", "treasurer", "pptk"}),
    "record_bill": frozenset({"office", "treasurer", "pptk"}),
    "pay": frozenset({"treasurer", "pptk", "ppk", "pa", "bpkad"}),
    "pay_SPP": frozenset({"treasurer", "pptk"}),
    "pay_SPM": frozenset({"treasurer", "ppk", "pa"}),
    "pay_SP2D": frozenset({"treasurer", "bpkad"}),
    "pay_proof": frozenset({"treasurer", "pptk", "bpkad"}),
    "set_budget": frozenset({"treasurer", "bpkad"}),
    "keep_documents": frozenset({"office", "legal"}),
    "reveal": frozenset({"operator", "head", "office", "approver", "legal", "branch", "auditor"}),
    "history": frozenset({"office", "head", "approver", "legal", "auditor"}),
    "audit": frozenset({"auditor", "administrator"}),
    "administer": frozenset({"administrator"}),
}


# whose records a role may look at, where that is narrower than "see"
SEES: dict[str, frozenset[str]] = {
    "rosters": frozenset({"operator", "head", "office", "approver", "legal", "auditor"}),
    "people": frozenset({"operator", "head", "office", "approver", "legal", "branch", "auditor"}),
}


def roles_of(user: User, within: frozenset[str] | None = None) -> list[Role]:
    """The roles of an active user (those of `within` only), read once for each user object: one request, one command."""
    if not user or not user.is_active:
        return []
    known: list[Role] | None = user.__dict__.get("_roles_read")
    if known is None:
        known = user.__dict__["_roles_read"] = list(user.roles.select_related("scheme", "unit"))
    return [role for role in known if within is None or role.role in within]


def may(user: User, action: str, scheme: Scheme | None = None) -> bool:
    return any(
        scheme is None or role.scheme_id is None or role.scheme_id == scheme.pk
        for role in roles_of(user, MAY[action])
    )


def actor_may(actor: Actor, action: str, scheme: Scheme | None = None) -> None:
    """Raises Refused("role.missing"). Work without a user (set-up, a job) acts on behalf of the system."""
    if actor.user is not None and not may(actor.user, action, scheme):
        raise Refused("role.missing", {"action": action})


def schemes_for(user: User, within: frozenset[str] | None = None) -> Q:
    """A filter on `Scheme` for those the user reaches (with one of the roles `within`)."""
    roles = roles_of(user, within)
    if any(role.scheme_id is None for role in roles):
        return Q()
    return Q(pk__in=[role.scheme_id for role in roles])


def units_for(user: User, scheme: Scheme, within: frozenset[str] | None = None) -> Q:
    """A filter on `Unit` for those whose people the user may see in a scheme, by the roles `within` alone.

    A checker's reach over a city does not widen what the same person sees as the operator of one kelurahan.
    """
    roles = [role for role in roles_of(user, within) if role.scheme_id in (None, scheme.pk)]
    if any(role.unit_id is None for role in roles):
        return Q()
    own = [role.unit_id for role in roles if role.unit_id]
    return Q(pk__in=own) | Q(parent__in=own) | Q(parent__parent__in=own)


def scheme_for(user: User, slug: str) -> Scheme:
    """Raises Refused("record.not_found") for a scheme that is not there or out of reach: a stranger cannot tell."""
    found = Scheme.objects.filter(schemes_for(user), slug=slug).select_related("locality").first()
    if not found or not roles_of(user):
        raise Refused("record.not_found")
    return found


def reachable_units(user: User, scheme: Scheme, within: frozenset[str] | None = None) -> list[int]:
    units = Unit.objects.filter(units_for(user, scheme, within), locality=scheme.locality_id)
    return list(units.values_list("pk", flat=True))


EMPLOYERS = frozenset({"office", "legal", "branch", "auditor", "permit"})


def employers_of(user: User, scheme: Scheme) -> QuerySet[Employer]:
    """The employers of a scheme's city that somebody may look at: an employer sees itself alone."""
    every = Employer.objects.filter(locality=scheme.locality_id)
    roles = [r for r in roles_of(user, EMPLOYERS | {"employer"}) if r.scheme_id in (None, scheme.pk)]
    if any(role.role in EMPLOYERS for role in roles):
        return every
    return every.filter(pk__in=[role.employer_id for role in roles])
