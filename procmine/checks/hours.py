"""Work at night, on weekends and on public holidays, by the local time of the office."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from procmine.checks.check import NONE, Check, Flaw, counted, first_steps, graded, percent
from procmine.checks.context import Context
from procmine.checks.countries import country_of, public_holidays
from procmine.kernels import Bools, Ints

FROM, UNTIL = 7 * 3_600, 20 * 3_600
"""Offices are open within these hours, flexible ones included."""
_NIGHT = 0.02
"""Somebody always works late: from one step in 50 on it is told."""
_WEEKEND = 0.01
_HOLIDAY = 0.002
"""A tenth of their share of the year (2/7 of the days; 3 % are holidays on working days), roughly, is told."""
_ROUND_THE_CLOCK = 0.4
"""11 of 24 hours are night: an activity with 40 % of its steps there knows no office hours."""
_LEAST_STEPS = 10
_CHUNK = 65_536


def off_hours(context: Context) -> list[Flaw]:
    """Count steps written down before 07:00 or from 20:00 on, local time, from 2 % on.

    Dates without a clock time (midnight sharp) are in neither number. Where the zone of the office
    was only assumed this check, weekends and public holidays cannot judge, and say so once.
    """
    if not context.clocked:
        return []
    if context.log.tz_assumed:
        return [_cannot_judge(context)]
    clocked = context.log.n_steps - int(context.clock[0])
    count = int(context.clock[1:FROM].sum() + context.clock[UNTIL:].sum())
    if count < max(_LEAST_STEPS, _NIGHT * clocked):
        return []
    night = (context.second_of_day < FROM) | (context.second_of_day >= UNTIL)
    night &= ~context.midnight
    share = count / clocked
    return [
        Flaw(
            graded(share, medium=0.2),
            context.time_column,
            count,
            share,
            f"{count:,} of {clocked:,} steps with a clock time ({percent(share)}) are before 07:00 or after 20:00 "
            f"local time{_always_open(context, night)}.",
            "Check the zone (tz= in pm.read), and whether a program writes these steps.",
            first_steps(night),
        )
    ]


def _cannot_judge(context: Context) -> Flaw:
    steps = context.log.n_steps
    return Flaw(
        "low",
        context.time_column,
        steps,
        1.0,
        f"The zone of the office is not known ({context.log.tz} was assumed): whether steps are at night, on weekends "
        "or on holidays cannot be judged.",
        "Name the zone of the office with tz= in pm.read, such as tz='Europe/Bucharest'.",
    )


def _always_open(context: Context, night: Bools) -> str:
    by_night = (context.log.activity.codes << 1) | night
    hits = np.bincount(by_night, minlength=2 * len(context.per_activity))[1::2]
    always = (hits >= _LEAST_STEPS) & (hits >= _ROUND_THE_CLOCK * context.per_activity)
    if not always.any():
        return ""
    several = int(always.sum())
    is_are = "activity looks" if several == 1 else "activities look"
    return f"; {several:,} {is_are} automatic or open round the clock"


def weekends(context: Context) -> list[Flaw]:
    """Count steps on a local Saturday or Sunday, from 1 % on; said of dates without a clock time too."""
    if context.log.tz_assumed and context.clocked:
        return []
    return _on_days(context, is_weekend(context.days), "a Saturday or Sunday", _WEEKEND)


def public_holidays_worked(context: Context) -> list[Flaw]:
    """Count steps on a nationwide public holiday from Monday to Friday, from 0.2 % on.

    The country follows from the zone of the office; holidays by the library ``holidays``. Zones of
    several countries (CET, EET, UTC) are not judged.
    """
    country = country_of(context.log.tz)
    if country is None or (context.log.tz_assumed and context.clocked):
        return []
    free = public_holidays(country, int(context.days[0]), int(context.days[-1]))
    chosen = np.isin(context.days, free) & ~is_weekend(context.days)
    return _on_days(context, chosen, f"a public holiday ({country})", _HOLIDAY)


def is_weekend(days: Ints) -> Bools:
    """Tell which days since 1970-01-01, a Thursday, are Saturdays and Sundays.

    >>> is_weekend(np.array([0, 1, 2, 3, 4]))
    array([False, False,  True,  True, False])
    """
    return np.greater_equal((days + 3) % 7, 5)


def _on_days(context: Context, chosen: Bools, what: str, least: float) -> list[Flaw]:
    count, steps = int(context.per_day[chosen].sum()), context.log.n_steps
    if count < max(_LEAST_STEPS, least * steps):
        return []
    worked = int(chosen.sum())
    unknown = country_of(context.log.tz) is None
    return [
        Flaw(
            graded(count / steps, medium=0.2),
            context.time_column,
            count,
            count / steps,
            f"{count:,} of {steps:,} steps ({percent(count / steps)}) are on {what}, on {counted(worked, 'day')}.",
            "Check whether the dates are those of the work, and which calendar to measure with.",
            _steps_on(context, context.days[chosen]),
            _DAYS_OFF
            + (
                f"; public holidays were not looked at, zone {context.log.tz} has no country"
                if unknown
                else ""
            ),
        )
    ]


def _steps_on(context: Context, days: Ints) -> npt.NDArray[np.integer]:
    found = [NONE]
    for begin in range(0, context.log.n_steps, _CHUNK):
        chosen = np.isin(context.day[begin : begin + _CHUNK], days - context.first_day)
        found.append(np.flatnonzero(chosen)[:5] + begin)
        if sum(map(len, found)) >= 5:
            break
    return np.concatenate(found)[:5]


_DAYS_OFF = "times by a calendar of office hours: this work counts as none; terms in working days"
OFF_HOURS = Check(
    "off_hours",
    "Steps before 07:00 or from 20:00 on, local time, from 2 % of the steps with a clock time on.",
    "times by a calendar of office hours: work at night counts as none",
    off_hours,
)
WEEKENDS = Check(
    "weekends",
    "Steps on a local Saturday or Sunday, from 1 % of all steps on.",
    _DAYS_OFF,
    weekends,
)
HOLIDAYS = Check(
    "public_holidays",
    "Steps on a nationwide public holiday that is no weekend, from 0.2 % of all steps on; the country follows from the "
    "zone.",
    _DAYS_OFF,
    public_holidays_worked,
)
