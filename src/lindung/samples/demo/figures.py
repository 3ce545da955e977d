"""What a city knows before the first list arrives: units, targets, budgets, quotas, employers. All of it invented
unless the articles say it; the sums are those of the articles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from lindung.base import strictyaml
from lindung.samples.dice import Dice
from lindung.samples.people import kelurahan
from lindung.schemes import Category, Scheme, builtin

SCHEMES = ("tangsel-2019", "serang-2019", "cirebon-2022", "tangerang-2022", "pangkalpinang-2024")
EMPLOYERS = "serang-2019"
INVENTED = "Angka contoh"
ACCOUNT = "5.1.02.02.02"  # Belanja Iuran Jaminan/Asuransi
JKK_ACCOUNT, JKM_ACCOUNT = "5.1.02.02.02.0006", "5.1.02.02.02.0007"  # JKK and JKM bagi Non ASN
_UNITS = {
    "code": pl.String, "name": pl.String, "kind": pl.String, "region_code": pl.String, "parent": pl.String,
    "npp": pl.String, "branch": pl.String,
}  # fmt: skip
_TARGETS = {
    "dimension": pl.String,
    "group": pl.String,
    "category": pl.String,
    "number": pl.Int64,
    "source": pl.String,
}
_BUDGETS = {
    "unit": pl.String,
    "account_code": pl.String,
    "programme": pl.String,
    "year": pl.Int64,
    "amount": pl.Int64,
}


@cache
def _all() -> dict[str, Any]:
    return strictyaml.load(Path(__file__).with_name("figures.yaml"))


def figures(slug: str) -> dict[str, Any]:
    return _all()[slug]


ON: dict[str, date] = {slug: _all()[slug]["on"] for slug in SCHEMES}
AS_OF = dict(ON)  # the targets are told on the day of the figures
CHECKERS: dict[str, tuple[str, ...]] = {slug: tuple(_all()[slug]["checkers"]) for slug in SCHEMES}
SIGNER: dict[str, str] = {slug: _all()[slug]["signer"] for slug in SCHEMES}


def scheme_of(slug: str) -> Scheme:
    return builtin()[slug]


def even(total: int, groups: Iterable[str]) -> dict[str, int]:
    """`total` in equal parts; what is left over goes one by one to the first groups."""
    names = list(groups)
    return {name: total // len(names) + (at < total % len(names)) for at, name in enumerate(names)}


def slug_of(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")


@cache
def units(slug: str) -> pl.DataFrame:
    """code, name, kind (opd, kecamatan, kelurahan), region_code, parent (code or null), npp, branch."""
    told, branch, number = figures(slug), figures(slug)["branch"], SCHEMES.index(slug) + 1
    rows: list[tuple[str | None, ...]] = []

    def npp(kind: str) -> str | None:
        return None if kind == "kelurahan" else f"9{number}{len(rows) + 1:06d}"

    def add(code: str, name: str, kind: str, region: str | None, parent: str | None) -> None:
        rows.append((code, name, kind, region, parent, npp(kind), branch))

    for unit in told["units"]:
        add(unit["code"], unit["name"], unit["kind"], None, unit.get("parent"))
    places = kelurahan(scheme_of(slug).locality)
    for region, name in places.select("kecamatan_code", "kecamatan").unique(maintain_order=True).iter_rows():
        add(_kecamatan(name), f"Kecamatan {name}", "kecamatan", region, None)
    taken = {row[0] for row in rows}
    if "kecamatan" in told:
        for code, name, district in places.select("kelurahan_code", "kelurahan", "kecamatan").iter_rows():
            unit = f"kelurahan-{slug_of(name)}"
            unit = f"{unit}-{slug_of(district)}" if unit in taken else unit
            taken.add(unit)
            add(unit, f"Kelurahan {name}", "kelurahan", code, _kecamatan(district))
    return pl.DataFrame(rows, schema=_UNITS, orient="row")


def _kecamatan(name: str) -> str:
    return f"kecamatan-{slug_of(name)}"


def _districts(slug: str) -> dict[str, str]:
    """Region code of a kecamatan → the code of its unit."""
    places = kelurahan(scheme_of(slug).locality)
    pairs = places.select("kecamatan_code", "kecamatan").unique(maintain_order=True)
    return {code: _kecamatan(name) for code, name in pairs.iter_rows()}


@cache
def places(slug: str) -> pl.DataFrame:
    """Everybody who is to pass: sender (unit code), kelurahan_code (null: not told), category, wage (null: the scheme's), number."""
    scheme, told = scheme_of(slug), figures(slug)
    rows: list[tuple[str, str | None, str, int | None, int]] = []
    villages = kelurahan(scheme.locality)
    named = scheme.categories
    for region, numbers in told.get("kecamatan", {}).items():
        inside = villages.filter(kecamatan_code=region)["kelurahan_code"].to_list()
        for category, number in zip(named, numbers, strict=False):
            rows += [
                (_districts(slug)[region], k, category.id, None, n) for k, n in even(number, inside).items()
            ]
    if "parking" in told:
        parking = even(told["parking"]["people"], villages["kelurahan_code"])
        rows += [(told["parking"]["sender"], k, "parking_attendant", None, n) for k, n in parking.items()]
    staff = [(u["code"], u["people"], u["wage"]) for u in told["units"] if "people" in u]
    if "office_staff" in told:
        office = told["office_staff"]
        staff += [
            (u, n, office["wage"]) for u, n in even(office["people"], _districts(slug).values()).items()
        ]
    rows += [(unit, None, "non_asn_staff", wage, number) for unit, number, wage in staff]
    schema = {
        "sender": pl.String,
        "kelurahan_code": pl.String,
        "category": pl.String,
        "wage": pl.Int64,
        "number": pl.Int64,
    }
    return pl.DataFrame(rows, schema=schema, orient="row").filter(pl.col("number") > 0)


@cache
def targets(slug: str) -> pl.DataFrame:
    """dimension (unit, kelurahan), group (unit code, region code), category (null: all), number, source."""
    scheme, told = scheme_of(slug), figures(slug)
    payers = {category.id: category.payer.unit for category in scheme.categories}
    here = places(slug)
    found = [
        here.with_columns(
            group=pl.coalesce(pl.col("category").replace_strict(payers, return_dtype=pl.String), "sender")
        )
        .group_by("group", "category", maintain_order=True)
        .agg(pl.col("number").sum())
        .with_columns(dimension=pl.lit("unit"))
    ]
    known = here.filter(pl.col("kelurahan_code").is_not_null()).select(
        "category", "number", group="kelurahan_code", dimension=pl.lit("kelurahan")
    )
    found.append(known)
    extra = [
        ("unit", u["code"], "non_asn_staff", u["non_asn"] - u.get("people", 0))
        for u in told["units"]
        if "non_asn" in u
    ]
    if "offices" in told:
        extra += [
            ("unit", _districts(slug)[region], "non_asn_staff", n) for region, n in told["offices"].items()
        ]
    if "cleaners" in told:
        cleaner = next(c for c in scheme.categories if c.id == "cleaner")
        extra.append(("unit", str(cleaner.payer.unit), "cleaner", told["cleaners"]))
        villages = kelurahan(scheme.locality)["kelurahan_code"]
        extra += [("kelurahan", k, "cleaner", n) for k, n in even(told["cleaners"], villages).items()]
        # the offices' staff live all over the city
        extra += [
            ("kelurahan", k, "non_asn_staff", n)
            for k, n in even(_target(scheme, "non_asn_staff"), villages).items()
        ]
    schema = {"dimension": pl.String, "group": pl.String, "category": pl.String, "number": pl.Int64}
    found.append(pl.DataFrame(extra, schema=schema, orient="row"))
    return (
        pl.concat(found, how="diagonal")
        .group_by("dimension", "group", "category", maintain_order=True)
        .agg(pl.col("number").sum())
        .filter(pl.col("number") > 0)
        .with_columns(source=pl.lit(INVENTED))
        .select(*_TARGETS)
    )


def _target(scheme: Scheme, category: str) -> int:
    found: Category = next(c for c in scheme.categories if c.id == category)
    return found.target or 0


@cache
def budgets(slug: str) -> pl.DataFrame:
    """unit, account_code, programme ("JKK,JKM"), year, amount (whole rupiah)."""
    scheme, told = scheme_of(slug), figures(slug)
    year = scheme.period.from_.year
    amounts = [(unit["code"], unit["budget"]) for unit in told["units"] if "budget" in unit]
    if "office_staff" in told:
        amounts += [(unit, told["office_staff"]["budget"]) for unit in _districts(slug).values()]
    rows: list[tuple[str, str, str, int, int]] = []
    for unit, amount in amounts:
        if scheme.segment == "PU" and scheme.programmes == ("JKK", "JKM"):
            jkk = round(amount * 24 / 54 / 100_000) * 100_000  # 0.24 and 0.30 % of the same wages
            rows += [(unit, JKK_ACCOUNT, "JKK", year, jkk), (unit, JKM_ACCOUNT, "JKM", year, amount - jkk)]
        else:
            rows.append((unit, ACCOUNT, ",".join(scheme.programmes), year, amount))
    return pl.DataFrame(rows, schema=_BUDGETS, orient="row")


def quotas(slug: str) -> pl.DataFrame:
    """unit (sender), category, number: who comes later on the sender's list waits. Empty where there is no quota."""
    frame = places(slug) if "waiting" in figures(slug) else places(slug).clear()
    return (
        frame.group_by("sender", "category", maintain_order=True)
        .agg(pl.col("number").sum())
        .rename({"sender": "unit"})
    )


@cache
def employers() -> pl.DataFrame:
    """The employers of Kota Serang: npp (null: none), name, workers, registered_workers, status (compliant, partly,
    arrears, unregistered)."""
    told, dice = _all()["employers"], Dice(413)
    rows: list[tuple[int, int]] = []  # workers, registered
    for low, high, number, workers in told["registered"]:
        rows += [(n, n) for n in _sizes(low, high, number, workers, dice)]
    statuses = [status for status, number in told["status"].items() for _ in range(number)]
    frame = (
        pl.DataFrame({"registered_workers": [r for _, r in rows]})
        .with_row_index("index")
        .with_columns(pl.col("index").cast(pl.Int64))
    )
    order = (
        frame.with_columns(_key=dice.draw("status"))
        .sort("_key")
        .with_columns(status=pl.Series(statuses))
        .sort("index")
    )
    # a partly registered employer has told BPJS of fewer workers than it has
    order = order.with_columns(
        workers=pl.col("registered_workers")
        + pl.when(pl.col("status") == "partly").then(1 + dice.below("untold", 6)).otherwise(0),
        npp=pl.format("80{}", (pl.col("index") + 10_001).cast(pl.String).str.zfill(6)),
    )
    outside = [
        n
        for low, high, number, workers in told["unregistered"]
        for n in _sizes(low, high, number, workers, dice)
    ]
    missing = pl.DataFrame({"workers": outside}).select(
        "workers",
        registered_workers=pl.lit(0, pl.Int64),
        status=pl.lit("unregistered"),
        npp=pl.lit(None, pl.String),
    )
    columns = ["npp", "workers", "registered_workers", "status"]
    whole = pl.concat([order.select(columns), missing.select(columns)])
    return whole.with_columns(name=pl.Series(_companies(whole.height, told))).select(
        "npp", "name", *columns[1:]
    )


def _sizes(low: int, high: int, number: int, total: int, dice: Dice) -> list[int]:
    """`number` sizes between `low` and `high` that add up to `total`."""
    width = min(high - low, 2 * (total // number - low)) + 1
    frame = pl.DataFrame({"index": range(number)}).select(n=low + dice.below(f"size {low} {number}", width))
    sizes: list[int] = frame["n"].to_list()
    gap, at = total - sum(sizes), 0
    while gap:
        step = 1 if gap > 0 else -1
        if low <= sizes[at % number] + step <= high:
            sizes[at % number] += step
            gap -= step
        at += 1
    return sizes


def _companies(number: int, told: dict[str, Any]) -> list[str]:
    names = [
        f"{form} {a} {b}" for b in told["last"] for a in told["first"] for form in told["forms"] if a != b
    ]
    return [names[at * 2] for at in range(number)]
