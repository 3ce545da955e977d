"""What the documents tell people to type exists: commands with their options, targets of make, files, links."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from django.urls import Resolver404
from django.urls import resolve as resolve_page

from lindung.cli import cli

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"))
    if path.is_file()
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:lindung|make) [^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")


def typed(text: str) -> list[list[str]]:
    """Every command that a document shows, in words: lines of its blocks, and code within sentences."""
    lines = [line for _, block in FENCE.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    lines += INLINE.findall(text)
    found = []
    for line in lines:
        for part in re.split(r"\s(?:\||&&|;)\s", line):
            try:
                words = shlex.split(part.removeprefix("$ "), comments=True)
            except ValueError:
                continue
            while words and re.fullmatch(r"[A-Z_]+=\S*", words[0]):
                words = words[1:]
            if words and words[0] in ("lindung", ".venv/bin/lindung", "make"):
                found.append(words)
    return found


def resolve(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that `words` name, and what is left for it."""
    command: click.Command = cli
    rest = words[1:]
    while rest and rest[0] == "--lang":
        rest = rest[2:]
    while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
        if re.fullmatch(r"[A-Z…]+", rest[0]):
            break
        inner = command.get_command(click.Context(command), rest[0])
        assert inner is not None, f"there is no `{' '.join(words)}`"
        command, rest = inner, rest[1:]
    return command, rest


@pytest.mark.parametrize("document", DOCUMENTS)
def test_commands_exist_with_their_options(document):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for words in typed((ROOT / document).read_text(encoding="utf-8")):
        if words[0] == "make":
            assert set(words[1:]) <= targets, f"`{' '.join(words)}`"
            continue
        command, rest = resolve(words)
        known = {option for parameter in command.params for option in parameter.opts} | {
            "--help",
            "-h",
            "--version",
        }
        asked = {word.split("=")[0] for word in rest if word.startswith("--")}
        assert asked <= known, f"`{' '.join(words)}`"


def test_every_command_of_the_documents_explains_itself():
    shown = {
        tuple(words)
        for document in DOCUMENTS
        for words in typed((ROOT / document).read_text(encoding="utf-8"))
    }
    commands = {
        id(found): found for words in shown if words[0] != "make" for found, _ in [resolve(list(words))]
    }
    assert commands
    for command in commands.values():
        result = CliRunner().invoke(command, ["--help"])
        assert result.exit_code == 0, command.name
        assert "Usage:" in result.output


@pytest.mark.parametrize("document", DOCUMENTS)
def test_links_lead_somewhere(document):
    path = ROOT / document
    targets = [target.split("#")[0] for target in LINK.findall(path.read_text(encoding="utf-8"))]
    assert [t for t in targets if t.startswith("/") and not is_page(t)] == []
    files = [target for target in targets if "://" not in target and not target.startswith("/")]
    assert [target for target in files if not (path.parent / target).resolve().exists()] == []


def is_page(address: str) -> bool:
    """Whether the pages have this address: the guide is shown by them and links to them."""
    try:
        resolve_page(address)
    except Resolver404:
        return False
    return True


@pytest.mark.parametrize("document", DOCUMENTS)
def test_files_that_are_named_exist(document):
    text = (ROOT / document).read_text(encoding="utf-8")
    named = re.findall(r"`((?:src/lindung|tests|tools|docs|benchmarks)/[\w./-]+)`", text)
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_a_command_that_does_not_exist_would_be_found():
    with pytest.raises(AssertionError, match="there is no"):
        resolve(["lindung", "roster", "guess"])


def test_commands_are_found_in_blocks_and_sentences():
    text = "Say `lindung db status`.\n\n```sh\nDATABASE_URL=x lindung serve --port 9   # now\nmake test\nls\n```\n"
    assert typed(text) == [["lindung", "serve", "--port", "9"], ["make", "test"], ["lindung", "db", "status"]]
