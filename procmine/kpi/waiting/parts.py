"""The parts of every wait: to each instant the first cause that applies, added up in whole microseconds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.enabled import CountedLog
from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.waiting.absent import absent_time
from procmine.kpi.waiting.batches import Batches
from procmine.kpi.waiting.busy import BusyTime, Waits, Work, busy_time
from procmine.kpi.waiting.hours.shifts import Shifts
from procmine.kpi.waiting.hours.who import who_of_steps
from procmine.log import EventLog


def parts_of_waits(
    counted: CountedLog, found: Batches, others: Bools | None, shifts: Shifts
) -> dict[str, Ints]:
    """Return the part of each cause in the wait of every step, NAT where it cannot be computed.

    ``others`` tells which steps wait for somebody outside, None where nobody says it. The parts that
    are known sum to the wait.
    """
    wait = counted.wait
    known = wait != NAT
    external, inside = np.full(len(wait), NAT), known
    if others is not None:
        external, inside = np.where(known, np.where(others, wait, 0), NAT), known & ~others
    since, complete = _in_batch(counted, found, inside)
    rows = np.flatnonzero(inside & (wait > 0))
    left = _Windows.beside(rows, counted, since, complete)
    work = _work(counted)
    busy = _busy(counted, work, left)
    parts = {
        "external": external,
        "batching": np.where(known & _batches_are_seen(counted.log, found), complete - since, NAT),
        "contention": busy.earlier,
        "prioritisation": busy.later,
        "unavailability": _away(counted, work, shifts, left),
    }
    explained = sum(np.where(part == NAT, 0, part) for part in parts.values())
    return {**parts, "unexplained": np.where(known, wait - explained, NAT)}


@dataclass(frozen=True, eq=False)
class _Windows:
    """What is left of the waits beside the batch: before and after it, up to two windows for each wait."""

    row: Ints
    begin: Ints
    end: Ints

    @classmethod
    def beside(cls, rows: Ints, counted: CountedLog, since: Ints, complete: Ints) -> _Windows:
        """Return the windows of some steps that waited for their batch from ``since`` until ``complete``."""
        at, until = counted.enabled.at[rows], counted.until[rows]
        since, complete = since[rows], complete[rows]
        before, after = since > at, until > complete
        return cls(
            np.concatenate([rows[before], rows[after]]),
            np.concatenate([at[before], complete[after]]),
            np.concatenate([since[before], until[after]]),
        )

    def chosen(self, which: Bools) -> _Windows:
        return _Windows(self.row[which], self.begin[which], self.end[which])

    def add(self, values: Ints, steps: int) -> Ints:
        """Return the sum of the values of both windows of each step; missing where one of them is."""
        total = np.zeros(steps, dtype=np.int64)
        missing = values == NAT
        np.add.at(total, self.row, np.where(missing, 0, values))
        total[self.row[missing]] = NAT
        return total


def _in_batch(counted: CountedLog, found: Batches, inside: Bools) -> tuple[Ints, Ints]:
    """Return from when until when each step waited for its batch; both its enabled time where it did not."""
    at, until = counted.enabled.at, counted.until
    batched = inside & (found.until != NAT) & (found.until > found.since)
    since = np.where(batched, np.clip(found.since, at, until), at)
    complete = np.where(batched, np.clip(found.until, at, until), at)
    return since, complete


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


def _busy(counted: CountedLog, work: Work, left: _Windows) -> BusyTime:
    """Return how long the resource of each step was busy in what is left of its wait."""
    log, steps = counted.log, counted.log.n_steps
    if log.resource is None or log.start is None:
        return BusyTime(*np.full((2, steps), NAT))
    who = log.resource.codes
    mine = left.chosen(who[left.row] >= 0)
    asked = who[mine.row].astype(np.int64)
    busy = busy_time(work, Waits(asked, counted.enabled.at[mine.row], mine.begin, mine.end))
    computable = (counted.wait != NAT) & (who >= 0)
    return BusyTime(
        np.where(computable, mine.add(busy.earlier, steps), NAT),
        np.where(computable, mine.add(busy.later, steps), NAT),
    )


def _away(counted: CountedLog, work: Work, shifts: Shifts, left: _Windows) -> Ints:
    """Return how long whoever did each step was neither busy nor at work in what is left of its wait."""
    who = who_of_steps(counted.log)
    absent = absent_time(shifts, work, who[left.row], left.begin, left.end)
    computable = (counted.wait != NAT) & shifts.known(who)
    return np.where(computable, left.add(absent, len(who)), NAT)
