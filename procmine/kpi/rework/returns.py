"""Returns: the steps with which a case goes back in the flow of its procedure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from procmine import kernels
from procmine.kernels import Bools, Ints
from procmine.kpi.rework.repeats import Repeats
from procmine.log import EventLog

if TYPE_CHECKING:
    from procmine.procedure import Procedure
    from procmine.procedure.flow import FlowPart

_NEVER = np.iinfo(np.int64).max


def return_rows(log: EventLog, procedure: Procedure, found: Repeats) -> Ints:
    """Return the steps whose case has had an activity before that stands behind theirs in the flow.

    Activities of a part that are alternatives or run side by side do not stand behind each other;
    an activity that the flow names in several places has none.
    """
    flow = _Flow(log, procedure, found)
    back = [np.zeros(0, dtype=np.int64)]
    never = np.full(log.n_cases, _NEVER)
    for name, reached in flow.reached_behind(procedure.flow, never):
        rows = flow.rows(name)
        back.append(rows[rows > reached[log.case_codes[rows]]])
    return np.sort(np.concatenate(back))


def repeatable(log: EventLog, procedure: Procedure) -> Bools:
    """Tell of each activity of the log whether it stands in a part of the flow that may come again."""
    marked = np.zeros(len(log.activity.labels), dtype=np.bool_)
    names = [name for part in procedure.flow for name in _repeatable(part, within=False)]
    marked[procedure.codes(log, names)] = True
    return marked


def _repeatable(part: FlowPart, *, within: bool) -> Iterator[str]:
    within = within or part.repeatable
    if part.kind == "activity" and within:
        yield part.activity
    for below in part.parts:
        yield from _repeatable(below, within=within)


class _Flow:
    """The activities of a flow that stand in one place, beside a log."""

    def __init__(self, log: EventLog, procedure: Procedure, found: Repeats) -> None:
        self.log, self.procedure, self.found = log, procedure, found
        names = [name for part in procedure.flow for name in part.activities()]
        places = Counter(procedure.spellings(name)[0] for name in names)
        self.placed = {name for name in names if places[procedure.spellings(name)[0]] == 1}

    def rows(self, name: str) -> Ints:
        """Return the steps of an activity."""
        return self.found.steps_of(self.procedure.codes(self.log, [name]))

    def reached_behind(
        self, parts: tuple[FlowPart, ...], reached: Ints
    ) -> Iterator[tuple[str, Ints]]:
        """Return every activity of parts in a row, and the step with which each case first came behind it."""
        for part in reversed(parts):
            if part.kind == "activity" and part.activity in self.placed:
                yield part.activity, reached
            elif part.kind == "sequence":
                yield from self.reached_behind(part.parts, reached)
            else:
                for beside in part.parts:
                    yield from self.reached_behind((beside,), reached)
            reached = np.minimum(reached, self.first(part))

    def first(self, part: FlowPart) -> Ints:
        """Return the step with which each case first came to a part."""
        first = np.full(self.log.n_cases, _NEVER)
        for name in self.placed.intersection(part.activities()):
            rows = self.rows(name)
            case = self.log.case_codes[rows]
            starts = kernels.run_starts(case)
            first[case[starts]] = np.minimum(first[case[starts]], rows[starts])
        return first
