"""PDF by typst. The templates stand in `templates/*.typ`; a city's folder may replace any of them and add `fonts/`."""

from __future__ import annotations

import io
import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pikepdf
import typst

from lindung.base.refused import Refused
from lindung.papers import paper as p
from lindung.papers.tables import Table, spans

PIECE = 2_000  # rows a piece: typst's time grows faster than the table
BUILT_IN = Path(__file__).parent / "templates"


def pdf(paper: p.Paper) -> bytes:
    """Raises Refused("papers.template_wrong") when a city's template cannot be set."""
    pieces = _pieces(paper.sections)
    footer = paper.printed.line if paper.printed else ""
    whole = len(pieces) == 1
    common = {
        "title": paper.title,
        "footer": footer if whole else None,
        "letterhead": _letterhead(paper.letterhead),
    }
    crest = paper.letterhead.crest if paper.letterhead else None
    with folder(paper.templates, crest) as root:
        files = [compiled(root, "paper.typ", {**common, "sections": piece}, tags=whole) for piece in pieces]
        return files[0] if whole else _numbered(joined(files), root, footer, paper.title)


@contextmanager
def folder(templates: p.Templates = None, crest: bytes | None = None) -> Iterator[Path]:
    """A folder of its own for one run: built-in templates, the city's over them, the crest."""
    with tempfile.TemporaryDirectory(prefix="lindung-papers-") as name:
        root = Path(name)
        for source in (BUILT_IN, templates):
            for template in sorted(source.glob("*.typ")) if source else ():
                shutil.copyfile(template, root / template.name)
        if templates and (templates / "fonts").is_dir():
            (root / "fonts").symlink_to((templates / "fonts").resolve())
        if crest:
            (root / crest_name(crest)).write_bytes(crest)
        yield root


def crest_name(crest: bytes) -> str:
    """Raises Refused("papers.crest_unknown") when it is no PNG, JPEG or SVG."""
    if crest.startswith(b"\x89PNG"):
        return "crest.png"
    if crest.startswith(b"\xff\xd8"):
        return "crest.jpg"
    if b"<svg" in crest[:1000]:
        return "crest.svg"
    raise Refused("papers.crest_unknown")


def compiled(root: Path, template: str, data: Any, *, tags: bool = True) -> bytes:
    (root / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    fonts = _fonts((root / "fonts").resolve()) if (root / "fonts").exists() else _embedded()
    compiler = typst.Compiler(input=root / template, root=root, font_paths=fonts)
    try:
        # A fixed moment: the same data give the same bytes, and so the same hash.
        result = compiler.compile(format="pdf", timestamp=0, pdf_tags=tags)
    except typst.TypstError as problem:
        raise Refused("papers.template_wrong", {"file": template, "problem": str(problem)}) from None
    assert isinstance(result, bytes)
    return result


def joined(files: Sequence[bytes]) -> bytes:
    if len(files) == 1:
        return files[0]
    out = pikepdf.new()
    for content in files:
        with pikepdf.open(io.BytesIO(content)) as part:
            out.pages.extend(part.pages)
    return saved(out)


def saved(document: pikepdf.Pdf) -> bytes:
    stream = io.BytesIO()
    document.save(
        stream, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True, linearize=False
    )
    return stream.getvalue()


def _numbered(content: bytes, root: Path, footer: str, title: str) -> bytes:
    """Pieces do not know each other's pages: the last lines are set apart and laid over."""
    with pikepdf.open(io.BytesIO(content)) as document:
        wide = [page.mediabox[2] > page.mediabox[3] for page in document.pages]
        lines = compiled(root, "footers.typ", {"wide": wide, "footer": footer, "title": title}, tags=False)
        with pikepdf.open(io.BytesIO(lines)) as over:
            for page, line in zip(document.pages, over.pages, strict=True):
                page.add_overlay(line, pikepdf.Rectangle(page.mediabox))
            with document.open_metadata(set_pikepdf_as_editor=False) as meta:
                meta["dc:title"] = title
            document.Root.Lang = "id"
            return saved(document)


@cache
def _embedded() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


@cache
def _fonts(path: Path) -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, font_paths=[path])


def _pieces(sections: Sequence[p.Section]) -> list[list[dict[str, Any]]]:
    """One piece when all tables are small; else every long table is cut, its total at its end only."""
    rows = sum(b.rows.height for s in sections for b in s.blocks if isinstance(b, Table))
    size = PIECE if rows > PIECE else rows
    pieces: list[list[dict[str, Any]]] = [[]]
    for section in sections:
        blocks: list[dict[str, Any]] = []
        pieces[-1].append(
            {"landscape": section.landscape, "letterhead": section.letterhead, "blocks": blocks}
        )
        for block in section.blocks:
            if not isinstance(block, Table):
                blocks.append(_block(block))
                continue
            for start in range(0, max(block.rows.height, 1), max(size, 1)):
                if start:
                    blocks = []
                    pieces.append([{"landscape": section.landscape, "letterhead": False, "blocks": blocks}])
                blocks.append(_table(block, start, min(start + size, block.rows.height)))
    return pieces


def _block(block: p.Block) -> dict[str, Any]:
    kind = type(block).__name__.lower()
    if isinstance(block, p.Signatures):
        people = [{"heading": s.heading, "name": s.name, "below": s.below} for s in block.signatories]
        return {"kind": kind, "opening": block.opening, "people": people}
    return {"kind": kind, **vars(block)}


def _table(table: Table, first: int, last: int) -> dict[str, Any]:
    columns, ends = table.all_columns, last == table.rows.height
    return {
        "kind": "table",
        "title": table.title if first == 0 else (),
        "notes": table.notes if ends else (),
        "widths": [column.width for column in columns],
        "right": [column.kind in ("number", "rupiah", "percent") for column in columns],
        "heads": [column.head for column in columns],
        "spans": spans(columns) if any(column.group for column in columns) else [],
        "rows": table.texts(first, last),
        "empty": any(column.kind == "blank" for column in columns),
        "total": table.total_texts() if ends else None,
    }


def _letterhead(head: p.Letterhead | None) -> dict[str, Any] | None:
    if head is None:
        return None
    crest = crest_name(head.crest) if head.crest else None
    return {
        "city": head.city,
        "office": head.office,
        "address": head.address,
        "contact": head.contact,
        "crest": crest,
    }
