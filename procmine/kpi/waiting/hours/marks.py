"""Marks: in which quarters of an hour of which days each resource, unit and everybody is seen at work."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from procmine.kernels import DAY, NAT, Bools, Codes, Ints, lexicographic_order, run_starts
from procmine.kpi.waiting.hours.who import Whos
from procmine.log import EventLog
from procmine.zones import to_local

QUARTERS = 96
"""Quarters of an hour in a day."""
QUARTER = DAY // QUARTERS
_HALF = 48
_BLOCK = 1 << 15

Bits = npt.NDArray[np.uint64]
"""Quarters of half a day as the bits of a number, the first quarter the lowest."""


@dataclass(frozen=True, eq=False)
class Marks:
    """One row per who and local day with a mark, in order of who, weekday and day.

    ``day`` counts from 1970-01-01; ``morning`` and ``evening`` hold the quarters marked, none where
    the day is known only; ``steps`` is how many steps mark the day.
    """

    whos: Whos
    who: Ints
    day: Ints
    morning: Bits
    evening: Bits
    steps: Ints

    @cached_property
    def cell(self) -> Ints:
        """Who and weekday of every row as one code: seven a who, Monday first."""
        return self.who * 7 + weekday(self.day)

    @cached_property
    def timed(self) -> Bools:
        """Which days tell the weekly hours: those with a quarter marked, all in a log to the day."""
        hours = (self.morning | self.evening) != 0
        return np.asarray(hours if hours.any() else ~hours)

    @cached_property
    def days(self) -> Ints:
        """On how many days that tell the hours each who has a mark: an array of (who, weekday)."""
        cells = self.cell[self.timed]
        return np.bincount(cells, minlength=len(self.whos) * 7).reshape(-1, 7)

    @cached_property
    def span(self) -> tuple[Ints, Ints]:
        """The first and the last day on which each who has a mark; 0 and -1 without one."""
        first = np.full(len(self.whos), np.iinfo(np.int64).max)
        last = np.full(len(self.whos), -1)
        starts = run_starts(self.cell)
        who = self.who[starts]
        ends = np.append(starts[1:], len(self.day)) - 1
        np.minimum.at(first, who, self.day[starts])
        np.maximum.at(last, who, self.day[ends[: len(starts)]])
        return np.where(last < 0, 0, first), last

    def of_who(self, who: int) -> slice:
        """Return the rows of one who."""
        low, high = np.searchsorted(self.who, [who, who + 1])
        return slice(int(low), int(high))

    def quarters(self, first: int, last: int) -> Codes:
        """Return on how many days each quarter is marked: (who, weekday, quarter), for whos first to last - 1."""
        low, high = (int(at) for at in np.searchsorted(self.who, [first, last]))
        counts = np.zeros(((last - first) * 7, QUARTERS), dtype=np.int32)
        for begin in range(low, high, _BLOCK):
            part = slice(begin, min(begin + _BLOCK, high))
            starts = run_starts(self.cell[part])
            bits = _unpacked(self.morning[part], self.evening[part])
            sums = np.add.reduceat(bits, starts, axis=0, dtype=np.int32)
            counts[self.cell[part][starts] - first * 7] += sums
        return counts.reshape(-1, 7, QUARTERS)

    @cached_property
    def stretches(self) -> Ints:
        """How many stretches of marked quarters in a row each who has."""
        one, top = np.uint64(1), np.uint64(_HALF - 1)
        begins = np.bitwise_count(self.morning & ~(self.morning << one))
        carried = (self.evening << one) | (self.morning >> top)
        begins += np.bitwise_count(self.evening & ~carried)
        return np.bincount(self.who, weights=begins, minlength=len(self.whos)).astype(np.int64)


def marks_of(log: EventLog) -> Marks:
    """Return the marks of every resource, every unit and everybody."""
    whos = Whos.of(log)
    step, day, morning, evening = _entries(log)
    resource, unit = (
        np.zeros(len(step), dtype=np.int64)
        if coded is None
        else coded.codes[step].astype(np.int64) + 1
        for coded in (log.resource, log.unit)
    )
    pair = resource * (whos.units + 1) + unit
    steps = np.ones(len(step), dtype=np.int64)
    pair, *columns = _by_day(pair, day, morning, evening, steps)
    resource, unit = np.divmod(pair, whos.units + 1)
    everybody = np.full(len(pair), whos.everybody)
    who = np.concatenate([resource - 1, unit - 1 + whos.resources, everybody])
    real = np.concatenate([resource > 0, unit > 0, everybody >= 0])
    day, morning, evening, steps = (np.tile(column, 3)[real] for column in columns)
    return Marks(whos, *_by_day(who[real], day, morning, evening, steps))


def weekday(days: Ints) -> Ints:
    """Return the weekday of days since 1970-01-01, 0 is Monday."""
    return (days + 3) % 7


def _by_day(
    group: Ints, day: Ints, morning: Bits, evening: Bits, steps: Ints
) -> tuple[Ints, Ints, Bits, Bits, Ints]:
    """Gather rows of the same group and day into one, in order of group, weekday and day."""
    if not len(group):
        return group, day, morning, evening, steps
    low = int(day.min())
    key = (group * 7 + weekday(day)) * (int(day.max()) - low + 1) + day - low
    order = lexicographic_order([key])
    if order is not None:
        key, group, day = key[order], group[order], day[order]
        morning, evening, steps = morning[order], evening[order], steps[order]
    starts = run_starts(key)
    return (
        group[starts],
        day[starts],
        np.bitwise_or.reduceat(morning, starts),
        np.bitwise_or.reduceat(evening, starts),
        np.add.reduceat(steps, starts),
    )


def _entries(log: EventLog) -> tuple[Ints, Ints, Bits, Bits]:
    """Return what each step marks: one or two rows of its position, a day and quarters.

    A step that starts and ends on one day and never stood still marks all quarters between; of others
    start and end mark one each.
    """
    end = to_local(log.end, log.tz)
    start = np.full(log.n_steps, NAT) if log.start is None else to_local(log.start, log.tz)
    last = np.where(_timed(start) & _timed(end) & (end > start), end - 1, end)
    whole = _timed(start) & _timed(end) & (start // DAY == last // DAY)
    if log.suspended is not None:
        whole &= log.suspended <= 0
    begins, ends = (np.flatnonzero((side != NAT) & ~whole) for side in (start, end))
    both = np.flatnonzero(whole)
    step = np.concatenate([both, begins, ends])
    first = np.concatenate([start[both], start[begins], last[ends]])
    until = np.concatenate([last[both], start[begins], last[ends]])
    morning, evening = _bits(first % DAY, until % DAY)
    dated = ~_timed(first)
    morning[dated] = evening[dated] = 0
    return step, first // DAY, morning, evening


def _timed(local: Ints) -> Bools:
    """Tell which times are known to the hour: midnight is read as a date."""
    return np.asarray((local != NAT) & (local % DAY != 0))


def _bits(first: Ints, last: Ints) -> tuple[Bits, Bits]:
    """Return the quarters from one time of the day to another, both in it."""
    low, high = first // QUARTER, last // QUARTER + 1
    return _half(low, high), _half(low - _HALF, high - _HALF)


def _half(low: Ints, high: Ints) -> Bits:
    one = np.uint64(1)
    begin, end = (np.clip(edge, 0, _HALF).astype(np.uint64) for edge in (low, high))
    return (one << end) - (one << begin)


def _unpacked(morning: Bits, evening: Bits) -> npt.NDArray[np.uint8]:
    """Return the quarters of days as rows of 96 zeros and ones."""
    halves = [
        np.unpackbits(
            half.astype("<u8").view(np.uint8).reshape(-1, 8), axis=1, count=_HALF, bitorder="little"
        )
        for half in (morning, evening)
    ]
    return np.concatenate(halves, axis=1)
