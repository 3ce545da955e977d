"""Kartu tanda terdaftar: 85.6 × 54 mm, ten on A4, front and back, with the signed code of `qr`.

It is the city's own card, "bukan pengganti Kartu Peserta BPJS Ketenagakerjaan", with neither NIK nor birth date.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import accumulate
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pikepdf
import polars as pl

from lindung.base.refused import Refused
from lindung.papers import qr, typeset
from lindung.papers.bpjs import is_kpj
from lindung.papers.paper import long_date
from lindung.papers.tables import grouped_kpj
from lindung.papers.wording import wording

PER_SHEET = 10
BATCH = 100  # typst keeps what it has set in memory, hence small pieces
MANY = 2_000  # fewer are done before a child has started


@dataclass(frozen=True)
class Issuer:
    """What all cards of a run share. `sample` prints CONTOH on both sides."""

    city: str  # "Pemerintah Kota Tangerang Selatan"
    scheme: str  # its id
    document: str  # "Perwal 25/2019"
    base_url: str
    crest: bytes | None = None
    sample: bool = False
    templates: Path | None = None


def pdf(
    people: pl.DataFrame,
    issuer: Issuer,
    private_key: bytes,
    *,
    processes: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> bytes:
    """Front and back pages in turn, for printing on both sides, turned over the long edge, at 100 %.

    `people`: serial, name, kpj, category, kelurahan, rw, rt (String), programmes (List[String]), first, until (Date),
    optionally kelurahan_code. Sheets go by kelurahan, RW, RT, name.
    More than `MANY` cards are shared among `processes`; `progress` is told (done, all). Raises Refused("papers.nobody", "card.no_kpj").
    """
    if people.is_empty():
        raise Refused("papers.nobody")
    cards = _cards(_sorted(people), issuer, private_key)
    sheets = -(-len(cards) // PER_SHEET)
    batches = [
        (cards[at : at + BATCH], at // PER_SHEET, sheets, issuer) for at in range(0, len(cards), BATCH)
    ]
    fronts = []
    for front in _in_processes(batches, processes if len(cards) > MANY else 1):
        fronts.append(front)
        if progress:
            progress(min(len(fronts) * BATCH, len(cards)), len(cards))
    return _with_backs(fronts, len(cards), issuer)


def two_processes() -> int:
    return min(2, os.cpu_count() or 1)


def _in_processes(batches: Sequence[tuple[Any, ...]], processes: int) -> Iterator[bytes]:
    """Children of their own give their memory back; typst in this process would keep it."""
    if processes == 1:
        yield from (_fronts(*batch) for batch in batches)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_fronts, *zip(*batches, strict=True))


def _sorted(people: pl.DataFrame) -> pl.DataFrame:
    place = "kelurahan_code" if "kelurahan_code" in people.columns else "kelurahan"
    number = [pl.col(c).cast(pl.String).str.extract(r"(\d+)").cast(pl.Int64) for c in ("rw", "rt")]
    return people.sort(place, *number, "name", "serial", nulls_last=True)


def _cards(people: pl.DataFrame, issuer: Issuer, private_key: bytes) -> list[dict[str, Any]]:
    signer = qr.Signer(private_key, issuer.base_url)
    made = []
    for row in people.iter_rows(named=True):
        kpj = row["kpj"] or ""
        if not is_kpj(kpj):
            raise Refused("card.no_kpj", {"name": row["name"]})
        first, until, programmes = row["first"], row["until"], tuple(row["programmes"])
        claim = qr.Claim(
            row["serial"], qr.initials(row["name"]), kpj[-4:], issuer.scheme, first, until, programmes
        )
        end = long_date(until) if until else "…"
        made.append(
            {
                "name": row["name"],
                "kpj": grouped_kpj(kpj),
                "category": row["category"],
                "place": f"{row['kelurahan']}, RT\xa0{_three(row['rt'])}/RW\xa0{_three(row['rw'])}",
                "kelurahan": row["kelurahan"],
                "programmes": " dan ".join(programmes) if len(programmes) < 3 else ", ".join(programmes),
                "period": f"{long_date(first)} – {end}",
                "serial": row["serial"],
                "code": signer.text(claim),
            }
        )
    return made


def _three(number: object) -> str:
    return "—" if number in (None, "") else str(number).zfill(3)


def _data(issuer: Issuer, **other: Any) -> dict[str, Any]:
    return {
        "city": issuer.city,
        "document": issuer.document,
        "crest": typeset.crest_name(issuer.crest) if issuer.crest else None,
        "sample": issuer.sample,
        "words": wording("card", issuer.templates),
        **other,
    }


def _fronts(cards: Sequence[dict[str, Any]], sheets_before: int, sheets: int, issuer: Issuer) -> bytes:
    codes = [qr.pixels(card["code"]) for card in cards]
    starts = accumulate((len(content) for _, content in codes), initial=0)
    shown = [
        {**card, "side": side, "start": start}
        for card, (side, _), start in zip(cards, codes, starts, strict=False)
    ]
    with typeset.folder(issuer.templates, issuer.crest) as root:
        # One file of raw pixels: a thousand small files take longer than all the rest.
        (root / "codes.bin").write_bytes(b"".join(content for _, content in codes))
        data = _data(issuer, side="front", cards=shown, before=sheets_before, sheets=sheets)
        return typeset.compiled(root, "card.typ", data, tags=False)


def _backs(count: int, issuer: Issuer) -> bytes:
    with typeset.folder(issuer.templates, issuer.crest) as root:
        return typeset.compiled(root, "card.typ", _data(issuer, side="back", count=count), tags=False)


def _with_backs(fronts: Sequence[bytes], count: int, issuer: Issuer) -> bytes:
    """The back is one page, set once and shared; the last sheet has as many backs as fronts."""
    last = (count - 1) % PER_SHEET + 1
    out = pikepdf.new()
    with (
        pikepdf.open(io.BytesIO(_backs(PER_SHEET, issuer))) as full,
        pikepdf.open(io.BytesIO(_backs(last, issuer))) as rest,
    ):
        sheets, page = -(-count // PER_SHEET), 0
        for content in fronts:
            with pikepdf.open(io.BytesIO(content)) as part:
                for front in part.pages:
                    page += 1
                    out.pages.append(front)
                    out.pages.append((rest if page == sheets else full).pages[0])
        return typeset.saved(out)
