from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from lindung import samples, schemes
from lindung.base.refused import Refused
from lindung.intake.check import check

ERRORS = {
    "nik.missing", "nik.not_16_digits", "nik.damaged_by_excel", "nik.impossible_date", "nik.duplicate", "name.missing",
    "birth_date.unreadable", "birth_date.missing", "category.unknown", "eligibility.too_young", "eligibility.too_old",
}  # fmt: skip


def sample(
    scheme: str = "tangsel-2019", people: int = 400, dirt: float = 0.2, seed: int = 3, form: str = "csv"
) -> samples.Sample:
    return samples.roster(schemes.builtin()[scheme], people, dirt=dirt, seed=seed, form=form)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_same_seed_gives_the_same_file(form):
    assert sample(form=form).content == sample(form=form).content
    assert sample(form=form).key() == sample(form=form).key()
    assert sample(form=form).content != sample(form=form, seed=4).content


def test_the_key_has_the_shape_of_an_answer_key_and_counts_itself():
    answers = json.loads(sample().key())
    assert set(answers) == {
        "scheme",
        "on",
        "age",
        "register",
        "deaths",
        "rows",
        "mapping",
        "findings",
        "optional",
        "clean",
        "truth",
    }
    assert answers["rows"]["people"] == 400
    wrong = {f["row"] for f in answers["findings"] if f["code"] in ERRORS}
    assert answers["clean"] == 400 - len(wrong)
    assert 40 < len(answers["findings"]) < 120
    twice = [f for f in answers["findings"] if "first" in f]
    assert {f["code"] for f in twice} == {"nik.duplicate", "person.possible_duplicate"}
    assert all(f["first"]["row"] < f["row"] for f in twice)
    assert len(answers["truth"]["duplicates"]) == len(twice)


def test_without_dirt_nothing_is_wrong():
    answers = sample(dirt=0).answers
    assert answers["findings"] == []
    assert answers["clean"] == 400


def test_all_dirt_and_one_person_are_possible():
    assert sample(dirt=1, people=50).answers["rows"]["people"] == 50
    assert sample(dirt=1, people=1).answers["rows"]["people"] == 1


@pytest.mark.parametrize(
    ("scheme", "form"), [("tangsel-2019", "csv"), ("serang-2019", "xlsx"), ("tangerang-2022", "csv")]
)
def test_the_importer_finds_what_was_planted(tmp_path: Path, scheme, form):
    made = sample(scheme, form=form)
    path = tmp_path / f"daftar.{form}"
    path.write_bytes(made.content)
    rules = schemes.builtin()[scheme]
    [checked] = check([path], rules, rules.period.from_)
    assert checked.error is None
    assert checked.people == made.answers["rows"]["people"]
    assert checked.mapping == made.answers["mapping"]
    planted = Counter(
        (f["sheet"], f["row"], f["code"]) for f in made.answers["findings"] if f["code"] in ERRORS
    )
    found = checked.findings.filter(severity="error").select("sheet", "row", "code").rows()
    assert Counter(found) == planted


def test_what_does_not_fit_is_refused():
    with pytest.raises(Refused) as problem:
        sample(form="ods")
    assert problem.value.code == "sample.form"
    with pytest.raises(Refused) as problem:
        sample(form="xlsx", people=200_001)
    assert problem.value.code == "sample.too_many"
