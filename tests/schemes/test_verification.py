from __future__ import annotations

import json
from datetime import date

import polars as pl
import pytest

from lindung import schemes
from lindung.base import messages
from lindung.schemes.conditions import KINDS

ON = date(2019, 11, 22)
COVER = pl.List(pl.Struct({"segment": pl.String, "payer": pl.String, "since": pl.Date}))


def scheme(*conditions: str) -> schemes.Scheme:
    text = """\
id: kota-2019
locality: "36.74"
document: {kind: perwal, number: 25, year: 2019, status: ditetapkan, title: {id: Judul, en: Title}}
track: decree
segment: BPU
programmes: [JKK, JKM]
wage: {amount: 1000000}
payer: {kind: APBD}
period: {from: 2019-11-01}
categories:
  - {id: rt_head, label: {id: Ketua RT, en: RT head}}
  - {id: mosque_keeper, label: {id: Marbot, en: Mosque keeper}}
conditions:
"""
    return schemes.parse(text + "".join(f"  - {c}\n" for c in conditions), "kota.yaml")


def found(rows: dict, *conditions: str, schema: dict | None = None) -> list[tuple]:
    size = len(next(iter(rows.values())))
    frame = pl.DataFrame(
        {"row_id": range(1, size + 1), **rows}, schema_overrides={"row_id": pl.Int64, **(schema or {})}
    )
    return (
        schemes.verify(frame, scheme(*conditions), ON).select("row_id", "code", "severity", "article").rows()
    )


def test_age_is_counted_in_full_years_on_the_day():
    rows = {
        "birth_date": [date(2002, 11, 22), date(2002, 11, 23), date(1954, 11, 22), date(1954, 11, 23), None]
    }
    assert found(rows, "{kind: age, from: 17, below: 65}") == [
        (2, "eligibility.too_young", "error", "Perwal 25/2019"),
        (3, "eligibility.too_old", "error", "Perwal 25/2019"),
    ]


def test_the_sentence_names_age_and_limit():
    frame = pl.DataFrame({"row_id": [7], "category": ["rt_head"], "birth_date": [date(1950, 1, 2)]})
    row = schemes.verify(frame, scheme("{kind: age, from: 17, below: 65, article: Pasal 4}"), ON).row(
        0, named=True
    )
    assert row["column"] == "birth_date"
    assert row["value"] == "02-01-1950"
    assert row["article"] == "Pasal 4"
    assert "69" in messages.sentence(row["code"], json.loads(row["args"]), "id")


@pytest.mark.parametrize(("scope", "expected"), [("any", [1, 2, 3]), ("bpu", [2]), ("government_payer", [3])])
def test_scope_of_cover(scope, expected):
    cover = [
        [{"segment": "PU", "payer": "PT Maju", "since": ON}],
        [{"segment": "BPU", "payer": "Mandiri", "since": ON}],
        [{"segment": "PU", "payer": "Dinas Sosial", "since": ON}],
        None,
        [],
    ]
    rows = found(
        {"covered": cover}, f"{{kind: not_already_covered, scope: {scope}}}", schema={"covered": COVER}
    )
    assert [row[0] for row in rows] == expected
    assert {row[1] for row in rows} == {"eligibility.already_covered"}


def test_the_dead_state_employees_and_strangers():
    rows = {
        "died_on": [date(2019, 1, 1), None, None, None],
        "occupation": ["PNS", "Guru non-ASN", "Pensiunan PNS", "PPPK Paruh Waktu"],
        "kelurahan_code": ["36.74.03.1001", "36.71.01.1001", None, "36.74.01.1001"],
    }
    conditions = [
        "{kind: alive}",
        "{kind: not_state_employee, pppk_part_time: BPJSTK}",
        '{kind: resident_of, regions: ["36.74"], severity: warning}',
    ]
    assert set(found(rows, *conditions)) == {
        (1, "eligibility.not_state_employee", "error", "PP 49/2023"),
        (1, "eligibility.deceased", "error", "Perwal 25/2019"),
        (2, "eligibility.resident_of", "warning", "Perwal 25/2019"),
    }


def test_occupation_decile_income_and_papers():
    rows = {
        "occupation": ["Pedagang sayur keliling", "Direktur", None],
        "decile": [4, 5, None],
        "income": [1_999_999, 2_000_000, None],
        "documents": [["sk", "ktp"], ["ktp"], None],
    }
    conditions = [
        "{kind: occupation_in, list: [pedagang, tukang ojek]}",
        "{kind: decile_at_most, value: 4, list: DTKS, severity: warning}",
        "{kind: income_below, amount: 2000000}",
        "{kind: document_present, document: ktp}",
        "{kind: holds_office, document: sk}",
    ]
    assert {(row[0], row[1]) for row in found(rows, *conditions)} == {
        (2, "eligibility.occupation_in"),
        (2, "eligibility.decile_at_most"),
        (2, "eligibility.income_below"),
        (2, "eligibility.holds_office"),
    }


def test_one_person_in_two_offices_is_paid_once_by_the_first_of_the_scheme():
    rows = {
        "nik": ["1" * 16, "2" * 16, "1" * 16, "", ""],
        "category": ["mosque_keeper", "mosque_keeper", "rt_head", "rt_head", "mosque_keeper"],
    }
    assert [row[:2] for row in found(rows, "{kind: not_other_category, severity: warning}")] == [
        (1, "eligibility.not_other_category")
    ]


def test_what_is_unknown_fails_nothing():
    everything = [
        "{kind: age, from: 17, below: 65}", '{kind: resident_of, regions: ["36.74"]}', "{kind: not_state_employee}",
        "{kind: not_already_covered}", "{kind: alive}", "{kind: occupation_in, list: [tani]}",
        "{kind: decile_at_most, value: 4, list: DTKS}", "{kind: income_below, amount: 1}", "{kind: document_present, document: sk}",
        "{kind: holds_office, document: sk}", "{kind: not_other_category}",
    ]  # fmt: skip
    assert len(everything) == len(KINDS)
    assert found({"category": ["rt_head"]}, *everything) == []


def test_every_kind_has_its_sentences():
    for kind in set(KINDS) - {"age", "alive", "not_already_covered"}:
        assert messages.sentence(f"eligibility.{kind}", {}, "en")
        assert messages.hint(f"eligibility.{kind}", {}, "en")
