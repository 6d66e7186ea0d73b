"""The bound columns of a source's rows: case, activity and times, decoded and in one zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import TimestampError
from procmine.ingest import times
from procmine.ingest.binding import Binding
from procmine.ingest.columns import coded
from procmine.ingest.desk import Desk
from procmine.ingest.names import folded, usual
from procmine.ingest.raw import RawTable
from procmine.ingest.spelling import one_spelling
from procmine.kernels import NAT, Bools, Ints
from procmine.log import Coded
from procmine.zones import resolved

_SENTINELS = (
    "dates that stand for no date (such as 1900-01-01 or 9999-12-31): {count}; they are missing now"
)
_PLACEHOLDERS = "cells that stand for an empty one (such as '-' or 'n/a'): {count}"
_TWICE = "times that occurred twice when clocks were put back: {count}"
_NEVER = "times that did not occur when clocks were put forward: {count}"
_TWO_DIGITS = "years written with two digits: {count}; 70 to 99 were read as 19xx, 00 to 69 as 20xx"


@dataclass(frozen=True, eq=False)
class Zone:
    """The zone of the office: whether it was only assumed, and why it was chosen."""

    name: str
    assumed: bool
    reason: str


@dataclass(frozen=True, eq=False)
class Rows:
    """The bound columns of the source's rows; ``place`` is their position in the raw table."""

    place: Ints
    case: Coded
    activity: Coded
    start: Ints | None
    end: Ints
    tz: Zone
    others: Mapping[str, Coded]
    """The other text columns that are bound, by name, for all rows of the source."""

    def at(self, keep: Bools) -> Rows:
        """Return the rows of a mask."""
        if keep.all():
            return self
        return Rows(
            self.place[keep],
            self.case.take(keep),
            self.activity.take(keep),
            None if self.start is None else self.start[keep],
            self.end[keep],
            self.tz,
            self.others,
        )

    def as_steps(self) -> Steps:
        """Return every row as a step."""
        return Steps(
            self.place, self.case, self.activity, self.start, self.end, self.tz, self.others
        )


@dataclass(frozen=True, eq=False)
class Steps(Rows):
    """Rows that are steps; ``place`` is that of the row that ended the step, or else of its start."""

    suspended: Ints | None = None


def read_rows(raw: RawTable, binding: Binding, desk: Desk) -> Rows:
    """Decode the bound columns; rows without a case, an activity or a readable time are put down as rejected."""
    codes, columns = _coded_columns(raw, binding), binding.columns()
    for role in ("activity", "unit", "previous"):
        if role in columns:
            codes[columns[role]] = spelling_told(codes[columns[role]], columns[role], desk)
    case, activity = codes[columns["case"]], codes[columns["activity"]]
    desk.reject(case.codes < 0, columns["case"], "no case")
    desk.reject(activity.codes < 0, columns["activity"], "no activity")
    start, end, zone = _times(raw, binding, desk)
    place = np.arange(raw.table.num_rows, dtype=np.int64)
    return Rows(place, case, activity, start, end, zone, codes)


def _coded_columns(raw: RawTable, binding: Binding) -> dict[str, Coded]:
    """Return the bound text columns as codes, made on two cores."""
    times_of_rows = set(binding.time_columns())
    names = [name for name in binding.columns().values() if name not in times_of_rows]
    with ThreadPoolExecutor(2) as cores:
        return dict(zip(names, cores.map(coded, (raw.table[name] for name in names)), strict=True))


def spelling_told(column: Coded, name: str, desk: Desk) -> Coded:
    """Return labels that differ by spelling only as one, and say so."""
    spelt, changed = one_spelling(column)
    if changed.any():
        code = int(column.codes[np.flatnonzero(changed)[0]])
        was, now = column.labels[code], spelt.labels[int(spelt.codes[np.flatnonzero(changed)[0]])]
        fewer = f"{len(column.compact().labels):,} spellings are {len(spelt.labels):,} labels"
        desk.find(
            "spelling",
            name,
            changed,
            f"cells in another spelling: {{count}} ({fewer}), such as '{was}' as '{now}'",
        )
    return spelt


def _times(raw: RawTable, binding: Binding, desk: Desk) -> tuple[Ints | None, Ints, Zone]:
    columns = binding.time_columns()
    read = {column: read_times(raw, column, binding) for column in columns}
    for column, found in read.items():
        desk.reject(found.unreadable, column, "time cannot be read")
        tell_times(found, column, desk)
    zone = _zone(raw, binding, list(read.values()))
    instants = {
        column: _instants(found, column, zone.name, binding, desk) for column, found in read.items()
    }
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


def tell_times(found: times.ReadTimes, column: str, desk: Desk) -> None:
    """Put down what was odd in a column of times; its unreadable cells are left to the caller."""
    desk.notes += found.order_note(column)
    desk.find("sentinel_time", column, found.sentinels, _SENTINELS)
    desk.find("placeholder", column, found.placeholders, _PLACEHOLDERS)
    desk.find("two_digit_year", column, found.two_digit_years, _TWO_DIGITS)


