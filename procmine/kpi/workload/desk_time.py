"""Whether a log refutes the queue of a unit: more hours than its staff has, and yet the work was completed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from procmine.kernels import Bools

LEAST_DONE = 0.95
"""Completions keep up from this share of the arrivals on."""
DONE_ALL_THE_SAME = (
    "more hours than the staff has, though completions keep up with arrivals: the hours are desk time "
    "with other work in parallel and the queue is not real; give the hours of a step in staff="
)


def done_all_the_same(columns: Mapping[str, Any], periods: int) -> Bools:
    """Tell for which keys more was needed than available in all while completions kept up with arrivals.

    Only the periods count of which both hours are known; the cells of a key stand side by side.
    """
    names = ("hours_needed", "hours_available", "arrivals", "completions")
    cells = np.stack([np.asarray(columns[name], dtype=np.float64) for name in names])
    cells = np.where(np.isnan(cells[:2]).any(axis=0), 0, cells)
    needed, available, came, done = cells.reshape(len(names), -1, max(periods, 1)).sum(axis=2)
    return np.asarray((available > 0) & (needed > available) & (done >= LEAST_DONE * came))
