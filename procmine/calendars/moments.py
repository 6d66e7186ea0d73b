"""What users hand over as times and days, as whole arrays, and results in the form in which they came."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from procmine.errors import CalendarError
from procmine.kernels import DAY, NAT, Ints
from procmine.zones import resolved, to_local

_ISO = re.compile(r"\s*\d{4}-\d{2}-\d{2}([T ].*)?\s*$")


@dataclass(frozen=True, eq=False)
class Given:
    """Values as one array (NAT where missing), and how they came: a Series with its index, an array, or one value."""

    values: Ints
    index: pd.Index | None
    single: bool

    def returned(self, result: Any) -> Any:
        """Return a result (one value per value given) as it was asked for."""
        if self.index is not None:
            return pd.Series(result, index=self.index)
        return result[0] if self.single else result


def instants(value: Any, tz: str, what: str) -> Given:
    """Return times as instants in microseconds UTC; times without a zone are local times of ``tz``."""
    times, given = _times(value, what)
    found = _micros(times)
    return given(found if times.tz is not None else resolved(found, tz).instants)


def days(value: Any, tz: str, what: str) -> Given:
    """Return dates as days since 1970-01-01; of a time with a zone it is the local date in ``tz``."""
    times, given = _times(value, what)
    local = _micros(times)
    if times.tz is not None:
        local = to_local(local, tz)
    return given(np.where(local == NAT, NAT, local // DAY))


def numbers(value: Any, what: str) -> Given:
    """Return whole numbers."""
    index = value.index if isinstance(value, pd.Series) else None
    found = np.asarray(value)
    if found.dtype.kind not in "iu":
        raise CalendarError(f"{what}= holds {found.dtype} values\ngive whole numbers of days")
    return Given(np.atleast_1d(found).astype(np.int64), index, found.ndim == 0)


def together(*given: Given, what: str) -> tuple[list[Ints], Given]:
    """Return arrays of one length, and the form of their common result; one value goes with every other."""
    indexes = [each.index for each in given if each.index is not None]
    if any(not index.equals(indexes[0]) for index in indexes[1:]):
        raise CalendarError(f"{what} have different indexes\nput them into one DataFrame first")
    sizes = {len(each.values) for each in given if not each.single}
    if len(sizes) > 1:
        told = " and ".join(f"{len(each.values):,}" for each in given)
        raise CalendarError(f"{what} have {told} values\ngive as many of each, or one")
    size = sizes.pop() if sizes else 1
    arrays = [
        np.broadcast_to(each.values, (size,)) if each.single else each.values for each in given
    ]
    single = all(each.single for each in given)
    return arrays, Given(arrays[0], indexes[0] if indexes else None, single)


def _times(value: Any, what: str) -> tuple[pd.DatetimeIndex, Callable[[Ints], Given]]:
    """Return times as an index of pandas, and what makes the given of their values."""
    index = value.index if isinstance(value, pd.Series) else None
    single = value is None or isinstance(value, str | date | np.datetime64)
    try:
        times = _index([value] if single else value)
    except (ValueError, TypeError, OverflowError) as problem:
        raise CalendarError(
            f"{what}= holds what is no date or time: {problem}\n"
            "write dates as 2026-03-31 and times as 2026-03-31 08:30 (ISO 8601)"
        ) from None
    return times, lambda values: Given(values, index, single)


def _index(value: Any) -> pd.DatetimeIndex:
    if isinstance(value, np.ndarray) and value.dtype.kind == "M":
        if value.ndim != 1:
            raise ValueError(f"an array of {value.ndim} dimensions")
        return pd.DatetimeIndex(value.astype("datetime64[us]"))
    if isinstance(value, pd.Series | pd.Index) and value.dtype.kind == "M":
        return pd.DatetimeIndex(value)
    return _index_of_objects(list(value))


def _index_of_objects(values: list[Any]) -> pd.DatetimeIndex:
    for value in values:
        known = isinstance(value, date | np.datetime64) or value is None or value != value
        if not known and not (isinstance(value, str) and _ISO.match(value)):
            raise ValueError(repr(value))
    try:
        times = pd.to_datetime(pd.Series(values, dtype="object"), format="ISO8601")
    except ValueError as problem:  # of which the other lines advise on parameters of pandas
        raise ValueError(str(problem).partition(" You might want")[0]) from None
    return pd.DatetimeIndex(times)


def _micros(times: pd.DatetimeIndex) -> Ints:
    """Return microseconds since 1970: in UTC where the times have a zone, else as they are written."""
    plain = times if times.tz is None else times.tz_convert("UTC").tz_localize(None)
    return plain.to_numpy().astype("datetime64[us]").view(np.int64)
