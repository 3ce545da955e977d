"""Make labelled pairs from invented people and learn the weights of `lindung.identity.matching` from them.

    python tools/train_matching.py 2026-11      writes src/lindung/identity/models/2026-11.json and prints what it is worth
    python tools/train_matching.py --check      only measures the current model on error types and seeds it has not seen

The people live in families (one mother, one home, one telephone, twins now and then), bear names of very different frequency, and have NIK of the
form the law gives them. Entered a second time, they get errors of the kinds in `SEEN`; `UNSEEN` kinds are kept for measuring.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl

from lindung.identity import matching
from lindung.identity.matching_blocks import candidates
from lindung.identity.matching_compare import LEVELS, compare
from lindung.identity.matching_prepare import prepare

MODELS = Path(matching.__file__).parent / "models"


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
""")
WOMEN = _words("""
Aisyah Aminah Ani Anisah Asiah Ayu Cicih Cucu Darsih Dewi Dian Elis Endah Eni Entin Erna Euis Fatimah
Fatmawati Halimah Hayati Ida Iis Imas Indah Iroh Jubaedah Juriah Kartini Khodijah Komariah Kurniasih
Latifah Lilis Lina Maemunah Mariam Maryati Mimin Mulyanah Munah Murni Nani Neneng Nining Nunung Nur
Nuraini Nurhayati Nurjanah Nurlaela Odah Parsinah Rahayu Rahmawati Ratna Rini Rohayati Rosmaida Rukiyah
Saanih Sainah Salamah Sarinem Sri Sulastri Sumiati Supriyatin Suryani Sutinah Tini Titin Tri Tumini
Umyati Unah Uum Wati Widaningsih Winarsih Yati Yayah Yuliana Zubaedah Marhamah Rosita Lay_Nyuk Ng_Lily
""")
LAST = _words("""
Asmat Bahrudin Basri Efendi Fauzi Firmansyah Gunawan Hakim Halim Harahap Hartono Hidayat Ibrahim Ismail
Kamilah Kosasih Kusuma Lestari Lubis Mahendra Maulana Minan Mubarok Mulyana Mulyati Mursan Nasution
Ningsih Nugraha Nugroho Permana Prabowo Pranata Prasetyo Pratama Purnama Putra Raharjo Ramadhan Riyadi
Rojak Rosyid Santoso Saputra Saragih Setiawan Setyowati Simanjuntak Siregar Sitorus Suhendra Sukaesih
Supriatna Suryana Susanto Sutisna Syamsudin Utama Wahyudi Wibowo Widiyanto Wijaya Wirawan Yulianto
Hutagalung Sihombing Manurung Chandra Tanjung Alatas Assegaf
""")
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
            if rng.random() < 0.006:
                serial = str(int(person["nik"][12:]) + 1).zfill(4)[-4:]
                other = name(sex)
                if rng.random() < 0.5 and " " in str(person["name"]):
                    other = f"{other.split()[0]} {str(person['name']).split(' ', 1)[1]}"
                own, its = set(str(person["name"]).split()), set(other.split())
                if not own <= its and not its <= own and other.split()[0] != str(person["name"]).split()[0]:
                    rows.append(
                        {**person, "human": len(rows), "nik": str(person["nik"])[:12] + serial, "name": other}
                    )
    return rows[:count]


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


def entered_again(person: dict[str, object], rng: random.Random, unseen: bool) -> dict[str, object]:
    names, niks, dates = (
        (NAME_UNSEEN, NIK_UNSEEN, DATE_UNSEEN) if unseen else (NAME_SEEN, NIK_SEEN, DATE_SEEN)
    )
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


def roster(count: int, seed: int, *, unseen: bool = False, columns: str = "all") -> pl.DataFrame:
    """`count` rows, 5 % of them somebody entered again; `human` tells who is who. `columns`: "all", "some" (by the seed) or "few"."""
    rng = random.Random(seed)
    rows = people(round(count * 0.95), rng)
    rows += [entered_again(rng.choice(rows), rng, unseen) for _ in range(count - len(rows))]
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
    optional = [["mother_name"], ["address", "rt", "rw"], ["kelurahan"], ["phone"], ["kk_number"], ["sex"]]
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


