"""Figures that many pages ask for, reckoned once for each state of the records.

Every change of a record ends in an audit entry, whose hash names all that happened before: a figure kept under that
hash is right for as long as it is the newest, and is never asked for afterwards.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.core.cache import cache

from lindung.base.messages import language
from lindung.coverage import queries
from lindung.registry.audit import head
from lindung.registry.models import Scheme
from lindung.workflows.alarms import LapseAlarm, lapse_alarm

Figure = TypeVar("Figure")
SECONDS = 3600
ALONE = threading.Lock()


def remembered(what: str, reckon: Callable[[], Figure], at: str = "") -> Figure:
    """`at`: the hash of the newest entry, where the caller read it for several figures at once."""
    key = f"{what}:{language()}:{at or head()}"
    found = cache.get(key)
    if found is None:
        with ALONE:  # twenty people who ask at once wait for one reckoning, not for twenty
            found = cache.get(key)
            if found is None:
                found = reckon()
                cache.set(key, found, SECONDS)
    return found


def alarm(scheme: Scheme, on: date, at: str = "") -> LapseAlarm:
    return remembered(f"alarm:{scheme.pk}:{on}", lambda: lapse_alarm(scheme, on), at)


def coverage(scheme: Scheme, on: date, by: str = "category", at: str = "") -> queries.Coverage:
    return remembered(f"coverage:{scheme.pk}:{on}:{by}", lambda: queries.coverage(scheme, on, by), at)
