"""Calendar periods of the office's local dates: days, ISO weeks, months, quarters and years as running numbers."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.errors import ProcmineError
from procmine.kernels import Ints

PERIODS = {"D": "day", "W": "ISO week", "M": "month", "Q": "quarter", "Y": "year"}
_MONDAY = -3
"""1970-01-01 was a Thursday, so the Monday of its week is day -3."""


def check_period(period: str) -> str:
    """Return the period, or raise ProcmineError with those that there are."""
    if period not in PERIODS:
        known = ", ".join(f"{key!r} ({name})" for key, name in PERIODS.items())
        raise ProcmineError(f"period={period!r} is not a period; it is one of {known}")
    return period


def period_numbers(local: pd.DatetimeIndex, period: str) -> Ints:
    """Return the running number of the period in which each local time lies.

    >>> period_numbers(pd.DatetimeIndex(["1970-01-04", "1970-01-05"]), "W")
    array([0, 1])
    """
    return periods_of_days(local_days(local), period)


def local_days(local: pd.DatetimeIndex) -> Ints:
    """Return the number of the local day in which each local time lies; 1970-01-01 is day 0."""
    naive = local.tz_localize(None) if local.tz is not None else local
    return naive.to_numpy().astype("datetime64[D]").astype(np.int64)


def periods_of_days(days: Ints, period: str) -> Ints:
    """Return the running number of the period in which each local day lies."""
    if period == "D":
        return days
    if period == "W":
        return (days - _MONDAY) // 7
    months = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return months // {"M": 1, "Q": 3, "Y": 12}[period]


def period_starts(numbers: Ints, period: str) -> npt.NDArray[np.datetime64]:
    """Return the first local day of each period, as datetime64[D]."""
    if period in ("D", "W"):
        days = numbers if period == "D" else numbers * 7 + _MONDAY
        return days.astype("datetime64[D]")
    months = numbers * {"M": 1, "Q": 3, "Y": 12}[period]
    return months.astype("datetime64[M]").astype("datetime64[D]")


def period_labels(starts: npt.NDArray[np.datetime64], period: str) -> list[str]:
    """Return the text of periods: ``2026-11-21``, ``2026-W47`` (ISO 8601), ``2026-11``,
    ``2026-Q4``, ``2026``.

    >>> period_labels(np.array(["2024-12-30"], dtype="datetime64[D]"), "W")
    ['2025-W01']
    """
    days = pd.DatetimeIndex(starts)
    if period == "W":
        iso = days.isocalendar()
        return [f"{y:04d}-W{w:02d}" for y, w in zip(iso["year"], iso["week"], strict=True)]
    if period == "Q":
        return [f"{y:04d}-Q{q}" for y, q in zip(days.year, days.quarter, strict=True)]
    return list(days.strftime({"D": "%Y-%m-%d", "M": "%Y-%m", "Y": "%Y"}[period]))
