"""Laporan mutasi: who was there, came, left and why, and who is there at the end of a month, per kelurahan or unit."""

from __future__ import annotations

import polars as pl

from lindung.base.month import Month
from lindung.papers.tables import Column, Table
from lindung.registry import frames
from lindung.registry.models import Scheme

LEFT = {  # column → head, reasons
    "died": ("Meninggal", ("died",)),
    "moved": ("Pindah", ("moved",)),
    "became_asn": ("Jadi ASN/PPPK", ("became_asn", "became_pppk")),
    "other_payer": ("Pindah penanggung", ("other_payer",)),
    "replaced": ("Ganti", ("left_office",)),
    "stopped": ("Berhenti", ("resigned", "contract_ended")),
    "withdrawn": ("Ganda, ditolak BPJS", ("double", "rejected_by_bpjs")),
    "expired": ("Masa berakhir", ("",)),
}
_SCHEMA = {"place": pl.String, "start": pl.Int64, "joined": pl.Int64, **dict.fromkeys(LEFT, pl.Int64)}


def movements_of_month(scheme: Scheme, month: Month) -> pl.DataFrame:
    """place, start, joined, a count per reason of `LEFT`, end (start + joined − who left), per kelurahan or unit.

    Who ends on the last day of a month left in that month; another wage is neither a departure nor an arrival.
    """
    reasons = ", ".join(
        "count(*) filter (where coalesce(m.end_reason, '') = any(%s) and m.ends_on between %s and %s)"
        for _ in LEFT
    )
    first, last = month.first, month.last
    counts = [value for _, kinds in LEFT.values() for value in (list(kinds), first, last)]
    rows = frames.read(
        f"""select coalesce(k.name, u.name), count(*) filter (where m.starts_on < %s or v.kind = 'wage_changed'),
                   count(*) filter (where m.starts_on between %s and %s and v.kind is distinct from 'wage_changed'),
                   {reasons}
            from enrolment_membership m join registry_unit u on u.id = m.unit_id
            left join registry_region k on k.code = m.kelurahan_id
            left join enrolment_movement v on v.successor_id = m.id
            where m.scheme_id = %s and m.starts_on <= %s and (m.ends_on is null or m.ends_on >= %s)
            group by coalesce(m.kelurahan_id, u.code), 1 order by coalesce(m.kelurahan_id, u.code)""",  # noqa: S608
        [first, first, last, *counts, scheme.pk, last, first],
        _SCHEMA,
    )
    return rows.with_columns(end=pl.col("start") + pl.col("joined") - pl.sum_horizontal(*LEFT))


def movement_report(scheme: Scheme, month: Month) -> Table:
    """26. Laporan mutasi of one month."""
    rows = movements_of_month(scheme, month)
    columns = (
        Column("place", "Kelurahan/PD", width=44),
        Column("start", "Awal", "number", 20, total=True),
        Column("joined", "Masuk", "number", 20, total=True),
        *(Column(key, head, "number", 22, total=True, group="Keluar") for key, (head, _) in LEFT.items()),
        Column("end", "Akhir", "number", 20, total=True),
    )
    title = ("LAPORAN MUTASI PENERIMA", f"{scheme.locality.name.title()}, bulan {month.first:%m-%Y}")
    return Table(columns, rows, "Mutasi", title)
