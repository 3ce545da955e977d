"""What the texts above columns mean, in every wording offices use, with a slip of the finger."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

_OTHER_PEOPLE = r"\b(ibu|ayah|bapak kandung|orang tua|ortu|wali|istri|isteri|suami|pasangan|ahli waris|anak|pejabat|kepala keluarga|kk)\b"
_PLACES = (
    r"\b(opd|skpd|dinas|instansi|unit|perusahaan|badan usaha|kelurahan|kel|desa|kecamatan|kec|lurah|camat|masjid|mesjid|musholla"
    r"|mushola|tpq|tpa|posyandu|bank|sekolah|jalan|lembaga|majelis|kelompok|kampung|lingkungan|lokasi|tempat|kantor)\b"
)
_NO = r"\b(no|nomor|nomer|num|nmr|number)\b"

# (canonical, weight, must match, must not match): the heavier word wins where a header fits two of them
_WORDS: tuple[tuple[str, int, str, str], ...] = (
    ("number", 5, rf"^({_NO}|n o|{_NO} urut|urut|urutan|#)$", ""),
    ("mother_name", 9, r"\bibu\b|\bmother\b|\bgadis\b", r"\b(nik|tgl|tanggal|tempat|hp|kerja|alamat)\b"),
    ("kk_number", 9, r"\bkk\b|kartu keluarga|\bno ?kk\b|\bnkk\b", r"\bnama\b|\bkepala\b|\balamat\b"),
    ("nik", 10, r"\bnik\b|induk kependudukan|induk penduduk|\bniks\b", r"\bnama\b|\balamat\b|" + _OTHER_PEOPLE),
    ("nik", 8, rf"\b(e ?)?ktp( ?el)?\b|kartu tanda penduduk|identitas|{_NO} id\b|id card",
     r"\b(nama|name|alamat|sesuai|jenis|masa|berlaku|tempat|tgl|tanggal|lahir|foto|fc|status|kelamin)\b|" + _OTHER_PEOPLE),
    ("ttl", 9, r"\bttl\b|\bt t l\b|\b(tempat|tmp|tmpt|tpt|tp|kota)\b.*\b(tanggal|tgl|tg)\b.*(lahir|lhr)|(lahir|lhr).*\b(tempat|tmpt|tmp)\b.*\b(tgl|tanggal)\b"
     r"|\b(tanggal|tgl)\b.*\b(tempat|tmp|tmpt)\b.*(lahir|lhr)", _OTHER_PEOPLE),
    ("birth_place", 8, r"\b(tempat|tmp|tmpt|tpt|tp|kota|kab|kabupaten|tmpat|place)\b.*\b(lahir|lhr|kelahiran|birth)\b|\bbirth ?place\b|^asal lahir$|\btmplahir\b",
     _OTHER_PEOPLE),
    ("birth_date", 8, r"\b(tanggal|tgl|tg|tgl2|date|hari|bulan|tahun)\b.*\b(lahir|lhr|kelahiran|birth)\b|\bbirth ?date\b|\bdob\b|\btgllahir\b|\btanggallahir\b|\btgl ?lhr\b",
     _OTHER_PEOPLE + r"|\btempat\b"),
    ("birth_date", 4, r"^(lahir|kelahiran|lhr|born|birth)$", ""),
    ("rt_rw", 9, r"\brt\b.*\brw\b|\brtrw\b|\brw\b.*\brt\b", r"\b(ketua|pengurus|jabatan|nama|alamat|jumlah)\b"),
    ("rt", 7, r"^(no |nomor |alamat )?rt( domisili| ktp)?$|^rukun tetangga$", ""),
    ("rw", 7, r"^(no |nomor |alamat )?rw( domisili| ktp)?$|^rukun warga$", ""),
    ("sex", 8, r"\bkelamin\b|^j ?k$|^jkel$|^jk\b|\bj kel\b|\bjns kel\b|\bjenis kel\b|^l ?(/ ?)?p$|^p ?(/ ?)?l$|\bgender\b|\bsex\b|^lk ?pr$|\bl p\b$|^pria wanita$|^laki laki perempuan$|^kel l p$",
     r"\bno\b"),
    ("phone", 8, r"\b(hp|telp|telepon|telephone|telpon|tlp|tlpn|telpn|telfon|tel|handphone|hand ?phone|ponsel|phone|wa|whatsapp|whats app|seluler|kontak|contact|mobile|nohp|notelp)\b",
     r"\b(darurat|kantor|nama|ahli waris|ibu)\b"),
    ("wage", 8, r"\b(gaji|upah|honor|honorarium|penghasilan|pendapatan|insentif|gapok|salary|wage|income|tunjangan|nominal|besaran)\b", r"\bstatus\b|\bterbilang\b|\btenaga honor\b|\bnama\b"),
    ("bank_account", 8, r"\b(rek|rekening|norek|account)\b", r"\b(nama|pemilik|atas nama)\b"),
    ("start_date", 8, r"\btmt\b|\bmulai\b.*\b(kerja|bekerja|tugas|bertugas|masuk)\b|\b(tanggal|tgl|tahun|thn)\b.*\b(masuk|mulai|pengangkatan|diangkat|bekerja|bergabung|kontrak)\b|^mulai (tgl|tanggal)$|\bstart date\b|\bjoin\b|^sejak$",
     r"\b(selesai|akhir|berakhir)\b"),
    ("kecamatan", 8, r"\b(kecamatan|kec|kecamtan|district)\b", r"\bnama\b.*\b(peserta|lengkap)\b|\bkelurahan\b|\bkel\b"),
    ("kelurahan", 8, r"\b(kelurahan|kel|desa|kelurhan|village|keldes)\b", r"\b(jenis|kartu|kec|kecamatan|j|jns)\b"),
    ("kelurahan", 7, r"\b(kel|kelurahan)\b.*\b(kec|kecamatan)\b", r"\bjenis\b"),
    ("employer", 8, r"\b(opd|skpd|instansi|unit ?kerja|tempat (tugas|kerja|bekerja|bertugas)|perangkat daerah|satuan kerja|satker|unor|perusahaan|pemberi kerja|lokasi kerja|unit organisasi|penempatan|badan usaha)\b",
     r"\balamat\b|\bnpp\b|\btelp\b"),
    ("employer", 5, r"^(nama )?(dinas|unit|kantor|badan|bidang|bagian|dinas instansi)$", ""),
    ("category", 9, r"\bkategori\b|\bunsur\b|\b(jenis|jns|golongan|gol) (peserta|kepesertaan|tenaga|pekerja|pegawai|honorer|anggota|kepegawaian)\b|\bstatus (kepegawaian|kepeg|pegawai|tenaga|kepesertaan|peserta|kerja|honorer)\b|\bkelompok\b|\bcategory\b|\bgolongan peserta\b|\bklasifikasi\b|\bsegmen\b",
     r"\bnama\b|\bumur\b|\busia\b"),
    ("role", 7, r"\b(jabatan|tugas|sebagai|profesi|pekerjaan|kedudukan|peran|posisi|okupasi|occupation|formasi|bertugas|jenis pekerjaan|mata pencaharian|status|keterangan jabatan)\b",
     r"\b(tempat|tmt|unit|lokasi|alamat|mulai|instansi|kawin|perkawinan|nikah|tgl|tanggal|sk|masa)\b"),
    ("address", 7, r"\b(alamat|jalan|jln|jl|domisili|tempat tinggal|address|almt)\b", r"\b(email|e mail|kantor|kerja|instansi|perusahaan|surat)\b"),
    ("name", 9, r"^(nama|name|nama lengkap|nama sesuai ktp|nama peserta|full name|nm|nama lgkp|namalengkap)$", ""),
    ("name", 7, r"\b(nama|name)\b", _OTHER_PEOPLE + "|" + _PLACES),
    ("name", 5, r"\bnama\b", _OTHER_PEOPLE + r"|\b(bank|opd|skpd|dinas|instansi|perusahaan|masjid|mesjid|musholla|mushola|tpq|posyandu|sekolah|lembaga|jalan|kelurahan|desa|kecamatan)\b"),
)  # fmt: skip
_COMPILED = tuple(
    (name, weight, re.compile(yes), re.compile(no) if no else None) for name, weight, yes, no in _WORDS
)
GENERIC = re.compile(
    r"^(nama|tempat|tanggal|tgl|nomor|no|lengkap|ibu|kandung|ktp|kk|hp|kode|l|p|urut|lahir|jenis|status|kelurahan desa)?$"
)


@lru_cache(maxsize=4096)
def plain(header: str) -> str:
    """Lower case words parted by one space; letters typed apart ("N I K") brought together."""
    words = re.sub(r"\(.*?\)|\[.*?\]", " ", header.lower())
    words = words if re.search(r"[a-z#]", words) else header.lower()
    words = re.sub(r"[^a-z0-9#]+", " ", words).strip()
    return re.sub(
        r"\b(?:[a-z0-9] ){1,}[a-z0-9]\b",
        lambda m: m[0] if m[0] in ("l p", "p l", "j k", "n o") else m[0].replace(" ", ""),
        words,
    )


@lru_cache(maxsize=4096)
def meaning(header: str) -> tuple[tuple[str, int], ...]:
    """What a header may mean, heaviest first. "role" is category or occupation: the content decides."""
    text = plain(header)
    if not text or len(text) > 90:
        return ()
    found: dict[str, int] = {}
    for name, weight, yes, no in _COMPILED:
        if yes.search(text) and not (no and no.search(text)):
            found[name] = max(weight, found.get(name, 0))
    return tuple(sorted(found.items(), key=lambda item: -item[1]))


# the words that headers are made of: one of them with a letter wrong, left out, doubled or in the wrong place is still meant
_SPELLED = (
    "nama", "lengkap", "induk", "kependudukan", "kartu", "keluarga", "tempat", "tanggal", "lahir", "kelamin", "alamat", "domisili",
    "kelurahan", "kecamatan", "telepon", "handphone", "whatsapp", "nomor", "kandung", "jabatan", "kategori", "pekerjaan", "profesi",
    "instansi", "perusahaan", "rekening", "penghasilan", "honorarium", "insentif", "mulai", "bekerja", "peserta", "jenis",
)  # fmt: skip


@lru_cache(maxsize=4096)
def meaning_if_mistyped(header: str) -> tuple[tuple[str, int], ...]:
    """`meaning`, with each unknown word of five letters or more read as the header word it differs from by one slip
    (two in eight letters or more)."""
    if told := meaning(header):
        return told
    words = plain(header).split()
    if not words or len(words) > 6:
        return ()
    mended = [_mended(word) for word in words]
    return tuple((name, weight - 2) for name, weight in meaning(" ".join(mended))) if mended != words else ()


def _mended(word: str) -> str:
    if len(word) < 5 or word in _SPELLED or not word.isalpha():
        return word
    allowed = 1 if len(word) < 8 else 2
    near = [
        known
        for known in _SPELLED
        if known[0] == word[0] and OSA.distance(word, known, score_cutoff=allowed) <= allowed
    ]
    return near[0] if len(near) == 1 else word
