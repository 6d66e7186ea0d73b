"""The KPI table: the flow of cases, their cycle times, and how the terms of a procedure are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.calendars import Calendar
from procmine.kernels import NAT
from procmine.kpi import cycle_times, office_times
from procmine.kpi.begun import Begun
from procmine.kpi.closed import closed_cases
from procmine.kpi.flow import flow
from procmine.kpi.grid import Grid, grid_of
from procmine.kpi.grid_size import check_size
from procmine.kpi.keys import checked_keys, keys_of_cases
from procmine.kpi.periods import check_period, local_days
from procmine.kpi.table import COLUMNS, long_table
from procmine.kpi.term_rows import TermRows
from procmine.kpi.terms import days_of_terms, of_terms, rows_of_terms
from procmine.log import EventLog

if TYPE_CHECKING:
    from procmine.procedure import Procedure


def kpis(
    log: EventLog,
    procedure: Procedure | None = None,
    *,
    by: str | Sequence[str] = (),
    period: str = "W",
    as_of: Any = None,
    calendar: Calendar | None = None,
) -> pd.DataFrame:
    """Return the KPI table: one row per period, key and KPI, over the office's local dates.

    ``started``    cases whose first step begins in the period
    ``completed``  cases that close in it (see :func:`procmine.cases`)
    ``open``       cases that are open when it ends: open before + started − completed, in every
                   period
    ``clearance_rate``
                   completed / started (``n``: started); above 1 the backlog shrinks (NCSC)
    ``disposition_time``
                   open / completed × days of the period (``n``: completed): how long what is open
                   would take at this pace (CEPEJ); missing under 30 completed cases
    ``backlog_0_30, backlog_31_60, backlog_61_90, backlog_91_180, backlog_over_180``
                   of the open cases (``n``), those so many days old when the period ends (NCSC)
    ``cycle_time_median, cycle_time_p80, cycle_time_p90, cycle_time_mean``
                   over the cases completed in the period, in days of 24 hours
    ``cycle_time_km_median, cycle_time_km_p80, cycle_time_km_p90``
                   over the cases *started* in the period, open ones included: Kaplan and Meier's
                   estimate, the first time at which at most 50, 20 or 10 % still last, with its
                   95 % interval. Where too few have ended for it, it is missing and ``low`` is the
                   longest time seen.

    ``office_time_median, office_time_p80, office_time_mean``
                   with ``calendar``: office hours within the cycle times of completed cases

    Quantiles interpolate linearly, ``n`` is the number of cases behind the figure. Cycle times of
    completed cases say nothing of what still waits: where many cases are open they are too short,
    and Kaplan and Meier's are to be read.

    With a ``procedure`` the table has the key ``term``, missing in the rows above, and for each
    term (``term / phase``) of :func:`procmine.terms`, in local days:

    ``concluded``  cases whose term ended in the period, or was decided by silence (on the day after
                   the due date); not the withdrawn ones
    ``timeliness`` on time / concluded; what silence decided is not on time
    ``on_time_share``
                   on time / (concluded + overdue_backlog): not bettered by leaving cases open
    ``due_unknown, withdrawn``
                   cases that ended without a known due date, or by withdrawal
    ``silent_approvals, silent_approval_share, silent_refusals, silent_refusal_share``
                   of those concluded
    ``overdue_backlog, overdue_backlog_0_30 … overdue_backlog_over_180``
                   open when the period ends and due before its last day, by days since the start;
                   that is what ``procmine.terms`` calls overdue on that day
    ``gross_time_…, net_time_…, paused_time_…`` (median, p80, p90, mean)
                   days of the cases decided in the period; Italy publishes the mean gross time
                   (DPCM of 12 November 2021, annex B)
    ``lateness_median, lateness_mean``
                   days after the due date of those that were decided late
    ``excess_pauses, excess_pause_days``
                   decided cases in which the clock was to stand longer than lawful, and those days

    Of a control window (``kind`` in ``procmine.terms``) timeliness, on_time_share, overdue_backlog and
    lateness are missing: it is time to check, in which no decision is due, and silence is its lawful
    end. A procedure without terms adds its closing only.

    A table of more than four million rows is refused: mostly one date is wrong by decades.

    Shares have their 95 % interval (Wilson 1927) in ``low`` and ``high``; ``basis`` names the rules,
    the procedure and the calendar. Of a withdrawn case the due date counts until it was withdrawn.

    ``by`` names case attributes or ``unit`` (of the case's first step that has one); ``period`` is
    ``"D"``, ``"W"`` (ISO weeks), ``"M"``, ``"Q"`` or ``"Y"``. Every period from the first start to
    ``as_of`` has its rows for every key that occurs, empty ones with 0 cases and missing times; the
    last one ends at ``as_of``. A case closes at its last closing activity of the procedure, as in
    ``procmine.terms``, or as the log says where there is no procedure or it names none; where
    neither says it, whatever rests on closing is missing, never 0, and cycle times (last − first)
    stand in the period of the last step.

    Columns: ``period, period_start, key…, term`` (with a procedure), ``kpi, value, measured_in``
    (cases, share, days or hours), ``n, low, high, basis``.

    >>> kpis(log, period="Y").query("kpi == 'started'")[["period", "value", "n"]]
       period   value     n
    0    2024  1021.0  1021
    17   2025  1047.0  1047
    """
    check_period(period)
    taken = COLUMNS if procedure is None else (*COLUMNS, "term")
    log, seen, closed_by = closed_cases(log, procedure, as_of)
    here = seen.started != NAT
    keys, codes = keys_of_cases(log, checked_keys(by, taken, "KPI table"), seen, here)
    cases = Begun(log, seen, here, codes[here], closed_by)
    rows = [] if procedure is None else rows_of_terms(cases, procedure, calendar)
    grid = _grid(keys, cases, rows, period)
    check_size(grid, cases, terms=len(rows))
    figures = [
        *flow(grid, cases),
        *cycle_times.of_completed(grid, cases),
        *cycle_times.of_started(grid, cases),
        *(office_times.of_completed(grid, cases, calendar) if calendar is not None else ()),
        *of_terms(grid, rows),
    ]
    return long_table(grid, figures, terms=procedure is not None)


def _grid(keys: pd.DataFrame, cases: Begun, rows: list[TermRows], period: str) -> Grid:
    """Return the grid from the first start, or what was closed or concluded before it, to as_of."""
    days = np.concatenate([cases.first_day, cases.last_day, days_of_terms(rows)])
    as_of = local_days(cases.log.local(np.array([cases.seen.as_of])))
    return grid_of(keys, days, int(as_of[0]), period)
