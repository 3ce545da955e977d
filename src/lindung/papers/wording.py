"""The sentences of `templates/wording.yaml`, with a city's own over them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lindung.base import strictyaml
from lindung.base.refused import Refused

_BUILT_IN = Path(__file__).parent / "templates" / "wording.yaml"
ORDINALS = (
    "Kesatu",
    "Kedua",
    "Ketiga",
    "Keempat",
    "Kelima",
    "Keenam",
    "Ketujuh",
    "Kedelapan",
    "Kesembilan",
    "Kesepuluh",
    "Kesebelas",
    "Kedua belas",
)


@cache
def _built_in() -> Mapping[str, Any]:
    return strictyaml.load(_BUILT_IN)


def wording(paper: str, templates: Path | None = None) -> Mapping[str, Any]:
    """Key → sentence or list of one paper. Raises Refused("papers.wording_unknown", file, line, key)."""
    known = _built_in()
    own = templates / "wording.yaml" if templates else None
    if own is None or not own.is_file():
        return known[paper]
    city = strictyaml.load(own)
    for name, sentences in city.items():
        if name not in known or not isinstance(sentences, strictyaml.Mapping):
            raise Refused("papers.wording_unknown", {"file": own.name, "line": city.lines[name], "key": name})
        for key in sentences:
            if key not in known[name]:
                raise Refused(
                    "papers.wording_unknown",
                    {"file": own.name, "line": sentences.lines[key], "key": f"{name}.{key}"},
                )
    return {**known[paper], **city.get(paper, {})}


def filled(sentences: str | list[str], values: Mapping[str, object]) -> Any:
    """The sentence, or each of a list, with {names} filled. Raises Refused("papers.wording_hole") for an unknown name."""
    if not isinstance(sentences, str):
        return tuple(filled(sentence, values) for sentence in sentences)
    try:
        return sentences.format_map(values)
    except (KeyError, ValueError, IndexError, AttributeError) as problem:
        raise Refused("papers.wording_hole", {"sentence": sentences, "problem": str(problem)}) from None


def in_force(entries: list[Mapping[str, Any]], on: date) -> tuple[str, ...]:
    """The texts whose `from` … `until` hold that day."""
    return tuple(e["text"] for e in entries if e["from"] <= on <= (e.get("until") or date.max))
