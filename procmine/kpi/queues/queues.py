"""Queues: how many steps wait and how many are being worked on, period by period."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from procmine.enabled import BASES, CountedLog, counted_log
from procmine.kernels import NAT, Ints
from procmine.kpi.blockages.stays import Stays, stays
from procmine.kpi.closed import standing_cases
from procmine.kpi.given_log import check_as_of, check_has_cases
from procmine.kpi.periods import check_period
from procmine.kpi.queues.begun import seen_by
from procmine.kpi.queues.stock import LARGEST, Spans, spans_of, stock
from procmine.kpi.step_keys import checked_step_keys, keys_of_steps
from procmine.log import EventLog
from procmine.observe import ObservedCases, as_of_text

if TYPE_CHECKING:
    from procmine.procedure import Procedure

COLUMNS = (
    *("period", "period_start", "arrivals", "departures", "waiting", "mean_waiting"),
    *("in_progress", "mean_in_progress", "basis"),
)


def queues(
    log: EventLog,
    procedure: Procedure | None = None,
    *,
    by: str | Sequence[str] = "activity",
    period: str = "W",
    as_of: Any = None,
    order: str = "concurrency",
    starts: str | None = None,
    arrival: str | None = None,
    enabled: str | None = None,
) -> pd.DataFrame:
    """Return how many steps wait, and are being worked on, in every period: one row per period and key.

    A step waits from when it was enabled (see ``docs/waiting.md``) to its start, and is in progress
    from its start to its end, or until ``as_of`` where it has not ended. In a log with one timestamp
    it waits until its end: that is the sojourn, and what is in progress is missing; with
    ``starts="estimate"`` starts are estimated. Steps whose wait is not known are left out and
    counted in ``basis``. An open case in which nothing is in progress waits, since its last end,
    for a step that is not known yet: its activity and unit are missing. What is open the log says,
    or a ``procedure``.

    Columns: ``period, period_start, key…, arrivals`` (enabled in the period), ``departures``
    (started in it), ``waiting`` (at its end: before + arrivals - departures), ``mean_waiting`` (over
    its time; by Little's law (1961) in the long run arrivals per day × mean wait in days),
    ``in_progress, mean_in_progress, basis``. Every period from the first arrival to ``as_of`` has
    its rows; the last one ends at ``as_of``.

    ``by``: ``activity, source`` (the activity of the step that it waited for), ``unit,
    source_unit``, attributes of cases or steps; never persons.

    >>> found = queues(log, by="activity", period="Y")
    >>> found.loc[[1, 12], ["activity", "arrivals", "departures", "mean_waiting"]].round(2)
               activity  arrivals  departures  mean_waiting
    1   Decizie comisie       985         966         10.35
    12              NaN        18           0          7.84
    """
    check_period(period)
    names = checked_step_keys(log, by, COLUMNS, "table of queues")
    check_has_cases(log)
    check_as_of(log, as_of)
    log, seen, closed_by = standing_cases(log, procedure, as_of)
    counted = counted_log(log, order=order, starts=starts, arrival=arrival, enabled=enabled)
    found, left_out = _known(counted, seen.as_of)
    ahead = _waiting_still(counted, seen)
    keys, key = _keys(counted, names, found, ahead)
    begin = np.concatenate([counted.enabled.at[found], ahead.begin])
    spans = spans_of(keys, int(begin.min(initial=seen.as_of)), seen.as_of, period, log.tz)
    start = counted.until[found]
    stop = np.concatenate([start, np.full(len(ahead.row), LARGEST)])
    waiting = stock(spans, begin, stop, key)
    columns = {
        "arrivals": waiting.came,
        "departures": waiting.went,
        "waiting": waiting.level,
        "mean_waiting": waiting.mean,
        **_in_progress(spans, counted.log, found, key[: len(found)], seen.as_of),
    }
    said = _basis(counted, found, order, left_out)
    said += [f"{len(ahead.row):,} open cases wait for a step that is not known yet"]
    said += [closed_by] if closed_by else []
    if log.closed_at is None:
        said[-1] = "nothing says which cases are open: what waits at the end is not known"
    table = spans.table(columns)
    basis = "; ".join([*said, as_of_text(log, seen.as_of)])
    return table.assign(basis=pd.Series([basis] * len(table), dtype="str"))


def _known(counted: CountedLog, as_of: int) -> tuple[Ints, int]:
    """Return the steps whose wait is known at ``as_of``, and how many others had begun by then."""
    begun = seen_by(counted, as_of)
    known = begun & (counted.wait != NAT)
    return np.flatnonzero(known), int(begun.sum() - known.sum())


def _waiting_still(counted: CountedLog, seen: ObservedCases) -> Stays:
    """Return the stays of open cases in which nothing is in progress."""
    log = counted.log
    found = stays(log, seen)
    found = found.take(~found.moved & found.ended)
    if log.start is None or log.closed_at is None:
        return found
    running = (log.start != NAT) & (log.start <= seen.as_of)
    running &= (log.end == NAT) | (log.end > seen.as_of)
    busy = np.bincount(log.case_codes[running], minlength=log.n_cases) > 0
    return found.take(~busy[log.case_codes[found.row]])


def _keys(
    counted: CountedLog, by: list[str], found: Ints, ahead: Stays
) -> tuple[pd.DataFrame, Ints]:
    """Return the keys of the steps found, and of those ahead, of which only case and source are known."""
    log = counted.log
    return keys_of_steps(
        log,
        by,
        np.concatenate([found, np.full(len(ahead.row), -1)]),
        np.concatenate([counted.enabled.by[found], ahead.row]),
        log.case_codes[np.concatenate([found, ahead.row])],
    )


def _in_progress(spans: Spans, log: EventLog, found: Ints, key: Ints, as_of: int) -> dict[str, Any]:
    if log.start is None:
        none = pd.array([pd.NA] * spans.grid.cells, dtype="Int64")
        return {"in_progress": none, "mean_in_progress": np.full(spans.grid.cells, np.nan)}
    end = np.where(log.end[found] > as_of, NAT, log.end[found])
    busy = stock(spans, log.start[found], np.where(end == NAT, LARGEST, end), key)
    return {"in_progress": pd.array(busy.level, dtype="Int64"), "mean_in_progress": busy.mean}


def _basis(counted: CountedLog, rows: Ints, order: str, left_out: int) -> list[str]:
    used = np.bincount(counted.basis[rows], minlength=len(BASES))
    kinds = [f"{name} ({count:,} steps)" for name, count in zip(BASES, used, strict=True) if count]
    said = [*kinds, f"order {order}"]
    return [*said, f"{left_out:,} steps whose wait is not known are left out"] if left_out else said
