"""What a source holds before anything is bound: its records as columns, and what could not be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from procmine.ingest.findings import Finding
from procmine.log import Coded

ANNULLED = "annulled entry"
REPEATED_HEADER, TOTALS_ROW = "repeated header", "totals row"
EXPECTED = (ANNULLED, REPEATED_HEADER, TOTALS_ROW, "footer")
"""Reasons for which a row is left out as it should be: they are listed, but no cause for a warning."""
_MOST_WORDS = 3
"""A date with its weekday and month has so many words; more are a sentence."""
REJECTED_COLUMNS = ("row", "column", "reason", "value")


@dataclass(frozen=True, eq=False)
class RawTable:
    """The records of a source, one row each, with the row of the source that each came from.

    ``table`` holds text as ``string`` (or a dictionary of it) and times as ``timestamp("us",
    tz="UTC")`` where the source gives instants and ``timestamp("us")`` where it gives local times.
    ``rows`` counts as the source's reader would: the header of a text table is row 1, an event of
    an XES file or a record of a frame counts from 1.
    ``rejected`` (row, column, reason, value) lists records of the source that are not in ``table``.
    """

    table: pa.Table
    rows: npt.NDArray[np.int32]
    name: str
    sha256: str
    rejected: pd.DataFrame = field(default_factory=lambda: rejections([]))
    notes: tuple[str, ...] = ()
    offset_samples: Sequence[tuple[int, int]] = ()
    """Distinct (UTC instant in microseconds, offset as written in minutes) seen in the times, for proposing a zone."""
    rows_unread: int = 0
    """Records that the reader itself rejected; they are in ``rejected``."""
    as_written: Callable[[str], pa.ChunkedArray] | None = None
    """Reads a column of times again as text, where the reader decoded it."""
    made: frozenset[str] = frozenset()
    """Columns that are not in the source as they stand here: made of others, or written anew."""
    findings: tuple[Finding, ...] = ()
    """What the reader found odd and can count; their texts are notes as well."""
    date_system: int | None = None
    """1900 or 1904 for a spreadsheet: the year from which numbers count days where they are dates."""
    counted: str = "rows"
    """What a record is called: ``dates`` where a row per case became a record per milestone."""
    sheet: str | None = None
    """The column of ``table`` with the sheet of each row, where a workbook has several; ``rows`` count in it."""

    def texts_at(self, column: str, places: npt.NDArray[np.integer[Any]]) -> list[str]:
        """Return cells as they were written; ``""`` where they are empty or the column is unknown."""
        if column not in self.table.column_names:
            return [""] * len(places)
        cells = self.table[column]
        if (
            self.as_written is not None
            and column not in self.made
            and not pa.types.is_string(cells.type)
        ):
            cells = self.as_written(column)
        return [
            "" if cell is None else str(cell) for cell in cells.take(pa.array(places)).to_pylist()
        ]

    def rejected_at(
        self, places: npt.NDArray[np.integer[Any]], column: str, reason: str, values: Sequence[str]
    ) -> pd.DataFrame:
        """Return rows by their place in the table as rejected, with their sheet where a workbook has several."""
        rows = self.rows[places].tolist()
        shown = map(shown_value, values)
        table = rejections([(r, column, reason, v) for r, v in zip(rows, shown, strict=True)])
        return (
            table if self.sheet is None else table.assign(sheet=self.texts_at(self.sheet, places))
        )

    def at(self, keep: npt.NDArray[np.bool_]) -> RawTable:
        """Return the rows of a mask."""
        mask, written = pa.array(keep), self.as_written

        def as_written(name: str) -> pa.ChunkedArray:
            assert written is not None
            return written(name).filter(mask)

        return replace(
            self,
            table=self.table.filter(mask),
            rows=self.rows[keep],
            as_written=None if written is None else as_written,
        )

    def without(self, out: npt.NDArray[np.bool_], column: str, reason: str) -> RawTable:
        """Return the table without the rows of a mask, which are put down as rejected."""
        if not out.any():
            return self
        places = np.flatnonzero(out)
        told = self.rejected_at(places, column, reason, self.texts_at(column, places))
        rejected = (
            pd.concat([self.rejected, told], ignore_index=True) if len(self.rejected) else told
        )
        return replace(self.at(~out), rejected=rejected, rows_unread=self.rows_unread + len(places))


def with_column(
    raw: RawTable, name: str, column: pa.Array | pa.ChunkedArray, *, drop: Sequence[str] = ()
) -> RawTable:
    """Return the table with a column that was made of others; one that had its name is renamed."""
    table = raw.table.drop_columns(list(drop)) if drop else raw.table
    if name in table.column_names:
        names = [f"{other} (column)" if other == name else other for other in table.column_names]
        table = table.rename_columns(names)
    return replace(raw, table=table.append_column(name, column), made=raw.made | {name})


def shown_value(value: str) -> str:
    """Return a cell as it may be shown: of a sentence the first word and what is no letter, long numbers hidden.

    A cell that should hold a date or a number may hold a note on a person.

    >>> shown_value("31.02.2026 ora 9"), shown_value("sunat d-na Popescu, CNP 2850101221144")
    ('31.02.2026 ora 9', 'sunat …')
    """
    words = re.findall(r"[^\W\d_]{2,}", value)
    if len(words) > _MOST_WORDS:
        return f"{words[0]} …" if value.lstrip().startswith(words[0]) else "…"
    if re.fullmatch(r"\s*\d{1,10}\s*", value):  # seconds since 1970, or a day without marks
        return value
    return re.sub(r"\d{9,}", "…", value)


def with_values(raw: RawTable, name: str, values: Coded) -> RawTable:
    """Return the table with other values in one of its columns of text."""
    place = raw.table.column_names.index(name)
    table = raw.table.set_column(place, name, values.to_arrow())
    return replace(raw, table=table, made=raw.made | {name})


def rejections(records: Sequence[tuple[int, str, str, Any]]) -> pd.DataFrame:
    """Return the table of rejected rows: row, column, reason, and the value as it was written."""
    rows, *texts = zip(*records, strict=True) if records else ((),) * len(REJECTED_COLUMNS)
    columns: dict[str, Any] = {"row": np.array(rows, dtype=np.int64)}
    for name, values in zip(REJECTED_COLUMNS[1:], texts, strict=True):
        columns[name] = pd.array([str(value) for value in values], dtype="str")
    return pd.DataFrame(columns)
