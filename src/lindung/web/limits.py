"""How often something may be asked from one place: sign-in and the public check."""

from __future__ import annotations

from django.core.cache import cache


def too_often(what: str, who: str, limit: int, seconds: int) -> bool:
    """Count one more; True when there were more than `limit` within `seconds` (per serving process)."""
    key = f"limit:{what}:{who}"
    if cache.add(key, 1, seconds):
        return False
    try:
        return cache.incr(key) > limit
    except ValueError:  # it ran out in between
        return False


def forget(what: str, who: str) -> None:
    cache.delete(f"limit:{what}:{who}")
