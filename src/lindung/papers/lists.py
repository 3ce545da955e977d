"""The lists an office expects, by kind: their columns, sums and what is computed from the rest by construction.

`table("nominative", rows, ("Bulan November 2019",))` gives a `Table` for XLSX, CSV and PDF. `rows` has the keys of
`KINDS[kind].columns` that are neither `blank` nor in `KINDS[kind].computed`; money and counts are Int64.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from lindung.papers import paper as p
from lindung.papers.tables import Column, Table, masked_nik


@dataclass(frozen=True)
class Kind:
    sheet: str
    title: str
    columns: tuple[Column, ...]
    computed: Mapping[str, pl.Expr] = field(default_factory=dict)


def _money(key: str, label: str, width: float = 21, group: str = "") -> Column:
    return Column(key, label, "rupiah", width, total=True, group=group)


def _count(key: str, label: str, width: float = 18, group: str = "") -> Column:
    return Column(key, label, "number", width, total=True, group=group)


def _blank(key: str, label: str, width: float = 24, group: str = "", choices: tuple[str, ...] = ()) -> Column:
    return Column(key, label, "blank", width, group=group, choices=choices)


def _share(part: pl.Expr, whole: pl.Expr) -> pl.Expr:
    """Percent with one decimal, half up, exact; null when there is nothing to divide by."""
    tenths = (part * 2000 + whole) // (2 * whole)
    return (pl.when(whole > 0).then(tenths // 10).cast(pl.String) + "." + (tenths % 10).cast(pl.String)).cast(
        pl.Decimal(10, 1)
    )


_C = pl.col
_NIK, _NAME = Column("nik", "NIK", width=32), Column("name", "Nama", width=42)
_KPJ = Column("kpj", "KPJ", width=24)
_PLACE = Column("place", "Kelurahan/PD", width=34)
_ANSWERED = "Jawaban"
_LINES = ("jkk", "jkm", "jht_employer", "jht_worker", "jp_employer", "jp_worker")

KINDS: Mapping[str, Kind] = {
    # 5–7: what a checker is told, and the places of its answer
    "check_population": Kind(
        "Cek Disdukcapil",
        "DAFTAR UNTUK DICEK: DATA KEPENDUDUKAN",
        (
            Column("ref", "Ref", width=22),
            _NIK,
            _NAME,
            Column("birth_date", "Tgl lahir", "date"),
            _blank("matches", "Sesuai", 16, _ANSWERED, ("YA", "TIDAK")),
            _blank("state", "Hidup/Meninggal/Pindah", 28, _ANSWERED, ("HIDUP", "MENINGGAL", "PINDAH")),
            _blank("residence", "Domisili", 30, _ANSWERED),
            _blank("on", "Tgl", 18, _ANSWERED),
            _blank("officer", "Petugas", 26, _ANSWERED),
        ),
    ),
    "check_welfare": Kind(
        "Cek Dinsos",
        "DAFTAR UNTUK DICEK: DATA SOSIAL EKONOMI",
        (
            Column("ref", "Ref", width=22),
            _NIK,
            Column("kk_number", "No. KK", width=32),
            _blank("listed", "Terdata", 18, _ANSWERED, ("YA", "TIDAK")),
            _blank("decile", "Desil", 16, _ANSWERED),
            _blank("version", "Versi data", 26, _ANSWERED),
        ),
    ),
    "check_bpjs": Kind(
        "Pra-cek BPJS",
        "DAFTAR UNTUK DICEK: KEPESERTAAN",
        (
            Column("ref", "Ref", width=22),
            _NIK,
            _NAME,
            Column("birth_date", "Tgl lahir", "date"),
            Column("segment", "Segmen tujuan", width=18),
            _blank("active_in", "Aktif di (segmen, NPP/wadah)", 32, _ANSWERED),
            _blank("paid_until", "Lunas s.d.", 18, _ANSWERED),
            _blank("age", "Usia", 14, _ANSWERED),
            _blank("population", "Adminduk", 20, _ANSWERED),
            _blank("result", "Hasil", 20, _ANSWERED, ("LAYAK", "TIDAK LAYAK")),
            _blank("reason", "Alasan", 34, _ANSWERED),
        ),
    ),
    "rejections": Kind(  # 14
        "Rekap penolakan",
        "REKAP PENOLAKAN BPJS KETENAGAKERJAAN",
        (
            _NIK,
            _NAME,
            _PLACE,
            Column("sent", "Berkas, baris", width=38),
            Column("reason", "Alasan", width=44),
            Column("action", "Tindak lanjut", width=40),
            Column("deadline", "Batas", "date"),
        ),
    ),
    "nominative": Kind(  # 16
        "Daftar nominatif",
        "DAFTAR NOMINATIF IURAN",
        (
            _KPJ,
            _NIK,
            _NAME,
            _PLACE,
            Column("wage", "Dasar upah", "rupiah", 22),
            _money("jkk", "JKK", 18),
            _money("jkm", "JKM", 18),
            _money("jht_employer", "JHT PK", 18),
            _money("jht_worker", "JHT TK", 18),
            _money("jp_employer", "JP PK", 18),
            _money("jp_worker", "JP TK", 18),
            _money("total", "Jumlah", 22),
            Column("month", "Bulan", "month", 15),
        ),
        {"total": pl.sum_horizontal(*_LINES)},
    ),
    "deductions": Kind(  # 17
        "Potongan honorarium",
        "DAFTAR POTONGAN HONORARIUM",
        (
            _NAME,
            _KPJ,
            _money("wage", "Honor", 26),
            _money("jht_worker", "JHT 2%", 22),
            _money("jp_worker", "JP 1%", 22),
            _money("total", "Jumlah", 24),
            _blank("signature", "Tanda tangan", 30),
        ),
        {"total": pl.sum_horizontal("jht_worker", "jp_worker")},
    ),
    "payments": Kind(  # 19
        "Register pembayaran",
        "REGISTER PEMBAYARAN IURAN",
        (
            Column("unit", "Perangkat Daerah", width=34),
            Column("branch", "Cabang", width=20),
            Column("month", "Bulan", "month", 14),
            Column("billing_code", "Kode iuran", width=22),
            _money("bill", "Tagihan", 24),
            Column("spp", "SPP (no., tgl)", width=28),
            Column("spm", "SPM (no., tgl)", width=28),
            Column("sp2d", "SP2D (no., tgl)", width=28),
            Column("accounts", "Per rekening", width=32),
            Column("paid_on", "Tgl bayar", "date"),
            Column("proof", "Bukti", width=22),
            _money("posted", "Diposting", 24),
            _money("difference", "Selisih", 20),
        ),
        {"difference": _C("posted") - _C("bill")},
    ),
    "budget": Kind(  # 20
        "Pengawasan pagu",
        "KARTU PENGAWASAN PAGU",
        (
            Column("account", "Kode rekening", width=34),
            _money("pagu", "Pagu", 26),
            _money("change", "Perubahan", 24),
            _money("before", "Realisasi lalu", 26),
            _money("month", "Bulan ini", 24),
            _money("committed", "Komitmen", 24),
            _money("left", "Sisa", 26),
            Column("percent", "% realisasi", "percent", 14),
            Column("lasts_until", "Cukup s.d.", "month", 16),
        ),
        {
            "left": _C("pagu") + _C("change") - _C("before") - _C("month") - _C("committed"),
            "percent": _share(_C("before") + _C("month"), _C("pagu") + _C("change")),
        },
    ),
    "receipts": Kind(  # 22
        "Tanda terima kartu",
        "TANDA TERIMA KARTU",
        (
            _KPJ,
            _NAME,
            Column("category", "Kategori", width=30),
            Column("rt_rw", "RT/RW", width=18),
            _blank("on", "Tgl", 18),
            _blank("receiver", "Penerima", 40),
            _blank("relation", "Hubungan", 24),
            _blank("signature", "Tanda tangan", 32),
        ),
    ),
    "receipts_recap": Kind(
        "Rekap tanda terima",
        "REKAP PENYERAHAN KARTU",
        (
            Column("place", "Kelurahan", width=50),
            _count("sent", "Dikirim"),
            _count("received", "Diterima"),
            _count("returned", "Kembali"),
            Column("reason", "Alasan", width=60),
        ),
    ),
    "units": Kind(  # 24
        "Rekap per PD",
        "REKAP KEPESERTAAN PER PERANGKAT DAERAH",
        (
            Column("unit", "Perangkat Daerah", width=44),
            Column("npp", "NPP", width=20),
            _count("people", "Non-ASN"),
            Column("source", "Sumber, tanggal", width=32),
            _count("registered", "Terdaftar"),
            _count("active", "Aktif lunas"),
            _count("missing", "Belum"),
            Column("percent", "%", "percent", 13),
            Column("state", "Status", width=22),
            Column("programmes", "Program", width=26),
            _money("contribution", "Iuran/bulan", 24),
            Column("paid_until", "Lunas s.d.", "month", 16),
        ),
        {
            "missing": _C("people") - _C("registered"),
            "percent": _share(_C("registered"), _C("people")),
            "state": pl.when(_C("registered") == 0)
            .then(pl.lit("belum"))
            .when(_C("registered") < _C("people"))
            .then(pl.lit("sebagian"))
            .otherwise(pl.lit("seluruhnya")),
        },
    ),
    "places": Kind(  # 25
        "Rekap kelurahan",
        "REKAP KELURAHAN DAN KATEGORI",
        (
            Column("kecamatan", "Kecamatan", width=34),
            Column("kelurahan", "Kelurahan", width=40),
            Column("category", "Kategori", width=36),
            _count("quota", "Kuota"),
            _count("active", "Aktif"),
            _count("waiting", "Daftar tunggu"),
            _count("not_registrable", "Tidak dapat didaftarkan", 24),
            Column("percent", "%", "percent", 14),
        ),
        {"percent": _share(_C("active"), _C("quota"))},
    ),
    "movements": Kind(  # 26
        "Mutasi",
        "LAPORAN MUTASI PENERIMA",
        (
            _PLACE,
            _count("start", "Awal"),
            _count("joined", "Masuk"),
            _count("died", "Meninggal", group="Keluar"),
            _count("moved", "Pindah", group="Keluar"),
            _count("became_asn", "Jadi ASN", group="Keluar"),
            _count("other_payer", "Pindah penanggung", group="Keluar"),
            _count("replaced", "Ganti", group="Keluar"),
            _count("end", "Akhir"),
        ),
        {
            "end": _C("start")
            + _C("joined")
            - pl.sum_horizontal("died", "moved", "became_asn", "other_payer", "replaced")
        },
    ),
}


def table(kind: str, rows: pl.DataFrame, lines: Sequence[str] = (), *, notes: Sequence[str] = ()) -> Table:
    """`lines` stand below the title: of which unit, month, branch; `notes` below the list: source and date."""
    form = KINDS[kind]
    return Table(
        form.columns, rows.with_columns(**form.computed), form.sheet, (form.title, *lines), tuple(notes)
    )


def roster_form(categories: Sequence[str], *, wage_earners: bool = False, rows: int = 500) -> Table:
    """2. Format daftar usulan: an empty sheet to fill in, every cell as text. `wage_earners` adds the columns of PU."""
    told = [
        ("NIK", 36), ("No. KK", 36), ("Nama sesuai KTP", 60), ("Tempat lahir", 36), ("Tgl lahir", 26),
        ("L/P", 10), ("Alamat", 70), ("RT", 12), ("RW", 12), ("Kelurahan", 40), ("Kecamatan", 36), ("Kategori", 36),
        ("Pekerjaan", 40), ("No./Tgl SK jabatan atau surat keterangan", 50), ("Masa jabatan s.d.", 28), ("HP", 30),
        ("Ibu kandung", 44), ("Nama ahli waris", 44), ("Hubungan ahli waris", 30), ("HP ahli waris", 30),
    ]  # fmt: skip
    if wage_earners:
        told += [("Jabatan", 40), ("TMT", 26), ("Honor", 28), ("PKWT/PKWTT", 24), ("Akhir kontrak", 28)]
    choices = {"L/P": ("L", "P"), "Kategori": tuple(categories), "PKWT/PKWTT": ("PKWT", "PKWTT")}
    columns = tuple(
        Column(f"c{at}", label, "blank", width, choices=choices.get(label, ()))
        for at, (label, width) in enumerate(told)
    )
    return Table(columns, pl.DataFrame(), "Daftar usulan", form_rows=rows)


CHECKLIST = (
    "Tagihan atau kode iuran BPJS Ketenagakerjaan",
    "Kuitansi",
    "Keputusan beserta lampiran, atau SK/kontrak kerja",
    "Daftar nominatif iuran",
    "Berita acara rekonsiliasi",
    "Surat pernyataan tanggung jawab mutlak Pengguna Anggaran",
    "DPA dan SPD",
    "Lembar verifikasi PPK-SKPD",
)


def ls_checklist(lines: Sequence[str] = (), present: Sequence[str] = ()) -> Table:
    """18. Kelengkapan SPP-LS: `present` are those of `CHECKLIST` that are there already."""
    rows = pl.DataFrame(
        {"item": CHECKLIST, "present": ["ada" if item in present else "" for item in CHECKLIST]}
    )
    columns = (
        Column("item", "Dokumen", width=110),
        Column("present", "Tercatat", width=24),
        _blank("checked", "Diperiksa", 28),
        _blank("note", "Keterangan", 50),
    )
    return Table(
        columns,
        rows,
        "Kelengkapan SPP-LS",
        ("KELENGKAPAN SPP-LS IURAN JAMINAN SOSIAL KETENAGAKERJAAN", *lines),
    )


def correction_sheets(
    rows: pl.DataFrame, *, printed: p.Printed | None = None, templates: p.Templates = None
) -> p.Paper:
    """4. Lembar perbaikan: a page for every RT. `rows`: kelurahan, rw, rt, place (sheet and row of the list), name, nik, written,
    note; NIK is masked."""
    columns = (
        Column("place", "Lembar, baris", width=30),
        Column("name", "Nama", width=42),
        Column("nik", "NIK", width=32),
        Column("written", "Tertulis", width=28),
        Column("note", "Catatan", width=50),
        _blank("fix", "NIK menurut KTP (16 angka)", 62),
        _blank("initial", "Paraf", 16),
    )
    asked = (
        "Baca lagi NIK dari KTP, tulis keenam belas angkanya, beri paraf, lalu kembalikan lembar ini kepada pengirim daftar.",
        "Bila orangnya tidak ada lagi di RT ini, tulis sebabnya: pindah, meninggal, atau tidak dikenal.",
        "Ketua RT: ……………………………………   Tanggal: ……………………   Tanda tangan: ……………………………",
    )
    shown = rows.with_columns(masked_nik(pl.col("nik")))
    sections = [
        p.Section(
            (
                Table(
                    columns,
                    part,
                    f"RW {rw or '—'} RT {rt or '—'}",
                    ("LEMBAR PERBAIKAN DATA", f"Kelurahan {kelurahan}, RW {rw or '—'}, RT {rt or '—'}"),
                    asked,
                ),
            ),
            landscape=True,
        )
        for (kelurahan, rw, rt), part in shown.group_by("kelurahan", "rw", "rt", maintain_order=True)
    ]
    return p.Paper("Lembar perbaikan data", "Lembar perbaikan", tuple(sections), None, printed, templates)
