"""Entries that do not count: annulled, or replaced by a corrected one."""

from __future__ import annotations

import numpy as np

from procmine.errors import LabelNotFoundError
from procmine.ingest.binding import Binding
from procmine.ingest.columns import coded
from procmine.ingest.names import folded
from procmine.ingest.raw import ANNULLED, RawTable


def without_annulled(raw: RawTable, binding: Binding) -> RawTable:
    """Return the source without the rows whose status is among ``annulled=``; they are listed as rejected.

    Statuses are compared folded: *Anulată* is *ANULATA*. A value that no row has is no error, as an
    export may be without annulled entries; none of the values and no similar one in the column is.
    """
    if binding.annulled is None:
        return raw
    status = coded(raw.table[binding.annulled.column])
    wanted = {folded(value) for value in binding.annulled.values}
    marks = np.array([folded(label) in wanted for label in status.names()] + [False])
    out = marks[status.codes]
    if not out.any() and not len(status.labels):
        raise LabelNotFoundError.among(
            binding.annulled.values[0], [], what=f"value of {binding.annulled.column} (annulled=)"
        )
    return raw.without(out, binding.annulled.column, ANNULLED)