def read_times(raw: RawTable, column: str, binding: Binding) -> times.ReadTimes:
    """Read a column as times, whatever type it has; raises TimestampError where it is no column of times."""
    values = raw.table[column]
    if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
        return times.from_arrow(values)
    kind = values.type.value_type if pa.types.is_dictionary(values.type) else values.type
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return times.from_arrow(values.cast(kind))
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_null(kind):
        if binding.time_format is None:
            _refuse_two_kinds(raw, column)
        proof = None if binding.time_format else _proof_of_order(raw, column)
        values = _without_pending(values.cast(pa.string()))
        return times.from_text(
            values,
            name=column,
            source=raw.name,
            time_format=binding.time_format,
            rows=raw.rows,
            proven=None if proof is None else "day",
            proven_by=f"column {proof!r}",
        )
    numeric = pa.types.is_integer(kind) or pa.types.is_floating(kind)
    if numeric and (raw.date_system is not None or binding.time_format in times.DATE_SYSTEMS):
        system = times.DATE_SYSTEMS.get(str(binding.time_format), raw.date_system or 1900)
        return times.from_serials(values, system)
    raise TimestampError(
        f"column {column!r} in {raw.name} holds {kind} values, not times\n"
        "bind another column, or turn it into dates first"
    )


def _refuse_two_kinds(raw: RawTable, column: str) -> None:
    """Refuse true dates beside dates as text, of which a workbook's reader has told what they are."""
    for finding in raw.findings:
        if finding.kind == "two_kinds_of_dates" and finding.column == column:
            what, _, advice = finding.text.partition("; ")
            raise TimestampError(f"{raw.name}, column {what}\n{advice}")


def _without_pending(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return dates without words that say there is none yet, such as *în lucru*: a placeholder stands for them."""
    wordy = pc.match_substring_regex(texts, r"^\s*\pL[\pL\s.]*$")
    if not pc.any(wordy).as_py():
        return texts
    words = pc.unique(texts.filter(wordy)).to_pylist()
    pending = [word for word in words if folded(word) in usual("pending")]
    return pc.if_else(pc.is_in(texts, value_set=pa.array(pending, pa.string())), "-", texts)


def _proof_of_order(raw: RawTable, column: str) -> str | None:
    """Return another column whose days above 12 prove that dates written in the same way are day first."""
    order = times.date_order(raw.table[column])
    if order is None or order.order != "either":
        return None
    for other in raw.table.column_names:
        found = None if other == column else times.date_order(raw.table[other])
        if found is not None and found.proves(order):
            return str(other)
    return None


def zone_seen(raw: RawTable, binding: Binding, *, whole: bool) -> Zone | None:
    """Return the zone that the times of a source, or of its first rows, propose; None where they do not.

    The first rows settle it only where both offsets of a zone with clock changes are among them:
    a single offset may be that of one season.
    """
    try:
        read = [read_times(raw, column, binding) for column in binding.time_columns()]
        zone = _zone(raw, binding, read)
    except TimestampError:
        return None
    return zone if not zone.assumed and (whole or zone.name in times.EU_ZONES) else None


def _zone(raw: RawTable, binding: Binding, read: Sequence[times.ReadTimes]) -> Zone:
    if binding.tz is not None:
        return Zone(times.check_zone(binding.tz), False, "as given with tz=")
    offsets = [pair for found in read for pair in found.offsets] or list(raw.offset_samples)
    if any(found.instants for found in read):
        typed = _zone_of_type(raw, binding)
        if typed is not None:
            return typed
        if not offsets:
            return Zone(
                "UTC", True, "the times are kept in UTC, which does not tell the office's zone"
            )
        name, reason = times.propose_zone(offsets)
        if name is not None:
            return Zone(name, False, reason)
        return Zone("UTC", True, reason)
    return Zone("UTC", True, "the times carry no UTC offset and tz= was not given")


def _zone_of_type(raw: RawTable, binding: Binding) -> Zone | None:
    """A typed column may carry the zone of its office; UTC says nothing of the office."""
    for column in binding.time_columns():
        kind = raw.table.schema.field(column).type
        if pa.types.is_timestamp(kind) and kind.tz not in (None, "UTC", "+00:00"):
            return Zone(
                times.check_zone(_zone_name(kind.tz)),
                False,
                f"column {column!r} carries the zone {kind.tz}",
            )
    return None


def _zone_name(tz: str) -> str:
    return f"UTC{tz}" if tz[0] in "+-" else tz


def _instants(found: times.ReadTimes, column: str, tz: str, binding: Binding, desk: Desk) -> Ints:
    if found.instants:
        return found.micros
    change = resolved(found.micros, tz, binding.clock_change)
    if binding.clock_change == "reject":
        desk.reject(change.twice, column, "time occurred twice at a clock change")
        desk.reject(change.never, column, "time never occurred at a clock change")
        return change.instants
    which = f"the {binding.clock_change} was taken (clock_change=)"
    desk.find("clock_change", column, change.twice, f"{_TWICE}; {which}")
    desk.find("clock_change", column, change.never, f"{_NEVER}; the time after was taken")
    return change.instants


def _say_backwards(raw: RawTable, binding: Binding, backwards: Bools, desk: Desk) -> None:
    if not backwards.any():
        return
    if binding.on_bad_rows == "raise":
        first = int(np.flatnonzero(backwards)[0])
        case = raw.table[binding.columns()["case"]][first].as_py()
        raise TimestampError(
            f"{int(backwards.sum()):,} of {len(backwards):,} rows end before they start, "
            f"first in case {str(case)!r} (row {int(raw.rows[first])})\n"
            'keep the rest with pm.read(..., on_bad_rows="drop") and list them with log.import_report.rejected'
        )
    columns = binding.columns()
    desk.reject(backwards, columns["end"], f"end before start ({columns['start']})")
