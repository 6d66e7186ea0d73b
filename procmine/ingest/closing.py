"""When each case closed: at its last closing step, in an end column, or by a status."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from procmine.errors import LabelNotFoundError
from procmine.ingest import times
from procmine.ingest.binding import Binding, Closing
from procmine.ingest.columns import coded
from procmine.ingest.raw import RawTable
from procmine.kernels import NAT, Bools, Ints
from procmine.log import EventLog
from procmine.zones import to_local, to_utc

_DAY = 86_400_000_000
ReadTimes = Callable[[RawTable, str, Binding], times.ReadTimes]


def closing_times(
    log: EventLog, raw: RawTable, binding: Binding, place: Ints, notes: list[str], read: ReadTimes
) -> Ints | None:
    """Return the closing time of every case, NAT while it is open, or None where nothing says what
    closes a case.

    Closing activities: the end of the last such step (a step still running closes nothing). End
    column: its last value in the case; a bare date is the time of the case's last step on that
    local day, or else the day's beginning. Status: the end of the last step at which the status
    column has a closing value.
    """
    closed = binding.closed
    if closed is None:
        return None
    if closed.column is None:
        return _last_end(log, _closing_steps(log, closed))
    if closed.values:
        return _last_end(log, _status_steps(log, raw, closed, place))
    result = _end_column(log, raw, binding, place, read)
    early = int(((result != NAT) & (result < log.first[log.offsets[:-1]])).sum())
    if early:
        notes.append(
            f"{early:,} cases close before their first step ({closed.column}); they have no cycle time"
        )
    return result


def _closing_steps(log: EventLog, closed: Closing) -> Bools:
    names = log.activity.names()
    found = [name for name in closed.activities if name in names]
    if not found:
        raise LabelNotFoundError.among(
            closed.activities[0], sorted(names), what="activity (closed=)"
        )
    return np.isin(log.activity.codes, [names.index(name) for name in found])


def _status_steps(log: EventLog, raw: RawTable, closed: Closing, place: Ints) -> Bools:
    status = coded(raw.table[str(closed.column)])
    names = status.names()
    found = [value for value in closed.values if value in names]
    if not found:
        raise LabelNotFoundError.among(
            closed.values[0], sorted(names), what=f"value of {closed.column} (closed=)"
        )
    return np.isin(status.codes[place], [names.index(value) for value in found])


def _last_end(log: EventLog, closing: Bools) -> Ints:
    ends = np.where(closing, log.end, NAT)
    return np.maximum.reduceat(ends, log.offsets[:-1]) if log.n_cases else ends


def _end_column(
    log: EventLog, raw: RawTable, binding: Binding, place: Ints, read: ReadTimes
) -> Ints:
    assert binding.closed is not None
    assert binding.closed.column is not None
    found = read(raw, binding.closed.column, binding)
    written = found.micros if found.instants else to_utc(found.micros, log.tz)[0]
    written = written[place]
    latest = np.maximum.reduceat(written, log.offsets[:-1])
    known = latest != NAT
    if not known.any() or times.precision_of([latest[known]], log.tz) != "day":
        return latest
    return _at_last_step_of_day(log, latest)


def _at_last_step_of_day(log: EventLog, day: Ints) -> Ints:
    """Move bare dates to the last step of their local day, where the case has one."""
    local_day = to_local(log.last, log.tz) // _DAY
    closing_day = np.repeat(to_local(day, log.tz) // _DAY, np.diff(log.offsets))
    last = np.maximum.reduceat(np.where(local_day == closing_day, log.last, NAT), log.offsets[:-1])
    return np.maximum(day, last)
