from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from lindung.base.refused import Refused
from lindung.cli.roster_sample import sample


def run(*words: str):
    return CliRunner().invoke(sample, words)


def test_a_sample_and_its_key(tmp_path: Path):
    out, key = tmp_path / "daftar.xlsx", tmp_path / "kunci.json"
    done = run(
        "--scheme",
        "pangkalpinang-2024",
        "--people",
        "120",
        "--seed",
        "9",
        "--out",
        str(out),
        "--answers",
        str(key),
    )
    assert done.exit_code == 0
    assert done.output.startswith("daftar.xlsx: 120 orang")
    assert out.read_bytes().startswith(b"PK")
    answers = json.loads(key.read_text(encoding="utf-8"))
    assert answers["rows"]["people"] == 120
    assert answers["scheme"] == "pangkalpinang-2024"


@pytest.mark.parametrize(
    ("scheme", "name", "code"),
    [
        ("nowhere-2020", "a.csv", "scheme.not_among_files"),
        ("tangsel-2019", "a.pdf", "sample.form"),
        ("tangsel-2019", "missing/a.csv", "sample.not_written"),
    ],
)
def test_bad_input_is_refused_with_a_sentence(tmp_path: Path, scheme, name, code):
    done = run("--scheme", scheme, "--people", "5", "--out", str(tmp_path / name))
    assert isinstance(done.exception, Refused)
    assert done.exception.code == code
    assert "…" not in done.exception.sentence("en")


def test_a_wrong_call_is_said_by_the_command_line(tmp_path: Path):
    assert run("--scheme", "tangsel-2019", "--people", "0", "--out", str(tmp_path / "a.csv")).exit_code == 2
    assert (
        run(
            "--scheme", "tangsel-2019", "--people", "5", "--dirt", "2", "--out", str(tmp_path / "a.csv")
        ).exit_code
        == 2
    )
