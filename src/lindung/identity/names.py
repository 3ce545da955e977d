"""Indonesian names made comparable, as Polars expressions: titles off, Muhammad and Siti in full, spelling folded.

Three forms, from what is written to what is heard: `normalised` ("Hj. St. Chodijah, S.Pd" → "SITI CHODIJAH"), `sound`
("SITI HODIJA") and `core` ("HODIJA": without the words that half of all people share, and without spaces).
Nothing here is for showing: people see their names as they wrote them.
"""

from __future__ import annotations

import polars as pl

_FRONT = [
    "H",
    "HJ",
    "HI",
    "HAJI",
    "HAJJI",
    "HADJI",
    "HAJJAH",
    "HAJAH",
    "HJH",
    "KH",
    "KHJ",
    "K",
    "KYAI",
    "KIAI",
    "KYAHI",
    "DR",
    "DRS",
    "DRA",
    "DRG",
    "DRH",
    "IR",
    "PROF",
    "UST",
    "USTAD",
    "USTADZ",
    "USTAZ",
    "USTD",
    "USTDZ",
    "USTADZAH",
    "USTADZH",
    "USTZ",
    "USTZH",
    "PDT",
    "PENDETA",
    "ROMO",
    "BPK",
    "BAPAK",
    "PAK",
    "IBU",
    "BU",
    "SDR",
    "SDRI",
    "SDRA",
    "TN",
    "TUAN",
    "NY",
    "NYONYA",
    "NN",
    "ALM",
    "ALMH",
    "ALMARHUM",
    "ALMARHUMAH",
]
_BACK = [
    "SPD",
    "SPDI",
    "SAG",
    "SE",
    "SEI",
    "SH",
    "SHI",
    "ST",
    "SKOM",
    "SSOS",
    "SSOSI",
    "SIP",
    "SKEP",
    "SKM",
    "SSI",
    "SFARM",
    "SPT",
    "SP",
    "SPI",
    "SPSI",
    "SIKOM",
    "STP",
    "SST",
    "STR",
    "STRKEB",
    "SGZ",
    "SKED",
    "SPWK",
    "AMD",
    "AMDKEB",
    "AMDKEP",
    "AMK",
    "AMKEB",
    "NERS",
    "NS",
    "LC",
    "MPD",
    "MPDI",
    "MSI",
    "MH",
    "MM",
    "MKOM",
    "MAG",
    "MSOS",
    "MAP",
    "MKES",
    "MT",
    "MSC",
    "PHD",
    "BSC",
    "H",
    "HJ",
    "ALM",
    "ALMH",
    "ALMARHUM",
    "ALMARHUMAH",
]
# The same degrees with dots are several words once the dots are gone.
_BACK_SPLIT = [
    "S PD I",
    "S PD",
    "S AG",
    "S E I",
    "S E",
    "S H I",
    "S H",
    "S T P",
    "S T",
    "S KOM I",
    "S KOM",
    "S SOS I",
    "S SOS",
    "S IP",
    "S I P",
    "S KEP",
    "S K M",
    "S SI",
    "S FARM",
    "S PT",
    "S PI",
    "S P",
    "S PSI",
    "S I KOM",
    "S ST",
    "S TR KEB",
    "S TR KEP",
    "S TR",
    "S GZ",
    "S KED",
    "A MD KEB",
    "A MD KEP",
    "A MD KES",
    "A MD",
    "A MA PD",
    "A MA",
    "A MK",
    "M PD I",
    "M PD",
    "M SI",
    "M H",
    "M M",
    "M KOM",
    "M AG",
    "M SOS",
    "M A P",
    "M AP",
    "M KES",
    "M T",
    "M SC",
    "PH D",
    "B SC",
    "B A",
]

_FAMILIES = {
    "MUHAMMAD": [
        "MUHAMAD",
        "MUHAMMED",
        "MUHAMED",
        "MOHAMMAD",
        "MOHAMAD",
        "MOHAMED",
        "MOHAMMED",
        "MOCHAMAD",
        "MOCHAMMAD",
        "MUCHAMAD",
        "MUCHAMMAD",
        "MUKHAMAD",
        "MUKHAMMAD",
        "MOKHAMAD",
        "MOKHAMMAD",
        "MUHAMMAT",
        "MUHAMAT",
        "MOH",
        "MUH",
        "MOCH",
        "MUCH",
        "MUKH",
        "MOKH",
        "MHD",
        "MUHD",
        "MOHD",
        "MHMD",
    ],
    "AHMAD": ["ACHMAD", "AKHMAD", "ACHMAT", "AKHMAT", "AHMAT", "AHMED", "ACH", "AKH", "AHM", "ACHM"],
    "SITI": ["SITTI", "SITY", "STI", "SITIE", "SITHI", "STTI"],
    "ABDUL": ["ABD", "ABDOEL", "ABDL"],
}
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PARTICLES = ["BIN", "BINTI", "BINTE", "BTI", "BT", "BR", "BORU"]
_NOBODY = [
    "TIDAK ADA",
    "BELUM ADA",
    "TIDAK TAHU",
    "TDK ADA",
    "NIHIL",
    "KOSONG",
    "MENYUSUL",
    "XXX",
    "NAMA",
    "TANPA NAMA",
    "SDA",
    "IDEM",
]

