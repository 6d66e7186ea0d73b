"""Cycle times and the flow of cases per period: started, completed, open, and how long the completed ones took."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import DAY, NAT, Floats, Ints
from procmine.kpi.periods import check_period, period_labels, period_numbers, period_starts
from procmine.log import EventLog
from procmine.observe import ObservedCases, as_of_text, attribute_series, case_unit, observed_cases

CYCLE_TIMES = ("cycle_time_median", "cycle_time_p80", "cycle_time_p90", "cycle_time_mean")
COLUMNS = ("period", "period_start", "kpi", "value", "measured_in", "n", "low", "high", "basis")
FLOW = ("started", "completed", "open")


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
    ``cycle_time_median, cycle_time_p80, cycle_time_p90, cycle_time_mean``
                   over the cases completed in the period, in days of 24 hours

    Quantiles interpolate linearly, ``n`` is the number of cases behind the figure. Open cases have
    no part in cycle times: these describe what was completed and say nothing yet of what waits.

    ``by`` names case attributes or ``unit`` (of the case's first step that has one); ``period`` is
    ``"D"``, ``"W"`` (ISO weeks), ``"M"``, ``"Q"`` or ``"Y"``. Every period from the first start to
    ``as_of`` has its rows for every key that occurs, empty ones with 0 cases and missing times; the
    last one ends at ``as_of``. Where nothing says what closes a case, completed and open are
    missing, never 0, and cycle times (last − first) stand in the period of the last step.

    Columns: ``period, period_start, key…, kpi, value, measured_in, n, low, high, basis``.

    >>> kpis(log, period="Y").query("kpi == 'started'")[["period", "value", "n"]]
      period   value     n
    0   2024  1021.0  1021
    7   2025  1047.0  1047
    """
    check_period(period)
    seen = observed_cases(log, as_of)
    here = seen.started != NAT
    keys, key_codes = _keys(log, _checked_keys(by), seen)
    first, last = _period_range(log, seen, here, period)
    frame = _Grid(len(keys), first, last - first + 1)
    known = log.closed_at is not None
    started = frame.count(period_numbers(log.local(seen.started[here]), period), key_codes[here])
    until = seen.closed_at if known else np.where(here, seen.ended, NAT)
    done = until != NAT
    place = frame.cell(period_numbers(log.local(until[done]), period), key_codes[done])
    completed = np.bincount(place, minlength=frame.cells)
    times = _cycle_times(place, seen.cycle_time[done], frame.cells)
    flow = _flow(frame, started, completed, known=known)
    return _table(frame, keys, period, flow, times, _basis(log, seen))


def _checked_keys(by: str | Sequence[str]) -> list[str]:
    """Return the names of the keys, or refuse one that the KPI table has as a column of its own."""
    names = [by] if isinstance(by, str) else list(by)
    taken = [name for name in names if name in COLUMNS]
    if taken:
        raise ProcmineError(
            f"the KPI table has its own column {taken[0]!r}\nrename that attribute in the export to use it as by="
        )
    return names


class _Grid:
    """Cells of key × period: where a case is counted."""

    def __init__(self, keys: int, first: int, periods: int) -> None:
        self.keys, self.first, self.periods = keys, first, periods
        self.cells = keys * periods

    def cell(self, numbers: Ints, keys: Ints) -> Ints:
        return keys * self.periods + (numbers - self.first)

    def count(self, numbers: Ints, keys: Ints) -> Ints:
        return np.bincount(self.cell(numbers, keys), minlength=self.cells)


def _keys(log: EventLog, by: list[str], seen: ObservedCases) -> tuple[pd.DataFrame, Ints]:
    """Return the keys that occur, sorted, and the key of every case; a missing label is a key of its own."""
    here = seen.started != NAT
    if not by:
        return pd.DataFrame(index=range(1 if here.any() else 0)), np.zeros(
            log.n_cases, dtype=np.int64
        )
    columns = pd.DataFrame({name: _key_column(log, name, seen) for name in by})
    grouped = columns[here].groupby(by, dropna=False, observed=True, sort=True)
    codes = np.full(log.n_cases, -1, dtype=np.int64)
    codes[here] = grouped.ngroup().to_numpy()
    keys = columns[here].drop_duplicates().assign(code=codes[here][~columns[here].duplicated()])
    return keys.sort_values("code", ignore_index=True)[by], codes


