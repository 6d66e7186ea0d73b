"""Write the report of a log into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from procmine.errors import ProcmineError
from procmine.log import EventLog
from procmine.report.exports import write_tables
from procmine.report.facts import Say, measured
from procmine.report.folder import replaced
from procmine.report.page import page
from procmine.report.pictures import pictures
from procmine.report.version import version

if TYPE_CHECKING:
    from procmine.calendars import Calendar
    from procmine.procedure import Procedure

PAGE, TABLES = "report.html", "tables"


def write_report(
    log: EventLog,
    out: str | Path,
    *,
    as_of: Any = None,
    by: str | None = None,
    period: str = "M",
    procedure: Procedure | None = None,
    calendar: Calendar | None = None,
    say: Say = lambda _: None,
) -> Path:
    """Write the report of a log into a folder, and return the path of its page.

    ``report.html`` opens in any browser, without a network; ``tables/`` holds every table as CSV and
    as Parquet. The same log and ``as_of`` give the same bytes. The folder is written beside its
    place and moved there whole: an earlier report is replaced, and where the writing fails it stays
    as it was. ``by`` compares the cases by an attribute or by ``unit``, ``period`` (``"D"``,
    ``"W"``, ``"M"``, ``"Q"``, ``"Y"``) is that of the KPIs, and ``say`` is told what is being done.
    With a ``procedure`` the page has a section on its terms: what ended in time, what is overdue,
    and whose days those were; they are counted by ``calendar``, or else by that of the procedure.
    Raises ProcmineError for a folder that holds anything else.
    """
    if calendar is not None and procedure is None:
        raise ProcmineError(
            "calendar= is for counting the terms of a procedure, and none is given\n"
            "name the procedure with procedure=, or leave the calendar out"
        )
    with replaced(Path(out)) as folder:
        facts = measured(
            log,
            as_of=as_of,
            by=by,
            period=period,
            say=say,
            procedure=procedure,
            calendar=calendar,
        )
        drawn = pictures(facts, say)
        say("writing the tables")
        tables = folder / TABLES
        tables.mkdir()
        write_tables(facts.tables(), tables)
        say("writing the page")
        text = page(facts, drawn, version=version())
        (folder / PAGE).write_text(text, encoding="utf-8", newline="\n")
    return Path(out).resolve() / PAGE
