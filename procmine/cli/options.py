"""The options of the command line that say how a source is read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from procmine.errors import BindingError

Source = Annotated[
    str,
    typer.Argument(
        help="the export: CSV, a workbook (xlsx, xls, ods), XES or Parquet, also .gz; "
        "or the URL of a database, with --query"
    ),
]
Query = Annotated[str | None, typer.Option(help="the rows to read of a database, in SQL")]
Names = Annotated[
    Path | None, typer.Option(help="a YAML file with the usual column names of your office")
]
Separator = Annotated[
    str | None, typer.Option(help="the character between the cells of a CSV file")
]
Encoding = Annotated[
    str | None,
    typer.Option(help="the encoding of a CSV file, such as cp1250, where the one found is wrong"),
]
Header = Annotated[
    list[int] | None,
    typer.Option(
        help="the row with the column names, counted from 1; twice for a header of two rows"
    ),
]
Sheet = Annotated[
    list[str] | None,
    typer.Option(
        help="a sheet of a workbook; once for each. All with the same columns if not given"
    ),
]
Case = Annotated[
    list[str] | None,
    typer.Option(help="column with the case key; once for each part of a key in several columns"),
]
Activity = Annotated[str | None, typer.Option(help="column with what was done")]
Timestamp = Annotated[
    list[str] | None,
    typer.Option(
        help="column with the one time of a row; twice where date and clock time are apart"
    ),
]
Start = Annotated[list[str] | None, typer.Option(help="column with the start of a step")]
End = Annotated[list[str] | None, typer.Option(help="column with the end of a step")]
Milestone = Annotated[
    list[str] | None,
    typer.Option(
        help="where each row is a case: a date column, or 'column=activity'; once for each of them"
    ),
]
Resource = Annotated[
    str | None, typer.Option(help="column with the person, never shown; '' binds none")
]
Unit = Annotated[str | None, typer.Option(help="column with the office; '' binds none")]
Lifecycle = Annotated[
    str | None,
    typer.Option(help="column with start, complete…; '' keeps each row as a step"),
]
TimeFormat = Annotated[
    str | None, typer.Option(help="how the times are written, such as '%m/%d/%Y %H:%M'")
]
Zone = Annotated[
    str | None, typer.Option(help="the time zone of the office, such as Europe/Bucharest")
]
Closed = Annotated[
    list[str] | None,
    typer.Option(
        help="an activity that closes a case, or 'column=value' for a status that does; once for each"
    ),
]
Annulled = Annotated[
    list[str] | None,
    typer.Option(help="'column=value' for a status of entries that do not count; once for each"),
]
Order = Annotated[
    list[str] | None,
    typer.Option(help="an activity, in the usual order, which decides ties; once for each"),
]
Keep = Annotated[
    list[str] | None,
    typer.Option(
        help="a column to keep although it looks like personal ids or free text; once for each"
    ),
]
ProcedureFile = Annotated[
    Path | None,
    typer.Option(
        "--procedure",
        help="the YAML file of the procedure: the report then tells what was late, and by whose clock",
    ),
]
CalendarFile = Annotated[
    Path | None,
    typer.Option(
        "--calendar",
        help="the YAML file of a calendar, in place of the one of the procedure",
    ),
]
FillDown = Annotated[
    bool, typer.Option("--fill-down", help="fill an empty case cell from the row above it")
]


def given(**options: Any) -> dict[str, Any]:
    """Return the parameters of ``pm.read`` that the options name; ``''`` binds no column.

    >>> given(case=["registru", "an"], unit="", tz=None)
    {'case': ['registru', 'an'], 'unit': None}
    """
    named = {name: value or None for name, value in options.items() if value is not None}
    return {
        name: value
        for name, value in named.items()
        if value is not None or name in ("resource", "unit", "lifecycle")
    }


def closing(options: list[str] | None) -> list[str] | dict[str, Any] | None:
    """Return closing activities, or a status column with its closing values.

    >>> closing(["Stadiu=soluționat", "Stadiu=clasat"])
    {'column': 'Stadiu', 'values': ['soluționat', 'clasat']}
    """
    pairs = [option.partition("=") for option in options or []]
    columns = {column for column, mark, value in pairs if mark and value}
    if len(columns) == 1 and all(mark and value for _, mark, value in pairs):
        return {"column": columns.pop(), "values": [value for _, _, value in pairs]}
    if any(mark and value for _, mark, value in pairs) and len(columns) > 1:
        raise BindingError(
            f"--closed names the columns {', '.join(map(repr, sorted(columns)))}\n"
            "name one status column with its values, or activities"
        )
    return options


def annulling(options: list[str] | None) -> dict[str, Any] | None:
    """Return the status column and its values that mark entries as annulled.

    >>> annulling(["Stadiu=anulat"])
    {'column': 'Stadiu', 'values': ['anulat']}
    """
    found = closing(options)
    if options and not isinstance(found, dict):
        raise BindingError(
            f"--annulled {options[0]} is not understood\nwrite it as 'column=value', once for each value"
        )
    return found if isinstance(found, dict) else None


def milestones(options: list[str] | None) -> dict[str, str] | None:
    """Return milestones of ``column`` or ``column=activity``.

    >>> milestones(["Data sol.=Soluționare", "Data"])
    {'Data sol.': 'Soluționare', 'Data': 'Data'}
    """
    if not options:
        return None
    pairs = [option.partition("=") for option in options]
    for column, mark, activity in pairs:
        if not column or (mark and not activity):
            raise BindingError(
                f"--milestone {column}{mark}{activity} is not understood\n"
                "write a date column, or 'column=activity'"
            )
    return {column: activity or column for column, _, activity in pairs}
