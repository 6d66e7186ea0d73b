"""Shares with their 95 % interval (Wilson 1927), which holds for few cases and for shares near 0 and 1."""

from __future__ import annotations

import numpy as np

from procmine.kernels import Floats, Ints
from procmine.kpi.survival import Z95
from procmine.kpi.table import Figure


def wilson(part: Ints, whole: Ints) -> tuple[Floats, Floats]:
    """Return the 95 % interval of part / whole, missing where whole is 0.

    >>> low, high = wilson(np.array([8]), np.array([10]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.4902, 0.9433)
    """
    n = np.where(whole > 0, whole, np.nan)
    p, z2 = part / n, Z95**2
    centre, spread = (
        p + z2 / (2 * n),
        Z95 * np.sqrt(p * (1 - p) / n + z2 / (4 * n * n)),
    )
    low, high = (centre - spread) / (1 + z2 / n), (centre + spread) / (1 + z2 / n)
    return np.clip(low, 0, 1), np.clip(high, 0, 1)


def share(kpi: str, part: Ints, whole: Ints, basis: str, term: str | None = None) -> Figure:
    """Return part / whole as a figure with its interval; missing where whole is 0."""
    value = np.full(len(whole), np.nan)
    np.divide(part, whole, out=value, where=whole > 0)
    low, high = wilson(part, whole)
    return Figure(kpi, "share", value, whole, basis, low, high, term)