def _key_column(log: EventLog, name: str, seen: ObservedCases) -> pd.Series:
    if log.unit is not None and name in ("unit", log.binding.unit):
        coded = case_unit(log, seen)
        labels = np.array([*coded.names(), None], dtype=object)
        return pd.Series(labels[coded.codes], dtype="str")
    names = log.case_attributes.column_names
    if name not in names:
        known = [*(["unit"] if log.unit is not None else []), *names]
        raise LabelNotFoundError.among(name, known, what="case attribute (by=)")
    series = attribute_series(log.case_attributes[name], log.tz)
    return series.astype("str") if isinstance(series.dtype, pd.CategoricalDtype) else series


def _period_range(
    log: EventLog, seen: ObservedCases, here: kernels.Bools, period: str
) -> tuple[int, int]:
    if not here.any():
        return 0, -1
    ends = np.array([int(seen.started[here].min()), seen.as_of])
    closed = seen.closed_at[seen.closed_at != NAT]
    ends[0] = min(ends[0], int(closed.min(initial=ends[0])))
    first, last = period_numbers(log.local(ends), period)
    return int(first), int(last)


def _cycle_times(place: Ints, cycle: Ints, cells: int) -> tuple[Ints, Floats]:
    """Return n and, in days, median, p80, p90 and mean of the cycle times of every cell."""
    known = cycle != NAT
    values = kernels.sorted_in_groups(place[known], cycle[known], cells)
    offsets = kernels.offsets_of(place[known], cells)
    n = np.diff(offsets)
    quantiles = kernels.grouped_quantiles(values, offsets, [0.5, 0.8, 0.9])
    total = np.bincount(place[known], weights=cycle[known], minlength=cells)
    mean = np.divide(total, n, out=np.full(cells, np.nan), where=n > 0)
    return n, np.column_stack([quantiles, mean]) / DAY


def _flow(frame: _Grid, started: Ints, completed: Ints, *, known: bool) -> Floats:
    if not known:
        missing = np.full(frame.cells, np.nan)
        return np.column_stack([started, missing, missing])
    balance = (started - completed).reshape(frame.keys, frame.periods).cumsum(axis=1).ravel()
    return np.column_stack([started, completed, balance]).astype(np.float64)


def _table(
    frame: _Grid,
    keys: pd.DataFrame,
    period: str,
    flow: Floats,
    times: tuple[Ints, Floats],
    basis: tuple[str, str],
) -> pd.DataFrame:
    """Lay the figures out long: periods first, then keys, then KPIs in their usual order."""
    names = [*FLOW, *CYCLE_TIMES]
    order = np.arange(frame.cells).reshape(frame.keys, frame.periods).T.ravel()
    n, figures = times
    flow_n = np.nan_to_num(flow).astype(np.int64)
    values = np.concatenate([flow, figures], axis=1)[order].ravel()
    counts = np.concatenate([flow_n, np.repeat(n[:, None], len(CYCLE_TIMES), axis=1)], axis=1)[
        order
    ].ravel()
    numbers = frame.first + np.arange(frame.periods)
    starts = period_starts(numbers, period)
    rows = len(names)
    columns: dict[str, Any] = {
        "period": np.repeat(
            np.array(period_labels(starts, period), dtype=object), frame.keys * rows
        ),
        "period_start": np.repeat(starts.astype("datetime64[s]"), frame.keys * rows),
    }
    for name in keys.columns:
        columns[name] = (
            pd.concat([keys[name].repeat(rows)] * frame.periods, ignore_index=True)
            if frame.periods
            else keys[name].iloc[:0]
        )
    cells = frame.cells
    columns["kpi"] = np.tile(np.array(names, dtype=object), cells)
    columns["value"] = values
    columns["measured_in"] = np.tile(np.array(["cases"] * 3 + ["days"] * 4, dtype=object), cells)
    columns["n"] = counts
    columns["low"] = columns["high"] = np.full(cells * rows, np.nan)
    columns["basis"] = np.tile(np.array([basis[0]] * 3 + [basis[1]] * 4, dtype=object), cells)
    table = pd.DataFrame(columns)
    return table.astype(dict.fromkeys(("period", "kpi", "measured_in", "basis"), "str"))


def _basis(log: EventLog, seen: ObservedCases) -> tuple[str, str]:
    when = as_of_text(log, seen.as_of)
    if log.closed_at is None:
        return f"closing unknown; {when}", f"last − first step, closing unknown; {when}"
    return when, f"closed_at − started of completed cases; {when}"
