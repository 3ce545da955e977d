"""Drawings made on the server: numbers in, coordinates out. Coordinates are text, so that no locale touches them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from lindung.base.month import Month

WIDTH = 1000
LEAST = 16  # a part that exists is never thinner than this


@dataclass(frozen=True)
class Parts:
    """The parts of a target bar on an axis of 1000: enrolled, then in process, then the gap."""

    enrolled: str
    process: str
    start: str
    end: str


def target_parts(enrolled: int, process: int, target: int) -> Parts:
    """Widths to scale; a part above zero is at least 1.6 % wide and the gap is kept visible."""
    whole = max(target, enrolled, 1)
    process = min(process, max(whole - enrolled, 0))
    a = _least(enrolled * WIDTH / whole, enrolled)
    b = _least(process * WIDTH / whole, process)
    gap = whole - enrolled - process
    room = WIDTH - (_least(gap * WIDTH / whole, gap) if gap else 0)
    if a + b > room:
        a = max(room - b, LEAST if enrolled else 0)
    return Parts(f"{a:.1f}", f"{b:.1f}", f"{a:.1f}", f"{a + b:.1f}")


def _least(width: float, value: int) -> float:
    return max(width, LEAST) if value else 0.0


@dataclass(frozen=True)
class Span:
    start: date
    end: date | None
    label: str


@dataclass(frozen=True)
class Lane:
    """One payer's periods; `kind` is city, prov, self, employer or donor."""

    name: str
    kind: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Bar:
    x: str
    y: str
    width: str
    kind: str
    label: str
    label_x: str
    label_y: str
    inside: bool
    before: bool


@dataclass(frozen=True)
class Timeline:
    height: int
    years: list[tuple[str, str, str]]
    names: list[tuple[str, str]]
    lines: list[str]
    bars: list[Bar]
    holes: list[tuple[str, str, int, int, str]]
    today: str
    bottom: int


LEFT, RIGHT, TOP, LANE = 150, 1076, 22, 36
KINDS = {"city": "pc", "prov": "pp", "self": "ps", "employer": "pe", "donor": "pd"}


def timeline(lanes: Sequence[Lane], today: date, hole: str) -> Timeline | None:
    """Months to scale, a lane per payer, holes between covered months with their length (`hole`: "{n} months")."""
    spans = [span for lane in lanes for span in lane.spans]
    if not spans:
        return None
    first = min(*(span.start for span in spans), today)
    last = max([today, *(span.end or today for span in spans), *(span.start for span in spans)])
    begin, years = date(first.year, 1, 1), last.year - first.year + 1
    days = (date(first.year + years, 1, 1) - begin).days

    def x(day: date) -> float:
        return LEFT + (day - begin).days * (RIGHT - LEFT) / days

    bars = []
    for at, lane in enumerate(lanes):
        y = TOP + 6 + at * LANE
        for span in lane.spans:
            start, end = x(span.start), x(span.end or last) + (RIGHT - LEFT) / days
            room = 6.6 * len(span.label) + 14
            inside, before = end - start > room, end + room > RIGHT
            place = start + 7 if inside else start - 6 if before else end + 6
            width = f"{max(end - start, 3):.1f}"
            bars.append(
                Bar(
                    f"{start:.1f}",
                    str(y),
                    width,
                    KINDS[lane.kind],
                    span.label,
                    f"{place:.1f}",
                    str(y + 18),
                    inside,
                    before and not inside,
                )
            )
    bottom = TOP + len(lanes) * LANE + 8
    holes = []
    for start_month, count in _holes(spans, today):
        left, right = x(start_month.first), x((start_month + count).first)
        holes.append((f"{left:.1f}", f"{right - left:.1f}", TOP, bottom - TOP, hole.format(n=count)))
    return Timeline(
        height=bottom + 36,
        years=[
            (f"{x(date(y, 1, 1)):.1f}", f"{x(date(y, 1, 1)) + 5:.1f}", str(y))
            for y in range(first.year, first.year + years)
        ],
        names=[(lane.name, str(TOP + 24 + at * LANE)) for at, lane in enumerate(lanes)],
        lines=[str(TOP + LANE * (at + 1)) for at in range(len(lanes))],
        bars=bars,
        holes=holes,
        today=f"{x(today):.1f}",
        bottom=bottom,
    )


