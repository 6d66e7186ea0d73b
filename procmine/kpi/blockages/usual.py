"""How long cases usually stand at a point, and how unusual it is that one stands as long as it does."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procmine.kernels import DAY, NAT, Bools, Floats, Ints
from procmine.kpi.blockages.stays import Stays
from procmine.kpi.chances import FEW, FEWEST, NONE_ENDED, NOT_FOLLOWED, chances
from procmine.kpi.survival import Survival, survival

DAYS_ON = 30
"""`still` asks whether a case stands so many days later."""
FEWEST_MOVED = 20
"""From so many on, to be the longest of all of them has a chance of less than 5 %: 1 / (20 + 1)."""
REASONS = (
    f"fewer than {FEWEST} cases came to this point",
    "no interval: none has moved on so soon",
    f"fewer than {FEWEST} cases stood longer",
    f"no case was followed {DAYS_ON} days longer",
)
_FEW, _NO_INTERVAL, _FEW_LONGER, _NOT_FOLLOWED = range(len(REASONS))


@dataclass(frozen=True, eq=False)
class Standing:
    """One value for each case that stands: how that compares with all stays at its point.

    Times are microseconds, NAT where missing; ``reason`` is -1 where nothing is.
    """

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


def compared(found: Stays, group: Ints, groups: int) -> Standing:
    """Return how unusual each stay is that goes on; ``group`` is the point of every stay."""
    open_stay = ~found.moved
    curve = survival(group, found.time, found.moved, groups)
    of, time = group[open_stay], found.time[open_stay]
    certain = np.zeros(len(of), dtype=np.bool_)
    before_all = np.full(len(of), -1)
    longer = chances(curve, of, before_all, time + 1, certain)  # S(time), from before the first
    later = chances(curve, of, time, np.full(len(of), DAYS_ON * DAY), certain)
    enough = longer.n >= FEWEST
    p90 = _whole(curve.first_at_most(0.1, curve.share)[of], enough)
    never = _never(found, group, curve)[open_stay]
    reason = np.select(
        [~enough, longer.reason == NONE_ENDED, later.reason == FEW, later.reason == NOT_FOLLOWED],
        [_FEW, _NO_INTERVAL, _FEW_LONGER, _NOT_FOLLOWED],
        -1,
    )
    return Standing(
        median=_whole(curve.first_at_most(0.5, curve.share)[of], enough),
        p90=p90,
        chance=longer.chance,
        low=longer.low,
        high=longer.high,
        n=longer.n,
        still=later.chance,
        blocked=never | ((p90 != NAT) & (time > p90)),
        never=never,
        enough=enough,
        reason=reason.astype(np.int8),
    )


def _never(found: Stays, group: Ints, curve: Survival) -> Bools:
    """Tell which stays have lasted longer than all that ended at their point, of which enough could be seen.

    Only those count that began so long ago that even the longest could have ended by now. If such a
    case were to move, it would be the last of n + 1 that are alike: a chance of 1 / (n + 1).
    """
    groups = len(curve.offsets) - 1
    longest = np.full(groups, -1)
    np.maximum.at(longest, group[found.moved], found.time[found.moved])
    now = int(found.stop.max(initial=0))
    followed = found.moved & (now - found.begin >= longest[group])
    moved = np.bincount(group[followed], minlength=groups)
    return ~found.moved & (found.time > longest[group]) & (moved[group] >= FEWEST_MOVED)


def _whole(times: Floats, known: Bools) -> Ints:
    """Return times as whole microseconds, NAT where missing or not known."""
    there = known & ~np.isnan(times)
    return np.where(there, np.where(there, times, 0).astype(np.int64), NAT)
