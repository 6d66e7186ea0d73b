"""Rows and columns of a text table that need a word: of another length than the header, blank, or hidden in a cell."""

from __future__ import annotations

from collections.abc import Sequence, Set

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.csv.separator import records
from procmine.kernels import Codes

_UNCLOSED = "a quotation mark may not be closed"


def wrong_length(text: str, cells: int, columns: int) -> str:
    """Return the reason why a row of another length than the header is rejected."""
    reason = f"the row has {cells} {'cell' if cells == 1 else 'cells'}, the header {columns}"
    return f"{reason}; {_UNCLOSED}" if "\n" in text.strip() else reason


def shown_cells(
    text: str, cells: int, columns: Sequence[str], persons: Set[str], separator: str
) -> str:
    """Return the text of a row of another length as written, up to where a column of persons may begin."""
    places = [place for place, name in enumerate(columns) if name in persons]
    if not places:
        return text
    safe = max(places[0] - max(len(columns) - cells, 0), 0)
    record = next(records(text, separator), [])
    return separator.join([*record[:safe], "…"])


def not_blank(table: pa.Table) -> pa.ChunkedArray | None:
    """Return which rows hold anything, or None where all do."""
    blank = None
    for column in table.columns:
        empty = pc.equal(column, "") if pa.types.is_string(column.type) else pc.is_null(column)
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return None
    return pc.invert(blank)


def hidden_rows_note(table: pa.Table, rows: Codes, separator: str) -> list[str]:
    """Return a note where cells have the line ends and separators of whole rows, as after a quote that is not closed.

    Such a cell over k line ends holds k times as many separators as a row; a free text that does
    so by chance is not harmed, as nothing is rejected.
    """
    suspect = np.zeros(len(rows), dtype=np.bool_)
    for column in table.columns:
        if pa.types.is_string(column.type) and pc.any(pc.match_substring(column, "\n")).as_py():
            ends = pc.count_substring(column, "\n").to_numpy()
            cuts = pc.count_substring(column, separator).to_numpy()
            suspect |= (ends > 0) & (cuts >= ends * (table.num_columns - 1))
    if not suspect.any():
        return []
    first = int(rows[np.flatnonzero(suspect)[0]])
    return [
        f"cells that look as if they held whole rows: {int(suspect.sum()):,}, first in row {first}; {_UNCLOSED}"
    ]


def without_empty_columns(
    table: pa.Table, columns: Sequence[str]
) -> tuple[pa.Table, tuple[str, ...]]:
    """Drop the columns that are not among ``columns`` and hold nothing, with a note."""
    others = [name for name in table.column_names if name not in columns]
    empty = [name for name in others if not pc.any(pc.not_equal(table[name], "")).as_py()]
    notes = [f"columns without a name and without a cell left out: {len(empty):,}"] if empty else []
    late = [name for name in others if name not in empty]
    if late:
        notes.append(f"columns without a name that are called by their number: {', '.join(late)}")
    return table.drop_columns(empty) if empty else table, tuple(notes)
