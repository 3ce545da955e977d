"""Everything that Lindung runs with may be used so, and is named in NOTICE."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def licences():
    spec = importlib.util.spec_from_file_location("licences", ROOT / "tools" / "licences.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["licences"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["licences"]


def test_every_licence_is_allowed_and_named(licences):
    assert licences.problems(licences.packages()) == []


def test_the_list_reaches_what_is_needed_by_what_is_needed(licences):
    names = {package.name for package in licences.packages()}
    assert {"django", "sqlparse", "psycopg-binary", "bootstrap", "zrender"} <= names
    assert not {"pytest", "mypy", "axe-core", "esbuild"} & names


@pytest.mark.parametrize(
    "licence", ["GPL-3.0-only", "AGPL-3.0-or-later", "MIT AND GPL-2.0-only", "unknown", ""]
)
def test_others_are_refused(licences, licence):
    assert licences.Package("x", licence).allowed is False


@pytest.mark.parametrize(
    "licence", ["MIT", "LGPL-3.0-only", "Apache-2.0 OR GPL-3.0-only", "(MIT AND BSD-3-Clause)"]
)
def test_these_are_allowed(licences, licence):
    assert licences.Package("x", licence).allowed is True


def test_a_package_that_notice_does_not_name_is_a_problem(licences):
    [problem] = licences.problems([licences.Package("never-heard-of", "MIT")])
    assert "NOTICE" in problem
