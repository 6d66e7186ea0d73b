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
    orders = [np.argsort(times, kind="stable") for times in (before, *after)]
    chunks = []
    for drawn in resampled(len(before), count, np.random.default_rng(seed)):
        quantiles = [
            _quantiles(times[order], drawn[:, order])
            for times, order in zip((before, *after), orders, strict=True)
        ]
        chunks.append(np.stack([quantiles[0] - each for each in quantiles[1:]], axis=1))
    return np.concatenate(chunks)


def _quantiles(ordered: Ints, drawn: Floats) -> Floats:
    """Return the quantiles of every resample of ordered values; all have the same size."""
    reached = np.cumsum(drawn, axis=1)
    found = []
    for probability in PROBABILITIES:
        rank = (len(ordered) - 1) * probability
        below = np.floor(rank)
        low = ordered[(reached <= below).sum(axis=1)]
        high = ordered[(reached <= np.ceil(rank)).sum(axis=1)]
        found.append(low + (high - low) * (rank - below))
    return np.stack(found, axis=1)
