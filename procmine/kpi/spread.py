"""The spread of durations in every cell: median, 80 % and 90 % at most, and mean."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from procmine import kernels
from procmine.kernels import Floats, Ints
from procmine.kpi.table import Figure

PROBABILITIES = {"median": 0.5, "p80": 0.8, "p90": 0.9}
SPREAD = ("median", "p80", "p90", "mean")


def spread(
    name: str,
    place: Ints,
    values: Ints,
    cells: int,
    *,
    unit: int,
    measured_in: str,
    basis: str,
    which: Sequence[str] = SPREAD,
) -> list[Figure]:
    """Return one figure for each statistic of the values of every cell; ``unit`` is how many make one.

    Quantiles interpolate linearly. A cell without values has none.
    """
    offsets = kernels.offsets_of(place, cells)
    n = np.diff(offsets)
    wanted = [p for p in PROBABILITIES if p in which]
    quantiles = kernels.grouped_quantiles(
        kernels.sorted_in_groups(place, values, cells), offsets, [PROBABILITIES[p] for p in wanted]
    )
    found = dict(zip(wanted, quantiles.T, strict=True)) | {"mean": _means(place, values, n)}
    return [Figure(f"{name}_{what}", measured_in, found[what] / unit, n, basis) for what in which]


def _means(place: Ints, values: Ints, n: Ints) -> Floats:
    total = np.bincount(place, weights=values, minlength=len(n))
    means: Floats = np.full(len(n), np.nan)
    np.divide(total, n, out=means, where=n > 0)
    return means
