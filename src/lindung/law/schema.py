"""What a parameter file may hold. Every refusal names file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from lindung.base.money import LARGEST, parts_per_million
from lindung.base.refused import Refused

CONFIDENCE = ("two_sources", "one_source", "computed", "inferred", "memory", "unknown")
PROGRAMMES = ("JKK", "JKM", "JHT", "JP")

# Closed lists of what a parameter may be divided by.
BY: Mapping[str, tuple[str, ...]] = {
    "risk_class": ("I", "II", "III", "IV", "V"),
    "accident_or_death": ("JKK", "JKM"),
    "jkp_share": ("total", "government", "JKK", "JKM"),
    "pmi_part": ("before", "during_and_after"),
    "limit": ("minimum", "maximum"),
    "level": ("TK_SD", "SMP", "SMA", "PT"),
    "mode": ("land", "sea", "air"),
    "scale": ("micro", "small", "medium", "large", "construction"),
    "claim": ("retirement", "resignation", "dismissal", "contract_end", "bpu_stopped", "left_country", "disability",
              "death", "partial_preparation", "partial_housing"),
    "heir": ("spouse", "child", "parent"),
}  # fmt: skip

COUNTS = ("months", "years", "days", "working_days", "hours", "times", "day_of_month", "count")
UNITS = ("ratio", "rupiah", "word", "text", "programmes", "brackets", "layers", "steps", "parts", *COUNTS)

SOURCE = {"name": str, "title": Mapping, "promulgated": (date, type(None)), "confidence": str,
          "official?": str, "no_parameter?": Mapping}  # fmt: skip
PARAMETER = {"label": Mapping, "unit": str, "by?": str, "renewed?": str, "outside?": str, "checked_on": date,
             "values": list}  # fmt: skip
BLOCK = {"from": date, "until?": date, "value": object, "legal": Mapping, "confidence": str, "promulgated?": date,
         "retroactive?": bool, "note?": str}  # fmt: skip
_LEGAL = {"doc": str, "article": str}
_TWO_LANGUAGES = {"id": str, "en": str}


def check(entry: Any, keys: Mapping[str, Any], file: str, line: int) -> None:
    """`entry` has these keys (a trailing ? means: may be absent), of these types, and no others."""
    if not isinstance(entry, Mapping):
        raise problem(file, line, f"{entry!r} is not a mapping")
    allowed = {key.rstrip("?") for key in keys}
    for key in entry:
        if key not in allowed:
            raise problem(file, entry.lines[key], f"unknown key {key}")  # type: ignore[attr-defined]
    for key, kind in keys.items():
        name = key.rstrip("?")
        if name not in entry:
            if not key.endswith("?"):
                raise problem(file, line, f"{name} is missing")
        elif not isinstance(entry[name], kind) or (
            isinstance(entry[name], bool) and kind not in (bool, object)
        ):
            raise problem(file, entry.lines[name], f"{name}: {entry[name]!r}")  # type: ignore[attr-defined]
    for name, choices in (
        ("confidence", CONFIDENCE),
        ("unit", UNITS),
        ("by", tuple(BY)),
        ("outside", ("none",)),
    ):
        if name in allowed and name in entry and entry[name] not in choices:
            raise problem(file, entry.lines[name], f"{name}: {entry[name]!r}")  # type: ignore[attr-defined]
    for name, inner in (("legal", _LEGAL), ("title", _TWO_LANGUAGES), ("label", _TWO_LANGUAGES)):
        if name in allowed and name in entry:
            check(entry[name], inner, file, entry.lines[name])  # type: ignore[attr-defined]


def problem(file: str, line: int, what: str) -> Refused:
    return Refused("law.schema", {"file": file, "line": line, "problem": what})


def month_day(entry: Any, file: str) -> tuple[int, int] | None:
    text = entry.get("renewed")
    if text is None:
        return None
    try:
        day = date.fromisoformat(f"2001-{text}")
    except ValueError:
        raise problem(file, entry.lines["renewed"], f"renewed: {text!r}") from None
    return day.month, day.day


def value(raw: Any, unit: str, by: str | None, file: str, line: int) -> Any:
    """A value as the rules use it: rates in parts per million, money and counts as integers."""
    if raw is None:
        return None
    if by is None:
        return _one(raw, unit, file, line)
    if not isinstance(raw, Mapping) or set(raw) != set(BY[by]):
        raise problem(file, line, f"{by}: {', '.join(BY[by])}")
    return {key: _one(item, unit, file, raw.lines[key]) for key, item in raw.items()}  # type: ignore[attr-defined]


def _one(raw: Any, unit: str, file: str, line: int) -> Any:
    if raw is None:
        return None
    if unit in _READ:
        return _READ[unit](raw, file, line)
    return _count(raw, file, line)


def _ratio(raw: Any, file: str, line: int) -> int:
    if not isinstance(raw, str):
        raise problem(file, line, f"{raw!r} stands without quotes")
    try:
        parts = parts_per_million(raw)
    except (ArithmeticError, ValueError, Refused):
        raise problem(file, line, f"{raw!r} is not a rate") from None
    if parts < 0:
        raise problem(file, line, f"{raw!r} is negative")
    return parts


def _count(raw: Any, file: str, line: int) -> int:
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 <= raw <= LARGEST:
        raise problem(file, line, f"{raw!r} is not a whole number")
    return raw


def _word(raw: Any, file: str, line: int) -> str:
    if not isinstance(raw, str) or not raw:
        raise problem(file, line, f"{raw!r} is not a word")
    return raw


def _programmes(raw: Any, file: str, line: int) -> tuple[str, ...]:
    if not isinstance(raw, list) or not set(raw) <= set(PROGRAMMES):
        raise problem(file, line, f"{raw!r}")
    return tuple(raw)


def _table(columns: Mapping[str, Callable[[Any, str, int], Any]], rising: str | None) -> Callable[..., Any]:
    def read(raw: Any, file: str, line: int) -> tuple[dict[str, Any], ...]:
        if not isinstance(raw, list) or not raw:
            raise problem(file, line, "not a table")
        rows = []
        for number, row in enumerate(raw):
            at = raw.lines[number]  # type: ignore[attr-defined]
            check(row, dict.fromkeys(columns, object), file, at)
            rows.append(
                {
                    k.rstrip("?"): columns[k](row[k.rstrip("?")], file, at)
                    for k in columns
                    if k.rstrip("?") in row
                }
            )
            if rising and number and rows[-1][rising] <= rows[-2][rising]:
                raise problem(file, at, f"{rising}: {rows[-1][rising]} ≤ {rows[-2][rising]}")
        return tuple(rows)

    return read


def _labels(raw: Any, file: str, line: int) -> Any:
    check(raw, _TWO_LANGUAGES, file, line)
    return raw


_READ: Mapping[str, Callable[[Any, str, int], Any]] = {
    "ratio": _ratio,
    "word": _word,
    "text": _labels,
    "programmes": _programmes,
    "brackets": _table({"from": _count, "base": _count, "confidence?": _word}, "from"),
    "layers": _table({"above": _count, "JKK": _ratio, "JKM": _ratio}, "above"),
    "steps": _table({"from_month": _count, "share": _ratio}, "from_month"),
    "parts": _table({"part": _labels, "percent": _word}, None),
}
