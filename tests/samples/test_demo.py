from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from lindung import schemes
from lindung.intake.check import check
from lindung.papers.answers import read_answer
from lindung.samples import demo
from lindung.samples.demo.figures import places
from lindung.samples.demo.files import made

# rows of all lists, of which pass, and errors by code
COUNTS = {
    "tangsel-2019": (13_208, 12_946, {"double": 71, "age": 118, "nik": 49, "dead": 9, "covered": 15}),
    "serang-2019": (1_630, 1_589, {"double": 9, "age": 6, "nik": 16, "dead": 1, "covered": 3, "category": 6}),
    "cirebon-2022": (1_130, 1_100, {"double": 6, "age": 5, "nik": 13, "covered": 2, "category": 4}),
    # 142 of the covered are people of another city, which pays for them
    "tangerang-2022": (23_480, 20_000 + 1_126, {"double": 438, "age": 463, "nik": 611, "dead": 83, "covered": 517 + 142, "occupation": 100}),
    "pangkalpinang-2024": (4_190, 4_120, {"double": 14, "age": 19, "nik": 25, "dead": 3, "covered": 5, "category": 4}),
}  # fmt: skip
KINDS = {
    "nik.duplicate": "double", "eligibility.too_old": "age", "eligibility.too_young": "age", "eligibility.deceased": "dead",
    "eligibility.already_covered": "covered", "eligibility.occupation_in": "occupation", "category.unknown": "category",
    "nik.missing": "nik", "nik.not_16_digits": "nik", "nik.damaged_by_excel": "nik", "nik.impossible_date": "nik",
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("slug", demo.SCHEMES)
def test_exactly_those_pass_whom_the_figures_count(tmp_path: Path, slug):
    paths = []
    for file in demo.rosters(slug):
        path = tmp_path / file.filename
        path.write_bytes(file.content)
        paths.append(path)
    checked = check(
        paths, schemes.builtin()[slug], demo.ON[slug], register=demo.register(slug), deaths=demo.deaths(slug)
    )
    assert [c.error for c in checked if c.error] == []
    rows, findings = (
        pl.concat([getattr(c, name) for c in checked], how="diagonal_relaxed")
        for name in ("rows", "findings")
    )
    total, passing, mistakes = COUNTS[slug]
    fit = rows.filter(result="layak")
    assert (rows.height, fit.height) == (total, passing)
    told: dict[str, int] = {}
    for code, number in findings.filter(severity="error").group_by("code").len().iter_rows():
        told[KINDS[code]] = told.get(KINDS[code], 0) + number
    assert told == mistakes
    assert findings.filter(severity="warning").height > 10
    assert fit["kelurahan_code"].null_count() == 0
    if slug != "tangerang-2022":
        key = ["kelurahan_code", "category"]
        wanted = made(slug).filter(role="passing").group_by(key).len().sort(key)
        assert fit.group_by(key).len().sort(key).equals(wanted)
    if "PU" in {c.segment for c in schemes.builtin()[slug].categories}:
        paid = fit.filter(category="non_asn_staff").group_by("wage").len().sort("wage")
        wanted = (
            places(slug)
            .filter(category="non_asn_staff")
            .group_by("wage")
            .agg(len=pl.col("number").sum().cast(pl.UInt32))
            .sort("wage")
        )
        assert paid.rows() == wanted.rows()


def test_figures_add_up():
    sums = {
        slug: dict(demo.targets(slug).group_by("dimension").agg(pl.col("number").sum()).iter_rows())
        for slug in demo.SCHEMES
    }
    assert sums == {
        "tangsel-2019": {"unit": 12_946, "kelurahan": 12_946},
        "serang-2019": {"unit": 3_860},
        "cirebon-2022": {"unit": 3_600},
        "tangerang-2022": {"unit": 20_000, "kelurahan": 20_000},
        "pangkalpinang-2024": {"unit": 4_606, "kelurahan": 4_606},
    }
    money = {slug: demo.budgets(slug)["amount"].sum() for slug in demo.SCHEMES}
    assert money == {
        "tangsel-2019": 438_000_000, "serang-2019": 1_200_000_000, "cirebon-2022": 135_000_000, "tangerang-2022": 1_700_000_000,
        "pangkalpinang-2024": 614_000_000,
    }  # fmt: skip
    for slug in demo.SCHEMES:
        targets = {c.id: c.target for c in schemes.builtin()[slug].categories}
        by_unit = demo.targets(slug).filter(dimension="unit").group_by("category").agg(pl.col("number").sum())
        assert dict(by_unit.iter_rows()) == targets


def test_every_unit_named_is_there_and_codes_are_slugs():
    for slug in demo.SCHEMES:
        units = demo.units(slug)
        codes = set(units["code"])
        assert units["code"].n_unique() == units.height
        assert units["code"].str.contains(r"^[a-z0-9-]{1,60}$").all()
        assert units["name"].str.len_chars().max() <= 120
        assert units["npp"].drop_nulls().str.contains(r"^\d{8}$").all()
        named = {file.sender_unit_code for file in demo.rosters(slug)} | set(demo.budgets(slug)["unit"])
        named |= set(demo.targets(slug).filter(dimension="unit")["group"]) | set(units["parent"].drop_nulls())
        named |= {c.payer.unit for c in schemes.builtin()[slug].categories if c.payer.unit}
        assert named <= codes
        assert len({file.filename for file in demo.rosters(slug)}) == len(demo.rosters(slug))
    assert demo.units("serang-2019").height == 32
    assert demo.quotas("tangerang-2022")["number"].sum() == 20_000
    assert demo.quotas("tangsel-2019").is_empty()


def test_nobody_lives_in_two_cities():
    niks = pl.concat([made(slug).filter(pl.col("of").is_null())["nik"] for slug in demo.SCHEMES])
    assert niks.n_unique() == niks.len()


def test_employers_of_serang():
    found = demo.employers()
    inside = found.filter(pl.col("status") != "unregistered")
    assert (inside.height, inside["registered_workers"].sum()) == (413, 10_900)
    assert dict(inside.group_by("status").len().iter_rows()) == {
        "compliant": 347,
        "partly": 37,
        "arrears": 29,
    }
    workers = pl.col("registered_workers")
    size = (
        pl.when(workers < 10).then(1).when(workers < 50).then(10).when(workers < 100).then(50).otherwise(100)
    )
    sizes = inside.with_columns(size=size)
    by_size = {
        s: (n, w)
        for s, n, w in sizes.group_by("size")
        .agg(n=pl.len(), w=pl.col("registered_workers").sum())
        .iter_rows()
    }
    assert by_size == {1: (148, 812), 10: (198, 4_210), 50: (47, 3_120), 100: (20, 2_758)}
    outside = found.filter(status="unregistered")
    large = outside.filter(pl.col("workers") >= 10)
    assert (outside.height, large.height, large["workers"].sum(), outside["workers"].sum()) == (
        96,
        61,
        1_340,
        1_528,
    )
    assert (found["registered_workers"] <= found["workers"]).all()
    assert found["name"].n_unique() == found.height


def test_bpjs_rejects_135_once_and_numbers_everybody_else():
    people = made("tangsel-2019").filter(role="passing")
    rows = people.select("nik", line=pl.int_range(2, pl.len() + 2), again=pl.lit(False))
    name, content = demo.bpjs_answer("tangsel-2019", rows)
    answer = read_answer(content, name)
    assert answer.findings.filter(severity="error").is_empty()
    assert dict(answer.rows.group_by("status").len().iter_rows()) == {"valid": 12_811, "rejected": 135}
    assert answer.rows["kpj"].drop_nulls().n_unique() == 12_811
    rejected = answer.rows.filter(status="rejected")["nik"].to_list()
    plan = demo.mend("tangsel-2019", list(enumerate(rejected)))
    assert (len(plan.corrected), len(plan.replaced), len(plan.rosters)) == (122, 13, 1)
    assert not set(plan.corrected.values()) & set(people["nik"])
    assert len(set(plan.corrected.values())) == 122
    again = pl.DataFrame({"nik": list(plan.corrected.values()), "line": range(122), "again": [True] * 122})
    mended = read_answer(demo.bpjs_answer("tangsel-2019", again)[1], "jawaban.csv").rows
    assert set(mended["status"]) == {"valid"}
    assert not set(mended["kpj"]) & set(answer.rows["kpj"])
    assert demo.mend("cirebon-2022", []).rosters == []


def test_the_thirteen_who_follow_pass_in_the_same_places(tmp_path: Path):
    gone = made("tangsel-2019").filter(mend="replaced")
    [file] = demo.mend("tangsel-2019", list(enumerate(gone["nik"]))).rosters
    path = tmp_path / file.filename
    path.write_bytes(file.content)
    [checked] = check(
        [path], schemes.builtin()["tangsel-2019"], file.on, register=demo.register("tangsel-2019")
    )
    assert set(checked.rows["result"]) == {"layak"}
    key = ["kelurahan_code", "category"]
    assert checked.rows.select(key).sort(key).equals(gone.select(key).sort(key))
    assert not set(checked.rows["nik"]) & set(made("tangsel-2019").filter(role="passing")["nik"])


def test_checkers_find_everybody_fit_who_came_through(tmp_path: Path):
    import xlsxwriter

    path = tmp_path / "cek.xlsx"
    people = made("tangerang-2022").filter(role="passing").head(500)
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Cek")
        sheet.write_row(0, 0, ["Ref", "NIK", "Nama", "Hidup/Meninggal/Pindah", "Domisili", "Hasil", "Alasan"])
        for at, (nik, name) in enumerate(people.select("nik", "name").rows()):
            sheet.write_row(at + 1, 0, [f"DISDUKCAPIL-1-{at + 1}", nik, name])
    told = pl.read_excel(
        demo.check_answer("tangerang-2022", "disdukcapil", path.read_bytes()), infer_schema_length=0
    )
    assert set(told["Hasil"]) == {"SESUAI"}
    assert set(told["Domisili"]) == {"Kota Tangerang"}
    assert told["NIK"].to_list() == people["nik"].to_list()
    assert told["Ref"][499] == "DISDUKCAPIL-1-500"


def test_people_of_another_city_are_paid_for_there():
    away = demo.register("tangerang-2022").filter(payer="Pemerintah Kota Tangerang Selatan")
    assert away.height == 142
    text = "".join(file.content.decode("utf-8-sig") for file in demo.rosters("tangerang-2022"))
    lines = {nik: line for line in text.splitlines() for nik in [line.split(",")[0].strip("' ")]}
    assert any("Pamulang" in lines.get(nik, "") for nik in away["nik"])


def test_numbers_on_papers_are_unique():
    for slug in demo.SCHEMES:
        codes = [
            demo.payment_code(slug, unit, month, n)
            for unit in demo.units(slug)["code"]
            for month in ("2019-11", "2019-12")
            for n in (0, 1)
        ]
        assert len(set(codes)) == len(codes)
        assert {len(code) for code in codes} == {11}
        assert "contoh" in demo.SIGNER[slug].lower()
    assert demo.document_number("serang-2019", "dlh", 1) != demo.document_number("serang-2019", "dlh", 2)


def test_the_ceremony_has_three_hundred_of_all_categories():
    people = made("tangsel-2019").filter(role="passing")
    members = list(people.select("index", "category").iter_rows())
    chosen = demo.ceremony(members)
    assert len(chosen) == len(set(chosen)) == 300
    categories = dict(members)
    assert len({categories[member] for member in chosen}) == 6


def test_chance_makes_no_look_alikes():
    for slug in demo.SCHEMES:
        people = made(slug).filter(pl.col("of").is_null())
        assert not people.select("birth_date", "sex", pl.col("name").str.slice(0, 1)).is_duplicated().any()
