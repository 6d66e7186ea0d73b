"""A trend: by how much a monthly figure rises or falls from month to month, whatever single months did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.kernels import Floats, Ints

FEWEST = 4
"""With fewer months no trend is given."""
THIN = 10
"""A month with less than this part of the values of the busiest one is left out."""


@dataclass(frozen=True, eq=False)
class Trend:
    """The slope per month of each group with its 95 % interval; NaN where there are too few months."""

    slope: Floats
    low: Floats
    high: Floats


def monthly_trend(key: Ints, month: Ints, values: Floats, groups: int) -> Trend:
    """Return the trend of the monthly means of values in each group.

    The median of the slopes between any two months, which single months do not bend (Theil 1950,
    Sen 1968), and Sen's interval. Months with less than a tenth of the values of the busiest month are
    left out: at the end of a log only stragglers are left.
    """
    from scipy.stats import theilslopes  # type: ignore[import-untyped]

    found = np.full((groups, 3), np.nan)
    for group, months, means in _monthly_means(key, month, values, groups):
        if len(months) >= FEWEST:
            slope = theilslopes(means, months, alpha=0.95)
            found[group] = slope.slope, slope.low_slope, slope.high_slope
    return Trend(*found.T)


def _monthly_means(
    key: Ints, month: Ints, values: Floats, groups: int
) -> list[tuple[int, Ints, Floats]]:
    """Return the months of each group that have enough values, and their means."""
    if not len(key):
        return []
    first = int(month.min())
    width = int(month.max()) - first + 1
    cell = key * width + month - first
    count = np.bincount(cell, minlength=groups * width).reshape(groups, width)
    total = np.bincount(cell, weights=values, minlength=groups * width).reshape(groups, width)
    some = [np.flatnonzero(row * THIN >= max(int(row.max()), 1)) for row in count]
    return [(g, place, total[g, place] / count[g, place]) for g, place in enumerate(some)]
