"""The printable list of a sender's members before a new budget year, with a box to tick for each (daftar konfirmasi ulang)."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from lindung.enrolment.actions.rounds import asked_about
from lindung.enrolment.rounds import Round
from lindung.papers import paper as p
from lindung.papers.tables import Column, Table
from lindung.registry.models import Unit, User
from lindung.registry.queries import rules_of
from lindung.workflows.papers import letterhead, printed


def confirmation_list(round: Round, unit: Unit, *, user: User | None, at: datetime) -> p.Paper:
    """By kelurahan, RW, RT and name; the NIK masked; signed by the head of the sender."""
    rows = (
        asked_about(round, unit)
        .select_related("person", "version", "kelurahan")
        .order_by("kelurahan", "person__rw", "person__rt", "person__name", "pk")
    )
    labels: dict[int, dict[str, str]] = {}
    told = []
    for one in rows:
        names = labels.setdefault(
            one.version_id, {c.id: c.label["id"] for c in rules_of(one.version).categories}
        )
        who = one.person
        told.append({
            "name": who.name, "nik": f"{who.nik[:4]} •••• •••• {who.nik[-4:]}", "category": names.get(one.category, one.category),
            "place": f"{who.rt or 0:03d}/{who.rw or 0:03d}",
        })  # fmt: skip
    columns = (
        Column("name", "Nama", width=44), Column("nik", "NIK", width=34), Column("category", "Kategori", width=30), Column("place", "RT/RW", width=16),
        Column("stays", "Tetap", "blank", width=14), Column("left", "Berhenti", "blank", width=16, group="Tidak lagi (centang satu)"),
        Column("died", "Meninggal", "blank", width=18, group="Tidak lagi (centang satu)"), Column("moved", "Pindah", "blank", width=14, group="Tidak lagi (centang satu)"),
        Column("replaced", "Diganti", "blank", width=15, group="Tidak lagi (centang satu)"),
        Column("since", "Sejak", "blank", width=22), Column("note", "Keterangan", "blank", width=34),
    )  # fmt: skip
    schema = {c.key: pl.String for c in columns if c.kind != "blank"}
    table = Table(columns, pl.DataFrame(told, schema=schema), "Konfirmasi ulang", numbered=True)
    blocks: tuple[p.Block, ...] = (
        p.Heading((f"Daftar konfirmasi ulang peserta tahun {round.year}", unit.name)),
        p.Text(
            f"Centang satu kotak untuk setiap orang menurut keadaan {p.long_date(round.as_of)}, tulis sejak kapan bila tidak lagi, "
            f"lalu kembalikan paling lambat {p.long_date(round.due_on)}. Yang tidak dicentang dihitung belum dikonfirmasi."
        ),
        table,
        p.Signatures((p.Signatory("", f"Kepala {unit.name}"),)),
    )
    title = f"Konfirmasi ulang {round.year}, {unit.name}"
    name = f"konfirmasi-ulang-{round.year}-{unit.code}"
    head = letterhead(round.scheme, round.as_of)
    return p.Paper(
        title,
        name,
        (p.Section(blocks, landscape=True, letterhead=True),),
        head,
        printed(round.scheme, user, at),
    )
