"""The licences of everything Lindung runs with, from the metadata of the installed wheels and the npm lock file.

tools/licences.py            print the list
tools/licences.py --write    write it into NOTICE
tools/licences.py --check    exit status 1 when one is not allowed, or is not listed in NOTICE
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
NOTICE = ROOT / "NOTICE"
MARK = "Run-time packages and their licences"

ALLOWED = {
    "MIT", "MIT-0", "MIT-CMU", "0BSD", "BSD-0-Clause", "BSD-2-Clause", "BSD-3-Clause", "BSD", "Apache-2.0", "PSF-2.0",
    "PostgreSQL", "MPL-2.0", "LGPL-3.0-only", "LGPL-3.0-or-later",  # LGPL: unmodified, as its own wheel
    "Zlib", "CC0-1.0",  # small parts inside numpy
    "OFL-1.1",  # the font
}  # fmt: skip
SAID_AS = {  # what wheels without a licence expression say → its identifier
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
}


@dataclass(frozen=True, order=True)
class Package:
    name: str
    licence: str

    @property
    def allowed(self) -> bool:
        """An OR needs one allowed side, an AND all of them; an unknown word is not allowed."""
        choices = re.split(r"\s+OR\s+", self.licence.replace("(", "").replace(")", ""))
        return any(all(part in ALLOWED for part in re.split(r"\s+AND\s+", choice)) for choice in choices)


def licence_of(wheel: metadata.Distribution) -> str:
    said = wheel.metadata
    if expression := said.get("License-Expression"):
        return expression
    text = (said.get("License") or "").strip()
    if text in ALLOWED:
        return text
    for classifier in said.get_all("Classifier") or []:
        if classifier.startswith("License :: ") and (known := SAID_AS.get(classifier.split(" :: ")[-1])):
            return known
    return SAID_AS.get(text, text.splitlines()[0] if text else "unknown")


def wheels() -> Iterator[Package]:
    """What `lindung` needs to run, and what that needs, on this machine; without the extras for development."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    waiting, seen = [Requirement(line) for line in project["dependencies"]], set()
    while waiting:
        asked = waiting.pop()
        key = (canonicalize_name(asked.name), frozenset(asked.extras))
        if key in seen:
            continue
        seen.add(key)
        wheel = metadata.distribution(asked.name)
        yield Package(canonicalize_name(asked.name), licence_of(wheel))
        for line in wheel.requires or []:
            needed = Requirement(line)
            if not needed.marker or any(
                needed.marker.evaluate({"extra": extra}) for extra in asked.extras or {""}
            ):
                waiting.append(needed)


def front_end() -> Iterator[Package]:
    """What the pages load, by the lock file: without what only builds or tests them."""
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    for path, entry in lock["packages"].items():
        if path and not entry.get("dev"):
            yield Package(path.removeprefix("node_modules/"), entry["license"])


def packages() -> list[Package]:
    return sorted({*wheels(), *front_end()})


def section(found: list[Package]) -> str:
    width = max(len(package.name) for package in found)
    return "\n".join([MARK, "-" * len(MARK), "", *(f"{p.name:<{width}}  {p.licence}" for p in found), ""])


def write(found: list[Package]) -> None:
    head = NOTICE.read_text(encoding="utf-8").split(MARK)[0].rstrip("\n")
    NOTICE.write_text(f"{head}\n\n{section(found)}", encoding="utf-8")


def problems(found: list[Package]) -> list[str]:
    listed = {tuple(line.split(maxsplit=1)) for line in NOTICE.read_text(encoding="utf-8").splitlines()}
    return [f"{p.name}: {p.licence} is not allowed" for p in found if not p.allowed] + [
        f"{p.name}: {p.licence} is not listed in NOTICE; run tools/licences.py --write"
        for p in found
        if (p.name, p.licence) not in listed
    ]


def main(arguments: list[str]) -> int:
    found = packages()
    if arguments == ["--write"]:
        write(found)
    elif arguments == ["--check"]:
        wrong = problems(found)
        print("\n".join(wrong), end="\n" if wrong else "")
        return 1 if wrong else 0
    elif not arguments:
        print(section(found), end="")
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
