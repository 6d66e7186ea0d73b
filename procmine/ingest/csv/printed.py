"""Tables as they were printed: whether rows that are no records, such as totals and repeated headers, are likely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.tidy import SINGLE, Tidied, tidied

_FIRST_ROWS, _LAST_ROWS = 2000, 400


def looks_printed(sample: pa.Table) -> bool:
    """Tell whether the first rows hold a total, a footer or a repeated header.

    A row of a single cell is no more than a bad row where nothing else shows a printed table.
    """
    return _holds_more(sample.slice(0, _FIRST_ROWS))


def ends_printed(table: pa.Table) -> bool:
    """Tell whether the last rows hold a total or a footer, or any row a repeated header.

    So an export of a system costs no look at each of its rows.
    """
    return _repeats_a_name(table) or _holds_more(table.slice(max(table.num_rows - _LAST_ROWS, 0)))


def _repeats_a_name(table: pa.Table) -> bool:
    """Tell whether the first column of text with a name holds that name as a cell."""
    for name, column in zip(table.column_names, table.columns, strict=True):
        if name.strip() and pa.types.is_string(column.type):
            return bool(pc.any(pc.equal(column, name)).as_py())
    return False


def _holds_more(part: pa.Table) -> bool:
    reasons = _tidied(part, ()).rejected["reason"]
    return bool((reasons != SINGLE).any())


def tidied_sample(sample: pa.Table, header: Sequence[Sequence[str]]) -> pa.Table:
    """Return the first rows without those that are no records."""
    return _tidied(sample, header).table


def _tidied(table: pa.Table, header: Sequence[Sequence[str]]) -> Tidied:
    rows = np.arange(table.num_rows, dtype=np.int32)
    return tidied(table, rows, table.column_names, header=header)
