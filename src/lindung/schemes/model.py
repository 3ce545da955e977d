"""What a scheme file says, checked and with its defaults resolved. Made by `loader` only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from lindung.schemes.conditions import Condition

Label = dict[str, str]  # {"id": Indonesian, "en": English}

CHECKERS = ("bpjs", "disdukcapil", "dinsos")

# kind of document → its short name in Indonesian; the order is the order of rank
DOCUMENTS = {
    "perda": "Perda",
    "pergub": "Pergub",
    "perbup": "Perbup",
    "perwal": "Perwal",
    "keputusan": "Keputusan",
    "instruksi": "Instruksi",
    "pks": "PKS",
    "se": "SE",
}


@dataclass(frozen=True)
class Document:
    """The regulation, agreement or circular a scheme rests on. `number` and `year` are None while unknown."""

    kind: str
    number: str | None
    year: int | None
    status: str
    dates: dict[str, date]  # step ("ditetapkan", "ditandatangani", …) → day
    title: Label

    @property
    def short(self) -> str:
        """ "Perwal 25/2019"; what is unknown shows as an ellipsis."""
        return f"{DOCUMENTS[self.kind]} {self.number or '…'}/{self.year or '…'}"


@dataclass(frozen=True)
class Payer:
    """`kind` as the law of contributions knows it (APBD, APBN, APBDes, donor, employer, self); `unit` None: the sender."""

    kind: str
    fund: str | None
    method: str | None
    unit: str | None


@dataclass(frozen=True)
class Wage:
    """Whole rupiah a month for everybody, or None: each person's own, from the roster."""

    amount: int | None
    from_roster: bool
    assumed: bool
    source: str | None


@dataclass(frozen=True)
class Period:
    from_: date
    until: date | None


@dataclass(frozen=True)
class Reported:
    """A figure that somebody else published. It is kept beside the computed one and never forced to agree."""

    key: str
    value: int
    about: bool
    quote: str


@dataclass(frozen=True)
class Category:
    """One group of people; everything resolved with the scheme's defaults.

    `registrable` is False for people whom a regulation names but BPJS cannot take: listed apart, never a gap.
    """

    id: str
    label: Label
    target: int | None
    aliases: tuple[str, ...]
    track: str
    segment: str
    programmes: tuple[str, ...]
    payer: Payer
    risk_class: str | None
    wage: Wage
    period: Period
    registrable: bool


@dataclass(frozen=True)
class Scheme:
    """One local protection scheme. `text` is the file as it stood, `sha256` its fingerprint."""

    id: str
    locality: str
    document: Document
    track: str
    segment: str
    programmes: tuple[str, ...]
    wage: Wage
    payer: Payer
    period: Period
    reported: tuple[Reported, ...]
    categories: tuple[Category, ...]
    conditions: tuple[Condition, ...]
    assumptions: tuple[Label, ...]  # what the sources do not say and this file takes for granted
    text: str
    sha256: str
    non_asn_jht: str | None = (
        None  # JHT of non-ASN staff by the city's rule (law.duties.NON_ASN_JHT); None: not said
    )

    checks: tuple[tuple[str, int], ...] = ()  # (checker, days for which its answer counts)
    amend_every: int | None = None  # months between two amendments of the decree; None: not said

    @property
    def state_employer(self) -> bool:
        """Whether an office of the government is the employer of somebody in the scheme."""
        return any(c.segment == "PU" and c.payer.kind in ("APBD", "APBN", "APBDes") for c in self.categories)
