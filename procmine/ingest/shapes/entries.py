"""Entries that do not count: annulled, or replaced by a corrected one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from procmine.ingest.binding import Binding
from procmine.ingest.columns import coded
from procmine.ingest.findings import Finding
from procmine.ingest.names import folded
from procmine.ingest.raw import ANNULLED, RawTable
from procmine.ingest.rows import read_times
from procmine.kernels import Bools, Ints
from procmine.log import Coded


def without_annulled(raw: RawTable, binding: Binding) -> RawTable:
    """Return the source without the rows whose status is among ``annulled=``; they are listed as rejected.

    Statuses are compared folded: *Anulată* is *ANULATA*. A value that no row has is no error, as an
    export may be without annulled entries. In a status history an annulled status takes its whole
    case out where it is the last one; a case that went on only loses the row.
    """
    if binding.annulled is None:
        return raw
    case = coded(raw.table[binding.columns()["case"]])
    status = coded(raw.table[binding.annulled.column])
    marks = [_is_among(label, binding.annulled.values) for label in status.names()]
    out: Bools = np.array([*marks, False])[status.codes]
    if binding.previous is not None and binding.annulled.column == binding.activity:
        out = out | np.isin(case.codes, _ending_with(raw, binding, case, out))
    if not out.any():
        shown = ", ".join(map(repr, binding.annulled.values))
        note = f"annulled= names what no row of {binding.annulled.column!r} has: {shown}"
        return replace(raw, notes=(*raw.notes, note))
    left = raw.without(out, binding.annulled.column, ANNULLED)
    finding = _annulled(raw, binding.annulled.column, case, out)
    return replace(left, findings=(*left.findings, finding))


def _is_among(label: str, values: tuple[str, ...]) -> bool:
    """Tell whether a status is one of the values: the same, or in another spelling where it is a word."""
    if label in values:
        return True
    plain = folded(label)
    return bool(plain) and not plain.isdigit() and plain in map(folded, values)


def _ending_with(raw: RawTable, binding: Binding, case: Coded, marked: Bools) -> Ints:
    """Return the cases whose last row by time, or else in the source, is marked."""
    (column,) = binding.time_columns()[-1:]
    order = np.lexsort((read_times(raw, column, binding).micros, case.codes))
    last = np.append(case.codes[order][1:] != case.codes[order][:-1], True)
    ends = order[last]
    return np.asarray(case.codes[ends[marked[ends] & (case.codes[ends] >= 0)]])


def _annulled(raw: RawTable, column: str, case: Coded, out: Bools) -> Finding:
    """Return what was left out, with the keys that are in no other row: their numbers are not missing."""
    gone = np.setdiff1d(case.codes[out & (case.codes >= 0)], case.codes[~out])
    keys = tuple(case.labels.take(pa.array(gone)).to_pylist())
    rows = tuple(raw.rows[np.flatnonzero(out)[:5]].tolist())
    count = int(out.sum())
    return Finding("annulled", column, count, rows, f"annulled entries left out: {count:,}", keys)
