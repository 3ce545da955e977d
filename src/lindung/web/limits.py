"""How often something may be asked from one place: sign-in and the public check. One count for all serving processes."""

from __future__ import annotations

import hashlib
import ipaddress
from datetime import timedelta

from django.db import connection
from django.utils import timezone

from lindung.registry.models import Tally

_COUNT = """
insert into registry_tally as t (key, count, until) values (%(key)s, 1, %(until)s)
on conflict (key) do update set
    count = case when t.until < %(now)s then 1 else t.count + 1 end,
    until = case when t.until < %(now)s then excluded.until else t.until end
returning count
"""


def network(address: str) -> str:
    """An IPv4 address as it is; of an IPv6 address the /64 that one household or office has."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else address


def _key(what: str, who: str) -> str:
    return f"{what}:{hashlib.sha256(who.encode()).hexdigest()}"  # addresses and accounts are not kept


def too_often(what: str, who: str, limit: int, seconds: int) -> bool:
    """Count one more; True when there were more than `limit` within `seconds`."""
    now = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(
            _COUNT, {"key": _key(what, who), "now": now, "until": now + timedelta(seconds=seconds)}
        )
        count: int = cursor.fetchone()[0]
    if count == 1:
        Tally.objects.filter(until__lt=now - timedelta(days=1)).delete()
    return count > limit


def forget(what: str, who: str) -> None:
    Tally.objects.filter(key=_key(what, who)).delete()
