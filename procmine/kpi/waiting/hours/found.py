"""The shifts that a log shows: weekly hours, holidays and leave of every resource, found from its own marks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.kernels import DAY, Bools, Codes, Ints
from procmine.kpi.waiting.hours.days_off import days_of_log, holidays, leave
from procmine.kpi.waiting.hours.expand import on_days
from procmine.kpi.waiting.hours.marks import Marks, marks_of
from procmine.kpi.waiting.hours.shifts import Shifts
from procmine.kpi.waiting.hours.spans import Spans
from procmine.kpi.waiting.hours.weekly import weekly_hours
from procmine.kpi.waiting.hours.who import unit_of_resources
from procmine.log import EventLog
from procmine.zones import resolved

LEAST_STEPS = 100
LEAST_DAYS = 10
"""Nothing is found from fewer steps, or from steps on fewer days."""


@dataclass(frozen=True, eq=False)
class Found:
    """What a log shows of when everybody works; ``hours`` are (who, weekday, quarter), days off (who, day)."""

    marks: Marks
    days: Ints
    hours: Bools
    holiday: Bools
    absent: Bools
    enough: bool


def found_shifts(log: EventLog) -> Shifts:
    """Return when every resource, unit and everybody is at work, as the log shows it.

    The rules are in docs/waiting.md, "Found calendars". A log with fewer than 100 steps, or with steps on
    fewer than 10 days, shows nothing: then no schedule is known, and a note says so.
    """
    found = found_in(log)
    whos = len(found.marks.whos)
    if not found.enough:
        nothing = Spans.of(found.days[:0], found.days[:0], found.days[:0], 0)
        return Shifts(np.full(whos, -1), nothing, nothing, _unknown(found, 0))
    off = found.absent | found.holiday
    bits = [np.packbits(part.reshape(whos, -1), axis=1) for part in (found.hours, off)]
    _, example, schedule = np.unique(
        np.concatenate(bits, axis=1), axis=0, return_index=True, return_inverse=True
    )
    hours = on_days(found.hours[example], found.days, off[example], log.tz)
    covered = _covered(found.days, log.tz, len(example))
    notes = _unknown(found, len(covered.begins) // len(covered))
    return Shifts(schedule.ravel().astype(np.int64), hours, covered, notes)


def found_in(log: EventLog) -> Found:
    """Return the weekly hours, the holidays and the leave that a log shows."""
    marks = marks_of(log)
    units = unit_of_resources(log)
    hours = weekly_hours(marks, units)
    days = days_of_log(marks)
    everybody = marks.whos.everybody
    steps, seen = _seen(marks)
    holiday = holidays(marks, hours[everybody], days)
    absent = _with_units(marks, leave(marks, hours, days, holiday), units, days)
    enough = steps >= LEAST_STEPS and seen >= LEAST_DAYS
    return Found(marks, days, hours, holiday, absent, enough)


def _seen(marks: Marks) -> tuple[int, int]:
    """Return how many steps mark days that tell the hours, and how many such days there are."""
    rows = marks.of_who(marks.whos.everybody)
    timed = marks.timed[rows]
    return int(marks.steps[rows][timed].sum()), int(timed.sum())


def _with_units(marks: Marks, absent: Bools, units: Codes, days: Ints) -> Bools:
    """Give each resource the days off of its unit too, but for those on which it has marks."""
    resources = np.flatnonzero(units >= 0)
    absent[resources] |= absent[marks.whos.resources + units[resources]]
    absent[marks.who, np.searchsorted(days, marks.day)] = False
    return absent


def _covered(days: Ints, tz: str, schedules: int) -> Spans:
    """Return the instants of the days of the log, the same for each schedule."""
    new = np.flatnonzero(np.diff(days) > 1) + 1
    first, last = days[np.concatenate([[0], new])], days[np.concatenate([new - 1, [len(days) - 1]])]
    begins, ends = (resolved(side * DAY, tz).instants for side in (first, last + 1))
    group = np.repeat(np.arange(schedules), len(begins))
    return Spans.of(group, np.tile(begins, schedules), np.tile(ends, schedules), schedules)


def _unknown(found: Found, spans: int) -> tuple[str, ...]:
    """Say what is not known, nothing where everything is."""
    if not found.enough:
        steps, days = _seen(found.marks)
        return (
            f"no hours of work can be found in {steps:,} steps on {days:,} days: "
            f"{LEAST_STEPS} steps on {LEAST_DAYS} days are needed\n"
            "give calendar=, or what is not at work stays unknown",
        )
    if spans > 1:
        return (
            f"the log has {spans - 1:,} times more than a year without a step: hours of work between are "
            "not known; wrong dates make such gaps, pm.quality(log) shows them",
        )
    return ()
