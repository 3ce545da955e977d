"""How good the lists of each office are as they come: points, month by month. The rule stands in docs/quality.md."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from lindung.enrolment.models import Roster
from lindung.enrolment.queries import rosters_of
from lindung.registry.models import Scheme, User


@dataclass
class Score:
    """Of some files: `half_points` counts two for a person nothing is said of, one where something is to be looked at."""

    lists: int = 0
    refused: int = 0
    again: int = 0  # files that corrected an earlier one
    people: int = 0
    half_points: int = 0
    clean: int = 0  # people without errors as their file came
    people_now: int = 0
    clean_now: int = 0  # after all that was mended

    @property
    def points(self) -> Decimal | None:
        """0 to 100, one decimal, half up; None where nobody was in a file that could be read."""
        return _share(self.half_points, 2 * self.people)

    @property
    def first(self) -> Decimal | None:
        return _share(self.clean, self.people)

    @property
    def now(self) -> Decimal | None:
        return _share(self.clean_now, self.people_now)

    def add(self, roster: Roster) -> None:
        if roster.replaces_id:
            self.again += 1
        else:
            self.lists += 1
        if roster.state == "refused":
            self.refused += 1
        elif roster.first_clean >= 0 and not roster.replaces_id:
            self.people += roster.people
            self.clean += roster.first_clean
            self.half_points += 2 * roster.first_clean - roster.first_doubtful
        if roster.state in ("checked", "proposed"):
            self.people_now += roster.people
            self.clean_now += roster.clean


def _share(part: int, whole: int) -> Decimal | None:
    if not whole:
        return None
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)


@dataclass
class UnitQuality:
    """One office: all its files together, and by the month of the day of the list."""

    code: str
    name: str
    whole: Score = field(default_factory=Score)
    months: dict[date, Score] = field(default_factory=dict)


def quality_of(user: User, scheme: Scheme, words: str = "") -> list[UnitQuality]:
    """The offices within reach that sent anything, by name; those whose name holds `words`."""
    rows = rosters_of(user, scheme).exclude(state__in=["received", "checking"])
    if words:
        rows = rows.filter(sender__name__icontains=words)
    units: dict[str, UnitQuality] = {}
    for roster in rows:
        unit = units.setdefault(roster.sender.code, UnitQuality(roster.sender.code, roster.sender.name))
        unit.whole.add(roster)
        unit.months.setdefault(roster.on.replace(day=1), Score()).add(roster)
    return sorted(units.values(), key=lambda one: one.name.casefold())


def together(units: Iterable[UnitQuality]) -> dict[date, Score]:
    """All offices of a list by month, in order."""
    months: dict[date, Score] = {}
    for unit in units:
        for month, score in unit.months.items():
            whole = months.setdefault(month, Score())
            for name in whole.__dataclass_fields__:
                setattr(whole, name, getattr(whole, name) + getattr(score, name))
    return dict(sorted(months.items()))
