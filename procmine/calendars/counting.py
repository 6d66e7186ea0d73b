"""Counting days: the n-th working day, working days between two days, and the day on which a term ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from procmine.calendars.day_table import DayTable, whole_table
from procmine.calendars.own_days import DEADLINE, OFFICE
from procmine.calendars.weekdays import WEEKDAYS
from procmine.errors import CalendarError, did_you_mean
from procmine.kernels import NAT, Bools, Ints

if TYPE_CHECKING:
    from procmine.calendars.calendar import Calendar

_SATURDAY = 5
_FLAGS = ("holiday", "equated")


@dataclass(frozen=True, eq=False)
class Counted:
    """The working days of a calendar in one role: which they are, and how many lie before each day."""

    first: int
    working: Bools
    positions: Ints
    before: Ints

    def until(self, days: Ints) -> Ints:
        """Return how many working days there are up to and including each day."""
        return np.asarray(self.before[days - self.first + 1])

    def nth(self, days: Ints, n: Ints) -> Ints:
        """Return the n-th working day after each day (before it where n is negative); NAT where none is known."""
        ahead = self.until(days) + n - 1
        back = self.before[days - self.first] + n
        place = np.where(n > 0, ahead, back)
        known = (place >= 0) & (place < len(self.positions))
        found = np.full(len(days), NAT)
        found[known] = self.positions[place[known]] + self.first
        return np.where(n == 0, days, found)


@lru_cache(maxsize=32)
def counted(calendar: Calendar, role: str) -> Counted:
    """Return the working days of a calendar: by the law of terms, or those on which the office works."""
    working = working_flags(whole_table(calendar), role)
    before = np.concatenate([[0], np.cumsum(working)]).astype(np.int64)
    return Counted(calendar.first_day, working, np.flatnonzero(working), before)


def working_flags(table: DayTable, role: str) -> Bools:
    """Tell which days are working days: Monday to Friday without holidays, or days with office hours."""
    if role == DEADLINE:
        return np.asarray((table.weekday < _SATURDAY) & ~table.holiday)
    return table.office_open


@lru_cache(maxsize=32)
def next_free(calendar: Calendar, on: tuple[str, ...]) -> Ints:
    """Return, per day, the position of the first day from it on that is none of ``on``; the end where none is known."""
    table = whole_table(calendar)
    held = np.zeros(len(table), dtype=np.bool_)
    for name in on:
        held |= getattr(table, name) if name in _FLAGS else table.weekday == WEEKDAYS.index(name)
    place = np.where(held, len(table), np.arange(len(table)))
    return np.asarray(np.minimum.accumulate(place[::-1])[::-1])


def checked_role(role: str) -> str:
    """Return the role of a question: deadline or office, never both."""
    if role in (DEADLINE, OFFICE):
        return role
    raise CalendarError(
        f"role={role!r} is neither 'deadline' nor 'office'\n"
        "'deadline' asks the law of terms, 'office' when the office works"
    )


def checked_on(on: Sequence[str]) -> tuple[str, ...]:
    """Return what a term rolls on: weekdays, holiday, equated."""
    names = (on,) if isinstance(on, str) else tuple(on)
    choices = (*WEEKDAYS, *_FLAGS)
    for name in names:
        if name not in choices:
            raise CalendarError(
                f"on= {name!r} is none of {', '.join(choices)}{did_you_mean(str(name), choices)}"
            )
    return names
