"""Signing in and out, the language, light or dark."""

from __future__ import annotations

import ipaddress
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from lindung.registry.actions import note_sign_in
from lindung.registry.audit import Actor
from lindung.web.access import public
from lindung.web.limits import forget, too_often

TRIES, WITHIN = 10, 15 * 60


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": _("The account or the password is not right."),
        "inactive": _("This account is closed. Ask the administrator of the city."),
    }

    def __init__(self, request: HttpRequest | None = None, *args: Any, **kwargs: Any) -> None:
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("Account")
        self.fields["username"].widget = forms.TextInput(
            attrs={"autofocus": True, "autocomplete": "username"}
        )
        self.fields["password"].label = _("Password")

    def clean(self) -> dict[str, Any]:
        assert self.request is not None
        who = f"{self.request.META.get('REMOTE_ADDR')}:{self.cleaned_data.get('username', '').lower()}"
        if too_often("sign-in", who, TRIES, WITHIN):
            raise ValidationError(
                gettext("Too many wrong passwords. Wait a quarter of an hour and try again.")
            )
        cleaned = super().clean()
        forget("sign-in", who)
        return cleaned

    def confirm_login_allowed(self, user: AbstractBaseUser) -> None:
        super().confirm_login_allowed(user)
        assert self.request is not None
        if getattr(user, "demo", False) and not _on_this_machine(self.request.META.get("REMOTE_ADDR", "")):
            raise ValidationError(gettext("Demo accounts are for the machine that runs the demo."))


def _on_this_machine(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


class SignIn(auth.LoginView):
    template_name = "registration/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        response = super().form_valid(form)
        user: Any = form.get_user()
        role = user.roles.order_by("pk").first()
        note_sign_in(
            user,
            actor=Actor(
                user, role.role if role else "", "web", self.request.META.get("REMOTE_ADDR", "")[:64]
            ),
        )
        if settings.LANGUAGE_COOKIE_NAME not in self.request.COOKIES:
            response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")
        return response


sign_in = public(SignIn.as_view())
sign_out = public(auth.LogoutView.as_view(http_method_names=["post", "options"]))
set_language = public(django_set_language)


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.POST.get("theme")
    if chosen in ("light", "dark"):
        response.set_cookie("theme", chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
    else:
        response.delete_cookie("theme", samesite="Lax")
    return response
