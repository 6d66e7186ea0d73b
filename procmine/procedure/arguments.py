"""What is given: a procedure, not its path; to count terms a log with a zone, and a calendar of its country."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from procmine.calendars import Calendar
from procmine.calendars.given import check_calendar
from procmine.errors import ProcmineError
from procmine.log import EventLog
from procmine.procedure.procedure import Procedure


def check_arguments(log: Any, procedure: Any, calendar: Any) -> None:
    """Raise ProcmineError, with what to give in its place, for what terms cannot be counted with."""
    if not isinstance(log, EventLog):
        _refuse(log, "a log", "pm.read('export.csv')")
    check_procedure(procedure)
    check_calendar(calendar)
    if log.tz_assumed:
        raise ProcmineError(
            f"the zone of this log ({log.tz}) was only assumed, and a term ends at the end of a local day\n"
            "read it again with pm.read(..., tz='Europe/Bucharest'), the zone of the office"
        )
    if not procedure.uses:
        raise ProcmineError(
            f"the procedure {procedure.procedure!r} has no terms\n"
            "write terms: [{term: ro.petition}] for a shipped rule, or a term of its own"
        )
    if calendar is not None and _elsewhere(procedure, calendar):
        raise ProcmineError(
            f"the procedure {procedure.procedure!r} is of {procedure.country}, the calendar of {calendar.country}: "
            "its holidays are others\n"
            f"give calendar=pm.Calendar({procedure.country!r}, ...), or mend country: in the procedure"
        )


def check_procedure(procedure: Any, log: EventLog | None = None) -> None:
    """Raise ProcmineError for what is no procedure, such as the path of its file, or one of another log."""
    if not isinstance(procedure, Procedure):
        path = isinstance(procedure, str | Path)
        name = str(procedure) if path else "procedure.yaml"
        _refuse(procedure, "a procedure", f"pm.Procedure.read({name!r})")
    if log is not None:
        from procmine.procedure.matched import check_same_work

        check_same_work(procedure, log)


def _refuse(given: Any, what: str, instead: str) -> None:
    raise ProcmineError(f"this {type(given).__name__} is not {what}\ngive {instead}")


def _elsewhere(procedure: Procedure, calendar: Calendar) -> bool:
    known = procedure.country is not None and calendar.country is not None
    return known and procedure.country != calendar.country
