"""JSON lines in, JSON lines out: one object for each line, in order, whatever the line holds.

The rules are those of `contribution` and `benefits`; this reads and writes. Lines are computed together, as one frame.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any

import polars as pl

from lindung.base import messages
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.law import benefits, contribution, penalties, scholarships, store

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_FAR = 2**62  # what is larger is too large, and must fit a column to be told so
_SHOWN = 40
LONGEST_LINE = 1_000_000

Object = dict[str, Any]


# reading ------------------------------------------------------------------------------------------------------------


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


# contributions ------------------------------------------------------------------------------------------------------

CONTRIBUTION_COLUMNS = {
    "segment": pl.String, "programmes": pl.String, "month": pl.Date, "wage": pl.Int64, "contract_value": pl.Int64,
    "risk_class": pl.String, "payer": pl.String, "sector": pl.String, "labour_intensive": pl.Boolean,
}  # fmt: skip
_FIELDS: Mapping[str, Sequence[tuple[str, Callable[[str, Any], Any]]]] = {
    "PU": (("wage", whole), ("risk_class", word), ("payer", word), ("labour_intensive", flag)),
    "BPU": (("wage", whole), ("payer", word), ("sector", word)),
    "JAKON": (("wage", whole), ("contract_value", whole)),
}
_SHOWN_AS = {"jkk": "JKK", "jkm": "JKM", "jht_employer": "JHT_employer", "jht_worker": "JHT_worker",
             "jp_employer": "JP_employer", "jp_worker": "JP_worker"}  # fmt: skip


def contribution_row(given: Object) -> Object:
    """One row for `contribution.compute`. Fields of another segment are not looked at. Raises Refused."""
    segment = word("segment", given.get("segment"))
    row: Object = {"segment": segment, "month": month("month", given.get("month"))}
    asked = given.get("programmes")
    if asked is not None:
        if not isinstance(asked, list):
            raise Refused("programme.not_a_list", {"value": shown(asked)})
        names = [word("programmes", name) or "?" for name in asked]
        row["programmes"] = ",".join(
            [name if name in _NAMES else "?" + name.replace(",", " ") for name in names]
        )
    for field, read in _FIELDS.get(segment or "", ()):
        row[field] = read(field, given.get(field))
    return row


_NAMES = frozenset({"JKK", "JKM", "JHT", "JP", "JKP"})


def contributions(lines: Sequence[bytes], *, law: store.Law | None = None) -> list[bytes]:
    """One answer for each line: the amounts with `law` and `unverified`, or `error`."""
    law = law or store.current()
    answers: list[bytes | None] = [None] * len(lines)
    rows: dict[str, list[Any]] = {name: [] for name in CONTRIBUTION_COLUMNS}
    places = []
    for place, line in enumerate(lines):
        try:
            row = contribution_row(parse(line))
        except Refused as problem:
            answers[place] = refusal(problem.code, problem.values)
            continue
        places.append(place)
        for name, column in rows.items():
            column.append(row.get(name))
    if places:
        frame = contribution.compute(pl.DataFrame(rows, schema=CONTRIBUTION_COLUMNS), law=law, details=True)
        for place, answer in zip(places, _contribution_answers(frame, law), strict=True):
            answers[place] = answer
    return answers  # type: ignore[return-value]


def _contribution_answers(frame: pl.DataFrame, law: store.Law) -> Iterable[bytes]:
    amounts = frame.select("base", *(pl.col(name).alias(shown) for name, shown in _SHOWN_AS.items()), "total")
    names = amounts.columns
    given = frame.select(*CONTRIBUTION_COLUMNS).rows()
    used = frame["used"].to_list()
    for number, (error, values) in enumerate(zip(frame["error"], amounts.iter_rows(), strict=True)):
        row = given[number]
        if error is not None:
            yield refusal(error, _told(row))
            continue
        money = ", ".join([f'"{name}": {v}' for name, v in zip(names, values, strict=True) if v is not None])
        yield f"{{{money}, {_grounds(law, tuple(used[number]), row[2])}}}".encode()


def _told(row: tuple[Any, ...]) -> Object:
    """The row's own values, as its error sentence names them."""
    told = dict(zip(CONTRIBUTION_COLUMNS, row, strict=True))
    told["programmes"] = (told["programmes"] or "").replace("?", "").replace(",", ", ")
    told["month"] = f"{told['month']:%Y-%m}" if told["month"] else ""
    return told


@lru_cache(maxsize=65536)
def _grounds(law: store.Law, used: tuple[str, ...], on: date) -> str:
    articles, unverified = law.grounds(used, on)
    return f'"law": {json.dumps(articles, ensure_ascii=False)}, "unverified": {json.dumps(unverified)}'


def refusal(code: str, args: Mapping[str, Any]) -> bytes:
    message = f"{messages.sentence(code, args)} {messages.hint(code, args)}".strip()
    return json.dumps({"error": {"code": code, "message": message}}, ensure_ascii=False).encode()


