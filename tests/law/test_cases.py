"""Golden cases: amounts worked out by hand from the law, exact to the rupiah, with their sources."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from lindung import law
from lindung.base import strictyaml
from lindung.law import explain, kinds, lines

CASES = sorted((Path(__file__).parent / "cases").rglob("*.yaml"))


def answer(call: str, given: dict) -> dict:
    if call in ("contribution", "benefit"):
        read = lines.contributions if call == "contribution" else lines.benefits_of
        return json.loads(read([json.dumps(given, default=str).encode()])[0])
    row = kinds.ALL[call].rule(kinds.pl.DataFrame([given])).row(0, named=True)
    if row["error"]:
        return {"error": {"code": row["error"]}}
    return json.loads(json.dumps(kinds.answer(call, row), default=str))


@pytest.mark.parametrize("path", CASES, ids=lambda p: "/".join(p.with_suffix("").parts[-3:]))
def test_case(path):
    case = strictyaml.load(path)
    assert case["source"]
    found = answer(case["call"], case["in"])
    if "error" in case:
        assert found["error"]["code"] == case["error"]
        return
    grounds = {name: found.pop(name, []) for name in ("law", "unverified")}
    assert found == json.loads(json.dumps(case["out"], default=str))
    for name in grounds.keys() & case.keys():
        assert grounds[name] == case[name]
    if "says" in case:
        assert list(explain.contribution(lines.contribution_row(case["in"])).steps) == case["says"]


def test_there_are_enough_cases_and_every_result_names_its_law():
    assert len(CASES) >= 150
    for path in CASES:
        case = strictyaml.load(path)
        if "error" not in case and case["call"] in ("contribution", "benefit"):
            assert answer(case["call"], case["in"])["law"], path


def test_every_case_explains_itself_in_both_languages():
    for path in CASES:
        case = strictyaml.load(path)
        if "error" in case or case["call"] not in ("contribution", "benefit"):
            continue
        given = json.loads(json.dumps(case["in"], default=str))
        for lang in ("id", "en"):
            if case["call"] == "contribution":
                told = explain.contribution(lines.contribution_row(given), lang=lang, in_jkp=True)
            else:
                told = explain.benefit(given["kind"], given, on=date(2026, 11, 23), lang=lang)
                assert "BPJS Ketenagakerjaan" in told.notice
                assert "23-11-2026" in told.notice
            assert told.law
            assert "…" not in str(told), path
    assert law.version()
