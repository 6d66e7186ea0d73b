"""Clearance, ages of the backlog and Kaplan-Meier again, naively: plain loops and exact fractions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from tests.oracle import CaseTimes, kpis, local_date, period_start, periods_between

BANDS = {
    "backlog_0_30": (0, 30),
    "backlog_31_60": (31, 60),
    "backlog_61_90": (61, 90),
    "backlog_91_180": (91, 180),
    "backlog_over_180": (181, 10**9),
}


def last_days(cases: Sequence[CaseTimes], period: str, tz: str, as_of: int) -> list[date]:
    """The last day of every period from the first start on; that of the last one is the day of as_of."""
    known = [case.started for case in cases if case.started is not None]
    if not known:
        return []
    end = local_date(as_of, tz)
    starts = periods_between(local_date(min(known), tz), end, period)
    return [min(start - timedelta(days=1), end) for start in [*starts[1:], date.max]]


def clearance(started: int, completed: int) -> float | None:
    """Completed over started."""
    return completed / started if started else None


def disposition(still_open: int, completed: int, days: int) -> float | None:
    """How many days the open cases would take at the pace of the completed ones."""
    return still_open / completed * days if completed >= 30 else None


def backlog_ages(cases: Sequence[CaseTimes], day: date, tz: str) -> dict[str, int]:
    """Of the cases that are open at the end of a day, how many have each age."""
    found = dict.fromkeys(BANDS, 0)
    for case in cases:
        if case.started is None or local_date(case.started, tz) > day:
            continue
        if case.closed_at is not None and local_date(case.closed_at, tz) <= day:
            continue
        age = (day - local_date(case.started, tz)).days
        for name, (low, high) in BANDS.items():
            found[name] += low <= age <= high
    return found


def flow(cases: Sequence[CaseTimes], period: str, tz: str, as_of: int) -> list[dict[str, float]]:
    """Clearance, disposition and ages of every period."""
    rows = []
    ends = last_days(cases, period, tz, as_of)
    for row, end in zip(kpis(cases, period, tz, as_of), ends, strict=True):
        days = (end - row.period_start).days + 1
        figures = {
            "clearance_rate": clearance(row.started, row.completed),
            "disposition_time": disposition(row.open, row.completed, days),
        }
        rows.append(figures | backlog_ages(cases, end, tz))
    return rows


def lasting(times: Sequence[int], ended: Sequence[bool]) -> list[tuple[int, Fraction]]:
    """Every distinct time, and the share that lasts longer, as an exact fraction."""
    curve, share = [], Fraction(1)
    for time in sorted(set(times)):
        at_risk = sum(other >= time for other in times)
        ends = sum(other == time and end for other, end in zip(times, ended, strict=True))
        share *= 1 - Fraction(ends, at_risk)
        curve.append((time, share))
    return curve


def km_quantile(times: Sequence[int], ended: Sequence[bool], p: Fraction) -> int | None:
    """The first time at which at most 1 - p still last."""
    return next((time for time, share in lasting(times, ended) if share <= 1 - p), None)


def cohort(
    cases: Sequence[CaseTimes], start: date, period: str, tz: str
) -> tuple[list[int], list[bool]]:
    """The cases started in a period: how long each was followed, and whether it had closed."""
    mine = [
        case
        for case in cases
        if case.started is not None
        and period_start(local_date(case.started, tz), period) == start
        and (case.cycle_time is None or case.cycle_time >= 0)
    ]
    times = [case.age if case.cycle_time is None else case.cycle_time for case in mine]
    return times, [case.cycle_time is not None for case in mine]