# benefits -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A benefit: its rule, its fields (name, how to read it, column, type), and what it answers with."""

    rule: Callable[..., pl.DataFrame]
    fields: tuple[tuple[str, Callable[[str, Any], Any], str, Any], ...]
    answers: tuple[str, ...]
    on: str = "date"
    holidays: bool = False


def _field(name: str, read: Callable[[str, Any], Any]) -> tuple[str, Callable[[str, Any], Any], str, Any]:
    kinds: dict[Any, Any] = {word: pl.String, whole: pl.Int64, month: pl.Date, day: pl.Date, percent: pl.Int64,
             children: pl.List(scholarships.CHILD)}  # fmt: skip
    return name, read, name.replace("_percent", "_parts"), kinds[read]


_WHEN, _CAUSE, _SEGMENT, _WAGE = (
    _field("date", day), _field("cause", word), _field("segment", word), _field("wage", whole),
)  # fmt: skip
_PAID = _field("contribution_months", whole)
KINDS: Mapping[str, Kind] = {
    "death": Kind(
        benefits.death,
        (_WHEN, _CAUSE, _SEGMENT, _WAGE, _field("joined", day), _field("first_joined", day), _PAID),
        ("death_grant", "periodic", "funeral", "total", "scholarship_eligible"),
    ),
    "scholarship": Kind(
        scholarships.scholarship, (_WHEN, _CAUSE, _PAID, _field("children", children)), ("per_child", "total")
    ),
    "temporary_disability": Kind(
        benefits.temporary_disability, (_WHEN, _WAGE, _SEGMENT, _field("months", whole)), ("total", "by_month")
    ),
    "permanent_disability": Kind(
        benefits.permanent_disability,
        (_WHEN, _WAGE, _SEGMENT, _field("type", word), _field("table_percent", percent),
         _field("function_loss_percent", percent)),
        ("grant", "periodic", "total"),
    ),
    "pension": Kind(
        benefits.pension, (_WHEN, _PAID, _field("average_monthly_wage", whole)), ("monthly", "lump_sum")
    ),
    "pension_age": Kind(benefits.pension_age, (_WHEN,), ("age",)),
    "late_penalty": Kind(
        penalties.late_penalty,
        (_SEGMENT, _field("month", month), _field("contribution", whole), _field("paid_on", day),
         _field("employer", word)),
        ("months_late", "penalty", "due_on"),
        on="month",
        holidays=True,
    ),
}  # fmt: skip


def benefit_row(kind: str, given: Object) -> Object:
    """One row for the rule of `kind`. Raises Refused."""
    return {column: read(name, given.get(name)) for name, read, column, _ in KINDS[kind].fields}


def benefit_frame(
    kind: str, rows: Sequence[Object], *, holidays: Iterable[date], law: store.Law
) -> pl.DataFrame:
    schema = {column: dtype for _, _, column, dtype in KINDS[kind].fields}
    frame = pl.DataFrame(rows, schema=schema)
    rule = KINDS[kind].rule
    return rule(frame, law=law, holidays=holidays) if KINDS[kind].holidays else rule(frame, law=law)


def benefits_of(
    lines: Sequence[bytes], *, holidays: Iterable[date] = (), law: store.Law | None = None
) -> list[bytes]:
    """One answer for each line of any kinds: the named amounts with `law` and `unverified`, or `error`."""
    law, holidays = law or store.current(), tuple(holidays)
    answers: list[bytes | None] = [None] * len(lines)
    asked: dict[str, list[tuple[int, Object, Object]]] = {}
    for place, line in enumerate(lines):
        try:
            given = parse(line)
            kind = word("kind", given.get("kind"))
            if kind is None:
                raise Refused("kind.missing")
            if kind not in KINDS:
                raise Refused("kind.unknown", {"value": kind})
            asked.setdefault(kind, []).append((place, given, benefit_row(kind, given)))
        except Refused as problem:
            answers[place] = refusal(problem.code, problem.values)
    for kind, found in asked.items():
        frame = benefit_frame(kind, [row for _, _, row in found], holidays=holidays, law=law)
        for (place, given, _), row in zip(found, frame.iter_rows(named=True), strict=True):
            answers[place] = _benefit_answer(kind, given, row, law)
    return answers  # type: ignore[return-value]


def _benefit_answer(kind: str, given: Object, row: Object, law: store.Law) -> bytes:
    if row["error"] is not None:
        return refusal(row["error"], {name: shown(value) for name, value in given.items()})
    answer = {
        name: row[name] for name in KINDS[kind].answers if row[name] is not None and row[name] is not False
    }
    if kind == "death":
        answer["scholarship_eligible"] = row["scholarship_eligible"]
    answer["law"], answer["unverified"] = law.grounds(row["used"], row[KINDS[kind].on])
    return json.dumps(answer, ensure_ascii=False, default=str).encode()
