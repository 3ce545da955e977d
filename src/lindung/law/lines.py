"""JSON lines in, JSON lines out: one object for each line, in order, whatever the line holds.

The rules are those of `contribution` and `benefits`; this reads and writes. Lines are computed together, as one frame.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl

from lindung.base import messages
from lindung.base.refused import Refused
from lindung.law import contribution, kinds, store
from lindung.law.reading import Object, flag, month, parse, shown, whole, word

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
    rows: dict[str, list[Any]] = {name: [] for name in contribution.COLUMNS}
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
        frame = contribution.compute(pl.DataFrame(rows, schema=contribution.COLUMNS), law=law, details=True)
        for place, answer in zip(places, _contribution_answers(frame, law), strict=True):
            answers[place] = answer
    return answers  # type: ignore[return-value]


def _contribution_answers(frame: pl.DataFrame, law: store.Law) -> Iterable[bytes]:
    amounts = frame.select("base", *(pl.col(name).alias(shown) for name, shown in _SHOWN_AS.items()), "total")
    names = amounts.columns
    given = frame.select(*contribution.COLUMNS).rows()
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
    told = dict(zip(contribution.COLUMNS, row, strict=True))
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
            if kind not in kinds.KINDS:
                raise Refused("kind.unknown", {"value": kind})
            asked.setdefault(kind, []).append((place, given, kinds.row(kind, given)))
        except Refused as problem:
            answers[place] = refusal(problem.code, problem.values)
    for kind, found in asked.items():
        frame = kinds.frame(kind, [row for _, _, row in found], holidays=holidays, law=law)
        for (place, given, _), row in zip(found, frame.iter_rows(named=True), strict=True):
            answers[place] = _benefit_answer(kind, given, row, law)
    return answers  # type: ignore[return-value]


def _benefit_answer(kind: str, given: Object, row: Object, law: store.Law) -> bytes:
    if row["error"] is not None:
        return refusal(row["error"], {name: shown(value) for name, value in given.items()})
    answer = kinds.answer(kind, row)
    answer["law"], answer["unverified"] = law.grounds(row["used"], row[kinds.KINDS[kind].on])
    return json.dumps(answer, ensure_ascii=False, default=str).encode()
