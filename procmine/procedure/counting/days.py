"""Counting: the last day of a length, and the day to which it rolls, over whole arrays of day numbers."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from procmine.calendars import Calendar
from procmine.kernels import Bools, Ints
from procmine.procedure.term import Counting, Length

_DAYS = {"day": 1, "week": 7, "month": 28, "working_day": 1}
"""The fewest days of a unit, for the minimum of working days."""
_MOST_DAYS = {"day": 1, "week": 7, "month": 31, "working_day": 3}
"""The most days of a unit, for how far a table of days must reach (with room for a long closure)."""
_ROOM = 400
_WEEKEND = 5
_NEVER = 10_000_000
"""A day beyond every calendar: a term that never ends on any day of the table has no known due date."""


@dataclass(frozen=True, eq=False)
class Days:
    """The days of a calendar as one counting regime sees them; days are numbers since 1970-01-01.

    Beyond the years of the calendar there are weekends only: whoever counts asks ``covers``.
    """

    counting: Counting
    first: int
    off: Bools
    """Whether a day is a holiday of the deadline calendar (or, with ``bridge``, one of the office)."""
    equated: Bools
    equated_known: Bools
    covered: tuple[int, int]

    @classmethod
    def of(
        cls, calendar: Calendar, counting: Counting, span: tuple[int, int], *, bridge: bool
    ) -> Days:
        """Return the days of a calendar in a span, the ends included."""
        first, last = span
        off, equated = (np.zeros(last - first + 1, dtype=np.bool_) for _ in range(2))
        known = np.ones(last - first + 1, dtype=np.bool_)
        low, high = max(first, calendar.first_day), min(last, calendar.last_day)
        if low <= high:
            table = calendar.day_table(low, high)
            inside = slice(low - first, high - first + 1)
            off[inside] = table.holiday | table.office_off if bridge else table.holiday
            equated[inside], known[inside] = table.equated, table.equated_known
        covered = (calendar.first_day, calendar.last_day)
        return cls(counting, first, off, equated, known, covered)

    @cached_property
    def weekday(self) -> npt.NDArray[np.int8]:
        """The day of the week, Monday is 0."""
        return ((np.arange(len(self.off)) + self.first + 3) % 7).astype(np.int8)

    @cached_property
    def _up_to(self) -> Ints:
        return np.cumsum((self.weekday < _WEEKEND) & ~self.off, dtype=np.int64)

    @cached_property
    def _working(self) -> Ints:
        return np.flatnonzero((self.weekday < _WEEKEND) & ~self.off) + self.first

    @cached_property
    def _rolled(self) -> Ints:
        """The first day from each day on that is not barred."""
        kinds = self.counting.roll_on
        barred = np.zeros(len(self.off), dtype=np.bool_)
        for kind, days in (
            ("sat", self.weekday == _WEEKEND),
            ("sun", self.weekday == _WEEKEND + 1),
            ("holiday", self.off),
            ("equated", self.equated),
        ):
            barred |= days if kind in kinds else False
        own = np.arange(len(barred), dtype=np.int64) + self.first
        free = np.where(barred, _NEVER, own)
        return np.minimum.accumulate(free[::-1])[::-1]

    def _place(self, days: Ints) -> Ints:
        return np.clip(days - self.first, 0, len(self.off) - 1)

    def covers(self, low: Ints, high: Ints) -> Bools:
        """Return whether the calendar has the years of both days."""
        return (low >= self.covered[0]) & (high <= self.covered[1])

    def list_known(self, days: Ints) -> Bools:
        """Return whether the list of equated days is known for the year of each day."""
        return np.asarray(self.equated_known[self._place(days)], dtype=np.bool_)

    def up_to(self, days: Ints) -> Ints:
        """Return W: the number of working days up to and including each day."""
        return self._up_to[self._place(days)]

    def nth(self, number: Ints) -> Ints:
        """Return the first day up to which there are so many working days."""
        days = np.append(self._working, _NEVER)
        return days[np.clip(number - 1, 0, len(self._working))]

    def roll(self, days: Ints) -> Ints:
        """Return the first day from each day on, on which a term may end."""
        return self._rolled[self._place(days)]

    def due(self, nominal: Ints, length: Length) -> Ints:
        """Return the due date of a nominal last day: rolled, unless the length is over the limit."""
        return nominal if self.over_limit(length) else self.roll(nominal)

    def over_limit(self, length: Length) -> bool:
        """Return whether a length is too long to be rolled or given a minimum of working days."""
        limits = self.counting.not_if_longer_than
        if limits is None:
            return False
        most = {"week": limits.weeks, "month": limits.months}.get(length.unit, limits.days)
        return most is not None and length.n > most

    def base(self, start: Ints, length: Length) -> Ints:
        """Return the last day of a length that begins on ``start``, before rolling."""
        early = 1 if self.counting.first_day_counts else 0
        late = 0 if self.counting.last_day_counts else 1
        if length.unit == "working_day":
            last = self.nth(self.up_to(start - early) + length.n + late)
        elif length.unit == "day":
            last = start + (length.n - early + late)
        else:
            last = self.later(start, length) - early
        minimum = self.counting.min_working_days
        if minimum is None or self.over_limit(length):
            return last
        if length.n * _DAYS[length.unit] < minimum.from_days:
            return last
        before = self.up_to(start)
        short = self.up_to(last) - before < minimum.at_least
        return np.where(short, self.nth(before + minimum.at_least), last)

    def later(self, days: Ints, length: Length) -> Ints:
        """Return the day a length later: as many days, or the same day of a later month, or so many working days."""
        if length.unit == "working_day":
            return self.nth(self.up_to(days) + length.n)
        if length.unit == "month":
            return months_later(days, length.n)
        return days + length.n * _DAYS[length.unit]


def months_later(days: Ints, months: int) -> Ints:
    """Return the same day of a later month, or the last day of that month where there is none.

    >>> months_later(np.array([20_119]), 1)  # 31 January 2025: 28 February
    array([20147])
    """
    dates = days.astype("datetime64[D]")
    month = dates.astype("datetime64[M]")
    in_month = days - month.astype("datetime64[D]").astype(np.int64)
    target = month + np.timedelta64(months, "M")
    begins = target.astype("datetime64[D]").astype(np.int64)
    last = (target + np.timedelta64(1, "M")).astype("datetime64[D]").astype(np.int64) - 1
    return np.asarray(np.minimum(begins + in_month, last), dtype=np.int64)


def reach(length: Length) -> int:
    """Return how many days after its start the due date of a length may lie at most."""
    return length.n * _MOST_DAYS[length.unit] + _ROOM
