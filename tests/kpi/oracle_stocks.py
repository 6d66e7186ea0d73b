"""Stays, queues and workload again, naively: plain loops from docs/blockages.md alone.

Nothing here uses procmine, numpy or pandas. Times are whole microseconds since 1970 in UTC; None is
"not known". It is slow, and meant to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

from tests.kpi.oracle_flow import lasting
from tests.kpi.oracle_waiting import Enabled, Log
from tests.oracle import (
    DAY,
    HOUR,
    Case,
    Step,
    case_times,
    local_date,
    period_start,
    periods_between,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Lasts = Callable[[int, int], int]
"""How long it is from one instant to another."""
Interval = tuple[int, int | None]
"""From when until when; None is longer than was seen."""


def elapsed(begin: int, stop: int) -> int:
    """The time on the clock."""
    return stop - begin


def mornings(begin: int, stop: int) -> int:
    """The time from 8 to 12 (UTC) on the days from Monday to Friday; day 4 since 1970 was a Monday."""
    days = range(begin // DAY, stop // DAY + 1)
    opens = [day * DAY + 8 * HOUR for day in days if (day - 4) % 7 < 5]
    return sum(max(0, min(stop, at + 4 * HOUR) - max(begin, at)) for at in opens)


# --- stays ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stay:
    """A case that stands at a point: in a step, or after it."""

    case: str
    activity: str
    after: bool
    begin: int
    stop: int | None
    """When it went on; None while it stands."""

    @property
    def point(self) -> tuple[str, bool]:
        return self.activity, self.after

    def time(self, as_of: int, lasts: Lasts = elapsed) -> int:
        return lasts(self.begin, as_of if self.stop is None else self.stop)


def stays(case: Case, closing: Collection[str], as_of: int) -> list[Stay]:
    """Where a case stood: from each start and end to the next one, until it closed."""
    events = []
    for place, step in enumerate(case):
        if step.start is not None and step.start <= as_of:
            events.append((step.start, place, False))
        if step.end is not None and step.end <= as_of:
            events.append((step.end, place, True))
    events.sort()
    closes = [after and case[place].activity in closing for _, place, after in events]
    times = case_times(case, closing, as_of)
    until = len(events)
    if times.closed_at is not None:
        until = max(
            at for at in range(len(events)) if closes[at] and events[at][0] == times.closed_at
        )
    found = []
    for at in range(until):
        begin, place, after = events[at]
        following = None if at + 1 == len(events) else events[at + 1][0]
        if not closes[at]:
            found.append(Stay(case[0].case, case[place].activity, after, begin, following))
    return found


@dataclass(frozen=True)
class Compared:
    """What is said of a case that stands; shares are exact."""

    n: int
    median: int | None
    p90: int | None
    chance: Fraction
    still: Fraction | None
    blocked: bool
    never: bool


def compared(
    stay: Stay, everywhere: Iterable[Stay], as_of: int, lasts: Lasts = elapsed
) -> Compared | None:
    """How unusual it is that a case stands so long; None where fewer than 10 came to its point."""
    alike = [other for other in everywhere if other.point == stay.point]
    if len(alike) < 10:
        return None
    times = [other.time(as_of, lasts) for other in alike]
    moved = [other.stop is not None for other in alike]
    curve = lasting(times, moved)
    stands = stay.time(as_of, lasts)
    p90 = next((t for t, share in curve if share <= Fraction(1, 10)), None)
    rests = never(stands, alike, as_of, lasts)
    return Compared(
        len(alike),
        next((t for t, share in curve if share <= Fraction(1, 2)), None),
        p90,
        share_longer(curve, stands),
        still(curve, times, stands, lasts(as_of, as_of + 30 * DAY)),
        rests or (p90 is not None and stands > p90),
        rests,
    )


def share_longer(curve: Sequence[tuple[int, Fraction]], time: int) -> Fraction:
    """The share that lasts longer than a time."""
    return min([share for t, share in curve if t <= time], default=Fraction(1))


def still(
    curve: Sequence[tuple[int, Fraction]], times: Sequence[int], stands: int, ahead: int
) -> Fraction | None:
    """The chance to stand 30 days later, from at least 10 that stood longer, if one was followed so long."""
    later = stands + ahead
    followed = later <= max(times) or share_longer(curve, later) == 0
    if sum(time > stands for time in times) < 10 or not followed:
        return None
    return share_longer(curve, later) / share_longer(curve, stands)


def never(stands: int, alike: Sequence[Stay], as_of: int, lasts: Lasts) -> bool:
    """Longer than all that moved, of whom 20 began so early that they could have taken the longest time."""
    moved = [other for other in alike if other.stop is not None]
    longest = max([other.time(as_of, lasts) for other in moved], default=-1)
    followed = [other for other in moved if lasts(other.begin, as_of) >= longest]
    return stands > longest and len(followed) >= 20


def standing_at(found: Iterable[Stay], instant: int) -> int:
    """How many began before an instant and had not gone on before it."""
    return sum(s.begin < instant and (s.stop is None or s.stop >= instant) for s in found)


def week_ends(found: Sequence[Stay], as_of: int, tz: str) -> list[int]:
    """The last 52 Mondays at midnight after the first stay began, up to as_of."""
    first = min(stay.begin for stay in found)
    mondays = periods_between(local_date(first, tz), local_date(as_of, tz), "W")[1:]
    return [midnight(day, tz) for day in mondays][-52:]


def midnight(day: date, tz: str) -> int:
    """The instant at which a local day begins."""
    local = datetime.combine(day, time(), ZoneInfo(tz))
    return (local - EPOCH) // timedelta(microseconds=1)


# --- queues ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Stock:
    """What came and went in a period, what was there at its end, and the time that all of it was there."""

    came: int
    went: int
    there: int
    time: int
    length: int


def edges(first: int, as_of: int, period: str, tz: str) -> list[int]:
    """The begins of all periods, and as_of."""
    starts = periods_between(local_date(first, tz), local_date(as_of, tz), period)
    assert starts[0] == period_start(local_date(first, tz), period)
    return [*(midnight(day, tz) for day in starts), as_of]


def stocks(intervals: Iterable[Interval], bounds: Sequence[int]) -> list[Stock]:
    """What is there in each period; what happens at as_of belongs to the last one."""
    known = list(intervals)
    found = []
    for at in range(len(bounds) - 1):
        low, high = bounds[at], bounds[at + 1]
        last = at == len(bounds) - 2

        def inside(t: int | None, low: int = low, high: int = high, last: bool = last) -> bool:
            return t is not None and low <= t and (t < high or (last and t == high))

        def by_then(t: int | None, high: int = high, last: bool = last) -> bool:
            return t is not None and (t < high or (last and t == high))

        spent = 0
        for begin, stop in known:
            until = high if stop is None else min(stop, high)
            spent += max(0, until - max(begin, low))
        found.append(
            Stock(
                sum(inside(begin) for begin, _ in known),
                sum(inside(stop) for _, stop in known),
                sum(by_then(begin) and not by_then(stop) for begin, stop in known),
                spent,
                high - low,
            )
        )
    return found


def waits(
    log: Log, enabled: Mapping[int, Enabled], closing: Collection[str] | None, as_of: int
) -> list[tuple[str | None, Interval]]:
    """By activity: from enabled to taken up; open cases wait since their last end for nobody knows what."""
    found: list[tuple[str | None, Interval]] = []
    for step in log.steps:
        at, until = enabled[step.row].at, log.until(step)
        if step.first <= as_of and at is not None and until is not None:
            found.append((step.activity, (at, until)))
    for case in log.cases.values() if closing is not None else ():
        busy = any(
            step.start is not None
            and step.start <= as_of
            and (step.end is None or step.end > as_of)
            for step in case
        )
        last = [stay for stay in stays(case, closing or (), as_of) if stay.stop is None]
        if last and last[0].after and not busy:
            found.append((None, (last[0].begin, None)))
    return found


def in_progress(
    log: Log, enabled: Mapping[int, Enabled], as_of: int
) -> list[tuple[str | None, Interval]]:
    """By activity: from start to end, of the steps whose wait is known."""
    return [
        (step.activity, (step.start, step.end if step.end and step.end <= as_of else None))
        for step in log.steps
        if step.start is not None and step.start <= as_of and enabled[step.row].at is not None
    ]


# --- workload -------------------------------------------------------------------------------------


def lindley(
    needed: Sequence[float | None], available: Sequence[float | None], present: Sequence[float]
) -> list[float | None]:
    """The work left at the end of each period, from what was there when the first known one began."""
    found: list[float | None] = []
    for at in range(len(needed)):
        come, hours = needed[at], available[at]
        if come is None or hours is None:
            found.append(None)
            continue
        before = found[-1] if found and found[-1] is not None else present[at]
        found.append(max(0.0, before + come - hours))
    return found


def mean_hours(steps: Iterable[Step]) -> float | None:
    """The mean hours from start to end, of the steps that have both (around the clock)."""
    spent = [s.end - s.start for s in steps if s.start is not None and s.end is not None]
    return sum(spent) / len(spent) / DAY * 24 if spent else None
