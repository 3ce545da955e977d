"""What BPJS, Disdukcapil and Dinsos answer in the demo, and the numbers on its papers. All invented, none by chance."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import polars as pl

from lindung.identity.regions import names
from lindung.samples.demo.figures import figures, scheme_of, units
from lindung.samples.demo.files import DemoFile, made, replacements

CEREMONY = "tangsel-2019"
CARDS = 300  # handed over at the ceremony
_MEND_SERIAL = 983  # above the serials of a city's people


def check_answer(slug: str, checker: str, file: bytes) -> bytes:
    """The check file filled in by `checker` ("bpjs", "disdukcapil", "dinsos"), as XLSX: everybody fits, for the mistakes
    planted in the lists are found before."""
    sheet = pl.read_excel(io.BytesIO(file), engine="calamine", infer_schema_length=0)
    told = {
        "Aktif di": pl.lit("-"),
        "Lunas s.d.": pl.lit("-"),
        "Hidup/Meninggal/Pindah": pl.lit("Hidup"),
        "Domisili": pl.lit(names()[scheme_of(slug).locality].title()),
        "Desil": (pl.int_range(pl.len()) % 4 + 1).cast(pl.String),
        "Versi data": pl.lit(f"DTKS {figures(slug)['on'].year}"),
        "Hasil": pl.lit("SESUAI"),
        "Alasan": pl.lit(""),
    }
    filled = sheet.with_columns(**{name: expr for name, expr in told.items() if name in sheet.columns})
    return _workbook(filled, "Cek")


def _workbook(frame: pl.DataFrame, sheet: str) -> bytes:
    from rustpy_xlsxwriter import write_worksheet

    stream = io.BytesIO()
    write_worksheet(frame.with_columns(pl.all().fill_null("")).to_dicts(), stream, sheet_name=sheet)
    return stream.getvalue()


# ------------------------------------------------------------------------------------------------------------- BPJS


@cache
def _numbers(slug: str) -> dict[str, int]:
    """NIK → a number of its own, for everybody of the demo, corrected NIK included."""
    people = made(slug).filter(pl.col("of").is_null()).select("nik", "index")
    known = dict(people.iter_rows())
    return known | {new: known[old] for old, new in _corrected(slug).items()}


@cache
def _corrected(slug: str) -> dict[str, str]:
    """The NIK that BPJS rejects → the one on the card: another serial, which nobody else has."""
    first = 5001 + 1000 * (figures(slug)["seed"] - 1) + _MEND_SERIAL
    wrong = made(slug).filter(mend="corrected")["nik"].sort().to_list()
    right: dict[str, str] = {}
    for nik in wrong:
        serial = next(n for n in range(first, first + 17) if f"{nik[:12]}{n}" not in right.values())
        right[nik] = f"{nik[:12]}{serial}"
    return right


def kpj(slug: str, nik: str) -> str:
    """Eleven digits, one for each NIK of the demo; anybody else's begin with 9."""
    number = _numbers(slug).get(nik)
    if number is None:
        return f"9{zlib.crc32(nik.encode()):010d}"
    return (
        f"{figures(slug)['on'].year % 100:02d}{figures(slug)['seed']}{(number * 7_919 + 104_729) % 10**8:08d}"
    )


def bpjs_answer(slug: str, rows: pl.DataFrame) -> tuple[str, bytes]:
    """The branch's answer to a file: name and CSV with NIK, KPJ, STATUS, ALASAN.

    `rows`: nik, line, again (sent before). Who is to be corrected or replaced is rejected the first time.
    """
    bad = dict(
        made(slug)
        .filter(pl.col("mend").is_not_null(), pl.col("of").is_null())
        .select("nik", "mend")
        .iter_rows()
    )
    reasons = {"corrected": "NIK tidak ditemukan di Dukcapil", "replaced": "Sudah menjadi peserta PU aktif"}
    answers = []
    for nik, again in rows.select("nik", "again").iter_rows():
        mend = None if again else bad.get(nik)
        answers.append(
            (
                nik,
                "" if mend else kpj(slug, nik),
                "TIDAK VALID" if mend else "VALID",
                reasons.get(mend or "", ""),
            )
        )
    frame = pl.DataFrame(answers, schema=["NIK", "KPJ", "STATUS", "ALASAN"], orient="row")
    digest = zlib.crc32("".join(frame["NIK"]).encode())
    return f"jawaban-bpjs-{slug}-{digest:08x}.csv", frame.write_csv().encode()


@dataclass(frozen=True)
class Mend:
    """What the city does about the rejected: membership → right NIK, memberships that end, lists of those who follow."""

    corrected: dict[Any, str] = field(default_factory=dict)
    replaced: list[Any] = field(default_factory=list)
    rosters: list[DemoFile] = field(default_factory=list)


def mend(slug: str, rejected: Sequence[tuple[Any, str]]) -> Mend:
    """`rejected`: (membership, NIK as BPJS got it)."""
    right = _corrected(slug)
    corrected = {member: right[nik] for member, nik in rejected if nik in right}
    gone = set(made(slug).filter(mend="replaced")["nik"])
    replaced = [member for member, nik in rejected if nik in gone]
    return Mend(corrected, replaced, list(replacements(slug)) if replaced else [])


# ----------------------------------------------------------------------------------------------------------- papers


def payment_code(slug: str, unit: str, month: str, sequence: int) -> str:
    """Eleven digits (kode iuran) of a bill: scheme, year and month, unit, sequence. Unique for each."""
    place = units(slug)["code"].to_list().index(unit)
    return f"{figures(slug)['seed']}{month[2:4]}{month[5:7]}{place:03d}{sequence % 1000:03d}"


def document_number(slug: str, unit: str | None, sequence: int) -> str:
    """The number on a decree, or on the list of an office."""
    return figures(slug)["number"].format(number=f"{300 + sequence:03d}", unit=(unit or "kota").upper())


def ceremony(members: Sequence[tuple[Any, str]]) -> list[Any]:
    """Three hundred of `members` (membership, category), every category by its share, evenly over their order."""
    by_category: dict[str, list[Any]] = {}
    for member, category in members:
        by_category.setdefault(category, []).append(member)
    wanted = min(CARDS, len(members))
    exact = {category: wanted * len(found) / len(members) for category, found in by_category.items()}
    places = {category: int(share) for category, share in exact.items()}
    for category in sorted(exact, key=lambda c: places[c] - exact[c])[: wanted - sum(places.values())]:
        places[category] += 1
    chosen = {
        found[at * len(found) // places[category]]
        for category, found in by_category.items()
        for at in range(places[category])
    }
    return [member for member, _ in members if member in chosen]