# --- learning --------------------------------------------------------------------------------------------------------------------


def labelled(frame: pl.DataFrame) -> tuple[pl.DataFrame, np.ndarray]:
    prepared = prepare(frame)
    pairs = candidates(prepared)
    human = frame["human"]
    nik_a, nik_b = prepared["nik"][pairs["a"]], prepared["nik"][pairs["b"]]
    pairs = pairs.filter(~(nik_a == nik_b).fill_null(False))
    levels = compare(prepared, pairs, all_names=True).with_columns(
        people=pl.lit(float(np.log10(frame.height)))
    )
    return levels, (human[pairs["a"]] == human[pairs["b"]]).to_numpy()


def matrix(levels: pl.DataFrame) -> np.ndarray:
    """One column per level (1 where the pair is on it), then namesakes, size, twins."""
    columns = [
        levels[f].eq(i).fill_null(False).cast(pl.Float32)
        for f, names in LEVELS.items()
        for i in range(len(names))
    ]
    size = pl.when(pl.col("namesakes").is_null()).then("people").otherwise(0.0)
    extra = levels.select(
        -pl.col("namesakes").fill_null(0.0), -size, -pl.col("twins").fill_null(False).cast(pl.Float32)
    )
    return np.column_stack([*(c.to_numpy() for c in columns), *(c.to_numpy() for c in extra)]).astype(
        np.float32
    )


# The first level of each field that speaks for one human.
TURN = {
    "name": 2,
    "birth_date": 3,
    "nik": 2,
    "mother_name": 1,
    "address": 1,
    "rt_rw": 1,
    "kelurahan": 1,
    "kk_number": 1,
    "phone": 1,
    "sex": 1,
}


def fit(x: np.ndarray, y: np.ndarray, steps: int = 3000) -> tuple[float, np.ndarray]:
    """Logistic regression in which agreement never weighs less than an empty cell, nor a better level less than a worse one; Adam on the steps between levels."""
    sizes = [len(names) for names in LEVELS.values()]
    rise = np.zeros((sum(sizes) + 3, sum(sizes) + 3), np.float32)
    start = 0
    for field, size in zip(LEVELS, sizes, strict=True):
        for level in range(size):  # steps down from nothing below the turn, steps up from nothing above it
            if level < TURN[field]:
                rise[start : start + level + 1, start + level] = -1.0
            else:
                rise[start + level : start + size, start + level] = 1.0
        start += size
    rise[start:, start:] = np.eye(3)
    # Equal pairs of features are counted once, with their number: a few thousand kinds instead of a million pairs.
    kinds, inverse = np.unique(
        np.column_stack([x, y.astype(np.float32)]).round(2), axis=0, return_inverse=True
    )
    weight = np.bincount(inverse.ravel()).astype(np.float64)
    x, y = kinds[:, :-1].astype(np.float64), kinds[:, -1]
    steps_x = x @ rise
    raw, bias = np.full(steps_x.shape[1], -0.5), 0.0
    moment, speed = np.zeros(len(raw) + 1), np.zeros(len(raw) + 1)
    for n in range(1, steps + 1):
        positive = np.logaddexp(0, raw)
        error = (1 / (1 + np.exp(-(steps_x @ positive + bias))) - y) * weight
        gradient = (
            np.append((steps_x.T @ error + 0.5 * positive) / (1 + np.exp(-raw)), error.sum())
            / weight.sum()
            * 100
        )
        moment, speed = 0.9 * moment + 0.1 * gradient, 0.99 * speed + 0.01 * gradient**2
        move = 0.05 * (moment / (1 - 0.9**n)) / (np.sqrt(speed / (1 - 0.99**n)) + 1e-8)
        raw, bias = raw - move[:-1], bias - move[-1]
    return float(bias), rise @ np.logaddexp(0, raw)


# Most lists have no family card number and lack another column or two; sizes differ, so that the weight of size is learned.
LEARN_FROM = (
    [(3_000, "some")] * 4
    + [(20_000, "some")] * 5
    + [(20_000, "all"), (20_000, "few"), (100_000, "some"), (100_000, "some"), (100_000, "few")]
)


