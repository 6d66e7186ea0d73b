"""The grid of the KPI table: a cell for every key and period, where each case is counted."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.kernels import Ints
from procmine.kpi.periods import period_starts, periods_of_days

FAR = 1 << 40
"""A day after all days: the end of what has not ended."""


@dataclass(frozen=True, eq=False)
class Grid:
    """Cells of key × period, key after key; days are numbered from 1970-01-01 in the office's local time."""

    keys: pd.DataFrame
    period: str
    first: int
    periods: int
    last_day: int
    """The day of as_of, on which the last period ends."""

    @property
    def cells(self) -> int:
        """How many cells there are."""
        return len(self.keys) * self.periods

    @cached_property
    def starts(self) -> npt.NDArray[np.datetime64]:
        """The first day of every period."""
        return period_starts(self.first + np.arange(self.periods), self.period)

    @cached_property
    def ends(self) -> Ints:
        """The last day of every period; that of the last one is the day of as_of."""
        following = period_starts(self.first + 1 + np.arange(self.periods), self.period)
        return np.minimum(following.astype(np.int64) - 1, self.last_day)

    @property
    def lengths(self) -> Ints:
        """How many days every cell has; those of the last period count up to as_of."""
        days = self.ends - self.starts.astype(np.int64) + 1
        return np.tile(days, len(self.keys))

    def cell(self, days: Ints, keys: Ints) -> Ints:
        """Return the cell of each day and key."""
        return keys * self.periods + (periods_of_days(days, self.period) - self.first)

    def count(self, days: Ints, keys: Ints) -> Ints:
        """Count the days of every cell."""
        return np.bincount(self.cell(days, keys), minlength=self.cells).astype(np.int64)

    def standing(self, first: Ints, last: Ints, keys: Ints) -> Ints:
        """Count, for every cell, the spans of days (both included) that hold the last day of its period."""
        change = np.zeros((len(self.keys), self.periods + 1), dtype=np.int64)
        begin = np.searchsorted(self.ends, first)
        end = np.maximum(np.searchsorted(self.ends, last, side="right"), begin)
        np.add.at(change, (keys, begin), 1)
        np.add.at(change, (keys, end), -1)
        return change[:, :-1].cumsum(axis=1).ravel()

    def running_total(self, counts: Ints) -> Ints:
        """Add up the counts of every key from the first period on."""
        return counts.reshape(len(self.keys), self.periods).cumsum(axis=1).ravel()


def grid_of(keys: pd.DataFrame, days: Ints, as_of: int, period: str) -> Grid:
    """Return the grid of every period from the earliest of some days to the day of as_of."""
    if not len(days):
        return Grid(keys.iloc[:0], period, 0, 0, 0)
    first, last = periods_of_days(np.array([int(days.min()), as_of]), period)
    return Grid(keys, period, int(first), int(last - first) + 1, as_of)
