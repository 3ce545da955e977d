"""How an office types what it knows: every value as text in many hands, and the mistakes that are planted on purpose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from lindung.samples.dice import Dice
from lindung.samples.people import pools
from lindung.schemes import Scheme

# planted mistakes: code → what a checker must say, errors first (one mistake to a row)
ERRORS = (
    "nik.missing", "nik.not_16_digits", "nik.damaged_by_excel", "nik.impossible_date", "nik.duplicate", "name.missing",
    "birth_date.unreadable", "birth_date.missing", "category.unknown", "eligibility.too_young", "eligibility.too_old",
)  # fmt: skip
WARNINGS = (
    "nik.birth_date_differs", "nik.sex_differs", "nik.unknown_region", "nik.suspicious", "phone.unreadable",
    "wage.unreadable", "person.possible_duplicate",
)  # fmt: skip
ALSO = {"birth_date.missing": ("nik.missing",)}  # a birth date is missing only where the NIK cannot tell it
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")  # fmt: skip
_SHORT = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agt", "Sep", "Okt", "Nov", "Des")


def typed(frame: pl.DataFrame, scheme: Scheme, dice: Dice, *, ugly: float = 0.15) -> pl.DataFrame:
    """Every fact of `frame` as an office would type it, String columns of the same names, null where nothing stands.

    `frame`: what `people` gives, with `category` (id) and optionally occupation, wage (whole rupiah), employer, start_date
    (Date), and `fault` (a code of ERRORS or WARNINGS, or null). `ugly`: the share of cells with harmless oddities.
    Adds `nik_number` (Int64: the cell is a number, its last digit lost), `real_date` (Boolean: a date cell).
    """
    fault = pl.col("fault")
    made = frame.with_columns(
        nik_number=pl.when((fault == "nik.damaged_by_excel") & dice.chance("as number", 0.6)).then(
            pl.col("nik").str.slice(0, 15).cast(pl.Int64) * 10
        ),
        real_date=(dice.chance("real date", 0.2) & ~fault.fill_null("").str.starts_with("birth_date.")),
        _day=pl.when(fault == "nik.birth_date_differs")
        .then(
            pl.col("birth_date")
            .dt.offset_by("-1mo")
            .dt.offset_by(pl.format("-{}d", dice.below("days off", 9) + 1))
        )
        .otherwise("birth_date"),
    )
    cells = [
        _nik(dice, ugly),
        _name(dice, ugly),
        _date(dice).alias("birth_date_text"),
        _sex(dice),
        *(pl.col(name).cast(pl.String).str.zfill(3) for name in ("rt", "rw")),
        pl.when(dice.below("kelurahan", 4) > 0)
        .then(pl.col("kelurahan").str.to_uppercase())
        .otherwise("kelurahan")
        .alias("kelurahan"),
        _category(scheme, dice),
        _phone(dice, ugly),
        pl.when(dice.chance("mother", 0.5))
        .then(pl.col("mother_name").str.to_uppercase())
        .otherwise("mother_name")
        .alias("mother_name"),
        pl.when(dice.chance("place", 0.5))
        .then(pl.col("birth_place").str.to_uppercase())
        .otherwise("birth_place")
        .alias("birth_place"),
    ]
    if "wage" in frame.columns:
        cells.append(_wage(dice))
    if "start_date" in frame.columns:
        cells.append(pl.col("start_date").dt.strftime("%d/%m/%Y").alias("start_date"))
    return (
        made.with_columns(*cells)
        .with_columns(birth_day=pl.col("_day"), birth_date="birth_date_text")
        .drop("_day", "birth_date_text")
    )


def findings(frame: pl.DataFrame) -> pl.DataFrame:
    """index, code of everything planted in `frame` (index, fault), in the order of its rows."""
    told = frame.filter(pl.col("fault").is_not_null()).select("index", code="fault")
    more = [
        told.filter(code=code).with_columns(code=pl.lit(other))
        for code, others in ALSO.items()
        for other in others
    ]
    return pl.concat([told, *more])


def mistyped(nik: pl.Expr) -> pl.Expr:
    """A NIK with a wrong digit that nobody else here can have: invented serials begin with 5 to 9, this with 0 to 4."""
    return pl.concat_str(
        nik.str.slice(0, 12), (nik.str.slice(12, 1).cast(pl.Int64) - 5).cast(pl.String), nik.str.slice(13)
    )


def dittos(frame: pl.DataFrame, dice: Dice, share: float, block: str) -> pl.DataFrame:
    """ "sda" in the category of some rows that follow one of the same category in the same block."""
    before = pl.col("category_id").shift(1).over(block)
    quiet = (pl.col("fault") != "category.unknown").fill_null(True)
    same = (before == pl.col("category_id")) & quiet & quiet.shift(1).over(block)
    return frame.with_columns(
        category=pl.when(same & dice.chance("sda", share))
        .then(dice.pick("ditto", ["sda", "sda", "SDA", '"']))
        .otherwise("category")
    )


def _one_of(dice: Dice, name: str, options: Sequence[pl.Expr], weights: Sequence[int]) -> pl.Expr:
    """The first option unless a draw of 100 falls into the shares of the others."""
    draw, chosen, edge = dice.below(name, 100), options[0], 0
    for option, weight in zip(options[1:], weights, strict=True):
        chosen = pl.when((draw >= edge) & (draw < edge + weight)).then(option).otherwise(chosen)
        edge += weight
    return chosen


def _nik(dice: Dice, ugly: float) -> pl.Expr:
    nik = pl.col("nik")
    parts = [nik.str.slice(at, 4) for at in (0, 4, 8, 12)]
    dotted = pl.concat_str(
        nik.str.slice(0, 2), pl.lit("."), nik.str.slice(2, 2), pl.lit("."), nik.str.slice(4, 2), pl.lit("."),
        nik.str.slice(6, 6), pl.lit("."), nik.str.slice(12, 4),
    )  # fmt: skip
    share = max(round(ugly * 100 / 5), 0)
    fine = _one_of(
        dice,
        "nik",
        [
            nik,
            pl.lit("'") + nik,
            pl.concat_str(parts, separator=" "),
            dotted,
            nik.str.replace("0", "O", literal=True),
            nik + " ",
        ],
        [share] * 5,
    )
    digits = nik.str.slice(0, 6)
    return (
        _by_fault(fine, {
            "nik.missing": dice.pick("no nik", ["", "-", "menyusul", "belum ada"]),
            "birth_date.missing": dice.pick("no nik", ["", "-", "menyusul"]),
            "nik.not_16_digits": pl.when(dice.below("digits", 2) == 0).then(nik.str.slice(0, 15)).otherwise(nik + nik.str.slice(15, 1)),
            "nik.damaged_by_excel": pl.concat_str(digits.str.slice(0, 1), pl.lit(","), digits.str.slice(1), pl.lit("E+15")),
            "nik.impossible_date": pl.concat_str(nik.str.slice(0, 8), pl.lit("13"), nik.str.slice(10)),
            "nik.unknown_region": pl.concat_str(pl.lit("3689"), nik.str.slice(4)),
            "nik.suspicious": pl.concat_str(nik.str.slice(0, 12), pl.lit("0000")),
        })
        .replace("", None)
        .alias("nik")
    )  # fmt: skip


def _name(dice: Dice, ugly: float) -> pl.Expr:
    name, titles = pl.col("name"), pools()["titles"]
    before = (
        pl.when(pl.col("sex") == "P")
        .then(dice.pick("title", titles["before"]["P"]))
        .otherwise(dice.pick("title", titles["before"]["L"]))
    )
    said = (
        pl.when(dice.chance("before", ugly / 3)).then(before + " " + name)
        .when(dice.chance("after", ugly / 4)).then(name + dice.pick("degree", titles["after"]))
        .otherwise(name)
    )  # fmt: skip
    spaced = pl.lit(" ") + said.str.replace(" ", "  ", literal=True)
    fine = _one_of(dice, "case", [said.str.to_uppercase(), said, spaced], [50, round(ugly * 20)])
    return _by_fault(fine, {"name.missing": pl.lit(None, pl.String)}).alias("name")


def _date(dice: Dice) -> pl.Expr:
    day = pl.col("_day")
    month = day.dt.month().cast(pl.Int64) - 1
    long, short = (pl.lit(pl.Series(names)).gather(month) for names in (_MONTHS, _SHORT))
    date, year = day.dt.day().cast(pl.String), day.dt.strftime("%Y")
    fine = _one_of(
        dice,
        "date",
        [
            day.dt.strftime("%d/%m/%Y"), day.dt.strftime("%d-%m-%Y"), pl.concat_str(date, long, year, separator=" "),
            day.dt.strftime("%Y-%m-%d"), pl.concat_str(date.str.zfill(2), short, year, separator="-"), day.dt.strftime("%d/%m/%y"),
        ],
        [20, 12, 6, 5, 5],
    )  # fmt: skip
    wrong = pl.concat_str(dice.pick("no date", ["31-02-", "30/02/", "31-04-", "", "Mei "]), year)
    return _by_fault(fine, {"birth_date.unreadable": wrong, "birth_date.missing": pl.lit(None, pl.String)})


def _sex(dice: Dice) -> pl.Expr:
    woman = (pl.col("sex") == "P") ^ (pl.col("fault") == "nik.sex_differs").fill_null(False)
    words = (("L", "P"), ("Laki-laki", "Perempuan"), ("L ", "P "), ("l", "p"))
    options = [pl.when(woman).then(pl.lit(p)).otherwise(pl.lit(man)) for man, p in words]
    return _one_of(dice, "sex word", options, [8, 3, 2]).alias("sex")


def _category(scheme: Scheme, dice: Dice) -> pl.Expr:
    spelled: pl.Expr = pl.lit(None, pl.String)
    for category in scheme.categories:
        label = category.label["id"]
        options = [label, label, label.upper(), label.title(), *category.aliases]
        word = dice.pick(f"spelling {category.id}", options)
        number = pl.col("rt") if category.id == "rt_head" else pl.col("rw")
        if category.id in ("rt_head", "rw_head"):
            shown = pl.concat_str(word, pl.lit(" "), number.cast(pl.String).str.zfill(3))
            word = pl.when(dice.chance("numbered", 0.25)).then(shown).otherwise(word)
        spelled = pl.when(pl.col("category") == category.id).then(word).otherwise(spelled)
    return _by_fault(spelled, {"category.unknown": dice.pick("stranger", _strangers(scheme))}).alias(
        "category"
    )


def _strangers(scheme: Scheme) -> list[str]:
    from lindung.schemes import recognise

    words = pl.Series(list(pools()["strangers"]))
    return words.filter(recognise(scheme, words).is_null()).to_list()


def _phone(dice: Dice, ugly: float) -> pl.Expr:
    phone = pl.col("phone")
    dashed = pl.concat_str(phone.str.slice(0, 4), phone.str.slice(4, 4), phone.str.slice(8), separator="-")
    options = [
        phone,
        phone.str.slice(1),
        pl.lit("+62") + phone.str.slice(1),
        pl.lit("62") + phone.str.slice(1),
        dashed,
        pl.lit("-"),
        pl.lit(None, pl.String),
    ]
    share = round(ugly * 100 / 4)
    fine = _one_of(dice, "phone form", options, [share, share // 2, share // 2, share, share, share])
    return _by_fault(
        fine, {"phone.unreadable": dice.pick("no phone", ["0812-00", "0813-00??-4567", "0812", "HP hilang"])}
    ).alias("phone")


def _wage(dice: Dice) -> pl.Expr:
    digits = pl.col("wage").cast(pl.String)
    dotted = digits.str.reverse().str.replace_all(r"(\d{3})", "$1.").str.reverse().str.strip_chars(".")
    options = [digits, dotted, pl.lit("Rp ") + dotted, pl.concat_str(pl.lit("Rp. "), dotted, pl.lit(",-"))]
    fine = _one_of(dice, "wage form", options, [25, 20, 15])
    return _by_fault(
        fine, {"wage.unreadable": dice.pick("no wage", ["sesuai SK", "UMK", "belum ditetapkan"])}
    ).alias("wage")


def _by_fault(fine: pl.Expr, wrong: Mapping[str, pl.Expr]) -> pl.Expr:
    for code, text in wrong.items():
        fine = pl.when(pl.col("fault") == code).then(text).otherwise(fine)
    return fine
