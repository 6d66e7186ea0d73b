"""The terms of a procedure in the KPI table: which cases had them, and every figure about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.kernels import NAT, Ints
from procmine.kpi.begun import Begun, moment_of
from procmine.kpi.grid import FAR, Grid
from procmine.kpi.table import Figure
from procmine.kpi.term_rows import TermRows, term_rows
from procmine.kpi.term_times import times
from procmine.kpi.timeliness import counted_days, kept

if TYPE_CHECKING:
    from procmine.procedure import Procedure


def rows_of_terms(cases: Begun, procedure: Procedure, calendar: Calendar | None) -> list[TermRows]:
    """Return the rows of every term of a procedure, with the key of their case."""
    from procmine.procedure.terms import terms

    if not procedure.uses:
        procedure.check(cases.log)
        return []
    table = terms(cases.log, procedure, as_of=moment_of(cases.seen.as_of), calendar=calendar)
    return placed(table, cases)


def placed(table: pd.DataFrame, cases: Begun) -> list[TermRows]:
    """Return the rows of a table of terms with the key of their case and the day on which it closed."""
    of_row = cases.positions(table["case_id"])
    here = of_row >= 0
    key, closed = np.full(len(table), -1), np.full(len(table), NAT)
    key[here] = cases.key[of_row[here]]
    if cases.closing_known:
        days = cases.last_day[of_row[here]]
        closed[here] = np.where(days == FAR, NAT, days)
    return term_rows(table, key, closed)


def of_terms(grid: Grid, rows: list[TermRows]) -> list[Figure]:
    """Return every figure about every term."""
    return [figure for term in rows for figure in (*kept(grid, term), *times(grid, term))]


def days_of_terms(rows: list[TermRows]) -> Ints:
    """Return the days on which something of a term is counted: the grid must hold them."""
    return np.concatenate([np.zeros(0, dtype=np.int64), *map(counted_days, rows)])
