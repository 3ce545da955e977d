"""The files BPJS Ketenagakerjaan takes: filled into the city's own blank template, or made plain; and its answers.

SIPP takes at most 10,000 rows a file, every cell as text, under the template's unchanged file name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base import strictyaml
from lindung.base.refused import Refused
from lindung.papers.package import Package, column_letters

DATA = Path(__file__).parent / "formats.yaml"
FINDINGS = {
    "row_id": pl.Int64,
    "column": pl.String,
    "code": pl.String,
    "severity": pl.String,
    "value": pl.String,
    "args": pl.String,
}


@dataclass(frozen=True)
class Field:
    name: str
    source: str | None  # column of our frame; None is left empty
    kind: str = "text"
    need: str = ""  # "", "warning" or "error" when empty
    default: str = ""
    values: tuple[str, ...] = ()
    list: str = ""
    part: str = ""


@dataclass(frozen=True)
class Format:
    """One version of an upload file. `trust` (high, medium, low): how sure its header is."""

    version: str
    sheet: str
    segment: str
    trust: str
    fields: tuple[Field, ...]


@cache
def rules() -> Mapping[str, Any]:
    return strictyaml.load(DATA)


@cache
def formats() -> Mapping[str, Format]:
    return {
        version: Format(
            version,
            entry["sheet"],
            entry["segment"],
            entry["trust"],
            tuple(
                Field(
                    column["name"],
                    column.get("from"),
                    column.get("kind", "text"),
                    column.get("need", ""),
                    column.get("default", ""),
                    tuple(column.get("values", ())),
                    column.get("list", ""),
                    column.get("part", ""),
                )
                for column in entry["columns"]
            ),
        )
        for version, entry in rules()["formats"].items()
    }


def recognise(template: bytes, filename: str) -> str:
    """The version whose header stands in the template.

    Raises Refused("bpjs.unknown_template"), and ("bpjs.header_changed") naming the cell where the sheet is known.
    """
    package = Package(template, filename)
    nearest: tuple[int, Format] | None = None
    for sheet in package.sheets:
        header = _header(package, sheet)
        for version, form in formats().items():
            wanted = [plain(field.name) for field in form.fields]
            if header == wanted:
                return version
            alike = sum(a == b for a, b in zip(header, wanted, strict=False))
            if plain(sheet) == plain(form.sheet) and (nearest is None or alike > nearest[0]):
                nearest = alike, form
    if nearest and nearest[0]:
        _data_sheet(package, nearest[1])
    raise Refused("bpjs.unknown_template", {"file": filename})


def lines(
    template: bytes | None, version: str, rows: pl.DataFrame, *, filename: str | None = None
) -> list[tuple[str, ...]]:
    """The cells of each row as they stand in the file, codes of the template's lists in place of words. Raises as `fill`."""
    form = formats()[version]
    package = Package(template, filename or f"{form.sheet}.xlsx") if template is not None else None
    if package:
        _data_sheet(package, form)
    columns = [_texts(field, rows, _codes(package, field)) for field in form.fields]
    return list(zip(*columns, strict=True))


def fill(
    template: bytes | None, version: str, rows: pl.DataFrame, *, filename: str | None = None
) -> list[tuple[str, bytes]]:
    """(file name, content) for every 10,000 rows, in order; all bear the same name, which SIPP insists on.

    `rows` has the columns named by `from` in `formats.yaml` (nik, name, birth_date, wage …); what it lacks is left
    empty or takes the default. With a template its data sheet alone is changed; without one a plain workbook is made.
    Raises Refused: "bpjs.save_as_xlsx", "bpjs.not_a_workbook", "bpjs.wrong_template", "bpjs.header_changed",
    "bpjs.template_not_blank".
    """
    form = formats()[version]
    name = filename or f"{form.sheet}.xlsx"
    package = Package(template, name) if template is not None else None
    sheet = _data_sheet(package, form) if package else form.sheet
    cells = lines(template, version, rows, filename=filename)
    size = rules()["rules"]["max_rows"]
    made = []
    for start in range(0, max(len(cells), 1), size):
        part = cells[start : start + size]
        made.append((name, package.filled(sheet, part) if package else _plain_workbook(form, part)))
    return made


def preflight(
    version: str, rows: pl.DataFrame, *, template: bytes | None = None, filename: str | None = None
) -> pl.DataFrame:
    """What BPJS would send back, before anything leaves: a finding frame (row_id, column, code, severity, value, args).

    `row_id` is that of `rows`, or the place of the row from 0; null for what concerns the whole file. Raises as `fill`.
    """
    form = formats()[version]
    package = Package(template, filename or f"{form.sheet}.xlsx") if template is not None else None
    if package:
        _data_sheet(package, form)
    ids = rows["row_id"] if "row_id" in rows.columns else pl.Series("row_id", range(rows.height))
    found: list[tuple[int | None, str | None, str, str, str | None, str | None]] = []
    if package is None:
        found.append((None, None, "bpjs.no_template", "warning", None, None))
    for field in form.fields:
        if field.source is None or field.part not in ("", "first"):
            continue
        codes = _codes(package, field)
        if field.kind == "code" and codes is None:
            args = json.dumps({"column": field.name}, ensure_ascii=False)
            found.append((None, field.source, "bpjs.no_list", "warning", None, args))
        values = _values(field, rows)
        for row_id, value in zip(ids, values, strict=True):
            code, severity = _wrong(field, value, codes)
            if code:
                args = json.dumps(
                    {"column": field.name, "value": value, "allowed": ", ".join(field.values)},
                    ensure_ascii=False,
                )
                found.append((row_id, field.source, code, severity, value or None, args))
    if "nik" in rows.columns:
        twice = rows.with_columns(ids.alias("row_id")).filter(
            pl.col("nik").is_duplicated() & pl.col("nik").is_not_null() & ~pl.col("nik").is_first_distinct()
        )
        args = json.dumps({"column": "NIK"})
        found += [
            (i, "nik", "bpjs.duplicate", "error", n, args) for i, n in twice["row_id", "nik"].iter_rows()
        ]
    return pl.DataFrame(found, schema=FINDINGS, orient="row").sort(
        "row_id", nulls_last=False, maintain_order=True
    )


