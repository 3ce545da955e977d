"""The lists that the offices of the five demo cities send, and what the registers know of the people on them.

Those who pass are exactly those of the figures; the mistakes stand on top of them, one to a row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import polars as pl

from lindung.samples import layouts
from lindung.samples.demo.figures import ON, figures, places, scheme_of
from lindung.samples.dice import Dice
from lindung.samples.faults import dittos, typed
from lindung.samples.layouts import Layout
from lindung.samples.people import kelurahan, people
from lindung.samples.rosters import again_listed, arranged

# faults that are no mistake of typing: the row is flawless, somebody else knows better
KNOWN_ELSEWHERE = ("eligibility.already_covered", "eligibility.deceased", "eligibility.resident_of")
_WARNINGS = ("nik.birth_date_differs", "nik.sex_differs", "phone.unreadable", "nik.unknown_region")
_STRANGERS = 120  # people of each register who stand on no list
_NO_WORK = ("Karyawan swasta", "Ibu rumah tangga", "Wiraswasta", "Pensiunan swasta")


@dataclass(frozen=True)
class DemoFile:
    sender_unit_code: str
    filename: str
    content: bytes
    on: date


@cache
def made(slug: str) -> pl.DataFrame:
    """Everybody of a city's demo: the columns of `people` with sender, category, wage, occupation, employer, start_date,
    `role` (passing, waiting, rejected, stranger, replacement), `fault`, `of`, `mend` (corrected, replaced or null)."""
    scheme, told, on = scheme_of(slug), figures(slug), ON[slug]
    dice = Dice(told["seed"])
    plan = _plan(slug, dice)
    age = pl.col("fault")
    plan = plan.with_columns(
        ages_from=pl.when(age == "eligibility.too_young")
        .then(12)
        .when(age == "eligibility.too_old")
        .then(65)
        .otherwise(19),
        ages_below=pl.when(age == "eligibility.too_young")
        .then(17)
        .when(age == "eligibility.too_old")
        .then(82)
        .otherwise(63),
        women=pl.col("category").replace_strict(
            {k: int(v) / 100 for k, v in told.get("women", {}).items()}, default=0.35
        ),
    )
    serials = (5001 + 1000 * (told["seed"] - 1), 983)  # a range of its own: nobody of one city is in another
    found = people(plan, locality=scheme.locality, seed=told["seed"], on=on, serials=serials)
    found = _mends(_apart(found, dice), told, dice)
    found = found.with_columns(_occupation(found, told, dice), *_service(dice, on))
    again = pl.Series("fault", ["nik.duplicate"] * told["rejected"].get("nik.duplicate", 0), dtype=pl.String)
    listed = found.with_columns(
        fault=pl.when(
            pl.col("role").is_in(["stranger", "replacement", "waiting"]) | pl.col("mend").is_not_null()
        )
        .then(pl.lit("-"))  # not to be listed twice
        .otherwise("fault")
    )
    with_again = again_listed(listed, again, dice)
    copies = with_again.filter(pl.col("of").is_not_null()).with_columns(role=pl.lit("rejected"))
    return pl.concat([found.with_columns(of=pl.lit(None, pl.Int64)), copies.select([*found.columns, "of"])])


def _plan(slug: str, dice: Dice) -> pl.DataFrame:
    """One row per person to be made: sender, kelurahan_code, category, wage, role, fault."""
    told, here = figures(slug), places(slug)
    passing = here.select(
        *(pl.col(name).repeat_by("number").explode() for name in here.columns if name != "number")
    ).with_columns(role=pl.lit("passing"))
    passing = _housed(passing, scheme_of(slug).locality)
    spread = passing.with_row_index("index").with_columns(pl.col("index").cast(pl.Int64))
    faults = [
        code for code, number in told["rejected"].items() if code != "nik.duplicate" for _ in range(number)
    ]
    parts = [
        passing.with_columns(
            fault=pl.when(_of(spread, dice.chance("warning", 0.012))).then(
                _of(spread, dice.pick("which", _WARNINGS))
            )
        )
    ]
    parts.append(
        _like(passing, len(faults), dice, "rejected").with_columns(fault=pl.Series(faults, dtype=pl.String))
    )
    if "waiting" in told:
        parts.append(_like(passing, told["waiting"], dice, "waiting"))
    parts.append(_like(passing, 2 * _STRANGERS, dice, "stranger"))
    if "bpjs" in told:
        inside = passing.filter(pl.col("kelurahan_code").str.starts_with(told["bpjs"]["replaced_in"]))
        parts.append(_like(inside, told["bpjs"]["replaced"], dice, "replacement"))
    return pl.concat(parts, how="diagonal")


def _housed(passing: pl.DataFrame, locality: str) -> pl.DataFrame:
    """Staff whose kelurahan is not told live evenly all over the city."""
    villages = kelurahan(locality)["kelurahan_code"]
    at = pl.col("kelurahan_code").is_null().cum_sum().cast(pl.Int64) - 1
    home = pl.lit(villages).gather(at.clip(0) % villages.len())
    return passing.with_columns(kelurahan_code=pl.coalesce("kelurahan_code", home))


def _of(frame: pl.DataFrame, draw: pl.Expr) -> pl.Series:
    return frame.select(draw).to_series()


def _like(passing: pl.DataFrame, number: int, dice: Dice, role: str) -> pl.DataFrame:
    """`number` more people of the same offices, places and categories, in the same shares."""
    rows = pl.DataFrame({"index": pl.int_range(number, eager=True)}).select(
        at=dice.below(f"like {role}", passing.height)
    )
    return passing[rows["at"].to_list()].with_columns(role=pl.lit(role))


def _apart(found: pl.DataFrame, dice: Dice) -> pl.DataFrame:
    """Nobody born on one day with a name of the same letter: chance must not make look-alikes for an office to review."""
    for turn in range(10):
        again = pl.int_range(pl.len()).over("birth_date", "sex", pl.col("name").str.slice(0, 1)) > 0
        marked = found.select("index", "sex", "name", again=again).with_columns(
            _key=dice.draw(f"apart {turn}")
        )
        if not marked["again"].any():
            break
        # each swaps names with somebody of the same sex who stands apart already
        marked = marked.with_columns(_n=pl.col("_key").rank("ordinal").over("sex", "again"))
        alike, others = (marked.filter(pl.col("again") == side) for side in (True, False))
        swap = alike.join(others, on=["sex", "_n"], maintain_order="left", suffix="_other")
        names = pl.concat(
            [swap.select("index", other="name_other"), swap.select(index="index_other", other="name")]
        )
        found = found.join(names, on="index", how="left", maintain_order="left")
        found = found.with_columns(name=pl.coalesce("other", "name")).drop("other")
    return found


def _mends(found: pl.DataFrame, told: dict[str, Any], dice: Dice) -> pl.DataFrame:
    """Whom BPJS will reject: `mend` corrected (a wrong digit) or replaced."""
    if "bpjs" not in told:
        return found.with_columns(mend=pl.lit(None, pl.String))
    plan, inside = told["bpjs"], pl.col("kelurahan_code").str.starts_with(told["bpjs"]["replaced_in"])
    order = (
        found.filter(pl.col("role") == "passing", pl.col("fault").is_null())
        .with_columns(_key=dice.draw("bpjs"))
        .sort("_key")
    )
    replaced = order.filter(inside)["index"].head(plan["replaced"])
    corrected = order.filter(~inside)["index"].head(plan["corrected"])
    # the replacement of each is of the same kelurahan and category
    gone = found.filter(pl.col("index").is_in(replaced.implode())).sort("index")
    new = found.filter(role="replacement").sort("index").with_columns(
        *(gone[name] for name in ("sender", "kelurahan_code", "kelurahan", "kecamatan", "category"))
    )  # fmt: skip
    return pl.concat([found.filter(pl.col("role") != "replacement"), new.select(found.columns)]).with_columns(
        mend=pl.when(pl.col("index").is_in(replaced.implode())).then(pl.lit("replaced"))
        .when(pl.col("index").is_in(corrected.implode())).then(pl.lit("corrected"))
    )  # fmt: skip


def _occupation(found: pl.DataFrame, told: dict[str, Any], dice: Dice) -> pl.Series:
    """Occupations of the passing as the figures count them, of the others in the same shares."""
    staff = [
        "Administrasi",
        "Operator komputer",
        "Pengemudi",
        "Petugas lapangan",
        "Penjaga kantor",
        "Pramu kantor",
        "Teknisi",
        "Pengawas",
    ]
    if "occupations" not in told:
        return found.select(
            occupation=pl.when(pl.col("wage").is_not_null()).then(dice.pick("job", staff))
        ).to_series()
    words = [
        group["words"][n % len(group["words"])]
        for group in told["occupations"]
        for n in range(group["people"])
    ]
    shuffled = (
        found.filter(role="passing")
        .with_columns(_key=dice.draw("work"))
        .sort("_key")
        .select("index", told=pl.Series(words))
    )
    return (
        found.join(shuffled, on="index", how="left", maintain_order="left")
        .select(
            occupation=pl.when(pl.col("fault") == "eligibility.occupation_in").then(dice.pick("no work", _NO_WORK))
            .otherwise(pl.coalesce("told", dice.pick("work", words)))
        )
        .to_series()
    )  # fmt: skip


def _service(dice: Dice, on: date) -> list[pl.Expr]:
    begun = pl.lit(date(on.year - 9, 1, 1)).dt.offset_by(pl.format("{}mo", dice.below("begun", 96)))
    return [pl.when(pl.col("wage").is_not_null()).then(begun).alias("start_date")]


@cache
def rosters(slug: str) -> tuple[DemoFile, ...]:
    """The files of a city, in the order in which they arrive; the same bytes on every call."""
    rows = made(slug).filter(pl.col("role").is_in(["passing", "rejected", "waiting"]))
    return tuple(_files(slug, rows))


def _files(slug: str, rows: pl.DataFrame) -> Iterator[DemoFile]:
    scheme, dice = scheme_of(slug), Dice(figures(slug)["seed"])
    rows = rows.with_columns(
        list=pl.when(pl.col("category") == "non_asn_staff").then(pl.lit("non-asn"))
        .when(pl.col("category") == "parking_attendant").then(pl.lit("juru-parkir"))
        .otherwise(pl.lit({"pangkalpinang-2024": "rt-rw", "tangerang-2022": "pekerja-rentan"}.get(slug, "penerima"))),
    )  # fmt: skip
    order = (
        ["sender", "list", "kelurahan_code"]
        if slug not in ("serang-2019", "cirebon-2022")
        else ["sender", "list"]
    )
    rows = rows.with_columns(
        block=pl.concat_str(
            *(pl.col(name).fill_null("") for name in order), pl.col("role") == "waiting", separator="|"
        )
    )
    for number, part in enumerate(rows.partition_by("sender", "list", maintain_order=True)):
        sender, kind = part["sender"][0], part["list"][0]
        # who came late is added at the end of the list
        late = pl.col("role") == "waiting"
        ordered = pl.concat([arranged(part.filter(half), scheme, dice, "block") for half in (~late, late)])
        name, content = _write(slug, sender, kind, number, ordered, dice)
        yield DemoFile(sender, name, content, ON[slug])


def _write(
    slug: str, sender: str, kind: str, number: int, rows: pl.DataFrame, dice: Dice
) -> tuple[str, bytes]:
    """The file of one sender, in that sender's own hand."""
    scheme = scheme_of(slug)
    rows = rows.with_columns(
        category_id=pl.col("category"), employer=pl.lit(sender.upper().replace("-", " "))
    )
    if "other_city" in figures(slug):
        rows = _elsewhere(rows, figures(slug)["other_city"], dice)
    # what somebody else knows, and occupations that are none of the list, are no mistakes of typing
    quiet = pl.col("fault").is_in([*KNOWN_ELSEWHERE, "eligibility.occupation_in"])
    cells = typed(rows.with_columns(fault=pl.when(~quiet.fill_null(False)).then("fault")), scheme, dice)
    cells = dittos(cells, dice, 0.12, "block")
    base = f"{kind}-{sender}-{ON[slug].year}"
    if slug == "tangerang-2022":
        return f"{base}.csv", layouts.csv(cells, _CSV)[0]
    if slug == "cirebon-2022" and number % 2:
        return f"{base}.txt", layouts.csv(cells, _TEXT)[0]
    if kind == "non-asn" and slug == "pangkalpinang-2024" and number % 5:
        return f"{base}.csv", layouts.csv(cells, _SEMICOLONS)[0]
    if kind == "non-asn":
        return f"{base}.xlsx", layouts.xlsx(cells, _STAFF[number % len(_STAFF)], name=sender.upper())[0]
    if kind == "juru-parkir":
        return f"{base}.xlsx", layouts.xlsx(cells, _PARKING, "kecamatan")[0]
    return f"{base}.xlsx", layouts.xlsx(cells, _AREA[number % len(_AREA)], "kelurahan_code", "kelurahan")[0]


