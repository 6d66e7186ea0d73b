"""How many cases stood at a point at the end of each past week: what is usual there, and what is high."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine import kernels, zones
from procmine.kernels import DAY, Floats, Ints
from procmine.kpi.blockages.stays import Stays
from procmine.kpi.periods import period_starts, periods_of_days
from procmine.log import EventLog

WEEKS = 52
"""So many past weeks are looked at: the seasons of a year."""
FEWEST_WEEKS = 10
"""With fewer past weeks nothing is usual."""


@dataclass(frozen=True, eq=False)
class Levels:
    """One value for each key; NaN where there are too few past weeks."""

    usual: Floats
    high: Floats


def levels(log: EventLog, found: Stays, key: Ints, keys: int, as_of: int) -> Levels:
    """Return the median and the 90 % quantile of how many cases stood at each key when past weeks ended."""
    edges = _week_ends(log, int(found.begin.min(initial=as_of)), as_of)
    if len(edges) < FEWEST_WEEKS:
        return Levels(np.full(keys, np.nan), np.full(keys, np.nan))
    standing = _before(found.begin, key, keys, edges)
    standing -= _before(found.stop[found.moved], key[found.moved], keys, edges)
    standing.sort(axis=1)
    offsets = np.arange(keys + 1) * len(edges)
    usual, high = kernels.grouped_quantiles(standing.ravel(), offsets, [0.5, 0.9]).T
    return Levels(usual, high)


def _before(times: Ints, key: Ints, keys: int, edges: Ints) -> Ints:
    """Count the times of each key before each edge."""
    place = np.searchsorted(edges, times, side="right")
    width = len(edges) + 1
    counts = np.bincount(key * width + place, minlength=keys * width).reshape(keys, width)
    return np.asarray(counts[:, :-1].cumsum(axis=1), dtype=np.int64)


def _week_ends(log: EventLog, first: int, as_of: int) -> Ints:
    """Return when the last weeks ended, Sunday to Monday in local time, after the first stay began."""
    days = zones.to_local(np.array([first, as_of]), log.tz) // DAY
    low, high = periods_of_days(days, "W")
    mondays = period_starts(np.arange(max(low + 1, high - WEEKS + 1), high + 1), "W")
    return zones.resolved(mondays.astype(np.int64) * DAY, log.tz).instants
