"""DOCX, for offices that correct the text in Word. Same blocks as the PDF; long tables are written as XML at once."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt

from lindung.papers import paper as p
from lindung.papers.tables import Column, Table, spans

FONT = "Bookman Old Style"  # of legal drafting; Word takes another where it is missing
_ALIGN = {
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_FIXED = (2020, 1, 1, 0, 0, 0)


def docx(paper: p.Paper) -> bytes:
    """The same paper gives the same bytes."""
    document = Document()
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(11)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), FONT)
    normal.element.rPr.append(parse_xml(f'<w:lang {nsdecls("w")} w:val="id-ID"/>'))
    normal.paragraph_format.space_after = Pt(4)
    properties = document.core_properties
    properties.title, properties.author = paper.title, paper.letterhead.city if paper.letterhead else ""
    properties.created = properties.modified = datetime(2020, 1, 1, tzinfo=UTC)
    properties.language, properties.comments = "id", ""
    for index, section in enumerate(paper.sections):
        page = document.add_section(WD_SECTION.NEW_PAGE) if index else document.sections[0]
        _page(page, section.landscape)
        if index == 0:
            _footer(page, paper.printed)
        if section.letterhead and paper.letterhead:
            _letterhead(document, paper.letterhead)
        for block in section.blocks:
            _block(document, block)
    stream = io.BytesIO()
    document.save(stream)
    return _same_bytes(stream.getvalue())


def _same_bytes(content: bytes) -> bytes:
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for info in old.infolist():
            new.writestr(zipfile.ZipInfo(info.filename, _FIXED), old.read(info), zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def _page(page: Any, landscape: bool) -> None:
    wide, narrow = Mm(297), Mm(210)
    page.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    page.page_width, page.page_height = (wide, narrow) if landscape else (narrow, wide)
    page.top_margin, page.bottom_margin = Mm(14), Mm(16)
    page.left_margin = page.right_margin = Mm(12 if landscape else 20)
    page.footer_distance = Mm(8)


def _footer(page: Any, printed: p.Printed | None) -> None:
    line = page.footer.paragraphs[0]
    line.text = f"{printed.line} · " if printed else ""
    for field, between in (("PAGE", " dari "), ("NUMPAGES", "")):
        line._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr="{field}"><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )
        if between:
            line.add_run(between)
    for run in line.runs:
        run.font.size = Pt(8)


def _letterhead(document: Any, head: p.Letterhead) -> None:
    if head.crest and not head.crest.lstrip().startswith(b"<"):  # Word takes no SVG by itself
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.add_run().add_picture(io.BytesIO(head.crest), height=Mm(19))
    lines = (
        (head.city.upper(), 13, True),
        (head.office.upper(), 15, True),
        (head.address, 9, False),
        (head.contact, 9, False),
    )
    shown = [line for line in lines if line[0]]
    for at, (text, size, bold) in enumerate(shown):
        line = document.add_paragraph()
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        line.paragraph_format.space_after = Pt(0)
        run = line.add_run(text)
        run.bold, run.font.size = bold, Pt(size)
        if at == len(shown) - 1:
            border = parse_xml(
                f"<w:pBdr {nsdecls('w')}>"
                '<w:bottom w:val="thickThinSmallGap" w:sz="18" w:space="4" w:color="191D2B"/></w:pBdr>'
            )
            line._p.get_or_add_pPr().insert_element_before(border, "w:spacing", "w:jc")
    document.add_paragraph()


def _block(document: Any, block: p.Block) -> None:
    match block:
        case p.Heading(lines):
            _lines(document, lines, WD_ALIGN_PARAGRAPH.CENTER, bold=True)
        case p.Text(text, align):
            document.add_paragraph(text).alignment = _ALIGN[align]
        case p.Facts(pairs):
            _plain(document, [(label, ":", value) for label, value in pairs], (34, 5))
        case p.Clause(label, items, ""):
            rows = [
                (label if at == 0 else "", ":" if at == 0 and label else "", x) for at, x in enumerate(items)
            ]
            _plain(document, rows, (32, 5))
        case p.Clause(label, items, numbering):
            first = [(label, ":"), *[("", "")] * len(items)]
            numbered = [(*first[at], _mark(at, numbering), item) for at, item in enumerate(items)]
            _plain(document, numbered, (32, 5, 8))
        case p.Items(items, numbering):
            _plain(document, [(_mark(at, numbering), item) for at, item in enumerate(items)], (9,))
        case p.Annex(lines):
            _plain(document, [("", "\n".join(lines))], (-85,), size=9)
        case p.Signatures():
            _signatures(document, block)
        case p.Copies(to):
            _lines(document, ("Tembusan:",), WD_ALIGN_PARAGRAPH.LEFT)
            _plain(document, [(_mark(at, "1"), item) for at, item in enumerate(to)], (9,), size=9)
        case Table():
            _listing(document, block)


def _mark(at: int, numbering: str) -> str:
    if numbering == "a":
        return f"{chr(97 + at)}." if at < 26 else f"{chr(96 + at // 26)}{chr(97 + at % 26)}."
    return f"{at + 1}."


def _lines(document: Any, lines: Sequence[str], align: Any, *, bold: bool = False) -> None:
    for line in lines:
        paragraph = document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_after = Pt(2)
        paragraph.paragraph_format.keep_with_next = True
        paragraph.add_run(line).bold = bold


def _plain(
    document: Any, rows: Sequence[tuple[str, ...]], before: Sequence[int], *, size: float = 11
) -> None:
    """A table without lines, as wide as the text: `before` are the millimetres of all columns but the last.

    A single negative one says how wide the last is instead.
    """
    usable = _usable(document) * 25.4 / 1440
    widths = [usable + before[0], -before[0]] if before[0] < 0 else [*before, usable - sum(before)]
    table = document.add_table(rows=0, cols=len(widths))
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for row in rows:
        for cell, text, width in zip(table.add_row().cells, row, widths, strict=True):
            cell.width = Mm(width)
            cell.paragraphs[0].add_run(text).font.size = Pt(size)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _signatures(document: Any, block: p.Signatures) -> None:
    people = ["\n".join([*s.heading, "", "", "", "", s.name, *s.below]) for s in block.signatories]
    opening = "\n".join(block.opening)
    if len(people) == 1:
        _plain(document, [("", f"{opening}\n{people[0]}" if opening else people[0])], (-85,))
        return
    if opening:
        _plain(document, [("", opening)], (-85,))
    half = int(_usable(document) * 25.4 / 1440 / 2)
    _plain(document, [(*people[at : at + 2], "")[:2] for at in range(0, len(people), 2)], (half,))


def _listing(document: Any, table: Table) -> None:
    _lines(document, table.title, WD_ALIGN_PARAGRAPH.CENTER, bold=True)
    body = document.element.body
    body.insert(len(body) - 1, parse_xml(_table_xml(table, _usable(document))))
    document.add_paragraph().paragraph_format.space_after = Pt(0)
    for note in table.notes:
        run = document.add_paragraph().add_run(note)
        run.font.size = Pt(9)


def _usable(document: Any) -> int:
    """The width of the text in twentieths of a point."""
    page = document.sections[-1]
    return int((page.page_width - page.left_margin - page.right_margin) / 635)


def _table_xml(table: Table, usable: int) -> str:
    columns = table.all_columns
    whole = sum(column.width for column in columns)
    widths = [int(column.width / whole * usable) for column in columns]
    right = [column.kind in ("number", "rupiah", "percent") for column in columns]
    edges = "".join(
        f'<w:{edge} w:val="single" w:sz="4" w:color="7F8699"/>'
        for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    height = '<w:trHeight w:val="480"/>' if any(column.kind == "blank" for column in columns) else ""
    rows = _head_rows(columns, widths)
    for texts in table.texts():
        cells = "".join(_cell(t, w, right=r) for t, w, r in zip(texts, widths, right, strict=True))
        rows.append(f"<w:tr><w:trPr><w:cantSplit/>{height}</w:trPr>{cells}</w:tr>")
    totals = table.total_texts()
    if totals:
        first = next(at for at, text in enumerate(totals) if text)
        cells = _cell("Jumlah", sum(widths[:first]), span=first, right=True, bold=True) + "".join(
            _cell(text, width, right=True, bold=True)
            for text, width in zip(totals[first:], widths[first:], strict=True)
        )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return (
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblBorders>{edges}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _head_rows(columns: Sequence[Column], widths: Sequence[int]) -> list[str]:
    properties = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
    if not any(column.group for column in columns):
        cells = "".join(_cell(c.head, w, bold=True, head=True) for c, w in zip(columns, widths, strict=True))
        return [f"<w:tr>{properties}{cells}</w:tr>"]
    upper = lower = ""
    for first, last, group in spans(columns):
        width = sum(widths[first : last + 1])
        if group:
            upper += _cell(group, width, span=last - first + 1, bold=True, head=True)
            for at in range(first, last + 1):
                lower += _cell(columns[at].head, widths[at], bold=True, head=True)
        else:
            upper += _cell(
                columns[first].head, width, bold=True, head=True, merge='<w:vMerge w:val="restart"/>'
            )
            lower += _cell("", width, head=True, merge="<w:vMerge/>")
    return [f"<w:tr>{properties}{upper}</w:tr>", f"<w:tr>{properties}{lower}</w:tr>"]


def _cell(
    text: str,
    width: int,
    *,
    span: int = 1,
    right: bool = False,
    bold: bool = False,
    head: bool = False,
    merge: str = "",
) -> str:
    shade = '<w:shd w:val="clear" w:color="auto" w:fill="EAECF2"/>' if head else ""
    wide = f'<w:gridSpan w:val="{span}"/>' if span > 1 else ""
    align = "center" if head else "right" if right else "left"
    weight = "<w:b/>" if bold else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{wide}{merge}{shade}</w:tcPr>'
        f'<w:p><w:pPr><w:spacing w:after="0"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr>{weight}<w:sz w:val="16"/></w:rPr><w:t xml:space="preserve">{escape(_clean(text))}</w:t></w:r></w:p></w:tc>'
    )


def _clean(text: str) -> str:
    return "".join(c for c in text if c >= " " or c in "\t\n")
