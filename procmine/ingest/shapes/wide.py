"""A row per case with a column per milestone becomes a row per milestone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from procmine.errors import BindingError, TimestampError
from procmine.ingest.binding import MILESTONE, MILESTONE_DATE, Binding
from procmine.ingest.columns import coded
from procmine.ingest.desk import Desk
from procmine.ingest.raw import RawTable, with_column, with_values
from procmine.ingest.rows import read_times, spelling_told, tell_times
from procmine.ingest.times import ReadTimes
from procmine.kernels import NAT, Bools, Ints

NO_DATE = "no date in any milestone"


def with_milestones(raw: RawTable, binding: Binding) -> RawTable:
    """Return a row per case and filled milestone: the milestone as the activity, its cell as the time.

    Each column is read in its own way of writing. A cell that cannot be read is put down as
    rejected, and a row without any milestone as well; an empty cell is a milestone not reached.
    Milestones of one case stand in the order in which they are named.
    """
    columns = list(binding.milestones)
    read = [read_times(raw, column, binding) for column in columns]
    _refuse_mixed(raw, columns, read)
    desk = Desk.of(raw)
    if binding.unit is not None:  # said once for each cell, not for each of its milestones
        unit = spelling_told(coded(raw.table[binding.unit]), binding.unit, desk)
        raw = with_values(raw, binding.unit, unit)
    for column, found in zip(columns, read, strict=True):
        tell_times(found, column, desk)
        desk.add(np.flatnonzero(found.unreadable), column, "time cannot be read")
    unreadable = np.column_stack([found.unreadable for found in read])
    micros = np.column_stack([found.micros for found in read])
    empty = ~((micros != NAT) | unreadable).any(axis=1)
    desk.add(np.flatnonzero(empty), columns[0], NO_DATE)
    _note_case_twice(raw, binding, desk)
    long = _long(raw, binding, micros, read[0].instants)
    return replace(
        long,
        rejected=desk.rejected(),
        rows_unread=raw.rows_unread + int(unreadable.sum()) + int(empty.sum()),
        notes=(*desk.notes, _said(raw, columns, micros)),
        findings=tuple(desk.findings),
        offset_samples=[pair for found in read for pair in found.offsets],
        counted="dates",
        as_written=None,
    )


def _long(raw: RawTable, binding: Binding, micros: Ints, instants: bool) -> RawTable:
    filled = micros != NAT
    rows, which = np.nonzero(filled)
    others = raw.table.drop_columns(list(binding.milestones))
    table = _coded_texts(others).take(pa.array(rows))
    labels = pa.array(list(binding.milestones.values()), pa.string())
    activity = pa.DictionaryArray.from_arrays(pa.array(which.astype(np.int32)), labels)
    kinds = {raw.table.schema.field(column).type for column in binding.milestones}
    zones = {kind.tz for kind in kinds if pa.types.is_timestamp(kind)}
    zone = zones.pop() if len(zones) == 1 and len(kinds) == 1 else "UTC"
    time = pa.array(micros[filled]).cast(pa.timestamp("us", zone if instants else None))
    long = replace(raw, table=table, rows=raw.rows[rows])
    return with_column(with_column(long, MILESTONE, activity), MILESTONE_DATE, time)


def _coded_texts(table: pa.Table) -> pa.Table:
    """Return texts as codes, so that repeating a row costs a few bytes."""
    columns = [
        column.dictionary_encode() if pa.types.is_string(column.type) else column
        for column in table.columns
    ]
    return pa.table(dict(zip(table.column_names, columns, strict=True)))


def _refuse_mixed(raw: RawTable, columns: list[str], read: list[ReadTimes]) -> None:
    """Refuse columns of which some carry a UTC offset and others do not: their zone differs."""
    written = [
        column for column, found in zip(columns, read, strict=True) if (found.micros != NAT).any()
    ]
    with_offset = [
        c for c, found in zip(columns, read, strict=True) if c in written and found.instants
    ]
    if with_offset and len(with_offset) < len(written):
        local = next(column for column in written if column not in with_offset)
        raise TimestampError(
            f"{raw.name}: the times of {with_offset[0]!r} carry a UTC offset and those of {local!r} do not\n"
            "export them in one way, or leave one of them out of milestones="
        )
    if not written:
        raise BindingError(
            f"no row of {raw.name} has a date in {', '.join(map(repr, columns))}\n"
            "name other columns with milestones="
        )


def _note_case_twice(raw: RawTable, binding: Binding, desk: Desk) -> None:
    column = binding.columns()["case"]
    codes = coded(raw.table[column]).codes
    counts = np.bincount(codes[codes >= 0])
    twice: Bools = (
        np.append(counts > 1, False)[codes] if len(counts) else np.zeros(len(codes), bool)
    )
    desk.find(
        "case_twice",
        column,
        twice,
        "rows whose case stands in another row as well: {count}; their milestones are taken together",
    )


def _said(raw: RawTable, columns: list[str], micros: Ints) -> str:
    return (
        f"each row is a case: {raw.table.num_rows:,} rows with {len(columns)} milestones "
        f"have {int((micros != NAT).sum()):,} dates"
    )
