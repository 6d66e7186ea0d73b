"""How long the decided cases of a term took: gross, net and paused days, lateness, and pauses beyond the law."""

from __future__ import annotations

import numpy as np

from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.grid import Grid
from procmine.kpi.spread import SPREAD, spread
from procmine.kpi.table import Figure
from procmine.kpi.term_rows import TermRows
from procmine.kpi.timeliness import of_term

TIMES = {
    "gross_time": ("gross_days", "calendar days from the start to the decision"),
    "net_time": ("net_days", "days on which the clock ran, from the start to the decision"),
    "paused_time": ("paused_days", "days on which the clock lawfully stood still"),
}


def times(grid: Grid, rows: TermRows) -> list[Figure]:
    """Return the durations of the cases decided in every cell, and how late the late ones were."""
    figures = []
    for name, (column, basis) in TIMES.items():
        figures += _spread(grid, rows, name, column, basis, rows.decided, SPREAD)
    late = rows.decided & (rows.days["days_late"] > 0) & ~rows.window
    basis = "days after the due date, of those decided late"
    figures += _spread(grid, rows, "lateness", "days_late", basis, late, ("median", "mean"))
    return of_term(rows, [*figures, *_excess(grid, rows)])


def _spread(
    grid: Grid,
    rows: TermRows,
    name: str,
    column: str,
    basis: str,
    which: Bools,
    statistics: tuple[str, ...],
) -> list[Figure]:
    place, values = _known(grid, rows, column, which)
    return spread(
        name,
        place,
        values,
        grid.cells,
        unit=1,
        measured_in="days",
        basis=basis,
        which=statistics,
    )


def _excess(grid: Grid, rows: TermRows) -> list[Figure]:
    """Return in how many decided cases the clock was to stand longer than lawful, and for how many days."""
    place, days = _known(grid, rows, "excess_days", rows.decided)
    n = np.bincount(place, minlength=grid.cells).astype(np.int64)
    cases = np.bincount(place[days > 0], minlength=grid.cells).astype(np.int64)
    total = np.bincount(place, weights=days, minlength=grid.cells)
    basis = "pauses asked for beyond what the law allows, of those decided"
    return [
        Figure("excess_pauses", "cases", cases, n, basis),
        Figure("excess_pause_days", "days", total, n, basis),
    ]


def _known(grid: Grid, rows: TermRows, column: str, which: Bools) -> tuple[Ints, Ints]:
    """Return the cells of the decisions and the values of a column, where it is known."""
    values = rows.days[column]
    known = which & (values != NAT)
    return grid.cell(rows.closed[known], rows.key[known]), values[known]
