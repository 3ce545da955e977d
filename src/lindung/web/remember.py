"""Figures that many pages ask for, reckoned once for each state of the records, whichever process serves the page.

A figure is kept with the position of the newest entry of the trail that was there before it was reckoned, and is right as
long as no later entry changed a table that figures are made of. When one did, a figure that is quick to reckon is reckoned
on the spot. One that takes seconds is reckoned once, aside: whoever changed something since waits for it, everybody else
sees the last figure, and the page says of when it is (docs/decisions/0010).
"""

from __future__ import annotations

import contextvars
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.core.cache import cache
from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone, translation

from lindung.base.messages import language
from lindung.coverage import queries
from lindung.registry.audit import newest
from lindung.registry.models import AuditEntry, History, Scheme, User
from lindung.workflows.alarms import LapseAlarm, lapse_alarm

Figure = TypeVar("Figure")
KEEP = 30 * 86_400  # seconds
SLOW = 1.0  # seconds of reckoning for which nobody but the one who changed something is kept waiting
# no figure is made of these: signing in, a reason to look, a list that comes in and its review change nothing of them
UNREAD = (
    "registry_user", "registry_role", "registry_invitation", "registry_storedfile",
    "enrolment_roster", "enrolment_candidate", "enrolment_finding",
)  # fmt: skip
log = logging.getLogger(__name__)
_aside: set[str] = set()
_spent: contextvars.ContextVar[float] = contextvars.ContextVar(
    "spent", default=0.0
)  # on figures within a figure


@dataclass(frozen=True)
class Kept:
    figure: Any
    position: int
    at: datetime
    seconds: float


def remembered(what: str, reckon: Callable[[], Figure], request: HttpRequest | None = None) -> Figure:
    """The figure of now. With the `request` of a page an older one, whose time then stands in `request.figures_of`."""
    key = f"{what}:{language()}"
    position = _newest(request)
    kept: Kept | None = cache.get(key)
    if kept and kept.position >= position:
        return _told(kept)
    if kept and request and kept.seconds > SLOW and not _changed(request.user, kept.position):
        request.figures_of = min(getattr(request, "figures_of", kept.at), kept.at)
        _reckon_aside(key, reckon)
        return kept.figure
    with _alone(key):
        kept = cache.get(key)
        return _told(kept if kept and kept.position >= position else _reckoned(key, reckon))


def _told(kept: Kept) -> Any:
    _spent.set(_spent.get() + kept.seconds)
    return kept.figure


def _newest(request: HttpRequest | None) -> int:
    """Asked once a page: what a page shows is the state in which it was begun, or a newer one."""
    known = getattr(request, "newest_change", None)
    if known is None:
        known = newest(*UNREAD)
        if request:
            request.newest_change = known
    return known


def _changed(user: Any, position: int) -> bool:
    """Whether the user changed anything that figures are made of after `position`."""
    if not isinstance(user, User):
        return False
    rows = History.objects.filter(entry_id=OuterRef("pk")).exclude(table__in=UNREAD)
    entries = AuditEntry.objects.filter(position__gt=position, actor=user)
    return entries.filter(Exists(rows)).exists()


def _reckoned(key: str, reckon: Callable[[], Any]) -> Kept:
    """Slow is also what was quick only because the figures within it were there."""
    position, at, begun, spent = newest(*UNREAD), timezone.now(), time.monotonic(), _spent.get()
    figure = reckon()
    kept = Kept(figure, position, at, max(time.monotonic() - begun, _spent.get() - spent))
    cache.set(key, kept, KEEP)
    return kept


@contextmanager
def _alone(key: str, wait: bool = True) -> Iterator[bool]:
    """One process at a time reckons a figure; without `wait` it is False for all but one."""
    with connection.cursor() as cursor:
        cursor.execute(f"select pg_{'' if wait else 'try_'}advisory_lock(hashtextextended(%s, 0))", [key])
        mine = cursor.fetchone()[0] is not False
        try:
            yield mine
        finally:
            if mine:
                cursor.execute("select pg_advisory_unlock(hashtextextended(%s, 0))", [key])


def _reckon_aside(key: str, reckon: Callable[[], Any]) -> None:
    if key in _aside:
        return
    _aside.add(key)
    speech, context = translation.get_language(), contextvars.copy_context()

    def work() -> None:
        try:
            with translation.override(speech), _alone(key, wait=False) as mine:
                if mine:
                    _reckoned(key, reckon)
        except Exception:
            log.exception("%s was not reckoned", key)
        finally:
            connection.close()
            _aside.discard(key)

    threading.Thread(target=context.run, args=(work,), daemon=True).start()


def alarm(scheme: Scheme, on: date, request: HttpRequest | None = None, **asked: int) -> LapseAlarm:
    what = f"alarm:{scheme.pk}:{on}:" + ":".join(f"{name}={asked[name]}" for name in sorted(asked))
    return remembered(what, lambda: lapse_alarm(scheme, on, **asked), request)


def coverage(
    scheme: Scheme, on: date, by: str = "category", request: HttpRequest | None = None
) -> queries.Coverage:
    """The figures of a scheme on a date; everybody is counted once, whichever way the figures are grouped."""

    def reckon() -> queries.Coverage:
        cells = remembered(f"cells:{scheme.pk}:{on}", lambda: queries.counted(scheme, on))
        return queries.coverage(scheme, on, by, cells)

    return remembered(f"coverage:{scheme.pk}:{on}:{by}", reckon, request)
