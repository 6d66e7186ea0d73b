"""Conditions on the attributes of cases: a value, one of several values, or a comparison; all must hold."""

from __future__ import annotations

import numpy as np
import pandas as pd

from procmine.kernels import Bools
from procmine.observe import attribute_series
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.term import Compare, Condition

YES = frozenset({"true", "yes", "1", "x", "da", "sì", "si", "sí", "ja", "ναι", "y", "j"})
"""Text that stands for yes where a condition asks for true."""


def met(seen: SeenLog, condition: Condition) -> Bools:
    """Return the cases that meet a condition; an attribute that nobody maps and no case has is met by none."""
    result = np.ones(seen.log.n_cases, dtype=np.bool_)
    for name, wanted in condition.items():
        values = _values(seen, name)
        if values is None:
            return np.zeros(seen.log.n_cases, dtype=np.bool_)
        result &= _fits(values, wanted)
    return result


def _values(seen: SeenLog, name: str) -> pd.Series | None:
    source = seen.procedure.attributes.get(name)
    if source is not None and source.attribute is None:
        return pd.Series([source.value] * seen.log.n_cases, dtype="object")
    wanted = name if source is None else str(source.attribute)
    if wanted not in seen.log.case_attributes.column_names:
        return None
    return attribute_series(seen.log.case_attributes[wanted], seen.log.tz)


def _fits(values: pd.Series, wanted: object) -> Bools:
    if isinstance(wanted, Compare):
        excluded = wanted.not_ is not None and _fits(values, wanted.not_)
        return _compares(values, wanted) & ~np.asarray(excluded, dtype=np.bool_)
    choices = wanted if isinstance(wanted, tuple | list) else (wanted,)
    fits = np.zeros(len(values), dtype=np.bool_)
    for choice in choices:
        fits |= _equals(values, choice)
    return fits


def _equals(values: pd.Series, choice: object) -> Bools:
    if isinstance(choice, bool):
        truth = _truth(values)
        return truth if choice else ~truth & values.notna().to_numpy()
    if isinstance(choice, int | float):
        return np.asarray(_numbers(values) == choice, dtype=np.bool_)
    return values.astype("object").map(str).eq(str(choice)).to_numpy(dtype=np.bool_)


def _truth(values: pd.Series) -> Bools:
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.is_numeric_dtype(values.dtype):
        return np.asarray(_numbers(values) > 0, dtype=np.bool_)
    text = values.astype("object").map(lambda value: str(value).strip().casefold() in YES)
    return text.to_numpy(dtype=np.bool_)


def _compares(values: pd.Series, wanted: Compare) -> Bools:
    if all(
        limit is None for limit in (wanted.above, wanted.at_least, wanted.below, wanted.at_most)
    ):
        return np.ones(len(values), dtype=np.bool_)
    numbers = _numbers(values)
    fits = np.isfinite(numbers)
    with np.errstate(invalid="ignore"):
        for limit, holds in (
            (wanted.above, np.greater),
            (wanted.at_least, np.greater_equal),
            (wanted.below, np.less),
            (wanted.at_most, np.less_equal),
        ):
            if limit is not None:
                fits &= holds(numbers, limit)
    return np.asarray(fits, dtype=np.bool_)


def _numbers(values: pd.Series) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Return values as numbers, NaN where one is none; such a value meets no comparison."""
    numbers = pd.to_numeric(values.astype("object"), errors="coerce")
    return numbers.to_numpy(dtype=np.float64, na_value=np.nan)
