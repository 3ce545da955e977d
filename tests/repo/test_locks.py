"""What is fetched at set-up is pinned by hash, and from nowhere in particular."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ENTRIES = {
    found[1].lower().replace("_", "-"): entry
    for entry in re.split(r"\n(?=\S)", LOCK.replace("\\\n", ""))
    if (found := re.match(r"([A-Za-z0-9._-]+)==(\S+)", entry))
}


def test_every_wheel_is_pinned_by_hash():
    unpinned = [name for name, entry in ENTRIES.items() if "--hash=sha256:" not in entry]
    assert ENTRIES
    assert unpinned == []


def test_the_lock_holds_nothing_but_pins():
    strange = [line for line in LOCK.splitlines() if not re.match(r"(\s+--hash=sha256:|[a-z0-9])", line)]
    assert strange == []
    assert "://" not in LOCK


def test_the_lock_knows_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    asked = project["project"]["dependencies"] + project["build-system"]["requires"]
    asked += [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    names = {re.match(r"[A-Za-z0-9._-]+", line)[0].lower().replace("_", "-") for line in asked}
    assert names - set(ENTRIES) == set()


def test_npm_packages_are_pinned_by_hash_and_without_addresses():
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    assert [path for path, entry in packages.items() if "integrity" not in entry] == []
    assert [path for path, entry in packages.items() if "resolved" in entry] == []


def test_npm_packages_are_asked_for_exactly():
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    versions = wanted["dependencies"] | wanted["devDependencies"]
    assert [name for name, version in versions.items() if not version[0].isdigit()] == []
    assert wanted["private"] is True
