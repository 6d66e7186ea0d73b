"""Bind the records of a source to a log: every row becomes part of a step or is rejected with its reason."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from procmine import kernels
from procmine.errors import (
    BindingError,
    ColumnNotFoundError,
    DataQualityWarning,
    LabelNotFoundError,
    TimestampError,
)
from procmine.ingest import lifecycle, times
from procmine.ingest.binding import Binding
from procmine.ingest.closing import closing_times
from procmine.ingest.columns import attributes, by_appearance, coded
from procmine.ingest.privacy import holds_persons, person_columns, protected
from procmine.ingest.raw import RawTable, rejections
from procmine.ingest.report import ImportReport, reason_text
from procmine.kernels import NAT, Bools, Codes, Ints
from procmine.log import Coded, EventLog
from procmine.zones import to_utc

_KEEPS_ROWS = "lifecycle=None keeps each row as a step"


def bind(raw: RawTable, binding: Binding) -> EventLog:
    """Return the log of a source; raises a BindingError or TimestampError where the columns do not
    make one.

    Rows without a case, an activity or a time, with an unreadable time or with an end before their
    start are rejected and listed in ``log.import_report.rejected`` (``on_bad_rows="raise"`` makes
    them an error); one DataQualityWarning gives their number.
    """
    binding = binding.checked()
    _check_columns(raw, binding)
    desk = _Desk(raw, list(raw.notes), [raw.rejected])
    rows = _read_rows(raw, binding, desk)
    good = desk.good(raw.table.num_rows)
    _refuse_if_nothing(raw, binding, desk, good)
    steps = (
        _paired(_rows_at(rows, good), raw, binding, desk)
        if binding.lifecycle
        else _plain(_rows_at(rows, good))
    )
    log = _sorted_log(steps, raw, rows.tz, binding, desk)
    _warn(log.import_report, binding, rows.tz)
    return log


@dataclass
class _Desk:
    """Where findings are put down while a source is bound: notes, rejected rows, and which rows are out."""

    raw: RawTable
    notes: list[str]
    tables: list[pd.DataFrame]
    out: list[Bools] = field(default_factory=list)

    def reject(self, bad: Bools, column: str, reason: str) -> None:
        """Reject the rows of a mask, unless they were rejected before."""
        bad = bad & self.good(len(bad))
        if bad.any():
            self.out.append(bad)
            self.add(np.flatnonzero(bad), column, reason)

    def add(self, places: Ints, column: str, reason: str) -> None:
        """List rows by their place in the table as rejected, with the value as it was written."""
        values = self.raw.texts_at(column, places)
        rows = self.raw.rows[places].tolist()
        self.tables.append(
            rejections([(r, column, reason, v) for r, v in zip(rows, values, strict=True)])
        )

    def good(self, size: int) -> Bools:
        """Return the rows that are still in."""
        good = np.ones(size, dtype=np.bool_)
        for bad in self.out:
            good &= ~bad
        return good

    def rejected(self) -> pd.DataFrame:
        """Return all rejected rows, in the order of the source."""
        filled = [table for table in self.tables if len(table)]
        if not filled:
            return rejections([])
        return pd.concat(filled, ignore_index=True).sort_values(
            "row", kind="stable", ignore_index=True
        )


@dataclass(frozen=True, eq=False)
class _Zone:
    name: str
    assumed: bool
    reason: str


@dataclass(frozen=True, eq=False)
class _Rows:
    """The bound columns of the source's rows; ``place`` is their position in the raw table."""

    place: Ints
    case: Coded
    activity: Coded
    start: Ints | None
    end: Ints
    tz: _Zone


@dataclass(frozen=True, eq=False)
class _Steps(_Rows):
    suspended: Ints | None = None


def _check_columns(raw: RawTable, binding: Binding) -> None:
    names = raw.table.column_names
    wanted = binding.columns()
    if binding.closed is not None and binding.closed.column is not None:
        wanted["closed"] = binding.closed.column
    for role, column in wanted.items():
        if column not in names:
            raise ColumnNotFoundError.among(column, names, parameter=role, source=raw.name)


