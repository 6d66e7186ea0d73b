"""The hours of office time that a step takes, by unit and activity: measured, or as the staff file says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from procmine.calendars import Calendar
from procmine.kernels import DAY, NAT, Floats, Ints
from procmine.kpi.workload.staff import Staff
from procmine.log import EventLog
from procmine.observe import office_time

HOUR = DAY / 24


@dataclass(frozen=True, eq=False)
class StepHours:
    """The hours that a step takes, one value for each key and activity: NaN where nobody knows."""

    hours: Floats
    measured: int
    """On how many steps they rest."""


def hours_per_step(
    log: EventLog,
    calendar: Calendar,
    rows: Ints,
    key: Ints,
    *,
    names: Sequence[str],
    staff: Staff,
    as_of: int,
) -> StepHours:
    """Return the mean office hours of the steps of each key and activity that had ended at ``as_of``.

    What staff says goes first. Where no step of a key and activity has both times, the mean of the
    activity in all keys stands for it.
    """
    activities = len(log.activity.labels)
    done, time = _worked(log, calendar, rows, as_of)
    cell = key[done] * activities + log.activity.codes[rows[done]]
    of_cell = _means(cell, time, len(names) * activities).reshape(len(names), activities)
    overall = _means(cell % activities, time, activities)
    hours = np.where(np.isnan(of_cell), overall, of_cell)
    _say(hours, staff, names, log.activity.names())
    return StepHours(hours, len(time))


def _worked(log: EventLog, calendar: Calendar, rows: Ints, as_of: int) -> tuple[Ints, Floats]:
    """Return which of some steps have start and end, and the office hours between, less what was suspended.

    Of a step that was suspended for a share of its time the same share of the office hours is left out.
    """
    if log.start is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    start, end = log.start[rows], log.end[rows]
    done = np.flatnonzero((start != NAT) & (end != NAT) & (end <= as_of))
    start, end = start[done], end[done]
    time = office_time(log, calendar, start, end) / HOUR
    if log.suspended is not None:
        length = np.maximum(end - start, 1)
        time = time * (1 - np.minimum(log.suspended[rows[done]] / length, 1))
    return done, time


def _means(group: Ints, values: Floats, groups: int) -> Floats:
    count = np.bincount(group, minlength=groups)
    means = np.full(groups, np.nan)
    np.divide(
        np.bincount(group, weights=values, minlength=groups), count, out=means, where=count > 0
    )
    return means


def _say(hours: Floats, staff: Staff, names: Sequence[str], activities: Sequence[str]) -> None:
    """Put in the hours that staff says: those for every unit first, then those of one."""
    for (unit, activity), said in sorted(staff.hours.items(), key=lambda item: bool(item[0][0])):
        if activity in activities and (unit in names or not unit):
            of = names.index(unit) if unit else slice(None)
            hours[of, activities.index(activity)] = said
