"""The help of every command in the language that `--lang` asks for; Click's own words too."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib import import_module

import click

from lindung.base import messages
from lindung.base.messages import N_

# what Click says itself, looked up in our catalogue; "Usage:" stays as every manual has it
_CLICK_SAYS = (
    N_("Commands"), N_("Options"), N_("Show this message and exit."), N_("Show the version and exit."), N_("default: {default}"),
    N_("required"), N_("Error: {message}"), N_("Try '{command} {option}' for help."), N_("No such command {name!r}."),
    N_("No such option {name!r}."), N_("Missing command."), N_("Missing argument"), N_("Missing option"),
    N_("Missing parameter"), N_("Invalid value for {param_hint}: {message}"), N_("Invalid value: {message}"),
    N_("{value!r} is not a valid {number_type}."), N_("{name} {filename!r} does not exist."), N_("file"), N_("directory"),
    N_("path"), N_("env var: {var}"),
)  # fmt: skip


def speak_click() -> None:
    """Click asks its `_` for each of its words; it is ours from now on."""
    known = frozenset(_CLICK_SAYS)
    ours: Callable[[str], str] = lambda text: messages.translate(text) if text in known else text  # noqa: E731
    for module in ("core", "exceptions", "decorators", "types"):
        vars(import_module(f"click.{module}"))["_"] = ours


def speaking(command: click.Command) -> click.Command:
    """`command` and all below it, their English help replaced by what the language says. May be called again."""
    command.help = _in_language(command, "help", command.help)
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            parameter.help = _in_language(parameter, "help", parameter.help)
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            speaking(inner)
    return command


def _in_language(thing: object, name: str, text: str | None) -> str | None:
    """The English source is kept beside, for another language later."""
    source = thing.__dict__.setdefault(f"english_{name}", inspect.cleandoc(text) if text else text)
    return messages.translate(source) if source else source
