"""Figures that many pages ask for, reckoned once for each state of the records, whichever process serves the page.

A figure is kept with the position of the newest entry of the trail that was there before it was reckoned, and is right as
long as no later entry changed a table that figures are made of. When one did, a figure that is quick to reckon is reckoned
on the spot. One that takes seconds is reckoned once, aside: whoever changed something since waits for it, everybody else
sees the last figure, and the page says of when it is (docs/decisions/0010).
"""

from __future__ import annotations

import contextvars
import logging
import pickle
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from django.db import connection
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.utils import timezone, translation

from lindung.base.messages import language
from lindung.contributions.queries import BudgetState, budget_states
from lindung.coverage import queries
from lindung.registry.models import AuditEntry, History, Scheme, User
from lindung.registry.models import Figure as Stored
from lindung.workflows.alarms import LapseAlarm, lapse_alarm

Figure = TypeVar("Figure")
KEEP = timedelta(days=30)
MANY = 500  # figures in one process
SLOW = 1.0  # seconds of reckoning for which nobody but the one who changed something is kept waiting
# no figure is made of these: signing in, a reason to look and a kept file change nothing of them
UNREAD = ("registry_user", "registry_role", "registry_invitation", "registry_storedfile", "enrolment_finding")
log = logging.getLogger(__name__)
_aside: set[str] = set()
_spent: contextvars.ContextVar[float] = contextvars.ContextVar(
    "spent", default=0.0
)  # on figures within a figure


@dataclass(frozen=True)
class Kept:
    figure: Any
    newest: tuple[int, str]  # position and hash of the entry that was the newest before it was reckoned
    at: datetime
    seconds: float


State = tuple[tuple[int, str], dict[str, str]]
# while a figure is reckoned: the state that figures within it are asked for
_within: contextvars.ContextVar[State | None] = contextvars.ContextVar("within", default=None)
_here: dict[str, Kept] = {}  # of this process; slow ones also stand in the table of figures
_alone: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def remembered(what: str, reckon: Callable[[], Figure], request: HttpRequest | None = None) -> Figure:
    """The figure of now. With the `request` of a page an older one, whose time then stands in `request.figures_of`."""
    key = f"{what}:{language()}"
    now, elsewhere = _state(request)
    kept = _kept(key, now, elsewhere)
    if kept and kept.newest == now:
        return _told(kept)
    slow = kept is not None and kept.seconds > SLOW
    if kept and slow and request and not _changed(request.user, kept.newest[0]):
        request.figures_of = min(getattr(request, "figures_of", kept.at), kept.at)
        _reckon_aside(key, reckon)
        return _told(kept)
    with _alone[key], _one_process(key) if slow else nullcontext():
        kept = _kept(key, now, _state(None)[1] if slow else {})
        if not kept or kept.newest != now:
            kept = _reckoned(key, reckon, now, elsewhere)
    return _told(kept)


def forget() -> None:
    """As if no page had been opened yet."""
    _here.clear()
    Stored.objects.all().delete()


def _state(request: HttpRequest | None) -> State:
    """The newest change, and of which state the kept figures are. Asked once a page: it shows the state in which it began."""
    known = _within.get() or getattr(request, "state_of_figures", None)
    if known is None:
        with connection.cursor() as cursor:
            cursor.execute(_STATE, [list(UNREAD)])
            told = cursor.fetchall()
        now = next((position, hashed) for key, position, hashed in told if not key)
        known = now, {key: hashed for key, _, hashed in told if key}
        if request:
            request.state_of_figures = known
    return known


_STATE = """
select '', coalesce(max(position), 0), coalesce((array_agg(hash order by position desc))[1], '') from registry_touched
where not "table" = any (%s)
union all select key, position, hash from registry_figure
"""


def _kept(key: str, now: tuple[int, str], elsewhere: dict[str, str]) -> Kept | None:
    here = _here.get(key)
    if here and here.newest == now:
        return here
    if key in elsewhere and (not here or elsewhere[key] != here.newest[1]):
        found = Stored.objects.filter(pk=key).first()
        if found:
            value = pickle.loads(found.value)  # noqa: S301  (written by `_reckoned`)
            here = _here[key] = Kept(value, (found.position, found.hash), found.at, found.seconds)
    return here


def _told(kept: Kept) -> Any:
    _spent.set(_spent.get() + kept.seconds)
    return kept.figure


def _changed(user: Any, position: int) -> bool:
    """Whether the user changed anything that figures are made of after `position`."""
    if not isinstance(user, User):
        return False
    rows = History.objects.filter(entry_id=OuterRef("pk")).exclude(table__in=UNREAD)
    return AuditEntry.objects.filter(Exists(rows), position__gt=position, actor=user).exists()


def _reckoned(key: str, reckon: Callable[[], Any], now: tuple[int, str], elsewhere: dict[str, str]) -> Kept:
    """Slow is also what was quick only because the slow figures within it were there."""
    at, begun, spent = timezone.now(), time.monotonic(), _spent.get()
    before = _within.set((now, elsewhere))
    try:
        figure = reckon()
    finally:
        _within.reset(before)
    kept = Kept(figure, now, at, max(time.monotonic() - begun, _spent.get() - spent))
    if len(_here) > MANY:
        _here.clear()
    _here[key] = kept
    if kept.seconds > SLOW:
        with connection.cursor() as cursor:
            cursor.execute(_STORE, [at - KEEP, key, key, *now, at, kept.seconds, pickle.dumps(figure)])
    return kept


_STORE = """
with past as (delete from registry_figure where at < %s and key <> %s)
insert into registry_figure (key, position, hash, at, seconds, value) values (%s, %s, %s, %s, %s, %s)
on conflict (key) do update set position = excluded.position, hash = excluded.hash, at = excluded.at,
    seconds = excluded.seconds, value = excluded.value
"""


@contextmanager
def _one_process(key: str, wait: bool = True) -> Iterator[bool]:
    """One process at a time reckons a slow figure; without `wait` it is False for all but one."""
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
            with translation.override(speech), _one_process(key, wait=False) as mine:
                if mine:
                    _reckoned(key, reckon, *_state(None))
        except Exception:
            log.exception("%s was not reckoned", key)
        finally:
            connection.close()
            _aside.discard(key)

    threading.Thread(target=context.run, args=(work,), daemon=True).start()


def alarm(scheme: Scheme, on: date, request: HttpRequest | None = None, **asked: int) -> LapseAlarm:
    what = f"alarm:{scheme.pk}:{on}:" + ":".join(f"{name}={asked[name]}" for name in sorted(asked))

    def reckon() -> LapseAlarm:
        return lapse_alarm(scheme, on, **asked, budgets=budgets(scheme, on.year, request))

    return remembered(what, reckon, request)


def budgets(scheme: Scheme, year: int, request: HttpRequest | None = None) -> list[BudgetState]:
    return remembered(f"budgets:{scheme.pk}:{year}", lambda: budget_states(scheme, year), request)


def coverage(
    scheme: Scheme, on: date, by: str = "category", request: HttpRequest | None = None
) -> queries.Coverage:
    """The figures of a scheme on a date; everybody is counted once, whichever way the figures are grouped."""

    def reckon() -> queries.Coverage:
        sums = remembered(f"counted:{scheme.pk}:{on}", lambda: queries.counted(scheme, on))
        return queries.coverage(scheme, on, by, sums)

    return remembered(f"coverage:{scheme.pk}:{on}:{by}", reckon, request)
