"""Local wall-clock times and instants of a zone, over whole arrays: a few breakpoints and one search."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise

import numpy as np
import pandas as pd

from procmine.kernels import DAY, NAT, Bools, Ints

_SECOND = 1_000_000
_YEAR = 366 * DAY
_FIRST = -70 * _YEAR
_LAST = 130 * _YEAR
"""Clock changes are looked up from about 1900 to 2100; before, the first known offset holds."""
_CALENDAR = 146_097 * DAY
"""The calendar repeats every 400 years, days of the week and the rules of clock changes with it."""
_CALENDARS = 20

CLOCK_CHANGES = ("first", "last", "reject")
"""What becomes of a local time that occurs twice: its first or its last moment is taken, or it is rejected."""


@dataclass(frozen=True, eq=False)
class Resolved:
    """Instants of local times, and which of the local times were no single moment."""

    instants: Ints
    twice: Bools
    """Clocks were put back: the time occurred twice."""
    never: Bools
    """Clocks were put forward: the time did not occur."""


def resolved(local: Ints, tz: str, clock_change: str = "first") -> Resolved:
    """Turn local times (microseconds, NAT where missing) into instants of the zone ``tz``.

    Of a time that occurred twice the ``"first"`` or the ``"last"`` is taken; one that never was becomes
    the moment of the change. With ``"reject"`` both are NAT.

    >>> found = resolved(np.array([1_792_899_000_000_000]), "Europe/Bucharest", "last")  # 2026-10-25 03:30
    >>> found.instants // 60_000_000 % 1_440, found.twice
    (array([90]), array([ True]))
    """
    if clock_change not in CLOCK_CHANGES:
        raise ValueError(f"clock_change={clock_change!r} is none of {', '.join(CLOCK_CHANGES)}")
    none = np.zeros(len(local), dtype=np.bool_)
    if not len(local):
        return Resolved(local, none, none)
    low, high = _span(local)
    changes, offsets = clock_changes(tz, low - DAY, high + DAY)
    if not len(changes):
        return Resolved(np.where(local == NAT, NAT, local - offsets[0]), none, none)
    wall_before, wall_after = changes + offsets[:-1], changes + offsets[1:]
    place = np.searchsorted(np.maximum(wall_before, wall_after), local, side="right")
    following = np.minimum(place, len(changes) - 1)
    inside = (place < len(changes)) & (local >= np.minimum(wall_before, wall_after)[following])
    inside &= local != NAT
    never = inside & (wall_after > wall_before)[following]
    twice = inside & ~never
    instants = local - offsets[place]
    if never.any():
        instants[never] = changes[following[never]]
    if clock_change == "last" and twice.any():
        instants[twice] = local[twice] - offsets[following[twice] + 1]
    instants[(local == NAT) | (inside if clock_change == "reject" else none)] = NAT
    return Resolved(instants, twice, never)


def to_utc(local: Ints, tz: str) -> tuple[Ints, int, int]:
    """Turn local times into instants, of a time that occurred twice the first; see ``resolved``.

    Also returns how many times occurred twice, and how many never did.
    """
    found = resolved(local, tz)
    return found.instants, int(found.twice.sum()), int(found.never.sum())


def to_local(instants: Ints, tz: str) -> Ints:
    """Turn instants (microseconds, NAT where missing) into local wall-clock times of the zone ``tz``.

    >>> to_local(np.array([0]), "Europe/Bucharest") // 3_600_000_000
    array([2])
    """
    if not len(instants):
        return instants
    changes, offsets = clock_changes(tz, *_span(instants))
    if not len(changes):
        return np.where(instants == NAT, NAT, instants + offsets[0])
    local = instants + offsets[np.searchsorted(changes, instants, side="right")]
    local[instants == NAT] = NAT
    return np.asarray(local, dtype=np.int64)


def same_clock(one: str, other: str, low: int, high: int) -> bool:
    """Return whether clocks of two zones show the same all through a span of instants.

    >>> same_clock("CET", "Europe/Amsterdam", 40 * 366 * DAY, 50 * 366 * DAY)
    True
    >>> same_clock("CET", "Europe/Athens", 40 * 366 * DAY, 50 * 366 * DAY)
    False
    """
    if one == other:
        return True
    (changes, offsets), (others, other_offsets) = (
        clock_changes(tz, low, high) for tz in (one, other)
    )
    return np.array_equal(changes, others) and np.array_equal(offsets, other_offsets)


def clock_changes(tz: str, low: int, high: int) -> tuple[Ints, Ints]:
    """Return when the offset of a zone changes in a span, and the offsets before, between and after."""
    changes, offsets = _all_changes(tz) if high < _LAST else _with_far_changes(tz)
    first = np.searchsorted(changes, low)
    last = np.searchsorted(changes, high, side="right")
    return changes[first:last], offsets[first : last + 1]


@lru_cache(maxsize=32)
def _all_changes(tz: str) -> tuple[Ints, Ints]:
    return _changes_between(tz, _FIRST, _LAST)


@lru_cache(maxsize=4)
def _with_far_changes(tz: str) -> tuple[Ints, Ints]:
    """Return the changes to the year 9999 and beyond: after 2100 each follows a yearly rule, as typing errors need."""
    changes, offsets = _all_changes(tz)
    far, ahead = _changes_between(tz, _LAST, _LAST + _CALENDAR)
    shifts = np.arange(_CALENDARS)[:, None] * _CALENDAR
    return (
        np.concatenate([changes, (far + shifts).ravel()]),
        np.concatenate([offsets, np.tile(ahead[1:], _CALENDARS)]),
    )


def _changes_between(tz: str, first: int, last: int) -> tuple[Ints, Ints]:
    """Find every change by looking at the offset every ten days and halving where two differ."""
    zone = pd.Timestamp("2000-01-01").tz_localize(tz).tzinfo
    if zone is None:
        raise ValueError(f"{tz!r} is no time zone")

    def offset(instant: int) -> int:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=instant)
        found = moment.astimezone(zone).utcoffset()
        return 0 if found is None else int(found.total_seconds()) * _SECOND

    changes, offsets = [], [offset(first)]
    for seen, at in pairwise([*range(first, last, 10 * DAY), last]):
        while offset(at) != offsets[-1]:
            low, high = seen, at
            while high - low > _SECOND:
                middle = (low + high) // 2 // _SECOND * _SECOND
                low, high = (middle, high) if offset(middle) == offsets[-1] else (low, middle)
            changes.append(high)
            offsets.append(offset(high))
    return np.array(changes, dtype=np.int64), np.array(offsets, dtype=np.int64)


def _span(times: Ints) -> tuple[int, int]:
    low, high = int(times.min()), int(times.max())
    if low == NAT:
        low = int(times[times != NAT].min(initial=0))
    return low, max(high, low)