def _holes(spans: Iterable[Span], today: date) -> list[tuple[Month, int]]:
    """(first month, how many) of every run of months without cover between the first cover and today."""
    covered: set[Month] = set()
    for span in spans:
        covered.update(Month.of(span.start).through(Month.of(span.end or today)))
    found: list[tuple[Month, int]] = []
    for month in min(covered).through(max(min(max(covered), Month.of(today)), min(covered))):
        if month in covered:
            continue
        if found and found[-1][0] + found[-1][1] == month:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((month, 1))
    return found


@dataclass(frozen=True)
class Steps:
    """A falling line of what is left of a budget, month by month, in billions or millions."""

    path: str
    rest: str
    grid: list[tuple[str, str]]
    months: list[tuple[str, str]]
    unit: str


def burn_down(amount: int, spent: Sequence[int], letters: Sequence[str]) -> Steps:
    """`spent` per month so far (rupiah); what is left after each, drawn as steps down from `amount`."""
    unit, per = ("miliar", 1_000_000_000) if amount >= 1_000_000_000 else ("juta", 1_000_000)
    top, bottom, left, right = 14, 92, 34, 394
    width = (right - left) / 12

    def y(value: float) -> float:
        return bottom - max(value, 0) / max(amount, 1) * (bottom - top)

    rest, points = amount, [f"M{left} {y(amount):.1f}"]
    for at, value in enumerate(spent):
        points.append(f"H{left + width * (at + 1):.1f}")
        rest -= value
        points.append(f"V{y(rest):.1f}")
    whole = amount / per
    steps = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000)
    step = next((s for s in steps if whole / s <= 4.5), max(int(whole) // 4, 1))
    grid = [(f"{y(n * step * per):.1f}", str(n * step)) for n in range(int(whole // step) + 1)]
    end = left + width * len(spent)
    dashed = f"M{end:.1f} {y(rest):.1f}H{right}" if len(spent) < 12 else ""
    return Steps(
        " ".join(points),
        dashed,
        grid,
        [(f"{left + width * (n + 0.5):.1f}", letter) for n, letter in enumerate(letters)],
        unit,
    )


def tone(percent: float | None) -> str:
    """The class of a tile: v1 below 80 %, then 80–87, 88–92, 93–96, 97–100; v0 where there is no target."""
    if percent is None:
        return "v0"
    return "v" + str(1 + sum(percent >= edge for edge in (80, 87.5, 92.5, 96.5)))


@dataclass(frozen=True)
class YearBars:
    """Stacked bars, one a year: (x, y, height, class) of each part, lines of the grid, names of the years."""

    parts: list[tuple[str, str, str, str]]
    width: str
    grid: list[tuple[str, str]]
    years: list[tuple[str, str]]


def year_bars(rows: Sequence[tuple[int, int, int]]) -> YearBars:
    """`rows`: (year, first amount, second amount) in rupiah; the axis is in millions, from 0."""
    top, bottom, left, right = 24, 168, 30, 594
    step = next(
        s for s in (1, 2, 5, 10, 20, 50, 10_000) if max(a + b for _, a, b in rows) / 1_000_000 / s <= 5
    )
    most = max(a + b for _, a, b in rows)
    lines = -(-most // (step * 1_000_000))
    per = (bottom - top) / max(lines * step * 1_000_000, 1)
    room = (right - left) / len(rows)
    width = min(room * 0.7, 40)
    parts = []
    for at, (_, one, other) in enumerate(rows):
        x, floor = left + room * (at + 0.5) - width / 2, float(bottom)
        for amount, kind in ((one, "k-a"), (other, "k-b")):
            if amount:
                floor -= amount * per
                parts.append((f"{x:.1f}", f"{floor:.1f}", f"{amount * per:.1f}", kind))
    grid = [(f"{bottom - n * step * 1_000_000 * per:.1f}", str(n * step)) for n in range(lines + 1)]
    every = 1 if len(rows) <= 12 else 2
    years = [
        (f"{left + room * (at + 0.5):.1f}", str(row[0])) for at, row in enumerate(rows) if at % every == 0
    ]
    return YearBars(parts, f"{width:.1f}", grid, years)
