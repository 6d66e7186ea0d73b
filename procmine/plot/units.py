"""Times and counts as people read them: 31 s, 12 min, 3.2 h, 88 d."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pandas as pd

from procmine.kernels import Floats

SECOND, MINUTE, HOUR, DAY = 1.0, 60.0, 3600.0, 86400.0
UNITS = ((SECOND, "s", 60), (MINUTE, "min", 60), (HOUR, "h", 24), (DAY, "d", math.inf))
NOT_KNOWN = "–"
ROUND_TIMES = (
    *(1.0, 10.0, MINUTE, 10 * MINUTE, HOUR, 6 * HOUR),
    *(DAY, 7 * DAY, 30 * DAY, 90 * DAY, 365 * DAY, 1095 * DAY, 3650 * DAY),
)


def human_time(value: timedelta | np.timedelta64 | object | None) -> str:
    """Write a duration in the largest of seconds, minutes, hours and days that it fills.

    Two figures below ten, whole units above; a missing duration is a dash and never 0.

    >>> import pandas as pd

    from procmine.kernels import Floats
    >>> [human_time(pd.Timedelta(text)) for text in ("31s", "90min", "88 days 7h", "0s")]
    ['31 s', '1.5 h', '88 d', '0']
    >>> human_time(pd.NaT)
    '–'
    """
    if value is None or value is pd.NaT or (isinstance(value, np.timedelta64) and np.isnat(value)):
        return NOT_KNOWN
    return human_seconds(pd.Timedelta(value).total_seconds())  # type: ignore[arg-type]


def human_seconds(seconds: float) -> str:
    """Write seconds as `human_time` does.

    >>> [human_seconds(s) for s in (0.2, 59.9, 5400, -129600, 104025600)]
    ['<1 s', '1 min', '1.5 h', '-1.5 d', '1,204 d']
    """
    if np.isnan(seconds):
        return NOT_KNOWN
    if seconds < 0:
        return f"-{human_seconds(-seconds)}"
    if seconds < 1:
        return "<1 s" if seconds else "0"
    fits = (unit for unit in UNITS if _rounded(seconds / unit[0]) < unit[2])
    size, name, _ = next(fits)
    return f"{_figures(seconds / size)} {name}"


def human_count(count: float) -> str:
    """Write a count with commas between the thousands.

    >>> human_count(12408.0)
    '12,408'
    """
    return f"{count:,.0f}"


def counted(count: float, thing: str, things: str = "") -> str:
    """Write a count with its thing, one or many.

    >>> counted(1, "case"), counted(2068, "case"), counted(0, "activity", "activities")
    ('1 case', '2,068 cases', '0 activities')
    """
    return f"{human_count(count)} {thing if count == 1 else things or thing + 's'}"


def human_share(share: float) -> str:
    """Write a share in per cent: one decimal below ten, and never 0 % for what exists.

    >>> [human_share(s) for s in (0.4972, 0.031, 0.0001, 0.0, 1.0)]
    ['50 %', '3.1 %', '<0.1 %', '0 %', '100 %']
    """
    percent = round(100 * share, 9)  # a sum of shares is 1 but for its rounding
    if share > 0 and percent < 0.05:
        return "<0.1 %"
    text = f"{percent:.1f}" if 0 < percent < 9.95 else f"{percent:.0f}"
    return "99.9 %" if text == "100" and percent < 100 else f"{text} %"


def round_times(low: float, high: float, most: int = 6) -> list[float]:
    """Choose round durations, in seconds, between two others, for the ticks of an axis.

    >>> [human_seconds(s) for s in round_times(30, 9e5)]
    ['1 min', '10 min', '1 h', '6 h', '1 d', '7 d']
    """
    inside = [s for s in ROUND_TIMES if low <= s <= high]
    return inside[:: -(-len(inside) // most)] if inside else [low, high] if low < high else [low]


def seconds_of(durations: pd.Series | Sequence[object]) -> Floats:
    """Return durations as float seconds, NaN where they are missing."""
    values = pd.Series(durations, dtype="timedelta64[us]").dt.total_seconds()
    return np.asarray(values, dtype=np.float64)


def _rounded(value: float) -> float:
    return round(value, 1) if value < 9.95 else float(round(value))


def _figures(value: float) -> str:
    rounded = _rounded(value)
    return f"{rounded:,.1f}".removesuffix(".0") if rounded < 10 else f"{rounded:,.0f}"
