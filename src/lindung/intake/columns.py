"""Which row names the columns, and which column is what: by header, and by content where headers leave it open."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import polars as pl

from lindung.intake.read import Sheet

CANONICAL = (
    "nik", "name", "birth_date", "birth_place", "sex", "address", "rt", "rw", "kelurahan", "kecamatan", "phone",
    "mother_name", "category", "occupation", "wage", "employer", "start_date", "kk_number", "bank_account",
)  # fmt: skip
TITLE_ROWS = 80  # the header stands among the first so many rows that hold anything
LOOKED_AT = 400  # rows of content that are enough to know a column


@dataclass(frozen=True)
class Layout:
    """Where things stand on one sheet. `columns`: canonical name → index of its column; "ttl" (place and date of
    birth together) and "rt_rw" are columns of their own kind, "number" the running number. `first`, `last`: the rows
    of the header (as in `Sheet.cells.row`); `headers`: index → text as it stands."""

    columns: dict[str, int]
    headers: dict[int, str]
    first: int
    last: int

    def mapping(self) -> dict[str, str]:
        """Canonical column → header text, in canonical order."""
        return {name: self.headers[n] for name, n in self.spots().items() if n in self.headers}

    def spots(self) -> dict[str, int]:
        """Canonical column → index of the column that holds it."""
        shared = {"birth_place": "ttl", "birth_date": "ttl", "rt": "rt_rw", "rw": "rt_rw"}
        found = {name: self.columns.get(name, self.columns.get(shared.get(name, ""))) for name in CANONICAL}
        return {name: index for name, index in found.items() if index is not None}


# ------------------------------------------------------------------------------------------------- words of headers

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
_GENERIC = re.compile(
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


# ------------------------------------------------------------------------------------------------- finding the header


def header_rows(sheet: Sheet) -> tuple[int, int] | None:
    """Positions (in `cells`) of the first and last row of the header, or None."""
    return _header_rows(_rows(sheet, TITLE_ROWS))


def _rows(sheet: Sheet, most: int) -> list[tuple[str, ...]]:
    cells = sheet.cells.select(pl.exclude("row"))
    filled = (
        cells.head(most * 20).with_row_index("_at").filter(~pl.all_horizontal(pl.exclude("_at").is_null()))
    )
    last = filled["_at"].head(most).max()
    return [
        tuple((value or "").strip() for value in row)
        for row in cells.head(0 if last is None else int(last) + 1).iter_rows()  # type: ignore[arg-type]
    ]


def _score(row: Sequence[str]) -> int:
    """How many different columns a row names; 0 where it holds what only data hold."""
    names = set()
    for text in row:
        if not text:
            continue
        if re.search(r"\d{6,}|\d[/.-]\d+[/.-]\d", text):
            return 0
        found = meaning(text)
        if found and len(text) <= 60:
            names.add(found[0][0])
    return len(names)


def _header_rows(rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    scores = [_score(row) for row in rows]
    best = max(scores, default=0)
    if best < 2:
        return None
    at = next(
        n for n, score in enumerate(scores) if score >= max(2, best * 0.6) and (score >= 3 or score == best)
    )
    first = last = at
    while last + 1 < len(rows) and last - at < 2 and _continues(rows[last], rows[last + 1]):
        last += 1
    while first > 0 and at - first < 2 and _leads(rows[first - 1], rows[first]):
        first -= 1
    return first, last


def _continues(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether `lower` is the second half of a header that `upper` begins."""
    texts = [(n, text) for n, text in enumerate(lower) if text]
    if not texts or any(re.search(r"\d{3,}", text) or re.fullmatch(r"\W*\d+\W*", text) for _, text in texts):
        return False
    same = sum(text == upper[n] for n, text in texts)
    beneath_nothing = sum(not upper[n] for n, _ in texts)
    named = sum(bool(meaning(text)) or plain(text) in ("l", "p", "jalan", "urut") for _, text in texts)
    # beneath a group name only its first sub-header may stand: the others are beneath blanks
    return same == 0 and named >= 2 and named * 2 >= len(texts) and 2 * beneath_nothing >= len(texts) - 1


