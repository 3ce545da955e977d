"""Labelled pairs: invented people, some of them entered a second time with errors, to learn `lindung.identity.matching` from and to measure it.

The people live in families (one mother, one home, one telephone, twins now and then, a son with his father's name), bear names of very different
frequency, and have NIK of the form the law gives them. Errors come in three sets: the weights are learned from "seen", the comparisons were
designed with a look at "unseen" too, and "fresh" is kept for measuring alone.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

import polars as pl


def _words(text: str) -> list[str]:
    return [word.replace("_", " ") for word in text.split()]


MEN = _words("""
Agus Ahmad Andi Anton Arif Asep Bambang Budi Cecep Dadang Darmawan Dedi Deni Didin Djoko Edi Eko Endang
Fajar Faisal Hadi Hamdan Hasan Hendra Heri Husen Iwan Jaenal Jajang Joko Junaedi Kardi Karyono Kurniawan
Kusnan Lukman Maman Mansur Miin Mulyadi Mursid Mustofa Naman Ngadiman Nurdin Odih Parno Purwanto Rahmat
Ridwan Rizki Rohmat Saaman Samino Sarbini Sarman Slamet Soleh Sopyan Sudirman Sugeng Suherman Sukardi
Sunarto Supardi Suparman Suryadi Sutrisno Tarmizi Tatang Teguh Tono Ujang Untung Usman Uus Wahyu Wawan
Widodo Yadi Yanto Yusuf Zaenal Zulkifli Abdul_Rahman Abdul_Aziz Abdul_Hakim Abdullah Baharudin Saepudin
Syarifudin Sahrul Taufik Tohir Umar Yohanes Paulus Lim_Sui Tan_Kim Kwee_Liong
Bagus Rudi Anto Dudung Egi Edo Husen Hendri Irwan Joni Mamat Toteng Aceng Rizwan
""")
WOMEN = _words("""
Aisyah Aminah Ani Anisah Asiah Ayu Cicih Cucu Darsih Dewi Dian Elis Endah Eni Entin Erna Euis Fatimah
Fatmawati Halimah Hayati Ida Iis Imas Indah Iroh Jubaedah Juriah Kartini Khodijah Komariah Kurniasih
Latifah Lilis Lina Maemunah Mariam Maryati Mimin Mulyanah Munah Murni Nani Neneng Nining Nunung Nur
Nuraini Nurhayati Nurjanah Nurlaela Odah Parsinah Rahayu Rahmawati Ratna Rini Rohayati Rosmaida Rukiyah
Saanih Sainah Salamah Sarinem Sri Sulastri Sumiati Supriyatin Suryani Sutinah Tini Titin Tri Tumini
Umyati Unah Uum Wati Widaningsih Winarsih Yati Yayah Yuliana Zubaedah Marhamah Rosita Lay_Nyuk Ng_Lily
Desi Ita Ina Diah Ana Sari Sita Lulis Lini Iin Nina Nuraida Retno Rina Tina Wari Yeti Yoyoh Amanah Rohayani Nurhayani
""")
LAST = _words("""
Asmat Bahrudin Basri Efendi Fauzi Firmansyah Gunawan Hakim Halim Harahap Hartono Hidayat Ibrahim Ismail
Kamilah Kosasih Kusuma Lestari Lubis Mahendra Maulana Minan Mubarok Mulyana Mulyati Mursan Nasution
Ningsih Nugraha Nugroho Permana Prabowo Pranata Prasetyo Pratama Purnama Putra Raharjo Ramadhan Riyadi
Rojak Rosyid Santoso Saputra Saragih Setiawan Setyowati Simanjuntak Siregar Sitorus Suhendra Sukaesih
Supriatna Suryana Susanto Sutisna Syamsudin Utama Wahyudi Wibowo Widiyanto Wijaya Wirawan Yulianto
Hutagalung Sihombing Manurung Chandra Tanjung Alatas Assegaf
""")
RHYMES = [
    tuple(pair.split("/"))
    for pair in _words("""
