"""The calendar that a procedure names: its fields, or a file beside the procedure, tried out when it is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from procmine.errors import CalendarError
from procmine.procedure.problems import ProblemsError
from procmine.procedure.term import Names, Part, Whole


class CalendarFields(Part):
    """The calendar of the office, as :class:`procmine.Calendar` takes it."""

    country: str | None = None
    subdivision: str | None = None
    categories: Names | None = None
    tz: str | None = None
    hours: dict[str, Any] | tuple[dict[str, Any], ...] | None = None
    days: str | tuple[dict[str, Any], ...] | None = None
    years: tuple[Whole, Whole] | None = None
    name: str | None = None


def tried(
    given: str | CalendarFields, *, folder: Path | None, country: str | None
) -> str | CalendarFields:
    """Return the calendar with its paths found from the folder, once a calendar was made of it."""
    from procmine.calendars import Calendar

    found = _from_folder(given, folder)
    try:
        if isinstance(found, str):
            Calendar.read(found)
        else:
            fields = {"country": country, **found.model_dump(exclude_none=True)}
            zone = {} if fields["country"] else {"tz": "UTC"}  # else that of the log is taken
            Calendar(**{**zone, **fields})
    except CalendarError as error:
        place = (error.field,) if error.field else ()
        said = str(error).removeprefix(f"{error.field}: ")
        raise ProblemsError([(place, said)]) from error
    return found


def _from_folder(given: str | CalendarFields, folder: Path | None) -> str | CalendarFields:
    if folder is None:
        return given
    if isinstance(given, str):
        return str(folder / given)
    if isinstance(given.days, str):
        return given.model_copy(update={"days": str(folder / given.days)})
    return given
