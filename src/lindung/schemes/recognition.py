"""Which category of a scheme a cell means: "Ket. RT 003/005" is an RT head, "Sekretaris RT" is nobody of the scheme."""

from __future__ import annotations

import polars as pl
from rapidfuzz.distance import DamerauLevenshtein

from lindung.schemes.model import Scheme
from lindung.schemes.words import plain, plain_text

# shortenings and spellings of everyday words, before phrases are compared
_SPELLINGS = {
    "ket": "ketua", "kt": "ketua", "kepala": "ketua", "ptgs": "petugas", "ptg": "petugas", "pet": "petugas", "pek": "pekerja",
    "pkj": "pekerja", "tng": "tenaga", "peg": "pegawai", "pegw": "pegawai", "jenasah": "jenazah", "jenajah": "jenazah",
    "musholla": "mushola", "musholah": "mushola", "musala": "mushola", "mushalla": "mushola", "mesjid": "masjid", "masjit": "masjid",
    "merbot": "marbot", "marbut": "marbot", "ustad": "ustadz", "ustaz": "ustadz", "jukir": "juru parkir", "kes": "kesehatan",
    "honor": "honorer", "nonasn": "non asn",
}  # fmt: skip
# a cell with one of these speaks of somebody else, whatever stands beside it
_OTHERS = {
    "sekretaris", "sekr", "sek", "bendahara", "wakil", "waka", "anggota", "mantan", "eks", "ex", "bekas", "calon", "istri",
    "suami", "anak", "pensiunan", "pns", "cpns", "pppk", "tni", "polri", "almarhum", "alm",
}  # fmt: skip


def recognise(scheme: Scheme, texts: pl.Series) -> pl.Series:
    """Category ids, null where the text is no category of the scheme. Same length as `texts`.

    Numbers, punctuation and brackets do not count; a phrase of two words or more may be followed by anything
    ("Marbot Masjid Al Ikhlas"); one wrong letter in a long phrase is forgiven.
    """
    words = texts.to_frame("text").select(plain(pl.col("text").cast(pl.String))).to_series()
    phrases = _phrases(scheme)
    known = {word: _category(word, phrases) for word in words.unique().drop_nulls()}
    return words.replace_strict(known, default=None, return_dtype=pl.String).alias(texts.name)


def _phrases(scheme: Scheme) -> dict[str, str]:
    """Spelled-out phrase → category id; the scheme's order decides between two that share one."""
    found: dict[str, str] = {}
    for category in scheme.categories:
        for phrase in (
            category.label["id"],
            category.label["en"],
            category.id.replace("_", " "),
            *category.aliases,
        ):
            found.setdefault(_spelled(plain_text(phrase)), category.id)
    return found


def _spelled(words: str) -> str:
    return " ".join(_SPELLINGS.get(word, word) for word in words.split())


def _category(words: str, phrases: dict[str, str]) -> str | None:
    spelled = _spelled(words)
    if not spelled or _OTHERS & set(spelled.split()):
        return None
    if spelled in phrases:
        return phrases[spelled]
    longest = max((p for p in phrases if " " in p and spelled.startswith(p + " ")), key=len, default=None)
    if longest:
        return phrases[longest]
    near = {
        category
        for phrase, category in phrases.items()
        if len(phrase) >= 8 and DamerauLevenshtein.distance(phrase, spelled, score_cutoff=1) <= 1
    }
    return near.pop() if len(near) == 1 else None
