"""The days of a calendar as columns: which are holidays, equated days and days with office hours."""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from procmine.calendars import equated
from procmine.calendars.countries import holidays_of
from procmine.calendars.dates import year_of
from procmine.calendars.own_days import DEADLINE, EQUATED, OFFICE, WORKING
from procmine.kernels import Bools, Ints

if TYPE_CHECKING:
    from procmine.calendars.calendar import Calendar

PATRON_COUNTRIES = ("IT",)
"""Countries whose subdivisions add the patron of the capital only: the office is closed, terms do not roll."""


@dataclass(frozen=True, eq=False)
class DayTable:
    """Consecutive days from ``first`` (days since 1970-01-01) on: one value a day in every column.

    A holiday that falls on a weekend is a ``holiday`` too; an equated day is none.
    """

    first: int
    weekday: npt.NDArray[np.int8]
    """0 is Monday."""
    holiday: Bools
    """Days off on which terms roll: public holidays and own days with the role deadline."""
    equated: Bools
    """Working days on which terms roll nevertheless (NL, Algemene termijnenwet art. 3)."""
    office_off: Bools
    """Days off of the office: public holidays, patrons, bridge days and closures, no weekends as such."""
    office_open: Bools
    """Days with office hours."""
    equated_known: Bools
    """False where the year's list of equated days is not known."""
    hours_known: Bools
    """False where office hours have dates of validity and none covers the day."""

    def __len__(self) -> int:
        return len(self.weekday)

    def between(self, first_day: int, last_day: int) -> DayTable:
        """Return the days from ``first_day`` to ``last_day``; both must be in the table."""
        begin, end = first_day - self.first, last_day - self.first + 1
        columns = {f.name: getattr(self, f.name)[begin:end] for f in fields(self)[1:]}
        return DayTable(first=first_day, **columns)


@lru_cache(maxsize=16)
def whole_table(calendar: Calendar) -> DayTable:
    """Return all days that a calendar covers; its columns cannot be written to."""
    days = np.arange(calendar.first_day, calendar.last_day + 1)
    weekday = ((days + 3) % 7).astype(np.int8)
    holiday, office_off, equated_days = (np.zeros(len(days), dtype=np.bool_) for _ in range(3))
    for flags, off in zip((holiday, office_off), _public_holidays(calendar), strict=True):
        flags[off - calendar.first_day] = True
    extra = np.zeros(len(days), dtype=np.bool_)
    for own in calendar.days:
        at = own.day - calendar.first_day
        if own.kind == WORKING:
            extra[at] = True
        elif own.kind == EQUATED:
            equated_days[at] = True
        else:
            holiday[at] |= DEADLINE in own.roles
            office_off[at] |= OFFICE in own.roles
    office_off &= ~extra
    equated_days |= np.isin(days, equated.days_of(calendar.country))
    schedule = schedules(calendar, days)
    has_hours = np.array([[bool(hours) for hours in week.week] for week in calendar.hours])
    open_by_week = has_hours[np.maximum(schedule, 0), weekday] & (schedule >= 0)
    table = DayTable(
        first=calendar.first_day,
        weekday=weekday,
        holiday=holiday,
        equated=equated_days,
        office_off=office_off,
        office_open=(open_by_week & ~office_off) | extra,
        equated_known=_equated_known(calendar, days),
        hours_known=(schedule >= 0) | extra,
    )
    for column in fields(table)[1:]:
        getattr(table, column.name).setflags(write=False)
    return table


def schedules(calendar: Calendar, days: Ints) -> Ints:
    """Return which office hours hold on each day: the last that cover it, -1 where none does."""
    place = np.full(len(days), -1)
    for number, hours in enumerate(calendar.hours):
        since = calendar.first_day if hours.since is None else hours.since
        until = calendar.last_day if hours.until is None else hours.until
        place[(days >= since) & (days <= until)] = number
    return place


def _public_holidays(calendar: Calendar) -> tuple[Ints, Ints]:
    """Return the public holidays on which terms roll, and those on which the office is closed."""
    if calendar.country is None:
        return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
    first, last = calendar.years
    national = holidays_of(calendar.country, None, calendar.categories, first, last)
    local = holidays_of(calendar.country, calendar.subdivision, calendar.categories, first, last)
    return (national, local) if calendar.country in PATRON_COUNTRIES else (local, local)


def _equated_known(calendar: Calendar, days: Ints) -> Bools:
    """Tell where equated days are known: the shipped years, and years in which the own days have some."""
    known = equated.years_of(calendar.country)
    if known is None:
        return np.ones(len(days), dtype=np.bool_)
    own = [year_of(day.day) for day in calendar.days if day.kind == EQUATED]
    years = days.astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return np.isin(years, [*known, *own])
