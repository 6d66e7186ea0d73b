"""Survival: how many still last after a time, when some have not ended yet (Kaplan and Meier 1958)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.kernels import Bools, Floats, Ints

Z95 = 1.959963984540054
"""The normal quantile of a two-sided interval of 95 %."""
_EQUAL = 1e-9
"""Shares closer than this are equal: products of fractions carry rounding."""


@dataclass(frozen=True, eq=False)
class Survival:
    """The survival curves of some groups, group after group, one entry for each distinct time of a group.

    ``share`` lasts longer than ``time``; ``at_risk`` were followed until it or longer, of which
    ``ended`` ended then. ``variance`` is Greenwood's sum, the variance of the log of the share.
    """

    offsets: Ints
    time: Ints
    at_risk: Ints
    ended: Ints
    share: Floats
    variance: Floats

    def first_at_most(self, share: float, curve: Floats) -> Floats:
        """Return for each group the first time at which a curve is at most a share; NaN where it never is."""
        reached = np.flatnonzero(curve <= share + _EQUAL)
        place = np.append(reached, len(curve))[np.searchsorted(reached, self.offsets[:-1])]
        known = place < self.offsets[1:]
        times = np.full(len(known), np.nan)
        times[known] = self.time[place[known]]
        return times

    def place(self, group: Ints, time: Ints) -> Ints:
        """Return the last entry of each group that is not later than a time; -1 where there is none."""
        width = int(max(self.time.max(initial=0), time.max(initial=0))) + 2
        of = np.repeat(np.arange(len(self.offsets) - 1), np.diff(self.offsets))
        found = np.searchsorted(of * width + self.time, group * width + time, side="right") - 1
        return np.where(found >= self.offsets[group], found, -1)

    @property
    def longest(self) -> Floats:
        """The longest time of each group, ended or not; NaN of an empty group."""
        filled = np.diff(self.offsets) > 0
        times = np.full(len(filled), np.nan)
        times[filled] = self.time[self.offsets[1:][filled] - 1]
        return times


def survival(group: Ints, times: Ints, ended: Bools, groups: int) -> Survival:
    """Return the Kaplan-Meier curve of each group.

    S(t) is the product of (1 - d / n) over the times up to t, with n at risk and d ended at each.
    Who is followed until t only is at risk at t.
    """
    order = kernels.lexicographic_order([group, times])
    if order is not None:
        group, times, ended = group[order], times[order], ended[order]
    fresh = _distinct(group, times)
    of = group[fresh]
    last = np.cumsum(np.bincount(group, minlength=groups))[of]
    at_risk = last - fresh
    d = np.add.reduceat(ended.astype(np.int64), fresh) if len(fresh) else at_risk
    offsets = kernels.offsets_of(of, groups)
    all_end = d == at_risk
    lasting = np.where(all_end, 1, at_risk - d)
    share = np.exp(_within(np.log(lasting) - np.log(np.where(all_end, 1, at_risk)), offsets))
    step = d / (at_risk * lasting)
    return Survival(
        offsets,
        times[fresh],
        at_risk,
        d,
        np.where(all_end, 0.0, share),
        np.where(all_end, np.inf, _within(step, offsets)),
    )


def interval(share: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """Return the 95 % interval of shares that last, from Greenwood's variance on the log-log scale.

    It is missing where nothing or everything has ended: there the formula says nothing. Kalbfleisch
    and Prentice (1980), "exponential Greenwood".
    """
    low, high = np.full(len(share), np.nan), np.full(len(share), np.nan)
    inside = (share > 0) & (share < 1) & (variance > 0)
    log = np.log(share[inside])
    width = Z95 * np.sqrt(variance[inside]) / -log
    low[inside] = np.exp(log * np.exp(width))
    high[inside] = np.exp(log * np.exp(-width))
    return low, high


def kaplan_meier(times: Any, ended: Any) -> pd.DataFrame:
    """Return the Kaplan-Meier curve of some times: a row for each distinct time.

    ``times`` are whole numbers, ``ended`` tells which ended then; the others were followed until
    then and had not ended. Columns: ``time, at_risk, ended, survival, low, high`` (95 %, log-log).

    >>> kaplan_meier([2, 3, 3, 5], [True, True, False, True])[["time", "at_risk", "survival"]]
       time  at_risk  survival
    0     2        4      0.75
    1     3        3      0.50
    2     5        1      0.00
    """
    whole = np.asarray(times, dtype=np.int64)
    one = np.zeros(len(whole), dtype=np.int64)
    curve = survival(one, whole, np.asarray(ended, dtype=np.bool_), 1)
    low, high = interval(curve.share, curve.variance)
    columns = {"time": curve.time, "at_risk": curve.at_risk, "ended": curve.ended}
    return pd.DataFrame(columns | {"survival": curve.share, "low": low, "high": high})


def _distinct(group: Ints, times: Ints) -> Ints:
    """Return where each distinct time of each group begins."""
    new = np.ones(len(group), dtype=np.bool_)
    new[1:] = (group[1:] != group[:-1]) | (times[1:] != times[:-1])
    return np.flatnonzero(new)


def _within(values: Floats, offsets: Ints) -> Floats:
    """Add values up within each group."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    sums: Floats = total[1:] - np.repeat(total[offsets[:-1]], np.diff(offsets))
    return sums