def _read_rows(raw: RawTable, binding: Binding, desk: _Desk) -> _Rows:
    assert binding.case is not None
    assert binding.activity is not None
    case, activity = coded(raw.table[binding.case]), coded(raw.table[binding.activity])
    desk.reject(case.codes < 0, binding.case, "no case")
    desk.reject(activity.codes < 0, binding.activity, "no activity")
    start, end, zone = _times(raw, binding, desk)
    return _Rows(np.arange(raw.table.num_rows, dtype=np.int64), case, activity, start, end, zone)


def _times(raw: RawTable, binding: Binding, desk: _Desk) -> tuple[Ints | None, Ints, _Zone]:
    columns = [
        column for column in (binding.start, binding.end or binding.timestamp) if column is not None
    ]
    read = {column: read_times(raw, column, binding) for column in columns}
    for column, found in read.items():
        desk.reject(found.unreadable, column, "time cannot be read")
    zone = _zone(raw, binding, list(read.values()))
    instants = {column: _instants(found, column, zone.name, desk) for column, found in read.items()}
    end = instants[columns[-1]]
    start = instants[columns[0]] if binding.start is not None else None
    if binding.start is not None and len(columns) == 1:
        start, end = end, np.full(len(end), NAT)
    missing = (end == NAT) if start is None else (end == NAT) & (start == NAT)
    desk.reject(missing, columns[-1], "no time")
    if start is not None:
        backwards = (start != NAT) & (end != NAT) & (end < start)
        _say_backwards(raw, binding, backwards, desk)
    return start, end, zone


def read_times(raw: RawTable, column: str, binding: Binding) -> times.ReadTimes:
    """Read a column as times, whatever type it has; raises TimestampError where it is no column of times."""
    values = raw.table[column]
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        return times.from_arrow(values)
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return times.from_arrow(values.cast(kind))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        return times.from_text(
            values, name=column, source=raw.name, time_format=binding.time_format
        )
    raise TimestampError(
        f"column {column!r} in {raw.name} holds {kind} values, not times\n"
        "bind another column, or turn it into dates first"
    )


def _zone(raw: RawTable, binding: Binding, read: Sequence[times.ReadTimes]) -> _Zone:
    if binding.tz is not None:
        return _Zone(times.check_zone(binding.tz), False, "as given with tz=")
    offsets = [pair for found in read for pair in found.offsets] or list(raw.offset_samples)
    if any(found.instants for found in read):
        typed = _zone_of_type(raw, binding)
        if typed is not None:
            return typed
        if not offsets:
            return _Zone(
                "UTC", True, "the times are kept in UTC, which does not tell the office's zone"
            )
        name, reason = times.propose_zone(offsets)
        if name is not None:
            return _Zone(name, False, reason)
        return _Zone("UTC", True, reason)
    return _Zone("UTC", True, "the times carry no UTC offset and tz= was not given")


def _zone_of_type(raw: RawTable, binding: Binding) -> _Zone | None:
    """A typed column may carry the zone of its office; UTC says nothing of the office."""
    for column in binding.time_columns():
        kind = raw.table.schema.field(column).type
        if pa.types.is_timestamp(kind) and kind.tz not in (None, "UTC", "+00:00"):
            return _Zone(
                times.check_zone(_zone_name(kind.tz)),
                False,
                f"column {column!r} carries the zone {kind.tz}",
            )
    return None


def _zone_name(tz: str) -> str:
    return f"UTC{tz}" if tz[0] in "+-" else tz


def _instants(found: times.ReadTimes, column: str, tz: str, desk: _Desk) -> Ints:
    if found.instants:
        return found.micros
    instants, twice, never = to_utc(found.micros, tz)
    if twice:
        desk.notes.append(
            f"{column}: {twice:,} times occurred twice when clocks were put back; the first was taken"
        )
    if never:
        desk.notes.append(
            f"{column}: {never:,} times did not occur when clocks were put forward; the time after was taken"
        )
    return instants


