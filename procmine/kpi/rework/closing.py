"""Reopened cases: which steps close one, and which come after the first that reopens it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from procmine import kernels
from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.begun import moment_of
from procmine.kpi.closed import BY_PROCEDURE, closed_cases
from procmine.kpi.given_log import check_has_cases
from procmine.kpi.rework.days import ranges
from procmine.log import EventLog

if TYPE_CHECKING:
    from procmine.procedure import Procedure

UNKNOWN = "nothing says what closes a case: give closed= to pm.read, or closing: in the procedure"
_NEVER = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Closed:
    """What closes the cases of a log: when each closed (NAT: open), the closing steps and their ends."""

    at: Ints | None
    """None where nothing says what closes a case."""
    steps: Bools | None
    """Which steps close one; None where a column of the export holds the end of the case."""
    ends: Ints
    basis: str


def closed_by(log: EventLog, procedure: Procedure | None) -> Closed:
    """Return what closes the cases: the procedure where it says so, else the log."""
    check_has_cases(log)
    closed, seen, told = closed_cases(log, procedure, moment_of(_latest(log)))
    if told:
        return Closed(seen.closed_at, closed.closing, log.last, BY_PROCEDURE)
    if log.closed_at is None:
        return Closed(None, None, log.end, UNKNOWN)
    return Closed(seen.closed_at, log.closing, log.end, "closed as the log says")


def _latest(log: EventLog) -> int:
    """Return the latest time of the log: all that it holds counts, also what lies in the future."""
    times = [log.last] if log.closed_at is None else [log.last, log.closed_at]
    return max(int(known.max(initial=NAT)) for known in times)


def reopened_rows(log: EventLog, closed: Closed) -> Ints:
    """Return the steps from the first on that is not closing itself and begins after a closing step ended."""
    if closed.at is None or not log.n_cases:
        return np.zeros(0, dtype=np.int64)
    since = closed.at
    later = np.ones(log.n_steps, dtype=np.bool_)
    if closed.steps is not None:
        rows = np.flatnonzero(closed.steps & (closed.ends != NAT))
        since, case = np.full(log.n_cases, NAT), log.case_codes[rows]
        starts = kernels.run_starts(case)
        if len(starts):
            since[case[starts]] = np.minimum.reduceat(closed.ends[rows], starts)
        later = ~closed.steps
    limit = np.where(since == NAT, _NEVER, since)
    later &= log.first > np.repeat(limit, np.diff(log.offsets))
    rows = np.flatnonzero(later)
    first = rows[kernels.run_starts(log.case_codes[rows])]
    return ranges(first, log.offsets[log.case_codes[first] + 1])
