"""The KPI table: the flow of cases, their cycle times, and how the terms of a procedure are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from procmine.kernels import NAT
from procmine.kpi import cycle_times
from procmine.kpi.begun import Begun
from procmine.kpi.flow import flow
from procmine.kpi.grid import Grid, grid_of
from procmine.kpi.keys import checked_keys, keys_of_cases
from procmine.kpi.periods import check_period, local_days
from procmine.kpi.table import COLUMNS, long_table
from procmine.log import EventLog
from procmine.observe import observed_cases


def kpis(
    log: EventLog,
    *,
    by: str | Sequence[str] = (),
    period: str = "W",
    as_of: Any = None,
) -> pd.DataFrame:
    """Return the KPI table: one row per period, key and KPI, over the office's local dates.

    ``started``    cases whose first step begins in the period
    ``completed``  cases that close in it (see :func:`procmine.cases`)
    ``open``       cases that are open when it ends: open before + started − completed, in every
                   period
    ``clearance_rate``
                   completed / started (``n``: started); above 1 the backlog shrinks
    ``disposition_time``
                   open / completed × days of the period (``n``: completed): how long what is open
                   would take at this pace; missing under 30 completed cases
    ``backlog_0_30, backlog_31_60, backlog_61_90, backlog_91_180, backlog_over_180``
                   of the open cases (``n``), those so many days old when the period ends
    ``cycle_time_median, cycle_time_p80, cycle_time_p90, cycle_time_mean``
                   over the cases completed in the period, in days of 24 hours
    ``cycle_time_km_median, cycle_time_km_p80, cycle_time_km_p90``
                   over the cases *started* in the period, open ones included: Kaplan and Meier's
                   estimate, the first time at which at most 50, 20 or 10 % still last, with its
                   95 % interval. Where too few have ended for it, it is missing and ``low`` is the
                   longest time seen.

    Quantiles interpolate linearly, ``n`` is the number of cases behind the figure. Cycle times of
    completed cases say nothing of what still waits: where many cases are open they are too short,
    and Kaplan and Meier's are to be read.

    ``by`` names case attributes or ``unit`` (of the case's first step that has one); ``period`` is
    ``"D"``, ``"W"`` (ISO weeks), ``"M"``, ``"Q"`` or ``"Y"``. Every period from the first start to
    ``as_of`` has its rows for every key that occurs, empty ones with 0 cases and missing times; the
    last one ends at ``as_of``. Where nothing says what closes a case, whatever rests on closing is
    missing, never 0, and cycle times (last − first) stand in the period of the last step.

    Columns: ``period, period_start, key…, kpi, value, measured_in, n, low, high, basis``.

    >>> kpis(log, period="Y").query("kpi == 'started'")[["period", "value", "n"]]
       period   value     n
    0    2024  1021.0  1021
    17   2025  1047.0  1047
    """
    check_period(period)
    seen = observed_cases(log, as_of)
    here = seen.started != NAT
    keys, codes = keys_of_cases(log, checked_keys(by, COLUMNS, "KPI table"), seen, here)
    cases = Begun(log, seen, here, codes[here])
    grid = _grid(keys, cases, period)
    figures = [
        *flow(grid, cases),
        *cycle_times.of_completed(grid, cases),
        *cycle_times.of_started(grid, cases),
    ]
    return long_table(grid, figures, terms=False)


def _grid(keys: pd.DataFrame, cases: Begun, period: str) -> Grid:
    """Return the grid from the first start, or a closing before it, to as_of."""
    days = np.concatenate([cases.first_day, cases.last_day])
    as_of = local_days(cases.log.local(np.array([cases.seen.as_of])))
    return grid_of(keys, days, int(as_of[0]), period)
