"""Stays: the line of every case cut at each start and end, so that a case stands at one point at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine import kernels
from procmine.kernels import NAT, Bools, Ints
from procmine.log import EventLog
from procmine.observe import STATES, ObservedCases

OPEN = STATES.index("open")
_FAR = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Stays:
    """One value for each stay, in the order of (case, begin); times are microseconds."""

    row: Ints
    """The step whose start or end began it."""
    ended: Bools
    """Whether that was its end: the case then stood after the step, else in it."""
    begin: Ints
    stop: Ints
    """When the case went on; as_of where it still stands."""
    moved: Bools

    def take(self, chosen: Bools) -> Stays:
        """Return some of the stays."""
        row, begin, stop = (column[chosen] for column in (self.row, self.begin, self.stop))
        return Stays(row, self.ended[chosen], begin, stop, self.moved[chosen])


@dataclass(frozen=True, eq=False)
class _Events:
    """The starts and ends that were known at ``as_of``, in the order of (case, time, order of the log)."""

    case: Ints
    row: Ints
    time: Ints
    ended: Bools


def stays(log: EventLog, seen: ObservedCases) -> Stays:
    """Return the stays of all cases as they were known at ``as_of``.

    A stay begins at a start or an end and lasts until the next one of the case, or until the case
    closes. What has closed stands nowhere: neither after the step that closed it nor, where it was
    reopened, after one that had closed it before (``closing`` of the log marks such steps).
    """
    events = _events(log, seen.as_of)
    following = np.full(len(events.row), _FAR)
    same = events.case[1:] == events.case[:-1]
    following[:-1][same] = events.time[1:][same]
    closed_at = seen.closed_at[events.case]
    stop = np.minimum(following, np.where(closed_at == NAT, _FAR, closed_at))
    kept = _standing(log, seen, events, closed_at)
    moved = stop != _FAR
    stop = np.where(moved, stop, seen.as_of)
    return Stays(events.row[kept], events.ended[kept], events.time[kept], stop[kept], moved[kept])


def _standing(log: EventLog, seen: ObservedCases, events: _Events, closed_at: Ints) -> Bools:
    """Tell after which events a case stood: those before it closed, but not where it had closed before."""
    stood = np.where(closed_at == NAT, seen.state[events.case] == OPEN, events.time <= closed_at)
    if log.closing is None:
        return stood
    closes = log.closing[events.row] & (events.time == closed_at)
    last = np.full(log.n_cases, len(events.row))
    for kind in (~events.ended & (log.end[events.row] == NAT), events.ended):
        at = np.flatnonzero(closes & kind)
        last[events.case[at]] = (
            at  # of several the last one stays, an end before a start without end
        )
    before = np.arange(len(events.row)) < last[events.case]
    return np.asarray(stood & before & ~(log.closing[events.row] & events.ended))


def _events(log: EventLog, as_of: int) -> _Events:
    rows, times = np.arange(log.n_steps), log.end
    ended = np.ones(log.n_steps, dtype=np.bool_)
    if log.start is not None:  # the two of a step side by side: so ties keep the order of the log
        rows, times = np.repeat(rows, 2), np.column_stack([log.start, log.end]).ravel()
        ended = np.tile([False, True], log.n_steps)
    known = (times != NAT) & (times <= as_of)
    if not known.all():
        rows, times, ended = rows[known], times[known], ended[known]
    case = log.case_codes[rows].astype(np.int64)
    order = kernels.lexicographic_order([case, times])
    if order is not None:
        case, rows, times, ended = case[order], rows[order], times[order], ended[order]
    return _Events(case, rows, times, ended)
