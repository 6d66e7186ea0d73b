"""What is usual near a stretch of days or quarters: the mean before it and the mean after it."""

from __future__ import annotations

import numpy as np

from procmine.kernels import Codes, Floats, Ints


def lower_mean(
    values: Ints | Codes, first: Ints, end: Ints, near: int, low: Ints, high: Ints
) -> Floats:
    """Return the mean of ``near`` values before and of as many after each stretch, whichever is less.

    Only values from ``low`` to ``high`` count; where there are none on one side the other holds, and
    where there are none at all the mean is NaN.

    >>> lower_mean(np.array([4, 2, 0, 0, 5]), *(np.array([n]) for n in (2, 4)), 2, *np.array([[0], [5]]))
    array([3.])
    """
    passed = np.concatenate([[0], np.cumsum(values, dtype=np.int64)])
    before, after = np.maximum(first - near, low), np.minimum(end + near, high)
    with np.errstate(invalid="ignore"):
        earlier = (passed[first] - passed[before]) / (first - before)
        later = (passed[after] - passed[end]) / (after - end)
    return np.asarray(np.fmin(earlier, later), dtype=np.float64)
