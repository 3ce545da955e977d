"""One's own account: devices, sign-ins, the second factor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lindung.papers.qr import pixels
from lindung.registry import second_factor
from lindung.registry.accounts import devices_of, sign_out_device
from lindung.registry.models import AuditEntry
from lindung.web.access import signed_in, signed_user
from lindung.web.views.account import CodeForm, actor_of
from lindung.web.views.common import done, shown_in

SIGN_INS = 20


@signed_in
def own(request: HttpRequest) -> HttpResponse:
    user = signed_user(request)
    shown = {
        "devices": devices_of(user), "here": request.session.session_key, "factor": second_factor.of(user), "needed": second_factor.needed(user),
        "sign_ins": AuditEntry.objects.filter(actor=user, action="sign_in").order_by("-position")[:SIGN_INS],
    }  # fmt: skip
    return render(request, "pages/own_account.html", shown)


@signed_in
@require_POST
def sign_out_there(request: HttpRequest, pk: int) -> HttpResponse:
    user = signed_user(request)
    sign_out_device(user, pk, actor=actor_of(request, user))
    return done(request, _("That device is signed out."), reverse("own-account"))


@signed_in
def second_setup(request: HttpRequest) -> HttpResponse:
    """Scan the code, type the first six digits, keep the recovery codes: they are shown in this answer alone."""
    user = signed_user(request)
    factor = second_factor.begin(user)
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with shown_in(form):
            codes = second_factor.confirm(user, form.cleaned_data["code"], actor=actor_of(request, user))
            request.session["second"] = True
            return render(request, "pages/recovery_codes.html", {"codes": codes})
    shown = {
        "form": form, "drawing": drawing(second_factor.address(user, factor)), "secret": factor.secret,
        "needed": second_factor.needed(user),
    }  # fmt: skip
    return render(request, "pages/second_setup.html", shown, status=422 if form.errors else 200)


def drawing(text: str) -> SafeString:
    """A QR code as SVG: no picture to fetch, and the policy of the page stays as it is."""
    side, grey = pixels(text)
    dark = "".join(f"M{at % side},{at // side}h1v1h-1z" for at, value in enumerate(grey) if value < 128)
    return format_html(
        '<svg width="220" height="220" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<rect width="{0}" height="{0}" fill="#fff"/><path d="{2}" fill="#000"/></svg>',
        side, _("QR code for the authenticator"), dark,
    )  # fmt: skip
