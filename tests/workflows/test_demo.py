"""The demo from nothing: the figures the articles and the regulations allow, a trail that agrees, nothing done twice."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

COVERED = {
    "tangsel-2019": 12_946,
    "serang-2019": 1_589,
    "cirebon-2022": 1_100,
    "tangerang-2022": 20_000,
    "pangkalpinang-2024": 4_120,
}


def lindung(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("LINDUNG", "DATABASE", "DJANGO"))}
    command = [sys.executable, "-c", "from lindung.cli import main; main()", *arguments]
    return subprocess.run(
        command,
        env={**environment, "LINDUNG_DATA": str(data)},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )


def start(data: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from lindung.cli import main; main()", *arguments]
    return subprocess.Popen(
        command, env={**os.environ, "LINDUNG_DATA": str(data)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True
    )  # fmt: skip


@pytest.fixture
def data():
    folder = Path(tempfile.mkdtemp(prefix="lindung-demo-"))
    folder.chmod(0o755)  # the account that runs PostgreSQL for root must be able to pass
    yield folder
    lindung(folder, "db", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.slow
def test_the_whole_demo(data):
    first = lindung(data, "demo", "--no-serve", "--json")
    assert first.returncode == 0, first.stderr
    document = json.loads(first.stdout)
    schemes = {scheme["id"]: scheme for scheme in document["schemes"]}
    assert {slug: scheme["computed"]["covered"] for slug, scheme in schemes.items()} == COVERED
    tangsel = schemes["tangsel-2019"]
    assert (tangsel["reported"]["total"], tangsel["computed"]["total"]) == (12_928, 12_946)
    (gap,) = tangsel["differences"]
    assert (gap["key"], gap["difference"]) == ("total", 18)
    assert "12.946" in gap["why"]
    cirebon = schemes["cirebon-2022"]
    assert (
        cirebon["reported"]["total"],
        cirebon["reported"]["total_about"],
        cirebon["computed"]["total"],
    ) == (3_500, 3_600, 3_600)
    assert (
        schemes["serang-2019"]["computed"]["companies"],
        schemes["serang-2019"]["computed"]["company_workers"],
    ) == (413, 10_900)
    for scheme in schemes.values():
        unequal = {
            k for k, told in scheme["reported"].items() if told is not None and told != scheme["computed"][k]
        }
        assert unequal == {item["key"] for item in scheme["differences"]}

    again = lindung(data, "demo", "--no-serve", "--json")
    assert json.loads(again.stdout) == document
    verified = lindung(data, "audit", "verify")
    assert verified.returncode == 0, verified.stdout

    units = json.loads(
        lindung(
            data, "coverage", "--scheme", "serang-2019", "--on", "2019-04-04", "--by", "unit", "--json"
        ).stdout
    )
    assert units["units"] == {"none": 26, "partly": 2, "wholly": 4}
    assert (units["total"]["target"], units["total"]["enrolled"], units["total"]["percent"]) == (
        3_860,
        1_589,
        41.2,
    )


@pytest.mark.slow
def test_an_interrupted_demo_starts_over_and_others_data_is_left_alone(data):
    lindung(data, "demo", "--no-serve", "--json", "--scheme", "cirebon-2022")
    assert (
        lindung(data, "demo", "--no-serve", "--reset", "--json", "--scheme", "cirebon-2022").returncode == 0
    )
    other = data / "other"
    other.mkdir()
    other.chmod(0o755)
    try:
        assert lindung(other, "db", "migrate").returncode == 0
        added = subprocess.run(
            [sys.executable, "-c", "from lindung.cli import main; main()", "users", "add", "kota", "--name", "Kota", "--role", "office"],
            env={**os.environ, "LINDUNG_DATA": str(other), "LINDUNG_NEW_PASSWORD": "kata-sandi-yang-panjang"},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert added.returncode == 0, added.stderr
        for arguments in (["demo", "--no-serve"], ["demo", "--no-serve", "--reset"]):
            refused = lindung(other, *arguments)
            assert refused.returncode == 1
            assert "tidak diubah" in refused.stderr
    finally:
        lindung(other, "db", "stop")
