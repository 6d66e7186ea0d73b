"""The columns of an XES log: a value per event, duplicates and unreadable values found, cases named."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.xes.findings import Findings
from procmine.ingest.xes.parts import NO_TRACE, Gathered, TextColumn
from procmine.ingest.xes.values import type_of, typed, why_unreadable
from procmine.kernels import Ints

NAME = "concept:name"
TIME = "time:timestamp"
CASE = "case:"


@dataclass(frozen=True, eq=False)
class Columns:
    """A log's columns, those of its cases repeated for every event."""

    of_cases: dict[str, pa.ChunkedArray]
    of_events: dict[str, pa.ChunkedArray]


def columns_of(log: Gathered, findings: Findings) -> Columns:
    """Return the typed columns of a log, and tell ``findings`` what was odd."""
    for event in np.flatnonzero(log.trace_of_event == NO_TRACE).tolist():
        findings.reject(event, CASE + NAME, "the event stands outside any trace", None, None)
    trace_of_event = _index(log.trace_of_event)
    of_cases = {CASE + NAME: _case_names(log, findings).take(trace_of_event)}
    of_events = {}
    for (on_event, key), column in log.columns.items():
        if on_event:
            events = len(log.trace_of_event)
            name = _event_column(key, log, findings)
            of_events[name] = _values(column, key, "event", events, findings)
        elif key != NAME:
            values = _values(column, key, "trace", log.traces, findings)
            of_cases[CASE + key] = values.take(trace_of_event)
    _note_what_is_missing(log, of_events, findings)
    return Columns(of_cases, of_events)


def _values(
    column: TextColumn, key: str, on: str, rows: int, findings: Findings
) -> pa.ChunkedArray:
    """Return one value per event or trace, null where it has none or an unreadable one."""
    first = _first_values(column, key, on, findings)
    kind = "string" if key == NAME else type_of(first.types)
    if kind == "string" and not first.types <= {"string", "id"}:
        findings.note(f"'{key}' of {on}s is written as {_and(first.types)}; it was read as text")
    values = typed(first.values, kind)
    _find_unreadable(first, values, key, on, kind, findings)
    return _spread(values, first.owner, rows)


def _first_values(column: TextColumn, key: str, on: str, findings: Findings) -> TextColumn:
    """Return the first value of every owner, with a note on those that have several."""
    repeated = np.flatnonzero(column.owner[1:] == column.owner[:-1]) + 1
    if len(repeated):
        owners = np.unique(column.owner[repeated])
        findings.note(
            f"{_many(owners, on)} with '{key}' more than once: the first value was kept, "
            f"{len(repeated):,} left aside; first {on} {owners[0] + 1:,}",
            int(column.at[repeated[0]]),
        )
    return column.without(repeated)


def _find_unreadable(
    column: TextColumn, values: pa.ChunkedArray, key: str, on: str, kind: str, findings: Findings
) -> None:
    """Reject the events whose time is unreadable; note other unreadable values."""
    wrong = np.flatnonzero(pc.is_null(values).to_numpy())
    texts = column.values.take(pa.array(wrong)).to_pylist()
    if (on, key) == ("event", TIME):
        reasons = {text: why_unreadable(text, kind, values.type) for text in set(texts)}
        for place, text in zip(wrong.tolist(), texts, strict=True):
            at = int(column.at[place])
            findings.reject(int(column.owner[place]), TIME, f"the time {reasons[text]}", text, at)
    elif len(wrong) and key != NAME:
        findings.note(
            f"{_many(wrong, 'value')} of '{key}' of {on}s left empty: the first "
            f"{why_unreadable(texts[0], kind, values.type)}, {on} {column.owner[wrong[0]] + 1:,}",
            int(column.at[wrong[0]]),
        )


def _spread(values: pa.ChunkedArray, owner: Ints, rows: int) -> pa.ChunkedArray:
    """Return a value for every row, null for the rows that own none."""
    if len(owner) == rows:
        return values
    position = np.full(rows, -1)
    position[owner] = np.arange(len(owner))
    return values.take(_index(position))


def _index(positions: Ints) -> pa.Array:
    """Return positions to take from, null where there is none (-1)."""
    missing = positions < 0
    return pa.array(positions, mask=missing if missing.any() else None)


