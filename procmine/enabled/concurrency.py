"""Concurrency: which activities come in either order because neither waits for the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procmine import kernels
from procmine.kernels import Bools, Codes, Ints
from procmine.log import EventLog

THRESHOLD = 0.9
"""From this on an order is a rule, and A-B-A a loop (Weijters, van der Aalst and de Medeiros 2006)."""


@dataclass(frozen=True, eq=False)
class Concurrency:
    """The pairs of concurrent activities, both ways round, as sorted codes ``a × activities + b``."""

    pairs: Ints
    activities: int

    def holds(self, some: Codes, others: Codes) -> Bools:
        """Tell of each two activities whether they are concurrent."""
        asked = some.astype(np.int64) * self.activities + others
        return _among(asked, self.pairs)

    def others(self, activity: int) -> Ints:
        """Return the activities that are not concurrent with one, itself among them."""
        low, high = np.searchsorted(
            self.pairs, np.array([activity, activity + 1]) * self.activities
        )
        beside = self.pairs[low:high] % self.activities
        return np.setdiff1d(np.arange(self.activities), beside, assume_unique=True)


def concurrency(log: EventLog, *, threshold: float = THRESHOLD) -> Concurrency:
    """Return the concurrent activities of a log, by the measures of the heuristics miner.

    A and B are concurrent where both orders occur directly, neither prevails (|A>B| - |B>A| over
    their sum + 1, below the threshold either way) and they are no loop of length two (A, B, A and
    B, A, B over their sum + 1, below it). As an oracle: Chapela-Campa and Dumas (2023).
    """
    return _found(log.activity.codes, log.offsets, len(log.activity.labels), threshold)


def common_concurrency(
    logs: Sequence[EventLog], *, threshold: float = THRESHOLD
) -> list[Concurrency]:
    """Return for each log, in its own codes, the one relation that all of them give together, by labels."""
    places: dict[str, int] = {}
    own = [
        np.array([places.setdefault(name, len(places)) for name in log.activity.names()], np.int64)
        for log in logs
    ]
    codes = [each[log.activity.codes] for each, log in zip(own, logs, strict=True)]
    sizes = np.concatenate([np.diff(log.offsets) for log in logs])
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    whole = _found(np.concatenate(codes), offsets, len(places), threshold)
    return [_told_in(whole, each) for each in own]


def _told_in(whole: Concurrency, own: Ints) -> Concurrency:
    """Return a relation in the codes of a log, whose labels have the codes ``own`` in it."""
    code = np.full(whole.activities, -1)
    code[own] = np.arange(len(own))
    a, b = (code[each] for each in np.divmod(whole.pairs, max(whole.activities, 1)))
    here = (a >= 0) & (b >= 0)
    return Concurrency(np.sort(a[here] * len(own) + b[here]), len(own))


def _found(activity: Codes | Ints, offsets: Ints, activities: int, threshold: float) -> Concurrency:
    pair, there = _directly(activity, offsets, activities)
    a, b = np.divmod(pair, activities)
    back = _counts(b * activities + a, pair, there)
    loops = _loops(activity, offsets, activities)
    looped = _counts(pair, *loops) + _counts(b * activities + a, *loops)
    chosen = (a != b) & (back > 0)
    chosen &= np.abs(there - back) / (there + back + 1) < threshold
    chosen &= looped / (looped + 1) < threshold
    return Concurrency(pair[chosen], activities)


def _directly(activity: Codes | Ints, offsets: Ints, activities: int) -> tuple[Ints, Ints]:
    """Return which activities follow each other directly, as sorted pair codes, and how often."""
    sources = kernels.directly_follows(offsets)
    return _pairs(activity[sources], activity[sources + 1], activities)


def _loops(activity: Codes | Ints, offsets: Ints, activities: int) -> tuple[Ints, Ints]:
    """Return the pairs A, B of which A, B, A follow each other, and how often."""
    followed = np.zeros(len(activity) + 1, dtype=np.bool_)
    followed[kernels.directly_follows(offsets)] = True
    firsts = np.flatnonzero(followed[:-1] & followed[1:])
    back = (activity[firsts] == activity[firsts + 2]) & (activity[firsts] != activity[firsts + 1])
    firsts = firsts[back]
    return _pairs(activity[firsts], activity[firsts + 1], activities)


def _pairs(some: Codes | Ints, others: Codes | Ints, activities: int) -> tuple[Ints, Ints]:
    code = some.astype(np.int64) * activities + others
    if activities * activities <= 1 << 22:
        counts = np.bincount(code, minlength=1)
        kinds = np.flatnonzero(counts)
        return kinds, counts[kinds]
    return np.unique(code, return_counts=True)


def _counts(asked: Ints, kinds: Ints, counts: Ints) -> Ints:
    """Return how often each pair asked for occurs, 0 where it does not."""
    place = np.minimum(np.searchsorted(kinds, asked), max(len(kinds) - 1, 0))
    found = _among(asked, kinds)
    result = np.zeros(len(asked), dtype=np.int64)
    result[found] = counts[place[found]]
    return result


def _among(asked: Ints, kinds: Ints) -> Bools:
    if not len(kinds):
        return np.zeros(len(asked), dtype=np.bool_)
    place = np.minimum(np.searchsorted(kinds, asked), len(kinds) - 1)
    found: Bools = kinds[place] == asked
    return found
