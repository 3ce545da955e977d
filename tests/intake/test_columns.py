"""Headers as offices write them; what is open is decided by the content."""

from __future__ import annotations

import polars as pl
import pytest

from lindung.intake.columns import layout
from lindung.intake.headers import meaning, meaning_if_mistyped, plain
from lindung.intake.read import Sheet

HEADERS = {
    "number": "No|NO.|No. Urut|Nomor|Nomor Urut|#|NO URUT|Urut",
    "nik": "NIK|N.I.K.|N I K|No NIK|No. KTP|Nomor KTP|NO KTP/NIK|NIK (16 digit)|Nomor Induk Kependudukan|NO. INDUK KEPENDUDUKAN|NIK/KTP|No.KTP|NIK KTP"
    "|No. Identitas (NIK)|NIK sesuai KTP|No KTP Elektronik|NO_KTP|NOMOR_IDENTITAS|no_nik|NIK e-KTP|Nomor Induk\nKependudukan|NIK Peserta|No. e-KTP|NIK *",
    "name": "Nama|NAMA LENGKAP|Nama Peserta|NAMA TENAGA KERJA|Nama (Sesuai KTP)|Nama Sesuai KTP|NAMA PEKERJA|Nama Penerima|Nama Guru Ngaji|NAMA KETUA RT/RW"
    "|NAMA_LENGKAP|Nama Pegawai|NAMA  LENGKAP|Nama Calon Peserta|Nama Anggota|Nama Kader|N A M A|Nama & Gelar|Nama Lengkap Tanpa Gelar|Full Name|Nama Marbot",
    "birth_date": "Tgl Lahir|TANGGAL LAHIR|Tgl. Lahir|TGL LAHIR (dd/mm/yyyy)|TGL_LAHIR|TANGGAL_LAHIR|Tgl Lhr|TGL LHR.|Tanggal lahir (tgl-bln-thn)|Tgl.Lahir"
    "|Tanggal\nLahir|Tgl/Bln/Thn Lahir|TglLahir|Tanggal Kelahiran|Date of Birth|TGL. LAHIR *",
    "birth_place": "Tempat Lahir|Tmp Lahir|TMPT LAHIR|TEMPAT_LAHIR|Tpt. Lahir|Kota Lahir|Tmp. Lhr|Kota Kelahiran|Kota/Kab Lahir|TEMPAT\nLAHIR",
    "ttl": "TTL|Tempat, Tgl Lahir|TEMPAT/TANGGAL LAHIR|Tempat dan Tanggal Lahir|TEMPAT, TGL. LAHIR|Tempat Tanggal Lahir|Tempat & Tgl Lahir|T.T.L|Tmpt/Tgl Lahir"
    "|Tempat /Tgl. Lahir|Tanggal dan Tempat Lahir|Tempat, Tanggal Lahir",
    "sex": "L/P|JK|Jenis Kelamin|J. Kelamin|JK (L/P)|Jns Kelamin|Kelamin|P/L|Sex|L / P|JENIS_KELAMIN|J.K|Jenis Kel.|Gender|Jenis\nKelamin (L/P)|JENIS KELAMIN (1=L, 2=P)|LK/PR|Jns. Kel.",
    "address": "Alamat|Alamat Rumah|Alamat Lengkap|Alamat Sesuai KTP|ALAMAT TEMPAT TINGGAL|Alamat Domisili|Alamat (Jalan/Gang)|JALAN|ALAMAT_LENGKAP|Almt|Domisili|Tempat Tinggal",
    "rt": "RT|RT.|No RT|Rt|ALAMAT RT",
    "rw": "RW|RW.|No RW|Rw|ALAMAT RW",
    "rt_rw": "RT/RW|RT / RW|RT-RW|RT RW|Rt/Rw|RT.RW",
    "kelurahan": "Kelurahan|Kel.|KEL|Kelurahan/Desa|Desa/Kelurahan|Kel/Desa|Nama Kelurahan|Desa|ALAMAT KELURAHAN",
    "kecamatan": "Kecamatan|Kec.|KEC|Nama Kecamatan",
    "phone": "No HP|NO. HP|Nomor HP|No. Telp|HP|Telepon|No. Handphone|No HP/WA|No. WA|Nomor Telepon|NO TELP/HP|Kontak|No. WhatsApp|HANDPHONE|NO_HP|No. Tlp|Nomor HP Aktif|Telp./HP|HP/WA",
    "mother_name": "Nama Ibu Kandung|NAMA IBU|Ibu Kandung|Nama Gadis Ibu Kandung|NAMA_IBU_KANDUNG|Nm Ibu",
    "kk_number": "No KK|NO. KK|Nomor KK|No. Kartu Keluarga|NOMOR KARTU KELUARGA|NO_KK|Nomor Kartu Keluarga (KK)|NKK|KK",
    "wage": "Gaji|Upah|Honor|GAJI/UPAH|Honorarium|Gaji per Bulan|Upah/Bulan|Penghasilan|Besaran Honor|Insentif|Honor / Bulan|UPAH (Rp)|Gaji Pokok",
    "employer": "OPD|Instansi|Unit Kerja|Tempat Tugas|Perangkat Daerah|SKPD|Tempat Kerja|Dinas/Instansi|Nama OPD|Satuan Kerja|Asal OPD|Lokasi Kerja|Dinas",
    "start_date": "TMT|Mulai Bekerja|Tanggal Masuk|TMT Kerja|Tgl Mulai Kerja|Mulai Tugas|TMT Pengangkatan",
    "bank_account": "No Rekening|NO. REK|Nomor Rekening|No Rek Bank|NO REKENING BJB|Rekening|No Rek BJB",
    "category": "Kategori|Unsur|Jenis Peserta|Status Kepegawaian|Jenis Kepesertaan|Kelompok|Jenis Pegawai",
    "role": "Jabatan|Tugas|Sebagai|Profesi|Pekerjaan|Jenis Pekerjaan|Status",
}  # fmt: skip
NOTHING = (
    "KET.|Keterangan|Pendidikan|Pendidikan Terakhir|Agama|Umur|Usia|Status Perkawinan|Email|Alamat Email|Kode Pos|NPWP|DESIL|POSYANDU|Masjid / TPQ|Titik Parkir"
    "|Tanda Tangan|Foto|Golongan Darah|Alamat Kantor|NIK Ibu|Tgl Lahir Ibu|Nama Bank|No. SK"
)  # fmt: skip


