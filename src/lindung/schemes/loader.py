"""From a YAML file to a `Scheme`. Whatever is unclear is refused with file and line; nothing is guessed."""

from __future__ import annotations

import hashlib
import re
from dataclasses import fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lindung.base import strictyaml
from lindung.base.refused import Refused
from lindung.law.duties import NON_ASN_JHT
from lindung.schemes.conditions import KINDS, SEVERITIES, Condition, NotOtherCategory
from lindung.schemes.model import (
    CHECKERS,
    DOCUMENTS,
    Category,
    Document,
    Label,
    Payer,
    Period,
    Reported,
    Scheme,
    Wage,
)
from lindung.schemes.reported import ALWAYS, TOLD_ONLY
from lindung.schemes.words import plain_text

TRACKS = ("decree", "appointment")
STATUSES = ("rancangan", "harmonisasi", "fasilitasi", "ditetapkan", "diundangkan", "diubah", "dicabut")
# segment → the programmes it can have (PP 44/2015, PP 46/2015 Pasal 4, PP 45/2015 Pasal 2)
PROGRAMMES = {"PU": ("JKK", "JKM", "JHT", "JP"), "BPU": ("JKK", "JKM", "JHT"), "JAKON": ("JKK", "JKM")}
PAYERS = ("APBD", "APBN", "APBDes", "donor", "employer", "self")
METHODS = ("LS", "deducted", "reimbursed")
RISK_CLASSES = ("I", "II", "III", "IV", "V")
CHOICES = {
    "scope": ("any", "bpu", "government_payer"),
    "list": ("DTKS", "DTSEN"),
    "pppk_part_time": ("BPJSTK", "TASPEN"),
}
DTSEN_SINCE = date(2025, 2, 5)  # Inpres 4/2025
UNKNOWN = "unknown"
_ID = re.compile(r"[a-z][a-z0-9]*([-_][a-z0-9]+)*", re.ASCII)
_REGION = re.compile(r"\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?", re.ASCII)


