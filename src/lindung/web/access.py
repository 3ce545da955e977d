"""Which page is for whom. Denied unless named here; a test walks every address with every role.

`reads(area)` and `writes(action)` wrap a view: they find the scheme of the address within the user's reach, refuse
other roles, and hand the view `(request, scheme, …)`. `docs/guide/access.md` is this table.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseNotAllowed

from lindung.base.refused import Refused
from lindung.registry.access import MAY, reachable_units, roles_of, scheme_for
from lindung.registry.audit import Actor
from lindung.registry.models import Role, Scheme, User

View = Callable[..., HttpResponse]
EVERYBODY = frozenset(role for role, _ in Role.ROLES)
AREAS: dict[str, frozenset[str]] = {
    "home": EVERYBODY,
    "schemes": EVERYBODY,
    "coverage": EVERYBODY,
    "rosters": frozenset({"operator", "head", "office", "approver", "legal", "auditor"}),
    "reviews": frozenset({"office", "approver", "legal", "auditor"}),
    "checks": frozenset({"office", "checker", "auditor"}),
    "determinations": frozenset({"office", "legal", "approver", "head", "treasurer", "auditor"}),
    "batches": frozenset({"office", "branch", "auditor"}),
    "cards": frozenset({"office", "operator", "head", "auditor"}),
    "people": frozenset({"office", "operator", "head", "approver", "legal", "branch", "auditor"}),
    "money": frozenset({"office", "treasurer", "approver", "branch", "auditor"}),
    "employers": frozenset({"office", "legal", "branch", "auditor"}),
}


def reads(area: str, *, of_scheme: bool = True, who_may: str = "see") -> Callable[[View], View]:
    """GET only, for the roles of an area; `who_may`: only those of them who may do that."""
    return _guard(AREAS[area] & MAY[who_may], ("GET", "HEAD"), of_scheme, area=area)


def writes(action: str, *, area: str) -> Callable[[View], View]:
    """POST only. The action itself checks the role again, in its own transaction."""
    return _guard(MAY[action], ("POST",), True, area=area)


def public(view: View) -> View:
    """A page for everybody, without an account and without anybody's data."""
    open_view = login_not_required(view)
    open_view.allowed = None
    return open_view


def signed_in(view: View) -> View:
    """A page of the user's own: nothing of a scheme in it."""
    view.allowed = EVERYBODY  # type: ignore[attr-defined]
    return view


def _guard(
    allowed: frozenset[str], methods: tuple[str, ...], of_scheme: bool, *, area: str
) -> Callable[[View], View]:
    def wrap(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, slug: str | None = None, **kwargs: Any) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if any(
                "\x00" in value
                for data in (request.GET, request.POST)
                for values in data.lists()
                for value in values[1]
            ):
                return HttpResponseBadRequest()  # no keyboard types it, and no column takes it
            user = signed_user(request)
            scheme = scheme_for(user, slug) if slug else None
            role = role_within(user, allowed, scheme)
            request.area, request.looking_at = area, scheme
            request.actor = Actor(user, role, "web", request.META.get("REMOTE_ADDR", "")[:64])
            if scheme and request.session.get("scheme") != scheme.slug:
                request.session["scheme"] = scheme.slug
            return view(request, scheme, *args, **kwargs) if of_scheme else view(request, *args, **kwargs)

        guarded.allowed = allowed  # type: ignore[attr-defined]
        guarded.methods = methods  # type: ignore[attr-defined]
        return guarded

    return wrap


def signed_user(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # LoginRequiredMiddleware was here before
    return request.user


def own_roles(user: User) -> list[Role]:
    """The roles of the one who asks, read once per request."""
    kept = getattr(user, "own_roles", None)
    if kept is None:
        kept = roles_of(user)
        user.own_roles = kept
    return kept


def role_within(user: User, allowed: frozenset[str], scheme: Scheme | None) -> str:
    """The role by which somebody may. Raises Refused("role.missing")."""
    for role in own_roles(user):
        if role.role in allowed and (scheme is None or role.scheme_id in (None, scheme.pk)):
            return role.role
    raise Refused("role.missing")


def can(user: User, area: str, scheme: Scheme | None = None) -> bool:
    return any(
        role.role in AREAS[area] and (scheme is None or role.scheme_id in (None, scheme.pk))
        for role in own_roles(user)
    )


def city_wide(user: User, scheme: Scheme) -> bool:
    return any(role.unit_id is None for role in own_roles(user) if role.scheme_id in (None, scheme.pk))


def within_reach(user: User, scheme: Scheme, rows: QuerySet[Any], *paths: str) -> QuerySet[Any]:
    """Only the rows whose unit (under one of `paths`) the user reaches; everything for a city-wide role."""
    if city_wide(user, scheme):
        return rows
    units = reachable_units(user, scheme)
    reached = Q()
    for path in paths:
        reached |= Q(**{f"{path}__in": units})
    return rows.filter(reached)
