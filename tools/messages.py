"""The two languages: `update` the catalogues from the source, `compile` them, `check` that none is missing.

English source strings stand in Python (`N_`, `_`, `gettext`, `ngettext` …), in the help of commands and in Django
templates; each room has one Indonesian catalogue, `src/lindung/<room>/locale/id/LC_MESSAGES/django.po`.
"""

from __future__ import annotations

import ast
import inspect
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

SOURCE = Path(__file__).parents[1] / "src" / "lindung"
KEYWORDS = {
    "N_": None, "_": None, "gettext": None, "gettext_lazy": None, "gettext_noop": None,
    "ngettext": (1, 2), "ngettext_lazy": (1, 2), "pgettext": ((1, "c"), 2),
}  # fmt: skip


def rooms() -> Iterator[Path]:
    return (p for p in sorted(SOURCE.iterdir()) if (p / "__init__.py").is_file())


def catalogue_path(room: Path) -> Path:
    return room / "locale" / "id" / "LC_MESSAGES" / "django.po"


def extracted(room: Path) -> Catalog:
    catalogue = Catalog(fuzzy=False)
    for path in sorted(room.rglob("*")):
        if path.suffix == ".py":
            text = path.read_text(encoding="utf-8")
            for message in helps(text) if room.name == "cli" else ():
                add(catalogue, "N_", message, str(path.relative_to(SOURCE)))
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            from django.conf import settings

            if not settings.configured:
                settings.configure(USE_I18N=False)
            from django.utils.translation.template import templatize

            text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
        else:
            continue
        stream = io.BytesIO(text.encode())
        for _line, function, message, _comments in extract_python(stream, list(KEYWORDS), [], {}):
            add(catalogue, function, message, str(path.relative_to(SOURCE)))
    return catalogue


def helps(text: str) -> Iterator[str]:
    """What `--help` shows of a module of commands: each `help="…"`, and the docstrings of its commands."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call):
            for word in node.keywords:
                if word.arg == "help" and isinstance(word.value, ast.Constant):
                    yield str(word.value.value)
        elif isinstance(node, ast.FunctionDef):
            made = [ast.unparse(decorator) for decorator in node.decorator_list]
            if any(".command" in one or ".group" in one for one in made):
                yield inspect.cleandoc(ast.get_docstring(node) or "")


def add(catalogue: Catalog, function: str, message: object, where: str) -> None:
    parts = message if isinstance(message, tuple) else (message,)
    if not parts or not parts[0]:
        return
    if function.startswith("n"):
        catalogue.add((parts[0], parts[1]), locations=[(where, 0)])
    elif function == "pgettext":
        catalogue.add(parts[1], context=parts[0], locations=[(where, 0)])
    else:
        catalogue.add(parts[0], locations=[(where, 0)])


def stored(room: Path) -> Catalog:
    path = catalogue_path(room)
    if not path.is_file():
        return Catalog(locale="id", fuzzy=False)
    with path.open("rb") as stream:
        return read_po(stream, locale="id")


def update(room: Path) -> None:
    found, kept = extracted(room), stored(room)
    if not len(found) and not len(kept):
        return
    merged = Catalog(locale="id", fuzzy=False, project="Lindung", charset="utf-8", header_comment="# Lindung")
    for message in found:
        if message.id:
            old = kept.get(message.id, message.context)
            merged.add(
                message.id,
                string=old.string if old else "",
                context=message.context,
                locations=message.locations,
            )
    path = catalogue_path(room)
    path.parent.mkdir(parents=True, exist_ok=True)
    body = io.BytesIO()
    write_po(body, merged, omit_header=False, sort_output=True, no_location=True, width=110)
    lines = [
        line
        for line in body.getvalue().decode().splitlines()
        if "-Date: " not in line and "Translator: " not in line
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def compile_(room: Path) -> None:
    path = catalogue_path(room)
    if path.is_file():
        with path.with_suffix(".mo").open("wb") as stream:
            write_mo(stream, stored(room))


def problems(room: Path) -> Iterator[str]:
    found, kept = extracted(room), stored(room)
    ids = {(m.id if isinstance(m.id, str) else m.id[0], m.context) for m in found if m.id}
    for message in found:
        if not message.id:
            continue
        old = kept.get(message.id, message.context)
        text = message.id if isinstance(message.id, str) else message.id[0]
        if old is None or not (old.string if isinstance(old.string, str) else old.string and old.string[0]):
            yield f"{room.name}: no Indonesian for {text!r}"
        elif old.fuzzy:
            yield f"{room.name}: uncertain Indonesian for {text!r}"
    for message in kept:
        if (
            message.id
            and (message.id if isinstance(message.id, str) else message.id[0], message.context) not in ids
        ):
            yield f"{room.name}: no longer used: {message.id!r}"


def main(verb: str, only: list[str]) -> int:
    wrong: list[str] = []
    for room in rooms():
        if only and room.name not in only:
            continue
        if verb == "update":
            update(room)
        elif verb == "compile":
            compile_(room)
        elif verb == "check":
            wrong += problems(room)
        else:
            print("usage: messages.py update|compile|check [ROOM…]", file=sys.stderr)
            return 2
    print("\n".join(wrong), end="\n" if wrong else "")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else "", sys.argv[2:]))
