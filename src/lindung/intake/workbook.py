"""The child process that reads a workbook: XLSX, XLSM, XLSB, XLS, ODS. Limits first, then the parser.

`python workbook.py FILE FOLDER LIMITS` writes `book.json` and one JSON file per visible sheet into FOLDER. It imports
nothing of Lindung and no Polars, so that it starts in no time. Formulas are never computed: a cell is what its stored
result says, and where a formula without a stored result stands is told beside the cells.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any

import python_calamine as calamine

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
Merges = dict[str, list[tuple[int, int, int, int]]]
# sheet → where formulas without a result stand: row as Excel counts, column from 0, whether it only counts or adds up
Lost = dict[str, set[tuple[int, int, bool]]]
limits = SimpleNamespace()  # expanded, ratio, rows, columns, cell, memory (bytes), seconds


class Wrong(Exception):
    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.what = what


def main(path: Path, folder: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory, limits.memory))
    resource.setrlimit(resource.RLIMIT_CPU, (limits.seconds, limits.seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    answer: dict[str, Any]
    try:
        kind, merges, lost = _checked(path)
        answer = {"kind": kind, "sheets": list(_sheets(path, folder, merges, lost))}
    except Wrong as wrong:
        answer = {"refused": wrong.code, "args": {"what": wrong.what, "problem": ""}}
    except calamine.PasswordError:
        answer = {"refused": "file.encrypted", "args": {}}
    except MemoryError:
        answer = {"refused": "file.too_large", "args": {"what": "> 4 GiB"}}
    except (
        calamine.CalamineError,
        zipfile.BadZipFile,
        OSError,
        ValueError,
        NotImplementedError,
        EOFError,
    ) as problem:
        encrypted = "password" in str(problem).lower() or "encrypt" in str(problem).lower()
        code = "file.encrypted" if encrypted else "file.unreadable"
        answer = {"refused": code, "args": {"problem": ""}}
    (folder / "book.json").write_text(json.dumps(answer), encoding="utf-8")


# -------------------------------------------------------------------------------- what is checked before parsing


def _checked(path: Path) -> tuple[str, Merges, Lost]:
    """The kind of workbook, and by sheet what the parser does not tell: (ODS only) the merged ranges, and the formulas
    without a result. (XLS and XLSB are written by programs that compute.)"""
    with path.open("rb") as stream:
        if stream.read(8) == OLE:
            return _ole(path), {}, {}
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        names = {entry.filename for entry in entries}
        if any(entry.flag_bits & 1 for entry in entries):
            raise Wrong("file.encrypted")
        expanded = sum(entry.file_size for entry in entries)
        if expanded > limits.expanded:
            raise Wrong("file.too_large", f"{expanded // 1024**2} MB > 1024 MB")
        packed = sum(entry.compress_size for entry in entries)
        if expanded > limits.ratio * max(packed, 1) or any(
            entry.file_size > max(limits.ratio * entry.compress_size, 1_000_000) for entry in entries
        ):
            raise Wrong("file.too_large", f"> {limits.ratio} : 1")
        if "content.xml" in names:
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
                "META-INF/manifest.xml"
            ):
                raise Wrong("file.encrypted")
            if any(b"-spanned=" in block or _ods_doubt(block) for block in _blocks(archive, "content.xml")):
                with archive.open("content.xml") as content:
                    return "ods", *_ods_places(content)
            return "ods", {}, {}
        if not names & {"xl/workbook.xml", "xl/workbook.bin"}:
            raise Wrong("file.unreadable")
        lost: Lost = {}
        for name in names:
            if re.fullmatch(r"xl/(worksheets/[^/]+|sharedStrings)\.xml", name):
                for block in _blocks(archive, name):
                    # IW is the 257th column: a used one is refused before the parser lays out the sheet
                    at = block.find(b'r="IW')
                    if at >= 0 and re.match(rb'r="IW\d+"(?:[^>/]|/(?!>))*>\s*<[^/]', block[at:]):
                        raise Wrong("file.too_large", f"> {limits.columns}")
                    if name != "xl/sharedStrings.xml" and (b"<f" in block or b":f" in block):
                        lost.setdefault(name, set()).update(_without_result(block))
        parts = _sheet_names(archive) if any(lost.values()) else {}
        return "xlsx", {}, {parts[name]: cells for name, cells in lost.items() if cells and name in parts}


_LONGEST = 20_000  # bytes of a cell with a formula; blocks overlap by so many


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with archive.open(name) as stream:
        rest = b""
        while block := stream.read(4 * 1024**2):
            yield rest + block
            rest = block[-_LONGEST:]


def _ole(path: Path) -> str:
    with path.open("rb") as stream:
        head = stream.read(4 * 1024**2)
    if "EncryptedPackage".encode("utf-16-le") in head or "EncryptionInfo".encode("utf-16-le") in head:
        raise Wrong("file.encrypted")
    if not any(name.encode("utf-16-le") in path.read_bytes() for name in ("Workbook", "Book")):
        raise Wrong("file.unreadable")
    return "xls"


_EMPTY = rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
_ENDS = (re.compile(rb"f>" + _EMPTY), re.compile(rb"/>" + _EMPTY))  # of a cell that may hold a formula alone
_COUNTS = rb"(SUM|COUNT|SUBTOTAL|ROWS|AGGREGATE)\w*\("


def _without_result(block: bytes) -> Iterator[tuple[int, int, bool]]:
    """The cells of a part of a sheet that hold a formula and no value. An empty text is a value (`t="str"`)."""
    for end in _ENDS:
        for found in end.finditer(block):
            least = max(0, found.start() - _LONGEST)
            start = block.rfind(b"<c ", least, found.start())
            start = start if start >= 0 else block.rfind(b":c ", least, found.start())
            cell = block[max(start, 0) : found.end()]
            head = cell[: cell.find(b">") + 1]
            formula = re.search(rb"<(?:\w+:)?f\b[^>]*>\s*", cell)
            empty_text = re.search(rb"""\st=["']str["']""", head) and re.search(rb"<(?:\w+:)?v\b", cell)
            if start < 0 or not formula or empty_text:
                continue
            place = re.search(rb"""\sr=["']([A-Z]{1,3})(\d{1,7})["']""", head)
            if place and not head.endswith(b"/>"):
                column = 0
                for letter in place[1]:
                    column = column * 26 + letter - 64
                yield int(place[2]), column - 1, bool(re.match(_COUNTS, cell[formula.end() :]))


def _sheet_names(archive: zipfile.ZipFile) -> dict[str, str]:
    """Part of the archive → name of the sheet that it holds."""
    from defusedxml.ElementTree import fromstring

    try:
        book = fromstring(archive.read("xl/workbook.xml"))
        links = fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, SyntaxError):  # the parser, too, will say what it thinks of it
        return {}
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    names = {}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet"):
            link = next((value for key, value in sheet.items() if key.endswith("}id")), None)
            target = targets.get(link, "")
            names[target[1:] if target.startswith("/") else f"xl/{target}"] = sheet.get("name", "")
    return names


