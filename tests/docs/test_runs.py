"""The README's figures are those of the demo, and what operations.md says of backing up works. Slow: runs the demo."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LINDUNG = Path(sys.executable).with_name("lindung")
pytestmark = pytest.mark.slow


class House:
    """A data folder of its own and the command line over it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o755)  # for root, another account runs the database in it
        self.folder = folder
        self.environment = {
            name: value for name, value in os.environ.items()
            if not name.startswith(("LINDUNG_", "DATABASE_URL", "DJANGO_"))
        } | {"LINDUNG_DATA": str(folder)}  # fmt: skip

    def run(self, *words: str, cwd: Path | None = None, status: int = 0) -> str:
        done = subprocess.run(
            [LINDUNG, *words], env=self.environment, cwd=cwd or self.folder, capture_output=True, text=True, check=False
        )  # fmt: skip
        assert done.returncode == status, (
            f"lindung {' '.join(words)}: {done.stdout[-500:]}{done.stderr[-2000:]}"
        )
        return done.stdout


@pytest.fixture(scope="module")
def place():
    """A folder that the database's own account may enter, which pytest's folders close."""
    folder = Path(tempfile.mkdtemp(prefix="lindung-docs-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def demo(place):
    house = House(place / "demo")
    house.document = json.loads(house.run("demo", "--no-serve", "--json"))
    yield house
    house.run("db", "stop")


def shown(value: int, readme: str) -> str:
    return f"{value:,}" if readme == "README.md" else f"{value:,}".replace(",", ".")


@pytest.mark.parametrize("readme", ["README.md", "README.id.md"])
def test_the_figures_of_the_readme_are_those_of_the_demo(demo, readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    for scheme in demo.document["schemes"]:
        [line] = [line for line in text.splitlines() if line.startswith("|") and f"`{scheme['id']}`" in line]
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for cell, key in ((cells[1], "reported"), (cells[2], "computed"), (cells[3], "covered")):
            value = scheme["computed"]["covered"] if key == "covered" else scheme[key]["total"]
            assert cell.split(" ")[0] == ("–" if value is None else shown(value, readme)), (scheme["id"], key)


def test_the_first_example_of_the_readme_runs(place):
    folder = place / "example"
    house = House(folder)
    house.run("roster", "sample", "--scheme", "tangsel-2019", "--people", "200", "--out", "daftar.xlsx")
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    example = re.search(r"^lindung (roster check daftar\.xlsx .*)$", text, re.MULTILINE)[1]
    assert "daftar.xlsx" in house.run(*example.split())
    assert (folder / "catatan.xlsx").read_bytes()[:2] == b"PK"
    assert not (folder / "postgres").exists()


def test_a_second_run_finds_its_data(demo):
    assert json.loads(demo.run("demo", "--no-serve", "--json")) == demo.document


def test_the_demo_refuses_a_database_that_is_not_its_own(place):
    house = House(place / "own")
    house.run("regions", "load")
    house.run("schemes", "load", str(ROOT / "src" / "lindung" / "schemes" / "tangsel-2019.yaml"))
    try:
        house.run("demo", "--no-serve", status=1)
        house.run("demo", "--no-serve", "--reset", status=1)
    finally:
        house.run("db", "stop")


def test_back_up_and_restore_as_written(demo, place):
    dump = place / "lindung.dump"
    demo.run("db", "backup", str(dump))
    files = place / "lindung-files.tar"
    subprocess.run(["tar", "-cf", files, "-C", demo.folder, "files", "keys"], check=True)
    other = House(place / "restored")
    subprocess.run(["tar", "-xf", files, "-C", other.folder], check=True)
    other.run("db", "restore", str(dump))
    try:
        other.run("audit", "verify")
        asked = ("coverage", "--scheme", "tangsel-2019", "--on", "2019-11-22", "--json")
        assert other.run(*asked) == demo.run(*asked)
        other.run("db", "restore", str(dump), status=1)
    finally:
        other.run("db", "stop")
