"""The law as dated data: parameter files and the register of instruments, checked, looked up, versioned.

A parameter has blocks. A block without `until` stands until the next one; a block with `until` is an exception laid
over it, after which the standing value returns. Each value cites an instrument and an article, and says how well it
is attested. Rates are parts per million once loaded; money is whole rupiah.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base import strictyaml
from lindung.base.refused import Refused
from lindung.law import schema

BEGINNING = date(2015, 7, 1)  # the programmes of BPJS Ketenagakerjaan begin; nothing before is law here
OWN_CHOICE = "lindung"  # the source of what no instrument says: shown as not verified, never as law
_ROOM = Path(__file__).parent
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Source:
    """One instrument of `sources.yaml`. `promulgated` is None when the day was not found."""

    id: str
    name: str
    title: Mapping[str, str]
    promulgated: date | None
    confidence: str
    official: str | None
    no_parameter: Mapping[str, str] | None


@dataclass(frozen=True)
class Block:
    """A value, from when (until when), by which article, how sure, since when known."""

    from_: date
    until: date | None
    value: Any
    doc: str
    article: str
    confidence: str
    known_since: date
    note: str | None

    @property
    def verified(self) -> bool:
        return self.confidence == "two_sources"


@dataclass(frozen=True)
class Interval:
    """`first` to `last` (None: still in force) with the block that holds there, or None where nothing does."""

    first: date
    last: date | None
    block: Block | None


@dataclass(frozen=True)
class Parameter:
    id: str
    label: Mapping[str, str]
    unit: str
    by: str | None
    renewed: tuple[int, int] | None
    optional: bool
    checked_on: date
    blocks: tuple[Block, ...]
    file: str
    line: int

    @property
    def topic(self) -> str:
        return self.id.partition(".")[0]

    @cached_property
    def intervals(self) -> tuple[Interval, ...]:
        """Every day from the first value on, in order, without gaps or overlaps; equal neighbours joined."""
        days = {b.from_ for b in self.blocks} | {b.until + _DAY for b in self.blocks if b.until}
        days |= {day for b in self.blocks if (day := self._lapses(b))}
        result: list[Interval] = []
        for day in sorted(days):
            block = self._in_force(day)
            if result and result[-1].block is block:
                continue
            if result:
                result[-1] = replace(result[-1], last=day - _DAY)
            result.append(Interval(day, None, block))
        return tuple(result)

    def _in_force(self, day: date) -> Block | None:
        covering = [b for b in self.blocks if b.from_ <= day and (b.until is None or day <= b.until)]
        if not covering:
            return None
        block = max(covering, key=lambda b: (b.until is not None, b.from_))
        lapses = self._lapses(block)
        return None if lapses and day >= lapses else block

    def _lapses(self, block: Block) -> date | None:
        """A value that is announced anew each year ends there, whether or not the next is known."""
        if self.renewed is None or block.until:
            return None
        month, day = self.renewed
        year = block.from_.year + ((block.from_.month, block.from_.day) >= self.renewed)
        return date(year, month, day)

    def block(self, on: date) -> Block | None:
        """The block in force on a day; None outside. Raises nothing: see `value`."""
        found = None
        for interval in self.intervals:
            if interval.first > on:
                break
            found = interval.block
        return found

    def value(self, on: date, key: str | None = None) -> Any:
        """The value on a day (of one key). None where an optional parameter has none. Raises Refused("law.…")."""
        block = self.block(on)
        if block is None or block.value is None:
            if self.optional:
                return None
            raise self.nothing(on)
        return block.value if key is None else block.value[key]

    def nothing(self, on: date) -> Refused:
        args = {
            "parameter": self.id,
            "label": self.label["id"],
            "label_en": self.label["en"],
            "on": on.isoformat(),
        }
        if self.intervals and on < self.intervals[0].first:
            return Refused("law.before_first_value", {**args, "first": self.intervals[0].first.isoformat()})
        return Refused("law.not_announced", args)


class Law:
    """All parameters and instruments; `law["contribution.jkk_pu"]` is a Parameter. Immutable."""

    def __init__(self, parameters: Iterable[Parameter], sources: Iterable[Source], version: str) -> None:
        self.parameters = {p.id: p for p in parameters}
        self.sources = {s.id: s for s in sources}
        self.version = version

    def __getitem__(self, id_: str) -> Parameter:
        return self.parameters[id_]

    def value(self, id_: str, on: date, key: str | None = None) -> Any:
        return self.parameters[id_].value(on, key)

    def at(self, frame: pl.DataFrame, *, on: str, **columns: str | tuple[str, str]) -> pl.DataFrame:
        """`frame` with more columns: the value of a parameter (or of its key) on each row's own date `on`.

        `law.at(frame, on="date", funeral="benefit.funeral", air=("benefit.transport_cap", "air"))`. Null where the law
        has no value on that day, for the caller to refuse: never zero.
        """
        asked = frame.select(on).unique()
        days = asked[on].to_list()
        found: dict[str, pl.Series] = {}
        for name, which in columns.items():
            id_, key = (which, None) if isinstance(which, str) else which
            parameter = self.parameters[id_]
            values = [_or_none(parameter, day, key) if day else None for day in days]
            found[name] = pl.Series(name, values, dtype=pl.String if parameter.unit == "word" else pl.Int64)
        return frame.join(
            asked.with_columns(**found), on=on, how="left", nulls_equal=True, maintain_order="left"
        )

    def cite(self, id_: str, on: date) -> str | None:
        """ "PP 44/2015 Pasal 16(1)": what the value rests on; None where there is none."""
        block = self.parameters[id_].block(on)
        return None if block is None else f"{self.sources[block.doc].name} {block.article}"

    def grounds(self, ids: Iterable[str], on: date) -> tuple[list[str], list[str]]:
        """What results rest on: the articles, each once, and the ids of parameters that two sources do not attest.

        An id may name one row of a bracket table, "contribution.bpu_bracket#1000000": rows can be better attested.
        """
        articles: dict[str, None] = {}
        unverified: dict[str, None] = {}
        for named in ids:
            id_, _, row = named.partition("#")
            block = self.parameters[id_].block(on)
            if block is not None:
                if block.doc != OWN_CHOICE:
                    articles[f"{self.sources[block.doc].name} {block.article}"] = None
                if not block.verified and not (row and _row_verified(block, int(row))):
                    unverified[id_] = None
        return list(articles), list(unverified)

    def known_on(self, day: date) -> Law:
        """The law as it was published on a day: what was promulgated later is not in it."""
        parameters = [
            replace(p, blocks=tuple(b for b in p.blocks if b.known_since <= day))
            for p in self.parameters.values()
        ]
        return Law(parameters, self.sources.values(), f"{self.version}@{day.isoformat()}")

    def changes(self) -> list[tuple[date, Parameter, Block | None]]:
        """Every day on which a value begins, changes or ends, in order."""
        found = [(i.first, p, i.block) for p in self.parameters.values() for i in p.intervals]
        return sorted(found, key=lambda change: (change[0], change[1].id))

    def stale(self, on: date, older_than: int) -> list[Parameter]:
        """Parameters nobody has checked for more than so many days, the longest unchecked first."""
        late = [p for p in self.parameters.values() if (on - p.checked_on).days > older_than]
        return sorted(late, key=lambda p: (p.checked_on, p.id))


def _row_verified(block: Block, base: int) -> bool:
    return any(row["base"] == base and row.get("confidence") == "two_sources" for row in block.value)


def _or_none(parameter: Parameter, on: date, key: str | None) -> Any:
    block = parameter.block(on)
    if block is None or block.value is None:
        return None
    return block.value if key is None else block.value[key]


@cache
def current() -> Law:
    """The law of this release, loaded once."""
    return load(_ROOM / "parameters", _ROOM / "sources.yaml")


def load(folder: Path, sources: Path) -> Law:
    """Read and check `folder/<topic>/*.yaml` and the register. Raises Refused with file and line."""
    register = strictyaml.load(sources)
    known = {id_: _source(id_, entry, sources.name, register.lines[id_]) for id_, entry in register.items()}
    parameters: dict[str, Parameter] = {}
    tree: dict[str, Any] = {"sources": register}
    for path in sorted(folder.glob("*/*.yaml")):
        file = f"{path.parent.name}/{path.name}"
        document = strictyaml.parse(path.read_text(encoding="utf-8"), file)
        for key, entry in document.items():
            parameter = _parameter(f"{path.parent.name}.{key}", entry, file, document.lines[key], known)
            if parameter.id in parameters:
                raise Refused(
                    "law.duplicate", {"file": file, "line": document.lines[key], "parameter": parameter.id}
                )
            parameters[parameter.id] = parameter
            tree[parameter.id] = entry
    text = json.dumps(tree, sort_keys=True, default=str, ensure_ascii=False)
    checked = max(p.checked_on for p in parameters.values()) if parameters else BEGINNING
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Law(parameters.values(), known.values(), f"{checked.isoformat()}+{digest[:16]}")


def _source(id_: str, entry: Any, file: str, line: int) -> Source:
    schema.check(entry, schema.SOURCE, file, line)
    return Source(
        id_, entry["name"], entry["title"], entry["promulgated"], entry["confidence"],
        entry.get("official"), entry.get("no_parameter"),
    )  # fmt: skip


def _parameter(id_: str, entry: Any, file: str, line: int, sources: Mapping[str, Source]) -> Parameter:
    schema.check(entry, schema.PARAMETER, file, line)
    blocks = []
    for number, raw in enumerate(entry["values"]):
        at = entry["values"].lines[number]
        schema.check(raw, schema.BLOCK, file, at)
        blocks.append(_block(id_, raw, entry, file, at, sources))
    _refuse_disorder(blocks, entry, file)
    return Parameter(
        id_, entry["label"], entry["unit"], entry.get("by"), schema.month_day(entry, file), "outside" in entry,
        entry["checked_on"], tuple(blocks), file, line,
    )  # fmt: skip


def _block(id_: str, raw: Any, entry: Any, file: str, line: int, sources: Mapping[str, Source]) -> Block:
    doc = raw["legal"]["doc"]
    if doc not in sources:
        raise Refused("law.unknown_instrument", {"file": file, "line": line, "doc": doc})
    promulgated = raw.get("promulgated") or sources[doc].promulgated
    if promulgated and raw["from"] < promulgated and not raw.get("retroactive"):
        raise Refused(
            "law.before_promulgation", {"file": file, "line": line, "promulgated": promulgated.isoformat()}
        )
    if raw["value"] is None and not raw.get("note"):
        raise Refused("law.schema", {"file": file, "line": line, "problem": "value: null needs a note"})
    value = schema.value(raw["value"], entry["unit"], entry.get("by"), file, raw.lines["value"])
    return Block(
        raw["from"], raw.get("until"), value, doc, raw["legal"]["article"], raw["confidence"],
        promulgated or raw["from"], raw.get("note"),
    )  # fmt: skip


def _refuse_disorder(blocks: list[Block], entry: Any, file: str) -> None:
    """Standing blocks follow each other, exceptions do not overlap, and only `outside: none` may have gaps."""
    lines = entry["values"].lines
    standing = [b for b in blocks if b.until is None]
    if not standing and "outside" not in entry:
        raise Refused("law.schema", {"file": file, "line": lines[0], "problem": "outside: none"})
    last: dict[bool, Block] = {}
    for number, block in enumerate(blocks):
        kind = block.until is not None
        before = last.get(kind)
        ends = before and (before.until or before.from_)
        if (block.until and block.until < block.from_) or (ends and block.from_ <= ends):
            raise Refused(
                "law.overlap", {"file": file, "line": lines[number], "from": block.from_.isoformat()}
            )
        last[kind] = block
