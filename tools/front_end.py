"""Make `generated/static/`: what the pages load, taken from the npm packages and our own files, each with its .gz.

Style sheets are taken as they are shipped; of the icons only those in use, as one sprite; of ECharts only what our
charts draw with.
"""

from __future__ import annotations

import gzip
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NPM = ROOT / "node_modules"
WEB = ROOT / "src" / "lindung" / "web"
OUT = ROOT / "generated" / "static"
TAKEN = {
    "bootstrap.min.css": "bootstrap/dist/css/bootstrap.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "source-sans-3.woff2": "@fontsource-variable/source-sans-3/files/source-sans-3-latin-wght-normal.woff2",
}
ICON = re.compile(r"""\bicon(?:=| )["']([a-z0-9-]+)["']""")


def icons() -> list[str]:
    """Every icon that a template or a part names: `{% icon "home" %}` or `icon="home"`."""
    found: set[str] = set()
    for path in (*WEB.rglob("*.html"), *WEB.rglob("*.py")):
        found.update(ICON.findall(path.read_text(encoding="utf-8")))
    return sorted(found)


def sprite(names: list[str]) -> str:
    symbols = []
    for name in names:
        path = NPM / "@tabler" / "icons" / "icons" / "outline" / f"{name}.svg"
        if not path.is_file():
            raise SystemExit(f"There is no icon called {name}.")
        inside = re.search(r"<svg[^>]*>(.*)</svg>", path.read_text(encoding="utf-8"), re.DOTALL)
        lines = [line.strip() for line in inside[1].splitlines()] if inside else []
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{"".join(lines)}</symbol>')
    return '<svg xmlns="http://www.w3.org/2000/svg">' + "".join(symbols) + "</svg>\n"


def charts(target: Path) -> None:
    subprocess.run(
        [
            shutil.which("node") or "node", str(NPM / "esbuild" / "bin" / "esbuild"), str(WEB / "scripts" / "charts.js"),
            "--bundle", "--minify", "--format=iife", "--target=es2020", "--legal-comments=none", "--log-level=warning",
            f"--outfile={target}",
        ],
        check=True,
        env={"PATH": "/usr/bin:/bin", "NODE_PATH": str(NPM)},
    )  # fmt: skip


def main() -> int:
    if not NPM.is_dir():
        print("node_modules is missing: run make setup", file=sys.stderr)
        return 1
    scratch = OUT.with_suffix(".new")
    shutil.rmtree(scratch, ignore_errors=True)
    scratch.mkdir(parents=True)
    for name, source in TAKEN.items():
        shutil.copyfile(NPM / source, scratch / name)
    for path in sorted((WEB / "static").iterdir()):
        shutil.copyfile(path, scratch / path.name)
    (scratch / "icons.svg").write_text(sprite(icons()), encoding="utf-8")
    charts(scratch / "charts.js")
    for path in sorted(scratch.iterdir()):
        if path.suffix != ".woff2":
            path.with_name(path.name + ".gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
    shutil.rmtree(OUT, ignore_errors=True)
    scratch.rename(OUT)
    (OUT.parent / "collected").mkdir(exist_ok=True)  # STATIC_ROOT: nothing is collected, everything is found
    return 0


if __name__ == "__main__":
    sys.exit(main())
