"""Who may do what, and how far. Everything is denied that no role allows.

A role reaches a scheme (or all of them) and a unit with all units below it (or all of them).
"""

from __future__ import annotations

from django.db.models import Q

from lindung.base.refused import Refused
from lindung.registry.audit import Actor
from lindung.registry.models import Role, Scheme, Unit, User

# what a person may do → the roles that may do it
MAY: dict[str, frozenset[str]] = {
    "see": frozenset(role for role, _ in Role.ROLES),
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
    "calculate": frozenset({"office", "treasurer"}),
    "record_bill": frozenset({"office", "treasurer"}),
    "pay": frozenset({"treasurer"}),
    "set_budget": frozenset({"treasurer"}),
    "audit": frozenset({"auditor", "administrator"}),
    "administer": frozenset({"administrator"}),
}


def roles_of(user: User) -> list[Role]:
    """The roles of an active user, read once for each user object (one request, one command)."""
    if not user or not user.is_active:
        return []
    known = user.__dict__.get("_roles_read")
    if known is None:
        known = user.__dict__["_roles_read"] = list(user.roles.select_related("scheme", "unit"))
    return known


def may(user: User, action: str, scheme: Scheme | None = None) -> bool:
    return any(
        role.role in MAY[action] and (scheme is None or role.scheme_id is None or role.scheme_id == scheme.pk)
        for role in roles_of(user)
    )


def actor_may(actor: Actor, action: str, scheme: Scheme | None = None) -> None:
    """Raises Refused("role.missing"). Work without a user (set-up, a job) acts on behalf of the system."""
    if actor.user is not None and not may(actor.user, action, scheme):
        raise Refused("role.missing", {"action": action})


def schemes_for(user: User) -> Q:
    """A filter on `Scheme` for those the user reaches."""
    roles = roles_of(user)
    if any(role.scheme_id is None for role in roles):
        return Q()
    return Q(pk__in=[role.scheme_id for role in roles])


def units_for(user: User, scheme: Scheme) -> Q:
    """A filter on `Unit` for those whose people the user may see in a scheme."""
    roles = [role for role in roles_of(user) if role.scheme_id in (None, scheme.pk)]
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


def reachable_units(user: User, scheme: Scheme) -> list[int]:
    return list(
        Unit.objects.filter(units_for(user, scheme), locality=scheme.locality_id).values_list("pk", flat=True)
    )
