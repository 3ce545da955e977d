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
from django.utils.translation import gettext_lazy as _

from lindung.base.refused import Refused
from lindung.registry.access import EMPLOYERS, MAY, SEES, reachable_units, roles_of, scheme_for, schemes_for
from lindung.registry.audit import Actor
from lindung.registry.models import Role, Scheme, Unit, User
from lindung.registry.queries import with_versions

View = Callable[..., HttpResponse]
EVERYBODY = frozenset(role for role, _ in Role.ROLES)
PURSE = frozenset({"treasurer", "pptk", "ppk", "pa", "bpkad"})
AREAS: dict[str, frozenset[str]] = {
    "home": EVERYBODY,
    "schemes": EVERYBODY - {"permit", "employer"},
    "coverage": EVERYBODY - {"permit", "employer"},
    "rosters": SEES["rosters"],
    "reviews": frozenset({"office", "approver", "legal", "auditor"}),
    "checks": frozenset({"office", "checker", "auditor"}),
    "determinations": frozenset({"office", "legal", "approver", "head", "auditor"}) | PURSE,
    "amendments": frozenset({"office", "legal", "approver", "auditor"}),
    "documents": frozenset({"office", "legal", "approver", "auditor"}),
    "batches": frozenset({"office", "branch", "auditor"}),
    "rejections": frozenset({"office", "operator", "head", "branch", "auditor"}),
    "cards": frozenset({"office", "operator", "head", "auditor"}),
    "people": SEES["people"],
    "movements": SEES["people"] - {"branch"},
    "money": frozenset({"office", "approver", "branch", "auditor"}) | PURSE,
    "alarms": frozenset({"office", "approver", "legal", "auditor"}) | PURSE,
    "employers": EMPLOYERS | {"employer"},
    "audit": MAY["audit"],
    "accounts": MAY["administer"],
}
# what a refusal calls the place or the act that was not for somebody
AREA_NAMES = {
    "home": _("Home"), "schemes": _("Scheme"), "coverage": _("Coverage"), "rosters": _("Proposal lists"), "reviews": _("Verification"),
    "checks": _("Checks"), "determinations": _("Determinations"), "batches": _("BPJS files"), "cards": _("Cards"),
    "amendments": _("Amendments"), "documents": _("Documents"), "rejections": _("Rejections"),
    "people": _("Participants"), "movements": _("Movements"), "alarms": _("Lapse alarm"), "money": _("Contributions"), "employers": _("Employers"),
    "audit": _("Audit trail"), "accounts": _("Accounts"),
}  # fmt: skip
ACTS = {
    "upload": _("send lists"), "propose": _("propose lists"), "review": _("review proposals"), "exchange_checks": _("send checks and read answers"),
    "determine": _("propose, sign and end cover"), "verify": _("verify a determination"), "approve": _("approve a determination"),
    "send_batch": _("prepare and send files to BPJS"), "answer_batch": _("read the answer of BPJS"), "print_cards": _("print and hand over cards"),
    "calculate": _("calculate contributions"), "record_bill": _("record a bill"), "pay": _("record a payment"), "set_budget": _("record a budget"),
    "keep_documents": _("keep the register of documents"),
    "history": _("see the history of a record"), "reveal": _("see masked values"), "audit": _("read the audit trail"), "administer": _("administer accounts"),
}  # fmt: skip


def reads(area: str, *, of_scheme: bool = True, who_may: str = "see") -> Callable[[View], View]:
    """GET only, for the roles of an area; `who_may`: only those of them who may do that."""
    name = AREA_NAMES[area] if who_may == "see" else ACTS[who_may]
    return _guard(AREAS[area] & MAY[who_may], ("GET", "HEAD"), of_scheme, area=area, name=name)


def writes(action: str, *, area: str) -> Callable[[View], View]:
    """POST only. The action itself checks the role again, in its own transaction."""
    return _guard(MAY[action], ("POST",), True, area=area, name=ACTS[action])


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
    allowed: frozenset[str], methods: tuple[str, ...], of_scheme: bool, *, area: str, name: Any
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
            role = role_within(user, allowed, scheme, name)
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
    return roles_of(user)


def reachable_schemes(user: User) -> list[Scheme]:
    """Read once for each user object, as the roles are: one request."""
    known: list[Scheme] | None = user.__dict__.get("_schemes_read")
    if known is None:
        reach = Scheme.objects.filter(schemes_for(user)).select_related("locality").order_by("slug")
        known = user.__dict__["_schemes_read"] = with_versions(list(reach))
    return known


def role_within(user: User, allowed: frozenset[str], scheme: Scheme | None, name: Any) -> str:
    """The role by which somebody may do what is called `name`. Raises Refused("role.missing")."""
    for role in own_roles(user):
        if role.role in allowed and (scheme is None or role.scheme_id in (None, scheme.pk)):
            return role.role
    raise Refused("role.missing", {"action": str(name)})


def can(user: User, area: str, scheme: Scheme | None = None) -> bool:
    return any(
        role.role in AREAS[area] and (scheme is None or role.scheme_id in (None, scheme.pk))
        for role in own_roles(user)
    )


def reach(user: User, scheme: Scheme, within: frozenset[str], *paths: str) -> Q:
    """A filter on rows of a scheme: those whose unit (under one of `paths`) the roles `within` reach; Q() for all."""
    roles = [role for role in roles_of(user, within) if role.scheme_id in (None, scheme.pk)]
    if any(role.unit_id is None for role in roles):
        return Q()
    units = reachable_units(user, scheme, within)
    reached = Q(pk__in=[])
    for path in paths:
        reached |= Q(**{f"{path}__in": units})
    return reached


def city_wide(user: User, scheme: Scheme, within: frozenset[str]) -> bool:
    return not reach(user, scheme, within)


def within_reach(
    user: User, scheme: Scheme, within: frozenset[str], rows: QuerySet[Any], *paths: str
) -> QuerySet[Any]:
    """Only the rows that the roles `within` reach: another role of the same person never widens them."""
    return rows.filter(reach(user, scheme, within, *paths))


def reached_by(roles: list[Role], scheme: str = "scheme", unit: str = "unit") -> Q:
    """A filter on rows of any scheme: what each role reaches by itself, its scheme and its office with those below."""
    found = Q(pk__in=[])
    for role in roles:
        of_scheme = Q(**{scheme: role.scheme_id}) if role.scheme_id else Q(**{f"{scheme}__isnull": False})
        below = Q(pk=role.unit_id) | Q(parent=role.unit_id) | Q(parent__parent=role.unit_id)
        found |= of_scheme & Q(**{f"{unit}__in": Unit.objects.filter(below)}) if role.unit_id else of_scheme
    return found
