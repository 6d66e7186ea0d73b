"""The queue of work that follows when more is needed than there are hours for it (Lindley 1952)."""

from __future__ import annotations

import numpy as np

from procmine.kernels import Floats


def queue_of(needed: Floats, available: Floats, present: Floats) -> Floats:
    """Return the work that is left at the end of every period, one row per key.

    q(p) = max(0, q(p - 1) + needed - available). It starts from the work ``present`` when the first
    period begins of which both are known, and anew after one of which they are not.

    >>> queue_of(np.array([[10.0, 50, 20]]), np.array([[40.0, 40, 40]]), np.array([[35.0, 0, 0]]))
    array([[ 5., 15.,  0.]])
    """
    queue = np.full(needed.shape, np.nan)
    before = np.full(len(needed), np.nan)
    for period in range(needed.shape[1]):
        start = np.where(np.isnan(before), present[:, period], before)
        before = np.maximum(start + needed[:, period] - available[:, period], 0)
        queue[:, period] = before
    return queue
