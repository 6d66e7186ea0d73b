"""Busy: how long a resource did other things while a step waited, and whose turn those were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from procmine.kernels import Ints
from procmine.kpi.waiting.dominance import dominance_sums

SHARES = (2520, 60)
"""Parts of a microsecond: what 1 to 10 steps at once share without remainder; 1 to 6 where a log spans 58 years."""
_CHUNK = 1 << 17
"""So many beginnings and ends at a time stay in the processor's cache."""
OpenTime = Callable[[Ints, Ints, Ints], Ints]


@dataclass(frozen=True, eq=False)
class Work:
    """Steps that occupy a resource: who, from when until when, and since when they were enabled."""

    who: Ints
    start: Ints
    end: Ints
    enabled: Ints


@dataclass(frozen=True, eq=False)
class Waits:
    """Waits for a resource: whose, since when the step was enabled, and the window in which reasons are looked for."""

    who: Ints
    enabled: Ints
    begin: Ints
    end: Ints


@dataclass(frozen=True, eq=False)
class BusyTime:
    """Of each window, the time in which the resource was busy with steps enabled earlier, or later (µs)."""

    earlier: Ints
    later: Ints


def busy_time(work: Work, waits: Waits) -> BusyTime:
    """Return how long the resource was busy in each window: with steps enabled no later, and with others.

    Of k steps at once each has 1/k of the time. Both are rounded down to whole microseconds and the
    remainder goes to the larger, at equality to the earlier ones.
    """
    earlier, later = np.zeros((2, len(waits.who)), dtype=np.int64)
    for works, asked in _chunks(work, waits):
        earlier[asked], later[asked] = _shared(
            Work(work.who[works], work.start[works], work.end[works], work.enabled[works]),
            Waits(waits.who[asked], waits.enabled[asked], waits.begin[asked], waits.end[asked]),
        )
    return BusyTime(earlier, later)


def _chunks(work: Work, waits: Waits) -> Iterator[tuple[Ints, Ints]]:
    """Cut work and waits into parts of whole resources, some ten thousands of steps each."""
    by_work, by_wait = (np.argsort(who, kind="stable") for who in (work.who, waits.who))
    resources = np.unique(waits.who)
    works = np.searchsorted(work.who[by_work], resources, side="right")
    begins = np.searchsorted(work.who[by_work], resources, side="left")
    asked = np.searchsorted(waits.who[by_wait], resources, side="right")
    size = np.cumsum(works - begins + np.diff(asked, prepend=0))
    first = 0
    while first < len(resources):
        done = int(size[first - 1]) if first else 0
        last = max(int(np.searchsorted(size, done + _CHUNK, side="right")), first + 1)
        last = min(last, first + 1024)
        mine = np.concatenate(
            [by_work[b:e] for b, e in zip(begins[first:last], works[first:last], strict=True)]
        )
        yield mine, by_wait[(asked[first - 1] if first else 0) : asked[last - 1]]
        first = last


def _shared(work: Work, waits: Waits) -> tuple[Ints, Ints]:
    marks = Marks.of(work, waits)
    keys = np.sort(marks.key(work.who, work.enabled))
    rank = np.searchsorted(keys, marks.key(work.who, work.enabled))
    bound = np.searchsorted(keys, marks.key(waits.who, waits.enabled), side="right")
    ranks = np.concatenate([rank, rank])[marks.order]
    signs = np.where(marks.order < len(work.who), 1, -1)
    weights = [signs, signs * marks.shared]
    at = marks.at(np.tile(waits.who, 2), np.concatenate([waits.begin, waits.end]))
    count, share = dominance_sums(ranks, weights, at.place, np.tile(bound, 2))
    done = at.share * count - (share - np.tile(marks.before(waits.who), 2))
    earlier = _between(done)
    later = _between(at.given) - earlier
    return _whole(earlier, later, _between(at.busy), marks.parts)


def _between(values: Ints) -> Ints:
    """Return the differences between the second half of some values and the first."""
    half = len(values) // 2
    return values[half:] - values[:half]


