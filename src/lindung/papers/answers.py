"""What a BPJS branch sends back: valid and rejected rows, the kode iuran, after payment the KPJ. Read by header."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base.refused import Refused
from lindung.intake.read import Sheet, read
from lindung.papers.bpjs import FINDINGS, is_kpj, plain, rules

ROWS = {
    "row": pl.Int64,  # as Excel shows it
    "sheet": pl.String,
    "nik": pl.String,
    "kpj": pl.String,  # null when it is not eleven digits
    "name": pl.String,
    "birth_date": pl.Date,
    "status": pl.String,  # "valid", "rejected" or null
    "status_text": pl.String,
    "reason": pl.String,
    "billing_code": pl.String,
}
MAX_FILE = 100 * 2**20
Rows = list[tuple[int, list[Any]]]  # the number of each row, its cells
Sheets = Mapping[str, Rows]


@dataclass(frozen=True)
class Answer:
    """`rows` as `ROWS`, in the order of the file; `findings` a finding frame whose row_id is `rows.row`."""

    rows: pl.DataFrame
    findings: pl.DataFrame
    mapping: Mapping[str, str]  # our column → the head it was found under
    sha256: str


def read_answer(content: bytes, name: str) -> Answer:
    """Reads .xlsx and .csv. Nothing is guessed: a row without a readable NIK or KPJ is a finding.

    Raises Refused("answer.other_file", "answer.unreadable", "answer.no_person_column", "answer.no_result_column",
    "answer.empty").
    """
    if len(content) > MAX_FILE:
        raise Refused("bpjs.too_large", {"file": name})
    lower = name.lower()
    if lower.endswith(".xlsx") and content.startswith(b"PK"):
        sheets = _workbook(content, name)
    elif lower.endswith((".csv", ".txt")) and not content.startswith((b"PK", b"%PDF", b"\xd0\xcf")):
        sheets = {"": _csv(content, name)}
    else:
        raise Refused("answer.other_file", {"file": name})
    rows, mapping = _find(sheets, name)
    frame = pl.DataFrame(rows, schema={**ROWS, "kpj_text": pl.String, "nik_text": pl.String}, orient="row")
    if frame.is_empty():
        raise Refused("answer.empty", {"file": name})
    return Answer(
        frame.drop("kpj_text", "nik_text"), _findings(frame), mapping, hashlib.sha256(content).hexdigest()
    )


def _find(sheets: Sheets, name: str) -> tuple[list[tuple[Any, ...]], dict[str, str]]:
    """The first sheet with a usable head in its first twenty rows, its rows read."""
    person = False
    for sheet, cells in sheets.items():
        for at, (_row_number, row) in enumerate(cells[:20]):
            found = _mapping(row)
            if not {"nik", "kpj"} & found.keys():
                continue
            person = True
            if {"kpj", "status", "reason", "billing_code"} & found.keys():
                heads = {column: str(row[place]).strip() for column, place in found.items()}
                return [r for n, c in cells[at + 1 :] if (r := _row(n, sheet, c, found))], heads
    raise Refused("answer.no_result_column" if person else "answer.no_person_column", {"file": name})


def _mapping(row: list[Any]) -> dict[str, int]:
    """Our column → place, exact heads only; the first of two equal heads is taken."""
    names = {plain(alias): column for column, aliases in rules()["answer"].items() for alias in aliases}
    found: dict[str, int] = {}
    for place, cell in enumerate(row):
        column = names.get(plain(str(cell))) if cell not in (None, "") else None
        if column and column not in found:
            found[column] = place
    return found


def _row(number: int, sheet: str, cells: list[Any], places: Mapping[str, int]) -> tuple[Any, ...] | None:
    texts = {column: _text(cells[place]) if place < len(cells) else "" for column, place in places.items()}
    if not any(texts.values()):
        return None
    nik, kpj = _digits(texts.get("nik", "")), _digits(texts.get("kpj", ""))
    nik_cell = cells[places["nik"]] if "nik" in places and places["nik"] < len(cells) else None
    # Excel keeps fifteen digits: a NIK that was stored as a number is no longer the NIK.
    nik_ok = len(nik) == 16 and nik.isdigit() and not isinstance(nik_cell, float | int)
    status_text = texts.get("status", "")
    return (
        number,
        sheet,
        nik if nik_ok else None,
        kpj if is_kpj(kpj) else None,
        texts.get("name") or None,
        _date(cells[places["birth_date"]]) if places.get("birth_date", len(cells)) < len(cells) else None,
        _status(status_text),
        status_text or None,
        texts.get("reason") or None,
        _digits(texts.get("billing_code", "")) or None,
        kpj,
        nik,
    )


def _findings(frame: pl.DataFrame) -> pl.DataFrame:
    found: list[tuple[Any, ...]] = []
    for row in frame.iter_rows(named=True):
        if row["kpj_text"] and row["kpj"] is None:
            found.append(_finding(row["row"], "kpj", "answer.kpj_form", row["kpj_text"]))
        if row["nik"] is None and (row["nik_text"] or row["kpj"] is None):
            found.append(_finding(row["row"], "nik", "answer.nik_form", row["nik_text"]))
        if row["status_text"] and row["status"] is None:
            found.append(_finding(row["row"], "status", "answer.status_unknown", row["status_text"]))
    for column in ("nik", "kpj"):
        twice = frame.filter(
            pl.col(column).is_not_null()
            & pl.col(column).is_duplicated()
            & ~pl.col(column).is_first_distinct()
        )
        found += [
            _finding(r, column, f"answer.{column}_twice", v) for r, v in twice["row", column].iter_rows()
        ]
    return pl.DataFrame(found, schema=FINDINGS, orient="row").sort("row_id", maintain_order=True)


def _finding(row: int, column: str, code: str, value: str) -> tuple[Any, ...]:
    args = json.dumps({"row": row, "value": value}, ensure_ascii=False)
    severity = "warning" if code == "answer.status_unknown" else "error"
    return (row, column, code, severity, value or None, args)


def _status(text: str) -> str | None:
    word = plain(text)
    if word in rules()["rejected"]:
        return "rejected"
    return "valid" if word in rules()["valid"] else None


def _text(cell: Any) -> str:
    if cell is None or isinstance(cell, bool):
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else str(cell)
    return str(cell).strip()


def _digits(text: str) -> str:
    return re.sub(r"[\s.\-']", "", text)


def _date(cell: Any) -> date | None:
    text = _text(cell)
    found = re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text)
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):  # as the reader gives a day that Excel knows as one
            return date.fromisoformat(text)
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None


def _workbook(content: bytes, name: str) -> Sheets:
    """Read beside the server, in a process that can be stopped and has the limits of every file from outside."""
    with tempfile.TemporaryDirectory(prefix="lindung-answer-") as folder:
        path = Path(folder, "answer.xlsx")
        path.write_bytes(content)
        try:
            book = read(path)
        except Refused as refused:
            raise Refused(refused.code, {**refused.values, "file": name}) from None
    return {sheet.name or "": list(_cells(sheet)) for sheet in book.sheets}


def _cells(sheet: Sheet) -> Iterator[tuple[int, list[Any]]]:
    """Each row with its number; a cell that holds a number is one here too, so that its NIK is not believed."""
    columns = [sheet.cells[f"c{n}"].to_list() for n in range(sheet.width)]
    for n, marks in sheet.numeric.items():
        columns[n] = [
            _number(text) if mark and text else text for text, mark in zip(columns[n], marks, strict=True)
        ]
    yield from zip(sheet.cells["row"].to_list(), map(list, zip(*columns, strict=True)), strict=True)


def _number(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _csv(content: bytes, name: str) -> Rows:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    if "\x00" in text:
        raise Refused("answer.unreadable", {"file": name})
    head = text[:5000]
    separator = max(",;\t|", key=head.count)
    try:
        return [(n, list(row)) for n, row in enumerate(csv.reader(io.StringIO(text), delimiter=separator), 1)]
    except csv.Error:
        raise Refused("answer.unreadable", {"file": name}) from None
