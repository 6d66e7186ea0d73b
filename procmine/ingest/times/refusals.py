"""What is said where a column is no column of times, or its times could mean two things."""

from __future__ import annotations

from typing import Any, NoReturn

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from procmine.errors import TimestampError
from procmine.ingest.times.codes import formats
from procmine.ingest.times.distinct import Distinct, matching
from procmine.ingest.times.order import Places
from procmine.kernels import Bools, Ints

Rows = npt.NDArray[np.integer[Any]] | None
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SERIAL = r"^[1-7]\d{4}(?:[.,]\d+)?$"
_COMPACT = r"^(?:\d{8}|\d{14})$"


def refuse_two_ways(
    cells: Distinct, fits: dict[str, Bools], name: str, source: str, rows: Rows
) -> NoReturn:
    """Show each way of writing of a column with its number, an example and the first rows."""
    found = sorted(fits, key=lambda family: -cells.count(fits[family]))
    shown = "\n".join(
        f"  {cells.count(fits[family]):,} as {family}, such as "
        f"{cells.first(fits[family])!r}{cells.rows(fits[family], rows)}"
        for family in found
    )
    raise TimestampError(
        f"column {name!r} in {source} writes its times in {len(found)} ways:\n{shown}\n"
        "write the column in one way, or name the one to read with time_format=, "
        "such as '%d.%m.%Y %H:%M'; the rows of the other are then listed as rejected"
    )


def refuse_mostly_unreadable(
    cells: Distinct, bad: Bools, filled: Bools, name: str, source: str, time_format: str | None
) -> NoReturn:
    """Show what is not a time, and what would be."""
    examples = ", ".join(repr(str(cells.texts[int(i)])) for i in np.flatnonzero(bad)[:3])
    fault = "are not times" if time_format is None else f"do not fit time_format={time_format!r}"
    raise TimestampError(
        f"column {name!r} in {source}: {cells.count(bad):,} of {cells.count(filled):,} filled cells {fault}, "
        f"such as {examples}\n{_advice(cells, bad, time_format)}"
    )


def _advice(cells: Distinct, bad: Bools, time_format: str | None) -> str:
    unread = cells.texts.filter(pa.array(bad))
    if time_format is None and matching(unread, _SERIAL).all():
        return (
            "they look like the day numbers of a spreadsheet: pass time_format='excel' to read them as dates "
            "('excel1904' where the workbook counts from 1904), or export the column with a date format"
        )
    if time_format is None and matching(unread, _COMPACT).mean() > 0.5:
        return (
            "digits without marks are read as dates only where every cell is one from 1900 to 2100; "
            "pass time_format='%Y%m%d' or '%Y%m%d%H%M%S', or name another column"
        )
    return (
        "known without time_format= are 2026-03-31, 31.03.2026, 31/03/2026, 31-03-2026 and 31 March 2026, "
        "with or without a clock time; say another way, such as time_format='%d %m %Y', or name another column"
    )


def refuse_month_first(cells: Distinct, name: str, source: str, rows: Rows) -> NoReturn:
    """A day above 12 in the place of the month is the sign of the US order, which is never guessed."""
    places = Places.of(cells.texts)
    swapped, plain = places.month_first_only, places.day_first_only
    example = cells.first(swapped)
    dates = cells.texts.filter(pa.array(swapped | plain | places.either))
    day_first, month_first = formats(dates, example)
    others = ""
    if plain.any():
        others = (
            f"; {cells.count(plain):,} only day first, such as {cells.first(plain)!r}"
            f"{cells.rows(plain, rows)}"
        )
    raise TimestampError(
        f"column {name!r} in {source}: {cells.count(swapped):,} times can only be read month first, "
        f"such as {example!r}{cells.rows(swapped, rows)}{others}\n"
        f"the order is never guessed: pass time_format={month_first!r} if months come first, or "
        f"{day_first!r} to have these rows rejected and the rest read day first"
    )


def refuse_either_order(
    cells: Distinct, local: Ints, dates: Bools, name: str, source: str, rows: Rows
) -> NoReturn:
    """Show a date in both readings, and what to pass for each."""
    places = Places.of(cells.texts)
    unsure = places.either & dates
    place = int(np.flatnonzero(unsure)[0])
    example = cells.first(unsure)
    day_first, month_first = formats(cells.texts.filter(pa.array(dates)), example)
    first, second = int(places.first[place]), int(places.second[place])
    year = int(local[place].astype("datetime64[us]").astype("datetime64[Y]").astype(int)) + 1970
    raise TimestampError(
        f"column {name!r} in {source}: no date tells whether the day or the month comes first: "
        f"{example!r} is {first} {_MONTHS[second - 1]} {year} day first, "
        f"or {second} {_MONTHS[first - 1]} {year} month first"
        f"{cells.rows(unsure, rows)}\n"
        f"pass time_format={day_first!r} if the day comes first, or {month_first!r} if the month does"
    )


def refuse_years_in_front(cells: Distinct, dates: Bools, name: str, source: str) -> NoReturn:
    """Two digits in front that vary less than those at the end may be the years."""
    example = cells.first(dates)
    mark = example.lstrip("0123456789")[0]
    day_first, _ = formats(cells.texts.filter(pa.array(dates)), example)
    year_first = mark.join(("%y", "%m", "%d"))
    raise TimestampError(
        f"column {name!r} in {source}: the years seem to come first, such as in {example!r}: "
        "the first two digits vary less than the last two\n"
        f"pass time_format={year_first!r} if they do, or {day_first!r} if the day comes first"
    )
