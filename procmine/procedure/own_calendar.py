"""The calendar of a procedure: the one it names, else the public holidays of its country."""

from __future__ import annotations

from procmine.calendars import Calendar
from procmine.errors import ProcedureError
from procmine.procedure.procedure import Procedure


def calendar_for(procedure: Procedure, tz: str) -> Calendar:
    """Return the calendar by which the terms of a procedure are counted."""
    own = procedure.calendar
    if isinstance(own, str):
        return Calendar.read(own)
    if own is not None:
        return Calendar(
            **{"country": procedure.country, "tz": tz, **own.model_dump(exclude_none=True)}
        )
    country = procedure.country or next(
        (version.country for use in procedure.uses for version in use.versions if version.country),
        None,
    )
    if country is None or country == "EU":
        raise ProcedureError(
            f"nothing says which days are holidays for the procedure {procedure.procedure!r}\n"
            "write country: RO (or its calendar:) in the procedure, or give pm.terms(..., calendar=pm.Calendar('RO'))"
        )
    return Calendar(country, tz=tz)
