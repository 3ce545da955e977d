"""A list of movements as an office sends it: CSV or XLSX with NIK, Sebab, Tanggal, Dasar, Upah, NIK pengganti, TMT pengganti."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime

import polars as pl
from python_calamine import CalamineError, CalamineWorkbook

from lindung.base.refused import Refused
from lindung.papers.bpjs import plain

ROW = {
    "row": pl.Int64, "nik": pl.String, "kind": pl.String, "happened_on": pl.Date, "basis": pl.String,
    "wage": pl.Int64, "replacement": pl.String, "joins_on": pl.Date,
}  # fmt: skip
HEADS = {
    "NIK": "nik", "SEBAB": "kind", "MUTASI": "kind", "JENIS MUTASI": "kind", "TANGGAL": "happened_on",
    "TGL": "happened_on", "TMT": "happened_on", "DASAR": "basis", "UPAH": "wage", "UPAH BARU": "wage", "HONOR": "wage",
    "NIK PENGGANTI": "replacement", "TMT PENGGANTI": "joins_on",
}  # fmt: skip
KINDS = {
    "MASUK": "joined", "BARU": "joined", "GANTI": "replaced", "DIGANTI": "replaced", "BERHENTI": "left",
    "KELUAR": "left", "MENGUNDURKAN DIRI": "left", "MENINGGAL": "died", "MENINGGAL DUNIA": "died", "PINDAH": "moved",
    "PINDAH DOMISILI": "moved", "JADI ASN": "became_asn", "MENJADI ASN": "became_asn", "CPNS": "became_asn",
    "PNS": "became_asn", "ASN": "became_asn", "JADI PPPK": "became_pppk", "PPPK": "became_pppk",
    "PPPK PARUH WAKTU": "pppk_part_time", "PENANGGUNG LAIN": "other_payer", "PINDAH PENANGGUNG": "other_payer",
    "KONTRAK BERAKHIR": "contract_ended", "HABIS KONTRAK": "contract_ended", "UPAH": "wage_changed",
    "PERUBAHAN UPAH": "wage_changed", "UPAH BERUBAH": "wage_changed",
}  # fmt: skip


def read(name: str, content: bytes) -> pl.DataFrame:
    """The rows of a list in the columns of `ROW`; `row` is the row as Excel shows it. Nothing is judged but the form.

    A word that is no kind stays as it stands, an unreadable date, wage is null: the action says so with the row.
    Raises Refused("movement.unreadable", "movement.no_header").
    """
    table = _cells(name, content)
    known = ([HEADS.get(plain(cell)) for cell in cells] for cells in table[:20])
    found = next(
        ((at, heads) for at, heads in enumerate(known) if {"nik", "kind", "happened_on"} <= set(heads)), None
    )
    if found is None:
        raise Refused("movement.no_header", {"file": name})
    at, heads = found
    told = []
    for number, cells in enumerate(table[at + 1 :], at + 2):
        row = {head: cell.strip() for head, cell in zip(heads, cells, strict=False) if head}
        if not any(row.values()):
            continue
        kind = row.get("kind", "")
        wage = "".join(c for c in row.get("wage", "") if c.isdigit())
        told.append(
            {
                "row": number,
                "nik": _nik(row.get("nik", "")),
                "kind": KINDS.get(plain(kind), kind),
                "happened_on": _day(row.get("happened_on", "")),
                "basis": row.get("basis", "")[:240],
                "wage": int(wage) if 0 < len(wage) <= 13 else None,
                "replacement": _nik(row.get("replacement", "")) or None,
                "joins_on": _day(row.get("joins_on", "")),
            }
        )
    return pl.DataFrame(told, schema=ROW)


def _nik(text: str) -> str:
    return "".join(c for c in text if c.isalnum())


def _day(text: str) -> date | None:
    for form in ("%d-%m-%Y", "%d/%m/%Y", "%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return None


def _cells(name: str, content: bytes) -> list[list[str]]:
    try:
        if name.lower().endswith(".csv"):
            text = content.decode("utf-8-sig")
            comma = ";" if text.partition("\n")[0].count(";") > text.partition("\n")[0].count(",") else ","
            return [list(row) for row in csv.reader(io.StringIO(text), delimiter=comma)]
        sheet = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0)
        return [[_shown(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    except (CalamineError, UnicodeDecodeError, csv.Error, ValueError, IndexError):
        raise Refused("movement.unreadable", {"file": name}) from None


def _shown(cell: object) -> str:
    if isinstance(cell, (datetime, date)):
        return f"{cell:%Y-%m-%d}"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell or "")
