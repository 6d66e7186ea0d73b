"""A naive office, from the definitions: minute by minute and day by day, in plain loops.

Office time: the minutes during which the clock on the wall shows office hours of a day on which the office works.
Working days of the law: Monday to Friday without holidays. No part of procmine is used.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Office:
    """The hours of each weekday (Monday is 0) in minutes, days off, and days with hours of their own."""

    tz: str
    week: dict[int, list[tuple[int, int]]]
    off: frozenset[date] = frozenset()
    own: dict[date, list[tuple[int, int]]] = field(default_factory=dict)

    def hours(self, day: date) -> list[tuple[int, int]]:
        if day in self.own:
            return self.own[day]
        return [] if day in self.off else self.week.get(day.weekday(), [])

    def is_open(self, instant: datetime) -> bool:
        wall = instant.astimezone(ZoneInfo(self.tz))
        minute = wall.hour * 60 + wall.minute
        return any(begin <= minute < end for begin, end in self.hours(wall.date()))

    def working_time(self, start: datetime, end: datetime) -> timedelta:
        """From one whole minute in UTC to another."""
        total, instant = timedelta(), start.astimezone(UTC)
        while instant < end:
            if self.is_open(instant):
                total += MINUTE
            instant += MINUTE
        return total


def is_working(day: date, holidays: frozenset[date]) -> bool:
    return day.weekday() < 5 and day not in holidays


def nth_working_day(day: date, n: int, holidays: frozenset[date]) -> date:
    step = ONE_DAY if n > 0 else -ONE_DAY
    while n:
        day += step
        if is_working(day, holidays):
            n -= 1 if n > 0 else -1
    return day


def working_days(start: date, end: date, holidays: frozenset[date]) -> int:
    """Working days after start, up to and including end."""
    if end < start:
        return -working_days(end, start, holidays)
    days = [start + timedelta(days=n) for n in range(1, (end - start).days + 1)]
    return sum(is_working(day, holidays) for day in days)


def rolled(day: date, weekdays: set[int], days_off: frozenset[date]) -> date:
    while day.weekday() in weekdays or day in days_off:
        day += ONE_DAY
    return day
