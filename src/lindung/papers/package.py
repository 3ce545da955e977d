"""An .xlsx file opened as the package it is, to read cells as text and to fill one sheet leaving every other part as it was."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import ParseError
from xml.sax.saxutils import escape

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from lindung.base.refused import Refused

MAX_FILE, MAX_EXPANDED = 20 * 2**20, 200 * 2**20
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# what a damaged, encrypted or hostile package raises while it is read
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    DefusedXmlException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    EOFError,
    RuntimeError,
)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class Package:
    """Raises Refused("bpjs.save_as_xlsx", "bpjs.not_a_workbook", "bpjs.too_large") for what cannot be filled."""

    def __init__(self, content: bytes, name: str) -> None:
        self.content, self.name = content, name
        if content.startswith(b"\xd0\xcf\x11\xe0") or name.lower().endswith(".xls"):
            raise Refused("bpjs.save_as_xlsx", {"file": name})
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as package:
                size = sum(info.file_size for info in package.infolist())
                if len(content) > MAX_FILE or size > MAX_EXPANDED:
                    raise Refused("bpjs.too_large", {"file": name})
                self.parts = {info.filename: package.read(info) for info in package.infolist()}
            self.sheets = self._sheets()
            self._shared = self._shared_strings()
        except _BROKEN:
            raise self._refused() from None

    def _refused(self) -> Refused:
        return Refused("bpjs.not_a_workbook", {"file": self.name})

    def _sheets(self) -> dict[str, str]:
        """Sheet names in order with the parts that hold them."""
        relations = ElementTree.fromstring(self.parts["xl/_rels/workbook.xml.rels"])
        targets = {r.get("Id"): r.get("Target") for r in relations}
        found = {}
        for sheet in _all(ElementTree.fromstring(self.parts["xl/workbook.xml"]), "sheet"):
            target = targets[sheet.get(f"{_OFFICE}id")]
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if part in self.parts:
                found[sheet.get("name") or ""] = part
        return found

    def _shared_strings(self) -> list[str]:
        part = self.parts.get("xl/sharedStrings.xml")
        if part is None:
            return []
        return [_text(item) for item in _all(ElementTree.fromstring(part), "si")]

    def _tree(self, sheet: str) -> Any:
        try:
            return ElementTree.fromstring(self.parts[self.sheets[sheet]])
        except _BROKEN:
            raise self._refused() from None

    def rows(self, sheet: str, first: int | None = None) -> dict[int, dict[int, str]]:
        """Row number → column number (both from 1) → text; empty cells are left out; only row `first` when given."""
        try:
            return self._rows(self._tree(sheet), first)
        except _BROKEN:
            raise self._refused() from None

    def _rows(self, tree: Any, first: int | None) -> dict[int, dict[int, str]]:
        found: dict[int, dict[int, str]] = {}
        number = 0
        for row in _all(tree, "row"):
            number = int(row.get("r") or number + 1)
            if first is not None and number > first:
                break
            cells: dict[int, str] = {}
            at = 0
            for cell in _all(row, "c"):
                at = column_number(cell.get("r")) if cell.get("r") else at + 1
                text = self._cell(cell)
                if text.strip():
                    cells[at] = text.strip()
            if cells:
                found[number] = cells
        return found

    def _cell(self, cell: Any) -> str:
        kind = cell.get("t")
        if kind == "inlineStr":
            return _text(cell)
        value = next((v.text or "" for v in _all(cell, "v")), "")
        return self._shared[int(value)] if kind == "s" and value else value

    def filled(self, sheet: str, rows: Sequence[Sequence[str]], start: int = 2) -> bytes:
        """The package with `rows` as text from row `start` on; what stood there is replaced, all else stays."""
        part = self.sheets[sheet]
        xml = self.parts[part].decode("utf-8", errors="replace")
        data = re.search(r"<((?:\w+:)?)sheetData\s*(?:/>|>(.*?)</(?:\w+:)?sheetData>)", xml, re.DOTALL)
        if not data or "\ufffd" in xml:
            raise self._refused()
        prefix, width = data[1], max((len(row) for row in rows), default=0)
        styles = self._styles(sheet, start, width)
        opening = [f'<{prefix}c r="{{}}{{}}"{style} t="inlineStr"><{prefix}is>' for style in styles]
        letters = [column_letters(at + 1) for at in range(width)]
        lines = [self._rows_before(data[2] or "", prefix, start)]
        for number, row in enumerate(rows, start):
            cells = "".join(
                f'{opening[at].format(letters[at], number)}<{prefix}t xml:space="preserve">{_xml(text)}'
                f"</{prefix}t></{prefix}is></{prefix}c>"
                for at, text in enumerate(row)
                if text
            )
            lines.append(f'<{prefix}row r="{number}">{cells}</{prefix}row>')
        body = f"<{prefix}sheetData>{''.join(lines)}</{prefix}sheetData>"
        xml = xml[: data.start()] + body + xml[data.end() :]
        last = f"{column_letters(max(width, 1))}{start + len(rows) - 1}"
        xml = re.sub(r'(<(?:\w+:)?dimension ref=")[^"]*"', rf'\g<1>A1:{last}"', xml, count=1)
        return self._with(part, xml.encode("utf-8"))

    def _rows_before(self, data: str, prefix: str, start: int) -> str:
        kept: list[str] = []
        for row in re.finditer(rf"<{prefix}row\b[^>]*?(?:/>|>.*?</{prefix}row>)", data, re.DOTALL):
            number = re.match(r'[^>]*?\br="(\d+)"', row[0])
            if int(number[1]) < start if number else not kept:
                kept.append(row[0])
        return "".join(kept)

    def _styles(self, sheet: str, start: int, width: int) -> list[str]:
        """The template's own cell formats of the first empty row, else of its columns."""
        tree = self._tree(sheet)
        styles: dict[int, str] = {}
        for column in _all(tree, "col"):
            if column.get("style"):
                for at in range(int(column.get("min")), min(int(column.get("max")), width) + 1):
                    styles[at] = column.get("style")
        for row in _all(tree, "row"):
            if row.get("r") == str(start):
                styles |= {column_number(c.get("r")): c.get("s") for c in _all(row, "c") if c.get("s")}
        return [f' s="{styles[at]}"' if at in styles else "" for at in range(1, width + 1)]

    def _with(self, part: str, content: bytes) -> bytes:
        stream = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(self.content)) as old,
            zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
        ):
            for info in old.infolist():
                new.writestr(info, content if info.filename == part else self.parts[info.filename])
        return stream.getvalue()


def column_letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(reference: str) -> int:
    number = 0
    for letter in reference:
        if not letter.isalpha():
            break
        number = number * 26 + ord(letter.upper()) - 64
    return number


def _xml(text: str) -> str:
    # "_x0041_" would be read back as "A": its first sign is written out.
    return escape(_LOOKS_ESCAPED.sub("_x005F_", _CONTROL.sub("", text)))


def _all(element: Any, name: str) -> Any:
    return element.iterfind(f".//{{*}}{name}")


def _text(element: Any) -> str:
    """All runs of a rich or plain text, without its phonetic reading."""
    skipped = {id(t) for p in _all(element, "rPh") for t in _all(p, "t")}
    return "".join(t.text or "" for t in _all(element, "t") if id(t) not in skipped)
