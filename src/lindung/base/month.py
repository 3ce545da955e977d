"""A calendar month as a type. In frames a month is a `pl.Date`: its first day."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from lindung.base.refused import Refused

_FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, order=True, slots=True)
class Month:
    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Month:
        """`YYYY-MM`. Raises Refused("month.unreadable")."""
        found = _FORM.fullmatch(text) if isinstance(text, str) else None
        if not found:
            raise Refused("month.unreadable", {"value": text})
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    @property
    def first(self) -> date:
        return date(self.year, self.number, 1)

    @property
    def last(self) -> date:
        return date(self.year, self.number, monthrange(self.year, self.number)[1])

    def __add__(self, months: int) -> Month:
        years, number = divmod(self.year * 12 + self.number - 1 + months, 12)
        return Month(years, number + 1)

    def __sub__(self, other: Month) -> int:
        return (self.year - other.year) * 12 + self.number - other.number

    def through(self, last: Month) -> Iterator[Month]:
        """This month and every one after it up to and including `last`."""
        return (self + n for n in range(last - self + 1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"


def plausible(day: date) -> date:
    """The day, unless somebody's finger slipped. Raises Refused("date.implausible") outside 2000–2100."""
    if not 2000 <= day.year <= 2100:
        raise Refused("date.implausible", {"day": day.isoformat()})
    return day


def add_months(day: date, months: int) -> date:
    """`day` so many calendar months later; a day that the month lacks becomes its last."""
    month = Month.of(day) + months
    return date(month.year, month.number, min(day.day, monthrange(month.year, month.number)[1]))
