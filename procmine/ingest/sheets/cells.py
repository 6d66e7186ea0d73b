"""The cells of a spreadsheet's column become one Arrow column: of their type, or text where types are mixed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.findings import Finding
from procmine.kernels import Codes

_EPOCHS = {1900: datetime(1899, 12, 30), 1904: datetime(1904, 1, 1)}
_SERIALS = (20_000, 80_000)
"""Numbers beside dates that are dates themselves: 1954 to 2119 in the 1900 system."""
_CLOCK = r"(?:[T ]\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,6})?)?)?"
_POINTS = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}})({_CLOCK})")
_ISO = re.compile(rf"\d{{4}}-\d{{2}}-\d{{2}}{_CLOCK}")
_EITHER_ORDER = re.compile(r"\s*\d{1,4}[/-]\d{1,2}[/-]\d{1,4}")
_WHOLE = 2.0**53
_FIRST_ROWS = 5
_TYPED: tuple[tuple[frozenset[type], Callable[[], pa.DataType]], ...] = (
    (frozenset({str}), pa.string),
    (frozenset({bool}), pa.bool_),
    (frozenset({time}), lambda: pa.time64("us")),
    (frozenset({timedelta}), lambda: pa.duration("us")),
)
NUMBERS, TIMES = frozenset({int, float}), frozenset({date, datetime})


@dataclass(frozen=True, eq=False)
class TypedColumn:
    """A column, and what was done to make it one type."""

    array: pa.Array
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def typed_column(
    cells: Sequence[Any], name: str, rows: Codes, *, date_system: int = 1900
) -> TypedColumn:
    """Return cells as text, whole numbers, numbers, truth values, local times, clock times or durations.

    Where types are mixed the column is text, whole numbers without ``.0``, except that beside
    dates

    numbers from 20,000 to 80,000 are dates that lost their format, and become dates, with a
    finding;
    texts written day.month.year or year-month-day become dates, with a note; where other texts
    stand beside them too, all dates are written year-month-day;
    texts such as 10/13/2025 mean that the file was opened under another locale, which swaps day
    and month where it can: nothing is converted, so that the two ways of writing show, with a
    finding.
    """
    kinds = set(map(type, cells))
    if kinds == {str}:
        return TypedColumn(pa.array(cells, pa.string()))
    if str in kinds:
        cells = [None if type(cell) is str and not cell.strip() else cell for cell in cells]
        kinds = set(map(type, cells)) - {type(None)}
    if kinds and kinds <= NUMBERS:
        return TypedColumn(_numbers(cells))
    if kinds and kinds <= TIMES:
        return TypedColumn(_times(cells))
    for among, arrow in _TYPED:
        if kinds and kinds <= among:
            return TypedColumn(pa.array(cells, arrow()))
    if kinds & TIMES and kinds <= TIMES | NUMBERS | {str}:
        return _beside_dates(cells, name, rows, date_system)
    return TypedColumn(_texts(cells))


def as_text(cell: Any) -> str:
    """Return a cell as text: whole numbers without ``.0``, times as ISO 8601.

    >>> as_text(123.0), as_text(0.5), as_text(datetime(2025, 1, 3)), as_text(None)
    ('123', '0.5', '2025-01-03', '')
    """
    if type(cell) is str:
        return cell
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _WHOLE else repr(cell)
    if isinstance(cell, datetime):
        midnight = not (cell.hour or cell.minute or cell.second or cell.microsecond)
        return cell.date().isoformat() if midnight else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date | time) else str(cell)


def _texts(cells: Sequence[Any]) -> pa.Array:
    return pa.array(list(map(as_text, cells)), pa.string())


def _numbers(cells: Sequence[Any]) -> pa.Array:
    numbers = pa.array(cells, pa.float64())
    known = numbers.drop_null().to_numpy()
    if not len(known) or ((known == np.floor(known)) & (np.abs(known) < _WHOLE)).all():
        return pc.cast(numbers, pa.int64())
    return numbers


def _times(cells: Sequence[Any]) -> pa.Array:
    """Return dates and times of day; a time at midnight comes as a date."""
    times = [datetime(c.year, c.month, c.day) if type(c) is date else c for c in cells]
    return pa.array(times, pa.timestamp("us"))


def _beside_dates(cells: Sequence[Any], name: str, rows: Codes, date_system: int) -> TypedColumn:
    """Return a column of dates with numbers or texts among them."""
    cells = list(cells)
    texts = [n for n, cell in enumerate(cells) if type(cell) is str]
    numbers = [n for n, cell in enumerate(cells) if type(cell) in NUMBERS]
    filled = sum(cell is not None for cell in cells)
    written = [n for n in texts if _POINTS.fullmatch(cells[n]) or _ISO.fullmatch(cells[n])]
    dated = filled - len(texts) - len(numbers)
    slashed = sorted({n for n in texts if _EITHER_ORDER.match(cells[n])} - set(written))
    if slashed:
        true = [n for n, cell in enumerate(cells) if type(cell) in TIMES]
        found = _two_kinds_found(name, rows, true, slashed)
        return TypedColumn(_texts(cells), findings=(found,))
    if (dated + len(written)) * 2 <= filled - len(numbers):
        return TypedColumn(_texts(cells))
    notes: list[str] = []
    findings: list[Finding] = []
    if numbers and all(_SERIALS[0] <= cells[n] <= _SERIALS[1] for n in numbers):
        for n in numbers:
            cells[n] = _of_serial(cells[n], date_system)
        findings.append(_serials_found(name, rows, numbers))
    for n in written:
        cells[n] = _iso(cells[n])
    if written:
        notes.append(_texts_read(name, len(written)))
    return TypedColumn(_times_or_texts(cells), tuple(notes), tuple(findings))


def _times_or_texts(cells: list[Any]) -> pa.Array:
    """Return times where every text among them is one that exists, else text."""
    try:
        times = [datetime.fromisoformat(c) if type(c) is str else c for c in cells]
    except ValueError:
        return _texts(cells)
    if set(map(type, times)) & NUMBERS:
        return _texts(cells)
    return _times(times)


def _of_serial(number: float, date_system: int) -> datetime:
    """Return the time that a number of days stands for, to the millisecond."""
    return _EPOCHS[date_system] + timedelta(milliseconds=round(number * 86_400_000))


def _iso(text: str) -> str:
    """Return a date written with points as ISO 8601, its clock with two digits of the hour."""
    match = _POINTS.fullmatch(text)
    day = text[:10] if match is None else f"{match[3]}-{match[2]:>02}-{match[1]:>02}"
    clock = (text[10:] if match is None else match[4]).lstrip("T ").replace(",", ".")
    return f"{day} {clock:0>{len(clock) + (clock[1:2] == ':')}}" if clock else day


def _serials_found(name: str, rows: Codes, places: Sequence[int]) -> Finding:
    first = tuple(int(rows[n]) for n in places[:_FIRST_ROWS])
    text = (
        f"{name}: cells that are numbers beside dates, read as days of the workbook's calendar: "
        f"{len(places):,}, first in row {first[0]}"
    )
    return Finding("serial_time", name, len(places), first, text)


def _two_kinds_found(name: str, rows: Codes, true: Sequence[int], texts: Sequence[int]) -> Finding:
    """Return what is said of a column that holds both: what it is, how many of each, and what to do."""
    text = (
        f"{name}: {len(true):,} cells are true dates ({_shown_rows(rows, true)}) and {len(texts):,} are dates "
        f"written as text ({_shown_rows(rows, texts)}), the sign of a file opened under another locale, in which "
        "day and month of the true dates may have been swapped; export it again without opening it, "
        "or mend the column in the spreadsheet and format all of it as text or as a date"
    )
    first = tuple(int(rows[n]) for n in texts[:_FIRST_ROWS])
    return Finding("two_kinds_of_dates", name, len(texts), first, text)


def _shown_rows(rows: Codes, places: Sequence[int]) -> str:
    shown = ", ".join(f"{int(rows[n]):,}" for n in places[:3])
    return f"row {shown}" if len(places) == 1 else f"rows {shown}{', …' if len(places) > 3 else ''}"


def _texts_read(name: str, count: int) -> str:
    cells = "cell is" if count == 1 else "cells are"
    return f"{name}: {count:,} {cells} text beside dates, read as day.month.year or year-month-day"


def is_used(cells: Iterable[Any]) -> bool:
    """Tell whether any cell holds something."""
    return any(cell != "" and cell is not None for cell in cells)
