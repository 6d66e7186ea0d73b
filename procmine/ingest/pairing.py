"""Lifecycle rows of a source as steps, with what was paired and what was left aside said."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procmine import kernels
from procmine.ingest import lifecycle
from procmine.ingest.binding import Binding
from procmine.ingest.desk import Desk
from procmine.ingest.raw import RawTable
from procmine.ingest.rows import Rows, Steps
from procmine.kernels import NAT, Ints
from procmine.log import Coded

KEEPS_ROWS = "lifecycle=None keeps each row as a step"


def paired(rows: Rows, raw: RawTable, binding: Binding, desk: Desk) -> Steps:
    """Make steps of lifecycle rows; each step has the place of the row that ended it, or else of its start."""
    assert binding.lifecycle is not None
    transition = rows.others[binding.lifecycle].take(rows.place)
    names = transition.compact()
    kinds = lifecycle.transition_kinds(names.names(), source=raw.name)
    kind = np.append(kinds, np.int8(lifecycle.ENDS))[names.codes]
    key, by = _pairing_key(rows, binding)
    newest_first = lifecycle.runs_backwards(rows.case.codes, rows.end)
    pairs = lifecycle.pair_rows(kind, key, rows.end, newest_first=newest_first)
    if newest_first:
        by += ", the newest rows coming first: of rows at one time the last is taken first"
    _note_pairs(pairs, names, kind, rows, by, binding, desk)
    at = np.where(pairs.ended >= 0, pairs.ended, pairs.opened)
    start = np.where(pairs.opened >= 0, rows.end[pairs.opened], NAT)
    end = np.where(pairs.ended >= 0, rows.end[pairs.ended], NAT)
    suspended = pairs.suspended if pairs.suspended.any() else None
    return Steps(
        rows.place[at],
        rows.case.take(at),
        rows.activity.take(at),
        start,
        end,
        rows.tz,
        rows.others,
        suspended,
    )


def _pairing_key(rows: Rows, binding: Binding) -> tuple[Ints, str]:
    """Number the groups in which starts and ends meet: case and activity, and instance or else resource.

    Instance or resource counts only where every row has one.
    """
    columns = [rows.case.codes.astype(np.int64), rows.activity.codes.astype(np.int64)]
    by = "case and activity"
    for role in ("instance", "resource"):
        column = getattr(binding, role)
        if column is not None:
            extra = rows.others[column].take(rows.place)
            if len(extra.codes) and int(extra.codes.min()) >= 0:
                columns.append(extra.codes.astype(np.int64))
                by = f"case, activity and {role}"
                break
    sizes = [int(column.max()) + 1 for column in columns]
    _, key = np.unique(kernels.group_codes(columns, sizes), return_inverse=True)
    return key.astype(np.int64), by


def _note_pairs(
    pairs: lifecycle.PairedRows,
    names: Coded,
    kind: npt.NDArray[np.int8],
    rows: Rows,
    by: str,
    binding: Binding,
    desk: Desk,
) -> None:
    counts = pairs.counts
    desk.notes.append(
        f"lifecycle rows paired by {by}: {counts['pairs']:,} pairs, "
        f"{counts['ends_alone']:,} ends alone (start unknown), "
        f"{counts['starts_alone']:,} starts alone (still running)"
    )
    labels = np.array([*names.names(), ""], dtype=object)
    for code in np.unique(names.codes[pairs.aside]):
        label = str(labels[code])
        places = rows.place[pairs.aside[names.codes[pairs.aside] == code]]
        outside = kind[pairs.aside[names.codes[pairs.aside] == code][0]] != lifecycle.ASIDE
        reason = (
            f"{label!r} outside an open step"
            if outside
            else f"{label!r} neither begins nor ends a step"
        )
        desk.add(places, str(binding.lifecycle), f"{reason}; {KEEPS_ROWS}")
