"""What no file of the project may hold, and how long a file may be."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LONGEST, LONGEST_TEST = 400, 500
SOURCE = {".py", ".sql", ".html", ".js", ".css", ".typ"}
LONGER = {  # path, or folder with a slash at its end → why
    "/migrations/": "written by Django from the models, read by nobody",
    "src/lindung/workflows/demo.py": "the demo's chain, told in the order in which it runs",
}

# addresses of package registries and paths of a machine, in pieces so that this file holds none of them
REGISTRIES = [
    "pypi" + r"\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs", "npmjs" + r"\.(com|org)", "registry" + r"\.yarnpkg",
    "proxy" + r"\.golang", "crates" + r"\.io", "conda" + r"\.anaconda", "(deb|ftp)" + r"\.debian\.org", "artifact" + "ory",
    r"https?://[^\s\"')]*/" + "simple" + r"/?(\s|\"|'|$)", "--(extra-)?" + r"index-url[ =]\S+://", r"^\s*registry\s*=\s*\S+://",
]  # fmt: skip
MACHINE = [
    r"(?<![\w.-])/" + r"(work|root|mnt|media|data)/\w", r"(?<![\w.-])/" + r"(home|Users)/\w", r"(?<![\w.-])/" + r"tmp/\w",
    r"[A-Z]:\\" + r"Users\\",
]  # fmt: skip


@cache
def tracked() -> tuple[Path, ...]:
    found = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if found.returncode:
        pytest.skip("not a checkout")
    return tuple(
        path for name in found.stdout.decode().split("\0") if name and (path := ROOT / name).is_file()
    )


def texts() -> dict[str, str]:
    found = {}
    for path in tracked():
        try:
            found[path.relative_to(ROOT).as_posix()] = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
    return found


def holders(patterns: list[str]) -> list[str]:
    wanted = re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.MULTILINE | re.IGNORECASE)
    return [
        f"{name}:{text.count(chr(10), 0, hit.start()) + 1}: {hit[0].strip()}"
        for name, text in texts().items()
        for hit in wanted.finditer(text)
    ]


def test_no_file_holds_the_address_of_a_registry():
    assert holders(REGISTRIES) == []


def test_no_file_holds_a_path_of_a_machine():
    assert holders(MACHINE) == []


@pytest.mark.parametrize(
    "line",
    [
        "https://py" + "pi.org/project/x", "https://files.python" + "hosted.org/a", "--index" + "-url https://a.example",
        "registry" + "=https://a.example/npm", "https://a.example/root/" + "simple/",
    ],
)  # fmt: skip
def test_addresses_would_be_found(line):
    assert any(re.search(pattern, line, re.IGNORECASE) for pattern in REGISTRIES)


@pytest.mark.parametrize(
    "line", ["open('/" + "tmp/a')", "cd /" + "home/ani", "PATH=/" + "work/main", r"C:\Use" + r"rs\ani"]
)
def test_paths_would_be_found(line):
    assert any(re.search(pattern, line) for pattern in MACHINE)


def test_paths_that_every_machine_has_are_fine():
    assert not any(re.search(p, "/var/lib/lindung /usr/bin/env PATH=/usr/bin") for p in MACHINE)


def longest(name: str) -> int:
    return LONGEST_TEST if name.startswith("tests/") else LONGEST


def test_files_are_short():
    long = {
        name: lines
        for name, text in texts().items()
        if Path(name).suffix in SOURCE
        and not any(part in name for part in LONGER)
        and (lines := text.count("\n")) > longest(name)
    }
    assert long == {}


def test_exceptions_are_still_needed():
    names = texts()
    unused = [
        part
        for part in LONGER
        if not any(part in name and text.count("\n") > longest(name) for name, text in names.items())
    ]
    assert unused == []


def test_files_end_with_one_newline_and_hold_no_carriage_return():
    wrong = [
        name
        for name, text in texts().items()
        if Path(name).suffix in SOURCE | {".md", ".yaml", ".toml"}
        and text
        and (not text.endswith("\n") or text.endswith("\n\n") or "\r" in text)
    ]
    assert wrong == []


def test_no_source_file_is_empty_scaffolding():
    empty = [
        name for name, text in texts().items() if name.endswith(".py") and not text.strip()
        and not name.endswith("__init__.py")
    ]  # fmt: skip
    assert empty == []
