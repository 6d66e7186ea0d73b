"""Without rework: by how many days cases would be shorter without what is done again, and which steps that holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from procmine.errors import ProcmineError
from procmine.kernels import Bools, Codes, Ints
from procmine.kpi.rework.closing import closed_by
from procmine.kpi.rework.days import come_to
from procmine.kpi.rework.kinds import Kind, Rework
from procmine.kpi.rework.requests import completion_requests
from procmine.log import EventLog

if TYPE_CHECKING:
    from procmine.procedure import Procedure

REWORK = {
    "completion_request": "no completion requests",
    "rework": "no repeated steps or steps back",
    "self_loop": "nothing done again at once",
    "repetition": "nothing done again later",
    "return": "no steps back",
    "reopened": "no reopened cases",
    "ping_pong": "no ping-pong between units",
}
"""The kinds of rework that a remedy can be about, and how it reads."""


@dataclass(frozen=True, eq=False)
class Spans:
    """The times that rework added: of which case, from when to when, and the step with which it was over."""

    case: Codes
    begin: Ints
    end: Ints
    last: Ints


@dataclass(frozen=True, eq=False)
class Avoided:
    """What cases would be spared: the time of each of them, and the steps that lie in it."""

    lost: Ints
    within: Bools


@dataclass(frozen=True, eq=False)
class Avoidable:
    """The rework of a log, found when it is first asked for."""

    log: EventLog
    procedure: Procedure | None

    def check(self, name: str) -> None:
        """Refuse a kind that cannot be counted, and say why."""
        for kind in self._of(name):
            if kind.steps is None:
                raise ProcmineError(f"rework={name!r} cannot be counted: {kind.basis}")

    def occurs(self, name: str) -> bool:
        """Tell whether a kind can be counted and took time."""
        return any(k.steps is not None and bool((k.steps.lost > 0).any()) for k in self._of(name))

    def without(self, asked: Sequence[tuple[str, str | None]]) -> Avoided:
        """Return what cases are spared without some kinds, of steps of an activity or of all.

        A time in which several of them lie counts once.
        """
        spans = [self._spans(name, activity) for name, activity in asked]
        within = np.zeros(self.log.n_steps, dtype=np.bool_)
        for each in spans:
            within |= self._within(each)
        return Avoided(_covered(spans, self.log.n_cases), within)

    def _of(self, name: str) -> list[Kind]:
        return [kind for kind in self._kinds if kind.name == name]

    @cached_property
    def _found(self) -> Rework:
        log, procedure = self.log, self.procedure
        return Rework(
            log, procedure, closed_by(log, procedure), completion_requests(log, procedure)
        )

    @cached_property
    def _kinds(self) -> list[Kind]:
        return self._found.kinds()

    @cached_property
    def _reached(self) -> Ints:
        log = self.log
        return come_to(log.last, log.case_codes, log.offsets, self._found.closed.at)

    def _spans(self, name: str, activity: str | None) -> Spans:
        marked = [kind.steps for kind in self._of(name) if kind.steps is not None]
        rows = np.concatenate([each.rows for each in marked])
        lost = np.concatenate([each.lost for each in marked])
        chosen = lost > 0
        if activity is not None:
            chosen &= self.log.activity.codes[rows] == self.log.activity.code(
                activity, what="activity"
            )
        rows, lost = rows[chosen], lost[chosen]
        case = self.log.case_codes[rows]
        # the time of a request is over with the step after it
        last = rows + 1 if name == "completion_request" else rows
        order = np.argsort(last, kind="stable")
        end = self._reached[last]
        return Spans(case[order], (end - lost)[order], end[order], last[order])

    def _within(self, spans: Spans) -> Bools:
        """Tell of every step whether its case came to it in one of the times; those of one kind never overlap."""
        rows = np.arange(self.log.n_steps)
        place = np.searchsorted(spans.last, rows)
        there = np.append(spans.case, -1)[place] == self.log.case_codes
        begin = np.append(spans.begin, 0)[place]
        inside: Bools = there & (self._reached > begin)
        return inside


def _covered(spans: Sequence[Spans], cases: int) -> Ints:
    """Return for how long some times hold of each case, what lies in several of them once."""
    case = np.concatenate([np.tile(each.case, 2) for each in spans])
    at = np.concatenate([np.concatenate([each.begin, each.end]) for each in spans])
    step = np.concatenate([np.repeat([1, -1], len(each.case)) for each in spans])
    order = np.lexsort((at, case))
    case, at = case[order], at[order]
    open_ = np.cumsum(step[order])[:-1] > 0  # those of a case are all over before the next case
    total = np.zeros(cases, dtype=np.int64)
    np.add.at(total, case[:-1][open_], np.diff(at)[open_])
    return total