def load(path: Path) -> Scheme:
    """Raises Refused("yaml.…", "scheme.…")."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise Refused("yaml.unreadable", {"file": path.name, "line": 1, "problem": "UTF-8"}) from None
    return parse(text, path.name)


@cache
def builtin() -> dict[str, Scheme]:
    """The schemes that come with Lindung, by id, in the order of their years."""
    found = [load(path) for path in Path(__file__).parent.glob("*.yaml")]
    return {scheme.id: scheme for scheme in sorted(found, key=lambda s: (s.period.from_, s.id))}


def parse(text: str, file: str) -> Scheme:
    """The scheme that `text` says. Raises Refused("yaml.…", "scheme.…") naming `file` and line."""
    node = _Node(strictyaml.parse(text, file), file, "")
    locality = node.matching("locality", _REGION, "36.74")
    document = _document(node.child("document"))
    track = node.choice("track", TRACKS)
    segment = node.choice("segment", tuple(PROGRAMMES))
    programmes = node.programmes(segment)
    wage, payer, period = (
        _wage(node.child("wage")),
        _payer(node.child("payer")),
        _period(node.child("period")),
    )
    defaults = Category(
        "", {}, None, (), track, segment, programmes, payer, node.choice("risk_class", RISK_CLASSES, None), wage, period, True
    )  # fmt: skip
    categories = _categories(node.children("categories"), defaults)
    scheme = Scheme(
        id=node.matching("id", _ID, "tangsel-2019"),
        locality=locality,
        document=document,
        track=track,
        segment=segment,
        programmes=programmes,
        wage=wage,
        payer=payer,
        period=period,
        reported=_reported(node.children("reported", []), categories),
        categories=categories,
        conditions=_conditions(node.children("conditions"), categories, period),
        assumptions=tuple(item.as_label() for item in node.children("assumptions", [])),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        non_asn_jht=_non_asn_jht(node),
        checks=_checks(node),
        amend_every=node.whole("amend_every", None, range(1, 13)),
    )
    node.finish()
    return scheme


def _non_asn_jht(node: _Node) -> str | None:
    if node.take("non_asn_jht", None) is False:  # how YAML reads a bare `off`
        return "off"
    found: str | None = node.choice("non_asn_jht", NON_ASN_JHT, None)
    return found


def _checks(node: _Node) -> tuple[tuple[str, int], ...]:
    if node.take("checks", None) is None:
        return ()
    asked = node.child("checks")
    days = range(1, 1000)
    found = tuple(
        (checker, asked.whole(checker, within=days)) for checker in CHECKERS if checker in asked.map
    )
    asked.finish()
    return found


_REQUIRED: Any = object()


class _Node:
    """One mapping of the file, read key by key; `finish` refuses what nobody asked for."""

    def __init__(self, mapping: Any, file: str, where: str, line: int = 1) -> None:
        if not isinstance(mapping, strictyaml.Mapping):
            raise Refused(
                "scheme.wrong_value",
                {"file": file, "line": line, "key": where, "value": mapping, "expected": "key: value"},
            )
        self.map, self.file, self.where, self.asked = mapping, file, where, set[str]()

    def refused(self, code: str, key: str, **args: Any) -> Refused:
        line = self.map.lines.get(key, self.map.line)
        return Refused(code, {"file": self.file, "line": line, "key": key, **args})

    def wrong(self, key: str, expected: str) -> Refused:
        return self.refused("scheme.wrong_value", key, value=self.map.get(key), expected=expected)

    def take(self, key: str, default: Any = _REQUIRED) -> Any:
        """The value as it stands. `unknown` is None where a default allows it, else refused: a rule needs it."""
        self.asked.add(key)
        if key not in self.map:
            if default is _REQUIRED:
                raise self.refused("scheme.missing_key", key, where=self.where or self.file)
            return default
        value = self.map[key]
        if value == UNKNOWN:
            if default is _REQUIRED:
                raise self.refused("scheme.unknown_needed", key)
            return None
        return value

    def finish(self) -> None:
        for key in self.map:
            if key not in self.asked:
                expected = ", ".join(sorted(self.asked))
                raise self.refused("scheme.unknown_key", key, expected=expected)

    def text(self, key: str, default: Any = _REQUIRED) -> Any:
        value = self.take(key, default)
        if value is default or value is None:
            return value
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(key, '"…"')
        return value

    def matching(self, key: str, form: re.Pattern[str], example: str) -> str:
        value = self.text(key)
        if not form.fullmatch(value):
            raise self.wrong(key, example)
        return value

    def choice(self, key: str, choices: tuple[str, ...], default: Any = _REQUIRED) -> Any:
        value = self.take(key, default)
        if value is not default and value not in choices:
            raise self.wrong(key, ", ".join(choices))
        return value

    def flag(self, key: str, default: bool) -> bool:
        value = self.take(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "true, false")
        return value

    def whole(self, key: str, default: Any = _REQUIRED, within: range | None = None) -> Any:
        value = self.take(key, default)
        if value is default or value is None:
            return value
        fits = isinstance(value, int) and not isinstance(value, bool)
        if not fits or value < 0 or (within and value not in within):
            raise self.wrong(key, f"{within.start} … {within.stop - 1}" if within else "0, 1, 2 …")
        return value

    def day(self, key: str, default: Any = _REQUIRED) -> Any:
        value = self.take(key, default)
        if value is default or value is None:
            return value
        if type(value) is not date:
            raise self.wrong(key, "2019-11-22")
        return value

    def words(self, key: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        value = self.take(key, default)
        if (
            value is None
            or not isinstance(value, list | tuple)
            or not all(isinstance(v, str) and v.strip() for v in value)
        ):
            raise self.wrong(key, "[…, …]")
        return tuple(value)

    def programmes(self, segment: str, default: Any = _REQUIRED) -> tuple[str, ...]:
        found = self.words("programmes", default)
        if not found or len(set(found)) != len(found) or not set(found) <= set(PROGRAMMES[segment]):
            raise self.wrong("programmes", f"{segment}: {', '.join(PROGRAMMES[segment])}")
        return found

    def label(self, key: str) -> Label:
        return self.child(key).as_label()

    def as_label(self) -> Label:
        label = {language: self.text(language) for language in ("id", "en")}
        self.finish()
        return label

    def child(self, key: str) -> _Node:
        return _Node(self.take(key), self.file, key, self.map.lines.get(key, self.map.line))

    def children(self, key: str, default: Any = _REQUIRED) -> list[_Node]:
        items = self.take(key, default)
        if items == [] and default is not _REQUIRED:
            return []
        if not isinstance(items, strictyaml.Sequence) or not items:
            raise self.wrong(key, "- …")
        return [_Node(item, self.file, key, items.lines[at]) for at, item in enumerate(items)]


def _document(node: _Node) -> Document:
    dates = node.child("dates") if "dates" in node.map else None
    number = node.take("number", None)
    if number is not None and (isinstance(number, bool) or not isinstance(number, int | str)):
        raise node.wrong("number", "25")
    document = Document(
        node.choice("kind", tuple(DOCUMENTS)),
        None if number is None else str(number),
        node.whole("year", None),
        node.choice("status", STATUSES),
        {step: dates.day(step) for step in dates.map} if dates else {},
        node.label("title"),
    )
    node.asked.add("dates")
    node.finish()
    return document


def _wage(node: _Node) -> Wage:
    given = [key for key in ("amount", "from") if key in node.map]
    if len(given) != 1:
        raise node.refused("scheme.wage_unclear", "amount" if given else "")
    if given == ["from"]:
        node.choice("from", ("roster",))
    amount = node.whole("amount") if given == ["amount"] else None
    wage = Wage(amount, given == ["from"], node.flag("assumed", False), node.text("source", None))
    node.finish()
    return wage


def _payer(node: _Node, default: Payer | None = None) -> Payer:
    base = default or Payer("", None, None, None)
    payer = Payer(
        node.choice("kind", PAYERS, *([base.kind] if default else [])),
        node.text("fund", base.fund),
        node.choice("method", METHODS, base.method),
        node.text("unit", base.unit),
    )
    node.finish()
    return payer


def _period(node: _Node) -> Period:
    period = Period(node.day("from"), node.day("until", None))
    if period.until and period.until < period.from_:
        raise node.wrong("until", f"> {period.from_}")
    node.finish()
    return period


def _categories(nodes: list[_Node], defaults: Category) -> tuple[Category, ...]:
    found: list[Category] = []
    meanings: dict[str, str] = {}
    for node in nodes:
        category = _category(node, defaults)
        if any(category.id == other.id for other in found):
            raise node.refused("scheme.twice", "id", value=category.id)
        for alias in (category.label["id"], *category.aliases):
            if meanings.setdefault(plain_text(alias), category.id) != category.id:
                raise node.refused("scheme.twice", "aliases", value=alias)
        found.append(category)
    return tuple(found)


def _category(node: _Node, defaults: Category) -> Category:
    identity = node.matching("id", _ID, "rt_head")
    segment = node.choice("segment", tuple(PROGRAMMES), defaults.segment)
    allowed = tuple(p for p in defaults.programmes if p in PROGRAMMES[segment])
    category = replace(
        defaults,
        id=identity,
        label=node.label("label"),
        target=node.whole("target", None),
        aliases=node.words("aliases", ()),
        track=node.choice("track", TRACKS, defaults.track),
        segment=segment,
        programmes=node.programmes(segment, allowed),
        payer=_payer(node.child("payer"), defaults.payer) if "payer" in node.map else defaults.payer,
        risk_class=node.choice("risk_class", RISK_CLASSES, defaults.risk_class),
        wage=_wage(node.child("wage")) if "wage" in node.map else defaults.wage,
        period=_period(node.child("period")) if "period" in node.map else defaults.period,
        registrable=node.flag("registrable", True),
    )
    if segment == "PU" and "JKK" in category.programmes and category.risk_class is None:
        raise node.refused("scheme.risk_class_needed", "id", value=identity)
    node.finish()
    return category


def _reported(nodes: list[_Node], categories: tuple[Category, ...]) -> tuple[Reported, ...]:
    keys = (*ALWAYS, *TOLD_ONLY, *(f"category.{category.id}" for category in categories))
    found: list[Reported] = []
    for node in nodes:
        item = Reported(
            node.choice("key", keys), node.whole("value"), node.flag("about", False), node.text("quote")
        )
        if any(item.key == other.key for other in found):
            raise node.refused("scheme.twice", "key", value=item.key)
        node.finish()
        found.append(item)
    return tuple(found)


def _conditions(
    nodes: list[_Node], categories: tuple[Category, ...], period: Period
) -> tuple[Condition, ...]:
    found: list[Condition] = []
    for node in nodes:
        kind = KINDS[node.choice("kind", tuple(KINDS))]
        if any(
            type(other) is kind and kind.kind not in ("document_present", "holds_office") for other in found
        ):
            raise node.refused("scheme.twice", "kind", value=kind.kind)
        found.append(_condition(node, kind, categories, period))
    return tuple(found)


def _condition(
    node: _Node, kind: type[Condition], categories: tuple[Category, ...], period: Period
) -> Condition:
    given: dict[str, Any] = {
        "severity": node.choice("severity", SEVERITIES, "error"),
        "article": node.text("article", None),
    }
    for field in fields(kind):
        key = field.name.rstrip("_")
        if field.name in given or field.name == "order":
            continue
        optional = (
            ()
            if key in ("from", "below", "regions", "list", "value", "amount", "document")
            else (field.default,)
        )
        if key in CHOICES and field.type == "str":
            given[field.name] = node.choice(key, CHOICES[key], *optional)
        elif field.type == "int":
            given[field.name] = node.whole(key, *optional)
        elif field.type == "tuple[str, ...]":
            given[field.name] = node.words(key, *optional)
            if not given[field.name]:
                raise node.wrong(key, "[…, …]")
        else:
            given[field.name] = node.text(key, *optional)
    if kind is NotOtherCategory:
        given["order"] = tuple(category.id for category in categories)
    for region in given.get("regions", ()):
        if not _REGION.fullmatch(region):
            raise node.wrong("regions", "36.74")
    if "below" in given and given["below"] <= given["from_"]:
        raise node.wrong("below", f"> {given['from_']}")
    if given.get("list_") == "DTSEN" and period.from_ < DTSEN_SINCE:
        raise node.refused("scheme.dtsen_too_early", "list", value=period.from_.isoformat())
    node.finish()
    return kind(**given)
