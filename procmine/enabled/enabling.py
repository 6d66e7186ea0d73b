"""Enabled: since when each step could have begun, and the step that it waited for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine import kernels
from procmine.enabled.concurrency import Concurrency, concurrency
from procmine.enabled.written import case_instants, step_instants
from procmine.errors import ProcmineError
from procmine.kernels import NAT, Bools, Codes, Ints
from procmine.log import EventLog

ORDERS = ("concurrency", "sequence")
_ROUNDS = 24
"""So many concurrent steps are gone back over before activities are looked up."""


@dataclass(frozen=True, eq=False)
class Enabled:
    """One value per step: when it was enabled (microseconds UTC), and the row of its enabler, -1 where none."""

    at: Ints
    by: Ints


def enabled_steps(
    log: EventLog,
    *,
    order: str = "concurrency",
    arrival: str | None = None,
    enabled: str | None = None,
    parallel: Concurrency | None = None,
) -> Enabled:
    """Return when each step could have begun: the latest end among the earlier steps it depends on.

    Earlier steps of the case are those before it in the log that ended by its start (by its end
    where it has no start); it depends on those whose activity is not concurrent with its own, with
    ``order="sequence"`` on all. A step that depends on none is enabled when its case begins: at its
    ``arrival`` (a case attribute), else at the first start, if it is known. ``enabled`` names a step attribute with
    the recorded time, which goes first. ``parallel`` are the concurrent activities, where another log than
    this one says them. The definition is in docs/waiting.md.
    """
    if order not in ORDERS:
        raise ProcmineError(
            f"order={order!r} is neither 'concurrency' (activities that come in either order do not wait for "
            "each other) nor 'sequence' (every step waits for all before it)"
        )
    if order == "concurrency" and parallel is None:
        parallel = concurrency(log)
    some = order == "concurrency" and parallel is not None and len(parallel.pairs) > 0
    by = _enablers(log, parallel if some else None)
    begins = log.offsets[:-1]
    begin = np.full(log.n_cases, NAT) if log.start is None else log.start[begins]
    if arrival is not None:
        arrived = case_instants(log, arrival, what="arrival=")
        begin = np.where((arrived != NAT) & (arrived <= log.first[begins]), arrived, begin)
    at = np.where(by >= 0, log.end[by], np.repeat(begin, np.diff(log.offsets)))
    if enabled is not None:
        known = step_instants(log, enabled, what="enabled=")
        at = np.where((known != NAT) & (known <= log.first), known, at)
    return Enabled(at, by)


def _enablers(log: EventLog, parallel: Concurrency | None) -> Ints:
    """Go back from each step over what ended before it, until something that it depends on is found.

    Where many concurrent steps stand between, the last end of each activity that it depends on is looked up.
    """
    ended = _Ended.of(log)
    by = np.full(log.n_steps, -1)
    rows, place = np.arange(log.n_steps), ended.until - 1
    rounds = 0
    while len(rows):
        inside = place >= ended.begins[log.case_codes[rows]]
        rows, place = rows[inside], place[inside]
        if parallel is not None and rounds >= _ROUNDS:
            by[rows] = _looked_up(log, parallel, ended, rows, place)
            break
        candidate = ended.rows[place]
        later = candidate >= rows
        beside = _concurrent(log.activity.codes, candidate, rows, parallel) & ~later
        found = ~(later | beside)
        by[rows[found]] = candidate[found]
        place = np.where(beside, ended.before(place), place - 1)
        rows, place = rows[~found], place[~found]
        rounds += 1
    return by


def _looked_up(
    log: EventLog, parallel: Concurrency, ended: _Ended, rows: Ints, place: Ints
) -> Ints:
    """Return the enabler of some steps: of each activity that it depends on the last step up to a place, the latest."""
    activity = log.activity.codes
    kind = log.case_codes[ended.rows].astype(np.int64) * parallel.activities + activity[ended.rows]
    order = np.argsort(kind, kind="stable")
    width = len(kind) + 1
    keys = kind[order] * width + order
    best = np.full(len(rows), -1)
    own, of = np.unique(activity[rows], return_inverse=True)
    depends = [parallel.others(code) for code in own.tolist()]
    size = np.array([len(each) for each in depends])[of]
    table = np.zeros((len(own), int(size.max(initial=0))), dtype=np.int64)
    for line, each in enumerate(depends):
        table[line, : len(each)] = each
    for column in range(table.shape[1]):
        some = np.flatnonzero(size > column)
        wanted = log.case_codes[rows[some]].astype(np.int64) * parallel.activities
        wanted = (wanted + table[of[some], column]) * width
        at = np.searchsorted(keys, wanted + place[some], side="right") - 1
        found = (at >= 0) & (keys[at] >= wanted)
        while (later := found & (ended.rows[order[at]] >= rows[some])).any():
            at = np.where(later, at - 1, at)
            found &= (at >= 0) & (keys[at] >= wanted)
        best[some] = np.maximum(best[some], np.where(found, order[at], -1))
    return np.where(best >= 0, ended.rows[best], -1)


def _concurrent(activity: Codes, some: Ints, others: Ints, parallel: Concurrency | None) -> Bools:
    if parallel is None:
        return np.zeros(len(some), dtype=np.bool_)
    return parallel.holds(activity[some], activity[others])


@dataclass(frozen=True, eq=False)
class _Ended:
    """The steps with an end, in the order of (case, end, row)."""

    rows: Ints
    begins: Ints
    """Where each case begins among them."""
    until: Ints
    """Of every step of the log: how many stand before the first of its case that ended later than it began."""
    run: Ints
    """Of each of them: the last place before those side by side with the same case and activity."""

    @classmethod
    def of(cls, log: EventLog) -> _Ended:
        rows = np.arange(log.n_steps)
        if _in_sequence(log):
            return cls(rows, log.offsets[:-1], rows, cls._runs(log, rows))
        known = log.end != NAT
        case = np.concatenate([log.case_codes[known], log.case_codes])
        time = np.concatenate([log.end[known], log.first])
        asked = np.repeat([0, 1], [int(known.sum()), log.n_steps])
        order = kernels.lexicographic_order([case, time, asked])
        order = np.arange(len(case)) if order is None else order
        ends = order < int(known.sum())
        until = np.empty(log.n_steps, dtype=np.int64)
        until[order[~ends] - int(known.sum())] = np.cumsum(ends)[~ends]
        sorted_rows = rows[known][order[ends]]
        begins = kernels.offsets_of(log.case_codes[known], log.n_cases)[:-1]
        return cls(sorted_rows, begins, until, cls._runs(log, sorted_rows))

    @staticmethod
    def _runs(log: EventLog, rows: Ints) -> Ints:
        kind = log.case_codes[rows].astype(np.int64) * len(log.activity.labels)
        kind += log.activity.codes[rows]
        starts = kernels.run_starts(kind)
        return np.repeat(starts - 1, np.diff(starts, append=len(rows)))

    def before(self, place: Ints) -> Ints:
        return self.run[place]


def _in_sequence(log: EventLog) -> bool:
    """Tell whether no step ends later than the next one of its case begins, and every end is known."""
    if not log.n_steps or int(log.end.min()) == NAT:
        return False
    sources = kernels.directly_follows(log.offsets)
    return bool((log.end[sources] <= log.first[sources + 1]).all())
