"""Working days within intervals: their office hours over the mean office hours of a working day."""

from __future__ import annotations

import numpy as np

from procmine.calendars import Calendar
from procmine.kernels import DAY, NAT, Floats, Ints
from procmine.kpi.waiting.hours.given import EVERYBODY, shifts_of_calendars
from procmine.kpi.waiting.hours.who import who_of_steps
from procmine.kpi.waiting.split import Calendars
from procmine.log import EventLog
from procmine.zones import to_local


def working_days(log: EventLog, calendar: Calendars, row: Ints, low: Ints, high: Ints) -> Floats:
    """Return the working days of some steps between two instants, by the calendar of each step.

    NaN where no calendar is given for a step, or its calendar does not cover the interval.
    """
    if calendar is None:
        return np.full(len(row), np.nan)
    since = int(low.min()) if len(low) else None
    shifts = shifts_of_calendars(log, calendar, since=since)
    who = who_of_steps(log)[row]
    given = {EVERYBODY: calendar} if isinstance(calendar, Calendar) else calendar
    lengths = np.array([*(_length(log, each, low, high) for each in given.values()), np.nan])
    hours = shifts.open_time(who, low, high)
    known = np.where(hours == NAT, np.nan, hours)
    days: Floats = known / lengths[shifts.schedule[who]]
    return days


def _length(log: EventLog, calendar: Calendar, low: Ints, high: Ints) -> float:
    """Return the mean office hours of the days with office hours between the first time and the last."""
    if not len(low):
        return float("nan")
    if log.precision == "day":  # the office days of its calendars are whole days
        return float(DAY)
    ends = np.array([int(low.min()), int(high.max())])
    first, last = (int(day) for day in to_local(ends, log.tz) // DAY)
    first, last = max(first, calendar.first_day), min(last, calendar.last_day)
    if first > last:
        return float("nan")
    days = np.flatnonzero(calendar.day_table(first, last).office_open) + first
    if not len(days):
        return float("nan")
    minutes = [sum(b - a for a, b in calendar.hours_on(int(day))) for day in days]
    return float(np.mean(minutes)) * 60_000_000
