"""Accounts, for administrators: inviting, roles and reach, codes, closing."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lindung.registry import accounts as actions
from lindung.registry import second_factor
from lindung.registry.access import MAY, schemes_for
from lindung.registry.actions import Reach
from lindung.registry.models import AuditEntry, Employer, Role, Scheme, Unit, User
from lindung.web.access import reads, signed_user, writes
from lindung.web.downloads import attachment
from lindung.web.pages import by_number
from lindung.web.views.common import done, one_of, shown_in, words_of, wrong
from lindung.workflows import invitations

LINES = 2  # roles that the form offers beyond those there are


class AccountForm(forms.Form):
    login = forms.RegexField(
        r"^[a-z0-9][a-z0-9._@-]{2,118}$",
        label=_("Account"),
        help_text=_("Small letters and digits, like siti.kesra."),
    )
    name = forms.CharField(label=_("Name"), max_length=160)


class HandOverForm(forms.Form):
    """How the code reaches its owner. By mail only where the city sends mail."""

    how = forms.ChoiceField(label=_("The code goes"), required=False)
    to = forms.EmailField(label=_("Mail address"), required=False, max_length=160)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ways = [("page", _("on this screen, once")), ("pdf", _("on a slip of paper (PDF)"))]
        field: Any = self.fields["how"]
        field.choices = [*ways, ("mail", _("by mail"))] if settings.SENDS_MAIL else ways
        if not settings.SENDS_MAIL:
            del self.fields["to"]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        told["how"] = told.get("how") or "page"
        if told.get("how") == "mail" and not told.get("to"):
            self.add_error("to", gettext("Where should the mail go?"))
        return told


class RoleForm(forms.Form):
    """One role with its reach: empty scheme means every scheme, empty office every office."""

    role = forms.ChoiceField(label=_("Role"), required=False)
    scheme = forms.ChoiceField(label=_("Scheme"), required=False)
    unit = forms.CharField(label=_("Code of the office"), required=False, max_length=60)
    employer = forms.CharField(label=_("Name of the employer"), required=False, max_length=160)

    def __init__(self, *args: Any, schemes: list[Scheme], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.schemes = {scheme.slug: scheme for scheme in schemes}
        self.fields["role"].choices = [("", "–"), *Role.ROLES]
        self.fields["scheme"].choices = [("", _("every scheme")), *((s, s) for s in self.schemes)]

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or {}
        scheme = self.schemes.get(told.get("scheme") or "")
        for field, model, by in (("unit", Unit, "code"), ("employer", Employer, "name")):
            text, told[f"{field}_found"] = told.get(field), None
            if text:
                rows = model.objects.filter(**{by: text}) if scheme else model.objects.none()
                found = rows.filter(locality=scheme.locality_id).first() if scheme else None
                if not found:
                    self.add_error(field, gettext("There is none of this name in the city of the scheme."))
                told[f"{field}_found"] = found
        return told

    def reach(self) -> Reach | None:
        told = self.cleaned_data
        if not told.get("role"):
            return None
        scheme = self.schemes.get(told.get("scheme") or "")
        return told["role"], scheme, told["unit_found"], told["employer_found"]


def _schemes(user: User) -> list[Scheme]:
    return list(Scheme.objects.filter(schemes_for(user, MAY["administer"])).order_by("slug"))


def _role_forms(request: HttpRequest, user: User | None) -> list[RoleForm]:
    schemes = _schemes(signed_user(request))
    every = list(user.roles.select_related("scheme", "unit", "employer").order_by("pk")) if user else []
    if request.method == "POST":
        count = min(
            int(request.POST.get("lines", "0")) if request.POST.get("lines", "").isdecimal() else 0, 50
        )
        return [RoleForm(request.POST, prefix=f"r{n}", schemes=schemes) for n in range(count)]
    told = [
        {
            "role": r.role, "scheme": r.scheme.slug if r.scheme else "", "unit": r.unit.code if r.unit else "",
            "employer": r.employer.name if r.employer else "",
        }
        for r in every
    ]  # fmt: skip
    blank: list[dict[str, str]] = [{}] * (LINES if not told else 2)
    return [RoleForm(initial=one, prefix=f"r{n}", schemes=schemes) for n, one in enumerate(told + blank)]


def _all_valid(lines: list[RoleForm]) -> bool:
    """Every line is looked at, so that every mistake is shown at once."""
    return not [line for line in lines if not line.is_valid()]


def _list(
    request: HttpRequest,
    form: AccountForm | None = None,
    lines: list[RoleForm] | None = None,
    way: HandOverForm | None = None,
) -> HttpResponse:
    words = words_of(request)
    rows = (
        actions.accounts_for(signed_user(request))
        .prefetch_related("roles__scheme", "roles__unit")
        .order_by("login")
    )
    if words:
        rows = rows.filter(Q(login__icontains=words) | Q(name__icontains=words))
    page = by_number(request, rows)
    shown = {
        "page": page, "words": words, "form": form or AccountForm(), "lines": lines or _role_forms(request, None), "open": form is not None,
        "way": way or HandOverForm(),
    }  # fmt: skip
    return render(request, "pages/accounts.html", shown)


@reads("accounts", of_scheme=False)
def accounts(request: HttpRequest) -> HttpResponse:
    return _list(request)


@writes("administer", area="accounts")
def create(request: HttpRequest, _scheme: None) -> HttpResponse:
    """A new account; the code for its first password is shown in this answer alone."""
    form, lines, way = AccountForm(request.POST), _role_forms(request, None), HandOverForm(request.POST)
    if form.is_valid() & way.is_valid() and _all_valid(lines):
        told = form.cleaned_data
        with shown_in(form):
            roles = [one for line in lines if (one := line.reach())]
            user, code = actions.open_by_invitation(told["login"], told["name"], roles, actor=request.actor)
        if not form.errors:
            return _hand_over(request, user, code, way.cleaned_data)
    return wrong(_list, request, form, lines, way)


def _hand_over(request: HttpRequest, user: User, code: str, way: dict[str, Any]) -> HttpResponse:
    place = (
        settings.BASE_URL.rstrip("/") + reverse("first-password")
        if settings.SENDS_MAIL
        else request.build_absolute_uri(reverse("first-password"))
    )
    if way["how"] == "pdf":
        content = invitations.slip(user, code, place, by=signed_user(request).name, at=timezone.localtime())
        return attachment(request, f"kode-{user.login}.pdf", content, "export_invitation")
    if way["how"] == "mail":
        invitations.mail(user, code, place, way["to"], actor=request.actor)
        told = gettext("The code went to %(to)s.") % {"to": way["to"]}
        return done(request, told, reverse("account", kwargs={"pk": user.pk}))
    return render(
        request,
        "pages/invitation.html",
        {"who": user, "code": code, "place": place, "days": actions.VALID.days},
    )


def _page(
    request: HttpRequest,
    pk: int,
    lines: list[RoleForm] | None = None,
    problem: str = "",
    way: HandOverForm | None = None,
) -> HttpResponse:
    me = signed_user(request)
    user = one_of(actions.accounts_for(me), pk)
    shown = {
        "who": user, "lines": lines or _role_forms(request, user), "own": me.pk == user.pk, "problem": problem,
        "way": way or HandOverForm(initial={"to": user.login if "@" in user.login else ""}), "way_open": way is not None,
        "factor": second_factor.of(user), "devices": actions.devices_of(user),
        "sign_ins": AuditEntry.objects.filter(actor=user, action="sign_in").order_by("-position")[:20],
    }  # fmt: skip
    return render(request, "pages/account.html", shown)


@reads("accounts", of_scheme=False)
def account(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, pk)


def _found(request: HttpRequest, pk: int) -> User:
    user: User = one_of(actions.accounts_for(signed_user(request)), pk)
    return user


@writes("administer", area="accounts")
def change_roles(request: HttpRequest, _scheme: None, pk: int) -> HttpResponse:
    user, lines = _found(request, pk), _role_forms(request, None)
    if not lines or not _all_valid(lines):
        return wrong(_page, request, pk, lines)
    actions.change_roles(user, [one for line in lines if (one := line.reach())], actor=request.actor)
    return done(request, gettext("The roles were changed."), reverse("account", kwargs={"pk": pk}))


@writes("administer", area="accounts")
def code(request: HttpRequest, _scheme: None, pk: int) -> HttpResponse:
    """Another code, for a forgotten password or one that ran out."""
    user, way = _found(request, pk), HandOverForm(request.POST)
    if not way.is_valid():
        return wrong(_page, request, pk, None, "", way)
    return _hand_over(request, user, actions.invite(user, actor=request.actor), way.cleaned_data)


@writes("administer", area="accounts")
def close(request: HttpRequest, _scheme: None, pk: int) -> HttpResponse:
    user = _found(request, pk)
    actions.set_active(user, not user.is_active, actor=request.actor)
    text = (
        gettext("The account was opened again.") if not user.is_active else gettext("The account was closed.")
    )
    return done(request, text, reverse("account", kwargs={"pk": pk}))


@writes("administer", area="accounts")
def reset(request: HttpRequest, _scheme: None, pk: int) -> HttpResponse:
    actions.reset_second_factor(_found(request, pk), actor=request.actor)
    text = gettext("The second factor was removed; the next sign-in asks for another.")
    return done(request, text, reverse("account", kwargs={"pk": pk}))


@writes("administer", area="accounts")
def sign_out(request: HttpRequest, _scheme: None, pk: int, device: int) -> HttpResponse:
    actions.sign_out_device(_found(request, pk), device, actor=request.actor)
    return done(request, gettext("That device is signed out."), reverse("account", kwargs={"pk": pk}))
