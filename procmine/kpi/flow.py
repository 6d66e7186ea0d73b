"""The flow of cases: started, completed and open, how much of it is cleared, and how old the open ones are."""

from __future__ import annotations

import numpy as np

from procmine.kernels import Floats, Ints
from procmine.kpi.begun import Begun
from procmine.kpi.grid import FAR, Grid
from procmine.kpi.table import Figure

FEWEST_RESOLVED = 30
"""A disposition time of fewer completed cases swings too much to be shown."""
AGES = {"0_30": (0, 30), "31_60": (31, 60), "61_90": (61, 90), "91_180": (91, 180)} | {
    "over_180": (181, FAR)
}
"""The bands of the age of what is open, in days since the start."""


def flow(grid: Grid, cases: Begun) -> list[Figure]:
    """Return how many cases were started, completed and open in every cell, and what follows from that."""
    started = grid.count(cases.first_day, cases.key)
    if not cases.closing_known:
        return _only_started(grid, started, f"closing unknown; {cases.as_of}")
    done = cases.done
    completed = grid.count(cases.last_day[done], cases.key[done])
    still = grid.running_total(started - completed)
    return [
        Figure("started", "cases", started, started, cases.as_of),
        Figure("completed", "cases", completed, completed, cases.as_of),
        Figure("open", "cases", still, still, cases.as_of),
        _clearance(started, completed, cases.as_of),
        _disposition(grid, completed, still, cases.as_of),
        *bands(grid, "backlog", cases, still),
    ]


def _only_started(grid: Grid, started: Ints, basis: str) -> list[Figure]:
    none, zero = np.full(grid.cells, np.nan), np.zeros(grid.cells, dtype=np.int64)
    units = {"completed": "cases", "open": "cases", "clearance_rate": "share"}
    units |= {"disposition_time": "days"} | {f"backlog_{band}": "cases" for band in AGES}
    missing = [Figure(name, unit, none, zero, basis) for name, unit in units.items()]
    return [Figure("started", "cases", started, started, basis), *missing]


def _clearance(started: Ints, completed: Ints, as_of: str) -> Figure:
    rate = np.full(len(started), np.nan)
    np.divide(completed, started, out=rate, where=started > 0)
    return Figure("clearance_rate", "share", rate, started, f"completed / started; {as_of}")


def _disposition(grid: Grid, completed: Ints, still: Ints, as_of: str) -> Figure:
    days: Floats = np.full(grid.cells, np.nan)
    enough = completed >= FEWEST_RESOLVED
    np.divide(still * grid.lengths, completed, out=days, where=enough)
    basis = (
        f"open at the end / completed × days of the period, from {FEWEST_RESOLVED} "
        f"completed cases on; {as_of}"
    )
    return Figure("disposition_time", "days", days, completed, basis)


def bands(grid: Grid, name: str, cases: Begun, still: Ints) -> list[Figure]:
    """Return how many of the open cases have each age, in local days, at the end of every period."""
    basis = f"of the open cases by days since the start; {cases.as_of}"
    return [
        Figure(f"{name}_{band}", "cases", count, still, basis)
        for band, count in standing_by_age(
            grid, cases.first_day, cases.first_day, cases.last_day - 1, cases.key
        )
    ]


def standing_by_age(
    grid: Grid, born: Ints, first: Ints, last: Ints, key: Ints
) -> list[tuple[str, Ints]]:
    """Count what stands from ``first`` to ``last`` at the end of every period, by its age since ``born``."""
    return [
        (
            band,
            grid.standing(np.maximum(first, born + low), np.minimum(last, born + high), key),
        )
        for band, (low, high) in AGES.items()
    ]
