"""A file from outside → its visible sheets as text, every cell with its place, numeric cells marked.

What a file is, is told by its first bytes, never by its name. Text files are read here (their work is bounded by their
size); workbooks are read in a child process that can be stopped (`workbook`).
"""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base.refused import Refused

LARGEST_FILE = 200 * 1024**2
LARGEST_EXPANDED = 1024**3
LARGEST_RATIO = 100
MOST_ROWS = 2_000_000
MOST_COLUMNS = 256
LARGEST_CELL = 1024**2
SECONDS: float = 60
MEMORY = 4 * 1024**3

OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
_FOREIGN = (
    b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf",
    b"Rar!", b"RIFF", b"II*\x00", b"MM\x00*", b"{\\rtf", b"\x7fELF", b"MZ", b"SQLite format 3", b"PAR1", b"ARROW1",
)  # fmt: skip
_MARKUP = re.compile(
    rb"\s*(<\?xml|<!doctype html|<html|<table|<meta|<head|<body|mime-version:)", re.IGNORECASE
)


LOST: dict[str, Any] = {"row": pl.Int64, "column": pl.Int64, "counts": pl.Boolean}


@dataclass(frozen=True)
class Sheet:
    """One visible sheet.

    `cells`: column `row` (Int64, as Excel counts; in a text file the line where the record starts), then `c0`, `c1` …
    (String; null = blank), wholly empty rows left out or not. `numeric`: column index → Boolean series, true where the
    cell holds a number, for columns that have any. `merges`: (first row, first column, last row, last column), rows as
    in `row`, columns from 0. `lost`: where a formula stands without a stored result: `row`, `column` (from 0), `counts`
    (Boolean: it counts or adds up); such cells are blank in `cells`, and their rows may be missing there.
    """

    name: str | None
    cells: pl.DataFrame
    numeric: dict[int, pl.Series] = field(default_factory=dict)
    merges: tuple[tuple[int, int, int, int], ...] = ()
    lost: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LOST))

    @property
    def width(self) -> int:
        return self.cells.width - 1


@dataclass(frozen=True)
class Book:
    file: str
    kind: str  # xlsx, xls, ods, csv
    sheets: tuple[Sheet, ...]


def read(path: Path) -> Book:
    """The visible sheets of a file. Raises Refused("file.…")."""
    path = Path(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as stream:
            head = stream.read(65_536)
    except OSError as problem:
        raise Refused("file.unreadable", {"file": path.name, "problem": problem.strerror or ""}) from None
    if size > LARGEST_FILE:
        raise too_large(path, f"{size // 1024**2} MB > {LARGEST_FILE // 1024**2} MB")
    if not head.strip(b"\x00\t\r\n\x0b\x0c \xef\xbb\xbf\xff\xfe"):
        raise Refused("file.empty", {"file": path.name})
    if head.startswith((OLE, ZIP)):
        book = _workbook(path)
    elif head.startswith(_FOREIGN) or _MARKUP.match(head) or _binary(head):
        raise Refused("file.unreadable", {"file": path.name, "problem": ""})
    else:
        book = Book(path.name, "csv", (_text(path, head),))
    if all(sheet.cells.is_empty() or not sheet.width for sheet in book.sheets):
        raise Refused("file.empty", {"file": path.name})
    return book


def too_large(path: Path, what: str) -> Refused:
    return Refused("file.too_large", {"file": path.name, "what": what})


def _workbook(path: Path) -> Book:
    """Let a child read it: a parser that hangs, or eats memory, takes nothing but itself down."""
    with tempfile.TemporaryDirectory(prefix="lindung-read-") as folder:
        limits = {
            "expanded": LARGEST_EXPANDED, "ratio": LARGEST_RATIO, "rows": MOST_ROWS, "columns": MOST_COLUMNS, "cell": LARGEST_CELL,
            "memory": MEMORY, "seconds": max(1, int(SECONDS)),
        }  # fmt: skip
        child = Path(__file__).with_name("workbook.py")
        command = [sys.executable, "-I", str(child), str(path.resolve()), folder, json.dumps(limits)]
        try:
            done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)  # noqa: S603
        except subprocess.TimeoutExpired:
            raise too_large(path, f"> {SECONDS} s") from None
        answer = Path(folder, "book.json")
        if not answer.is_file():  # it was killed: by its memory limit, or because the parser broke
            raise too_large(path, "> 4 GiB") if done.returncode < 0 else _unreadable(path)
        told = json.loads(answer.read_text(encoding="utf-8"))
        if "refused" in told:
            raise Refused(told["refused"], {"file": path.name, **told["args"]})
        sheets = [
            _sheet(sheet, Path(folder, f"{number}.json").read_bytes())
            for number, sheet in enumerate(told["sheets"])
        ]
        return Book(path.name, told["kind"], tuple(sheets))


