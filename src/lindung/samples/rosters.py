"""A messy roster of any size with its answer key: what the importer must find, row by row."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from lindung.base.refused import Refused
from lindung.samples import layouts
from lindung.samples.dice import Dice
from lindung.samples.faults import ALSO, ERRORS, WARNINGS, dittos, findings, mistyped, typed
from lindung.samples.layouts import Layout
from lindung.samples.people import people, pools
from lindung.schemes import Scheme
from lindung.schemes.conditions import Age

REPEATED = ("nik.duplicate", "person.possible_duplicate")
LARGEST_SHEET = 200_000  # rows of a workbook; longer lists come as text files
_BEFORE = (("number", "No"), ("name", "Nama Lengkap"), ("nik", "No. KTP"))
_MIDDLE = (("sex", "L/P"), ("address", "Alamat"), ("rt", "RT"), ("rw", "RW"), ("kelurahan", "Kelurahan"))
_AFTER = (("category", "Jabatan"), ("mother_name", "Nama Ibu Kandung"), ("phone", "No. HP"))


@dataclass(frozen=True)
class Sample:
    content: bytes
    answers: dict[str, Any]  # the shape of an answer key

    def key(self) -> str:
        return json.dumps(self.answers, ensure_ascii=False, indent=1)


def roster(
    scheme: Scheme, count: int, *, dirt: float, seed: int, form: str = "csv", on: date | None = None
) -> Sample:
    """`count` person rows for a scheme, a share `dirt` of them with one planted mistake each; `form` "csv" or "xlsx".

    Deterministic by `seed`. `on` is the reference date for ages, the first day of the scheme when left out. Raises
    Refused("sample.too_many", "sample.form").
    """
    if form not in ("csv", "xlsx"):
        raise Refused("sample.form", {"form": form})
    if form == "xlsx" and count > LARGEST_SHEET:
        raise Refused("sample.too_many", {"count": count, "limit": LARGEST_SHEET})
    on = on or scheme.period.from_
    dice = Dice(seed)
    rows = _listed(scheme, count, dirt, seed, on)
    layout = _layout(scheme, form, count)
    written = typed(rows.with_columns(category_id=pl.col("category")), scheme, dice)
    written = dittos(written, dice, 0.1, "kelurahan_code")
    if form == "csv":
        content, positions = layouts.csv(written, layout, "kelurahan_code", "kelurahan")
    else:
        content, positions = layouts.xlsx(written, layout, "kecamatan")
    return Sample(content, _answers(scheme, on, rows, written, layout, positions))


def _listed(scheme: Scheme, count: int, dirt: float, seed: int, on: date) -> pl.DataFrame:
    """The people in the order of the list, with `fault` and, for somebody listed again, `of` (index of the first row)."""
    dice = Dice(seed)
    staff = any(category.segment == "PU" for category in scheme.categories)
    codes = [code for code in (*ERRORS, *WARNINGS) if code != "wage.unreadable" or staff]
    plan = pl.DataFrame({"index": pl.int_range(count, eager=True)}).with_columns(
        fault=pl.when(dice.chance("dirt", dirt)).then(dice.pick("fault", codes))
    )
    if plan["fault"].null_count() == 0:  # somebody has to be sound to be listed again
        plan = plan.with_columns(fault=pl.when(pl.col("index") > 0).then("fault"))
    again = plan.filter(pl.col("fault").is_in(REPEATED))["fault"]
    alone = plan.filter(~pl.col("fault").is_in(REPEATED).fill_null(False)).drop("index")
    age = next((c for c in scheme.conditions if isinstance(c, Age)), Age(from_=17, below=65))
    fault = pl.col("fault")
    alone = alone.with_columns(
        ages_from=pl.when(fault == "eligibility.too_young").then(age.from_ - 5).when(fault == "eligibility.too_old").then(age.below).otherwise(age.from_ + 2),
        ages_below=pl.when(fault == "eligibility.too_young").then(age.from_).when(fault == "eligibility.too_old").then(age.below + 18).otherwise(age.below - 2),
    )  # fmt: skip
    made = people(alone, locality=scheme.locality, seed=seed, on=on)
    made = made.with_columns(_work(scheme, dice)).with_columns(**_wages(scheme, dice))
    return arranged(again_listed(made, again, dice), scheme, dice, "kelurahan_code")


def arranged(made: pl.DataFrame, scheme: Scheme, dice: Dice, block: str) -> pl.DataFrame:
    """By block, category and index; who is listed again (`of`) somewhere after the first row, in the same block."""
    rank = {category.id: at for at, category in enumerate(scheme.categories)}
    made = made.with_columns(_rank=pl.col("category").replace_strict(rank, return_dtype=pl.Int64))
    first = made.filter(pl.col("of").is_null()).sort(block, "_rank", "index")
    first = first.with_columns(_at=pl.int_range(pl.len()).cast(pl.Float64))
    last = first.group_by(block).agg(_last=pl.col("_at").max())
    later = (
        made.filter(pl.col("of").is_not_null())
        .join(first.select(of="index", _at="_at"), on="of", maintain_order="left")
        .join(last, on=block, maintain_order="left")
        .with_columns(
            _at=pl.col("_at")
            + 0.5
            + dice.below("later", 2**20) % (pl.col("_last") - pl.col("_at") + 1).cast(pl.Int64)
        )
    )
    return pl.concat([first, later.select(first.columns)]).sort("_at", "index").drop("_rank", "_at")


def _work(scheme: Scheme, dice: Dice) -> list[pl.Expr]:
    """Categories in the shares of their targets, and an occupation for those who have one."""
    weights = [max(c.target or 100, 1) for c in scheme.categories]
    draw, edge, category = dice.below("category", sum(weights)), 0, pl.lit(scheme.categories[-1].id)
    for item, weight in zip(scheme.categories, weights, strict=True):
        category = pl.when((draw >= edge) & (draw < edge + weight)).then(pl.lit(item.id)).otherwise(category)
        edge += weight
    return [category.alias("category")]


def _wages(scheme: Scheme, dice: Dice) -> dict[str, pl.Expr]:
    found: dict[str, pl.Expr] = {}
    jobs = [(c.id, pools()["occupations"][c.id]) for c in scheme.categories if c.id in pools()["occupations"]]
    if jobs:
        occupation: pl.Expr = pl.lit(None, pl.String)
        for category, words in jobs:
            occupation = (
                pl.when(pl.col("category") == category)
                .then(dice.pick("occupation", words))
                .otherwise(occupation)
            )
        found["occupation"] = occupation
    if any(category.wage.from_roster for category in scheme.categories):
        found["wage"] = (dice.below("wage", 40) + 16) * 50_000
    return found


def again_listed(made: pl.DataFrame, again: pl.Series, dice: Dice) -> pl.DataFrame:
    """`made` with `of`, and a further row for each fault of `again`: somebody sound listed a second time, with their NIK
    or (person.possible_duplicate) with a mistyped one, and with another spelling of the name."""
    made = made.with_columns(of=pl.lit(None, pl.Int64))
    sound = made.filter(pl.col("fault").is_null())
    if sound.is_empty() or again.is_empty():
        return made
    order = sound.with_columns(_key=dice.draw("whom")).sort("_key")["index"]
    extra = pl.DataFrame({"fault": again}).with_row_index("_n").with_columns(pl.col("_n").cast(pl.Int64))
    extra = extra.select(
        "fault", of=pl.lit(order).gather(pl.col("_n") % order.len()), index=pl.col("_n") + made.height
    )
    copies = extra.join(made.drop("fault", "of").rename({"index": "of"}), on="of", maintain_order="left")
    copies = copies.with_columns(
        nik=pl.when(pl.col("fault") == "person.possible_duplicate")
        .then(mistyped(pl.col("nik")))
        .otherwise("nik"),
        name=pl.col("name")
        .str.replace("^Muhammad ", "M. ")
        .str.replace("^Siti ", "St. ")
        .str.replace("ah$", "a"),
    )
    return pl.concat([made, copies.select(made.columns)])


def _layout(scheme: Scheme, form: str, count: int) -> Layout:
    staff = any(category.wage.from_roster for category in scheme.categories)
    jobs = any(category.id in pools()["occupations"] for category in scheme.categories)
    work = (("occupation", "Pekerjaan"),) if jobs else ()
    wage = (("wage", "Honor / Bulan"),) if staff else ()
    if form == "xlsx":
        born = (("birth_place", "Tempat Lahir"), ("birth_date", "Tgl. Lahir"))
        title = ("DAFTAR USULAN PESERTA", "KECAMATAN {block}")
        closing = ("Mengetahui,", "Camat", "", "( ........................ )")
        return Layout((*_BEFORE, *born, *_MIDDLE, *work, *_AFTER, *wage), title, closing, numbering=True)
    born = (("birth_place", "Tempat Lahir"), ("birth_date", "Tanggal Lahir"))
    columns = (*_BEFORE, *born, *_MIDDLE, ("kecamatan", "Kecamatan"), *work, *_AFTER, *wage)
    small = 300 <= count <= 20_000
    return Layout(
        columns, ("DAFTAR USULAN PESERTA",) if small else (), repeated=small, separator=";" if small else ","
    )


def _answers(
    scheme: Scheme,
    on: date,
    rows: pl.DataFrame,
    written: pl.DataFrame,
    layout: Layout,
    positions: pl.DataFrame,
) -> dict[str, Any]:
    told = _placed(findings(rows), rows, positions)
    errors = {*ERRORS, *(code for others in ALSO.values() for code in others)}
    wrong = told.filter(pl.col("code").is_in(list(errors)))["index"].n_unique()
    pairs = rows.filter(pl.col("of").is_not_null()).select("index", "of")
    a = pairs.join(positions.select(of="index", sheet="sheet", row="row"), on="of", maintain_order="left")
    b = pairs.join(positions, on="index", maintain_order="left")
    age = next((c for c in scheme.conditions if isinstance(c, Age)), None)
    return {
        "scheme": scheme.id,
        "on": on.isoformat(),
        "age": {"from": age.from_, "below": age.below} if age else None,
        "register": None,
        "deaths": None,
        "rows": {"people": rows.height},
        "mapping": layout.mapping,
        "findings": [
            {"sheet": sheet, "row": row, "code": code}
            | ({"first": {"sheet": first_sheet, "row": first_row}} if first_row else {})
            for sheet, row, code, first_sheet, first_row in told.select(
                "sheet", "row", "code", "first_sheet", "first_row"
            ).iter_rows()
        ],
        "optional": [],
        "clean": rows.height - wrong,
        "truth": {
            "duplicates": [
                {"a": {"sheet": sheet_a, "row": row_a}, "b": {"sheet": sheet_b, "row": row_b}}
                for (sheet_a, row_a), (sheet_b, row_b) in zip(
                    a.select("sheet", "row").iter_rows(), b.select("sheet", "row").iter_rows(), strict=True
                )
            ],
            "values": _values(scheme, rows, positions),
        },
    }


def _placed(told: pl.DataFrame, rows: pl.DataFrame, positions: pl.DataFrame) -> pl.DataFrame:
    """Findings with the place of their row and of the earlier row they speak of, in the order of the file."""
    first = rows.select("index", "of").join(
        positions.select(of="index", first_sheet="sheet", first_row="row"),
        on="of",
        how="left",
        maintain_order="left",
    )
    return (
        told.join(positions, on="index", maintain_order="left")
        .join(
            first.select("index", "first_sheet", "first_row"), on="index", how="left", maintain_order="left"
        )
        .sort("sheet", "row", "code", maintain_order=True)
    )


def _values(scheme: Scheme, rows: pl.DataFrame, positions: pl.DataFrame) -> list[dict[str, Any]]:
    """Twenty flawless rows as a person would read them."""
    labels = {category.id: category.label["id"] for category in scheme.categories}
    sound = rows.filter(pl.col("fault").is_null()).head(20).join(positions, on="index", maintain_order="left")
    wages = sound["wage"].to_list() if "wage" in sound.columns else [None] * sound.height
    return [
        {
            "sheet": row["sheet"], "row": row["row"], "nik": row["nik"], "birth_date": row["birth_date"].isoformat(),
            "sex": row["sex"], "rt": row["rt"], "rw": row["rw"], "kelurahan": row["kelurahan"], "category": labels[row["category"]],
        } | ({"wage": wage} if wage is not None else {})
        for row, wage in zip(sound.iter_rows(named=True), wages, strict=True)
    ]  # fmt: skip
