"""How large the KPI table may become: one wrong date, or a key with a value per case, makes millions of rows."""

from __future__ import annotations

import numpy as np

from procmine.errors import ProcmineError
from procmine.kpi.begun import Begun
from procmine.kpi.grid import Grid
from procmine.kpi.periods import PERIODS

MOST_ROWS = 4_000_000
FIGURES, FIGURES_OF_TERM = 17, 31
"""How many figures every cell has (without office times), and how many more for each term."""


def check_size(grid: Grid, cases: Begun, *, terms: int) -> None:
    """Refuse a grid of too many rows, and say what makes it so large."""
    rows = grid.cells * (FIGURES + FIGURES_OF_TERM * terms)
    if rows <= MOST_ROWS:
        return
    of_keys = f" × {len(grid.keys):,} values of by=" if len(grid.keys.columns) else ""
    of_terms = f" × the figures of {terms:,} terms" if terms > 1 else ""
    raise ProcmineError(
        f"the KPI table would have about {rows / 1e6:,.0f} million rows: "
        f"{grid.periods:,} periods ({PERIODS[grid.period]}s){of_keys}{of_terms}\n"
        f"{_first(cases)}; is that date right? if so, take a longer period=, a by= of fewer values, "
        "or log.filter(period=(...)) the years that matter"
    )


def _first(cases: Begun) -> str:
    first = int(np.argmin(cases.first_day))
    case = cases.log.case_labels[int(np.flatnonzero(cases.here)[first])].as_py()
    return f"the first case, {case!r}, began on {cases.first_day[first].astype('datetime64[D]')}"
