"""What the tables of improvement are given: a log that has cases, and an ``as_of`` within sight of it."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd

from procmine.errors import DataQualityWarning, ProcmineError
from procmine.kernels import DAY, NAT
from procmine.log import EventLog
from procmine.observe import as_of_instant

MOST_DAYS_LATER = 31
"""So many days after the last time of the log ``as_of`` is taken without a word."""


def check_has_cases(log: EventLog) -> None:
    """Raise ProcmineError for a log without cases, whose tables would name a reason that is none."""
    if not log.n_cases:
        left = "; ".join(part for part in log.history if part) or "none"
        raise ProcmineError(f"the log has no cases\nsee what its filters left: {left}")


def check_as_of(log: EventLog, as_of: Any) -> None:
    """Raise ProcmineError where nothing had begun at ``as_of``, and warn where the log ends long before it."""
    if as_of is None or not log.n_cases:
        return
    moment, first = as_of_instant(log, as_of), int(log.first.min())
    if moment < first:
        raise ProcmineError(
            f"no step of the log begins by {_day(log, moment)} (as_of=)\n"
            f"the first begins on {_day(log, first)}; give a later as_of="
        )
    known = [log.last] if log.closed_at is None else [log.last, log.closed_at]
    latest = max(int(times.max(initial=NAT)) for times in known)
    if moment - latest > MOST_DAYS_LATER * DAY:
        warnings.warn(
            f"as_of={_day(log, moment)} is {(moment - latest) // DAY:,} days after the last time of the log, "
            f"{_day(log, latest)}: whatever is open counts as standing all the while\n"
            "mend the date, read a newer export, or leave as_of= out for the last time of the log",
            DataQualityWarning,
            stacklevel=3,
        )


def _day(log: EventLog, moment: int) -> str:
    return f"{pd.Timestamp(moment, unit='us', tz='UTC').tz_convert(log.tz):%Y-%m-%d}"
