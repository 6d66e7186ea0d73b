"""What stands in several columns becomes one: the parts of a case key, a date and its clock time."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import BindingError, TimestampError
from procmine.ingest import times
from procmine.ingest.binding import JOINED, Binding
from procmine.ingest.columns import coded
from procmine.ingest.desk import Desk
from procmine.ingest.raw import RawTable, with_column, with_values
from procmine.ingest.rows import read_times, tell_times
from procmine.kernels import DAY, NAT, Bools, Codes, Ints
from procmine.log import Coded

BETWEEN = ("/", " | ", " ¦ ")
"""Stands between the parts of a case key: ``RU/2025/123``; the next where two keys would read the same."""


def with_joined_case(raw: RawTable, binding: Binding) -> RawTable:
    """Return the source with one case key of its parts, such as registry, year and number.

    Parts are kept as text, so leading zeros stay; a row that lacks one of them has no case.
    """
    if not isinstance(binding.case, tuple):
        return raw
    parts = [coded(raw.table[name]) for name in binding.case]
    missing = np.zeros(raw.table.num_rows, dtype=np.bool_)
    keys: Ints = np.zeros(raw.table.num_rows, dtype=np.int64)
    for part in parts:
        missing |= part.codes < 0
        keys = _renumbered(keys * (len(part.labels) + 1) + part.codes)
    _, first, codes = np.unique(keys, return_index=True, return_inverse=True)
    labels = _key_labels(raw, binding, [_at(part, first) for part in parts], missing[first])
    column = Coded(np.where(missing, -1, codes).astype(np.int32), labels).to_arrow()
    others = {name for role, name in binding.named() if role != "case"} | {raw.sheet}
    drop = [name for name in binding.case[-1:] if name not in others]
    return with_column(raw, JOINED.join(binding.case), column, drop=drop)


def _at(part: Coded, places: Ints) -> pa.StringArray:
    codes = part.codes[places]
    return part.labels.take(pa.array(codes, mask=codes < 0))


def _key_labels(
    raw: RawTable, binding: Binding, parts: list[pa.StringArray], missing: Bools
) -> pa.StringArray:
    """Join the parts of each key; keys that differ never read the same."""
    for between in BETWEEN:
        labels = pc.binary_join_element_wise(*parts, between)
        known = labels.filter(pa.array(~missing))
        if len(pc.unique(known)) == len(known):
            return labels
    raise BindingError(
        f"case={list(binding.parts()['case'])!r} in {raw.name}: different keys read the same when they are joined\n"
        "join the columns before reading, with a mark that none of them holds"
    )


def filled_down(raw: RawTable, binding: Binding) -> RawTable:
    """Return the source with empty case cells filled from the row above, as merged cells are meant.

    Never across sheets, and a part of a key only while the parts before it are the same; other
    columns are left as they are.
    """
    desk, first = Desk.of(raw), _first_of_sheet(raw)
    for name in binding.parts().get("case", ()):
        column = coded(raw.table[name])
        above = _above(column.codes, first)
        first[1:] |= above[1:] != above[:-1]  # a number belongs to the year above it only
        filled = (column.codes < 0) & (above >= 0)
        desk.find(
            "filled_down", name, filled, "cells filled from the row above (fill_down=True): {count}"
        )
        raw = with_values(raw, name, Coded(above, column.labels))
    return replace(raw, notes=tuple(desk.notes), findings=tuple(desk.findings))


def with_joined_times(raw: RawTable, binding: Binding) -> RawTable:
    """Return the source with one time for each date and clock time that stand apart.

    A date without a clock time takes that of the row of its case above it on that day, so that it
    keeps its place, or else midnight, and is noted; a clock time without a date is no time.
    """
    used: set[str] = set()
    for role in ("start", "end", "timestamp"):
        named = getattr(binding, role)
        if isinstance(named, tuple):  # start and end may share a date, which is told once
            raw = _with_joined_time(raw, binding, named, told=named[0] in used)
            used |= set(named)
    others = {name for role, name in binding.named() if role not in ("start", "end", "timestamp")}
    return replace(raw, table=raw.table.drop_columns(sorted(used - others))) if used else raw


def _with_joined_time(
    raw: RawTable, binding: Binding, named: tuple[str, ...], *, told: bool
) -> RawTable:
    date, clock = named
    days = read_times(raw, date, replace(binding, timestamp=date, start=None, end=None))
    clocks, no_clock_time = times.clock_micros(raw.table[clock])
    if days.instants:
        raise TimestampError(
            f"the dates of {date!r} in {raw.name} carry a zone or a UTC offset, so they are times by themselves\n"
            f"bind {date!r} alone, or export it as dates without a zone"
        )
    desk, name = Desk.of(raw), JOINED.join(named)
    if not told:
        tell_times(days, date, desk)
    desk.reject(days.unreadable, date, "date cannot be read")
    desk.reject(no_clock_time, clock, "clock time cannot be read")
    of_date = np.where(days.micros == NAT, 0, days.micros % DAY)
    desk.reject(
        (of_date != 0) & (clocks != NAT) & (clocks != of_date),
        date,
        "the date has another clock time of its own",
    )
    clocks = np.where(of_date != 0, 0, clocks)  # it is in the date already
    good = desk.good(raw.table.num_rows)
    known = days.micros != NAT
    desk.find(
        "no_clock_time",
        name,
        good & known & (clocks == NAT) & (days.micros % DAY == 0),
        "dates without a clock time: {count}; that of the row of the case above on that day was taken, or midnight",
    )
    clocks = _kept_in_place(raw, binding, days.micros, clocks)
    micros = np.where(known, days.micros + clocks, NAT)
    instants = pa.array(micros, mask=micros == NAT).cast(pa.timestamp("us"))
    joined = with_column(raw, name, instants).at(good)
    rejected = desk.rejected()
    return replace(
        joined,
        rejected=rejected,
        rows_unread=raw.rows_unread + int((~good).sum()),
        notes=tuple(desk.notes),
        findings=tuple(desk.findings),
    )


def _kept_in_place(raw: RawTable, binding: Binding, days: Ints, clocks: Ints) -> Ints:
    """Return clock times, a missing one as that of the row above with the same case and day, or 0."""
    empty = clocks == NAT
    if not empty.any():
        return clocks
    case = coded(raw.table[binding.columns()["case"]]).codes
    order = np.lexsort((days, case))  # stable: rows of a case and day stay as in the source
    sorted_clocks, place = clocks[order], np.arange(len(order))
    first = np.ones(len(order), dtype=np.bool_)
    first[1:] = (case[order][1:] != case[order][:-1]) | (days[order][1:] != days[order][:-1])
    above = np.maximum.accumulate(np.where((sorted_clocks != NAT) | first, place, 0))
    filled = np.empty_like(clocks)
    filled[order] = sorted_clocks[above]
    return np.where(filled == NAT, 0, filled)


def _renumbered(keys: Ints) -> Ints:
    """Number keys densely, so that their product with the next part stays small."""
    return np.unique(keys, return_inverse=True)[1].astype(np.int64)


def _above(codes: Codes, first: Bools) -> Codes:
    """Return each code, or where it is missing the last one above it in the same sheet."""
    place = np.where((codes >= 0) | first, np.arange(len(codes)), 0)
    return codes[np.maximum.accumulate(place)] if len(codes) else codes


def _first_of_sheet(raw: RawTable) -> Bools:
    first = np.zeros(raw.table.num_rows, dtype=np.bool_)
    first[:1] = True
    if raw.sheet is not None:
        sheet = coded(raw.table[raw.sheet]).codes
        first[1:] = sheet[1:] != sheet[:-1]
    return first
