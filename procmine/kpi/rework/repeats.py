"""Repeats: the steps whose activity the case has had before, and the steps to which it comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine import kernels
from procmine.kernels import Bools, Codes, Ints
from procmine.log import EventLog

SAME, OTHER, UNKNOWN = 0, 1, -1
BY = ("same", "other")


@dataclass(frozen=True, eq=False)
class Repeats:
    """Repeated steps and what they repeat, in the order of the log."""

    rows: Ints
    before: Ints
    """The previous step of the same activity in the case."""
    comes_back: Ints
    """The steps whose activity comes again in the case."""
    last_time: Ints
    """For each of these, the last step of the activity in the case."""
    codes: Codes
    """The activities of all steps."""
    by_activity: Ints
    """All steps in the order of their activity."""
    offsets: Ints
    """Where each activity begins among them."""

    @property
    def self_loop(self) -> Bools:
        """Which of the repeated steps come directly after the step that they repeat."""
        return np.equal(self.before, self.rows - 1)

    @property
    def activity(self) -> Codes:
        """The activities of the repeated steps."""
        return self.codes[self.rows]

    def steps_of(self, activities: Codes) -> Ints:
        """Return the steps of some activities, in the order of the log."""
        bounds = ((self.offsets[code], self.offsets[code + 1]) for code in activities.tolist())
        found = [self.by_activity[begin:end] for begin, end in bounds]
        if len(found) == 1:
            return found[0]
        return np.sort(np.concatenate([self.by_activity[:0], *found]))

    def activity_at(self, rows: Ints) -> Codes:
        """Return the activities of some steps."""
        return self.codes[rows]


def repeats(log: EventLog) -> Repeats:
    """Find the repeated steps of a log: equal activities of a case stand side by side when sorted by activity."""
    codes, case = log.activity.codes, log.case_codes
    order = kernels.lexicographic_order([codes])
    by_activity = np.arange(log.n_steps) if order is None else order
    in_order, owner = codes[by_activity], case[by_activity]
    again = (in_order[1:] == in_order[:-1]) & (owner[1:] == owner[:-1])
    place = np.flatnonzero(again)
    rows, before = _by_row(by_activity[place + 1], by_activity[place], log.n_steps)
    comes_back, last_time = _by_row(
        by_activity[place], by_activity[_ends_of_runs(place)], log.n_steps
    )
    offsets = kernels.offsets_of(codes, len(log.activity.labels))
    return Repeats(rows, before, comes_back, last_time, codes, by_activity, offsets)


def _by_row(rows: Ints, values: Ints, steps: int) -> tuple[Ints, Ints]:
    """Return distinct rows and their values in the order of the rows: a table is quicker than a sort."""
    table = np.full(steps, -1)
    table[rows] = values
    found = np.flatnonzero(table >= 0)
    return found, table[found]


def _ends_of_runs(place: Ints) -> Ints:
    """Return for each of some rising places the one behind the run of consecutive places that it is in.

    >>> _ends_of_runs(np.array([0, 1, 4]))
    array([2, 2, 5])
    """
    starts = kernels.run_starts(place - np.arange(len(place)))
    sizes = np.diff(np.append(starts, len(place)))
    return np.repeat(place[starts] + sizes, sizes)


def by_whom(log: EventLog, found: Repeats) -> Ints:
    """Tell of each repeated step whether the resource is that of the step before: SAME, OTHER or UNKNOWN."""
    if log.resource is None:
        return np.full(len(found.rows), UNKNOWN)
    mine, theirs = log.resource.codes[found.rows], log.resource.codes[found.before]
    said = np.where(mine == theirs, SAME, OTHER)
    return np.where((mine < 0) | (theirs < 0), UNKNOWN, said)
