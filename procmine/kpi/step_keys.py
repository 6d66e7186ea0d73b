"""The keys of steps: which activities, units and attributes are the ``by=`` of a table, and the key of every step."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import Codes, Ints
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
    log: EventLog,
    by: Sequence[str],
    rows: Ints,
    sources: Ints | None = None,
    cases: Ints | Codes | None = None,
) -> tuple[pd.DataFrame, Ints]:
    """Return the keys that occur, sorted, and the key of each of some steps.

    ``by`` names ``activity``, ``unit``, attributes of the cases or of the steps, and, where the
    rows of the steps that they waited for are given (-1: none), ``source`` and ``source_unit``. A
    missing label is a key of its own, the last. A row of -1 is a step that is not known yet, of one
    of the ``cases``.
    """
    if not by:
        return pd.DataFrame(index=range(min(len(rows), 1))), np.zeros(len(rows), dtype=np.int64)
    places = {"step": rows, "case": log.case_codes[rows] if cases is None else cases}
    if sources is not None:
        places["source"] = sources
    columns = [_column(log, name, places) for name in by]
    codes = np.zeros(len(rows), dtype=np.int64)
    for column in columns:
        codes = _numbered(codes * len(column.labels) + column.codes)
    example = np.zeros(int(codes.max(initial=-1)) + 1, dtype=np.int64)
    example[codes] = np.arange(len(codes))
    labels = [c.labels.iloc[c.codes[example]].reset_index(drop=True) for c in columns]
    return pd.DataFrame(dict(zip(by, labels, strict=True))), codes


def _numbered(codes: Ints) -> Ints:
    """Number the codes that occur from 0 on, in their order."""
    if int(codes.max(initial=0)) > _MOST_CELLS:
        return np.unique(codes, return_inverse=True)[1].astype(np.int64)
    there = np.bincount(codes, minlength=1) > 0
    return np.asarray((np.cumsum(there) - 1)[codes], dtype=np.int64)


def _column(log: EventLog, name: str, places: dict[str, Ints | Codes]) -> _Column:
    if log.unit is not None and name == log.binding.unit:
        name = "unit"
    coded = {"activity": log.activity, "unit": log.unit}
    known = [kind for kind, column in coded.items() if column is not None]
    if "source" in places:
        coded |= {"source": log.activity, "source_unit": log.unit}
        known += ["source", "source_unit"][: len(known)]
    if name in known:
        column = coded[name]
        assert column is not None
        return _of_labels(column, places["source" if name.startswith("source") else "step"])
    for kind, table in (("step", log.step_attributes), ("case", log.case_attributes)):
        if name in table.column_names:
            return _of_values(attribute_series(table[name], log.tz), places[kind])
    attributes = [*log.case_attributes.column_names, *log.step_attributes.column_names]
    raise LabelNotFoundError.among(name, [*known, *attributes], what="key (by=)")


def _of_labels(coded: Coded, rows: Ints | Codes) -> _Column:
    names = np.array(coded.names(), dtype=object)
    order = np.argsort(names, kind="stable")
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    of = np.append(coded.codes, np.int32(-1))[rows]  # the row -1 has no label
    return _taken(np.append(rank, -1)[of], pd.Series(names[order], dtype="str"))


def _of_values(values: pd.Series, rows: Ints | Codes) -> _Column:
    if isinstance(values.dtype, pd.CategoricalDtype):
        values = values.astype("str")
    codes, labels = pd.factorize(values, sort=True)
    return _taken(np.append(codes.astype(np.int64), -1)[rows], pd.Series(labels))


def _taken(codes: Ints, labels: pd.Series) -> _Column:
    """Return codes of which -1 is the last label, a missing one."""
    missing = codes < 0
    if not missing.any():
        return _Column(codes, labels)
    return _Column(np.where(missing, len(labels), codes), labels.reindex(range(len(labels) + 1)))