# Old and new spelling, Arabic and Sundanese habits. The longest comes first; letters after folding may double, so squeeze after.
_FOLDED = [
    ("ABDUL R", "ABDUR"), ("ABDUL S", "ABDUS"), ("CHANDRA", "KANDRA"), ("CANDRA", "KANDRA"), ("CHRIS", "KRIS"), ("CRIS", "KRIS"),
    ("OE", "U"), ("AE", "AI"), ("OI", "AI"), ("IE", "I"), ("EY", "I"), ("HJ", "HI"), ("TJ", "C"), ("DJ", "J"), ("SJ", "S"),
    ("SY", "S"), ("SH", "S"), ("TS", "S"), ("CH", "H"), ("KH", "H"), ("GH", "G"), ("DH", "D"), ("TH", "T"), ("BH", "B"), ("DZ", "J"),
    ("ZH", "J"), ("PH", "P"), ("F", "P"), ("V", "P"), ("Q", "K"), ("X", "KS"), ("Y", "I"), ("Z ", "S "), ("Z", "J"), ("H ", " "),
]  # fmt: skip


def _words_apart(text: pl.Expr) -> pl.Expr:
    """Upper case, each word with a space of its own on both sides: " SITI  AMINAH "."""
    letters = text.str.replace_all("[\u0027\u2018\u2019\u02bc\u0060\u00b4]", "").str.replace_all(
        "[^A-Z]+", "  "
    )
    return pl.concat_str(pl.lit(" "), letters.str.strip_chars(), pl.lit(" "))


def normalised(name: pl.Expr) -> pl.Expr:
    """Words in capitals, one space between, no titles or degrees, Muhammad, Ahmad, Siti and Abdul in full.

    Null for nobody: empty, "-", "tidak ada".
    """
    upper = name.str.to_uppercase()
    # What follows a comma and is only short words is a row of degrees, known or not.
    before = upper.str.replace(r",[ .,]*(?:[A-Z]{1,4}[ .,()/]*)+$", "")
    words = _words_apart(before)
    words = words.str.replace(rf"^(?: (?:{'|'.join(_FRONT)}) )+( [A-Z]{{2}})", "${1}")
    split = "|".join(degree.replace(" ", "  ") for degree in _BACK_SPLIT)
    words = words.str.replace(rf"([A-Z]{{2}} )(?: (?:{split}|{'|'.join(_BACK)}) )+$", "${1}")
    words = words.str.replace(r"^ (?:M|MD)  ", " MUHAMMAD  ").str.replace("^ ST  ", " SITI  ")
    old = [f" {word} " for words in _FAMILIES.values() for word in words]
    new = [f" {full} " for full, words in _FAMILIES.items() for _ in words]
    words = words.str.replace_many(
        old + [f" {word} " for word in _PARTICLES], new + [" "] * len(_PARTICLES), leftmost=True
    )
    one_space = words.str.replace_all("  ", " ", literal=True).str.replace_all("  ", " ", literal=True)
    # One expression that mentions its input once: a `when` would compute it three times.
    return one_space.str.strip_chars().replace([*_NOBODY, *_LETTERS, ""], None)


def sound(normal: pl.Expr) -> pl.Expr:
    """A normalised name with its spelling folded: oe/u, dj/j, tj/c, ch/kh/h, y/i, f/v/p, z/j, ae/ai, doubled letters, final h."""
    padded = pl.concat_str(normal, pl.lit(" "))
    folded = padded.str.replace_many([a for a, _ in _FOLDED], [b for _, b in _FOLDED], leftmost=True)
    return folded.str.replace_many([c * 2 for c in _LETTERS], list(_LETTERS)).str.strip_chars()


def core(heard: pl.Expr) -> pl.Expr:
    """A `sound` without Muhammad and Siti, if other words remain, and without spaces."""
    # "MUHAMAD" and "SITI" open a name; inside one they tell people apart ("NUR MUHAMAD").
    return heard.str.replace_all(" ", "", literal=True).str.replace("^(?:MUHAMAD|SITI)(.{2})", "${1}")
