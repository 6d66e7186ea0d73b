"""The card that a notebook shows for a calendar: hours, next days off, own days, coverage."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from procmine.calendars import equated, words
from procmine.calendars.countries import names_of
from procmine.calendars.dates import date_text, day_number
from procmine.calendars.day_table import PATRON_COUNTRIES

if TYPE_CHECKING:
    from procmine.calendars.calendar import Calendar

_STYLE = (
    "border:1px solid #bbb;border-radius:6px;padding:8px 14px;display:inline-block;"
    "font-family:sans-serif;font-size:13px;line-height:1.5;max-width:60em"
)
_SHOWN = 4


def card(calendar: Calendar, today: date | None = None) -> str:
    """Return the HTML card of a calendar."""
    left = "style='text-align:left;padding-right:1.5em;vertical-align:top'"
    rows = "".join(
        f"<tr><th {left}>{escape(name)}</th><td {left}>{escape(value)}</td></tr>"
        for name, value in facts(calendar, today or date.today()).items()
    )
    title = escape(calendar.name or words.place(calendar) or calendar.tz)
    version = escape(calendar.version)
    return f"<div style='{_STYLE}'><b>Calendar</b> {title}<table>{rows}</table><small>{version}</small></div>"


def facts(calendar: Calendar, today: date) -> dict[str, str]:
    """Return what a first look at a calendar should say, in words."""
    first, last = calendar.years
    told = {
        "time zone": calendar.tz,
        "hours": "; ".join(f"{week} {week.validity}".strip() for week in calendar.hours),
        "next days off": next_days_off(calendar, day_number(today, "today", "today")),
        "own days": words.own_days_text(calendar) or "none",
        "covers": f"{first} to {last}",
        "notes": "; ".join(notes(calendar)),
    }
    return {name: value for name, value in told.items() if value}


def next_days_off(calendar: Calendar, today: int) -> str:
    """Return the next days off of the office from Monday to Friday, with their names."""
    if not calendar.first_day <= today <= calendar.last_day:
        return ""
    table = calendar.day_table(today, min(today + 400, calendar.last_day))
    found = [today + int(day) for day in (table.office_off & (table.weekday < 5)).nonzero()[0]]
    return ", ".join(f"{date_text(day)} {_name(calendar, day)}".strip() for day in found[:_SHOWN])


def notes(calendar: Calendar) -> list[str]:
    """Return what a user of the calendar should know."""
    told = []
    known = equated.years_of(calendar.country)
    if known is not None:
        told.append(f"equated days are known for {', '.join(map(str, known))}")
    if calendar.subdivision and calendar.country in PATRON_COUNTRIES:
        told.append("the patron's day closes the office; terms do not roll on it")
    return told


def _name(calendar: Calendar, day: int) -> str:
    own = next((d for d in calendar.days if d.day == day), None)
    if own is not None:
        return own.note or own.kind
    assert calendar.country is not None
    when = date.fromisoformat(date_text(day))
    return names_of(calendar.country, calendar.subdivision, calendar.categories, when.year).get(
        when, ""
    )
