"""Exact sums of whole numbers in groups."""

from __future__ import annotations

import numpy as np

from procmine.kernels import Ints


def sums(group: Ints, values: Ints, groups: int) -> Ints:
    """Add up the values of each group; totals fit in 64 bits up to 292,000 years of microseconds.

    >>> sums(np.array([0, 2, 0]), np.array([1, 2, 3]), 3)
    array([4, 0, 2])
    """
    total = np.zeros(groups, dtype=np.int64)
    np.add.at(total, group, values)
    return total
