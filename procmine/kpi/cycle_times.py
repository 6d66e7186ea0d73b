"""Cycle times: how long the completed cases took, and how long those that were started will take."""

from __future__ import annotations

import numpy as np

from procmine.kernels import DAY, NAT, Floats, Ints
from procmine.kpi.begun import Begun
from procmine.kpi.grid import Grid
from procmine.kpi.spread import PROBABILITIES, spread
from procmine.kpi.survival import Survival, interval, survival
from procmine.kpi.table import Figure, Objects


def of_completed(grid: Grid, cases: Begun) -> list[Figure]:
    """Return median, p80, p90 and mean of the cycle times of the cases completed in every cell."""
    known = cases.cycle_time != NAT
    place = grid.cell(cases.last_day[known], cases.key[known])
    what = "closed_at − started of completed cases"
    if not cases.closing_known:
        what = "last − first step, closing unknown"
    times = cases.cycle_time[known]
    return spread(
        "cycle_time",
        place,
        times,
        grid.cells,
        unit=DAY,
        measured_in="days",
        basis=f"{what}; {cases.as_of}",
    )


def of_started(grid: Grid, cases: Begun) -> list[Figure]:
    """Return Kaplan-Meier quantiles of the cycle times of the cases started in every cell.

    The cases are followed until as_of: those still open then count as lasting longer than their age.
    """
    followed = np.where(cases.done, cases.cycle_time, cases.age)
    known = followed != NAT
    if not cases.closing_known:
        known = np.zeros(len(known), dtype=np.bool_)
    cohort = grid.cell(cases.first_day[known], cases.key[known])
    curve = survival(cohort, followed[known], cases.done[known], grid.cells)
    n = np.bincount(cohort, minlength=grid.cells).astype(np.int64)
    return [_quantile(name, p, curve, n, cases) for name, p in PROBABILITIES.items()]


def _quantile(name: str, p: float, curve: Survival, n: Ints, cases: Begun) -> Figure:
    low, high = interval(curve.share, curve.variance)
    value = curve.first_at_most(1 - p, curve.share)
    least = np.where(np.isnan(value), curve.longest, curve.first_at_most(1 - p, low))
    return Figure(
        f"cycle_time_km_{name}",
        "days",
        value / DAY,
        n,
        _basis(value, n, cases),
        low=least / DAY,
        high=np.where(np.isnan(value), np.nan, curve.first_at_most(1 - p, high)) / DAY,
    )


def _basis(value: Floats, n: Ints, cases: Begun) -> Objects:
    """Return what each estimate rests on, and where it is not known, what its lower bound is."""
    what = "Kaplan-Meier over the cases started in the period, followed to as_of"
    if not cases.closing_known:
        return np.full(len(n), f"closing unknown; {cases.as_of}", dtype=object)
    texts = np.full(len(n), f"{what}; {cases.as_of}", dtype=object)
    texts[np.isnan(value) & (n > 0)] = (
        f"{what}; not reached: longer than low, the longest time seen; {cases.as_of}"
    )
    return texts
