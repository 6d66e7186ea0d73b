"""Bind the records of a source to a log: every row becomes part of a step or is rejected with its reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from procmine import kernels
from procmine.errors import (
    BindingError,
    LabelNotFoundError,
)
from procmine.ingest import times
from procmine.ingest.binding import Binding
from procmine.ingest.closing import closing_times
from procmine.ingest.columns import attributes, by_appearance
from procmine.ingest.desk import Desk
from procmine.ingest.names import Names
from procmine.ingest.notes import note_keys, note_numbers, note_ties
from procmine.ingest.pairing import paired
from procmine.ingest.privacy import (
    findings_on_left_out,
    holds_persons,
    left_out,
    notes_on_left_out,
    protected,
)
from procmine.ingest.raw import EXPECTED, RawTable
from procmine.ingest.report import ImportReport, reason_text
from procmine.ingest.rows import Steps, Zone, read_rows
from procmine.ingest.shapes import shaped
from procmine.ingest.spelling import matching
from procmine.ingest.warned import warn
from procmine.kernels import NAT, Bools, Codes, Ints
from procmine.log import Coded, EventLog


def bind(
    raw: RawTable,
    binding: Binding,
    *,
    key_file: str | Path | None = None,
    names: Names | None = None,
) -> EventLog:
    """Return the log of a source; raises a BindingError or TimestampError where the columns do not
    make one.

    Rows without a case, an activity or a time, with an unreadable time or with an end before their
    start are rejected and listed in ``log.import_report.rejected`` (``on_bad_rows="raise"`` makes
    them an error); one DataQualityWarning gives their number.
    """
    binding = binding.checked()
    raw = shaped(raw, binding)
    desk = Desk.of(raw)
    rows = read_rows(raw, binding, desk)
    good = desk.good(raw.table.num_rows)
    _refuse_if_nothing(raw, binding, desk, good)
    rows = rows.at(good)
    steps = paired(rows, raw, binding, desk) if binding.lifecycle else rows.as_steps()
    log = _sorted_log(steps, raw, rows.tz, binding, desk, Persons(names, key_file))
    warn(log, rows.tz)
    return log


def _refuse_if_nothing(raw: RawTable, binding: Binding, desk: Desk, good: Bools) -> None:
    rejected = desk.rejected()
    bad = rejected[~rejected["reason"].isin(EXPECTED)]
    if len(bad) and binding.on_bad_rows == "raise":
        first = bad.iloc[0]
        raise BindingError(
            f"{len(bad):,} of {raw.table.num_rows + raw.rows_unread:,} {raw.counted} of {raw.name} "
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


@dataclass(frozen=True)
class Persons:
    """How persons are protected: the usual names that the user adds, and where the key of pseudonyms is."""

    names: Names | None
    key_file: str | Path | None


def _sorted_log(
    steps: Steps, raw: RawTable, zone: Zone, binding: Binding, desk: Desk, persons: Persons
) -> EventLog:
    case = by_appearance(steps.case)
    activity = steps.activity.compact()
    rank = _declared_rank(activity, binding)
    order = _order(case, steps, rank, raw.rows)

    def taken(values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return values if order is None else values[order]

    offsets = kernels.offsets_of(taken(case.codes), len(case.labels))
    place = taken(steps.place)
    unit, resource = (_column(steps, name, place) for name in (binding.unit, binding.resource))
    step_columns, case_columns = attributes(
        _attribute_table(raw, binding, desk, persons.names), place, offsets
    )
    if resource is not None and binding.resources != "name":
        step_columns = _without_persons(step_columns, resource, binding, desk)
        case_columns = _without_persons(case_columns, resource, binding, desk)
        resource = protected(resource, binding.resources, persons.key_file)
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
    closed_at, closing = closing_times(log, raw, binding, place, desk.notes)
    note_ties(log, binding, desk)
    note_keys(raw, binding, desk, persons.names)
    note_numbers([step_columns, case_columns], desk)
    report = _report(raw, binding, zone, desk)
    return replace(log, closed_at=closed_at, closing=closing, import_report=report)


def _order(case: Coded, steps: Steps, rank: Codes | None, rows: Codes) -> Ints | None:
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


def _declared_rank(activity: Coded, binding: Binding) -> Codes | None:
    """Return the place of each step's activity in the declared order, or in that of the milestones."""
    order = binding.order
    if not order:
        spelt = (matching(name, activity.names()) for name in binding.milestones.values())
        milestones = [name for name in spelt if name is not None]
        order = tuple(dict.fromkeys(milestones))
    if not order:
        return None
    names = activity.names()
    order = tuple(matching(label, names) or label for label in order)
    for label in order:
        if label not in names:
            raise LabelNotFoundError.among(label, sorted(names), what="activity (order=)")
    rank = {label: place for place, label in enumerate(order)}
    return np.array([rank.get(name, len(order)) for name in names], dtype=np.int32)[activity.codes]


def _column(steps: Steps, name: str | None, place: Ints) -> Coded | None:
    return None if name is None else steps.others[name].take(place).compact()


def _attribute_table(raw: RawTable, binding: Binding, desk: Desk, names: Names | None) -> pa.Table:
    """Return the columns that are not bound; columns that name persons are left out unless names are wanted."""
    bound = {name for role, name in binding.columns().items() if role != "previous"}
    rest = [name for name in raw.table.column_names if name not in bound]
    table = raw.table.select(rest)
    out = left_out(table, binding, names)
    desk.notes += notes_on_left_out(out.by_name, out.by_contents, names)
    desk.findings += findings_on_left_out(table, out.by_contents)
    return table.drop_columns(sorted(out.columns))


def _without_persons(
    attributes: pa.Table, resource: Coded, binding: Binding, desk: Desk
) -> pa.Table:
    """Drop attributes that hold the names of the resource column: they would undo its protection."""
    persons = [
        name
        for name, column in zip(attributes.column_names, attributes.columns, strict=True)
        if name not in binding.keep and holds_persons(column, resource)
    ]
    desk.notes += notes_on_left_out(persons, {})
    return attributes.drop_columns(persons) if persons else attributes


def _report(raw: RawTable, binding: Binding, zone: Zone, desk: Desk) -> ImportReport:
    rejected = desk.rejected()
    read = raw.table.num_rows + raw.rows_unread
    reasons = {**binding.reasons, "tz": f"{zone.name}: {zone.reason}"}
    return ImportReport(
        raw.name,
        raw.sha256,
        read,
        read - len(rejected),
        rejected,
        tuple(desk.notes),
        reasons,
        tuple(desk.findings),
        raw.counted,
    )
