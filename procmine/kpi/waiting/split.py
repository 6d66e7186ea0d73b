"""The split of every wait into its causes, in whole microseconds that sum to the wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.calendars import Calendar
from procmine.enabled import CountedLog, Enabled, counted_log
from procmine.errors import ProcmineError
from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.given_log import check_has_cases
from procmine.kpi.waiting.absent import absent_time
from procmine.kpi.waiting.batches import Batches, batches
from procmine.kpi.waiting.busy import Waits, Work, busy_time
from procmine.kpi.waiting.hours.given import shifts_of_calendars
from procmine.kpi.waiting.hours.shifts import Shifts
from procmine.kpi.waiting.hours.who import who_of_steps
from procmine.kpi.waiting.turn import waits_for_others
from procmine.log import EventLog
from procmine.observe import microseconds
from procmine.procedure import Procedure
from procmine.procedure.arguments import check_procedure

CAUSES = (
    "external",
    "batching",
    "contention",
    "prioritisation",
    "unavailability",
    "unexplained",
)
Calendars = Calendar | Mapping[str, Calendar] | None


@dataclass(frozen=True, eq=False)
class Split:
    """One value per step of ``log``, the log as waits are counted in it; see docs/waiting.md.

    ``wait`` is NAT where it is not known, and a part where it cannot be computed; the parts that are
    known sum to the wait. ``basis`` is a place in ``procmine.enabled.BASES``. ``notes`` tell what is
    not computable, and why.
    """

    counted: CountedLog
    wait: Ints
    parts: dict[str, Ints]
    batches: Batches
    notes: tuple[str, ...]

    @property
    def log(self) -> EventLog:
        """The log as counted: with estimated starts where they were asked for."""
        return self.counted.log

    @property
    def enabled(self) -> Enabled:
        """When each step was enabled, and by which."""
        return self.counted.enabled

    @property
    def basis(self) -> npt.NDArray[np.int8]:
        """On what the wait of each step rests."""
        return self.counted.basis

    @property
    def until(self) -> Ints:
        """When the wait of each step ended, NAT where unknown."""
        return _ends(self.log)


def split(
    log: EventLog,
    *,
    calendar: Calendars = None,
    procedure: Procedure | None = None,
    order: str = "concurrency",
    starts: str | None = None,
    arrival: str | None = None,
    enabled: str | None = None,
    batch_size: int = 2,
    batch_gap: Any = "0s",
) -> Split:
    """Return the causes of every wait; the parameters are those of :func:`procmine.waiting_causes`."""
    check_has_cases(log)
    if procedure is not None:
        check_procedure(procedure, log)
    gap = _checked_gap(batch_gap)
    if not isinstance(batch_size, int) or batch_size < 2:
        raise ProcmineError(f"batch_size={batch_size!r}: a batch has 2 steps or more")
    counted = counted_log(log, order=order, starts=starts, arrival=arrival, enabled=enabled)
    one_time = log.start is None or not (log.start != NAT).any()
    shifts = _shifts(log, counted, calendar)
    until = _ends(counted.log)
    at = counted.enabled.at
    wait = np.where((until == NAT) | (at == NAT), NAT, until - at)
    found = batches(counted, one_time=one_time, size=batch_size, gap=gap)
    others = None if procedure is None else waits_for_others(counted, procedure)
    parts = _parts(counted, wait, until, found, others, shifts)
    return Split(counted, wait, parts, found, (*_missing(counted, wait), *shifts.notes))


def _shifts(log: EventLog, counted: CountedLog, calendar: Calendars) -> Shifts:
    """Return when everybody is at work, as given or as the log shows it; estimated starts show nothing."""
    at = counted.enabled.at
    if calendar is not None:
        known = at[at != NAT]
        return shifts_of_calendars(log, calendar, since=int(known.min()) if len(known) else None)
    from procmine.kpi.waiting.hours.found import found_shifts

    return found_shifts(log)


def _checked_gap(gap: Any) -> int:
    try:
        length = microseconds(pd.Timedelta(gap))
    except (ValueError, TypeError) as error:
        raise ProcmineError(f"batch_gap={gap!r} is no duration\nwrite '10min' or '1h'") from error
    if length < 0:
        raise ProcmineError(
            f"batch_gap={gap!r} is negative\ngive the longest pause in a batch, such as '10min'"
        )
    return length


def _ends(log: EventLog) -> Ints:
    """Return when the wait of each step ended: at its start; in a log without starts at its end."""
    return log.end if log.start is None else log.start


@dataclass(frozen=True, eq=False)
class _Windows:
    """What is left of the waits beside the batch: before and after it, two windows for each wait."""

    row: Ints
    begin: Ints
    end: Ints

    @classmethod
    def of(cls, rows: Ints, at: Ints, until: Ints, since: Ints, complete: Ints) -> _Windows:
        first, last = cls(rows, at, since), cls(rows, complete, until)
        before, after = since > at, until > complete
        return cls(
            np.concatenate([first.row[before], last.row[after]]),
            np.concatenate([first.begin[before], last.begin[after]]),
            np.concatenate([first.end[before], last.end[after]]),
        )

    def chosen(self, which: Bools) -> _Windows:
        return replace(self, row=self.row[which], begin=self.begin[which], end=self.end[which])

    def add(self, values: Ints, steps: int) -> Ints:
        """Return the sum of the values of both windows of each step; missing where one of them is."""
        total = np.zeros(steps, dtype=np.int64)
        missing = values == NAT
        np.add.at(total, self.row, np.where(missing, 0, values))
        total[self.row[missing]] = NAT
        return total


def _parts(
    counted: CountedLog,
    wait: Ints,
    until: Ints,
    found: Batches,
    others: Bools | None,
    shifts: Shifts,
) -> dict[str, Ints]:
    log, at, steps = counted.log, counted.enabled.at, counted.log.n_steps
    known = wait != NAT
    external, inside = np.full(steps, NAT), known
    if others is not None:
        external, inside = np.where(known, np.where(others, wait, 0), NAT), known & ~others
    batched = inside & (found.until != NAT) & (found.until > found.since)
    since = np.where(batched, np.clip(found.since, at, until), at)
    complete = np.where(batched, np.clip(found.until, at, until), at)
    rows = np.flatnonzero(inside & (wait > 0))
    windows = _Windows.of(rows, at[rows], until[rows], since[rows], complete[rows])
    who = who_of_steps(log)
    earlier, later = np.full((2, steps), NAT)
    working = np.zeros(steps, dtype=np.bool_)
    if log.resource is not None and log.start is not None:
        working = known & (log.resource.codes >= 0)
    work = _work(counted)
    mine = windows.chosen(working[windows.row])
    busy = busy_time(work, Waits(who[mine.row], at[mine.row], mine.begin, mine.end))
    earlier[working] = mine.add(busy.earlier, steps)[working]
    later[working] = mine.add(busy.later, steps)[working]
    absent = absent_time(shifts, work, who[windows.row], windows.begin, windows.end)
    away = windows.add(absent, steps)
    away[~known | (known & ~shifts.known(who))] = NAT
    parts = {
        "external": external,
        "batching": np.where(known & _batches_are_seen(log, found), complete - since, NAT),
        "contention": earlier,
        "prioritisation": later,
        "unavailability": away,
    }
    explained = sum(np.where(part == NAT, 0, part) for part in parts.values())
    return {**parts, "unexplained": np.where(known, wait - explained, NAT)}


def _batches_are_seen(log: EventLog, found: Batches) -> Bools:
    """Tell of which steps a batch would be seen: not of those without a resource, unless they are held at a time."""
    if log.start is None:
        return np.ones(log.n_steps, dtype=np.bool_)
    if log.resource is None:
        return ~found.free
    return (log.resource.codes >= 0) | ~found.free


def _work(counted: CountedLog) -> Work:
    """Return the steps that occupy a resource; one whose enabled time is unknown was enabled when it started.

    Those that stood still in between are left out: nobody knows when the work in them was done.
    """
    log = counted.log
    none = np.zeros(0, dtype=np.int64)
    if log.resource is None or log.start is None:
        return Work(none, none, none, none)
    known = (log.resource.codes >= 0) & (log.start != NAT) & (log.end > log.start)
    if log.suspended is not None:
        known &= log.suspended == 0
    rows = np.flatnonzero(known)
    at, start = counted.enabled.at[rows], log.start[rows]
    who = log.resource.codes[rows].astype(np.int64)
    return Work(who, start, log.end[rows], np.where(at == NAT, start, at))


def _missing(counted: CountedLog, wait: Ints) -> tuple[str, ...]:
    """Say what cannot be computed for lack of starts, resources or enabled times."""
    log = counted.log
    notes = []
    if log.start is None:
        notes.append(
            "the log has one timestamp per step: the sojourn is split, with the work itself in it (unexplained); "
            "contention and prioritisation are not computable"
        )
    if log.resource is None or not (log.resource.codes >= 0).any():
        notes.append(
            "the log has no resources: contention, prioritisation and most batches are not computable"
        )
    elif not (log.resource.codes >= 0).all():
        lacking = int((log.resource.codes < 0).sum())
        notes.append(
            f"{lacking:,} of {log.n_steps:,} steps have no resource: their contention, prioritisation and most of "
            "their batches are not computable"
        )
    unknown = int((wait == NAT).sum())
    if unknown:
        notes.append(
            f"of {unknown:,} of {log.n_steps:,} steps the wait is not known: they lack the time at which it began "
            "or ended"
        )
    return tuple(notes)