def _wrong(field: Field, value: str, codes: Mapping[str, str] | None) -> tuple[str, str]:
    if not value:
        return ("bpjs.missing", field.need) if field.need else ("", "")
    if field.kind == "nik" and not (len(value) == 16 and value.isascii() and value.isdigit()):
        return "bpjs.nik_form", "error"
    if field.kind == "kpj" and not is_kpj(value):
        return "bpjs.kpj_form", "error"
    if field.kind in ("rupiah", "number") and not (value.isascii() and value.isdigit()):
        return "bpjs.number_form", "error"
    if field.kind == "date" and not _is_date(value):
        return "bpjs.date_form", "error"
    if field.kind == "choice" and value not in field.values:
        return "bpjs.choice", "error"
    if field.kind == "code" and codes is not None and plain(value) not in codes:
        return "bpjs.code_unknown", "error"
    return "", ""


def is_kpj(value: str) -> bool:
    """Eleven digits. No check digit is known: none is invented."""
    return len(value) == rules()["rules"]["kpj_digits"] and value.isascii() and value.isdigit()


def _is_date(value: str) -> bool:
    day, _, rest = value.partition("-")
    month, _, year = rest.partition("-")
    if not (len(day) == len(month) == 2 and len(year) == 4):
        return False
    try:
        date(int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _values(field: Field, rows: pl.DataFrame) -> list[str]:
    """The texts of a field before codes take the place of labels."""
    if field.source is None or field.source not in rows.columns:
        return [field.default] * rows.height
    column = rows[field.source]
    if column.dtype == pl.Date:
        column = column.dt.strftime("%d-%m-%Y")
    texts = [(t or "").strip() or field.default for t in column.cast(pl.String).to_list()]
    return [_part(t, field.part) for t in texts] if field.part else texts


def _texts(field: Field, rows: pl.DataFrame, codes: Mapping[str, str] | None) -> list[str]:
    values = _values(field, rows)
    return [codes.get(plain(v), v) for v in values] if codes else values


def _part(name: str, part: str) -> str:
    words = name.split()
    if part == "first":
        return words[0] if words else ""
    if part == "last":
        return words[-1] if len(words) > 1 else ""
    return " ".join(words[1:-1])


def _codes(package: Package | None, field: Field) -> Mapping[str, str] | None:
    """Label and code → code, from the template's list sheet; None when it has none."""
    if package is None or not field.list:
        return None
    sheet = next((s for s in package.sheets if plain(s) == plain(field.list)), None)
    if sheet is None:
        return None
    codes: dict[str, str] = {}
    for cells in package.rows(sheet).values():
        texts = [cells[at] for at in sorted(cells)][:2]
        if len(texts) < 2 or plain(texts[0]) in ("KODE", "NO"):
            continue
        code, label = sorted(texts, key=lambda t: (not t.isdigit(), len(t)))
        codes |= {plain(label): code, plain(code): code}
    return codes or None


def _data_sheet(package: Package, form: Format) -> str:
    """The sheet to fill, its header compared cell by cell."""
    wanted = [plain(field.name) for field in form.fields]
    sheets = list(package.sheets)
    named = [s for s in sheets if plain(s) == plain(form.sheet)]
    sheet = next((s for s in sheets if _header(package, s) == wanted), named[0] if named else None)
    if sheet is None:
        raise Refused(
            "bpjs.wrong_template", {"file": package.name, "sheet": form.sheet, "found": ", ".join(sheets)}
        )
    header = _header(package, sheet)
    for at in range(max(len(wanted), len(header))):
        expected = form.fields[at].name if at < len(wanted) else "—"
        if (header[at] if at < len(header) else "") != (wanted[at] if at < len(wanted) else ""):
            found = package.rows(sheet, 1).get(1, {}).get(at + 1, "—")
            where = {"file": package.name, "sheet": sheet, "cell": f"{column_letters(at + 1)}1"}
            raise Refused("bpjs.header_changed", {**where, "expected": expected, "found": found})
    filled = [number for number in package.rows(sheet) if number > 1]
    if filled:
        raise Refused("bpjs.template_not_blank", {"file": package.name, "sheet": sheet, "row": filled[0]})
    return sheet


def _header(package: Package, sheet: str) -> list[str]:
    cells = package.rows(sheet, 1).get(1, {})
    return [plain(cells.get(at, "")) for at in range(1, max(cells, default=0) + 1)]


def plain(text: str) -> str:
    """Capitals and digits, one blank between words: "Lokasi_Pekerjaan *" → "LOKASI PEKERJAAN"."""
    return " ".join("".join(c if c.isalnum() else " " for c in text.upper()).split())


def _plain_workbook(form: Format, rows: Sequence[Sequence[str]]) -> bytes:
    from lindung.papers.tables import Column, Table, xlsx

    columns = tuple(Column(f"c{at}", field.name, width=30) for at, field in enumerate(form.fields))
    frame = pl.DataFrame(
        [list(row) for row in rows], schema={column.key: pl.String for column in columns}, orient="row"
    )
    return xlsx([Table(columns, frame, form.sheet, numbered=False)])