@pytest.mark.parametrize("canonical", HEADERS)
def test_headers(canonical):
    for header in HEADERS[canonical].split("|"):
        found = meaning(header)
        assert found and found[0][0] == canonical, header  # noqa: PT018


def test_headers_of_nothing_that_is_needed():
    for header in NOTHING.split("|"):
        assert not meaning(header), header


def test_a_slip_in_a_header_is_forgiven():
    slips = {
        "Nama Lengakp": "name", "Tmpat Lahir": "birth_place", "Alamt": "address", "Kelurhan": "kelurahan", "Jabtan": "role",
        "No. Hendphone": "phone", "Kecmatan": "kecamatan", "Pekerjan": "role", "Nomr Rekning": "bank_account",
    }  # fmt: skip
    for header, canonical in slips.items():
        assert meaning_if_mistyped(header)[0][0] == canonical, header
    for header in NOTHING.split("|"):
        assert not meaning_if_mistyped(header), header


def test_plain():
    assert plain("N I K") == "nik"
    assert plain("JENIS\nKELAMIN (L/P)") == "jenis kelamin"
    assert plain("(1)") == "1"


def columns(head, *rows):
    width = len(head)
    cells = pl.DataFrame(
        {
            "row": range(1, len(rows) + 2),
            **{f"c{n}": [head[n], *(row[n] for row in rows)] for n in range(width)},
        },
        schema={"row": pl.Int64, **{f"c{n}": pl.String for n in range(width)}},
    )
    return layout(
        Sheet(None, cells), lambda texts: texts.replace_strict({"Ketua RT": "rt_head"}, default=None)
    )


def test_the_column_the_scheme_recognises_is_the_category():
    found = columns(
        ["NIK", "Nama", "Status", "Jabatan"], *[["3674031701785001", "Asnawi", "Kawin", "Ketua RT"]] * 4
    )
    assert found.columns["category"] == 3
    found = columns(
        ["NIK", "Nama", "Pekerjaan", "Tugas"], *[["3674031701785001", "Asnawi", "Petani", "Ketua RT"]] * 4
    )
    assert (found.columns["category"], found.columns["occupation"]) == (3, 2)


def test_sixteen_digits_without_a_header_are_the_nik_and_not_the_family_card():
    found = columns(
        ["", "Nama", "No KK", "Alamat"], *[["3674031701785001", "Asnawi", "3674032401080001", "Jl. A"]] * 4
    )
    assert (found.columns["nik"], found.columns["kk_number"]) == (0, 2)
