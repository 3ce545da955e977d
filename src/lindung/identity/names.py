"""Indonesian names made comparable, as Polars expressions: titles off, Muhammad and Siti in full, spelling folded.

From what is written to what is heard: `normalised` ("Hj. St. Chodijah Nur, S.Pd" → "SITI CHODIJAH NUR"), `sound`
("SITI HODIJA NUR"), `words` ("HODIJA NUR": without the words that half of all people share) and `core` ("HODIJANUR").
Nothing here is for showing: people see their names as they wrote them.
"""

from __future__ import annotations

import polars as pl

# Words apart by a space; of several words: by an underscore.
_FRONT = (
    "H HJ HI HAJI HAJJI HADJI HAJJAH HAJAH HJH KH KHJ K KYAI KIAI KYAHI DR DRS DRA DRG DRH IR PROF UST USTAD USTADZ "
    "USTAZ USTD USTDZ USTADZAH USTADZH USTZ USTZH PDT PENDETA ROMO BPK BAPAK PAK IBU BU SDR SDRI SDRA TN TUAN NY "
    "NYONYA NN ALM ALMH ALMARHUM ALMARHUMAH"
)
_BACK = (
    "S_PD_I S_PD S_AG S_E_I S_E S_H_I S_H S_T_P S_T S_KOM_I S_KOM S_SOS_I S_SOS S_IP S_I_P S_KEP S_K_M S_SI S_FARM S_PT "
    "S_PI S_P S_PSI S_I_KOM S_ST S_TR_KEB S_TR_KEP S_TR S_GZ S_KED A_MD_KEB A_MD_KEP A_MD_KES A_MD A_MA_PD A_MA A_MK "
    "M_PD_I M_PD M_SI M_H M_M M_KOM M_AG M_SOS M_A_P M_AP M_KES M_T M_SC PH_D B_SC B_A "
    "SPD SPDI SAG SE SEI SH SHI ST SKOM SSOS SSOSI SIP SKEP SKM SSI SFARM SPT SP SPI SPSI SIKOM STP SST STR STRKEB SGZ "
    "SKED SPWK AMD AMDKEB AMDKEP AMK AMKEB NERS NS LC MPD MPDI MSI MH MM MKOM MAG MSOS MAP MKES MT MSC PHD BSC H HJ "
    "ALM ALMH ALMARHUM ALMARHUMAH"
)
_FAMILIES = {
    "MUHAMMAD": "MUHAMAD MUHAMMED MUHAMED MOHAMMAD MOHAMAD MOHAMED MOHAMMED MOCHAMAD MOCHAMMAD MUCHAMAD MUCHAMMAD MUKHAMAD "
    "MUKHAMMAD MOKHAMAD MOKHAMMAD MUHAMMAT MUHAMAT MOH MUH MOCH MUCH MUKH MOKH MHD MUHD MOHD MHMD",
    "AHMAD": "ACHMAD AKHMAD ACHMAT AKHMAT AHMAT AHMED ACH AKH AHM ACHM",
    "SITI": "SITTI SITY STI SITIE SITHI STTI",
    "ABDUL": "ABD ABDOEL ABDL",
}
_PARTICLES = "BIN BINTI BINTE BTI BT BR BORU"
_NOBODY = "TIDAK_ADA BELUM_ADA TIDAK_TAHU TDK_ADA NIHIL KOSONG MENYUSUL XXX NAMA TANPA_NAMA SDA IDEM"
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Old and new spelling, Arabic and Sundanese habits. The longest comes first; letters after folding may double, so squeeze after.
_FOLDED = [
    ("ABDUL R", "ABDUR"), ("ABDUL S", "ABDUS"), ("CHANDRA", "KANDRA"), ("CANDRA", "KANDRA"), ("CHRIS", "KRIS"), ("CRIS", "KRIS"),
    ("OE", "U"), ("AE", "AI"), ("OI", "AI"), ("IE", "I"), ("EY", "I"), ("HJ", "HI"), ("TJ", "C"), ("DJ", "J"), ("SJ", "S"),
    ("SY", "S"), ("SH", "S"), ("TS", "S"), ("CH", "H"), ("KH", "H"), ("GH", "G"), ("DH", "D"), ("TH", "T"), ("BH", "B"), ("DZ", "J"),
    ("ZH", "J"), ("PH", "P"), ("F", "P"), ("V", "P"), ("Q", "K"), ("X", "KS"), ("Y", "I"), ("Z ", "S "), ("Z", "J"), ("H ", " "),
]  # fmt: skip


def _either(words: str) -> str:
    """Of a list above, a regular expression over words that stand apart by two spaces."""
    return words.replace(" ", "|").replace("_", "  ")


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
    words = words.str.replace(rf"^(?: (?:{_either(_FRONT)}) )+( [A-Z]{{2}}| [A-Z]  [A-Z])", "${1}")
    words = words.str.replace(rf"([A-Z]{{2}} )(?: (?:{_either(_BACK)}) )+$", "${1}")
    words = words.str.replace(r"^ (?:M|MD)  ", " MUHAMMAD  ").str.replace("^ ST  ", " SITI  ")
    full = {f" {word} ": f" {name} " for name, words in _FAMILIES.items() for word in words.split()}
    full |= dict.fromkeys((f" {word} " for word in _PARTICLES.split()), " ")
    words = words.str.replace_many(full, leftmost=True)
    one_space = words.str.replace_all("  ", " ", literal=True).str.replace_all("  ", " ", literal=True)
    # One expression that mentions its input once: a `when` would compute it three times.
    return one_space.str.strip_chars().replace(
        [*(word.replace("_", " ") for word in _NOBODY.split()), *_LETTERS, ""], None
    )


def sound(normal: pl.Expr) -> pl.Expr:
    """A normalised name with its spelling folded: oe/u, dj/j, tj/c, ch/kh/h, y/i, f/v/p, z/j, ae/ai, doubled letters, final h."""
    padded = pl.concat_str(normal, pl.lit(" "))
    folded = padded.str.replace_many([a for a, _ in _FOLDED], [b for _, b in _FOLDED], leftmost=True)
    return folded.str.replace_many([c * 2 for c in _LETTERS], list(_LETTERS)).str.strip_chars()


def words(heard: pl.Expr) -> pl.Expr:
    """A `sound` without Muhammad and Siti, if other words remain."""
    # They open a name, whole, mistyped or run together with the next word; inside a name they tell people apart ("NUR MUHAMAD").
    return heard.str.replace(
        "^(?:M[UO][AHKCMNRE]{3,7}[DTE] |MUHAMAD|SITI)( ?[A-Z]{2})", "${1}"
    ).str.strip_chars()


def core(heard: pl.Expr) -> pl.Expr:
    """`words` without spaces."""
    return words(heard).str.replace_all(" ", "", literal=True)
