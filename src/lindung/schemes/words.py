"""Text of a cell as plain words, for comparing."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl


def plain(text: pl.Expr) -> pl.Expr:
    """Lower case words, one space between them; digits, signs and what stands in brackets go."""
    return (
        text.str.to_lowercase()
        .str.replace_all(r"\([^)]*\)", " ")
        .str.replace_all(r"['’`´]", "")
        .str.replace_all(r"[^\p{L}]+", " ")
        .str.strip_chars()
    )


def plain_text(text: str) -> str:
    """The same for one text."""
    text = re.sub(r"['’`´]", "", re.sub(r"\([^)]*\)", " ", text.lower()))
    return re.sub(r"[\W\d_]+", " ", text).strip()


def contains_phrase(words: pl.Expr, phrases: Iterable[str]) -> pl.Expr:
    """One of `phrases` stands as whole words inside `words` (as `plain` makes them)."""
    either = "|".join(re.escape(plain_text(phrase)) for phrase in phrases)
    return words.str.contains(rf"(?:^| )(?:{either})(?: |$)")
