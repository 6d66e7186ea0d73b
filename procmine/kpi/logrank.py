"""The log-rank test: whether two groups of durations, some not over yet, come from one curve (Mantel 1966)."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np

from procmine.kernels import Bools, Floats, Ints


@dataclass(frozen=True)
class LogRank:
    """The test of two groups: p, and for each how many ended over how many would have, were they alike."""

    chi_square: float
    p: float
    ratios: tuple[float, float]


def logrank(times: tuple[Ints, Ints], ended: tuple[Bools, Bools]) -> LogRank:
    """Test whether two groups end alike; those that have not ended were followed until their time.

    At each time at which one ends, of d that end and n at risk the first group is expected to have
    d n1 / n, with the variance d (n1 / n) (1 - n1 / n) (n - d) / (n - 1); the square of observed
    less expected, over the variance, is chi-square with one degree of freedom (unweighted, Mantel
    1966). All is NaN where the variance is 0.
    """
    at = np.unique(np.concatenate([t[e] for t, e in zip(times, ended, strict=True)]))
    risk = [_from(np.sort(t), at) for t in times]
    over = [_at(np.sort(t[e]), at) for t, e in zip(times, ended, strict=True)]
    n, d = risk[0] + risk[1], over[0] + over[1]
    expected = np.array([(d * r / n).sum() for r in risk])
    part = risk[0] / n
    spread = (d * part * (1 - part) * (n - d) / np.maximum(n - 1, 1)).sum()
    observed = np.array([o.sum() for o in over])
    ratios = np.full(2, np.nan)
    np.divide(observed, expected, out=ratios, where=expected > 0)
    if spread <= 0:
        return LogRank(float("nan"), float("nan"), (float(ratios[0]), float(ratios[1])))
    chi_square = float((observed[0] - expected[0]) ** 2 / spread)
    return LogRank(chi_square, erfc(sqrt(chi_square / 2)), (float(ratios[0]), float(ratios[1])))


def _from(ordered: Ints, at: Ints) -> Floats:
    """Count those that last until each time or longer."""
    return (len(ordered) - np.searchsorted(ordered, at, side="left")).astype(np.float64)


def _at(ordered: Ints, at: Ints) -> Floats:
    """Count those at each time."""
    right = np.searchsorted(ordered, at, side="right")
    return (right - np.searchsorted(ordered, at, side="left")).astype(np.float64)
