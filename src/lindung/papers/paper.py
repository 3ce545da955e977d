"""A paper as plain data: letterhead, sections of blocks, signatures. `typeset` makes it a PDF, `word` a DOCX, `tables` XLSX.

Official papers are in Indonesian whatever language the screen speaks (UU 24/2009 Pasal 27).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Literal

from lindung.papers.tables import Table

Templates = Path | None  # a city's own folder of templates, wording and fonts; None is the built-in one


@dataclass(frozen=True)
class Letterhead:
    """Kop surat. `crest` is the city's own PNG, JPEG or SVG file."""

    city: str  # "Pemerintah Kota Tangerang Selatan"
    office: str = ""  # "Dinas Ketenagakerjaan"
    address: str = ""
    contact: str = ""
    crest: bytes | None = None


@dataclass(frozen=True)
class Signatory:
    """Who signs: himself, acting (`acting` Pj., Plt. or Plh.), or in the name of another.

    `on_behalf_of` gives "a.n. WALI KOTA …" above the title; `through` the office between: "Sekretaris Daerah, u.b.".
    """

    name: str
    title: str
    nip: str = ""
    rank: str = ""
    acting: Literal["", "Pj.", "Plt.", "Plh."] = ""
    on_behalf_of: str = ""
    through: str = ""

    @property
    def heading(self) -> list[str]:
        title = f"{self.acting} {self.title}".strip()
        if not self.on_behalf_of:
            return [f"{title},"]
        through = [self.through, "u.b."] if self.through else []
        return [f"a.n. {self.on_behalf_of}", *through, f"{title},"]

    @property
    def below(self) -> list[str]:
        return [line for line in (self.rank, f"NIP {self.nip}" if self.nip else "") if line]


@dataclass(frozen=True)
class Printed:
    """The last line of every page: who printed it, when, in which city; `mark` is the audit chain's head."""

    at: datetime
    by: str
    city: str
    mark: str = ""

    @property
    def line(self) -> str:
        moment = f"{long_date(self.at.date())} pukul {self.at:%H.%M}"
        mark = f" · jejak audit {self.mark}" if self.mark else ""
        return f"Dicetak {moment} oleh {self.by} · {self.city}{mark}"


@dataclass(frozen=True)
class Heading:
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Text:
    text: str
    align: Literal["justify", "center", "left", "right"] = "justify"


@dataclass(frozen=True)
class Facts:
    """Lines of "label : value"."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Clause:
    """A label at the left (Menimbang, KESATU) and its text, or its items numbered a. b. or 1. 2."""

    label: str
    items: tuple[str, ...]
    numbering: Literal["", "a", "1"] = ""


@dataclass(frozen=True)
class Items:
    items: tuple[str, ...]
    numbering: Literal["a", "1"] = "1"


@dataclass(frozen=True)
class Annex:
    """The block at the head of an annex: of which decree it is part."""

    lines: tuple[str, ...]


@dataclass(frozen=True)
class Signatures:
    """One signature at the right under place and date, or several side by side, two in a row."""

    signatories: tuple[Signatory, ...]
    opening: tuple[str, ...] = ()  # ("Ditetapkan di Pamulang", "pada tanggal 22 November 2019")


@dataclass(frozen=True)
class Copies:
    """Tembusan."""

    to: tuple[str, ...]


Block = Heading | Text | Facts | Clause | Items | Annex | Signatures | Copies | Table


@dataclass(frozen=True)
class Section:
    blocks: tuple[Block, ...]
    landscape: bool = False
    letterhead: bool = False


@dataclass(frozen=True)
class Paper:
    """`title` names the document for readers of its properties; `file_name` has no suffix."""

    title: str
    file_name: str
    sections: tuple[Section, ...]
    letterhead: Letterhead | None = None
    printed: Printed | None = None
    templates: Templates = None

    @property
    def tables(self) -> list[Table]:
        return [block for section in self.sections for block in section.blocks if isinstance(block, Table)]

    def pdf(self) -> bytes:
        from lindung.papers.typeset import pdf

        return pdf(self)

    def docx(self) -> bytes:
        from lindung.papers.word import docx

        return docx(self)

    def xlsx(self) -> bytes:
        """Its tables alone, a sheet each."""
        from lindung.papers.tables import xlsx

        return xlsx(self.tables)


_MONTHS = [
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
]
_DAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]
_UNITS = [
    "nol",
    "satu",
    "dua",
    "tiga",
    "empat",
    "lima",
    "enam",
    "tujuh",
    "delapan",
    "sembilan",
    "sepuluh",
    "sebelas",
]


def long_date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def long_month(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.year}"


def day_name(day: date) -> str:
    return _DAYS[day.weekday()]


def period(first: date, last: date | None) -> str:
    """ "1 November 2019 sampai dengan 31 Desember 2019"; without an end "sejak …"."""
    if last is None:
        return f"sejak {long_date(first)}"
    return f"{long_date(first)} sampai dengan {long_date(last)}"


def in_words(value: int) -> str:
    """A whole number ≥ 0 below 10¹⁵ in Indonesian words (terbilang)."""
    if value < 12:
        return _UNITS[value]
    if value < 20:
        return f"{_UNITS[value - 10]} belas"
    for size, name, one in (
        (10**12, "triliun", "satu triliun"),
        (10**9, "miliar", "satu miliar"),
        (10**6, "juta", "satu juta"),
        (1000, "ribu", "seribu"),
        (100, "ratus", "seratus"),
        (10, "puluh", "satu puluh"),
    ):
        if value >= size:
            many, rest = divmod(value, size)
            head = one if many == 1 else f"{in_words(many)} {name}"
            return f"{head} {in_words(rest)}" if rest else head
    raise ValueError(value)
