"""The days that rework adds: how far a case has come with each step, and the loops in which it comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine import kernels
from procmine.kernels import NAT, Bools, Codes, Ints
from procmine.kpi.rework.repeats import Repeats

_LATE = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Marked:
    """The steps of a kind of rework, in the order of the log, and the microseconds that each of them added."""

    rows: Ints
    lost: Ints


@dataclass(frozen=True, eq=False)
class Loops:
    """The loops of all cases as rows (begin, end], in the order of the log: they follow each other."""

    begin: Ints
    end: Ints

    def hold(self, rows: Ints) -> Bools:
        """Tell which rows lie in a loop; the first step of one does not."""
        if not len(self.begin):
            return np.zeros(len(rows), dtype=np.bool_)
        place = np.searchsorted(self.begin, rows) - 1
        inside: Bools = (place >= 0) & (rows <= self.end[np.maximum(place, 0)])
        return inside


def come_to(last: Ints, case: Codes, offsets: Ints, closed_at: Ints | None) -> Ints:
    """Return how far each case had come with each step: the latest time so far, at most its closing."""
    reached = _running_maximum(last, case, offsets)
    if closed_at is None:
        return reached
    limit = np.where(closed_at == NAT, _LATE, closed_at)
    bounded: Ints = np.minimum(reached, np.repeat(limit, np.diff(offsets)))
    return bounded


def _running_maximum(values: Ints, case: Codes, offsets: Ints) -> Ints:
    """Return the largest value so far within each case; only cases in which one falls are worked on.

    By doubling: after a round the value holds for twice as many steps back.
    """
    falls = np.flatnonzero((values[1:] < values[:-1]) & (case[1:] == case[:-1]))
    if not len(falls):
        return values
    rows = rows_of(case[falls][kernels.run_starts(case[falls])], offsets)
    largest, own = values[rows], case[rows]
    back, longest = 1, int(np.diff(offsets).max())
    while back < longest:
        same = own[back:] == own[:-back]
        larger = np.maximum(largest[back:], largest[:-back])
        largest[back:] = np.where(same, larger, largest[back:])
        back *= 2
    result = values.copy()
    result[rows] = largest
    return result


def rows_of(cases: Ints | Codes, offsets: Ints) -> Ints:
    """Return all rows of some cases."""
    return ranges(offsets[cases], offsets[cases + 1])


def ranges(begins: Ints, ends: Ints) -> Ints:
    """Return the numbers of several ranges, one after the other.

    >>> ranges(np.array([3, 7]), np.array([5, 8]))
    array([3, 4, 7])
    """
    sizes = ends - begins
    before = np.concatenate([[0], np.cumsum(sizes)[:-1]]) if len(sizes) else sizes
    return np.repeat(begins - before, sizes) + np.arange(sizes.sum(), dtype=np.int64)


def loops(found: Repeats, case: Codes) -> Loops:
    """Return the loops of all cases: from a step to the last one of its activity, then on behind that.

    The loop-erased path (Lawler 1980). Each round finds the next loop of every case.
    """
    chosen = np.zeros(len(found.comes_back), dtype=np.bool_)
    owner = case[found.comes_back]
    at = kernels.run_starts(owner)
    while len(at):
        chosen[at] = True
        behind = np.searchsorted(found.comes_back, found.last_time[at], side="right")
        there = np.append(owner, -1)[behind] == owner[at]
        at = behind[there]
    return Loops(found.comes_back[chosen], found.last_time[chosen])


def lost_in_loops(found: Repeats, whole: Loops, reached: Ints) -> Ints:
    """Return what each repeated step added: the time since the previous one, if the loop is of its activity."""
    since = reached[found.rows] - reached[found.before]
    place = np.searchsorted(whole.begin, found.rows) - 1
    if not len(whole.begin):
        return np.zeros_like(since)
    place = np.maximum(place, 0)
    own = (found.before >= whole.begin[place]) & (found.rows <= whole.end[place])
    own &= found.activity == found.activity_at(whole.begin[place])
    return np.where(own, since, 0)


def lost_since_last(rows: Ints, reached: Ints, offsets: Ints, case: Codes) -> Ints:
    """Return what the case had come further with each of some steps; with its first step, nothing."""
    first = offsets[case[rows]] == rows
    since: Ints = reached[rows] - reached[np.maximum(rows - 1, 0)]
    return np.where(first, 0, since)
