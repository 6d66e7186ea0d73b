"""Dates that cannot be: in the future, standing for no date, or years away from all the others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from procmine.checks.check import Check, Flaw, counted, first_steps, graded, percent
from procmine.checks.context import Context
from procmine.kernels import DAY, NAT, Bools, Ints

FENCES = 10
"""Outliers lie ten times the middle half of all dates beyond it: Tukey's outer fence is three times."""
LEAST_SPREAD = 180 * DAY
"""Half a year: a log of one quarter with a case of three years ago has no wrong date."""
FIRST_YEAR = 1990
"""Registries kept on computers are hardly older."""
_FIRST = int(np.datetime64(f"{FIRST_YEAR}-01-01", "us").astype(np.int64))


def future_dates(context: Context) -> list[Flaw]:
    """Count steps with a start or end after ``as_of`` (by default: after now)."""
    mask = _any_time(context, lambda times: times > context.as_of)
    if mask is None:
        return []
    count, steps = int(np.count_nonzero(mask)), context.log.n_steps
    return [
        Flaw(
            graded(count / steps, high=0.01, medium=0.0),
            context.time_column,
            count,
            count / steps,
            f"{counted(count, 'step')} ({percent(count / steps)}) dated after {_written(context, context.as_of)}, the "
            f"latest to {_written(context, int(context.log.last.max()))}.",
            "Planned dates are no events: leave them out of the export, or correct what was typed wrong.",
            first_steps(mask),
        )
    ]


def sentinel_dates(context: Context) -> list[Flaw]:
    """Tell of the dates that stood for no date (01.01.1900, 31.12.9999) and were read as missing."""
    found = [
        finding for finding in context.log.import_report.findings if finding.kind == "sentinel_time"
    ]
    rows = max(context.log.import_report.rows_read, 1)
    return [
        Flaw(
            graded(finding.count / rows, medium=0.05),
            finding.column,
            finding.count,
            finding.count / rows,
            f"{finding.text[:1].upper()}{finding.text[1:]}.".replace("..", "."),
            "Nothing to do where they mean 'not yet'; else ask for the true dates.",
            rows=tuple(finding.rows),
        )
        for finding in found
    ]


def outlier_dates(context: Context) -> list[Flaw]:
    """Count steps with a date far from all others and not in the future.

    Far is more than ten times the distance of the quartiles (at least half a year) below the first
    or above the third quartile of the days of the steps, or before 1990 where the median is not.
    Tukey, *Exploratory Data Analysis* (1977), with a wider fence; *unanchored event* in Suriadi et
    al. (2017).
    """
    low, high = fences(context)
    mask = _any_time(
        context, lambda times: (times < low) | ((times > high) & (times <= context.as_of))
    )
    if mask is None:
        return []
    count, steps = int(np.count_nonzero(mask)), context.log.n_steps
    example = first_steps(mask)
    times = np.concatenate([context.log.first[mask], context.log.last[mask]])
    far = times[(times < low) | (times > high)]
    return [
        Flaw(
            graded(count / steps, high=0.01, medium=0.0),
            context.time_column,
            count,
            count / steps,
            f"{counted(count, 'step')} ({percent(count / steps)}) with a date years away from the others, such as "
            f"{_written(context, int(far[0]))}.",
            "Correct the example rows in the source, or leave such cases out with log.filter(period=...).",
            example,
        )
    ]


def fences(context: Context) -> tuple[int, int]:
    """Return the instants between which dates are not outliers."""
    cumulated = np.cumsum(context.per_day)
    first, median, third = (
        int(context.days[np.searchsorted(cumulated, share * cumulated[-1])]) * DAY
        for share in (0.25, 0.5, 0.75)
    )
    reach = FENCES * max(third - first, LEAST_SPREAD)
    low = first - reach
    return (max(low, _FIRST) if median >= _FIRST else low), third + DAY + reach


def _any_time(context: Context, odd: Callable[[Ints], Bools]) -> Bools | None:
    """Return the steps of which a known time is odd, None where there is none; extremes are asked first."""
    log = context.log
    columns = [log.last] if log.start is None else [log.first, log.last]
    masks = [
        odd(times) & (times != NAT)
        for times in columns
        if odd(np.array([times.min(), times.max()])).any()
    ]
    mask = np.logical_or.reduce(masks) if masks else None
    return mask if mask is not None and mask.any() else None


def _written(context: Context, time: int) -> str:
    return "now" if time == NAT else f"{context.log.local(np.array([time]))[0]:%Y-%m-%d}"


FUTURE = Check(
    "future_dates",
    "Steps with a start or end after as_of, by default after now.",
    "cycle_time, age: as of the latest date that is not in the future; these steps are not seen by then",
    future_dates,
)
SENTINELS = Check(
    "sentinel_dates",
    "Dates in the source that stand for no date (01.01.1900, 31.12.9999), read as missing.",
    "cycle_time, processing_time: missing for these rows",
    sentinel_dates,
)
OUTLIERS = Check(
    "outlier_dates",
    "Steps dated more than ten times the distance of the quartiles (at least half a year) away from the middle half of "
    "all dates, or before 1990 in a log that is mostly later.",
    "cycle_time, means and totals: a single such date adds years; trends: empty periods",
    outlier_dates,
)
