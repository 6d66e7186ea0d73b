"""Sessions: work that is held at a fixed time of the week, or on one weekday, whenever cases get ready for it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine import zones
from procmine.kernels import DAY, NAT, Bools, Ints
from procmine.log import EventLog

LEAST_STEPS = 20
LEAST_DAYS = 5
TIME_SHARE = 10
"""A tenth of the steps at one time of the week are no coincidence."""
_MINUTE = 60_000_000
_WEEK = 7 * 1440
_THURSDAY = 3
"""1970-01-01 was one, and Monday is day 0."""


@dataclass(frozen=True, eq=False)
class Sessions:
    """One value per step of a session: its row, the number of the session, when it and the one before it began."""

    rows: Ints
    number: Ints
    begin: Ints
    before: Ints
    """NAT of the first session of its kind."""


def groups(log: EventLog) -> Ints:
    """Return a code for each activity and unit (steps without a unit have one of their own)."""
    if log.unit is None:
        return log.activity.codes.astype(np.int64)
    units = len(log.unit.labels) + 1
    return log.activity.codes.astype(np.int64) * units + (log.unit.codes + 1)


def sessions(log: EventLog) -> tuple[Sessions, Sessions]:
    """Return the sessions held at a time of the week, and those held on a weekday."""
    taken = log.first
    rows = np.flatnonzero(taken != NAT)
    group, taken = groups(log)[rows], taken[rows]
    local = zones.to_local(taken, log.tz)
    day = local // DAY
    held = _often(group, day)
    minute = (day + _THURSDAY) % 7 * 1440 + local % DAY // _MINUTE
    timed = held & (local % DAY != 0) & (log.precision != "day")
    by_time = _held_at_time(group, minute, day, timed)
    weekday = (day + _THURSDAY) % 7
    by_day = _held_on_weekday(group, weekday, held) & ~by_time
    kind = np.where(by_time, group * _WEEK + minute, group * 7 + weekday)
    return (
        _sessions(rows[by_time], kind[by_time], day[by_time], taken[by_time]),
        _sessions(rows[by_day], kind[by_day], day[by_day], taken[by_day]),
    )


def _often(group: Ints, day: Ints) -> Bools:
    """Tell which steps are of a group that has enough of them on enough days."""
    number, steps = _counted(group)
    return (steps >= LEAST_STEPS)[number] & (_days(number, day) >= LEAST_DAYS)[number]


def _held_at_time(group: Ints, minute: Ints, day: Ints, timed: Bools) -> Bools:
    """Tell which steps were taken up at a minute of the week at which a tenth of their group were.

    It must be that of half of the group's steps on this weekday, too.
    """
    held = np.zeros(len(group), dtype=np.bool_)
    chosen = np.flatnonzero(timed)
    of, size = _counted(group)
    of_day, size_of_day = _counted(group * 7 + minute // 1440)
    number, steps = _counted(group[chosen] * _WEEK + minute[chosen])
    many = (steps >= LEAST_STEPS)[number] & (TIME_SHARE * steps[number] >= size[of[chosen]])
    many &= 2 * steps[number] >= size_of_day[of_day[chosen]]
    chosen, number = chosen[many], number[many]
    held[chosen] = (_days(number, day[chosen]) >= LEAST_DAYS)[number]
    return held


def _held_on_weekday(group: Ints, weekday: Ints, often: Bools) -> Bools:
    """Tell which steps are of a weekday on which half of their group are, twice as many as of all others."""
    number, size = _counted(group)
    counts = np.bincount(number * 7 + weekday, minlength=len(size) * 7).reshape(-1, 7)
    n = size[:, None]
    others, other_steps = counts.sum(axis=0) - counts, len(group) - n
    held = (2 * counts >= n) & (counts * other_steps >= 2 * others * n)
    found: Bools = held[number, weekday] & often
    return found


def _sessions(rows: Ints, kind: Ints, day: Ints, taken: Ints) -> Sessions:
    """Number the sessions, each of one kind on one day, and tell when they began."""
    if not len(rows):
        return Sessions(rows, rows, rows, rows)
    order = np.lexsort((taken, day, kind))
    rows, kind, day, taken = rows[order], kind[order], day[order], taken[order]
    new = np.ones(len(rows), dtype=np.bool_)
    new[1:] = (kind[1:] != kind[:-1]) | (day[1:] != day[:-1])
    number = np.cumsum(new) - 1
    begin, of = taken[new], kind[new]
    before = np.full(len(begin), NAT)
    again = np.flatnonzero(of[1:] == of[:-1]) + 1
    before[again] = begin[again - 1]
    return Sessions(rows, number, begin[number], before[number])


def _counted(codes: Ints) -> tuple[Ints, Ints]:
    """Number codes densely, and count each."""
    _, number, counts = np.unique(codes, return_inverse=True, return_counts=True)
    return number, counts


def _days(number: Ints, day: Ints) -> Ints:
    """Count the different days of each number."""
    if not len(number):
        return number
    low = int(day.min())
    span = int(day.max()) - low + 1
    pairs = np.unique(number * span + (day - low))
    return np.bincount(pairs // span, minlength=int(number.max()) + 1)
