"""The keys of steps: which activities, units and attributes are the ``by=`` of a table, and the key of every step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import Ints
from procmine.kpi.keys import checked_keys
from procmine.log import Coded, EventLog
from procmine.observe import attribute_series

_MOST_CELLS = 1 << 22
"""Up to so many possible keys those that occur are found by counting, beyond by sorting."""


@dataclass(frozen=True, eq=False)
class _Column:
    """One key of the steps: codes into sorted labels, of which the last is missing where a step has none."""

    codes: Ints
    labels: pd.Series


def checked_step_keys(
    log: EventLog, by: str | Sequence[str], taken: Collection[str], table: str
) -> list[str]:
    """Return the names of the keys; refuse what is a column of the table, or a person."""
    names = checked_keys(by, taken, table)
    persons = {"resource", *filter(None, [log.binding.resource])}
    found = [name for name in names if name in persons]
    if found:
        raise ProcmineError(
            f"by={found[0]!r} would rank persons, which the {table} does not do\n"
            "take by='unit', or a role that several persons have"
        )
    return names


def keys_of_steps(
    log: EventLog, by: Sequence[str], rows: Ints, sources: Ints | None = None
) -> tuple[pd.DataFrame, Ints]:
    """Return the keys that occur, sorted, and the key of each of some steps.

    ``by`` names ``activity``, ``unit``, attributes of the cases or of the steps, and, where the
    rows of the steps that they waited for are given (-1: none), ``source`` and ``source_unit``. A
    missing label is a key of its own, the last.
    """
    if not by:
        return pd.DataFrame(index=range(min(len(rows), 1))), np.zeros(len(rows), dtype=np.int64)
    columns = [_column(log, name, rows, sources) for name in by]
    sizes = [len(column.labels) for column in columns]
    found, codes = _present(kernels.group_codes([c.codes for c in columns], sizes), sizes)
    places = np.unravel_index(found, sizes) if len(found) else [found] * len(by)
    labels = [
        c.labels.iloc[at].reset_index(drop=True) for c, at in zip(columns, places, strict=True)
    ]
    return pd.DataFrame(dict(zip(by, labels, strict=True))), codes


def _present(codes: Ints, sizes: Sequence[int]) -> tuple[Ints, Ints]:
    """Return which of the possible keys occur, in order, and the place of every step's key among them."""
    cells = float(np.prod(np.array(sizes, dtype=np.float64)))
    if cells > _MOST_CELLS:
        found, place = np.unique(codes, return_inverse=True)
        return found, place.astype(np.int64)
    there = np.bincount(codes, minlength=1) > 0
    return np.flatnonzero(there), (np.cumsum(there) - 1)[codes]


def _column(log: EventLog, name: str, rows: Ints, sources: Ints | None) -> _Column:
    own = {"activity": log.activity, "unit": log.unit}
    if sources is not None:
        own |= {"source": log.activity, "source_unit": log.unit}
    if log.unit is not None and name == log.binding.unit:
        name = "unit"
    coded = own.get(name)
    if coded is not None:
        at = sources if name.startswith("source") and sources is not None else rows
        return _of_labels(coded, at)
    if name in log.step_attributes.column_names:
        return _of_values(attribute_series(log.step_attributes[name], log.tz).iloc[rows])
    if name in log.case_attributes.column_names:
        column = _of_values(attribute_series(log.case_attributes[name], log.tz))
        return _Column(column.codes[log.case_codes[rows]], column.labels)
    attributes = [*log.case_attributes.column_names, *log.step_attributes.column_names]
    known = [key for key, coded in own.items() if coded is not None]
    raise LabelNotFoundError.among(name, [*known, *attributes], what="key (by=)")


def _of_labels(coded: Coded, rows: Ints) -> _Column:
    names = np.array(coded.names(), dtype=object)
    order = np.argsort(names, kind="stable")
    rank = np.full(len(names) + 1, len(names))
    rank[order] = np.arange(len(names))
    of = coded.codes[rows] if len(names) else np.full(len(rows), -1)
    codes = rank[np.where(rows < 0, -1, of)]
    return _Column(codes, pd.Series([*names[order], None], dtype="str"))


def _of_values(values: pd.Series) -> _Column:
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("str")
    codes, labels = pd.factorize(values, sort=True)
    codes = codes.astype(np.int64)
    codes[codes < 0] = len(labels)
    return _Column(
        codes, pd.Series(labels).reindex(range(len(labels) + int((codes == len(labels)).any())))
    )
