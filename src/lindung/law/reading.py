"""One JSON object, field by field, into what the rules take; every misfit is refused by name, none crashes."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

from lindung.base.month import Month
from lindung.base.refused import Refused

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FAR = 2**62  # what is larger is too large, and must fit a column to be told so
_SHOWN = 40
LONGEST_LINE = 1_000_000

Object = dict[str, Any]


def _pairs(pairs: list[tuple[str, Any]]) -> Object:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise Refused("line.duplicate_key", {"key": shown(twice)})
    return found


def _constant(name: str) -> Any:
    raise ValueError(name)


def _integer(text: str) -> int:
    # Python refuses to read thousands of digits; the sign is all that matters then
    return int(text) if len(text) < 4000 else (-_FAR if text.startswith("-") else _FAR)


_decoder = json.JSONDecoder(
    object_pairs_hook=_pairs, parse_constant=_constant, parse_float=Decimal, parse_int=_integer
)


def parse(line: bytes) -> Object:
    """One JSON object. Raises Refused("line.…"): not UTF-8, not JSON, NaN, a key twice, not an object, too long."""
    if len(line) > LONGEST_LINE:
        raise Refused("line.too_long", {"limit": LONGEST_LINE})
    try:
        found = _decoder.decode(line.decode("utf-8"))
    except (ValueError, RecursionError, ArithmeticError):
        raise Refused("line.not_json") from None
    if not isinstance(found, dict):
        raise Refused("line.not_object")
    return found


def shown(value: Any) -> str:
    """A value of the caller as a sentence may repeat it: short, and always encodable."""
    try:
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    except (RecursionError, ValueError):
        text = "…"
    text = text.encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def word(field: str, value: Any) -> str | None:
    if value is None or (isinstance(value, str) and value.isascii()):
        return value
    if isinstance(value, str):
        return shown(value)  # no listed word has such letters; it is refused by name
    raise Refused("field.not_text", {"field": field, "value": shown(value)})


def whole(field: str, value: Any) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int):
        raise Refused("field.not_whole", {"field": field, "value": shown(value)})
    return value if -_FAR < value < _FAR else (_FAR if value > 0 else -_FAR)


def flag(field: str, value: Any) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise Refused("field.not_flag", {"field": field, "value": shown(value)})


def month(field: str, value: Any) -> date | None:
    if value is None:
        return None
    if not isinstance(value, str) or value[:4] == "0000":
        raise Refused("month.unreadable", {"value": shown(value)})
    return _month(value)


@lru_cache(maxsize=4096)
def _month(text: str) -> date:
    try:
        return Month.parse(text).first
    except Refused:
        raise Refused("month.unreadable", {"value": shown(text)}) from None


def day(field: str, value: Any) -> date | None:
    if value is None:
        return None
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise Refused("date.unreadable", {"field": field, "value": shown(value)})


def percent(field: str, value: Any) -> int | None:
    """A percentage as parts per million of the whole; the range is the rule's to check."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise Refused("field.not_whole", {"field": field, "value": shown(value)})
    if not -1000 < value < 1000:
        raise Refused("percent.outside", {"field": field})
    parts = Decimal(value) * 10_000
    if parts != parts.to_integral_value():
        raise Refused("percent.too_fine", {"field": field, "value": shown(value)})
    return int(parts)


def words(field: str, value: Any) -> list[str] | None:
    if value is None:
        return None
    if not isinstance(value, list):
        raise Refused("field.not_text", {"field": field, "value": shown(value)})
    return [word(field, item) or "" for item in value]


def children(field: str, value: Any) -> list[Object] | None:
    if value is None:
        return None
    if not isinstance(value, list) or not all(isinstance(child, dict) for child in value):
        raise Refused("children.not_a_list", {"value": shown(value)})
    return [
        {
            "birth_date": day("birth_date", child.get("birth_date")),
            "level": word("level", child.get("level")),
            "years_left_in_level": whole("years_left_in_level", child.get("years_left_in_level")),
        }
        for child in value
    ]
