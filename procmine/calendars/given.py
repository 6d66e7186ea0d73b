"""What is given as a calendar: anything else is refused with what to give in its place."""

from __future__ import annotations

from typing import Any

from procmine.calendars.calendar import Calendar
from procmine.errors import ProcmineError


def check_calendar(calendar: Any) -> None:
    """Raise ProcmineError for what is no calendar; None is none, and right."""
    if calendar is None or isinstance(calendar, Calendar):
        return
    name = calendar if isinstance(calendar, str) and len(calendar) == 2 else "RO"
    raise ProcmineError(
        f"this {type(calendar).__name__} is not a calendar\n"
        f"give pm.Calendar({name!r}) or pm.Calendar.read('calendar.yaml')"
    )
