"""Waits within a period: of each wait the part that lies inside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from procmine.errors import ProcmineError
from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.waiting.split import Split
from procmine.log import EventLog
from procmine.observe import as_of_instant, period_bound


@dataclass(frozen=True, eq=False)
class Waits:
    """The waits that touch a period from ``begin`` to ``until``: their rows in the log, and the part of each inside."""

    found: Split
    begin: int
    until: int
    last: bool
    """Whether the period ends with what is known."""
    row: Ints
    low: Ints
    high: Ints

    @property
    def inside(self) -> Ints:
        """The time of each wait that lies in the period."""
        return self.high - self.low

    @property
    def came(self) -> Bools:
        """Which were enabled in the period."""
        at = self.found.enabled.at[self.row]
        return (at >= self.begin) & self._before_end(at)

    @property
    def went(self) -> Bools:
        """Which were taken up in the period."""
        until = self.found.until[self.row]
        return (until >= self.begin) & self._before_end(until)

    def _before_end(self, times: Ints) -> Bools:
        ended: Bools = times <= self.until if self.last else times < self.until
        return ended


def waits_within(found: Split, period: tuple[Any, Any] | None) -> Waits:
    """Return the known waits that touch a period; what is known ends it at the latest."""
    begin, until, last = _bounds(found, period)
    at, end = found.enabled.at, found.until
    seen = (found.wait != NAT) & (end >= begin)
    seen &= (at <= until) if last else (at < until)
    row = np.flatnonzero(seen)
    low, high = np.maximum(at[row], begin), np.minimum(end[row], until)
    return Waits(found, begin, until, last, row, low, high)


def _bounds(found: Split, period: tuple[Any, Any] | None) -> tuple[int, int, bool]:
    """Return from when to when, and whether that is the end of what is known: then it belongs to the period."""
    if period is not None and (isinstance(period, str) or len(period) != 2):
        raise ProcmineError(
            f"period={period!r} is not a pair\ngive two days, as in period=('2026-01-01', '2026-07-01')"
        )
    as_of = as_of_instant(found.log)
    given = [period_bound(found.log, bound) for bound in period or (None, None)]
    known = found.enabled.at[found.wait != NAT]
    first = int(known.min(initial=as_of))
    begin = first if given[0] is None else max(given[0], first)
    until = as_of if given[1] is None else min(given[1], as_of)
    if begin > until:
        raise ProcmineError(
            f"period={period!r} has no time in it\n"
            f"what is known lasts from {day_of(found.log, first)} to {day_of(found.log, as_of)}"
        )
    return begin, until, until == as_of


def day_of(log: EventLog, moment: int) -> str:
    """Return the local day of an instant as text."""
    return "no day" if moment == NAT else f"{log.local(np.array([moment]))[0]:%Y-%m-%d}"
