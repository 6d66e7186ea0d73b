"""Entries that do not count: annulled, or replaced by a corrected one."""

from __future__ import annotations

import numpy as np

from procmine.ingest.binding import Binding
from procmine.ingest.columns import coded
from procmine.ingest.names import folded
from procmine.ingest.raw import ANNULLED, RawTable


def without_annulled(raw: RawTable, binding: Binding) -> RawTable:
    """Return the source without the rows whose status is among ``annulled=``; they are listed as rejected.

    Statuses are compared folded: *Anulată* is *ANULATA*. A value that no row has is no error, as an
    export may be without annulled entries. In a status history an annulled status takes its whole
    case out.
    """
    if binding.annulled is None:
        return raw
    status = coded(raw.table[binding.annulled.column])
    wanted = {folded(value) for value in binding.annulled.values}
    marks = np.array([folded(label) in wanted for label in status.names()] + [False])
    out = marks[status.codes]
    if binding.previous is not None and binding.annulled.column == binding.activity:
        case = coded(
            raw.table[binding.columns()["case"]]
        ).codes  # in a status history the case is annulled
        out = np.isin(case, np.unique(case[out & (case >= 0)])) | out
    return raw.without(out, binding.annulled.column, ANNULLED)
