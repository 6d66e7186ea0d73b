"""How long cases usually stand at a point, and how unusual it is that one stands as long as it does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procmine.errors import CalendarError
from procmine.kernels import DAY, NAT, Bools, Floats, Ints
from procmine.kpi.blockages.stays import Stays
from procmine.kpi.chances import FEW, FEWEST, NONE_ENDED, NOT_FOLLOWED, chances
from procmine.kpi.survival import survival

Lasted = Callable[[Ints, Ints], Ints]
"""How long it is from each instant to another, in microseconds."""
DAYS_ON = 30
"""`still` asks whether a case stands so many days later."""
FEWEST_MOVED = 20
"""From so many on, to be the longest of all of them has a chance of less than 5 %: 1 / (20 + 1)."""
REASONS = (
    f"fewer than {FEWEST} cases came to this point",
    "no interval: none has moved on so soon",
    f"fewer than {FEWEST} cases stood longer",
    f"no case was followed {DAYS_ON} days longer",
    f"the calendar does not cover the next {DAYS_ON} days",
)
_FEW, _NO_INTERVAL, _FEW_LONGER, _NOT_FOLLOWED, _NO_CALENDAR = range(len(REASONS))


def elapsed(begin: Ints, stop: Ints) -> Ints:
    """Return the time on the clock, nights and holidays in it."""
    return stop - begin


@dataclass(frozen=True, eq=False)
class Standing:
    """One value for each case that stands: how that compares with all stays at its point.

    Times are microseconds, NAT where missing; ``reason`` is -1 where nothing is.
    """

    time: Ints
    """How long it has stood."""
    median: Ints
    p90: Ints
    chance: Floats
    low: Floats
    high: Floats
    n: Ints
    still: Floats
    blocked: Bools
    never: Bools
    enough: Bools
    """Whether enough cases came to the point to say any of it."""
    reason: npt.NDArray[np.int8]


def compared(found: Stays, group: Ints, groups: int, lasted: Lasted = elapsed) -> Standing:
    """Return how unusual each stay is that goes on; ``group`` is the point of every stay.

    ``lasted`` tells how long it is from some instants to others: elapsed, or in office time.
    """
    open_stay = ~found.moved
    times = lasted(found.begin, found.stop)
    curve = survival(group, times, found.moved, groups)
    of, time = group[open_stay], times[open_stay]
    certain = np.zeros(len(of), dtype=np.bool_)
    before_all = np.full(len(of), -1)
    longer = chances(curve, of, before_all, time + 1, certain)  # S(time), from before the first
    ahead = _ahead(lasted, found.stop[open_stay])
    later = chances(curve, of, time, np.maximum(ahead, 0), certain)
    enough = longer.n >= FEWEST
    p90 = _whole(curve.first_at_most(0.1, curve.share)[of], enough)
    followed = lasted(found.begin, np.full(len(times), found.stop.max(initial=NAT)))
    never = _never(times, followed, found.moved, group, groups)[open_stay]
    reason = np.select(
        [
            ~enough,
            longer.reason == NONE_ENDED,
            later.reason == FEW,
            ahead == NAT,
            later.reason == NOT_FOLLOWED,
        ],
        [_FEW, _NO_INTERVAL, _FEW_LONGER, _NO_CALENDAR, _NOT_FOLLOWED],
        -1,
    )
    return Standing(
        time=time,
        median=_whole(curve.first_at_most(0.5, curve.share)[of], enough),
        p90=p90,
        chance=longer.chance,
        low=longer.low,
        high=longer.high,
        n=longer.n,
        still=np.where(ahead == NAT, np.nan, later.chance),
        blocked=never | ((p90 != NAT) & (time > p90)),
        never=never,
        enough=enough,
        reason=reason.astype(np.int8),
    )


def _ahead(lasted: Lasted, now: Ints) -> Ints:
    """Return how long the next 30 days are, NAT where a calendar does not cover them."""
    try:
        return lasted(now, now + DAYS_ON * DAY)
    except CalendarError:
        return np.full(len(now), NAT)


def _never(times: Ints, followed: Ints, moved: Bools, group: Ints, groups: int) -> Bools:
    """Tell which stays have lasted longer than all that ended at their point, of which enough could be seen.

    Only those count that began so long ago (``followed`` is how long) that even the longest could
    have ended by now. If such a case were to move, it would be the last of n + 1 that are alike: a
    chance of 1 / (n + 1).
    """
    longest = np.full(groups, -1)
    np.maximum.at(longest, group[moved], times[moved])
    seen = np.bincount(group[moved & (followed >= longest[group])], minlength=groups)
    return ~moved & (times > longest[group]) & (seen[group] >= FEWEST_MOVED)


def _whole(times: Floats, known: Bools) -> Ints:
    """Return times as whole microseconds, NAT where missing or not known."""
    there = known & ~np.isnan(times)
    return np.where(there, np.where(there, times, 0).astype(np.int64), NAT)
