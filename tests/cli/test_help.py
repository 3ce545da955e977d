"""`--help` speaks Indonesian, and English when asked; so do the words of Click itself."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from lindung.cli import COMMANDS, cli


def helped(*words: str) -> str:
    done = CliRunner().invoke(cli, [*words, "--help"], terminal_width=200)
    assert done.exit_code == 0
    return done.output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_in_both_languages(command):
    indonesian, english = helped(command), helped("--lang", "en", command)
    assert indonesian != english
    assert helped(command) == indonesian
    found = cli.get_command(click.Context(cli), command)
    assert found is not None
    assert found.__dict__["english_help"].partition("\n")[0] in english


def below(group, context):
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        yield name, found
        if isinstance(found, click.Group):
            yield from below(found, context)


def test_no_command_is_left_in_english():
    left = [name for name, found in below(cli, click.Context(cli)) if "english_help" not in found.__dict__]
    assert left == []


def test_options_and_the_list_of_commands_follow_the_language():
    assert "Hari libur, satu tanggal per baris." in helped("law", "benefit")
    assert "Holidays, one date a line." in helped("--lang", "en", "law", "benefit")
    assert "Manfaat yang menjadi hak" in helped("law", "benefit")
    assert "Iuran, manfaat, dan parameter hukum nasional" in helped()
    assert "Contributions, benefits and parameters of the national law" in helped("--lang", "en")


@pytest.mark.parametrize(
    ("words", "said"), [((), "Tidak ada perintah 'nix'."), (("--lang", "en"), "No such command 'nix'.")]
)
def test_a_wrong_call_is_told_in_the_language(words, said):
    code = "from lindung.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, *words, "nix"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert said in done.stderr


def test_every_option_of_a_benefit_says_what_it_is():
    found = cli.get_command(click.Context(cli), "law")
    assert isinstance(found, click.Group)
    for option in found.commands["benefit"].params:
        assert not isinstance(option, click.Option) or option.help, option.name
