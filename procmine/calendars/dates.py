"""Single dates as they are written in calendars: ISO 8601 only, as days since 1970-01-01."""

from __future__ import annotations

import re
from datetime import date, datetime

import numpy as np

from procmine.errors import CalendarError

_ISO = re.compile(r"\s*(\d{4}-\d{2}-\d{2})(?:[T ]00:00(?::00(?:\.0+)?)?)?\s*$")
_EPOCH = date(1970, 1, 1)


def day_number(value: object, where: str, field: str) -> int:
    """Return a date as days since 1970-01-01; text must be ISO 8601, so that no order of day and month is guessed.

    >>> day_number("2026-01-02", "date", "days")
    20455
    """
    if isinstance(value, np.datetime64):
        value = str(value)
    if isinstance(value, datetime):
        value = value.isoformat() if value == value else ""
    if isinstance(value, date):
        return (value - _EPOCH).days
    found = _ISO.match(value) if isinstance(value, str) else None
    said = f"{value!r} is not a date"
    try:
        if found:
            return (date.fromisoformat(found[1]) - _EPOCH).days
    except ValueError:
        said = f"there is no day {value}"
    raise CalendarError(f"{field}: {where}: {said}\nwrite it as 2026-03-31 (year-month-day)", field)


def date_text(day: int) -> str:
    """Write days since 1970-01-01 as 2026-03-31."""
    return str(np.datetime64(day, "D"))


def year_of(day: int) -> int:
    """Return the year of days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype("datetime64[Y]").astype(int)) + 1970


def first_day_of(year: int) -> int:
    """Return 1 January of a year as days since 1970-01-01."""
    return (date(year, 1, 1) - _EPOCH).days
