"""The kinds of rework: which steps are of each, what they added, and why a kind cannot be counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from procmine.kernels import Bools, Ints
from procmine.kpi.handovers.changes import ping_pongs
from procmine.kpi.rework.closing import Closed, reopened_rows
from procmine.kpi.rework.days import (
    Marked,
    come_to,
    loops,
    lost_in_loops,
    lost_since_last,
)
from procmine.kpi.rework.repeats import BY, UNKNOWN, by_whom, repeats
from procmine.kpi.rework.requests import Requests
from procmine.kpi.rework.returns import return_rows
from procmine.log import Coded, EventLog

if TYPE_CHECKING:
    from procmine.procedure import Procedure

WITHOUT_REWORK, FIRST_TIME_RIGHT = "without_rework", "first_time_right"
KINDS = (
    "self_loop",
    "repetition",
    "return",
    "reopened",
    "ping_pong",
    "completion_request",
    "rework",
    WITHOUT_REWORK,
    FIRST_TIME_RIGHT,
)
NO_FLOW = "returns not known: give a procedure with a flow"
NO_UNITS = "the log has no units"
ONE_DATE = "steps done again not known: the log has one date for each milestone of a case, so no step can be twice"
ONE_UNIT = "work that passes between units not known: each row of the export is a case, with one unit for all its steps"
_NOT = np.iinfo(np.int64).min


@dataclass(frozen=True, eq=False)
class Kind:
    """One kind, by the same or an other resource where that is told apart; ``steps`` None if it cannot be counted."""

    name: str
    steps: Marked | None
    basis: str
    by: str | None = None


@dataclass(frozen=True, eq=False)
class Rework:
    """What is needed to find each kind: the log, its procedure, what closes its cases, and what asks the applicant."""

    log: EventLog
    procedure: Procedure | None
    closed: Closed
    requests: Requests | str

    def kinds(self) -> list[Kind]:
        """Return the kinds that count steps, in the order of the table."""
        log = self.log
        reached = come_to(log.last, log.case_codes, log.offsets, self.closed.at)
        found = repeats(log)
        within = loops(found, log.case_codes)
        repeated = Marked(found.rows, lost_in_loops(found, within, reached))
        kinds = list(self._repeated(repeated, found.self_loop, by_whom(log, found)))
        back, basis = None, "a repeated activity (steps back not known)"
        if self.procedure is not None and self.procedure.flow:
            rows = return_rows(log, self.procedure, found)
            lost = lost_since_last(rows, reached, log.offsets, log.case_codes)
            back = Marked(rows, _of_repeats(rows, np.where(within.hold(rows), 0, lost), repeated))
            basis = "a repeated activity or a step back"
        flow = (
            f"flow of procedure {self.procedure.procedure}" if back and self.procedure else NO_FLOW
        )
        kinds.append(Kind("return", back, flow))
        kinds.append(self._reopened(reached))
        kinds.append(self._ping_pong(reached))
        kinds.append(self._requests(reached))
        kinds.append(self._rework(repeated, back, basis))
        return kinds

    def _rework(self, repeated: Marked, back: Marked | None, basis: str) -> Kind:
        if self._one_date:
            return Kind("rework", None, ONE_DATE)
        both = repeated if back is None else _united(repeated, back, self.log.n_steps)
        return Kind("rework", both, basis)

    @property
    def _one_date(self) -> bool:
        """Whether the export has a column for each milestone, in which a second time has no place."""
        return bool(self.log.binding.milestones)

    def _repeated(self, repeated: Marked, self_loop: Bools, who: Ints) -> Iterator[Kind]:
        """Return the kinds of repeated steps, by resource; what is not known has a row only where there is such."""
        for name, chosen in (("self_loop", self_loop), ("repetition", ~self_loop)):
            if self._one_date:
                yield Kind(name, None, ONE_DATE)
                continue
            if not _any(self.log.resource):
                yield Kind(name, _some(repeated, chosen), "the log has no resources")
                continue
            for code, by in enumerate(BY):
                yield Kind(name, _some(repeated, chosen & (who == code)), "repeated activities", by)
            unknown = chosen & (who == UNKNOWN)
            if unknown.any():
                yield Kind(name, _some(repeated, unknown), "a resource of the two is not known")

    def _reopened(self, reached: Ints) -> Kind:
        if self.closed.at is None:
            return Kind("reopened", None, self.closed.basis)
        rows = reopened_rows(self.log, self.closed)
        lost = lost_since_last(rows, reached, self.log.offsets, self.log.case_codes)
        return Kind("reopened", Marked(rows, lost), self.closed.basis)

    def _ping_pong(self, reached: Ints) -> Kind:
        if self.log.unit is None or not _any(self.log.unit):
            return Kind("ping_pong", None, NO_UNITS)
        found = ping_pongs(self.log.unit.codes, self.log.case_codes)
        if self._one_date and not len(found.rows):
            return Kind("ping_pong", None, ONE_UNIT)
        lost = reached[found.rows] - reached[found.since]
        missing = int((self.log.unit.codes < 0).sum())
        told = f"; {missing:,} steps without a unit" if missing else ""
        return Kind("ping_pong", Marked(found.rows, lost), f"work that comes back to a unit{told}")

    def _requests(self, reached: Ints) -> Kind:
        if isinstance(self.requests, str):
            return Kind("completion_request", None, self.requests)
        rows, log = self.requests.rows, self.log
        following = np.minimum(rows + 1, log.offsets[log.case_codes[rows] + 1] - 1)
        lost = reached[following] - reached[rows]
        return Kind("completion_request", Marked(rows, lost), self.requests.basis)


def _any(column: Coded | None) -> bool:
    """Tell whether a column knows anything."""
    return column is not None and bool((column.codes >= 0).any())


def _some(marked: Marked, chosen: Bools) -> Marked:
    return Marked(marked.rows[chosen], marked.lost[chosen])


def _of_repeats(rows: Ints, lost: Ints, repeated: Marked) -> Ints:
    """Return what each of some steps added: repeated ones what they added as such, the others what is given."""
    if not len(repeated.rows):
        return lost
    place = np.minimum(np.searchsorted(repeated.rows, rows), len(repeated.rows) - 1)
    return np.where(repeated.rows[place] == rows, repeated.lost[place], lost)


def _united(some: Marked, others: Marked, steps: int) -> Marked:
    """Return the steps of both, each once; a table of all steps is quicker than a sort."""
    table = np.full(steps, _NOT)
    table[others.rows] = others.lost
    table[some.rows] = some.lost
    rows = np.flatnonzero(table != _NOT)
    return Marked(rows, table[rows])
