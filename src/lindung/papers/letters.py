"""Letters, minutes and memos around a list: what is asked of the units, what they answer for, what a team found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base.money import number
from lindung.base.refused import Refused
from lindung.papers import paper as p
from lindung.papers.decree import Edition, changes_table
from lindung.papers.tables import Column, Table
from lindung.papers.wording import filled, wording


@dataclass(frozen=True)
class Envelope:
    """What stands around the text. Number and day are typed in by the office; without them their place stays open."""

    letterhead: p.Letterhead
    signatory: p.Signatory
    place: str
    to: tuple[str, ...] = ()  # ("Lurah se-Kecamatan Pamulang", "di Tempat")
    number: str = ""
    day: date | None = None
    attachment: str = "1 (satu) berkas"
    copies: tuple[str, ...] = ()
    printed: p.Printed | None = None
    templates: Path | None = None


def request_for_data(envelope: Envelope, quotas: pl.DataFrame, *, document: str, deadline: date) -> p.Paper:
    """1. Surat permintaan data. `quotas`: category, quota (Int64)."""
    words = wording("request", envelope.templates)
    values = {"document": document, "deadline": p.long_date(deadline)}
    table = Table(
        (Column("category", "Kategori", width=110), Column("quota", "Kuota", "number", 40, total=True)),
        quotas,
        "Kuota",
    )
    blocks = (*_texts(words["body"], values), table, *_texts(words["after"], values))
    return _letter(envelope, words["about"], blocks)


def cover_and_responsibility(envelope: Envelope, rows: pl.DataFrame, *, request: str) -> p.Paper:
    """3. Surat pengantar and SPTJM of the lurah or head of OPD. `rows`: category, quota (null: not known), proposed, complete (Int64).

    What is missing is proposed less complete.
    """
    words = wording("cover", envelope.templates)
    rows = rows.with_columns(missing=pl.col("proposed") - pl.col("complete"))
    table = Table(
        (
            Column("category", "Kategori", width=70),
            Column("quota", "Kuota", "number", total=rows["quota"].null_count() == 0),
            Column("proposed", "Diusulkan", "number", total=True),
            Column("complete", "Lengkap", "number", total=True),
            Column("missing", "Belum", "number", total=True),
        ),
        rows,
        "Usulan",
    )
    people = int(rows["proposed"].sum())
    values = {"request": request, "people": number(people), "people_words": p.in_words(people)}
    letter = _letter(envelope, words["about"], (*_texts(words["body"], values), table))
    signatory = envelope.signatory
    statement = (
        p.Heading((words["responsibility_title"],)),
        *_texts(words["responsibility"], values),
        p.Facts((("Nama", signatory.name), ("NIP", signatory.nip or "…"), ("Jabatan", signatory.title))),
        p.Items(filled(words["responsible_for"], values), "1"),
        *_texts([words["responsibility_end"]], values),
        _signed(envelope),
    )
    return p.Paper(
        letter.title,
        "Surat pengantar dan SPTJM",
        (*letter.sections, p.Section(statement, letterhead=True)),
        envelope.letterhead,
        envelope.printed,
        envelope.templates,
    )


VERIFIED = (
    Column("place", "Kelurahan/PD", width=44),
    Column("proposed", "Usulan", "number", total=True),
    Column("nik", "NIK", "number", total=True, group="Tidak memenuhi syarat"),
    Column("double", "Ganda", "number", total=True, group="Tidak memenuhi syarat"),
    Column("age", "Usia", "number", total=True, group="Tidak memenuhi syarat"),
    Column("covered", "Sudah peserta", "number", total=True, group="Tidak memenuhi syarat"),
    Column("deceased", "Meninggal", "number", total=True, group="Tidak memenuhi syarat"),
    Column("elsewhere", "Bukan penduduk", "number", total=True, group="Tidak memenuhi syarat"),
    Column("category", "Kategori", "number", total=True, group="Tidak memenuhi syarat"),
    Column("accepted", "Memenuhi syarat", "number", total=True),
    Column("waiting", "Daftar tunggu", "number", total=True),
)


def verification_minutes(
    envelope: Envelope,
    rows: pl.DataFrame,
    team: Sequence[p.Signatory],
    *,
    document: str,
    checks: Sequence[str] = (),
) -> p.Paper:
    """8. Berita Acara Verifikasi, signed by the team. `rows`: the keys of `VERIFIED`, counts Int64.

    Each row must add up: proposed = the reasons + accepted + waiting. Raises Refused("papers.does_not_add_up").
    """
    reasons = [c.key for c in VERIFIED if c.group]
    wrong = rows.filter(pl.col("proposed") != pl.sum_horizontal(*reasons, "accepted", "waiting"))
    if not wrong.is_empty():
        raise Refused(
            "papers.does_not_add_up", {"place": wrong["place"][0], "proposed": wrong["proposed"][0]}
        )
    words = wording("minutes", envelope.templates)
    values: dict[str, Any] = {**_moment(envelope), "document": document, "checks": "; ".join(checks)}
    for key in ("proposed", "accepted", "waiting"):
        total = int(rows[key].sum())
        values |= {key: number(total), f"{key}_words": p.in_words(total)}
    blocks = (
        *_texts([words["opening"]], values),
        Table(VERIFIED, rows, "Hasil verifikasi"),
        *_texts([words["result"], *([words["checks"]] if checks else []), words["closing"]], values),
    )
    return _minutes(envelope, words, values, blocks, team)


def changes_minutes(
    envelope: Envelope, changes: pl.DataFrame, team: Sequence[p.Signatory], *, decree: str, month: date,
    edition: Edition = "full",
) -> p.Paper:  # fmt: skip
    """11. Berita Acara Perubahan Data of one month. `changes` as `decree.changes_table`."""
    words = wording("changes", envelope.templates)
    values = {
        **_moment(envelope),
        "decree": decree,
        "month": p.long_month(month).upper(),
        "changed": number(changes.height),
        "changed_words": p.in_words(changes.height),
    }
    blocks = (
        *_texts([words["opening"]], values),
        changes_table(changes, edition),
        *_texts([words["closing"]], values),
    )
    return _minutes(envelope, words, values, blocks, team)


def memo(envelope: Envelope, points: Sequence[Sequence[str]], *, sender: str) -> p.Paper:
    """9. Nota dinas to the mayor through the Sekda: `points` are the sentences of basis, result, budget and advice."""
    words = wording("memo", envelope.templates)
    facts = p.Facts(
        (
            ("Yth.", ", ".join(envelope.to)),
            ("Dari", sender),
            ("Tanggal", _day(envelope)),
            ("Nomor", envelope.number or "…………………"),
            ("Hal", words["about"]),
        )
    )
    clauses = [
        p.Clause(head, tuple(items), "1" if len(items) > 1 else "")
        for head, items in zip(words["heads"], points, strict=True)
        if items
    ]
    blocks = (
        p.Heading((words["title"],)),
        facts,
        *clauses,
        *_texts([words["closing"]], {}),
        _signed(envelope),
    )
    return _paper(
        envelope, words["title"].capitalize(), (p.Section((*blocks, *_copies(envelope)), letterhead=True),)
    )


def bpjs_cover(
    envelope: Envelope,
    files: pl.DataFrame,
    *,
    document: str,
    payer: str,
    period: str,
    programmes: Sequence[str],
) -> p.Paper:
    """13. Surat pengantar ke BPJS. `files`: file, rows, valid, rejected (Int64, null before the answer)."""
    words = wording("bpjs_cover", envelope.templates)
    values = {"document": document, "payer": payer, "period": period, "programmes": ", ".join(programmes)}
    answered = files["valid"].null_count() == 0
    table = Table(
        (
            Column("file", "Berkas", width=80),
            Column("rows", "Baris", "number", total=True),
            Column("valid", "Valid", "number", total=answered),
            Column("rejected", "Tidak valid", "number", total=answered),
        ),
        files,
        "Berkas",
    )
    return _letter(
        envelope, words["about"], (*_texts(words["body"], values), table, *_texts(words["after"], values))
    )


def _letter(envelope: Envelope, about: str, blocks: Sequence[p.Block]) -> p.Paper:
    words = wording("letter", envelope.templates)
    facts = p.Facts(
        (
            ("Nomor", envelope.number or "…………………"),
            ("Sifat", words["nature"]),
            ("Lampiran", envelope.attachment),
            ("Hal", about),
        )
    )
    section = (
        p.Text(f"{envelope.place}, {_day(envelope)}", "right"),
        facts,
        p.Text("\n".join(("Yth. " + envelope.to[0], *envelope.to[1:])) if envelope.to else "Yth. …", "left"),
        *blocks,
        p.Text(words["closing"]),
        _signed(envelope, dated=False),
        *_copies(envelope),
    )
    return _paper(envelope, about, (p.Section(section, letterhead=True),))


def _minutes(
    envelope: Envelope,
    words: Mapping[str, Any],
    values: Mapping[str, Any],
    blocks: Sequence[p.Block],
    team: Sequence[p.Signatory],
) -> p.Paper:
    heading = p.Heading(
        (words["title"], filled(words["subject"], values), f"NOMOR {envelope.number or '…………………'}")
    )
    signed = p.Signatures(tuple(team) or (envelope.signatory,))
    return _paper(
        envelope,
        words["title"].capitalize(),
        (p.Section((heading, *blocks, signed), landscape=True, letterhead=True),),
    )


def _paper(envelope: Envelope, title: str, sections: tuple[p.Section, ...]) -> p.Paper:
    name = title if not envelope.number else f"{title} {envelope.number}"
    return p.Paper(
        title,
        name.replace("/", "-")[:100],
        sections,
        envelope.letterhead,
        envelope.printed,
        envelope.templates,
    )


def _texts(sentences: Sequence[str], values: Mapping[str, Any]) -> list[p.Block]:
    return [p.Text(text) for text in filled(list(sentences), values)]


def _signed(envelope: Envelope, *, dated: bool = True) -> p.Signatures:
    return p.Signatures((envelope.signatory,), (f"{envelope.place}, {_day(envelope)}",) if dated else ())


def _copies(envelope: Envelope) -> tuple[p.Copies, ...]:
    return (p.Copies(envelope.copies),) if envelope.copies else ()


def _day(envelope: Envelope) -> str:
    return p.long_date(envelope.day) if envelope.day else "…………………"


def _moment(envelope: Envelope) -> dict[str, Any]:
    day = envelope.day
    return {"day_name": p.day_name(day) if day else "…………", "day": _day(envelope), "place": envelope.place}


def invitation_slip(
    *,
    name: str,
    login: str,
    code: str,
    place: str,
    until: date,
    printed: p.Printed | None = None,
    templates: p.Templates = None,
) -> p.Paper:
    """The slip that an administrator hands over: the address, the account, and the code that sets a password once."""
    blocks: tuple[p.Block, ...] = (
        p.Heading(("KODE KATA SANDI", "Lindung")),
        p.Facts((
            ("Untuk", name),
            ("Akun", login),
            ("Kode", code),
            ("Alamat", place),
            ("Berlaku sampai", p.long_date(until)),
        )),
        p.Items((
            "Buka alamat di atas, lalu ketik akun dan kode ini.",
            "Buat kata sandi sendiri: paling sedikit dua belas karakter; beberapa kata sudah baik.",
            "Kode berlaku sekali. Kode baru mengakhiri kode ini.",
            "Jangan difoto dan jangan diteruskan. Sobek lembar ini setelah kata sandi dibuat.",
        )),
    )  # fmt: skip
    return p.Paper("Kode kata sandi", f"Kode {login}", (p.Section(blocks),), None, printed, templates)
