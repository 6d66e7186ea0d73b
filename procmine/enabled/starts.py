"""Estimated starts: where the log has none, a step began when it was enabled and its resource was free."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from procmine import kernels
from procmine.enabled.enabling import Enabled
from procmine.kernels import NAT, Ints
from procmine.log import EventLog


def with_estimated_starts(log: EventLog, enabled: Enabled) -> tuple[EventLog, Ints]:
    """Return the log with a start for every step that has none, and which row of the log each step was.

    A step began at the later of its enabled time and the end of the step before it of its resource
    (by end, then order of the log); one whose enabled time is not known keeps no start.
    After Chapela-Campa and Dumas (2023), "Repairing start times". The steps of a case are sorted
    again by their starts.
    """
    start = np.full(log.n_steps, NAT) if log.start is None else log.start
    free = _free_since(log)
    guess = np.where(enabled.at == NAT, NAT, np.maximum(enabled.at, free))
    start = np.where((start == NAT) & (log.end != NAT), guess, start)
    order = _order(log, start)
    return _reordered(replace(log, start=start), order), order


def _free_since(log: EventLog) -> Ints:
    """Return the end of the step before of the same resource, NAT where there is none."""
    free = np.full(log.n_steps, NAT)
    if log.resource is None:
        return free
    rows = np.flatnonzero((log.resource.codes >= 0) & (log.end != NAT))
    who = log.resource.codes[rows]
    order = kernels.lexicographic_order([who, log.end[rows]])
    if order is not None:
        rows, who = rows[order], who[order]
    same = np.flatnonzero(who[1:] == who[:-1])
    free[rows[same + 1]] = log.end[rows[same]]
    return free


def _order(log: EventLog, start: Ints) -> Ints:
    """Return the order of (case, start or end, end or start); equal steps stay as they are."""
    first = np.where(start == NAT, log.end, start)
    last = np.where(log.end == NAT, start, log.end)
    order = kernels.lexicographic_order([log.case_codes, first, last])
    return np.arange(log.n_steps) if order is None else order


def _reordered(log: EventLog, order: Ints) -> EventLog:
    if np.array_equal(order, np.arange(log.n_steps)):
        return log
    steps = log.step_attributes
    return replace(
        log,
        activity=log.activity.take(order),
        end=log.end[order],
        start=None if log.start is None else log.start[order],
        row=log.row[order],
        resource=log.resource and log.resource.take(order),
        unit=log.unit and log.unit.take(order),
        suspended=None if log.suspended is None else log.suspended[order],
        closing=None if log.closing is None else log.closing[order],
        step_attributes=steps.take(order) if steps.num_columns else steps,
    )
