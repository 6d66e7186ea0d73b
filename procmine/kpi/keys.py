"""The keys of the KPI table: which attributes of the cases are its ``by=``, and the key of every case."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import Bools, Ints
from procmine.log import EventLog
from procmine.observe import ObservedCases, attribute_series, case_unit


def checked_keys(by: str | Sequence[str], taken: Collection[str], table: str) -> list[str]:
    """Return the names of the keys, or refuse one that is there twice or is a table's own column."""
    names = [by] if isinstance(by, str) else list(by)
    own = [name for name in names if name in taken]
    if own:
        raise ProcmineError(
            f"the {table} has its own column {own[0]!r}\nrename that attribute in the export to use it as by="
        )
    twice = [name for name in dict.fromkeys(names) if names.count(name) > 1]
    if twice:
        raise ProcmineError(f"by= names {twice[0]!r} {names.count(twice[0])} times\nname it once")
    return names


def keys_of_cases(
    log: EventLog, by: list[str], seen: ObservedCases, here: Bools
) -> tuple[pd.DataFrame, Ints]:
    """Return the keys that occur, sorted, and the key of every case, -1 of those that are not ``here``.

    A missing label is a key of its own.
    """
    codes = np.full(log.n_cases, -1, dtype=np.int64)
    if not by:
        codes[here] = 0
        return pd.DataFrame(index=range(1 if here.any() else 0)), codes
    columns = pd.DataFrame({name: _key_column(log, name, seen) for name in by})[here]
    codes[here] = columns.groupby(by, dropna=False, observed=True, sort=True).ngroup().to_numpy()
    fresh = ~columns.duplicated()
    keys = columns[fresh].assign(code=codes[here][fresh])
    return keys.sort_values("code", ignore_index=True)[by], codes


def _key_column(log: EventLog, name: str, seen: ObservedCases) -> pd.Series:
    if log.unit is not None and name in ("unit", log.binding.unit):
        coded = case_unit(log, seen)
        labels = np.array([*coded.names(), None], dtype=object)
        return pd.Series(labels[coded.codes], dtype="str")
    names = log.case_attributes.column_names
    if name not in names:
        known = [*(["unit"] if log.unit is not None else []), *names]
        raise LabelNotFoundError.among(name, known, what="case attribute (by=)")
    series = attribute_series(log.case_attributes[name], log.tz)
    return series.astype("str") if isinstance(series.dtype, pd.CategoricalDtype) else series
