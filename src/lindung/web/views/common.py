"""What the views share: a typed form keeps its values when it is refused, and a record is found within its scheme."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from lindung.base.refused import Refused

Record = TypeVar("Record")


def one_of(rows: QuerySet[Any], pk: int) -> Any:
    """Raises Refused("record.not_found"), whether it is missing or out of reach."""
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Refused("record.not_found")
    return found


@contextmanager
def shown_in(form: forms.Form) -> Iterator[None]:
    """A refusal of the action becomes an error of the form, so that nothing typed is lost."""
    try:
        yield
    except Refused as problem:
        form.add_error(None, str(problem))


@contextmanager
def shown_in_page(request: HttpRequest) -> Iterator[None]:
    """A refusal of the action becomes a message of the page one goes back to."""
    try:
        yield
    except Refused as problem:
        messages.error(request, str(problem), extra_tags="refusal")


def done(request: HttpRequest, text: str, place: str, *, undo: str = "") -> HttpResponse:
    """Say what was done (with the moment to undo, if it can be) and go on, so that a reload repeats nothing."""
    if text:
        messages.success(request, text, extra_tags=undo)
    return HttpResponseRedirect(place, status=303)


def wrong(view: Callable[..., HttpResponse], request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The same page again with the form that was refused."""
    response = view(request, *args, **kwargs)
    response.status_code = 422
    return response


def words_of(request: HttpRequest) -> str:
    """What was typed into a search field."""
    return request.GET.get("q", "").strip()[:100]


def chosen(request: HttpRequest, name: str) -> list[int]:
    """The numbers of the records that were ticked; whatever is none is left out."""
    return [int(value) for value in request.POST.getlist(name) if value.isdecimal() and len(value) < 19]


def given(request: HttpRequest, name: str, allowed: Any) -> str:
    """A filter of the address, or nothing when it is not one of those that exist."""
    value = request.GET.get(name, "")
    return value if value in allowed else ""
