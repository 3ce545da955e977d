"""The look: contrasts of the tokens, no inline style or script, light pages, shapes of drawings and numbers."""

from __future__ import annotations

import gzip
import re
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from lindung.web import drawings, shown

WEB = Path(__file__).parents[2] / "src" / "lindung" / "web"
STATIC = Path(__file__).parents[2] / "generated" / "static"
CSS = (WEB / "static" / "lindung.css").read_text(encoding="utf-8")


def tokens(selector: str) -> dict[str, str]:
    block = CSS.split(selector, 1)[1].split("{", 1)[1].split("}", 1)[0]
    return {
        name: "#" + "".join(c * 2 for c in value) if len(value) == 3 else f"#{value}"
        for name, value in re.findall(r"--([\w-]+):#([0-9a-f]{3}|[0-9a-f]{6})\b", block)
    }


def contrast(one: str, other: str) -> float:
    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT = [
    ("ink", "surface"), ("ink", "bg"), ("ink-2", "surface"), ("ink-2", "surface-2"), ("ink-2", "bg"), ("ink-3", "surface-2"), ("on-nila", "nila"),
    ("link", "surface"), ("link", "nila-tint"), ("on-topbar", "topbar"), ("on-topbar-2", "topbar"), ("error", "error-tint"), ("error", "surface"),
    ("warn", "warn-tint"), ("warn", "surface"), ("info", "info-tint"), ("ok", "ok-tint"), ("ok", "surface"), ("c-on-light", "c1"), ("c-on-light", "c2"),
    ("c-on-dark", "c4"), ("c-on-dark", "c5"), ("surface", "p-city"), ("surface", "p-prov"), ("surface", "p-self"), ("surface", "p-employer"), ("surface", "p-donor"),
]  # fmt: skip
LINES = [
    ("line-strong", "surface"),
    ("fill-1", "surface"),
    ("fill-2", "surface"),
    ("focus", "surface"),
    ("focus", "bg"),
]


@pytest.mark.parametrize("theme", [":root,[data-bs-theme=light]", "[data-bs-theme=dark]"])
def test_contrasts(theme):
    colours = tokens(theme)
    assert [p for p in TEXT if contrast(colours[p[0]], colours[p[1]]) < 4.5] == []
    assert [p for p in LINES if contrast(colours[p[0]], colours[p[1]]) < 3] == []


def test_nothing_inline():
    for path in WEB.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son\w+=|hx-on|js:|javascript:", text), path
        assert not re.search(r"<script(?![^>]*\bsrc=)", text), path


def test_the_first_page_is_light(as_, city):
    page = as_("office").get("/").content
    files = [
        "bootstrap.min.css.gz",
        "lindung.css.gz",
        "htmx.min.js.gz",
        "lindung.js.gz",
        "theme.js.gz",
        "icons.svg.gz",
        "source-sans-3.woff2",
    ]
    total = len(gzip.compress(page)) + sum((STATIC / name).stat().st_size for name in files)
    assert total < 200_000
    assert (STATIC / "lindung.css.gz").stat().st_size < 12_000
    assert b"charts.js" not in page


def test_numbers_and_dates_as_indonesians_write_them(db):
    assert shown.rupiah(-50_400) == "−Rp50.400"
    assert shown.percent(Decimal("93.7")) == "93,7%"
    assert shown.day(date(2026, 11, 23)) == "23 November 2026"
    assert shown.nik("3674011503745021") == "3674 •••• •••• 5021"
    assert shown.kpj("25000012345") == "25 000 012 345"
    assert shown.days_left(date(2026, 11, 27), date(2026, 11, 23)) == "4 hari lagi"
    assert shown.programmes("JKK,JKM") == "JKK dan JKM"


@pytest.mark.parametrize(
    ("enrolled", "process", "target"),
    [(3702, 61, 3844), (0, 0, 10), (10, 0, 10), (12, 0, 10), (1, 1, 100_000), (99_999, 0, 100_000)],
)
def test_a_bar_fills_its_axis_and_hides_no_part(enrolled, process, target):
    parts = drawings.target_parts(enrolled, process, target)
    a, b = float(parts.enrolled), float(parts.process)
    assert 0 <= a + b <= 1000
    assert (a >= 16) == bool(enrolled)
    assert (b >= 16) == bool(process)
    if enrolled + process < target:
        assert a + b <= 984
    elif enrolled >= target:
        assert a == 1000


def test_a_timeline_shows_holes_with_their_length():
    span = drawings.Span
    lanes = [
        drawings.Lane(
            "Kota",
            "city",
            (span(date(2024, 1, 1), date(2024, 10, 31), "a"), span(date(2025, 1, 1), None, "b")),
        )
    ]
    drawn = drawings.timeline(lanes, date(2025, 6, 1), "{n} bulan")
    assert [hole[4] for hole in drawn.holes] == ["2 bulan"]
    assert len(drawn.years) == 2
    assert drawings.timeline([], date(2025, 1, 1), "") is None


def test_a_budget_falls_to_what_is_left():
    drawn = drawings.burn_down(1_200_000_000, [100_000_000] * 6, "JFMAMJJASOND")
    assert drawn.path.count("V") == 6
    assert drawn.unit == "miliar"


def test_tiles_have_five_tones():
    assert [drawings.tone(p) for p in (None, 50, 80, 88, 93, 99)] == ["v0", "v1", "v2", "v3", "v4", "v5"]


def test_english_and_indonesian_are_complete():
    import importlib.util

    spec = importlib.util.spec_from_file_location(
        "messages_tool", Path(__file__).parents[2] / "tools" / "messages.py"
    )
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert list(tool.problems(tool.SOURCE / "web")) == []


def test_every_day_of_a_year_has_words(db):
    day = date(2026, 1, 1)
    assert len({shown.day(day + timedelta(n)) for n in range(365)}) == 365
