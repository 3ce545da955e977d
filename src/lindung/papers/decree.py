"""The Keputusan Wali Kota of the decree track with its annexes, and its Perubahan.

Everything counted in it is counted from the members given: the recap, the sums and the list of names cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

import polars as pl

from lindung.base.money import number, rupiah
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.papers import paper as p
from lindung.papers.tables import Column, Table, masked_nik, rt_rw
from lindung.papers.wording import ORDINALS, filled, in_force, wording

Edition = Literal["full", "masked"]
PROGRAMMES = {
    "JKK": "Jaminan Kecelakaan Kerja (JKK)",
    "JKM": "Jaminan Kematian (JKM)",
    "JHT": "Jaminan Hari Tua (JHT)",
    "JP": "Jaminan Pensiun (JP)",
}
DIKTUM = (
    "KESATU",
    "KEDUA",
    "KETIGA",
    "KEEMPAT",
    "KELIMA",
    "KEENAM",
    "KETUJUH",
    "KEDELAPAN",
    "KESEMBILAN",
    "KESEPULUH",
)


@dataclass(frozen=True)
class Decree:
    """What the office knows beside the names. `number` and `day` are typed in; without them the place stays open.

    `document` is the regulation it carries out, `minutes` the berita acara verifikasi. `considering`, `recalling` and
    `clauses` take the place of the built-in wording when given; `also_recalling` is added to it.
    """

    head: str  # "Wali Kota Tangerang Selatan"
    document: str  # "Peraturan Wali Kota Tangerang Selatan Nomor 25 Tahun 2019 tentang …"
    category: str  # for the title: "Ketua RT, Ketua RW, …"
    programmes: tuple[str, ...]
    first: date
    until: date
    source: str  # "Anggaran Pendapatan dan Belanja Daerah Kota … Tahun Anggaran 2019"
    signatory: p.Signatory
    place: str
    categories: tuple[str, ...] = ()  # the order of the recap's columns
    number: str = ""
    day: date | None = None
    minutes: str = ""
    letterhead: p.Letterhead | None = None
    copies: tuple[str, ...] = ()
    also_recalling: tuple[str, ...] = ()
    considering: tuple[str, ...] = ()
    recalling: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    printed: p.Printed | None = None
    templates: Path | None = None


def decree(
    facts: Decree, members: pl.DataFrame, funding: pl.DataFrame, *, edition: Edition = "full"
) -> p.Paper:
    """Decree, Lampiran I (recap and funding), Lampiran II (names).

    `members`: nik, name, birth_place, birth_date, sex, address, rt, rw, kelurahan, kecamatan, category, programmes
    (text), contribution (Int64, rupiah a month), first, until (Date); in the order of the list.
    `funding`: unit, account, programme (text), monthly, whole (Int64: the first month, the whole period, each month by
    its own law); the sum of `monthly` must be that of the members.
    The masked edition is for publication: no birth date, no address, NIK covered in the middle.
    Raises Refused("papers.nobody", "papers.funding_differs").
    """
    if members.is_empty():
        raise Refused("papers.nobody")
    monthly, paid = int(members["contribution"].sum()), int(funding["monthly"].sum())
    if monthly != paid:
        raise Refused("papers.funding_differs", {"members": rupiah(monthly), "funding": rupiah(paid)})
    whole = int(funding["whole"].sum())
    months = Month.of(facts.until) - Month.of(facts.first) + 1
    words = wording("decree", facts.templates)
    values = {
        **_values(facts, members),
        "programmes": _series([PROGRAMMES.get(x, x) for x in facts.programmes]),
        "period": p.period(facts.first, facts.until),
        "monthly": rupiah(monthly),
        "monthly_words": p.in_words(monthly),
        "each": "setiap bulan" if whole == monthly * months else "pada bulan pertama",
        "whole": rupiah(whole),
        "whole_words": p.in_words(whole),
        "months": months,
        "months_words": p.in_words(months),
        "source": facts.source,
    }
    values["about"] = filled(words["about"], values)
    considering = words["considering" if facts.minutes else "considering_no_minutes"]
    recap = recapitulation(members, facts.categories)
    annex_one = (
        _annex(facts, "LAMPIRAN I", values),
        replace(recap, title=("A. REKAPITULASI PENERIMA",)),
        _funding(funding, months),
        _signatures(facts),
    )
    annex_two = (_annex(facts, "LAMPIRAN II", values), names(members, edition), _signatures(facts))
    return _paper(facts, (considering, words["clauses"]), values, (annex_one, annex_two), edition)


def amendment(
    facts: Decree,
    changes: pl.DataFrame,
    members: pl.DataFrame,
    *,
    amended: str,
    ordinal: int = 1,
    edition: Edition = "full",
) -> p.Paper:
    """Perubahan Kesatu, Kedua … atas Keputusan: Lampiran I old and new side by side, Lampiran II the recap after it.

    `amended` names the first decree: "Nomor 460/… Tahun 2019 tentang …". `changes` as `changes_table`; `members` are
    all who are protected after the change. Raises Refused("papers.nobody").
    """
    if changes.is_empty() or members.is_empty():
        raise Refused("papers.nobody")
    words = wording("amendment", facts.templates)
    values = {
        **_values(facts, members),
        "ordinal": ORDINALS[ordinal - 1] if ordinal <= len(ORDINALS) else f"Ke-{ordinal}",
        "amended": amended,
        "changed": number(changes.height),
        "changed_words": p.in_words(changes.height),
    }
    values["about"] = filled(words["about"], values)
    annex_one = (_annex(facts, "LAMPIRAN I", values), changes_table(changes, edition), _signatures(facts))
    annex_two = (
        _annex(facts, "LAMPIRAN II", values),
        replace(
            recapitulation(members, facts.categories), title=("REKAPITULASI PENERIMA SETELAH PERUBAHAN",)
        ),
        _signatures(facts),
    )
    return _paper(facts, (words["considering"], words["clauses"]), values, (annex_one, annex_two), edition)


def recapitulation(members: pl.DataFrame, categories: Sequence[str] = ()) -> Table:
    """Kecamatan × kelurahan × category, in the order in which they stand in `members`; sums at right and below."""
    present = members["category"].unique(maintain_order=True).to_list()
    shown = [*(c for c in categories if c in present), *(c for c in present if c not in categories)]
    counted = members.group_by("kecamatan", "kelurahan", maintain_order=True).agg(
        *(pl.col("category").eq(c).sum().cast(pl.Int64).alias(f"c{at}") for at, c in enumerate(shown)),
        pl.len().cast(pl.Int64).alias("people"),
    )
    columns = (
        Column("kecamatan", "Kecamatan", width=36),
        Column("kelurahan", "Kelurahan", width=42),
        *(Column(f"c{at}", c, "number", 22, total=True, group="Kategori") for at, c in enumerate(shown)),
        Column("people", "Jumlah", "number", 20, total=True),
    )
    return Table(columns, counted, "Rekapitulasi")


def names(members: pl.DataFrame, edition: Edition = "full") -> Table:
    """Lampiran II. Published, birth date and kecamatan would give back what the mask covers of a NIK, so they differ."""
    rows = members.with_columns(
        nik=masked_nik(pl.col("nik")) if edition == "masked" else pl.col("nik"),
        born=pl.concat_str(
            pl.col("birth_place").fill_null("—"),
            pl.col("birth_date").dt.strftime("%d-%m-%Y").fill_null("—"),
            separator=", ",
        ),
        rtrw=rt_rw(),
        period=pl.concat_str(
            pl.col("first").dt.strftime("%d-%m-%Y"),
            pl.col("until").dt.strftime("%d-%m-%Y").fill_null("…"),
            separator=" – ",
        ),
    )
    private = (
        Column("born", "Tempat, tanggal lahir", width=32),
        Column("sex", "L/P", width=9),
        Column("address", "Alamat", width=38),
    )
    columns = (
        Column("name", "Nama", width=38),
        Column("nik", "NIK", width=30),
        *(private if edition == "full" else (Column("sex", "L/P", width=9),)),
        Column("rtrw", "RT/RW", width=15),
        Column("kelurahan", "Kelurahan", width=26),
        Column("kecamatan", "Kecamatan", width=24),
        Column("category", "Kategori", width=24),
        Column("programmes", "Program", width=18),
        Column("contribution", "Iuran/bulan", "rupiah", 18, total=True),
        Column("period", "Masa", width=21 if edition == "full" else 38),
    )
    return Table(columns, rows, "Daftar nama", ("DAFTAR NAMA PENERIMA",))


def changes_table(changes: pl.DataFrame, edition: Edition = "full") -> Table:
    """`changes`: place (kelurahan or unit), category, old_name, old_nik, new_name, new_nik, reason, since (Date), basis."""
    mask = masked_nik if edition == "masked" else (lambda nik: nik)
    rows = changes.with_columns(mask(pl.col("old_nik")), mask(pl.col("new_nik")))
    columns = (
        Column("place", "Kelurahan/PD", width=30),
        Column("category", "Kategori", width=24),
        Column("old_name", "Nama", width=36, group="Semula"),
        Column("old_nik", "NIK", width=30, group="Semula"),
        Column("new_name", "Nama", width=36, group="Menjadi"),
        Column("new_nik", "NIK", width=30, group="Menjadi"),
        Column("reason", "Sebab", width=24),
        Column("since", "TMT", "date", 19),
        Column("basis", "Dasar", width=32),
    )
    return Table(columns, rows, "Perubahan", ("DAFTAR PERUBAHAN PENERIMA",))


def _funding(funding: pl.DataFrame, months: int) -> Table:
    same = int(funding["whole"].sum()) == int(funding["monthly"].sum()) * months
    columns = (
        Column("unit", "Perangkat Daerah", width=60),
        Column("programme", "Program", width=22),
        Column("account", "Kode rekening", width=42),
        Column("monthly", "Iuran setiap bulan" if same else "Iuran bulan pertama", "rupiah", 36, total=True),
        Column("whole", f"Iuran {months} bulan", "rupiah", 36, total=True),
    )
    return Table(columns, funding, "Pembebanan", ("B. PEMBEBANAN IURAN",))


def _values(facts: Decree, members: pl.DataFrame) -> dict[str, Any]:
    return {
        "head": facts.head,
        "document": facts.document,
        "category": facts.category,
        "minutes": facts.minutes,
        "people": number(members.height),
        "people_words": p.in_words(members.height),
    }


def _title(facts: Decree) -> tuple[str, ...]:
    year = facts.day.year if facts.day else facts.first.year
    return (f"KEPUTUSAN {facts.head.upper()}", f"NOMOR {facts.number or '…………………'} TAHUN {year}")


def _annex(facts: Decree, label: str, values: dict[str, Any]) -> p.Annex:
    return p.Annex((label, *_title(facts), "TENTANG", values["about"].upper()))


def _signatures(facts: Decree, opening: tuple[str, ...] = ()) -> p.Signatures:
    return p.Signatures((facts.signatory,), opening)


def _paper(
    facts: Decree,
    texts: tuple[list[str], list[str]],
    values: dict[str, Any],
    annexes: Sequence[tuple[p.Block, ...]],
    edition: Edition,
) -> p.Paper:
    considering, clauses = texts
    recalling = wording("decree", facts.templates)["recalling"]
    basis = facts.recalling or (
        *in_force(recalling, facts.day or facts.first),
        f"{facts.document};",
        *facts.also_recalling,
    )
    diktum = filled(list(facts.clauses) or clauses, values)
    day = p.long_date(facts.day) if facts.day else "…………………"
    body = (
        p.Heading((*_title(facts), "TENTANG", values["about"].upper())),
        p.Heading((f"{facts.head.upper()},",)),
        p.Clause("Menimbang", filled(list(facts.considering) or considering, values), "a"),
        p.Clause("Mengingat", (*basis[:-1], basis[-1].rstrip(";") + "."), "1"),
        p.Heading(("MEMUTUSKAN:",)),
        p.Clause("Menetapkan", (f"KEPUTUSAN {facts.head.upper()} TENTANG {values['about'].upper()}.",)),
        *(p.Clause(label, (text,)) for label, text in zip(DIKTUM, diktum, strict=False)),
        _signatures(facts, (f"Ditetapkan di {facts.place}", f"pada tanggal {day}")),
        *((p.Copies(facts.copies),) if facts.copies else ()),
    )
    title = f"Keputusan {facts.head} {facts.number}".strip()
    name = f"Keputusan {facts.number or 'konsep'}{' (disamarkan)' if edition == 'masked' else ''}"
    sections = (p.Section(body, letterhead=True), *(p.Section(blocks, landscape=True) for blocks in annexes))
    return p.Paper(title, name.replace("/", "-"), sections, facts.letterhead, facts.printed, facts.templates)


def _series(items: Sequence[str]) -> str:
    """ "a, b dan c"."""
    return " dan ".join((", ".join(items[:-1]), items[-1])) if len(items) > 1 else "".join(items)
