"""Headers that every answer carries, the language of the sentences, and the one place where a refusal is shown."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlparse

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from lindung.base import messages as sentences
from lindung.base.refused import Refused
from lindung.registry.models import User
from lindung.registry.second_factor import needed, of
from lindung.web.forms import UPLOAD_LIMIT

Answer = Callable[[HttpRequest], HttpResponse]
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'self'"
)
BESIDE = 1024 * 1024  # what a form may hold beside its file, and all that a stranger may send
STATUS = {"record.not_found": 404, "role.missing": 403}


class Proxies:
    """Behind a proxy that is named in the settings, the address is the one it tells: the trail and the limits need it."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        trusted = settings.TRUSTED_PROXIES
        told = [one.strip() for one in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")]
        # from the nearest hop outwards: what stands before the first stranger, that stranger may have written
        while told and request.META.get("REMOTE_ADDR") in trusted:
            try:
                request.META["REMOTE_ADDR"] = str(ip_address(told.pop()))
            except ValueError:
                break
        return self.get_response(request)


class SecurityHeaders:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


class Context:
    """Sentences speak the page's language; pages with people are kept by no cache; a refusal becomes a page or a note."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with sentences.speaking(translation.get_language() or "id"):
            response = too_large(request) or self.get_response(request)
        if getattr(request, "user", None) is not None and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, problem: Exception) -> HttpResponse | None:
        if not isinstance(problem, Refused):
            return None
        status = STATUS.get(problem.code)
        if request.method == "POST" and status is None:
            messages.error(request, str(problem), extra_tags="refusal")
            return HttpResponseRedirect(came_from(request) or "/", status=303)
        return refused_page(request, problem, status or 409)


class SecondFactor:
    """Whoever needs a second factor and has none sets it up before anything else opens."""

    OPEN = frozenset({"second-setup", "sign-out", "set_language", "theme", "own-account"})

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        user, match = request.user, request.resolver_match
        if not isinstance(user, User) or getattr(view, "allowed", None) is None or not match:
            return None
        if match.url_name in self.OPEN or request.session.get("second") or not needed(user):
            return None
        if of(user):  # a session from before it was set up
            logout(request)
            return HttpResponseRedirect(reverse("sign-in"))
        return HttpResponseRedirect(reverse("second-setup"))


def too_large(request: HttpRequest) -> HttpResponse | None:
    """A body that is too large is refused by the length it tells, before anything of it is read."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    length = int(told) if told.isdecimal() and len(told) < 16 else 0
    if length <= BESIDE or (length <= UPLOAD_LIMIT + BESIDE and request.user.is_authenticated):
        return None
    problem = Refused("upload.too_large", {"file": sentences.sentence("upload.body"), "limit": "200 MB"})
    return refused_page(request, problem, 413)


def refused_page(request: HttpRequest, problem: Refused, status: int) -> HttpResponse:
    return render(
        request, "pages/refused.html", {"refused": problem, "back": came_from(request)}, status=status
    )


def came_from(request: HttpRequest) -> str | None:
    """The page of ours that this request came from, as a path; None when it came from elsewhere."""
    place = urlparse(request.META.get("HTTP_REFERER", ""))
    if place.netloc != request.get_host() or place.path == request.path:
        return None
    return place.path + (f"?{place.query}" if place.query else "")
