"""A calendar in words: its summary, and the version that makes results reproducible."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from procmine.calendars import equated
from procmine.calendars.countries import library_version

if TYPE_CHECKING:
    from procmine.calendars.calendar import Calendar


def summary(calendar: Calendar) -> str:
    """Return what a calendar is, in one line."""
    first, last = calendar.years
    parts = [
        calendar.name,
        place(calendar),
        calendar.tz,
        own_days_text(calendar),
        hours_text(calendar),
    ]
    return ", ".join([*filter(None, parts), f"{first}-{last}"])


def version(calendar: Calendar) -> str:
    """Return the line that a basis names: country, library, own days, hours, and a hash of all that changes results."""
    source = f"holidays {library_version()}" if calendar.country else calendar.tz
    parts = [place(calendar), source, own_days_text(calendar), hours_text(calendar)]
    return ", ".join([*filter(None, parts), f"sha {_hash(calendar, source)}"])


def place(calendar: Calendar) -> str:
    """Return the country and the subdivision."""
    return "-".join(filter(None, (calendar.country, calendar.subdivision)))


def own_days_text(calendar: Calendar) -> str:
    """Return how many own days there are, nothing where there are none."""
    count = len(calendar.days)
    return f"{count:,} own day{'s' if count > 1 else ''}" if count else ""


def hours_text(calendar: Calendar) -> str:
    """Return the office hours, or how many weeks there are."""
    if len(calendar.hours) == 1 and not calendar.hours[0].validity:
        return f"hours {calendar.hours[0]}"
    return f"hours in {len(calendar.hours)} periods"


def _hash(calendar: Calendar, source: str) -> str:
    days = [(own.day, own.role, own.kind, own.hours) for own in calendar.days]
    weeks = [(week.week, week.since, week.until) for week in calendar.hours]
    fields = (
        calendar.country,
        calendar.subdivision,
        calendar.categories,
        calendar.tz,
        calendar.years,
    )
    decreed = equated.days_of(calendar.country).tolist(), equated.years_of(calendar.country)
    return sha256(repr((source, fields, weeks, days, decreed)).encode()).hexdigest()[:8]