def _say_backwards(raw: RawTable, binding: Binding, backwards: Bools, desk: _Desk) -> None:
    if not backwards.any():
        return
    if binding.on_bad_rows == "raise":
        first = int(np.flatnonzero(backwards)[0])
        case = raw.table[binding.case][first].as_py()
        raise TimestampError(
            f"{int(backwards.sum()):,} of {len(backwards):,} rows end before they start, "
            f"first in case {str(case)!r} (row {int(raw.rows[first])})\n"
            'keep the rest with pm.read(..., on_bad_rows="drop") and list them with log.import_report.rejected'
        )
    desk.reject(backwards, str(binding.end), f"end before start ({binding.start})")


def _refuse_if_nothing(raw: RawTable, binding: Binding, desk: _Desk, good: Bools) -> None:
    rejected = desk.rejected()
    if len(rejected) and binding.on_bad_rows == "raise":
        first = rejected.iloc[0]
        raise BindingError(
            f"{len(rejected):,} of {raw.table.num_rows + raw.rows_unread:,} rows of {raw.name} "
            f"cannot be bound, first row {first['row']}: {reason_text(first['reason'], first['column'])}\n"
            'keep the rest with pm.read(..., on_bad_rows="drop")'
        )
    if not good.any():
        most = rejected[["reason", "column"]].value_counts().reset_index().iloc[0]
        raise BindingError(
            f"no row of {raw.name} can be bound; {most['count']:,} times: "
            f"{reason_text(most['reason'], most['column'])}\n"
            "check that case=, activity= and the times name the right columns"
        )


def _rows_at(rows: _Rows, keep: Bools) -> _Rows:
    if keep.all():
        return rows
    start = None if rows.start is None else rows.start[keep]
    return _Rows(
        rows.place[keep],
        rows.case.take(keep),
        rows.activity.take(keep),
        start,
        rows.end[keep],
        rows.tz,
    )


def _plain(rows: _Rows) -> _Steps:
    return _Steps(rows.place, rows.case, rows.activity, rows.start, rows.end, rows.tz)


def _paired(rows: _Rows, raw: RawTable, binding: Binding, desk: _Desk) -> _Steps:
    """Make steps of lifecycle rows; each step has the place of the row that ended it, or else of its start."""
    assert binding.lifecycle is not None
    transition = coded(raw.table[binding.lifecycle]).take(rows.place)
    names = transition.compact()
    kinds = lifecycle.transition_kinds(names.names(), source=raw.name)
    kind = np.append(kinds, np.int8(lifecycle.ENDS))[names.codes]
    key, by = _pairing_key(rows, raw, binding)
    pairs = lifecycle.pair_rows(kind, key, rows.end)
    _note_pairs(pairs, names, kind, rows, by, binding, desk)
    at = np.where(pairs.ended >= 0, pairs.ended, pairs.opened)
    start = np.where(pairs.opened >= 0, rows.end[pairs.opened], NAT)
    end = np.where(pairs.ended >= 0, rows.end[pairs.ended], NAT)
    suspended = pairs.suspended if pairs.suspended.any() else None
    return _Steps(
        rows.place[at], rows.case.take(at), rows.activity.take(at), start, end, rows.tz, suspended
    )


def _pairing_key(rows: _Rows, raw: RawTable, binding: Binding) -> tuple[Ints, str]:
    """Number the groups in which starts and ends meet: case and activity, and instance or else resource.

    Instance or resource counts only where every row has one.
    """
    columns = [rows.case.codes.astype(np.int64), rows.activity.codes.astype(np.int64)]
    by = "case and activity"
    for role in ("instance", "resource"):
        column = getattr(binding, role)
        if column is not None:
            extra = coded(raw.table[column]).take(rows.place)
            if len(extra.codes) and int(extra.codes.min()) >= 0:
                columns.append(extra.codes.astype(np.int64))
                by = f"case, activity and {role}"
                break
    sizes = [int(column.max()) + 1 for column in columns]
    _, key = np.unique(kernels.group_codes(columns, sizes), return_inverse=True)
    return key.astype(np.int64), by