def _sheet(about: dict[str, Any], cells: bytes) -> Sheet:
    told = json.loads(cells)
    columns, left = told["columns"], told["left"]
    height = len(columns[0]) if columns else 0
    blank = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    frame = pl.DataFrame(
        {
            "row": pl.int_range(told["top"] + 1, told["top"] + 1 + height, dtype=pl.Int64, eager=True),
            **{f"c{n}": blank for n in range(left)},
            **{f"c{left + n}": pl.Series(texts, dtype=pl.String) for n, texts in enumerate(columns)},
        }
    )
    positions = pl.int_range(height, eager=True)
    numeric = {
        left + n: positions.is_in(pl.Series(at, dtype=pl.Int64).implode())
        for n, at in enumerate(told["numbers"])
        if at
    }
    lost = pl.DataFrame(told["lost"], schema=LOST, orient="row")
    return Sheet(about["name"], frame, numeric, tuple(map(tuple, about["merges"])), lost)


def _unreadable(path: Path) -> Refused:
    return Refused("file.unreadable", {"file": path.name, "problem": ""})


# ---------------------------------------------------------------------------------------------------- text files


def _binary(head: bytes) -> bool:
    """Control characters that no list has. UTF-16 is full of NUL and is told apart by their place."""
    if _utf16(head):
        return False
    strange = sum(head.count(bytes([code])) for code in (*range(1, 9), *range(14, 27), *range(28, 32)))
    return head.count(b"\x00") * 4 > len(head) or strange * 200 > len(head)


def _utf16(head: bytes) -> str | None:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    pairs = len(head) // 2
    if pairs >= 4 and head.count(b"\x00") * 5 > len(head):
        if head[1::2].count(0) * 10 > pairs * 7 and head[::2].count(0) * 20 < pairs:
            return "utf-16-le"
        if head[::2].count(0) * 10 > pairs * 7 and head[1::2].count(0) * 20 < pairs:
            return "utf-16-be"
    return None


def _text(path: Path, head: bytes) -> Sheet:
    body = path.read_bytes()
    wide = _utf16(head)
    if wide:
        body = body.decode(wide, errors="replace").encode().removeprefix(b"\xef\xbb\xbf")
    else:
        body = body.removeprefix(b"\xef\xbb\xbf")
        try:
            head.decode("utf-8")
        except UnicodeDecodeError as problem:
            if problem.start < len(head) - 4:
                body = body.decode("cp1252", errors="replace").encode()
    if b"\x00" in body:
        body = body.replace(b"\x00", b"")
    if b"\n" not in body[:1_000_000] and b"\r" in body:
        body = body.replace(b"\r", b"\n")
    first = body[: body.find(b"\n") + 1].strip().lower()
    said = re.fullmatch(rb'"?sep=(.)"?', first)
    separator = (
        said[1].decode("latin-1") if said else _separator(body[:200_000].decode("utf-8", errors="replace"))
    )
    if body.count(b"\n") > MOST_ROWS * 2:
        raise too_large(path, f"> {MOST_ROWS}")
    cells = _quick(body, separator)
    cells = cells if cells is not None else _careful(path, body, separator)
    if b'"' in body and (line := _swallowed(cells, separator)):
        raise Refused("file.open_quote", {"file": path.name, "line": line})
    if said:
        cells = cells.slice(1)
    if cells.height > MOST_ROWS:
        raise too_large(path, f"{cells.height} > {MOST_ROWS}")
    wide_columns = [name for name in cells.columns[1:] if cells[name].null_count() < cells.height]
    if len(wide_columns) > MOST_COLUMNS:
        raise too_large(path, f"{len(wide_columns)} > {MOST_COLUMNS}")
    longest = cells.select(pl.col(pl.String).str.len_bytes().max()).row(0) if cells.height else ()
    if max(filter(None, longest), default=0) > LARGEST_CELL:
        raise too_large(path, "> 1 MB")
    return Sheet(None, cells)


