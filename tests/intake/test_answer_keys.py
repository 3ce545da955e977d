"""The sample rosters against their answer keys. Nothing here is fitted to one of them."""

from __future__ import annotations

import json
import os
from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from lindung.intake.check import Checked, check
from lindung.schemes import builtin

ROSTERS = Path(os.environ.get("LINDUNG_SHARED", Path(__file__).parents[3] / "shared")) / "rosters"
KEYS = sorted(ROSTERS.glob("*.answers.json"))
if not KEYS:
    print("the sample rosters are not there: tests/intake/test_answer_keys.py is skipped")
    pytest.skip("the sample rosters are not there", allow_module_level=True)


@cache
def checked(key: Path) -> tuple[Checked, dict]:
    answers = json.loads(key.read_text(encoding="utf-8"))

    def people(name: str | None) -> pl.DataFrame | None:
        return pl.read_csv(ROSTERS / name, infer_schema=False) if name else None

    (result,) = check(
        [key.with_name(key.name.removesuffix(".answers.json"))],
        builtin()[answers["scheme"]],
        date.fromisoformat(answers["on"]),
        register=people(answers["register"]),
        deaths=people(answers["deaths"]),
    )
    return result, answers


def name(key: Path) -> str:
    return key.name.removesuffix(".answers.json")


@pytest.mark.parametrize("key", KEYS, ids=name)
def test_mapping_and_people_are_exact(key):
    result, answers = checked(key)
    assert result.people == answers["rows"]["people"]
    assert set(result.mapping) == set(answers["mapping"])
    for column, header in answers["mapping"].items():
        assert result.mapping[column] in (header, *answers["mapping_also"].get(column, []))


def test_clean_rows_are_counted():
    for key in KEYS:
        result, answers = checked(key)
        assert result.clean == answers["clean"], key.name


def f1(severity: str) -> float:
    both = missed = wrong = 0
    for key in KEYS:
        result, answers = checked(key)
        severe = dict(result.findings.select("code", "severity").unique().iter_rows())
        found = {
            (sheet, row, code)
            for sheet, row, code in result.findings.select("sheet", "row", "code").iter_rows()
        }
        wanted = {(f["sheet"], f["row"], f["code"]) for f in answers["findings"]}
        either = {(f["sheet"], f["row"], f["code"]) for f in answers["optional"]}
        found = {f for f in found if severe[f[2]] == severity}
        wanted = {f for f in wanted if severe.get(f[2], severity) == severity}
        both += len(found & wanted)
        missed += len(wanted - found)
        wrong += len(found - wanted - either)
    return 2 * both / (2 * both + missed + wrong)


def test_errors():
    assert f1("error") >= 0.99


def test_warnings():
    assert f1("warning") >= 0.95


@pytest.mark.parametrize("key", KEYS, ids=name)
def test_first_row_of_two(key):
    result, answers = checked(key)
    told = {
        (sheet, row, code): {"sheet": first_sheet, "row": first_row}
        for sheet, row, code, first_sheet, first_row in result.findings.select(
            "sheet", "row", "code", "first_sheet", "first_row"
        ).iter_rows()
    }
    for finding in answers["findings"]:
        key_of = (finding["sheet"], finding["row"], finding["code"])
        if "first" in finding and key_of in told:
            assert told[key_of] == finding["first"]


def test_the_same_humans():
    both = wanted = found = 0
    for key in KEYS:
        result, answers = checked(key)
        pairs = {((a["sheet"], a["row"]), (b["sheet"], b["row"])) for a, b in answers["truth"]["duplicates"]}
        told = {
            ((a_sheet, a_row), (b_sheet, b_row))
            for a_sheet, a_row, b_sheet, b_row in result.duplicates.select(
                "a_sheet", "a_row", "b_sheet", "b_row"
            ).iter_rows()
        }
        both, wanted, found = both + len(pairs & told), wanted + len(pairs), found + len(told)
    assert both / found >= 0.99
    assert both / wanted >= 0.95


@pytest.mark.parametrize("key", KEYS, ids=name)
def test_values_as_a_person_reads_them(key):
    result, answers = checked(key)
    labels = {category.id: category.label["id"] for category in builtin()[answers["scheme"]].categories}
    rows = {(row["sheet"], row["row"]): row for row in result.rows.iter_rows(named=True)}
    for truth in answers["truth"]["values"]:
        row = rows[truth["sheet"], truth["row"]]
        for column, value in truth.items():
            seen = row[column]
            seen = seen.isoformat() if isinstance(seen, date) else labels.get(seen, seen)
            assert seen == value, (truth["row"], column)
