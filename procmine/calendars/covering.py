"""What a calendar does not know is refused or warned of in words: other years, days without hours, equated days."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, NoReturn

import numpy as np

from procmine.calendars.countries import supported_years
from procmine.calendars.dates import date_text, year_of
from procmine.calendars.day_table import whole_table
from procmine.calendars.own_days import OFFICE
from procmine.errors import CalendarCoverageError, CalendarError, DataQualityWarning
from procmine.kernels import DAY, NAT, Bools, Ints
from procmine.zones import to_local

if TYPE_CHECKING:
    from procmine.calendars.calendar import Calendar


def check_days(calendar: Calendar, days: Ints) -> None:
    """Refuse days outside the years covered."""
    if not len(days):
        return
    low, high = int(days.min()), int(days.max())
    if low < calendar.first_day or high > calendar.last_day:
        wrong = int(((days < calendar.first_day) | (days > calendar.last_day)).sum())
        _not_covered(calendar, low if low < calendar.first_day else high, wrong, len(days))


def check_found(calendar: Calendar, days: Ints, found: Ints) -> None:
    """Refuse answers that lie outside the years covered (NAT)."""
    missing = found == NAT
    if missing.any():
        _beyond(calendar, int(days[missing][0]), int(missing.sum()), len(days))


def check_order(start: Ints, end: Ints) -> None:
    """Refuse intervals that end before they start."""
    wrong = end < start
    if wrong.any():
        raise CalendarError(
            f"{int(wrong.sum()):,} of {len(start):,} intervals end before they start, "
            f"first at position {int(np.argmax(wrong)):,}\nswap start= and end=, or leave these out"
        )


def years_of_instants(calendar: Calendar, low: int, high: int) -> tuple[int, int]:
    """Return the local years from one instant to another; the end of the last year is still of that year."""
    local = to_local(np.array([low, max(high - 1, low)]), calendar.tz) // DAY
    check_days(calendar, local)
    return year_of(int(local[0])), year_of(int(local[1]))


def check_hours_known(calendar: Calendar, start: Ints, end: Ints) -> None:
    """Refuse intervals of instants that touch days for which no office hours hold."""
    if _unknown(calendar).any():
        first = to_local(start, calendar.tz) // DAY
        last = to_local(np.maximum(end - 1, start), calendar.tz) // DAY
        _check_between(calendar, first, last)


def check_open_days_known(calendar: Calendar, start: Ints, end: Ints, role: str) -> None:
    """Refuse spans of days for which no office hours hold, where the question is of the office."""
    if role == OFFICE and _unknown(calendar).any():
        _check_between(calendar, np.minimum(start, end), np.maximum(start, end))


def warn_of_unknown_equated_days(calendar: Calendar, days: Ints, place: Ints) -> None:
    """Warn once of days that rolled, or did not, in years whose equated days are not known."""
    known = whole_table(calendar).equated_known
    unknown = ~(known[days - calendar.first_day] & known[place])
    if unknown.any():
        years = sorted({year_of(int(day)) for day in days[unknown]})
        told = ", ".join(map(str, years[:8])) + (" …" if len(years) > 8 else "")
        warnings.warn(
            f"{int(unknown.sum()):,} of {len(days):,} days are in years whose equated days are not known ({told}): "
            "they may roll further; add the days to days= with kind 'equated'",
            DataQualityWarning,
            stacklevel=3,
        )


def _unknown(calendar: Calendar) -> Bools:
    return np.asarray(~whole_table(calendar).hours_known)


def _check_between(calendar: Calendar, first: Ints, last: Ints) -> None:
    before = np.concatenate([[0], np.cumsum(_unknown(calendar))])
    begin, end = first - calendar.first_day, last - calendar.first_day + 1
    touched = before[end] > before[begin]
    if touched.any():
        at = int(np.argmax(touched))
        day = int(np.searchsorted(before, before[begin[at]], side="right")) - 1
        raise CalendarCoverageError(
            f"no office hours hold on {date_text(day + calendar.first_day)}, and {int(touched.sum()):,} of "
            f"{len(first):,} questions touch such days\n"
            f"the hours hold {'; '.join(week.validity or 'always' for week in calendar.hours)}: "
            "add a week to hours= that covers the day",
            "hours",
        )


def _not_covered(calendar: Calendar, day: int, wrong: int, count: int) -> NoReturn:
    first, last = calendar.years
    many = f": {wrong:,} of {count:,} days" if count > 1 else ""
    raise CalendarCoverageError(
        f"{date_text(day)} is in {year_of(day)}, the calendar covers {first} to {last}{many}\n{_advice(calendar)}",
        "years",
    )


def _beyond(calendar: Calendar, day: int, wrong: int, count: int) -> NoReturn:
    first, last = calendar.years
    raise CalendarCoverageError(
        f"the day asked for, counted from {date_text(day)}, lies outside the years {first} to {last} that the "
        f"calendar covers: {wrong:,} of {count:,}\n{_advice(calendar)}",
        "years",
    )


def _advice(calendar: Calendar) -> str:
    first, last = (1950, 2100) if calendar.country is None else supported_years(calendar.country)
    if (first, last) == calendar.years:
        return "correct or leave out such dates: holidays of other years are not known"
    return f"correct such dates, or give years= up to ({first}, {last})"