Agus/Bagus Andi/Anto Asep/Aceng Budi/Rudi Dadang/Dudung Dedi/Deni Edi/Edo Eko/Egi Hasan/Husen Hendra/Hendri Heri/Hadi
Iwan/Irwan Joko/Joni Maman/Mamat Rahmat/Rohmat Ridwan/Rizwan Tatang/Toteng Yanto/Yanti Ani/Ana Dewi/Desi Dian/Diah Eni/Ina
Entin/Titin Ida/Ita Imas/Iis Indah/Endah Lilis/Lulis Lina/Lini Mimin/Iin Nani/Nina Neneng/Nunung Nuraini/Nuraida Ratna/Retno
Rini/Rina Tini/Tina Wati/Wari Yati/Yeti Yayah/Yoyoh Aminah/Amanah Sri/Sari Siti/Sita Rohayati/Rohayani Nurhayati/Nurhayani
""")
]
STREETS = ["Mawar", "Melati", "Kenanga", "Anggrek", "Pahlawan", "Pendidikan", "Langgar", "Mushola", "Damai", "Bakti", "Swadaya", "Cendrawasih", "Merpati", "Ceger", "Masjid", "Sawah", "Kelapa"]  # fmt: skip
PLACES = ["Cipondoh", "Kenanga", "Petir", "Neglasari", "Kedaung", "Periuk", "Gembor", "Benda", "Belendung", "Jurumudi", "Pamulang", "Kesepuhan", "Pekalipan", "Sukapura", "Ketapang", "Kejaksan"]  # fmt: skip


def people(count: int, rng: random.Random) -> list[dict[str, object]]:
    """`count` invented people in families; `human` numbers them."""
    rows: list[dict[str, object]] = []
    districts = [f"36{rng.randint(71, 74)}{n:02d}" for n in range(1, 12)] + [
        f"{rng.choice((32, 33, 12, 18, 61))}{rng.randint(1, 20):02d}{n:02d}" for n in range(1, 15)
    ]
    small_serials = rng.random() < 0.5
    # The commonest names are a hundred times as common as the rare ones.
    tail = [1 / (i + 1) ** 0.8 for i in range(200)]

    def name(sex: str) -> str:
        first = MEN if sex == "L" else WOMEN
        words = rng.choices(first, tail[: len(first)])
        shape = rng.random()
        if shape > 0.12:
            words += rng.choices(LAST, tail[: len(LAST)])
        if shape > 0.75:
            words += rng.choices(first if rng.random() < 0.6 else LAST)
        if rng.random() < (0.25 if sex == "L" else 0.15):
            words.insert(0, "Muhammad" if sex == "L" else "Siti")
        return " ".join(dict.fromkeys(words)).replace("_", " ")

    def nik(born: date, sex: str, district: str) -> str:
        serial = (
            rng.choices(range(1, 15), [1 / n for n in range(1, 15)])[0]
            if small_serials
            else rng.randint(1, 9998)
        )
        return f"{district}{born.day + (40 if sex == 'P' else 0):02d}{born:%m%y}{serial:04d}"

    def birth() -> date:
        born = date(1950, 1, 1) + timedelta(days=rng.randrange(20_000))
        if rng.random() < 0.03:
            born = (
                born.replace(month=rng.choice((7, 12)), day=1)
                if rng.random() < 0.5
                else born.replace(month=12, day=31)
            )
        return born

    while len(rows) < count:
        place = rng.choice(PLACES)
        home = {
            "address": f"{rng.choice(('Jl.', 'Gg.', 'Kp.'))} {rng.choice(STREETS)} No. {rng.randint(1, 180)}{rng.choice(('', '', 'A', 'B'))}",
            "rt": f"{rng.randint(1, 12):03d}", "rw": f"{rng.randint(1, 15):03d}", "kelurahan": place,
            "kk_number": f"36{rng.randint(10**13, 10**14 - 1)}",
        }  # fmt: skip
        phone = f"08{rng.choice(('12', '13', '57', '77', '95'))}{rng.randint(10**6, 10**8 - 1)}"
        mother = name("P")
        for _ in range(rng.choice((1, 1, 1, 2, 2, 3))):
            sex, born, district = (
                rng.choice("LP"),
                birth(),
                rng.choice(districts[:8] if rng.random() < 0.6 else districts),
            )
            child = mother if rng.random() < 0.6 else name("P")
            person = {
                "human": len(rows), "nik": nik(born, sex, district), "name": name(sex), "birth_date": born, "sex": sex, "mother_name": child, **home,
                "phone": phone if rng.random() < 0.3 else (f"08{rng.randint(10**8, 10**10 - 1)}" if rng.random() < 0.85 else None),
            }  # fmt: skip
            rows.append(person)
            if rng.random() < 0.006 and (twin := _twin(person, name(sex), rng)):
                rows.append({**twin, "human": len(rows)})
            if sex == "L" and rng.random() < 0.005:  # a son with his father's name
                born = birth()
                rows.append(
                    {
                        **person,
                        "human": len(rows),
                        "nik": nik(born, sex, district),
                        "birth_date": born,
                        "mother_name": name("P"),
                    }
                )
    return rows[:count]


def _twin(person: dict[str, object], other: str, rng: random.Random) -> dict[str, object] | None:
    """Somebody else, born beside `person`: with another name, one that shares its last words, or one that rhymes ("Rina Wati", "Rini Wati")."""
    first, *rest = str(person["name"]).split()
    if rng.random() < 0.5 and rest:
        other = " ".join([other.split(maxsplit=1)[0], *rest])
    if rng.random() < 0.4:
        known = [pair for pair in RHYMES if first in pair]
        if known:
            pair = rng.choice(known)
            other = " ".join([pair[1] if pair[0] == first else pair[0], *rest])
    own, its = {first, *rest}, set(other.split())
    if own <= its or its <= own or other.split()[0] == first:
        return None
    apart = 1 if rng.random() < 0.9 else rng.randint(2, 9)
    serial = str(int(str(person["nik"])[12:]) + apart).zfill(4)[-4:]
    return {**person, "nik": str(person["nik"])[:12] + serial, "name": other}


# --- how a name, a number, a date is entered a second time --------------------------------------------------------------------------


def _swap_words(text: str, pairs: dict[str, str], rng: random.Random) -> str:
    known = [(a, b) for a, b in pairs.items() if a in text]
    if not known:
        return text
    a, b = rng.choice(known)
    return text.replace(a, b, 1)


def _at(text: str, rng: random.Random, change: Callable[[str, int], str]) -> str:
    return change(text, rng.randrange(1, len(text) - 1)) if len(text) > 3 else text


NAME_SEEN: dict[str, Callable[[str, random.Random], str]] = {
    "capitals": lambda n, r: n.upper(),
    "titles": lambda n, r: r.choice(("H. {}", "Hj. {}", "Ust. {}", "{}, S.Pd", "Drs. {}", "{}, S.E.", "H.{}")).format(n),
    "muhammad": lambda n, r: n.replace("Muhammad", r.choice(("M.", "Moh.", "Muh", "Mochamad"))).replace("Siti", r.choice(("St.", "Sity", "Siti"))),
    "letter wrong": lambda n, r: _at(n, r, lambda t, i: t[:i] + r.choice("aeioustnr") + t[i + 1 :]),
    "letters change places": lambda n, r: _at(n, r, lambda t, i: t[: i - 1] + t[i] + t[i - 1] + t[i + 1 :]),
    "letter lost": lambda n, r: _at(n, r, lambda t, i: t[:i] + t[i + 1 :]),
    "spelling": lambda n, r: _swap_words(n, {"ae": "ai", "f": "p", "y": "i", "z": "j", "kh": "ch", "dj": "j", "h ": " "}, r),
    "as it is": lambda n, r: n,
    "last word lost": lambda n, r: n.rsplit(" ", 1)[0] if n.count(" ") > 1 else n,
    "space lost": lambda n, r: n.replace(" ", "", 1),
}  # fmt: skip
NAME_UNSEEN: dict[str, Callable[[str, random.Random], str]] = {
    "words change places": lambda n, r: " ".join(reversed(n.split())),
    "old spelling": lambda n, r: _swap_words(n.title(), {"u": "oe", "j": "dj", "c": "tj", "y": "j"}, r),
    "letter twice": lambda n, r: _at(n, r, lambda t, i: t[:i] + t[i] + t[i:]),
    "key beside": lambda n, r: _at(n, r, lambda t, i: t[:i] + {"a": "s", "i": "o", "u": "y", "n": "m", "r": "t"}.get(t[i], "e") + t[i + 1 :]),
    "scanned": lambda n, r: _swap_words(n, {"rn": "m", "m": "rn", "i": "l", "l": "i", "o": "c"}, r),
    "last word an initial": lambda n, r: " ".join([*n.split()[:-1], n.split()[-1][0]]) if n.count(" ") > 1 else n,
}  # fmt: skip


NAME_FRESH: dict[str, Callable[[str, random.Random], str]] = {
    "first word an initial": lambda n, r: " ".join([f"{n.split()[0][0]}.", *n.split()[1:]]) if n.count(" ") else n,
    "word more": lambda n, r: f"{n} {r.choice(LAST)}" if n.count(" ") < 2 else n,
    "vowel lost": lambda n, r: _lost(n, "aeiou", r),
    "space more": lambda n, r: _at(n, r, lambda t, i: f"{t[:i]} {t[i:]}"),
    "ends otherwise": lambda n, r: n + "h" if n[-1] in "aiu" else (n[:-1] if len(n) > 5 else n),
    "hard and soft": lambda n, r: _swap_words(n, {"d": "t", "b": "p", "g": "k", "t": "d", "p": "b"}, r),
    "digit for letter": lambda n, r: _swap_words(n, {"o": "0", "i": "1", "l": "1"}, r),
    "title inside": lambda n, r: n.replace(" ", " H. ", 1),
}  # fmt: skip


def _lost(text: str, letters: str, rng: random.Random) -> str:
    places = [i for i, letter in enumerate(text) if i and letter in letters]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + text[at + 1 :]


def _digit(nik: str, rng: random.Random, count: int = 1) -> str:
    for i in rng.sample(range(16), count):
        nik = nik[:i] + rng.choice([d for d in "0123456789" if d != nik[i]]) + nik[i + 1 :]
    return nik


def _moved(nik: str, rng: random.Random, at: int) -> str:
    return nik[:at] + nik[at + 1] + nik[at] + nik[at + 2 :]


NIK_SEEN: dict[str, Callable[[str, random.Random], str | None]] = {
    "another": lambda k, r: (
        f"{r.randint(11, 76)}{r.randint(1, 20):02d}{r.randint(1, 14):02d}{k[6:12]}{r.randint(1, 9999):04d}"
    ),
    "one digit": _digit,
    "digits change places": lambda k, r: _moved(k, r, r.randrange(12, 15)),
    "digit lost": lambda k, r: _at(k, r, lambda t, i: t[:i] + t[i + 1 :]),
}
NIK_UNSEEN: dict[str, Callable[[str, random.Random], str | None]] = {
    "two digits": lambda k, r: _digit(k, r, 2),
    "another, own day of birth": lambda k, r: (
        f"{r.choice((3603, 3604, 3674))}{r.randint(1, 29):02d}{k[6:12]}{r.randint(1, 9999):04d}"
    ),
    "digits change places anywhere": lambda k, r: _moved(k, r, r.randrange(0, 15)),
    "digit twice": lambda k, r: _at(k, r, lambda t, i: t[:i] + t[i] + t[i:]),
    "last digit by Excel": lambda k, r: k[:15] + "0",
}


NIK_FRESH: dict[str, Callable[[str, random.Random], str | None]] = {
    "two digits lost": lambda k, r: _at(_at(k, r, lambda t, i: t[:i] + t[i + 1 :]), r, lambda t, i: t[:i] + t[i + 1 :]),
    "day and month change places": lambda k, r: k[:6] + k[8:10] + k[6:8] + k[10:],
    "the forty of women": lambda k, r: f"{k[:6]}{(int(k[6:8]) + 40) % 80:02d}{k[8:]}",
    "year of birth": lambda k, r: k[:10] + f"{r.randint(50, 99)}" + k[12:],
    "region and serial": lambda k, r: k[:5] + str((int(k[5]) + r.randint(1, 9)) % 10) + k[6:15] + str((int(k[15]) + r.randint(1, 9)) % 10),
    "another, of another city": lambda k, r: f"{r.randint(11, 76)}{r.randint(1, 20):02d}{r.randint(1, 14):02d}{k[6:12]}{r.randint(1, 9999):04d}",
}  # fmt: skip


def _date_swapped(d: date, rng: random.Random) -> date:
    return d.replace(day=d.month, month=d.day) if d.day <= 12 else d


DATE_SEEN: dict[str, Callable[[date, random.Random], date | None]] = {
    "swapped": _date_swapped,
    "day": lambda d, r: d.replace(day=r.randint(1, 28)),
}
DATE_UNSEEN: dict[str, Callable[[date, random.Random], date | None]] = {
    "swapped": _date_swapped,
    "month beside": lambda d, r: d.replace(day=min(d.day, 28), month=d.month % 12 + 1),
    "year": lambda d, r: d.replace(day=min(d.day, 28), year=d.year + r.choice((-10, -1, 1, 10))),
}


DATE_FRESH: dict[str, Callable[[date, random.Random], date | None]] = {
    "first of January": lambda d, r: d.replace(month=1, day=1),
    "digits of the day": lambda d, r: d.replace(day=int(f"{d.day:02d}"[::-1]) if 1 <= int(f"{d.day:02d}"[::-1]) <= 28 else d.day),
    "Juni and Juli": lambda d, r: d.replace(day=min(d.day, 28), month={6: 7, 7: 6, 1: 6, 3: 5}.get(d.month, d.month)),
    "decade": lambda d, r: d.replace(day=min(d.day, 28), year=d.year + r.choice((-10, 10))),
}  # fmt: skip
KINDS = {
    "seen": (NAME_SEEN, NIK_SEEN, DATE_SEEN),
    "unseen": (NAME_UNSEEN, NIK_UNSEEN, DATE_UNSEEN),
    "fresh": (NAME_FRESH, NIK_FRESH, DATE_FRESH),
}


def entered_again(person: dict[str, object], rng: random.Random, errors: str) -> dict[str, object]:
    names, niks, dates = KINDS[errors]
    again = dict(person)
    again["nik"] = rng.choice(list(niks.values()))(str(person["nik"]), rng)
    for _ in range(rng.choice((1, 1, 1, 2))):
        again["name"] = rng.choice(list(names.values()))(str(again["name"]), rng)
    if rng.random() < 0.1:
        again["birth_date"] = rng.choice(list(dates.values()))(person["birth_date"], rng)  # type: ignore[arg-type]
    if rng.random() < 0.3:
        again["mother_name"] = rng.choice(list(names.values()))(str(person["mother_name"]), rng)
    if rng.random() < 0.25:
        again["address"] = (
            str(person["address"]).replace("No. ", rng.choice(("No.", "", "Nomor "))).replace("Jl.", "Jalan")
        )
    if rng.random() < 0.08:
        again |= {
            "address": f"Jl. {rng.choice(STREETS)} No. {rng.randint(1, 180)}",
            "rt": f"{rng.randint(1, 12):03d}",
            "rw": f"{rng.randint(1, 15):03d}",
            "kelurahan": rng.choice((person["kelurahan"], rng.choice(PLACES))),
            "kk_number": rng.choice((person["kk_number"], f"36{rng.randint(10**13, 10**14 - 1)}")),
        }
    if rng.random() < 0.25:
        again["phone"] = f"08{rng.randint(10**8, 10**10 - 1)}"
    if rng.random() < 0.02:
        again["sex"] = "P" if person["sex"] == "L" else "L"
    return again


def roster(count: int, seed: int, *, errors: str = "seen", columns: str = "all") -> pl.DataFrame:
    """`count` rows, 5 % of them somebody entered again; `human` tells who is who. `errors`: of `KINDS`. `columns`: "all", "some" (by the seed)
    or "few"."""
    rng = random.Random(seed)
    rows = people(round(count * 0.95), rng)
    rows += [entered_again(rng.choice(rows), rng, errors) for _ in range(count - len(rows))]
    rng.shuffle(rows)
    # Cells are empty as often for one person as for another: an empty cell must not be a sign.
    blank = {"nik": 0.03, "birth_date": 0.02, "mother_name": 0.06, "address": 0.02, "phone": 0.1}
    for row in rows:
        row.update({column: None for column, share in blank.items() if rng.random() < share})
    frame = (
        pl.DataFrame(rows, infer_schema_length=None)
        .with_row_index("row_id")
        .with_columns(pl.col("row_id").cast(pl.Int64))
    )
    if columns == "few":
        return frame.select("row_id", "human", "nik", "name", "birth_date")
    optional = [["mother_name"], ["address"], ["rt", "rw"], ["kelurahan"], ["phone"], ["kk_number"], ["sex"]]
    gone = [
        c
        for group in optional
        if columns == "some" and rng.random() < (0.7 if group == ["kk_number"] else 0.3)
        for c in group
    ]
    return frame.drop(gone)


def truth(frame: pl.DataFrame) -> pl.DataFrame:
    """All pairs of rows of one human whose NIK are not the same."""
    two = frame.select("human", "row_id", "nik")
    pairs = two.join(two, on="human", suffix="_b").filter(pl.col("row_id") < pl.col("row_id_b"))
    other = pl.col("nik").is_null() | pl.col("nik_b").is_null() | (pl.col("nik") != pl.col("nik_b"))
    return pairs.filter(other).select(a_row_id="row_id", b_row_id="row_id_b")
