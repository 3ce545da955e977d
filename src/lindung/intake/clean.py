"""Text → values: phones, money, sex, RT and RW, names. Each function takes and gives a series of the same length.

A column is judged by its different texts: a million rows hold few ways to write "Perempuan".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import polars as pl

_SPACES = r"[\s\x{00A0}\x{200B}\x{FEFF}]+"
_NOTHING_SAID = (
    r"(?i)^[\s\-–—_.]*$|^\s*\(?\s*(tidak|tdk|tak|belum|blm)\s*(ada|punya|memiliki|mempunyai)(\s+(hp|no\.? ?hp|telp|telepon|wa))?\s*\)?\.?\s*$"
    r"|^\s*(kosong|nihil|n/?a|none|null|nil|t\.?a\.?|-\s*tidak ada\s*-)\s*$"
)


def per_text(texts: pl.Series, meaning: Callable[[str], Any], kind: Any) -> pl.Series:
    """`meaning` of every text (null stays null), asked once per different text."""
    unique = texts.unique().drop_nulls()
    meant = pl.Series([meaning(text) for text in unique], dtype=kind)
    return texts.replace_strict(unique, meant, default=None, return_dtype=kind)


def tidy(texts: pl.Series) -> pl.Series:
    """One space between words, none around; nothing left: null."""
    odd = texts.str.contains(r"^\s|\s$|\s\s|[\x{00A0}\x{200B}\x{FEFF}\t\r\n]").fill_null(False)
    if odd.any():
        mended = texts.filter(odd).str.replace_all(_SPACES, " ").str.strip_chars()
        texts = put(texts, odd, mended)
    return texts.replace(["", "-"], [None, None])


def put(texts: pl.Series, where: pl.Series, values: pl.Series) -> pl.Series:
    """`texts` with `values` in the rows that `where` marks, in order."""
    at = (where.cast(pl.UInt32).cum_sum() - 1).clip(0, max(values.len() - 1, 0))
    frame = pl.DataFrame({"old": texts, "new": values.gather(at) if values.len() else texts, "where": where})
    return frame.select(
        pl.when("where").then("new").otherwise("old").alias(texts.name or "value")
    ).to_series()


def phones(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Phone numbers as "+62…" (null: none, or unreadable), and whether something stands there that is no number."""
    plain = texts.str.contains(r"^0?8[1-9][0-9]{7,10}$").fill_null(False)
    number = pl.select(pl.when(plain).then(pl.lit("+62") + texts.str.strip_prefix("0"))).to_series()
    wrong = pl.Series([False]).new_from_index(0, texts.len())
    odd = ~plain & texts.is_not_null()
    if odd.any():
        told, unreadable = _odd_phones(texts.filter(odd))
        number, wrong = put(number, odd, told), put(wrong, odd, unreadable)
    return number.alias("phone"), wrong.alias("phone_wrong")


