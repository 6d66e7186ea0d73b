"""The clock of office hours: how much office time had passed at any instant, for whole arrays.

Office time is when the clock on the wall shows office hours. The instants at which the office opens and closes lie
on a regular grid (the greatest common divisor of their distances, often 30 minutes), so that what had passed is
found with one division and one look-up in a small table in place of a search.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from procmine.calendars.dates import first_day_of
from procmine.calendars.day_table import schedules, whole_table
from procmine.calendars.own_days import WORKING
from procmine.kernels import DAY, Bools, Ints
from procmine.zones import clock_changes, resolved

if TYPE_CHECKING:
    from procmine.calendars.calendar import Calendar
    from procmine.calendars.hours import Intervals

_MINUTE = 60_000_000
_MOST_CELLS = 1 << 22
"""A larger table (32 MB) would be slower than a search."""
_CHUNK = 1 << 14


@dataclass(frozen=True, eq=False)
class Clock:
    """Office time passed since ``begin``: per cell of a grid, twice what had passed at its begin, plus 1 where open."""

    begin: int
    cell: int
    packed: Ints
    opens: Ints
    closes: Ints
    passed: Ints

    def between(self, start: Ints, end: Ints) -> Ints:
        """Return the office time from each start to its end, both within the clock."""
        time = np.empty(len(start), dtype=np.int64)
        for low in range(0, len(start), _CHUNK):
            part = slice(low, low + _CHUNK)
            np.subtract(self._at(end[part]), self._at(start[part]), out=time[part])
        return time

    def _at(self, instants: Ints) -> Ints:
        if not len(self.packed):
            return self._searched(instants)
        since = instants - self.begin
        cells = since // self.cell
        found = self.packed[cells]
        cells *= self.cell
        since -= cells
        since *= found & 1
        since += found >> 1
        return since

    def _searched(self, instants: Ints) -> Ints:
        """Find the last opening before each instant: where the grid is too fine for a table."""
        place = np.searchsorted(self.opens, instants, side="right") - 1
        last = np.maximum(place, 0)
        inside = np.minimum(instants, self.closes[last]) - self.opens[last]
        return np.where(place < 0, 0, self.passed[last] + inside)


@lru_cache(maxsize=8)
def clock_of(calendar: Calendar, first_year: int, last_year: int) -> Clock:
    """Return the clock of a calendar from the begin of one local year to the end of another."""
    first, last = first_day_of(first_year), first_day_of(last_year + 1)
    bounds = np.array([first, last]) * DAY
    begin, finish = (int(instant) for instant in resolved(bounds, calendar.tz).instants)
    opens, closes = _instants(*_local_hours(calendar, first, last - 1), calendar.tz)
    opens, closes = np.clip(opens, begin, finish), np.clip(closes, begin, finish)
    passed = np.concatenate([[0], np.cumsum(closes - opens)]).astype(np.int64)
    edges = np.concatenate([opens, closes, [finish]]) - begin
    cell = int(np.gcd.reduce(edges))
    cells = (finish - begin) // cell
    packed = _packed(opens - begin, closes - begin, cell, cells) if cells <= _MOST_CELLS else None
    none = np.zeros(0, dtype=np.int64)
    return Clock(begin, cell, none if packed is None else packed, opens, closes, passed[:-1])


def _packed(opens: Ints, closes: Ints, cell: int, cells: int) -> Ints:
    change = np.bincount(opens // cell, minlength=cells + 1)
    change -= np.bincount(closes // cell, minlength=cells + 1)
    is_open = np.cumsum(change)
    passed = np.cumsum(is_open) - is_open
    return np.asarray(passed * (2 * cell) + is_open, dtype=np.int64)


def _local_hours(calendar: Calendar, first_day: int, last_day: int) -> tuple[Ints, Ints]:
    """Return begin and end of all office hours between two days, in order, in local microseconds."""
    table = whole_table(calendar).between(first_day, last_day)
    days = np.arange(first_day, last_day + 1)
    schedule = schedules(calendar, days)
    own = {d.day: calendar.hours_on(d.day) for d in calendar.days if d.kind == WORKING}
    by_week = table.office_open & ~np.isin(days, list(own))
    parts = [
        _on(np.array([day]), hours) for day, hours in own.items() if first_day <= day <= last_day
    ]
    for number, hours in enumerate(calendar.hours):
        for weekday, intervals in enumerate(hours.week):
            chosen: Bools = by_week & (schedule == number) & (table.weekday == weekday)
            parts.append(_on(days[chosen], intervals))
    begins, ends = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    order = np.argsort(begins)
    return begins[order], ends[order]


def _on(days: Ints, intervals: Intervals) -> tuple[Ints, Ints]:
    minutes = np.array(intervals, dtype=np.int64).reshape(-1, 2) * _MINUTE
    times = days[:, None, None] * DAY + minutes[None, :, :]
    return times[:, :, 0].ravel(), times[:, :, 1].ravel()


def _instants(begins: Ints, ends: Ints, tz: str) -> tuple[Ints, Ints]:
    """Turn local hours into instants: between two clock changes a zone is a shift, and hours are cut at changes.

    So hours that a change skips are not worked, and those that occur twice are worked twice.
    """
    if not len(begins):
        return begins, ends
    changes, offsets = clock_changes(tz, int(begins[0]) - 2 * DAY, int(ends[-1]) + 2 * DAY)
    span = np.array([int(begins[0]) - 2 * DAY]), np.array([int(ends[-1]) + 2 * DAY])
    low = np.concatenate([span[0], changes]) + offsets
    high = np.concatenate([changes, span[1]]) + offsets
    first = np.searchsorted(ends, low, side="right")
    count = np.maximum(np.searchsorted(begins, high, side="left") - first, 0)
    stretch = np.repeat(np.arange(len(low)), count)
    place = np.arange(len(stretch)) + np.repeat(first - (np.cumsum(count) - count), count)
    opens = np.maximum(begins[place], low[stretch]) - offsets[stretch]
    closes = np.minimum(ends[place], high[stretch]) - offsets[stretch]
    return opens, closes