def _case_names(log: Gathered, findings: Findings) -> pa.ChunkedArray:
    """Return a name for every trace: its own, or else its place in the file."""
    column = log.columns.get((False, NAME))
    names = pa.chunked_array([pa.nulls(log.traces, pa.string())])
    if column is not None:
        names = _blank_to_null(_values(column, NAME, "trace", log.traces, findings))
    _note_cases(log, names, findings)
    unnamed = np.flatnonzero(pc.is_null(names).to_numpy())
    if not len(unnamed):
        return names
    made = _new_names(unnamed, names)
    findings.note(
        f"{_many(unnamed, 'trace')} of {log.traces:,} without {NAME}: called after the place in the file, "
        f"first {made[0]!r}"
    )
    filled = np.full(log.traces, None, object)
    filled[unnamed] = made
    return pc.coalesce(names, pa.array(filled, pa.string()))


def _new_names(unnamed: Ints, names: pa.ChunkedArray) -> list[str]:
    """Return names that no trace carries."""
    stem, taken = "trace", set(names.to_pylist())
    while any(f"{stem} {trace + 1}" in taken for trace in unnamed.tolist()):
        stem = f"unnamed {stem}"
    return [f"{stem} {trace + 1}" for trace in unnamed.tolist()]


def _blank_to_null(names: pa.ChunkedArray) -> pa.ChunkedArray:
    blank = pc.equal(pc.utf8_trim_whitespace(names), "")
    return pc.if_else(blank, None, names) if pc.any(blank).as_py() else names


def _note_cases(log: Gathered, names: pa.ChunkedArray, findings: Findings) -> None:
    """Note traces without events, and traces that share a name."""
    events = np.bincount(log.trace_of_event[log.trace_of_event >= 0], minlength=log.traces)
    if len(empty := np.flatnonzero(events == 0)):
        findings.note(
            f"{_many(empty, 'trace')} of {log.traces:,} without events: no case; first trace {empty[0] + 1:,}"
        )
    used = pc.drop_null(names.filter(pa.array(events > 0)))
    if repeated := len(used) - len(used.unique()):
        counted = used.value_counts()
        example = counted.field("values")[int(np.argmax(counted.field("counts").to_numpy() > 1))]
        findings.note(
            f"{_many(range(repeated), 'trace')} with the {NAME} of an earlier one: one case with it; "
            f"first {example.as_py()!r}"
        )


def _event_column(key: str, log: Gathered, findings: Findings) -> str:
    """Return the column of an event's key: the key, unless a column of the case has that name."""
    of_case = key.removeprefix(CASE)
    if of_case == key or ((False, of_case) not in log.columns and of_case != NAME):
        return key
    findings.note(
        f"events have the key '{key}' and traces '{of_case}'; the events' values are in 'event:{key}'"
    )
    return f"event:{key}"


def _note_what_is_missing(
    log: Gathered, of_events: dict[str, pa.ChunkedArray], findings: Findings
) -> None:
    """Note events without a name or a time, and what makes no column; a blank name is none."""
    if NAME in of_events:
        of_events[NAME] = _blank_to_null(of_events[NAME])
        if len(missing := np.flatnonzero(pc.is_null(of_events[NAME]).to_numpy())):
            findings.note(
                f"{_many(missing, 'event')} without {NAME}; first event {missing[0] + 1:,}"
            )
    if (True, TIME) in log.columns:
        timed = np.zeros(len(log.trace_of_event), bool)
        timed[log.columns[True, TIME].owner] = True
        if len(missing := np.flatnonzero(~timed)):
            findings.note(
                f"{_many(missing, 'event')} without {TIME}; first event {missing[0] + 1:,}"
            )
    for what, count in sorted(log.left_aside.items()):
        findings.note(
            f"{what} left aside: {count:,} (only an event's or trace's own values are read)"
        )


def _many(found: Sized, noun: str) -> str:
    return f"{len(found):,} {noun}" if len(found) == 1 else f"{len(found):,} {noun}s"


def _and(words: frozenset[str]) -> str:
    return " and ".join(sorted(words))
