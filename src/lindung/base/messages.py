"""Codes and arguments become sentences here, in Indonesian (the default) or English.

A room declares its sentences once, in English, in its `texts.py`; the Indonesian stands in the gettext catalogue
`<room>/locale/id/LC_MESSAGES/django.po`, which Django's templates read as well.
"""

from __future__ import annotations

import gettext
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl

LANGUAGES = ("id", "en")
_language: ContextVar[str] = ContextVar("language", default="id")
_texts: dict[str, Text] = {}


class Text(NamedTuple):
    """What is wrong and where; what to do about it. Both are English source strings with {placeholders}."""

    sentence: str
    hint: str = ""


def N_(source: str) -> str:
    """Mark an English source string for translation without translating it yet."""
    return source


def declare(texts: Mapping[str, Text]) -> None:
    """Make codes known. A code has one meaning for ever; declaring another is a programming error."""
    for code, text in texts.items():
        if _texts.setdefault(code, text) != text:
            raise ValueError(f"code {code!r} is declared twice with different texts")


def declared() -> Mapping[str, Text]:
    return dict(_texts)


def language() -> str:
    return _language.get()


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    token = _language.set(lang if lang in LANGUAGES else "id")
    try:
        yield
    finally:
        _language.reset(token)


def set_language(lang: str) -> None:
    _language.set(lang if lang in LANGUAGES else "id")


@cache
def _catalogue(lang: str) -> gettext.NullTranslations:
    catalogue = gettext.NullTranslations()
    if lang == "en":
        return catalogue
    for folder in sorted(Path(__file__).parents[1].glob("*/locale")):
        path = folder / lang / "LC_MESSAGES" / "django.mo"
        if path.is_file():
            with path.open("rb") as stream:
                room = gettext.GNUTranslations(stream)
            room.add_fallback(catalogue)
            catalogue = room
    return catalogue


def translate(source: str, lang: str | None = None) -> str:
    """An English source string in the asked language; an empty string stays empty."""
    return _catalogue(lang or language()).gettext(source) if source else ""


def sentence(code: str, args: Mapping[str, Any] | None = None, lang: str | None = None) -> str:
    return _fill(_texts[code].sentence, args, lang)


def hint(code: str, args: Mapping[str, Any] | None = None, lang: str | None = None) -> str:
    return _fill(_texts[code].hint, args, lang)


def _fill(source: str, args: Mapping[str, Any] | None, lang: str | None) -> str:
    return translate(source, lang).format_map(_Shown(args or {}))


class _Shown(dict[str, Any]):
    """A missing or unknown argument shows as an ellipsis: a sentence with a hole is better than no sentence."""

    def __getitem__(self, key: str) -> Any:
        value = super().__getitem__(key)
        return "…" if value is None else value

    def __missing__(self, key: str) -> str:
        return "…"


def column(
    frame: pl.DataFrame, *, code: str = "code", args: str = "args", lang: str | None = None
) -> pl.Series:
    """Sentences for a whole column: `code` (text) with `args` (JSON object as text or null). Length as `frame`."""
    import json

    unique = frame.select(code, args).unique()
    known = {(c, a): sentence(c, json.loads(a) if a else {}, lang) for c, a in unique.iter_rows()}
    return pl.Series(
        "message", [known[pair] for pair in frame.select(code, args).iter_rows()], dtype=pl.String
    )