_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"


_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")
_VALUES = ("value", "date-value", "time-value", "boolean-value", "string-value")


def _ods_doubt(block: bytes) -> bool:
    """Whether a formula may be without a result, so that a closer look is worth its time."""
    return any(
        b"value=" not in found[1] and not found[2]
        for found in re.finditer(rb':formula="[^"]*"([^<>]*)>(\s*<text:p>[^<])?', block)
    )


def _ods_places(content: IO[bytes]) -> tuple[Merges, Lost]:
    from defusedxml.ElementTree import iterparse

    merges: Merges = {}
    lost: Lost = {}
    name, row, column, wide = "", 0, 0, 1
    for event, node in iterparse(content, events=("start", "end")):
        tag = node.tag
        if event == "start":
            if tag == _TABLE + "table":
                name, row = node.get(_TABLE + "name", ""), 1
            elif tag == _TABLE + "table-row":
                column = 0
            elif tag in _CELLS:
                down = int(node.get(_TABLE + "number-rows-spanned", 1))
                right = int(node.get(_TABLE + "number-columns-spanned", 1))
                wide = int(node.get(_TABLE + "number-columns-repeated", 1))
                if down > 1 or right > 1:
                    merges.setdefault(name, []).append((row, column, row + down - 1, column + right - 1))
                column += wide
        elif tag in _CELLS:
            formula = node.get(_TABLE + "formula")
            valued = any(_OFFICE + value in node.attrib for value in _VALUES)
            if formula and not valued and not "".join(node.itertext()).strip():
                counts = bool(re.match(rb"(\w+:)?=" + _COUNTS, formula.encode()))
                places = range(column - wide, min(column, limits.columns))
                lost.setdefault(name, set()).update((row, place, counts) for place in places)
        elif tag == _TABLE + "table-row":
            row += int(node.get(_TABLE + "number-rows-repeated", 1))
            node.clear()
    return merges, lost


