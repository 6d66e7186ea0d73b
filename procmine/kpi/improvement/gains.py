"""Gains: by how much a quantile of the cycle times falls, with its bootstrap interval over cases."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.kernels import Floats, Ints
from procmine.kpi.bootstrap import LEAST, percentile_interval, resampled

PROBABILITIES = (0.5, 0.9)


@dataclass(frozen=True, eq=False)
class Gains:
    """The quantiles of the cycle times before and after each remedy, and the interval of their difference.

    Microseconds: a row for each remedy, a column for each of ``PROBABILITIES``; NaN where not known.
    """

    before: Floats
    after: Floats
    low: Floats
    high: Floats


def gains(before: Ints, after: list[Ints], *, count: int, seed: int) -> Gains:
    """Return how far the quantiles of durations fall; the same cases are drawn before and after.

    Quantiles interpolate linearly. With fewer than 10 cases there is no interval.
    """
    shape = (len(after), len(PROBABILITIES))
    if not len(before):
        return Gains(*(np.full(shape, np.nan) for _ in range(4)))
    first = np.tile(np.quantile(before, PROBABILITIES), (len(after), 1))
    then = np.array([np.quantile(times, PROBABILITIES) for times in after]).reshape(shape)
    low, high = np.full(shape, np.nan), np.full(shape, np.nan)
    if len(before) >= LEAST:
        found = _resampled_gains(before, after, count, seed)
        for place in np.ndindex(shape):
            low[place], high[place] = percentile_interval(found[:, *place])
    return Gains(first, then, low, high)


def _resampled_gains(before: Ints, after: list[Ints], count: int, seed: int) -> Floats:
    """Return the gain of every resample, remedy and quantile."""
    ranks = [(len(before) - 1) * probability for probability in PROBABILITIES]
    windows = [_Window.around(times, rank) for times in (before, *after) for rank in ranks]
    ahead = np.stack([window.ahead for window in windows], axis=1)
    chunks = []
    for drawn in resampled(len(before), count, np.random.default_rng(seed)):
        lower = (drawn @ ahead).T
        found = [w.quantiles(drawn, base) for w, base in zip(windows, lower, strict=True)]
        quantiles = np.stack(found, axis=1).reshape(len(drawn), -1, len(ranks))
        chunks.append(quantiles[:, :1] - quantiles[:, 1:])
    return np.concatenate(chunks)


@dataclass(frozen=True, eq=False)
class _Window:
    """The values among which a quantile of every resample lies, as its rank moves by some √n only."""

    rank: float
    values: Ints
    cases: Ints
    ahead: Floats
    """1 for the cases with lesser values than those of the window, else 0."""

    @classmethod
    def around(cls, times: Ints, rank: float) -> _Window:
        """Return the window of a rank: 16 standard deviations of the number below it to each side."""
        order = np.argsort(times, kind="stable")
        half = 8 * int(np.sqrt(len(times)) + 2)
        low, high = max(int(rank) - half, 0), int(rank) + half
        ahead = np.zeros(len(times))
        ahead[order[:low]] = 1
        return cls(rank, times[order[low:high]], order[low:high], ahead)

    def quantiles(self, drawn: Floats, base: Floats) -> Floats:
        """Return the quantile of every resample; ``base`` counts those drawn from the lesser values."""
        reached = base[:, None] + np.cumsum(drawn[:, self.cases], axis=1)
        below = np.floor(self.rank)
        low, high = (self.values[(reached <= k).sum(axis=1)] for k in (below, np.ceil(self.rank)))
        found: Floats = low + (high - low) * (self.rank - below)
        return found