def _note_pairs(
    pairs: lifecycle.PairedRows,
    names: Coded,
    kind: npt.NDArray[np.int8],
    rows: _Rows,
    by: str,
    binding: Binding,
    desk: _Desk,
) -> None:
    counts = pairs.counts
    desk.notes.append(
        f"lifecycle rows paired by {by}: {counts['pairs']:,} pairs, "
        f"{counts['ends_alone']:,} ends alone (start unknown), "
        f"{counts['starts_alone']:,} starts alone (still running)"
    )
    labels = np.array([*names.names(), ""], dtype=object)
    for code in np.unique(names.codes[pairs.aside]):
        label = str(labels[code])
        places = rows.place[pairs.aside[names.codes[pairs.aside] == code]]
        outside = kind[pairs.aside[names.codes[pairs.aside] == code][0]] != lifecycle.ASIDE
        reason = (
            f"{label!r} outside an open step"
            if outside
            else f"{label!r} neither begins nor ends a step"
        )
        desk.add(places, str(binding.lifecycle), f"{reason}; {_KEEPS_ROWS}")


def _sorted_log(
    steps: _Steps, raw: RawTable, zone: _Zone, binding: Binding, desk: _Desk
) -> EventLog:
    case = by_appearance(steps.case)
    activity = steps.activity.compact()
    rank = _declared_rank(activity, binding.order)
    order = _order(case, steps, rank, raw.rows)

    def taken(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return values if order is None else values[order]

    offsets = kernels.offsets_of(taken(case.codes), len(case.labels))
    place = taken(steps.place)
    unit, resource = _column(raw, binding.unit, place), _column(raw, binding.resource, place)
    step_columns, case_columns = attributes(_attribute_table(raw, binding, desk), place, offsets)
    if resource is not None and binding.resources != "name":
        step_columns = _without_persons(step_columns, resource, desk)
        case_columns = _without_persons(case_columns, resource, desk)
        resource = protected(resource, binding.resources)
    start = None if steps.start is None else taken(steps.start)
    end = taken(steps.end)
    log = EventLog(
        case_labels=case.labels,
        offsets=offsets,
        activity=Coded(taken(activity.codes), activity.labels),
        end=end,
        start=start,
        row=raw.rows[place],
        tz=zone.name,
        tz_assumed=zone.assumed,
        precision=times.precision_of([end] if start is None else [start, end], zone.name),
        binding=replace(binding, tz=zone.name if not zone.assumed else None),
        import_report=ImportReport(raw.name, raw.sha256, 0, 0),
        sha256=raw.sha256,
        resource=resource,
        resources_hidden=binding.resources == "anonymous",
        unit=unit,
        suspended=None if steps.suspended is None else taken(steps.suspended),
        step_attributes=step_columns,
        case_attributes=case_columns,
    )
    closed_at, closing = closing_times(log, raw, binding, place, desk.notes, read_times)
    _note_ties(log, binding, desk)
    report = _report(raw, binding, zone, desk)
    return replace(log, closed_at=closed_at, closing=closing, import_report=report)


def _order(case: Coded, steps: _Steps, rank: Codes | None, rows: Codes) -> Ints | None:
    """Return the order of the log: case, start or end, end or start, declared activity order, source row."""
    keys: list[npt.NDArray[np.integer]] = [case.codes]
    if steps.start is None:
        keys.append(steps.end)
    else:
        keys.append(np.where(steps.start == NAT, steps.end, steps.start))
        keys.append(np.where(steps.end == NAT, steps.start, steps.end))
    if rank is not None:
        keys.append(rank)
    if len(steps.place) > 1 and bool((steps.place[1:] < steps.place[:-1]).any()):
        keys.append(rows[steps.place])
    return kernels.lexicographic_order(keys)


def _declared_rank(activity: Coded, order: tuple[str, ...]) -> Codes | None:
    if not order:
        return None
    names = activity.names()
    for label in order:
        if label not in names:
            raise LabelNotFoundError.among(label, sorted(names), what="activity (order=)")
    rank = {label: place for place, label in enumerate(order)}
    return np.array([rank.get(name, len(order)) for name in names], dtype=np.int32)[activity.codes]


def _column(raw: RawTable, name: str | None, place: Ints) -> Coded | None:
    return None if name is None else coded(raw.table[name]).take(place).compact()


def _attribute_table(raw: RawTable, binding: Binding, desk: _Desk) -> pa.Table:
    """Return the columns that are not bound; columns that name persons are left out unless names are wanted."""
    bound = set(binding.columns().values())
    rest = [name for name in raw.table.column_names if name not in bound]
    persons = person_columns(rest, binding)
    _note_persons(persons, desk)
    return raw.table.select([name for name in rest if name not in persons])


def _without_persons(attributes: pa.Table, resource: Coded, desk: _Desk) -> pa.Table:
    """Drop attributes that hold the names of the resource column: they would undo its protection."""
    persons = [
        name
        for name, column in zip(attributes.column_names, attributes.columns, strict=True)
        if holds_persons(column, resource)
    ]
    _note_persons(persons, desk)
    return attributes.drop_columns(persons) if persons else attributes


def _note_persons(persons: list[str], desk: _Desk) -> None:
    if persons:
        shown = ", ".join(map(repr, persons))
        desk.notes.append(
            f"left out as naming persons: {shown}; bind one with resource=, or keep them with resources='name'"
        )


def _note_ties(log: EventLog, binding: Binding, desk: _Desk) -> None:
    same_case = log.case_codes[1:] == log.case_codes[:-1]
    tied = same_case & (log.first[1:] == log.first[:-1]) & (log.last[1:] == log.last[:-1])
    if tied.any():
        how = (
            "the declared activity order, then the source row"
            if binding.order
            else "the source row (order= can declare one)"
        )
        desk.notes.append(
            f"{int(tied.sum()):,} steps have the same time as the one before them; ordered by {how}"
        )
    future = int((log.last > int(pd.Timestamp.now(tz="UTC").timestamp() * 1e6)).sum())
    if future:
        desk.notes.append(f"{future:,} steps lie in the future")


def _report(raw: RawTable, binding: Binding, zone: _Zone, desk: _Desk) -> ImportReport:
    rejected = desk.rejected()
    read = raw.table.num_rows + raw.rows_unread
    reasons = {**binding.reasons, "tz": f"{zone.name}: {zone.reason}"}
    return ImportReport(
        raw.name, raw.sha256, read, read - len(rejected), rejected, tuple(desk.notes), reasons
    )


def _warn(report: ImportReport, binding: Binding, zone: _Zone) -> None:
    if zone.assumed:
        warnings.warn(
            f"{report.source}: {zone.reason}; times are read as UTC, so local days may be wrong by hours. "
            "Pass tz='Europe/Bucharest' or so.",
            DataQualityWarning,
            stacklevel=5,
        )
    if not report.rows_rejected:
        return
    reasons = report.by_reason()
    reasons = reasons[~reasons["reason"].str.endswith(_KEEPS_ROWS)]
    if len(reasons):
        most = reasons.iloc[0]
        warnings.warn(
            f"{report.source}: {int(reasons['rows'].sum()):,} of {report.rows_read:,} rows rejected, "
            f"most often: {reason_text(most['reason'], most['column'])} (first in row {most['first_row']}). "
            "List them with log.import_report.rejected.",
            DataQualityWarning,
            stacklevel=5,
        )