def _swallowed(cells: pl.DataFrame, separator: str) -> int | None:
    """The line where a quote opens that is not closed where it should be: its cell holds the rows that follow.

    Such a cell has line breaks, and as many separators as a row of the list; an address has not.
    """
    texts = cells.columns[1:]
    broken = cells.filter(pl.any_horizontal(pl.col(texts).str.contains("\n", literal=True).fill_null(False)))
    if broken.is_empty():
        return None
    last = pl.max_horizontal(pl.when(pl.col(name).is_not_null()).then(n) for n, name in enumerate(texts))
    usual = cells.select(last.mode().max()).item() or 0
    marks = pl.col(texts).str.count_matches(separator, literal=True)
    holds_rows = pl.col(texts).str.contains("\n", literal=True) & (marks >= max(4, usual))
    found = broken.filter(pl.any_horizontal(holds_rows.fill_null(False)))
    return found["row"][0] if found.height else None


def _separator(sample: str) -> str:
    """The one of , ; tab | that cuts most lines into the same number of fields, outside quotes."""
    lines = [re.sub(r'"[^"\n]*"', "", line) for line in sample.split("\n")[:200] if line.strip()]

    def order(mark: str) -> tuple[int, int]:
        counts = [line.count(mark) for line in lines]
        usual = max(set(counts), key=lambda n: (n > 0, counts.count(n))) if counts else 0
        return (counts.count(usual) * usual if usual else 0, usual)

    return max(";\t,|", key=order)


def _quick(body: bytes, separator: str) -> pl.DataFrame | None:
    """All lines by Polars, or None where the file is not so regular that it can."""
    counts = [line.count(separator.encode()) for line in body[:400_000].split(b"\n")[:2_000]]
    width = max(counts, default=0) + 1
    names = separator.join(f"c{n}" for n in range(width)).encode()
    try:
        frame = pl.read_csv(io.BytesIO(names + b"\n" + body), separator=separator, infer_schema=False)
    except (pl.exceptions.PolarsError, UnicodeDecodeError):
        return None
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    row = pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    if frame.height != lines:  # some fields hold line breaks: count them
        breaks = pl.sum_horizontal(pl.all().str.count_matches("\n", literal=True).fill_null(0)).cast(pl.Int64)
        if frame.height + frame.select(breaks.sum()).item() != lines:
            return None
        row = row + breaks.cum_sum() - breaks
    return frame.select(row.alias("row"), pl.all())


def _careful(path: Path, body: bytes, separator: str) -> pl.DataFrame:
    """All lines by the standard library: ragged lines, stray quotes, bytes of another encoding."""
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("cp1252", errors="replace")
    csv.field_size_limit(LARGEST_CELL)
    rows: list[list[str]] = []
    numbers: list[int] = []
    try:
        for number, cells in _records(text, separator):
            if len(cells) > 4 * MOST_COLUMNS:
                raise too_large(path, f"{len(cells)} > {MOST_COLUMNS}")
            rows.append(cells)
            numbers.append(number)
    except csv.Error as problem:
        if "field larger" in str(problem):
            raise too_large(path, "> 1 MB") from None
        raise Refused("file.unreadable", {"file": path.name, "problem": ""}) from None
    if rows and _unclosed(text.rstrip("\n").split("\n")[numbers[-1] - 1 :], separator):
        raise Refused("file.open_quote", {"file": path.name, "line": numbers[-1]})
    width = max(map(len, rows), default=0)
    columns = {
        f"c{n}": pl.Series(
            [cells[n] if n < len(cells) and cells[n] else None for cells in rows], dtype=pl.String
        )
        for n in range(width)
    }
    return pl.DataFrame({"row": pl.Series(numbers, dtype=pl.Int64), **columns})


def _unclosed(lines: list[str], separator: str) -> bool:
    """The last record ends inside a quote."""
    try:
        list(csv.reader([f"{line}\n" for line in lines], delimiter=separator, strict=True))
    except csv.Error as problem:
        return "unexpected end" in str(problem)
    return False


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    start = 1
    for cells in reader:
        yield start, cells
        start = reader.line_num + 1