def _leads(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether `upper` is a row of group names or vertically merged names above the header row `lower`."""
    texts = [(n, text) for n, text in enumerate(upper) if text]
    if len(texts) < 2 or any(re.search(r"\d{3,}", text) or len(text) > 60 for _, text in texts):
        return False
    named = sum(bool(meaning(text)) for _, text in texts)
    return named >= 2 and named * 2 >= len(texts)


# ------------------------------------------------------------------------------------------------- naming the columns

Recogniser = Callable[[pl.Series], pl.Series]


def layout(sheet: Sheet, recognise: Recogniser, known: Mapping[str, str] | None = None) -> Layout | None:
    """What stands where, or None where no row names columns. `known`: header text → canonical name, as somebody has
    confirmed it for this sender; it overrules. `recognise`: texts → category id or null, which tells a column of
    categories from one of occupations."""
    rows = _rows(sheet, TITLE_ROWS)
    found = _header_rows(rows)
    if not found:
        return None
    first, last = found
    width = sheet.width
    block = [list(row) for row in rows[first : last + 1]]
    raw = sheet.cells.select(pl.exclude("row")).slice(first, last - first + 1).rows()
    headers: dict[int, str] = {}
    texts: dict[int, list[str]] = {}
    above = _spread(block, sheet, first)
    for n in range(width):
        stack = [(block[r][n], raw[r][n]) for r in range(len(block)) if block[r][n]]
        if stack:
            headers[n] = stack[-1][1]
            parents = [above[r][n] for r in range(len(block)) if above[r][n]]
            texts[n] = list(dict.fromkeys([*parents, stack[-1][0]]))
    content = sheet.cells.select(pl.exclude("row")).slice(last + 1, LOOKED_AT)
    columns = _assign(texts, content, recognise, headers, known or {})
    numbers = sheet.cells["row"]
    return Layout(columns, headers, numbers[first], numbers[last])


def _spread(block: list[list[str]], sheet: Sheet, first: int) -> list[list[str]]:
    """The header with group names written over all the columns they stand above."""
    spread = [list(row) for row in block]
    top = sheet.cells["row"][first]
    for r1, c1, r2, c2 in sheet.merges:
        if top <= r1 < top + len(block) and c2 > c1 and r1 == r2:
            text = block[r1 - top][c1]
            spread[r1 - top][c1 : c2 + 1] = [text] * (min(c2, len(block[0]) - 1) - c1 + 1)
    for r in range(
        len(block) - 1
    ):  # without merged cells: to the right, as long as only the row below names columns
        for n in range(1, len(block[r])):
            if not spread[r][n] and spread[r][n - 1] and block[r + 1][n] and block[r + 1][n - 1]:
                spread[r][n] = spread[r][n - 1]
    return spread


def _assign(
    texts: Mapping[int, Sequence[str]],
    content: pl.DataFrame,
    recognise: Recogniser,
    headers: Mapping[int, str],
    known: Mapping[str, str],
) -> dict[str, int]:
    told = {" ".join(text.split()).lower(): name for text, name in known.items()}
    claims: list[tuple[float, int, str]] = []
    shares = {n: _shares(content[f"c{n}"]) for n in range(content.width)}
    for n, stack in texts.items():
        own = " ".join(headers[n].split()).lower()
        if own in told:
            claims.append((1000.0, -n, told[own]))
            continue
        lower = stack[-1]
        possible = dict(meaning(lower))
        if len(stack) > 1 and (not possible or _GENERIC.match(plain(lower)) or "role" in possible):
            whole = dict(meaning(" ".join(stack))) or dict(meaning(" ".join(reversed(stack))))
            possible = whole or possible
        looks = _looks(content[f"c{n}"], shares[n])
        for name, weight in possible.items():
            claims.append((weight + looks.get(name, 0.0), -n, name))
    columns: dict[str, int] = {}
    taken: set[int] = set()
    roles: list[tuple[float, int]] = []
    for claim, minus, name in sorted(claims, reverse=True):
        n = -minus
        if n in taken or (name in columns and name != "role"):
            continue
        if name in ("role", "category", "occupation") and claim < 1000:
            roles.append((claim, n))
        else:
            columns[name] = n
        taken.add(n)
    _complete(columns, taken, content, texts, shares)
    _roles(columns, roles, content, recognise, texts)
    if "ttl" in columns:
        date_column, place_column = columns.get("birth_date"), columns.get("birth_place")
        if date_column is not None and place_column is not None:
            del columns["ttl"]
    if "birth_date" in columns and "birth_place" not in columns and "ttl" not in columns:
        share = shares[columns["birth_date"]][_PLACE_THEN_DATE]
        if share > 0.5 and not re.search(r"tgl|tanggal", plain(headers.get(columns["birth_date"], ""))):
            columns["ttl"] = columns.pop("birth_date")
    return columns


SIXTEEN = r"^['`’\s]*(\d[\s.\-/]?){14,17}\W*$"
_PHONE = r"^\s*(\+?62|0)?[\s.\-]*8\d([\s.\-]*\d){6,11}\s*$"
_DATE = r"^\s*(\d{1,2}\s*[-/. ]\s*(\d{1,2}|[A-Za-z]{3,9})\s*[-/. ]\s*(\d{4}|\d{2})|\d{4}-\d{1,2}-\d{1,2})\b"
_SEX = r"(?i)^\s*(l|p|lk|pr|laki.*|perempuan|pria|wanita|1|2|m|f)\s*$"
_SEX_IN_WORDS = r"(?i)^\s*(l|p|lk|pr|laki.*|perempuan|pria|wanita)\s*$"
_PLACE_THEN_DATE = r"^\s*[A-Za-z .]{3,},?\s*\d"
_NAME = r"^[\s]*[A-Za-z][A-Za-z'’.,\s]+$"
_FOUR_DIGITS = r"\d{4,}"
_PATTERNS = (SIXTEEN, _PHONE, _DATE, _SEX, _SEX_IN_WORDS, _PLACE_THEN_DATE, _NAME, _FOUR_DIGITS)


def _shares(column: pl.Series) -> dict[str, float]:
    """Pattern → the share of the cells that hold anything which match it; one pass over the column for all patterns."""
    filled = column.drop_nulls().str.strip_chars()
    filled = filled.filter(filled != "")
    if filled.is_empty():
        return dict.fromkeys(_PATTERNS, 0.0)
    cell = pl.col(column.name)
    found = filled.to_frame().select(
        cell.str.contains(p).mean().alias(str(n)) for n, p in enumerate(_PATTERNS)
    )
    return dict(zip(_PATTERNS, found.row(0), strict=True))


def _looks(column: pl.Series, shares: Mapping[str, float]) -> dict[str, float]:
    """What the content adds to (or takes from) a claim; small, so that a plain header wins."""
    if column.len() - column.null_count() < 3:
        return {}
    return {
        "nik": 2 * shares[SIXTEEN],
        "kk_number": shares[SIXTEEN],
        "phone": shares[_PHONE],
        "birth_date": shares[_DATE],
        "sex": shares[_SEX],
        "name": shares[_NAME] - 3 * shares[_FOUR_DIGITS],
    }


def _complete(
    columns: dict[str, int],
    taken: set[int],
    content: pl.DataFrame,
    texts: Mapping[int, Sequence[str]],
    shares: Mapping[int, Mapping[str, float]],
) -> None:
    """Columns whose header says nothing (or is missing) by what they hold, where that is beyond doubt."""
    for name, pattern, least in (
        ("nik", SIXTEEN, 0.7),
        ("birth_date", _DATE, 0.7),
        ("phone", _PHONE, 0.8),
        ("sex", _SEX_IN_WORDS, 0.9),
    ):
        if name in columns or (name == "birth_date" and "ttl" in columns):
            continue
        for n in range(content.width):
            if n in taken or (name != "nik" and n in texts and len(texts[n]) and meaning(texts[n][-1])):
                continue
            column = content[f"c{n}"]
            if column.len() - column.null_count() >= 3 and shares[n][pattern] >= least:
                columns[name] = n
                taken.add(n)
                break


def _roles(
    columns: dict[str, int],
    roles: list[tuple[float, int]],
    content: pl.DataFrame,
    recognise: Recogniser,
    texts: Mapping[int, Sequence[str]],
) -> None:
    """Among the columns that say what somebody does: the one the scheme recognises is the category."""

    def share(n: int) -> float:
        filled = content[f"c{n}"].drop_nulls().str.strip_chars()
        filled = filled.filter(filled.str.contains("[A-Za-z]")).unique()
        return float(recognise(filled).is_not_null().mean() or 0.0) if filled.len() else 0.0  # type: ignore[arg-type]

    def said(n: int, name: str) -> bool:
        return any(found == name for found, _ in meaning(texts[n][-1]))

    if not roles:
        return
    ranked = sorted(
        roles, key=lambda item: (share(item[1]) >= 0.3, share(item[1]) + 0.3 * said(item[1], "category"))
    )
    if "category" not in columns:
        best = ranked[-1][1]
        if (
            share(best) > 0
            or said(best, "category")
            or (len(roles) == 1 and not re.search(r"pekerjaan|profesi|pencaharian", plain(texts[best][-1])))
        ):
            columns["category"] = best
    rest = [n for _, n in sorted(roles, reverse=True) if n != columns.get("category")]
    rest.sort(key=lambda n: not re.search(r"pekerjaan|profesi|jabatan|okupasi", plain(texts[n][-1])))
    if rest and "occupation" not in columns and not re.search(r"^status", plain(texts[rest[0]][-1])):
        columns["occupation"] = rest[0]
