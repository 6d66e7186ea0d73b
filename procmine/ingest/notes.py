"""Notes on a log that is being bound: keys that show persons, numbers with two meanings, steps at one time."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from procmine.ingest.binding import Binding
from procmine.ingest.columns import doubtful_numbers
from procmine.ingest.desk import Desk
from procmine.ingest.findings import Finding
from procmine.ingest.names import Names
from procmine.ingest.personal import key_finding
from procmine.ingest.privacy import shows_persons
from procmine.ingest.raw import RawTable
from procmine.log import EventLog


def note_keys(raw: RawTable, binding: Binding, desk: Desk, names: Names | None) -> None:
    """Say where a case key or an activity, which every table shows, looks like a personal id."""
    columns = binding.columns()
    for role in ("case", "activity"):
        found = key_finding(role, columns[role], raw.table[columns[role]])
        named = [name for name in binding.parts().get(role, ()) if shows_persons(name, names)]
        if found is None and named and binding.resources != "name":
            text = f"{role}= shows {named[0]!r} everywhere, which probably names persons: bind another column"
            found = Finding("personal", named[0], raw.table.num_rows, (), text)
        if found is not None:
            desk.findings.append(found)
            desk.notes.append(found.text)


def note_numbers(attributes: list[pa.Table], desk: Desk) -> None:
    """Say which attributes stay text because their numbers could be read in two ways."""
    for table in attributes:
        for name, column in zip(table.column_names, table.columns, strict=True):
            if not _has_labels(column):
                continue
            labels = column.chunk(0).dictionary
            if len(labels) and doubtful_numbers(labels):
                example = next(label for label in labels.to_pylist() if set(label) & {".", ","})
                desk.notes.append(
                    f"{name}: numbers such as {example!r} could be thousands or have decimals; they stay text"
                )


def _has_labels(column: pa.ChunkedArray) -> bool:
    return bool(pa.types.is_dictionary(column.type)) and column.num_chunks > 0


def note_ties(log: EventLog, binding: Binding, desk: Desk) -> None:
    """Say how many steps have the time of the one before them, and what orders them; and how many lie ahead."""
    same_case = log.case_codes[1:] == log.case_codes[:-1]
    tied = same_case & (log.first[1:] == log.first[:-1]) & (log.last[1:] == log.last[:-1])
    if tied.any():
        how = (
            "the declared activity order, then the source row"
            if binding.order
            else "the order of the milestones"
            if binding.milestones
            else "the source row (order= can declare one)"
        )
        desk.notes.append(
            f"steps with the same time as the one before them: {int(tied.sum()):,}; ordered by {how}"
        )
    future = int((log.last > int(pd.Timestamp.now(tz="UTC").timestamp() * 1e6)).sum())
    if future:
        desk.notes.append(f"steps in the future: {future:,}")
