"""The clock of a term: due date, paused and voided days of every case, by taking the acts of all cases in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from procmine.kernels import Bools, Ints
from procmine.procedure.counting.acts import (
    EXTEND,
    REPLACE,
    RESTART,
    SUSPEND,
    Acts,
    bit,
    in_turn,
)
from procmine.procedure.counting.days import Days
from procmine.procedure.counting.pairing import OPEN
from procmine.procedure.term import Extension, Length, Pause


@dataclass(frozen=True, eq=False)
class Plan:
    """What a term says, in numbers: its lengths, and what may change them."""

    days: Days
    lengths: tuple[Length, ...]
    """The lengths that a case may have in force."""
    extensions: tuple[Extension, ...]
    pauses: tuple[Pause, ...]
    replacements: tuple[tuple[Ints, Length | None], ...]
    """For every replacement: by the length in force the place of the new one (-1: none), and the time for it."""
    today: int
    """The day of the view; a phase that has not begun by then has a later horizon."""


class Clock:
    """The clocks of many cases at once; one value per case in every array, days as numbers."""

    def __init__(self, plan: Plan, start: Ints, horizon: Ints, length: Ints) -> None:
        self.plan, self.start, self.horizon = plan, start, horizon
        self.length = length.copy()
        self.begun = start.copy()
        self.settled = start.copy()
        self.nominal = self._base(start, length)
        self.due = self._due(self.nominal, length)
        zeros = np.zeros(len(start), dtype=np.int64)
        self.paused, self.voided = zeros.copy(), zeros.copy()
        self.paused_working = zeros.copy()
        """Working days among the paused days since the clock last began."""
        self.remark = zeros.copy()
        self.standing, self.extended, self.replaced = (zeros.astype(np.bool_) for _ in range(3))
        self.stretches: list[tuple[Ints, Ints, Ints]] = []
        """Paused stretches as they were counted: the cases, and the days after which and up to which."""
        self._granted: list[tuple[Extension, Bools]] = []
        self._pauses_taken = np.zeros((len(plan.pauses), len(start)), dtype=np.int16)
        self._extensions_taken = np.zeros((len(plan.extensions), len(start)), dtype=np.int16)

    def run(self, acts: Acts) -> Clock:
        """Take all acts, those of each case in their order."""
        for turn in in_turn(acts):
            for kind, take in (
                (REPLACE, self._replace),
                (EXTEND, self._extend),
                (SUSPEND, self._suspend),
                (RESTART, self._restart),
            ):
                chosen = turn.kind == kind
                if chosen.any():
                    take(turn if chosen.all() else turn.where(chosen))
        return self

    def _base(self, start: Ints, length: Ints) -> Ints:
        return self._by_length(length, lambda at, which: self.plan.days.base(start[at], which))

    def _due(self, nominal: Ints, length: Ints) -> Ints:
        return self._by_length(length, lambda at, which: self.plan.days.due(nominal[at], which))

    def _by_length(self, length: Ints, of: Callable[[Bools, Length], Ints]) -> Ints:
        result = np.zeros(len(length), dtype=np.int64)
        for place, which in enumerate(self.plan.lengths):
            at = length == place
            if at.any():
                result[at] = of(at, which)
        return result

    def _move(self, case: Ints, nominal: Ints) -> None:
        self.nominal[case] = nominal
        self.due[case] = self._due(nominal, self.length[case])

    def _replace(self, acts: Acts) -> None:
        for item, (places, latest) in enumerate(self.plan.replacements):
            mine = (acts.item == item) & (acts.day >= self.start[acts.case])
            mine &= ~self.replaced[acts.case] & (places[self.length[acts.case]] >= 0)
            case, day = acts.case[mine], acts.day[mine]
            limit = self.due[case]
            if latest is not None:
                limit = self.plan.days.roll(self.plan.days.base(self.begun[case], latest))
            in_time = day <= limit
            self.remark[case[~in_time]] |= bit("longer term granted too late")
            case = case[in_time]
            new = places[self.length[case]]
            moved = self._base(self.begun[case], new) - self._base(
                self.begun[case], self.length[case]
            )
            self.length[case] = new
            self.replaced[case] = True
            self._move(case, self.nominal[case] + moved)

    def _extend(self, acts: Acts) -> None:
        for item, extension in enumerate(self.plan.extensions):
            mine = (acts.item == item) & (acts.day >= self.start[acts.case])
            mine &= self._extensions_taken[item, acts.case] < extension.times
            case, day = acts.case[mine], acts.day[mine]
            in_time = day <= self.due[case] - extension.days_before_due
            self.remark[case[~in_time]] |= bit("extension after the due date")
            case = case[in_time]
            self._extensions_taken[item, case] += 1
            self._lengthen(case, extension)

    def grant(self, cases: Bools, extension: Extension) -> None:
        """Grant some cases an extension that needs no act, now and whenever the clock begins again."""
        self._granted.append((extension, cases))
        self._lengthen(np.flatnonzero(cases), extension)

    def _lengthen(self, case: Ints, extension: Extension) -> None:
        self.extended[case] = True
        self._move(case, self.plan.days.later(self.nominal[case], extension.by))

    def _suspend(self, acts: Acts) -> None:
        acts, begins, ends = self._counting(acts)
        case = acts.case
        longer = ends > begins
        case, begins, ends = case[longer], begins[longer], ends[longer]
        self._pause(case, begins, ends)
        held = np.maximum(self.nominal[case], begins)
        moved = held + (ends - begins)
        working = self._in_working_days(case)
        if working.any():
            days = self.plan.days
            lost = days.up_to(ends) - days.up_to(begins)
            counted = np.maximum(days.nth(days.up_to(held) + lost), np.maximum(held, ends))
            moved = np.where(working, counted, moved)
        self._move(case, moved)

    def _restart(self, acts: Acts) -> None:
        before = self.settled
        acts, begins, ends = self._counting(acts)
        case = acts.case
        resumed = np.minimum(acts.until, self.horizon[case])
        resumed = np.maximum(np.maximum(resumed, ends), before[case])
        longer = ends > begins
        self._pause(case[longer], begins[longer], ends[longer])
        self.begun[case], self.settled[case] = resumed, resumed
        self.voided[case] = resumed - self.start[case] - self.paused[case]
        self.paused_working[case] = 0
        self.extended[case] = False
        self._move(case, self._base(resumed, self.length[case]))
        for extension, granted in self._granted:
            self._lengthen(case[granted[case]], extension)

    def _counting(self, acts: Acts) -> tuple[Acts, Ints, Ints]:
        """Return the pauses that count, and between which days they are paused: after the first, up to the second."""
        horizon = self.horizon[acts.case]
        self.remark[acts.case] |= acts.remark
        seen_until = np.minimum(horizon, self.plan.today)
        long = np.minimum(acts.asked_until, seen_until) > acts.until
        self.remark[acts.case[long]] |= bit("pause beyond its lawful length")
        in_time = acts.day <= self.due[acts.case]
        self.remark[acts.case[~in_time]] |= bit("pause after the due date")
        counts = acts.lawful & in_time
        for item, pause in enumerate(self.plan.pauses):
            if pause.times is not None:
                mine = acts.item == item
                often = mine & counts & (self._pauses_taken[item, acts.case] >= pause.times)
                self.remark[acts.case[often]] |= bit("pause too late or too often to count")
                counts &= ~often
                self._pauses_taken[item, acts.case[mine & counts]] += 1
        acts = acts.where(counts)
        last = self._last_paused(acts, acts.until)
        first = np.maximum(acts.day, self.start[acts.case])
        self.standing[acts.case[(first <= horizon[counts]) & (horizon[counts] < last)]] = True
        begins = np.maximum(first, self.settled[acts.case])
        return acts, begins, np.minimum(last, horizon[counts])

    def _last_paused(self, acts: Acts, until: Ints) -> Ints:
        early = np.array([pause.end_day_counts_as_running for pause in self.plan.pauses])
        return np.where(early[acts.item] & (until < OPEN), until - 1, until)

    def _pause(self, case: Ints, begins: Ints, ends: Ints) -> None:
        self.stretches.append((case, begins, ends))
        self.paused[case] += ends - begins
        days = self.plan.days
        self.paused_working[case] += days.up_to(ends) - days.up_to(begins)
        self.settled[case] = ends

    def _in_working_days(self, case: Ints) -> Bools:
        kinds = np.array([length.unit == "working_day" for length in self.plan.lengths])
        return np.asarray(kinds[self.length[case]], dtype=np.bool_)

    def requested(self, acts: Acts) -> Ints:
        """Return the days of the union of all pauses that were asked for."""
        chosen = acts.where((acts.kind == SUSPEND) | (acts.kind == RESTART))
        case, horizon = chosen.case, self.horizon[chosen.case]
        until = self._last_paused(chosen, chosen.asked_until) if len(case) else case
        begins = np.maximum(chosen.day, self.start[case])
        return union_days(case, begins, np.minimum(until, horizon), len(self.start))

    def cut(self, horizon: Ints) -> None:
        """End the clock on an earlier day: what was paused or voided after it no longer counts."""
        self.horizon, days = horizon, self.plan.days
        for case, begins, ends in self.stretches:
            late = np.maximum(begins, horizon[case])
            gone = ends > late
            case, late, ends = case[gone], late[gone], ends[gone]
            self.paused[case] -= ends - late
            self.paused_working[case] -= days.up_to(ends) - days.up_to(late)
        self.voided = np.minimum(self.voided, horizon - self.start - self.paused)

    def used(self) -> Ints:
        """Return the net days of every case, in working days where its length is."""
        days = self.plan.days
        net = self.horizon - self.start - self.paused - self.voided
        begun = np.minimum(self.begun, self.horizon)
        working = days.up_to(self.horizon) - days.up_to(begun) - self.paused_working
        return np.where(self._in_working_days(np.arange(len(net))), working, net)


def union_days(case: Ints, begins: Ints, ends: Ints, n_cases: int) -> Ints:
    """Return the days of the union of the intervals (begin, end] of every case.

    >>> union_days(np.array([0, 0, 0]), np.array([1, 2, 9]), np.array([4, 3, 10]), 1)
    array([4])
    """
    total = np.zeros(n_cases, dtype=np.int64)
    real = ends > begins
    case, begins, ends = case[real], begins[real], ends[real]
    if not len(case):
        return total
    by = np.lexsort((begins, case))
    case, begins, ends = case[by], begins[by], ends[by]
    apart = case * (4 * OPEN)
    reached = np.maximum.accumulate(ends + apart) - apart
    before = np.where(
        np.concatenate([[False], case[1:] == case[:-1]]),
        np.concatenate([[0], reached[:-1]]),
        begins,
    )
    gain = np.maximum(ends - np.maximum(begins, before), 0)
    return np.bincount(case, weights=gain, minlength=n_cases).astype(np.int64)
