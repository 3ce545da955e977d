"""Signing in and out, the language, light or dark."""

from __future__ import annotations

import ipaddress
import time
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth import views as auth
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language

from lindung.registry.accounts import note_device, set_password
from lindung.registry.actions import note_sign_in
from lindung.registry.audit import Actor
from lindung.registry.models import User
from lindung.registry.second_factor import check, of
from lindung.web.access import public
from lindung.web.limits import forget, too_often
from lindung.web.views.common import done, shown_in

TRIES, WITHIN = 10, 15 * 60
HALFWAY = 5 * 60  # seconds between the password and the code


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
        user: Any = form.get_user()
        if of(user):
            self.request.session["halfway"] = [user.pk, time.time(), self.get_redirect_url()]
            return HttpResponseRedirect(reverse("second-step"))
        response = super().form_valid(form)
        signed(self.request, user, response)
        return response


def actor_of(request: HttpRequest, user: User) -> Actor:
    role = user.roles.order_by("pk").first()
    return Actor(user, role.role if role else "", "web", request.META.get("REMOTE_ADDR", "")[:64])


def signed(request: HttpRequest, user: User, response: HttpResponse) -> None:
    """What is kept of a sign-in: the trail's line, and the device."""
    request.session.save()
    address, browser = request.META.get("REMOTE_ADDR", "")[:64], request.META.get("HTTP_USER_AGENT", "")
    note_device(user, request.session.session_key or "", address, browser)
    note_sign_in(user, actor=actor_of(request, user))
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, samesite="Lax")


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        help_text=_("Six digits of the authenticator, or a recovery code."),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autofocus": True, "inputmode": "text"}
        ),
    )


@public
def second_step(request: HttpRequest) -> HttpResponse:
    """The code of the authenticator, within five minutes of the password."""
    pk, since, place = request.session.get("halfway") or (None, 0.0, "")
    user = User.objects.filter(pk=pk, is_active=True).first()
    if user is None or time.time() - since > HALFWAY:
        return HttpResponseRedirect(reverse("sign-in"))
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_often("second", str(user.pk), TRIES, WITHIN):
            form.add_error(None, gettext("Too many wrong codes. Wait a quarter of an hour and try again."))
        else:
            with shown_in(form):
                check(user, form.cleaned_data["code"], actor=actor_of(request, user))
                forget("second", str(user.pk))
                login(request, user)
                request.session.pop("halfway", None)
                request.session["second"] = True
                response = HttpResponseRedirect(place or reverse("home"))
                signed(request, user, response)
                return response
    status = 422 if form.errors else 200
    return render(request, "registration/second_step.html", {"form": form}, status=status)


class PasswordForm(forms.Form):
    login = forms.CharField(
        label=_("Account"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "username"})
    )
    code = forms.CharField(
        label=_("Code"),
        max_length=30,
        help_text=_("As it stands on the slip of the administrator."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    password = forms.CharField(
        label=_("New password"),
        max_length=200,
        strip=False,
        help_text=_("At least twelve characters; a few words are good."),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("New password again"),
        max_length=200,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_again(self) -> str:
        if self.cleaned_data["again"] != self.cleaned_data.get("password"):
            raise ValidationError(gettext("The two are not the same."))
        return str(self.cleaned_data["again"])


@public
def first_password(request: HttpRequest) -> HttpResponse:
    """The first password, or another one after it was forgotten, by the administrator's code."""
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told, where = form.cleaned_data, request.META.get("REMOTE_ADDR", "")[:64]
        if too_often("code", where, TRIES, WITHIN):
            form.add_error(None, gettext("Too many wrong codes. Wait a quarter of an hour and try again."))
        else:
            with shown_in(form):
                set_password(told["login"], told["code"], told["password"], address=where)
                forget("code", where)
                return done(request, gettext("The password is set. Sign in with it now."), reverse("sign-in"))
    status = 422 if form.errors else 200
    return render(request, "registration/first_password.html", {"form": form}, status=status)


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