def _elsewhere(rows: pl.DataFrame, locality: str, dice: Dice) -> pl.DataFrame:
    """The homes of those who live in another city, as their identity cards say."""
    there = kelurahan(locality)
    at, away = dice.below("elsewhere", there.height), pl.col("fault") == "eligibility.resident_of"
    return rows.with_columns(
        pl.when(away).then(pl.lit(there[name]).gather(at)).otherwise(name).alias(name)
        for name in ("kelurahan", "kecamatan")
    )


_SIGNED = ("Mengetahui,", "Camat", "", "( ........................ )")
_HEAD = ("Mengetahui,", "Kepala Dinas", "", "( ........................ )")
_AREA = (
    Layout(
        (("number", "NO"), ("name", "NAMA LENGKAP"), ("nik", "NIK"), ("ttl", "TEMPAT, TANGGAL LAHIR"), ("sex", "L/P"),
         ("address", "ALAMAT"), ("rt", "RT"), ("rw", "RW"), ("kelurahan", "KELURAHAN"), ("category", "JABATAN"),
         ("mother_name", "NAMA IBU KANDUNG"), ("phone", "NO. HP"), ("note", "KET.")),
        ("DAFTAR USULAN PESERTA", "KELURAHAN {block}"), _SIGNED, numbering=True,
    ),
    Layout(
        (("number", "No."), ("nik", "No. KTP"), ("name", "Nama Sesuai KTP"), ("birth_place", "Tempat Lahir"),
         ("birth_date", "Tgl. Lahir"), ("sex", "Jenis Kelamin"), ("address", "Alamat Rumah"), ("rt_rw", "RT/RW"),
         ("kelurahan", "Kel."), ("category", "Unsur"), ("mother_name", "Nama Ibu Kandung"), ("phone", "No. Telp")),
        ("REKAPITULASI DATA PESERTA", "KELURAHAN {block}"), _SIGNED,
    ),
    Layout(
        (("number", "No"), ("name", "Nama"), ("nik", "NIK / No. KTP"), ("birth_place", "Tmp. Lahir"), ("birth_date", "Tanggal Lahir"),
         ("sex", "JK"), ("category", "Sebagai"), ("address", "Alamat"), ("rt", "RT"), ("rw", "RW"), ("kelurahan", "Kelurahan"),
         ("mother_name", "Ibu Kandung"), ("phone", "No Telp/WA")),
        ("DAFTAR NAMA", "KELURAHAN {block}"), ("Lurah", "", "( ........................ )"),
    ),
)  # fmt: skip
_PARKING = Layout(
    (("number", "No"), ("name", "Nama Juru Parkir"), ("nik", "NIK"), ("birth_place", "Tempat Lahir"), ("birth_date", "Tgl Lahir"),
     ("sex", "L/P"), ("address", "Alamat"), ("kelurahan", "Kelurahan"), ("category", "Pekerjaan/Jabatan"),
     ("mother_name", "Nama Ibu"), ("phone", "HP")),
    ("DATA JURU PARKIR", "KECAMATAN {block}"), _HEAD,
)  # fmt: skip
_STAFF = (
    Layout(
        (("number", "No."), ("name", "Nama Pegawai"), ("nik", "NIK KTP"), ("birth_place", "Tempat Lahir"), ("birth_date", "Tgl. Lahir"),
         ("sex", "JK"), ("address", "Alamat"), ("kelurahan", "Kelurahan"), ("kecamatan", "Kecamatan"), ("occupation", "Jabatan"), ("category", "Status Kepegawaian"),
         ("employer", "OPD"), ("start_date", "TMT"), ("wage", "Honor / Bulan"), ("mother_name", "Nama Ibu Kandung"), ("phone", "Nomor HP")),
        ("DAFTAR TENAGA NON ASN",), _HEAD,
    ),
    Layout(
        (("number", "NO"), ("nik", "NOMOR INDUK KEPENDUDUKAN"), ("name", "NAMA PEGAWAI"), ("ttl", "TEMPAT, TGL LAHIR"),
         ("sex", "L/P"), ("mother_name", "IBU KANDUNG"), ("address", "ALAMAT"), ("kelurahan", "KEL."), ("kecamatan", "KEC."), ("occupation", "TUGAS"),
         ("category", "STATUS"), ("wage", "GAJI/HONOR"), ("phone", "HANDPHONE")),
        ("DATA PEGAWAI NON ASN",), _HEAD, numbering=True,
    ),
)  # fmt: skip
_SEMICOLONS = Layout(_STAFF[0].columns, ("DAFTAR TENAGA NON ASN",), separator=";", encoding="cp1252")
_CSV = Layout(
    (("nik", "NIK"), ("kk_number", "NO_KK"), ("name", "NAMA"), ("birth_place", "TMP_LHR"), ("birth_date", "TGL_LHR"), ("sex", "JK"),
     ("address", "ALAMAT"), ("rt", "RT"), ("rw", "RW"), ("kelurahan", "KELURAHAN"), ("kecamatan", "KECAMATAN"),
     ("occupation", "PEKERJAAN"), ("category", "KATEGORI"), ("mother_name", "NAMA_IBU"), ("phone", "NO_HP")),
)  # fmt: skip
_TEXT = Layout(
    (("number", "NO"), ("name", "NAMA PEGAWAI"), ("nik", "NOMOR INDUK KEPENDUDUKAN"), ("sex", "JENIS KELAMIN"),
     ("birth_place", "TEMPAT LAHIR"), ("birth_date", "TANGGAL LAHIR"), ("address", "ALAMAT"), ("rt", "RT"), ("rw", "RW"),
     ("kelurahan", "KEL."), ("kecamatan", "KEC."), ("occupation", "JABATAN"), ("category", "STATUS"), ("employer", "TEMPAT TUGAS"),
     ("mother_name", "NAMA IBU"), ("wage", "GAJI/HONOR"), ("phone", "HANDPHONE")),
    separator="\t", encoding="utf-16",
)  # fmt: skip