# ------------------------------------------------------------------------------------------------------- parsing


def _sheets(path: Path, folder: Path, merges: Merges, lost: Lost) -> Iterator[dict[str, Any]]:
    book = calamine.CalamineWorkbook.from_path(str(path))
    written = rows = 0
    for about in book.sheets_metadata:
        if (
            about.typ != calamine.SheetTypeEnum.WorkSheet
            or about.visible != calamine.SheetVisibleEnum.Visible
        ):
            continue
        sheet = book.get_sheet_by_name(about.name)
        without = sorted(lost.get(about.name, ()))
        if sheet.start is None or not sheet.height:
            if without:
                raise Wrong("file.formulas_without_result", f"{about.name}!{without[0][0]}")
            continue
        top, left = sheet.start
        rows += sheet.height
        if rows > limits.rows:
            raise Wrong("file.too_large", f"{rows} > {limits.rows}")
        columns, numbers = _columns(sheet.to_python(skip_empty_area=True))
        spans = merges.get(about.name) or [
            (a + 1, b, c + 1, d) for (a, b), (c, d) in sheet.merged_cell_ranges or []
        ]
        cells = {"top": top, "left": left, "columns": columns, "numbers": numbers, "lost": without}
        with (folder / f"{written}.json").open("w", encoding="utf-8") as stream:
            json.dump(cells, stream, ensure_ascii=False)
        written += 1
        yield {"name": about.name, "merges": spans}


def _columns(rows: Sequence[Sequence[Any]]) -> tuple[list[list[str | None]], list[list[int]]]:
    """Column by column the texts (None = blank), and the positions of the cells that hold numbers."""
    columns: list[list[str | None]] = []
    numbers: list[list[int]] = []
    used = 0
    for values in zip(*rows, strict=True):
        kinds = set(map(type, values))
        if kinds == {str}:
            texts = [value or None for value in values]
        else:
            texts = [_as_text(value) or None for value in values]
        columns.append(texts)
        numbers.append(
            [n for n, value in enumerate(values) if type(value) in (int, float)]
            if kinds & {int, float}
            else []
        )
        longest = max((len(text) for text in texts if text), default=0)
        used += longest > 0
        if longest > limits.cell:
            raise Wrong("file.too_large", "> 1 MB")
    if used > limits.columns:
        raise Wrong("file.too_large", f"{used} > {limits.columns}")
    return columns, numbers


def _as_text(value: Any) -> str:
    """What the cell holds, without the display format: a whole number without a point, a day as YYYY-MM-DD."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e18 else repr(value)
    if isinstance(value, dt.datetime):
        return value.date().isoformat()
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)


if __name__ == "__main__":
    limits.__dict__.update(json.loads(sys.argv[3]))
    main(Path(sys.argv[1]), Path(sys.argv[2]))
