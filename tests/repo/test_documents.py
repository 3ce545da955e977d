"""What there is, is documented: commands, environment variables, decisions, terms."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from lindung.cli import cli

ROOT = Path(__file__).resolve().parents[2]
READ = re.compile(
    r"""(?:environ(?:\.get|\.setdefault|\.pop)?|getenv|_flag)\s*[(\[]\s*["']([A-Z][A-Z0-9_]+)["']"""
    r"""|\benvvar=["']([A-Z][A-Z0-9_]+)["']"""
)
NOT_OURS = {  # set for others or given by the machine, nothing that a city chooses
    "PATH", "PYTHONPATH", "DJANGO_SETTINGS_MODULE", "DJANGO_ALLOW_ASYNC_UNSAFE",
}  # fmt: skip


def commands(group: click.Group = cli, before: str = "lindung") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if isinstance(command, click.Group):
            yield from commands(command, f"{before} {name}")
        else:
            yield f"{before} {name}", command


@pytest.mark.parametrize("readme", ["README.md", "README.id.md"])
def test_every_command_is_in_the_readme(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    assert [name for name, _ in commands() if not re.search(rf"`{name}[ `]", text)] == []


def test_every_command_says_what_it_is_for():
    assert [name for name, command in commands() if not (command.help or "").strip()] == []


def environment_variables() -> dict[str, str]:
    """Each variable that our code reads → a file that reads it. A benchmark documents its own."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "src", "tests", "tools", "manage.py"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a checkout")
    names = listed.stdout.decode().split("\0")
    places = [path for name in names if name.endswith(".py") and (path := ROOT / name).is_file()]
    found = {}
    for path in places:
        for hit in READ.finditer(path.read_text(encoding="utf-8")):
            found.setdefault(hit[1] or hit[2], path.relative_to(ROOT).as_posix())
    return {name: path for name, path in found.items() if name not in NOT_OURS}


def told() -> set[str]:
    text = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    return set(re.findall(r"^\| `([A-Z][A-Z0-9_]+)`", text, re.MULTILINE))


def test_every_environment_variable_is_documented():
    assert {name: path for name, path in environment_variables().items() if name not in told()} == {}


def test_no_documented_variable_is_without_effect():
    assert told() - set(environment_variables()) == set()


def test_decisions_are_numbered_without_a_gap_and_listed():
    folder = ROOT / "docs" / "decisions"
    files = sorted(path for path in folder.glob("*.md") if path.name != "README.md")
    assert [path.name[:4] for path in files] == [f"{n:04d}" for n in range(1, len(files) + 1)]
    listed = (folder / "README.md").read_text(encoding="utf-8")
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} · "), path.name
        assert "**Status:**" in text, path.name
        assert "## Situation" in text, path.name
        assert "## Decision" in text, path.name
        assert "## What we gave up" in text, path.name
        assert f"({path.name})" in listed, path.name
        assert len(text.split()) < 650, path.name


def test_the_changelog_names_the_version_of_the_project():
    version = re.search(r'^version = "(.+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.M)[1]
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_architecture_names_every_room():
    rooms = {path.parent.name for path in (ROOT / "src" / "lindung").glob("*/__init__.py")}
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    assert {room for room in rooms if f"`{room}`" not in text} == set()


def test_the_order_of_imports_covers_every_room():
    rooms = {path.parent.name for path in (ROOT / "src" / "lindung").glob("*/__init__.py")}
    contract = (ROOT / "pyproject.toml").read_text(encoding="utf-8").split("layers = [")[1].split("]")[0]
    assert rooms - set(re.findall(r"lindung\.(\w+)", contract)) == set()
