"""Batches: steps that were done together, and until when each of them waited for the others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from procmine import kernels, zones
from procmine.enabled import CountedLog
from procmine.kernels import DAY, NAT, Bools, Ints
from procmine.kpi.waiting.chains import chains
from procmine.kpi.waiting.sessions import groups, sessions
from procmine.log import EventLog

KINDS = ("time_of_week", "weekday", "parallel", "sequential", "concurrent", "instant")
TIME_OF_WEEK, WEEKDAY, PARALLEL, SEQUENTIAL, CONCURRENT, INSTANT = range(len(KINDS))
LEAST_STAMPED = 5
"""So many steps at one instant are no coincidence."""


@dataclass(frozen=True, eq=False)
class Batches:
    """One value per step: the number of its batch (-1: none), its kind (a place in KINDS), and when it waited for it.

    The wait lasts from ``since`` (at the soonest when the step was enabled) until ``until``, when the batch was
    complete or its session began; both are NAT where a step is in no batch, or in one that nobody waits for.
    """

    number: Ints
    kind: npt.NDArray[np.int8]
    since: Ints
    until: Ints

    @classmethod
    def none(cls, steps: int) -> Batches:
        """Return no batch at all."""
        return cls(
            np.full(steps, -1),
            np.full(steps, -1, dtype=np.int8),
            np.full(steps, NAT),
            np.full(steps, NAT),
        )

    @property
    def free(self) -> Bools:
        """Which steps are in no batch so far."""
        return self.number < 0

    def add(self, rows: Ints, batch: Ints, kind: npt.NDArray[np.int8] | int) -> None:
        """Put steps into batches, numbered from 0 on in ``batch``."""
        self.number[rows] = batch + self.number.max(initial=-1) + 1
        self.kind[rows] = kind


def batches(counted: CountedLog, *, one_time: bool, size: int = 2, gap: int = 0) -> Batches:
    """Return the batches of a log, by the rules in docs/waiting.md: the first that holds of a step counts.

    ``one_time``: the log was given with one timestamp; ``size``: the least number of steps; ``gap``:
    the longest pause between two of them (µs).
    """
    log = counted.log
    found = Batches.none(log.n_steps)
    for kind, held in zip((TIME_OF_WEEK, WEEKDAY), sessions(log), strict=True):
        found.add(held.rows, held.number, kind)
        found.since[held.rows] = np.maximum(counted.enabled.at[held.rows], held.before)
        found.until[held.rows] = held.begin
    if one_time:
        _add_stamped(found, counted, max(size, LEAST_STAMPED))
    if log.resource is not None and log.start is not None:
        _add_parallel(found, counted, size)
        _add_chains(found, counted, size, gap)
    return replace(found, number=_by_first_row(found.number))


def _by_first_row(number: Ints) -> Ints:
    """Number batches by their first step in the log: the order of the resources must not show in the numbers."""
    inside = np.flatnonzero(number >= 0)
    old, first, which = np.unique(number[inside], return_index=True, return_inverse=True)
    rank = np.empty(len(old), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(old))
    fresh = np.full(len(number), -1)
    fresh[inside] = rank[which]
    return fresh


def _candidates(log: EventLog, free: Bools) -> Ints:
    """Return the steps that one resource did, in the order of (resource, activity, start, end)."""
    assert log.resource is not None
    assert log.start is not None
    known = free & (log.resource.codes >= 0) & (log.start != NAT) & (log.end != NAT)
    rows = np.flatnonzero(known)
    who, activity = log.resource.codes[rows], log.activity.codes[rows]
    order = kernels.lexicographic_order([who, activity, log.start[rows], log.end[rows]])
    return rows if order is None else rows[order]


def _add_parallel(found: Batches, counted: CountedLog, size: int) -> None:
    log = counted.log
    rows = _candidates(log, found.free)
    assert log.resource is not None
    assert log.start is not None
    rows = rows[log.start[rows] < log.end[rows]]
    who, activity = log.resource.codes[rows], log.activity.codes[rows]
    batch = _numbered(who, activity, log.start[rows], log.end[rows])
    enough = np.bincount(batch)[batch] >= size if len(rows) else np.zeros(0, np.bool_)
    _add(found, counted, rows[enough], batch[enough], PARALLEL)


def _add_chains(found: Batches, counted: CountedLog, size: int, gap: int) -> None:
    log = counted.log
    rows = _candidates(log, found.free)
    assert log.resource is not None
    assert log.start is not None
    if not len(rows):
        return
    group = _numbered(log.resource.codes[rows], log.activity.codes[rows])
    start, end, at = log.start[rows], log.end[rows], counted.enabled.at[rows]
    chain = chains(group, start, end, at, gap)
    chosen = (np.bincount(chain)[chain] >= size) & _at_different_times(chain, at)
    beside, apart = np.zeros((2, int(chain[-1]) + 1), dtype=np.bool_)
    same = chain[1:] == chain[:-1]
    beside[chain[1:][same & (start[1:] < end[:-1])]] = True
    apart[chain[1:][same & (start[1:] > start[:-1])]] = True
    kind = np.where(beside, CONCURRENT, SEQUENTIAL).astype(np.int8)
    _add(found, counted, rows[chosen], chain[chosen], kind[chain[chosen]])
    chance = rows[chosen & (beside & apart)[chain]]
    found.since[chance] = found.until[chance] = NAT


def _add_stamped(found: Batches, counted: CountedLog, size: int) -> None:
    log = counted.log
    if log.precision == "day":
        return
    timed = zones.to_local(np.where(log.end == NAT, 0, log.end), log.tz) % DAY != 0
    rows = np.flatnonzero(found.free & (log.end != NAT) & timed)
    group = groups(log)[rows]
    order = kernels.lexicographic_order([group, log.end[rows]])
    rows, group = (rows, group) if order is None else (rows[order], group[order])
    if not len(rows):
        return
    batch = _numbered(group, log.end[rows])
    at = counted.enabled.at[rows]
    chosen = (np.bincount(batch)[batch] >= size) & _at_different_times(batch, at)
    _add(found, counted, rows[chosen], batch[chosen], INSTANT)


def _add(
    found: Batches,
    counted: CountedLog,
    rows: Ints,
    batch: Ints,
    kind: npt.NDArray[np.int8] | int,
) -> None:
    """Put sorted steps into batches that are complete when their last member is enabled."""
    if not len(rows):
        return
    number = _numbered(batch)
    at = counted.enabled.at[rows]
    found.add(rows, number, kind)
    found.since[rows] = at
    found.until[rows] = np.maximum.reduceat(at, kernels.run_starts(number))[number]


def _at_different_times(batch: Ints, enabled: Ints) -> Bools:
    """Tell of every step whether the steps of its batch were enabled at two different known times at least."""
    begins = kernels.run_starts(batch)
    last = np.maximum.reduceat(enabled, begins)
    unknown_last = np.where(enabled == NAT, np.iinfo(np.int64).max, enabled)
    first = np.minimum.reduceat(unknown_last, begins)
    return np.repeat((last != NAT) & (first < last), np.diff(begins, append=len(batch)))


def _numbered(*keys: npt.NDArray[np.integer]) -> Ints:
    """Number the runs of equal keys from 0 on; equal keys stand side by side."""
    new = np.zeros(len(keys[0]), dtype=np.bool_)
    for key in keys:
        new[1:] |= key[1:] != key[:-1]
    return np.cumsum(new)