def _odd_phones(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    first = texts.str.replace(r"(?i)^\s*(hp|no\.?\s?hp|wa|telp|tlp|tel|phone)[\s.:]*", "").str.replace(
        r"(?i)(\d)\s*(/|,|;|\||\batau\b|\bdan\b|&)\s*\(?(\+?62|0)?8?\d{2}.*$", "$1"
    )
    national = first.str.replace_all(
        r"[\s.\-–—()+/'`’\x{00A0}\x{200B}-\x{200F}\x{202A}-\x{202E}\x{FEFF}]", ""
    ).str.replace(r"^(?:0062|620|62|0)", "")
    fits = national.str.contains(r"^(?:8[1-9][0-9]{6,11}|[2-79][0-9]{6,10})$")
    blank = texts.str.contains(_NOTHING_SAID)
    return pl.select(pl.when(fits & ~blank).then(pl.lit("+62") + national)).to_series(), ~(blank | fits)


_WORDS = {
    "nol": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9,
}  # fmt: skip
_SCALES = {"puluh": 10, "ratus": 100, "ribu": 1_000, "rb": 1_000, "juta": 1_000_000, "jt": 1_000_000}
_AMOUNT = re.compile(
    r"^(?:idr|rp)?\.?\s*(\d[\d.,\s]*?)\s*(?:,-+|\.-+|,=|=)?\s*-?\s*(jt|juta|jta|rb|ribu|k)?\.?\s*(?:rupiah)?\s*-*\s*"
    r"(?:/|per|\bsebulan\b)?\s*(?:bln|bulan|bl|org|orang|ob)?\.?$"
)
_TWO_PARTS = re.compile(r"^(?:rp)?\.?\s*(\d+)\s*(?:jt|juta)\s*(\d+)\s*(?:rb|ribu)?$")


def money(text: str) -> int | None:
    """Whole rupiah, or None: "Rp 2.500.000,-", "2,5 jt", "1,300,000", "dua juta lima ratus ribu"."""
    plain = " ".join(text.replace("\u00a0", " ").lower().split())
    both = _TWO_PARTS.match(plain)
    if both:
        return int(both[1]) * 1_000_000 + int(both[2]) * 1_000
    found = _AMOUNT.match(plain)
    if found:
        return _figure(
            found[1].replace(" ", ""), _SCALES.get({"jta": "jt", "k": "rb"}.get(found[2], found[2] or ""), 1)
        )
    return _in_words(re.sub(r"\brupiah\b|^rp\b\.?|[.,-]", " ", plain).split())


def _figure(figure: str, scale: int) -> int | None:
    figure = figure.strip(".,")
    # before "jt" a single mark is a decimal one: "2,5 jt", "2.7 juta", "1.250 juta"; but "2.500 ribu"
    if scale > 1 and re.fullmatch(r"\d+([.,]\d{1,2})?" if scale == 1000 else r"\d+([.,]\d{1,3})?", figure):
        whole, _, part = figure.replace(",", ".").partition(".")
        return int(whole) * scale + (int(part) * scale // 10 ** len(part) if part else 0)
    if re.fullmatch(r"\d+", figure):
        return int(figure) * scale if len(figure) <= 13 else None
    for thousand, decimal in ((".", ","), (",", ".")):
        form = rf"\d{{1,3}}(\{thousand}\d{{3}})+(\{decimal}\d{{1,2}})?"
        if re.fullmatch(form, figure):
            return int(figure.split(decimal)[0].replace(thousand, "")) * scale
    if re.fullmatch(r"\d{4,}[.,]\d{1,2}", figure):
        return int(re.split(r"[.,]", figure)[0]) * scale
    return None


def _in_words(words: list[str]) -> int | None:
    total = group = unit = 0.0
    if not words:
        return None
    for word in re.sub(r"\bse(?=(puluh|ratus|ribu|rb|juta|jt|belas)\b)", "satu ", " ".join(words)).split():
        if word in _WORDS:
            unit = _WORDS[word]
        elif word == "setengah":
            unit += 0.5
        elif word == "belas":
            unit += 10
        elif word in ("puluh", "ratus"):
            group += unit * _SCALES[word]
            unit = 0
        elif word in _SCALES:
            total += (group + unit or 1) * _SCALES[word]
            group = unit = 0
        else:
            return None
    return int(total + group + unit)


def wages(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Rupiah (Int64; null: none, or unreadable), and whether something stands there that is no amount."""
    blank = texts.is_null() | texts.str.contains(_NOTHING_SAID)
    whole = texts.str.contains(r"^\d{1,13}$").fill_null(False)
    told = texts.set(whole, None)
    amount = pl.select(
        pl.when(whole).then(texts.set(~whole, None).cast(pl.Int64)).otherwise(per_text(told, money, pl.Int64))
    ).to_series()
    amount = amount.set(blank, None)
    return amount.alias("wage"), (amount.is_null() & ~blank).alias("wage_wrong")


def sexes(texts: pl.Series, swapped: pl.Series) -> pl.Series:
    """L, P or null. 1 is L and 2 is P, except where `swapped` ("true": the header says so)."""
    sex = per_text(texts, _sex, pl.String).alias("sex")
    if swapped.null_count() == swapped.len():
        return sex
    turned = (swapped == "true").fill_null(False) & texts.str.contains(r"^\W*0?[12]\W*$").fill_null(False)
    return pl.select(
        pl.when(turned).then(sex.replace(["L", "P"], ["P", "L"])).otherwise(sex).alias("sex")
    ).to_series()


def says_one_is_woman(header: str) -> bool:
    return bool(re.search(r"(?i)\b1\s*[=:.)-]*\s*(p|w)|\b(p\w*|w\w*)\s*[=:]\s*1\b", header))


def _sex(text: str) -> str | None:
    word = re.sub(r"[^a-z0-9]", "", text.lower())
    if word in ("1", "01"):
        return "L"
    if word in ("2", "02"):
        return "P"
    if re.match(r"^(l|lk|lki|laki\w*|lelaki|pria|pa|m|male|cowo\w*|bapak|bpk|tuan)\d?$", word):
        return "L"
    if re.match(r"^(p|pr|prp|pi|per|perem\w*|prempuan|wanita|wnt|w|f|female|cewe\w*|ibu|nyonya|ny)$", word):
        return "P"
    return None


def small_numbers(texts: pl.Series) -> pl.Series:
    """RT or RW as a number: "003", "RT 03", "3" → 3."""

    def number(text: str) -> int | None:
        found = re.findall(r"\d+", text)
        return int(found[0]) if len(found) == 1 and len(found[0]) <= 4 else None

    return per_text(texts, number, pl.Int64)


def rt_and_rw(texts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """ "004/014", "RT 004 RW 014" → 4, 14. A single figure is the RT, unless it says RW."""

    def both(text: str) -> list[int | None]:
        found = [int(figure) if len(figure) <= 4 else None for figure in re.findall(r"\d+", text)]
        if len(found) == 2:
            turned = re.search(r"(?i)rw\W*\d+\W*rt", text)
            return found[::-1] if turned else found
        if len(found) == 1:
            return [None, found[0]] if re.search(r"(?i)rw", text) else [found[0], None]
        return [None, None]

    rt, rw = (per_text(texts, lambda text, n=n: both(text)[n], pl.Int64) for n in (0, 1))  # type: ignore[misc]
    return rt.alias("rt"), rw.alias("rw")
