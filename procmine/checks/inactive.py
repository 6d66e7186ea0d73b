"""Working days without any step, in a log that otherwise has steps on nearly every one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.checks.check import Check, Flaw, graded
from procmine.checks.context import Context
from procmine.checks.countries import country_of, public_holidays
from procmine.checks.dates import fences
from procmine.checks.hours import is_weekend
from procmine.kernels import DAY, Ints

LEAST_DAYS = 5
"""A whole working week: single days are bridge days and days off."""
CHANCE = 1e-6
"""What chance alone may do; a log has some hundred places for a gap."""
NEIGHBOURS = 60
"""Working days (a quarter of a year) on each side that say how usual a day with steps is at that time."""
_SHOWN = 3


def inactive_periods(context: Context) -> list[Flaw]:
    """Count the working days of periods without any step that chance does not explain.

    Working days are Monday to Friday without public holidays (where the zone tells the country). A
    run of m >= 5 of them without a step counts when q^m < 1e-6, where q is the higher one of the
    shares of working days without steps among the 60 before and the 60 after (those that the log
    has), the first day of the gap counted with both. Dates in the future and outliers have no part.
    """
    gaps = Gaps.of(context)
    if not len(gaps.days):
        return []
    order = np.argsort(-gaps.days, kind="stable")[:_SHOWN]
    told = ", ".join(
        f"{_written(gaps.last_before[i] + 1)} to {_written(gaps.first_after[i] - 1)}"
        for i in np.sort(order)
    )
    count = int(gaps.days.sum())
    share = count / gaps.working_days
    which = (
        ""
        if len(gaps.days) == 1
        else f"{len(gaps.days):,} periods: " + ("" if len(gaps.days) <= _SHOWN else "longest ")
    )
    return [
        Flaw(
            graded(share, medium=0.02),
            context.time_column,
            count,
            share,
            f"{count:,} of {gaps.working_days:,} working days without any step, {which}{told}.",
            "Ask whether the office was closed, the system was down, or the export leaves these days out.",
            affects="started, completed, open by period: too low there; cycle_time: holds the standstill",
        )
    ]


@dataclass(frozen=True, eq=False)
class Gaps:
    """Unlikely periods without a step: the local days around each, and how many working days it has."""

    last_before: Ints
    first_after: Ints
    days: Ints
    working_days: int

    @classmethod
    def of(cls, context: Context) -> Gaps:
        """Count working days between days with steps, and judge the long ones by their neighbours."""
        low, high = fences(context)
        days = context.days
        days = days[(days >= low // DAY) & (days <= min(high, context.as_of) // DAY)]
        if len(days) < 2:
            return cls(days[:0], days[:0], days[:0], 0)
        first, last = int(days[0]), int(days[-1])
        country = country_of(context.log.tz)
        free = public_holidays(country, first, last) if country else np.zeros(0, dtype=np.int64)
        number = _working_days_before(np.append(days, last + 1), free)
        worked = ~(is_weekend(days) | np.isin(days, free))
        missed = number[1:-1] - number[:-2] - worked[:-1]
        active = np.concatenate([[0], np.cumsum(worked)])
        long = [int(place) for place in np.flatnonzero(missed >= LEAST_DAYS)]
        odd = [p for p in long if _idle(number, active, p, int(missed[p])) ** missed[p] < CHANCE]
        at = np.array(odd, dtype=np.int64)
        return cls(days[at], days[at + 1], missed[at], int(number[-1] - number[0]))


def _idle(number: Ints, active: Ints, gap: int, missed: int) -> float:
    """Return the higher share of working days without steps before and after a gap, the gap's first day among them.

    ``number`` counts the working days, ``active`` those with steps, before each day with steps.
    """
    begin, end = int(number[gap + 1]) - missed, int(number[gap + 1])
    low = int(np.searchsorted(number, begin - NEIGHBOURS))
    high = int(np.searchsorted(number[:-1], end + NEIGHBOURS))
    sides = (
        (min(NEIGHBOURS, begin - int(number[0])), int(active[gap + 1] - active[low])),
        (min(NEIGHBOURS, int(number[-1]) - end), int(active[high] - active[gap + 1])),
    )
    return max((working - with_steps + 1) / (working + 1) for working, with_steps in sides)


def _working_days_before(days: Ints, free: Ints) -> Ints:
    """Return how many working days there are from 1970-01-01 to before each day."""
    dates = days.astype("datetime64[D]")
    holidays = free.astype("datetime64[D]")
    return np.asarray(
        np.busday_count(np.datetime64(0, "D"), dates, holidays=holidays), dtype=np.int64
    )


def _written(day: int) -> str:
    return str(np.datetime64(int(day), "D"))


INACTIVE = Check(
    "inactive_periods",
    "Five or more working days in a row without any step, where the working days before and after make that all but "
    "impossible by chance (below one in a million).",
    "started, completed, open by period: too low there; cycle_time: holds the standstill",
    inactive_periods,
)