def replacements(slug: str) -> tuple[DemoFile, ...]:
    """One file with those who take the places of the rejected."""
    rows = made(slug).filter(role="replacement").with_columns(block=pl.lit("pengganti"))
    if rows.is_empty():
        return ()
    sender, dice = rows["sender"][0], Dice(figures(slug)["seed"])
    cells = typed(rows.with_columns(category_id=pl.col("category")), scheme_of(slug), dice, ugly=0)
    content, _ = layouts.xlsx(cells, _AREA[0], name="PENGGANTI")
    return (DemoFile(sender, f"pengganti-{sender}-{ON[slug].year}.xlsx", content, ON[slug]),)


def register(slug: str) -> pl.DataFrame:
    """Who is covered already: nik, name, birth_date, segment, payer, since. Most of them stand on no list.

    Those who live in another city are paid for there.
    """
    told, dice = figures(slug), Dice(figures(slug)["seed"] + 100)
    payers = told["other_payers"]
    rows = pl.concat(
        [_known(slug, "eligibility.already_covered", 0), made(slug).filter(fault="eligibility.resident_of")]
    )
    away, home = pl.col("fault") == "eligibility.resident_of", told.get("other_city_payer", "")
    at = dice.below("payer", len(payers))
    segment, payer = (pl.lit(pl.Series([pair[n] for pair in payers])).gather(at) for n in (0, 1))
    return rows.sort("index").select(
        "nik",
        pl.col("name").str.to_uppercase(),
        "birth_date",
        segment=pl.when(away).then(pl.lit("BPU")).otherwise(segment),
        payer=pl.when(away).then(pl.lit(home)).otherwise(payer),
        since=pl.lit(date(ON[slug].year - 3, 1, 1)).dt.offset_by(pl.format("{}mo", dice.below("since", 30))),
    )


def deaths(slug: str) -> pl.DataFrame:
    """Who has died: nik, name, birth_date, died_on, certificate. Most of them stand on no list."""
    dice, on = Dice(figures(slug)["seed"] + 200), ON[slug]
    rows = _known(slug, "eligibility.deceased", _STRANGERS)
    died = pl.lit(date(on.year - 2, 1, 1)) + pl.duration(days=dice.below("died", 540))
    return rows.select(
        "nik",
        pl.col("name").str.to_uppercase(),
        "birth_date",
        died_on=died,
        certificate=pl.format(
            "{}-KM-{}-{}",
            pl.lit(scheme_of(slug).locality.replace(".", "")),
            died.dt.strftime("%d%m%Y"),
            pl.col("index"),
        ),
    )


def _known(slug: str, fault: str, first: int) -> pl.DataFrame:
    rows = made(slug)
    strangers = rows.filter(role="stranger").slice(first, _STRANGERS)
    return pl.concat([rows.filter(pl.col("fault") == fault), strangers]).sort("index")
