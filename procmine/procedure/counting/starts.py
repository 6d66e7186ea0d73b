"""The start of a term in every case: the earliest of some events or the latest of all, or what stands in for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procmine.kernels import NAT, Bools, Ints
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.counting.written import local_days
from procmine.procedure.term import Start

FIRST_STEP = "first step"
_NEVER = int(np.iinfo(np.int64).max)


@dataclass(frozen=True, eq=False)
class Starts:
    """The start of every case: a day, NAT where the term has not begun."""

    day: Ints
    event: Ints
    """The event, as a place in ``events``; -1 where there is none."""
    events: tuple[str, ...]
    fallback: bool
    """Whether another event stands in for one that the log never has."""
    twice: Bools


def starts(seen: SeenLog, start: Start) -> Starts:
    """Return when a term starts in every case, and by which event."""
    events = start.any_of or start.all_of
    there = tuple(event for event in events if len(seen.occurrences(event)))
    if not there:
        return _fallback(seen, start)
    if start.any_of:
        return _extreme(seen, there, latest=False, fallback=False)
    return _extreme(seen, there, latest=True, fallback=len(there) < len(events))


def _fallback(seen: SeenLog, start: Start) -> Starts:
    there = tuple(event for event in start.fallback if len(seen.occurrences(event)))
    if there:
        return _extreme(seen, there, latest=False, fallback=True)
    days = _first_days(seen)
    event = np.where(days == NAT, -1, 0)
    return Starts(days, event, (FIRST_STEP,), True, np.zeros(len(days), dtype=np.bool_))


def _first_days(seen: SeenLog) -> Ints:
    """Return the earliest day of the seen steps of every case, NAT where there are none."""
    log = seen.log
    if not log.n_cases:
        return np.zeros(0, dtype=np.int64)
    if len(seen.written[0]):
        days = seen.days_of(np.arange(log.n_steps))
        days = days if seen.known is None else np.where(seen.known, days, _NEVER)
        earliest = np.minimum.reduceat(days, log.offsets[:-1])
        return np.where(earliest == _NEVER, NAT, earliest)
    times = log.last if seen.known is None else np.where(seen.known, log.last, _NEVER)
    earliest = np.minimum.reduceat(times, log.offsets[:-1])
    return local_days(np.where(earliest == _NEVER, NAT, earliest), log.tz)


def _extreme(seen: SeenLog, events: Sequence[str], *, latest: bool, fallback: bool) -> Starts:
    n = seen.log.n_cases
    best = seen.occurrences(events[0]).firsts(n)
    which = np.zeros(n, dtype=np.int64)
    often = counts = seen.occurrences(events[0]).counts(n)
    for place, event in enumerate(events[1:], start=1):
        found = seen.occurrences(event)
        days, times = found.firsts(n), found.counts(n)
        if latest:
            better = (days > best) & (best != NAT)
            best = np.where((days == NAT) | (best == NAT), NAT, np.maximum(days, best))
            often = np.maximum(often, times)
        else:
            better = (days != NAT) & ((best == NAT) | (days < best))
            best = np.where(better, days, best)
            often = counts = counts + times
        which[better] = place
    which = np.where(best == NAT, -1, which)
    return Starts(best, which, tuple(events), fallback, often > 1)
