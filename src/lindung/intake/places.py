"""Which kelurahan is meant: names in a column, a title, a sheet's name, or a line between the rows → region codes."""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

import polars as pl
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from lindung.identity.regions import names, regions


class Place(NamedTuple):
    code: str
    name: str


@cache
def _below(locality: str, level: str) -> tuple[tuple[str, str, str], ...]:
    """(code, name, words) of today's kelurahan or kecamatan under a region."""
    found = regions().filter(
        (pl.col("level") == level) & ~pl.col("former") & pl.col("code").str.starts_with(locality + ".")
    )
    return tuple((code, name, words(name)) for code, name in found.select("code", "name").iter_rows())


def words(name: str) -> str:
    """Lower case words, without "Kelurahan", "Desa", "Kecamatan" before them."""
    plain = re.sub(r"[^a-z0-9]+", " ", name.lower()).strip()
    return re.sub(r"^(kelurahan|kel|desa|ds|kecamatan|kec|nama) (?=.)", "", plain)


@cache
def kecamatan(locality: str, text: str) -> Place | None:
    return _best(words(text), _below(locality, "district"))


@cache
def kelurahan(locality: str, text: str, within: str | None = None) -> Place | None:
    """The kelurahan that `text` names: as it is, shortened ("PD. BETUNG", "JR.MANGU"), or with a letter wrong. `within`:
    the name of its kecamatan, which decides between namesakes."""
    known = _below(locality, "village")
    district = kecamatan(locality, within) if within else None
    if district:
        found = _best(words(text), tuple(place for place in known if place[0].startswith(district.code)))
        if found:
            return found
    return _best(words(text), known)


def _best(typed: str, known: tuple[tuple[str, str, str], ...]) -> Place | None:
    if len(typed) < 2:
        return None
    joined = typed.replace(" ", "")
    for fits in (
        lambda name: name == typed,
        lambda name: name.replace(" ", "") == joined,
        lambda name: _shortened(typed, name),
        lambda name: (
            _shortened(joined, name.replace(" ", "")) and 3 * len(joined) >= 2 * len(name.replace(" ", ""))
        ),
        lambda name: fuzz.ratio(name.replace(" ", ""), joined) >= 88,
        lambda name: len(joined) >= 6 and OSA.distance(name.replace(" ", ""), joined, score_cutoff=1) <= 1,
    ):
        found = [Place(code, official) for code, official, name in known if fits(name)]
        if len(found) == 1:
            return found[0]
        if found:
            return None
    return None


def _shortened(typed: str, name: str) -> bool:
    """Word by word: the same, or a shortening that keeps the first letter and the order of the others."""
    short, long = typed.split(), name.split()
    if len(short) != len(long):
        return False
    for some, whole in zip(short, long, strict=True):
        if some != whole:
            rest = iter(whole)
            if (
                some[0] != whole[0]
                or len(some) < 2
                or len(some) >= len(whole)
                or not all(c in rest for c in some)
            ):
                return False
    return True


def official_district(locality: str, text: str | None) -> str | None:
    """The official name of a kecamatan, or `text` itself where it is none of the locality."""
    place = kecamatan(locality, text) if text else None
    return place.name if place else text


def name_of(code: str) -> str:
    return names()[code]


_NAMED = re.compile(
    r"(?i)\b(?:kelurahan|kel|desa|ds)\b[\s.:]*([a-z][a-z0-9 .'’\-]*?)\s*"
    r"(?=\b(?:kecamatan|kec|kota|kabupaten|kab|tahun|thn|provinsi|prov|rt|rw|periode|bulan)\b|[,;/()|]|$|\d)"
)
_NAMED_DISTRICT = re.compile(
    r"(?i)\b(?:kecamatan|kec)\b[\s.:]*([a-z][a-z0-9 .'’\-]*?)\s*"
    r"(?=\b(?:kelurahan|kel|kota|kabupaten|kab|tahun|thn|provinsi|prov|periode|bulan)\b|[,;/()|]|$|\d)"
)


def in_title(locality: str, text: str) -> Place | None:
    """The kelurahan that a heading names: "KELURAHAN PONDOK BETUNG KECAMATAN PONDOK AREN"."""
    district = _NAMED_DISTRICT.search(text)
    for found in _NAMED.finditer(text):
        place = kelurahan(locality, found[1], district[1] if district else None)
        if place:
            return place
    return None


def district_in_title(locality: str, text: str) -> Place | None:
    found = _NAMED_DISTRICT.search(text)
    return kecamatan(locality, found[1]) if found else None