def learn(version: str) -> None:
    parts = []
    for seed, (count, columns) in enumerate(LEARN_FROM, start=100):
        parts.append(labelled(roster(count, seed, columns=columns)))
    x, y = np.vstack([matrix(levels) for levels, _ in parts]), np.concatenate([label for _, label in parts])
    print(f"{len(y):,} pairs, {int(y.sum()):,} of one human")
    bias, values = fit(x, y)
    names = [(field, level) for field, levels in LEVELS.items() for level in levels]
    weights: dict[str, dict[str, float]] = {field: {} for field in LEVELS}
    for (field, level), value in zip(names, values, strict=False):
        weights[field][level] = round(float(value), 3)
    namesakes, size, twins = (round(float(v), 3) for v in values[-3:])
    model = {"version": version, "bias": round(bias, 3), "weights": weights, "namesakes": namesakes, "size": size, "twins": twins, "same": 0.9, "same_bare": 0.9, "review": 0.3}  # fmt: skip
    start = matching.Model(**model)
    model["same"] = threshold(start, [(5_000, "all"), (20_000, "some"), (20_000, "some"), (60_000, "all")])
    model["same_bare"] = threshold(start, [(20_000, "few")] * 3 + [(40_000, "few")])
    model["trained_on"] = {
        "pairs": len(y),
        "same": int(y.sum()),
        "names": list(NAME_SEEN),
        "nik": list(NIK_SEEN),
        "birth_date": list(DATE_SEEN),
    }
    (MODELS / f"{version}.json").write_text(json.dumps(model, indent=1) + "\n", encoding="utf-8")


def threshold(model: matching.Model, lists: list[tuple[int, str]]) -> float:
    """The lowest probability from which 99.3 % of the pairs are of one human (99 % in every list), on people the weights were not learned from."""
    judged = []
    for seed, (count, columns) in enumerate(lists, start=500):
        frame = roster(count, seed, columns=columns)
        found = matching.duplicates(frame, model=replace(model, same=0.5, same_bare=0.5)).filter(
            pl.col("band") == "same"
        )
        right = truth(frame).with_columns(right=True)
        labelled_pairs = found.join(right, on=["a_row_id", "b_row_id"], how="left")
        judged.append(labelled_pairs.select("probability", pl.col("right").fill_null(False)))
    for limit in (0.6, 0.7, 0.8, 0.85, 0.9, 0.95, 0.97, 0.99):
        kept = [part.filter(pl.col("probability") >= limit)["right"] for part in judged]
        shares = [float(part.mean() or 0) for part in kept]
        if min(shares) >= 0.99 and float(pl.concat(kept).mean() or 0) >= 0.993:
            return limit
    raise SystemExit(f"no threshold is precise enough: {shares}")


def measure(frame: pl.DataFrame) -> dict[str, float]:
    """Precision and recall of band "same", and recall with the review band, against all pairs of one human."""
    right = truth(frame)
    found = matching.duplicates(frame)
    keys = ["a_row_id", "b_row_id"]
    same = found.filter(pl.col("band") == "same")
    hits = same.join(right, on=keys, how="semi").height
    return {
        "pairs": right.height,
        "precision": hits / max(same.height, 1),
        "recall": hits / max(right.height, 1),
        "recall with review": found.join(right, on=keys, how="semi").height / max(right.height, 1),
        "review": found.height - same.height,
    }


def main() -> None:
    if sys.argv[1:] != ["--check"]:
        learn(sys.argv[1])
        matching.model.cache_clear()
    for count, columns in (
        (5_000, "all"),
        (20_000, "all"),
        (20_000, "some"),
        (20_000, "few"),
        (100_000, "all"),
    ):
        for unseen in (False, True):
            for seed in (7, 8, 9):
                result = measure(roster(count, seed, unseen=unseen, columns=columns))
                print(
                    f"{count:>7,} {columns:<5} {'unseen' if unseen else 'seen':<7}",
                    *(f"{k} {v:.4g}" for k, v in result.items()),
                )


if __name__ == "__main__":
    main()
