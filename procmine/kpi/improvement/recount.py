"""The recount: how much earlier each step of a case ends, when all that it depends on ends earlier."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine import kernels
from procmine.enabled.concurrency import concurrency
from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.waiting.split import Split
from procmine.log import EventLog

CELLS = 1 << 22
"""How many latest ends, one for each case and kind of activity, are held at once."""


@dataclass(frozen=True, eq=False)
class Rounds:
    """The starts and ends of the steps of all cases in order of time, the n-th of every case in the n-th round.

    Cases stand in the order of how many they have, so that those of a round are the first ones. The
    end of a step that nothing comes before is one with its start.
    """

    row: Ints
    starts: Bools
    ends: Bools
    begins: Ints
    """Where each round begins, closed by how many there are."""
    cases: Ints
    """The cases in that order."""

    @classmethod
    def of(cls, log: EventLog) -> Rounds:
        """Return the rounds of a log: at one time first what began before ends, then step by step."""
        row, starts, ends = _in_order(log)
        case = log.case_codes[row]
        offsets = kernels.offsets_of(case, log.n_cases)
        count = np.diff(offsets)
        cases = np.argsort(-count, kind="stable")
        place = np.empty(log.n_cases, dtype=np.int64)
        place[cases] = np.arange(log.n_cases)
        nth = np.arange(len(row)) - offsets[case]
        begins = kernels.offsets_of(nth, int(count.max(initial=0)))
        order = np.empty(len(row), dtype=np.int64)
        order[begins[nth] + place[case]] = np.arange(len(row))
        return cls(row[order], starts[order], ends[order], begins, cases)


def _in_order(log: EventLog) -> tuple[Ints, Bools, Bools]:
    """Return the steps that start or end, or both, one after the other, case by case."""
    ended = np.flatnonzero(log.end != NAT)
    end = np.maximum(log.end[ended], log.first[ended])
    row = np.concatenate([np.arange(log.n_steps), ended])
    time = np.concatenate([log.first, end])
    is_end = np.repeat([0, 1], [log.n_steps, len(ended)])
    later = np.concatenate([np.ones(log.n_steps, np.int64), end == log.first[ended]])
    order = kernels.lexicographic_order([log.case_codes[row], time, later, row, is_end])
    if order is not None:
        row, is_end = row[order], is_end[order]
    ends = is_end == 1
    at_once = np.append(~ends[:-1] & ends[1:] & (row[:-1] == row[1:]), False)
    kept = ~np.concatenate([[False], at_once[:-1]]) if len(row) else ends
    return row[kept], ~ends[kept], (ends | at_once)[kept]


@dataclass(frozen=True, eq=False)
class Recount:
    """What each step depends on, and since when: enough to say when it would end if others ended earlier."""

    rounds: Rounds
    case: Ints
    kind: Ints
    """What kind of activity each step has; those that are concurrent with none are one kind."""
    depends: Bools
    """Of each two kinds, whether steps of one depend on those of the other."""
    end: Ints
    before: Ints
    """The latest end among the steps that each depends on, NAT where there are none."""
    room: Ints
    """How much earlier each step can begin at most: not before its case begins."""

    @classmethod
    def of(cls, found: Split, given: EventLog, order: str, room: Ints) -> Recount:
        """Return the dependencies of the log that was given; with ``order="sequence"`` on all before.

        Where starts are estimated, steps depend on what they did before, as enabled times do.
        """
        rounds = Rounds.of(given)
        if found.counted.order is not None:
            place = np.empty(given.n_steps, dtype=np.int64)
            place[found.counted.order] = np.arange(given.n_steps)
            rounds = Rounds(
                place[rounds.row], rounds.starts, rounds.ends, rounds.begins, rounds.cases
            )
        log, by = found.log, found.enabled.by
        kinds, depends = _kinds(given, order)
        before = np.where(by >= 0, log.end[by], NAT) if log.n_steps else by
        case = log.case_codes.astype(np.int64)
        return cls(rounds, case, kinds[log.activity.codes], depends, log.end, before, room)

    def saved(self, gain: Ints) -> Ints:
        """Return how much earlier each step would end, were its own wait shorter by ``gain``."""
        saved = np.zeros(len(gain), dtype=np.int64)
        shorter = np.bincount(self.case[gain > 0], minlength=len(self.rounds.cases)) > 0
        places = np.flatnonzero(shorter[self.rounds.cases])
        many = max(CELLS // len(self.depends), 1)
        for begin in range(0, len(places), many):
            self._go_through(places[begin : begin + many], gain, saved)
        return saved

    def _go_through(self, places: Ints, gain: Ints, saved: Ints) -> None:
        """Fill in what is saved in some cases: a start takes over what the latest end before it gained."""
        rounds = self.rounds
        ends = np.full((len(self.depends), len(places)), NAT)
        there = np.searchsorted(places, np.diff(rounds.begins))
        for begin, active in zip(rounds.begins[:-1], there, strict=True):
            if not active:
                return
            at = begin + places[:active]
            row = rounds.row[at]
            column = np.flatnonzero(rounds.starts[at])
            begun = row[column]
            latest = np.where(self.depends[:, self.kind[begun]], ends[:, column], NAT).max(axis=0)
            earlier = self.before[begun] - latest  # 0 where there is none: NAT less NAT
            saved[begun] = np.minimum(gain[begun] + earlier, self.room[begun])
            column = np.flatnonzero(rounds.ends[at])
            over = row[column]
            cells = self.kind[over], column
            ends[cells] = np.maximum(ends[cells], self.end[over] - saved[over])


def _kinds(log: EventLog, order: str) -> tuple[Ints, Bools]:
    """Return the kind of every activity, 0 where it is concurrent with none, and which kinds depend on each other."""
    activities = len(log.activity.labels)
    pairs = np.zeros(0, np.int64) if order == "sequence" else concurrency(log).pairs
    some, others = np.divmod(pairs, max(activities, 1))
    beside = np.unique(some)
    kinds = np.zeros(activities, dtype=np.int64)
    kinds[beside] = np.arange(1, len(beside) + 1)
    depends = np.ones((len(beside) + 1, len(beside) + 1), dtype=np.bool_)
    depends[kinds[some], kinds[others]] = False
    return kinds, depends
