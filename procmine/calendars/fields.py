"""The fields of a calendar, checked: the zone, the years, and own days that fit the hours and the years."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfoNotFoundError, available_timezones

import numpy as np
import pandas as pd

from procmine.calendars.countries import FIRST_YEAR, LAST_YEAR, ZONES, supported_years
from procmine.calendars.dates import date_text, year_of
from procmine.calendars.day_table import schedules
from procmine.calendars.hours import OfficeHours
from procmine.calendars.own_days import WORKING, OwnDay
from procmine.errors import CalendarError, did_you_mean

if TYPE_CHECKING:
    from procmine.calendars.calendar import Calendar


def texts(value: Any, field: str) -> tuple[str, ...] | None:
    """Return a list of names as a tuple; a single name is one too."""
    if value is None:
        return None
    listed = isinstance(value, Iterable) and not isinstance(value, str | Mapping)
    names = tuple(value) if listed else (value,)
    if not names or not all(isinstance(name, str) for name in names):
        raise CalendarError(
            f"{field}: {value!r} is no list of names\nwrite it as ['public', 'optional'], or leave it out",
            field,
        )
    return names


def checked_name(name: object) -> str | None:
    """Return the name of a calendar, a text."""
    if name is None or isinstance(name, str):
        return name
    raise CalendarError(f"name: {name!r} is no text\nwrite it as 'Town hall, registry'", "name")


def checked_zone(tz: str | None, country: str | None) -> str:
    """Return the zone of the office: the one given, or that of the country."""
    if tz is None:
        if country in ZONES:
            return ZONES[country]
        whose = (
            "no country says it" if country is None else f"{country} has several, or is not listed"
        )
        raise CalendarError(
            f"tz: the zone of the office is not known, {whose}\nsay tz='Europe/Bucharest', or the one it has",
            "tz",
        )
    if not _is_zone(tz):
        raise CalendarError(
            f"tz: {tz!r} is no time zone\nwrite it as 'Europe/Bucharest', 'Europe/Rome' or 'UTC+02:00'"
            f"{did_you_mean(str(tz), sorted(available_timezones()))}",
            "tz",
        )
    return tz


def _is_zone(tz: object) -> bool:
    if not isinstance(tz, str):
        return False
    try:
        pd.Timestamp("2026-01-01").tz_localize(tz)
    except (OSError, ZoneInfoNotFoundError, ValueError, KeyError, TypeError, IndexError):
        return False
    return True


def checked_years(
    years: Sequence[int] | None,
    country: str | None,
    hours: Sequence[OfficeHours],
    days: Sequence[OwnDay],
) -> tuple[int, int]:
    """Return the first and the last year covered: those given, or all for which holidays are known.

    Without a country they are the years of the own days and of the dates of validity of the hours.
    """
    first, last = (FIRST_YEAR, LAST_YEAR) if country is None else supported_years(country)
    if years is None:
        return _years_of_dates(hours, days) or (first, last) if country is None else (first, last)
    whole = isinstance(years, list | tuple) and all(type(year) is int for year in years)
    if not whole or len(years) != 2 or years[0] > years[1]:
        raise CalendarError(
            f"years: {years!r} is no first and last year\nwrite them as (2020, 2026)", "years"
        )
    if years[0] < first or years[1] > last:
        whose = "a calendar" if country is None else f"the holidays of {country}"
        raise CalendarError(
            f"years: {years[0]} to {years[1]} reaches beyond the years of {whose}, {first} to {last}\n"
            "give years within them",
            "years",
        )
    return years[0], years[1]


def checked_days(calendar: Calendar) -> None:
    """Refuse own days outside the years covered, and extra working days without hours."""
    first, last = calendar.years
    for own in calendar.days:
        if not first <= year_of(own.day) <= last:
            raise CalendarError(
                f"days: {date_text(own.day)} is outside the years covered, {first} to {last}\n"
                "leave it out, or give other years=",
                "days",
            )
        if own.kind == WORKING and own.hours is None:
            _check_hours_of(calendar, own)


def _check_hours_of(calendar: Calendar, own: OwnDay) -> None:
    place = int(schedules(calendar, np.array([own.day]))[0])
    week = calendar.hours[place].week if place >= 0 else ((),) * 7
    if not (week[(own.day + 3) % 7] or week[0]):
        raise CalendarError(
            f"days: {date_text(own.day)} is an extra working day, but neither its weekday nor Monday has hours\n"
            "give it hours, such as 08:00-14:00",
            "days",
        )


def _years_of_dates(hours: Sequence[OfficeHours], days: Sequence[OwnDay]) -> tuple[int, int] | None:
    dates = [own.day for own in days]
    dates += [day for week in hours for day in (week.since, week.until) if day is not None]
    return (year_of(min(dates)), year_of(max(dates))) if dates else None
