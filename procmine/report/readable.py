"""Counts, shares and durations as a reader of the report sees them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

NOT_KNOWN = "–"
_SPACE = "\u00a0"  # a number and its unit stay on one line
_UNITS = (
    (1.0, "s", "second", 60.0),
    (60.0, "min", "minute", 60.0),
    (3600.0, "h", "hour", 24.0),
    (86400.0, "d", "day", math.inf),
)


def count(number: float) -> str:
    """Write a count with commas between the thousands, a missing one as a dash.

    >>> count(12408), count(float("nan"))
    ('12,408', '–')
    """
    return NOT_KNOWN if pd.isna(number) else f"{number:,.0f}"


def share(part: float) -> str:
    r"""Write a share in per cent with one decimal, and never 0 % or 100 % for what only comes near.

    >>> [share(part).replace("\xa0", " ") for part in (0.4972, 0.0001, 0.99999, 0.0, 1.0)]
    ['49.7 %', '<0.1 %', '>99.9 %', '0.0 %', '100.0 %']
    """
    if pd.isna(part):
        return NOT_KNOWN
    if 0 < part < 0.0005:
        return f"<0.1{_SPACE}%"
    if 0.9995 <= part < 1:
        return f">99.9{_SPACE}%"
    return f"{100 * part:.1f}{_SPACE}%"


def duration(value: Any, *, words: bool = False) -> str:
    r"""Write a duration in days with one decimal, or in the largest smaller unit that it fills.

    ``words=True`` writes the unit out, for sentences.

    >>> texts = ("88 days 7h", "90min", "12min", "31s", "0s")
    >>> [duration(pd.Timedelta(text)).replace("\xa0", " ") for text in texts]
    ['88.3 d', '1.5 h', '12 min', '31 s', '0']
    >>> duration(pd.Timedelta("36h"), words=True), duration(pd.NaT)
    ('1.5 days', '–')
    """
    if pd.isna(value):
        return NOT_KNOWN
    seconds = pd.Timedelta(value).total_seconds()
    if not seconds:
        return "0 days" if words else "0"
    size, short, name = _unit(abs(seconds))
    figure = f"{seconds / size:,.{0 if size < 3600 else 1}f}"
    figure = "<1" if figure == "0" else figure
    if not words:
        return f"{figure}{_SPACE}{short}"
    return f"{figure} {name if figure == '1' else name + 's'}"


def days(value: float) -> str:
    r"""Write a float number of days as `duration` does.

    >>> days(35.24).replace("\xa0", " "), days(float("nan"))
    ('35.2 d', '–')
    """
    return NOT_KNOWN if pd.isna(value) else duration(pd.Timedelta(days=float(value)))


def cut(text: str, most: int = 80) -> str:
    r"""Cut a text to one line of at most so many letters.

    >>> cut("a\nlong text", 7)
    'a long…'
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


def _unit(seconds: float) -> tuple[float, str, str]:
    """Return the unit in which a duration is written: the first that it does not overfill."""
    for size, short, name, most in _UNITS:
        digits = 0 if size < 3600 else 1
        if round(seconds / size, digits) < most:
            return size, short, name
    raise AssertionError(seconds)
