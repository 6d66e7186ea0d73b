"""The matrix of handovers: who handed over, by who received."""

from __future__ import annotations

import numpy as np
import pandas as pd

from procmine.errors import ColumnNotFoundError, ProcmineError

COUNTS = ("handovers", "cases")
_NONE: dict[str, float | np.timedelta64] = {
    "handovers": 0,
    "cases": 0,
    "share": 0.0,
    "waiting_share": 0.0,
    "cost": 0.0,
    "waiting_time": np.timedelta64(0, "us"),
    "external_time": np.timedelta64(0, "us"),
}
"""What stands where there was no handover; a wait of no handover is missing."""
VALUES = (*_NONE, "median_wait", "p90_wait")


def handover_matrix(table: pd.DataFrame, value: str = "handovers") -> pd.DataFrame:
    """Lay a column of the table of handovers out as a square: who handed over, by who received.

    No handover is 0 in counts, shares, costs and sums of waits, a true zero, and missing in
    quantiles. No sums are added. Names are in the order of the alphabet.

    >>> from procmine.kpi.handovers.handovers import handovers
    >>> int(handover_matrix(handovers(log)).loc["Registratură", "Urbanism"])
    2724
    """
    source, target = _hands(table)
    if value not in VALUES or value not in table.columns:
        names = [name for name in VALUES if name in table.columns]
        raise ColumnNotFoundError.among(
            value, names, parameter="value", source="the table of handovers"
        )
    _refuse_several(table, source, target)
    names = sorted({*table[source], *table[target]})
    square = table.pivot(index=source, columns=target, values=value)
    square = square.reindex(index=names, columns=names)
    square.index.name, square.columns.name = source, target
    if value in _NONE:
        there = pd.MultiIndex.from_frame(table[[source, target]])
        absent = ~pd.MultiIndex.from_product([names, names]).isin(there)
        square = square.mask(absent.reshape(square.shape), _NONE[value])
    return square.astype("int64") if value in COUNTS else square


def _hands(table: pd.DataFrame) -> tuple[str, str]:
    names = [name for name in table.columns if f"source_{name}" in table.columns]
    if not names or "handovers" not in table.columns:
        raise ProcmineError(
            "this is not a table of handovers\ngive handover_matrix the table that pm.handovers(log) returns"
        )
    return f"source_{names[-1]}", str(names[-1])


def _refuse_several(table: pd.DataFrame, source: str, target: str) -> None:
    if table[[source, target]].isna().any(axis=None):
        raise ProcmineError(
            "the units of some handovers are not known: there is no row for them in a square\n"
            f"leave them out with table.dropna(subset=[{source!r}, {target!r}])"
        )
    if table.duplicated([source, target]).any():
        keys = [str(name) for name in table.columns[: list(table.columns).index(source)]]
        raise ProcmineError(
            f"the table has several keys (by={', '.join(keys) or '…'}), a square has one\n"
            f"choose one first, such as table[table[{(keys or ['key'])[0]!r}] == …]"
        )
