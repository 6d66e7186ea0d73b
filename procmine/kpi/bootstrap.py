"""The bootstrap: cases drawn again and again show how far a figure could be off (Efron 1979)."""

from __future__ import annotations

from collections.abc import Iterator
from math import erfc, sqrt

import numpy as np

from procmine.kernels import Floats

LEAST = 10
"""With fewer cases on one side no interval is given."""
OUTSIDE = 0.025
"""The share of resamples that lies beyond each end of an interval of 95 %."""
_CELLS = 2_000_000
"""How many numbers one chunk of resamples may hold."""


def resampled(cases: int, count: int, rng: np.random.Generator) -> Iterator[Floats]:
    """Yield ``count`` resamples in chunks: a row each, that says how often every case was drawn.

    Cases are drawn with replacement, as many as there are. The size of the chunks changes nothing.
    """
    done, most = 0, max(_CELLS // max(cases, 1), 1)
    while done < count:
        rows = min(most, count - done)
        drawn = rng.integers(0, cases, size=(rows, cases))
        drawn += np.arange(rows)[:, None] * cases
        times = np.bincount(drawn.ravel(), minlength=rows * cases)
        yield times.reshape(rows, cases).astype(np.float64)
        done += rows


def percentile_interval(found: Floats) -> tuple[float, float]:
    """Return the 95 % percentile interval of a figure in all resamples.

    A resample in which the figure is not known could lie at either end: it widens both. An end that
    is known of too few is infinite.
    """
    count = len(found)
    place = int(OUTSIDE * (count - 1))
    unknown = np.isnan(found)
    low = np.sort(np.where(unknown, -np.inf, found))[place]
    high = np.sort(np.where(unknown, np.inf, found))[count - 1 - place]
    return float(low), float(high)


def probability_of_none(difference: float, found: Floats) -> float:
    """Return p of a difference: how likely one as large is where there is none.

    Normal, with the standard deviation of the difference in the resamples as its error; NaN where
    more than the ends of the interval do not know the difference.
    """
    known = found[np.isfinite(found)]
    if len(known) < (1 - OUTSIDE) * len(found) or len(known) < 2 or not np.isfinite(difference):
        return float("nan")
    error = float(known.std(ddof=1))
    if error <= 1e-12 * max(abs(difference), 1e-300) or error == 0:
        return float(difference == 0)
    return erfc(abs(difference) / error / sqrt(2))


def holm(p: Floats) -> Floats:
    """Return p values adjusted for how many there are (Holm 1979); NaN stays.

    >>> holm(np.array([0.01, 0.04, 0.03])).round(2).tolist()
    [0.03, 0.06, 0.06]
    """
    adjusted = np.full(len(p), np.nan)
    known = np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    factor = len(known) - np.arange(len(known))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * factor), 1.0)
    return adjusted