def _whole(earlier: Ints, later: Ints, busy: Ints, parts: int) -> tuple[Ints, Ints]:
    """Round both from parts of a microsecond down to microseconds and give what remains to the larger."""
    first, second = earlier // parts, later // parts
    rest = busy - first - second
    larger = earlier >= later
    return first + np.where(larger, rest, 0), second + np.where(larger, 0, rest)


@dataclass(frozen=True, eq=False)
class At:
    """At some moments: how many marks of the resource lie before, and what had passed until then."""

    place: Ints
    share: Ints
    """Shares of one step that had been at work all the time, in parts of a microsecond."""
    given: Ints
    """Shares of all steps together."""
    busy: Ints


@dataclass(frozen=True, eq=False)
class Marks:
    """The beginnings and ends of the steps of some resources, in the order of (resource, time).

    ``shared`` is what one step that were always at work would have had of the resource until each mark; sums run on
    from one resource to the next and may wrap: only differences are used.
    """

    who: Ints
    """The resources, sorted."""
    origin: int
    width: int
    parts: int
    """In how many parts a microsecond is shared."""
    order: Ints
    """Which mark of (all beginnings, all ends) each is."""
    keys: Ints
    time: Ints
    count: Ints
    """How many steps are at work after each mark."""
    shared: Ints
    given: Ints
    busy: Ints
    sums: Ints
    """Where each resource begins: the sum of signed shares of all before."""

    @classmethod
    def of(cls, work: Work, waits: Waits) -> Marks:
        """Sort the beginnings and ends of work, and add up what one step, all steps and the clock had by each."""
        who = np.unique(np.concatenate([work.who, waits.who]))
        ends = [work.start, work.end, work.enabled, waits.enabled, waits.begin, waits.end]
        origin = min(int(part.min(initial=np.iinfo(np.int64).max)) for part in ends)
        latest = max(int(part.max(initial=0)) for part in ends)
        width = latest - origin + 1
        parts = SHARES[0] if width < (1 << 62) // SHARES[0] else SHARES[1]
        time = np.concatenate([work.start, work.end])
        keys = np.searchsorted(who, np.concatenate([work.who, work.who])) * width + (time - origin)
        order = np.argsort(keys, kind="stable")
        keys, time = keys[order], time[order]
        signs = np.where(order < len(work.who), 1, -1)
        count = np.cumsum(signs)
        length = np.diff(time, append=time[-1:])
        several = np.maximum(count, 1)
        share = np.where(count > 0, length * parts // several, 0)
        shared, given, busy = (
            _before(part) for part in (share, share * count, np.where(count > 0, length, 0))
        )
        begins = np.searchsorted(keys, np.arange(len(who)) * width)
        sums = np.concatenate([[0], np.cumsum(signs * shared)])[begins]
        return cls(who, origin, width, parts, order, keys, time, count, shared, given, busy, sums)

    def key(self, who: Ints, time: Ints) -> Ints:
        """Return keys that sort as (resource, time) does."""
        return np.searchsorted(self.who, who) * self.width + (time - self.origin)

    def before(self, who: Ints) -> Ints:
        """Return the signed shares of all marks of the resources before."""
        return self.sums[np.searchsorted(self.who, who)]

    def at(self, who: Ints, time: Ints) -> At:
        """Return what had passed at some moments of some resources."""
        place = np.searchsorted(self.keys, self.key(who, time), side="right")
        if not len(self.keys):
            none = np.zeros(len(who), dtype=np.int64)
            return At(place, none, none, none)
        last = np.maximum(place - 1, 0)
        count = np.where(place > 0, self.count[last], 0)
        since = np.where(count > 0, time - self.time[last], 0)
        share = since * self.parts // np.maximum(count, 1)
        return At(
            place,
            np.where(place > 0, self.shared[last], 0) + share,
            np.where(place > 0, self.given[last], 0) + share * count,
            np.where(place > 0, self.busy[last], 0) + since,
        )


def _before(values: Ints) -> Ints:
    """Return what had been added up before each place."""
    return np.cumsum(values) - values
