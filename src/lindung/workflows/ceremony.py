"""The ceremony pack: who receives for each category, figures for the speech frozen with their date, attendance, minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from lindung.base.messages import speaking
from lindung.base.money import number
from lindung.base.month import Month
from lindung.base.refused import Refused
from lindung.coverage.queries import Coverage, coverage
from lindung.papers import lists
from lindung.papers import paper as p
from lindung.papers.tables import Column, Table, xlsx
from lindung.registry import audit, frames
from lindung.registry.models import Scheme, User
from lindung.registry.queries import current_version, rules_of
from lindung.workflows.papers import city_of, document_title, letterhead, printed

RESERVES = 2  # people who stand ready when the first cannot come

RECIPIENTS = {
    "membership_id": pl.Int64, "person_id": pl.Int64, "turn": pl.Int64, "category": pl.String, "name": pl.String, "kpj": pl.String,
    "kelurahan": pl.String, "rt": pl.Int64, "rw": pl.Int64, "phone": pl.String, "paid_on": pl.Date,
}  # fmt: skip


def symbolic_recipients(scheme: Scheme, on: date, *, reserves: int = RESERVES) -> pl.DataFrame:
    """For each category the first person who is alive, has a KPJ and whose month is paid on that day, and reserves.

    `turn` is 1 for who receives, 2 … for reserves. In the order of kelurahan, RW, RT and name, so that the same day
    gives the same people.
    """
    rows = frames.read(
        """select * from (
               select m.id, m.person_id, row_number() over (partition by m.category order by m.kelurahan_id, p.rw, p.rt, p.name, m.id) turn,
                      m.category, p.name, g.kpj, coalesce(k.name, u.name), p.rt, p.rw, p.phone, c.paid_on
               from enrolment_membership m join registry_person p on p.id = m.person_id
               join registry_unit u on u.id = m.unit_id left join registry_region k on k.code = m.kelurahan_id
               join enrolment_registration g on g.membership_id = m.id and g.registered_on <= %s
               join contributions_line l on l.membership_id = m.id and l.month = %s
               join contributions_calculation c on c.id = l.calculation_id and c.paid_on <= %s
               where m.scheme_id = %s and m.starts_on <= %s and (m.ends_on is null or m.ends_on >= %s)
                 and p.died_on is null and not exists (select from registry_death d where d.nik = p.nik)
                 and not exists (select from enrolment_movement v where v.membership_id = m.id
                                 and v.state = 'proposed' and v.kind = 'died')) s
           where turn <= %s order by category, turn""",
        [on, Month.of(on).first, on, scheme.pk, on, on, 1 + reserves],
        RECIPIENTS,
    )
    order = [category.id for category in rules_of(current_version(scheme)).categories]
    return rows.sort(
        pl.col("category").replace_strict({c: at for at, c in enumerate(order)}, default=99), "turn"
    )


@dataclass(frozen=True)
class Pack:
    """What goes to the ceremony: (file name, content). The paper holds figures, recipients and the minutes."""

    recipients: pl.DataFrame
    figures: Coverage
    files: tuple[tuple[str, bytes], ...]


def ceremony_pack(
    scheme: Scheme, on: date, place: str, *, guests: int = 60, user: User | None, at: datetime
) -> Pack:
    """Everything for the hand-over on a day. Raises Refused("ceremony.nobody") when no category has anybody to receive."""
    recipients = symbolic_recipients(scheme, on)
    if recipients.is_empty():
        raise Refused("ceremony.nobody", {"on": f"{on:%d-%m-%Y}"})
    rules = rules_of(current_version(scheme))
    labels = {category.id: category.label["id"] for category in rules.categories}
    shown = recipients.with_columns(pl.col("category").replace_strict(labels, default=pl.col("category")))
    with speaking("id"):  # the paper is in Indonesian whatever the screen speaks
        figures = coverage(scheme, on)
    made = p.Paper(
        "Paket acara penyerahan kartu",
        f"Paket acara {scheme.slug} {on:%d-%m-%Y}",
        (
            p.Section(_speech(scheme, figures, labels, document_title(rules, scheme)), letterhead=True),
            p.Section(_minutes(scheme, on, place, shown.filter(turn=1)), letterhead=True),
            *(
                p.Section(_invitation(scheme, on, place, row), letterhead=True)
                for row in shown.filter(turn=1).iter_rows(named=True)
            ),
        ),
        letterhead(scheme, on),
        printed(scheme, user, at),
    )
    tables = xlsx([_called(shown), _attendance(guests, on, place), _receipts(shown.filter(turn=1), on)])
    name = f"paket-acara-{scheme.slug}-{on}"
    return Pack(
        recipients,
        figures,
        ((f"{name}.pdf", made.pdf()), (f"{name}.docx", made.docx()), (f"{name}.xlsx", tables)),
    )


def _speech(scheme: Scheme, figures: Coverage, labels: dict[str, str], document: str) -> tuple[p.Block, ...]:
    rows = pl.DataFrame(
        [
            (labels.get(row.group, row.label), row.target, row.enrolled, row.active)
            for row in figures.rows
            if row.target or row.enrolled
        ],
        schema={"category": pl.String, "target": pl.Int64, "enrolled": pl.Int64, "active": pl.Int64},
        orient="row",
    )
    columns = (
        Column("category", "Kategori", width=70),
        Column("target", "Sasaran", "number", 30, total=rows["target"].null_count() == 0),
        Column("enrolled", "Terdaftar", "number", 30, total=True),
        Column("active", "Aktif lunas", "number", 30, total=True),
    )
    total = figures.total
    return (
        p.Heading(("ANGKA UNTUK SAMBUTAN",)),
        p.Text(f"{document}. Keadaan per {p.long_date(figures.on)}."),
        Table(columns, rows, "Angka sambutan"),
        p.Text(
            f"Yang terdaftar di BPJS Ketenagakerjaan {number(total.enrolled)} orang, dan iuran bulan ini telah dibayar untuk "
            f"{number(total.active)} orang di antaranya."
        ),
        p.Text(figures.definition),
        p.Text(f"Angka ini dibekukan dengan jejak audit {audit.head()[:16]}; angka hari lain dapat berbeda."),
    )


def _invitation(scheme: Scheme, on: date, place: str, row: dict[str, Any]) -> tuple[p.Block, ...]:
    """A letter to each who receives for a category; the hour and the number are written by the office."""
    home = (
        f"RT {row['rt']}/RW {row['rw']}, {row['kelurahan']}" if row["rt"] and row["rw"] else row["kelurahan"]
    )
    return (
        p.Heading(("UNDANGAN", "NOMOR …………………")),
        p.Text(f"Yth. {row['name']} ({row['category']}), {home}"),
        p.Text(
            "Anda terdaftar dalam program jaminan sosial ketenagakerjaan dan diundang untuk menerima kartu tanda terdaftar, "
            f"mewakili {row['category']}, pada:"
        ),
        p.Facts(
            (
                ("Hari, tanggal", f"{p.day_name(on)}, {p.long_date(on)}"),
                ("Pukul", "…………………"),
                ("Tempat", place),
            )
        ),
        p.Text(
            "Bawalah KTP. Jika Anda berhalangan, kabari kelurahan atau Perangkat Daerah yang mengusulkan Anda."
        ),
        p.Signatures(
            (p.Signatory("…………………", "…………………"),),
            (f"{city_of(scheme).removeprefix('Kota ')}, …………………",),
        ),
    )


def _minutes(scheme: Scheme, on: date, place: str, recipients: pl.DataFrame) -> tuple[p.Block, ...]:
    columns = (
        Column("category", "Kategori", width=46),
        Column("name", "Nama", width=52),
        Column("kpj", "KPJ", width=30),
        Column("kelurahan", "Kelurahan/PD", width=42),
    )
    return (
        p.Heading(
            (
                "BERITA ACARA PENYERAHAN",
                "KARTU TANDA TERDAFTAR JAMINAN SOSIAL KETENAGAKERJAAN",
                "NOMOR …………………",
            )
        ),
        p.Text(
            f"Pada hari ini {p.day_name(on)} tanggal {p.long_date(on)}, bertempat di {place}, telah diserahkan secara simbolis "
            f"kartu tanda terdaftar kepada {number(recipients.height)} ({p.in_words(recipients.height)}) orang berikut, yang pada hari itu "
            "masih hidup, terdaftar, dan iuran bulan berjalannya telah dibayar."
        ),
        Table(columns, recipients, "Penerima simbolis"),
        p.Text(
            "Kartu peserta lainnya diserahkan melalui kelurahan atau Perangkat Daerah dengan tanda terima setiap orang. "
            "Demikian berita acara ini dibuat dengan sebenarnya."
        ),
        p.Signatures(
            (
                p.Signatory("…………………", "Yang menyerahkan"),
                p.Signatory("…………………", "Yang menerima, mewakili penerima"),
            ),
            (f"{city_of(scheme).removeprefix('Kota ')}, {p.long_date(on)}",),
        ),
    )


def _called(rows: pl.DataFrame) -> Table:
    """Whom to invite: who receives, then the reserves, with their phone."""
    columns = (
        Column("category", "Kategori", width=40),
        Column("role", "Peran", width=24),
        Column("name", "Nama", width=50),
        Column("kpj", "KPJ", width=28),
        Column("kelurahan", "Kelurahan/PD", width=40),
        Column("phone", "HP", width=30),
        Column("paid_on", "Iuran dibayar", "date"),
        Column("confirmed", "Bersedia hadir", "blank", 26, choices=("YA", "TIDAK")),
    )
    role = pl.when(pl.col("turn") == 1).then(pl.lit("Penerima")).otherwise(
        pl.concat_str(pl.lit("Cadangan "), pl.col("turn") - 1)
    )  # fmt: skip
    return Table(
        columns, rows.with_columns(role=role), "Penerima simbolis", ("PENERIMA SIMBOLIS DAN CADANGAN",)
    )


def _attendance(guests: int, on: date, place: str) -> Table:
    columns = (
        Column("name", "Nama", "blank", 60),
        Column("office", "Instansi", "blank", 60),
        Column("title", "Jabatan", "blank", 44),
        Column("phone", "HP", "blank", 34),
        Column("signature", "Tanda tangan", "blank", 40),
    )
    title = ("DAFTAR HADIR", f"Penyerahan kartu tanda terdaftar, {place}, {p.long_date(on)}")
    return Table(columns, pl.DataFrame(), "Daftar hadir", title, form_rows=guests)


_HANDED = {"place": pl.String, "sent": pl.Int64, "received": pl.Int64, "returned": pl.Int64}


def receipts_recap(scheme: Scheme) -> Table:
    """documents 22: of everybody who has a card, how many were handed over and how many are still there, per kelurahan."""
    rows = frames.read(
        """select coalesce(k.name, u.name), count(*), count(*) filter (where handed),
                  count(*) filter (where not handed and m.end_reason is not null)
           from (select membership_id, bool_or(handed_on is not null) handed from enrolment_card group by 1) c
           join enrolment_membership m on m.id = c.membership_id join registry_unit u on u.id = m.unit_id
           left join registry_region k on k.code = m.kelurahan_id
           where m.scheme_id = %s group by coalesce(m.kelurahan_id, u.code), 1 order by coalesce(m.kelurahan_id, u.code)""",
        [scheme.pk],
        _HANDED,
    )
    left = pl.col("returned")
    told = rows.with_columns(
        reason=pl.when(left > 0).then(pl.format("{} sudah tidak menjadi peserta", left)).otherwise(pl.lit(""))
    )
    return lists.table("receipts_recap", told, (scheme.locality.name.title(),))


def _receipts(rows: pl.DataFrame, on: date) -> Table:
    told = rows.with_columns(
        rt_rw=pl.format(
            "{}/{}", pl.col("rt").cast(pl.String).fill_null("–"), pl.col("rw").cast(pl.String).fill_null("–")
        )
    )
    return lists.table("receipts", told, (f"Penyerahan simbolis {p.long_date(on)}",))
