"""Absent: how long a resource was neither busy nor at work."""

from __future__ import annotations

import numpy as np

from procmine.kernels import NAT, Ints
from procmine.kpi.waiting.busy import Work
from procmine.kpi.waiting.chains import latest_so_far
from procmine.kpi.waiting.hours.shifts import Shifts


def absent_time(shifts: Shifts, work: Work, who: Ints, begin: Ints, end: Ints) -> Ints:
    """Return the time of each window outside the hours of ``who`` in which he was not busy either (µs).

    NAT where no hours are known for him, or not for all of the window.
    """
    away = _away(shifts, who, begin, end)
    busy = _Stretches.of(work)
    if len(busy.begin):
        away = np.where(away == NAT, NAT, away - busy.away(shifts, who, begin, end))
    return away


def _away(shifts: Shifts, who: Ints, begin: Ints, end: Ints) -> Ints:
    at_work = shifts.open_time(who, begin, end)
    return np.where(at_work == NAT, NAT, end - begin - at_work)


class _Stretches:
    """The stretches in which each resource is busy, whatever with, in the order of (resource, time)."""

    def __init__(self, who: Ints, begin: Ints, end: Ints) -> None:
        self.who, self.begin, self.end = who, begin, end

    @classmethod
    def of(cls, work: Work) -> _Stretches:
        """Join overlapping and touching steps of a resource."""
        order = np.lexsort((work.start, work.who))
        who, start, end = work.who[order], work.start[order], work.end[order]
        latest = latest_so_far(who, end)
        new = np.ones(len(who), dtype=np.bool_)
        new[1:] = (who[1:] != who[:-1]) | (start[1:] > latest[:-1])
        last = np.append(np.flatnonzero(new)[1:], len(who)) - 1
        return cls(who[new], start[new], latest[last] if len(who) else end)

    def away(self, shifts: Shifts, who: Ints, begin: Ints, end: Ints) -> Ints:
        """Return how long each resource was busy within a window while it was not at work.

        Whole stretches between are looked up in running sums, the first and the last are cut.
        """
        first = self._place(self.who, self.end, who, begin, "right")
        last = self._place(self.who, self.begin, who, end, "left") - 1
        whole = _away(shifts, self.who, self.begin, self.end)
        running = np.concatenate([[0], np.cumsum(np.where(whole == NAT, 0, whole))])
        total = np.zeros(len(who), dtype=np.int64)
        several = last > first
        total[several] = running[last[several]] - running[first[several] + 1]
        some = np.flatnonzero(last >= first)
        total[some] += self._cut(shifts, first[some], begin[some], end[some])
        some = np.flatnonzero(several)
        total[some] += self._cut(shifts, last[some], begin[some], end[some])
        return total

    def _cut(self, shifts: Shifts, place: Ints, begin: Ints, end: Ints) -> Ints:
        low, high = np.maximum(self.begin[place], begin), np.minimum(self.end[place], end)
        away = _away(shifts, self.who[place], low, high)
        return np.where(away == NAT, 0, away)

    @staticmethod
    def _place(of: Ints, times: Ints, who: Ints, asked: Ints, side: str) -> Ints:
        """Return how many stretches stand before a time of a resource; they are sorted by both."""
        names, codes = np.unique(of, return_inverse=True)
        all_times, rank = np.unique(times, return_inverse=True)
        keys = codes * (len(all_times) + 1) + rank
        code = np.searchsorted(names, who)
        known = (code < len(names)) & (names[np.minimum(code, len(names) - 1)] == who)
        wanted = code * (len(all_times) + 1)
        wanted = wanted + np.where(known, np.searchsorted(all_times, asked, side=side), 0)  # type: ignore[call-overload]
        return np.searchsorted(keys, wanted, side="left")
