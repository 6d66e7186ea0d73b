"""When each case closed: at its last closing step, in an end column, or by a status."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from procmine.errors import LabelNotFoundError, TimestampError, did_you_mean
from procmine.ingest import times
from procmine.ingest.binding import Binding
from procmine.ingest.columns import coded
from procmine.ingest.marks import Closing
from procmine.ingest.names import folded
from procmine.ingest.raw import RawTable, shown_value
from procmine.ingest.rows import read_times
from procmine.ingest.spelling import matching, one_spelling
from procmine.kernels import DAY, NAT, Bools, Ints
from procmine.log import EventLog
from procmine.zones import resolved, to_local

_A_WORD = 4
"""Labels of fewer letters are codes, in which an accent may tell two apart."""
NOT_THERE = "closed= names what does not occur"
MISSPELT = "closed= probably misspells what does not occur"
EVERY_STEP = "closed= names a time of the steps"
DOUBTFUL = (MISSPELT, EVERY_STEP)
"""How notes begin that bind turns into warnings: they may turn open cases into closed ones, or the other way round."""


def closing_times(
    log: EventLog, raw: RawTable, binding: Binding, place: Ints, notes: list[str]
) -> tuple[Ints | None, Bools | None]:
    """Return when every case closed (NAT while it is open) and which steps close it.

    Both are None where nothing says what closes a case, the second also where a column holds the end.

    In a status history (``previous=``) a case is closed only if its last status is. Closing
    activities: the end of the last such step (a step still running closes nothing). End
    column: its last value in the case; a bare date is the time of the case's last step on that
    local day, or else the day's beginning. Status: the end of the last step at which the status
    column has a closing value; a status that is the same at all steps of every case is one of the
    case, of which no earlier step closed it.
    """
    closed = binding.closed
    if closed is None:
        return None, None
    if closed.column in binding.milestones and not closed.values:  # a milestone is an activity now
        closed = Closing(activities=(binding.milestones[str(closed.column)],))
    if closed.column is None or closed.values:
        by_status = closed.column is not None
        closing = (
            _status_steps(raw, closed, place, notes)
            if by_status
            else _closing_steps(log, closed, notes)
        )
        closed_at = _last_end(log, closing)
        if (
            binding.previous is not None
        ):  # in a status history the last status says whether a case is open
            closed_at[~closing[log.offsets[1:] - 1]] = NAT
        elif by_status:
            closing = _once_a_case(log, closing, closed_at)
        return closed_at, closing
    if closed.column in binding.time_columns() and log.n_steps > log.n_cases:
        notes.append(
            f"{EVERY_STEP}: {closed.column!r} holds the times of the steps, so every case with such a time is closed; "
            "name closing activities, a status with its values, or a column with the end of the case"
        )
    result = _end_column(log, raw, binding, place, notes)
    early = int(((result != NAT) & (result < log.first[log.offsets[:-1]])).sum())
    if early:
        notes.append(
            f"{early:,} cases close before their first step ({closed.column}); they have no cycle time"
        )
    return result, None


def _closing_steps(log: EventLog, closed: Closing, notes: list[str]) -> Bools:
    codes = _codes_of(closed.activities, log.activity.names(), "activity", notes)
    closing = np.zeros(len(log.activity.labels), dtype=np.bool_)
    closing[codes] = True
    return closing[log.activity.codes]


def _status_steps(raw: RawTable, closed: Closing, place: Ints, notes: list[str]) -> Bools:
    status = one_spelling(coded(raw.table[str(closed.column)]))[0]
    codes = _codes_of(closed.values, status.names(), f"value of {closed.column}", notes)
    return np.isin(status.codes[place], codes)


def _codes_of(wanted: tuple[str, ...], names: list[str], what: str, notes: list[str]) -> list[int]:
    """Return the codes of the closing labels that occur; a note names the others, and none at all is an error."""
    wanted = tuple(matching(label, names) or label for label in wanted)
    missing = [label for label in wanted if label not in names]
    if len(missing) == len(wanted):
        raise LabelNotFoundError.among(wanted[0], sorted(names), what=f"{what} (closed=)")
    if missing:
        near = did_you_mean(missing[0], [name for name in names if name not in wanted])
        begins = MISSPELT if near else NOT_THERE
        shown = ", ".join(map(repr, missing)) + near.replace("\n", "; ")
        notes.append(f"{begins} as {what}: {shown}")
    words = {folded(label) for label in wanted if sum(map(str.isalpha, label)) >= _A_WORD}
    return [code for code, name in enumerate(names) if name in wanted or folded(name) in words]


def _once_a_case(log: EventLog, closing: Bools, closed_at: Ints) -> Bools:
    """Return the closing steps; where the status is one of the whole case, only those on which it closed."""
    if not log.n_cases:
        return closing
    some = np.logical_or.reduceat(closing, log.offsets[:-1])
    every = np.logical_and.reduceat(closing, log.offsets[:-1])
    if not np.array_equal(some, every):
        return closing
    last = log.end == np.repeat(closed_at, np.diff(log.offsets))
    return np.asarray(closing & last, dtype=np.bool_)


def _last_end(log: EventLog, closing: Bools) -> Ints:
    ends = np.where(closing, log.end, NAT)
    return np.maximum.reduceat(ends, log.offsets[:-1]) if log.n_cases else ends


def _end_column(
    log: EventLog, raw: RawTable, binding: Binding, place: Ints, notes: list[str]
) -> Ints:
    assert binding.closed is not None
    assert binding.closed.column is not None
    column = binding.closed.column
    found = _read_end_column(raw, column, binding)
    if column not in binding.time_columns():  # else it is noted already
        notes += found.order_note(column)
    bad = np.flatnonzero(found.unreadable[place])
    if len(bad):
        row, (text,) = raw.rows[place[bad[0]]], raw.texts_at(column, place[bad[:1]])
        notes.append(
            f"{len(bad):,} steps have a closing time that cannot be read ({column}), "
            f"first in row {row}: {shown_value(text)!r}"
        )
    written = found.micros
    if not found.instants:
        change = resolved(written, log.tz, binding.clock_change)
        at_change = int((change.twice | change.never)[place].sum())
        if at_change:
            now = (
                "missing"
                if binding.clock_change == "reject"
                else f"the {binding.clock_change} was taken"
            )
            notes.append(
                f"{column}: closing times of steps at a clock change: {at_change:,}; {now} (clock_change=)"
            )
        written = change.instants
    written = written[place]
    latest = np.maximum.reduceat(written, log.offsets[:-1])
    known = latest != NAT
    if not known.any() or times.precision_of([latest[known]], log.tz) != "day":
        return latest
    return _at_last_step_of_day(log, latest)


def _read_end_column(raw: RawTable, column: str, binding: Binding) -> times.ReadTimes:
    """Read a closing column in its own way of writing; time_format= speaks of the steps, and of it only
    where its own way is not known or leaves the order of day and month open.
    """
    if binding.time_format is None or column in binding.time_columns():
        return read_times(raw, column, binding)
    try:
        found = read_times(raw, column, replace(binding, time_format=None))
    except TimestampError as first:
        try:
            return read_times(raw, column, binding)
        except TimestampError:
            raise first from None
    if not found.either_order:
        return found
    try:
        return read_times(raw, column, binding)
    except TimestampError:
        return found


def _at_last_step_of_day(log: EventLog, day: Ints) -> Ints:
    """Move bare dates to the last step of their local day, where the case has one."""
    local_day = to_local(log.last, log.tz) // DAY
    closing_day = np.repeat(to_local(day, log.tz) // DAY, np.diff(log.offsets))
    last = np.maximum.reduceat(np.where(local_day == closing_day, log.last, NAT), log.offsets[:-1])
    return np.maximum(day, last)
