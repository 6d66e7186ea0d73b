"""The chance that what has run so long will run longer still than it may, from a survival curve."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procmine.kernels import Bools, Floats, Ints
from procmine.kpi.survival import Survival, interval

FEWEST = 10
"""With fewer cases that ran longer no chance is given."""
REASONS = (
    f"fewer than {FEWEST} cases ran longer",
    "no case was followed so long",
    "no interval: none ended within the days left",
    "no interval: all others ended within the days left",
)
FEW, NOT_FOLLOWED, NONE_ENDED, ALL_ENDED = range(len(REASONS))


@dataclass(frozen=True, eq=False)
class Chances:
    """One value for each case: the chance, its interval, from how many cases, and why there is none (-1: there is)."""

    chance: Floats
    low: Floats
    high: Floats
    n: Ints
    reason: npt.NDArray[np.int8]


def chances(curve: Survival, group: Ints, run: Ints, left: Ints, certain: Bools) -> Chances:
    """Return the chance to last longer than ``run + left``, given that something lasted longer than ``run``.

    Where it is ``certain`` it is 1, whatever the others did.
    """
    until = np.where(certain, run, run + left)
    before, after = curve.place(group, run), curve.place(group, until)
    n = _at_risk_after(curve, before, group)
    share, variance = np.append(curve.share, 1.0), np.append(curve.variance, 0.0)
    chance, spread = np.full(len(run), np.nan), np.full(len(run), np.inf)
    followed = (until <= curve.longest[group]) | (share[after] == 0)
    reason = np.where(n < FEWEST, FEW, np.where(followed, -1, NOT_FOLLOWED))
    good = (reason == -1) & ~certain
    chance[good] = share[after[good]] / share[before[good]]
    finite = good & (chance > 0)
    spread[finite] = variance[after[finite]] - variance[before[finite]]
    low, high = interval(chance, spread)
    reason = np.where(good & (spread == 0), NONE_ENDED, reason)
    reason = np.where(good & (chance == 0), ALL_ENDED, reason)
    chance, low, high = (np.where(certain, 1.0, values) for values in (chance, low, high))
    return Chances(chance, low, high, n, np.where(certain, -1, reason).astype(np.int8))


def _at_risk_after(curve: Survival, place: Ints, group: Ints) -> Ints:
    """Return how many of the group were followed longer than the time of a place."""
    following = np.where(place < 0, curve.offsets[group], place + 1)
    inside = following < curve.offsets[group + 1]
    return np.where(inside, np.append(curve.at_risk, 0)[following], 0)
