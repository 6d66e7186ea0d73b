"""Office hours: the week of an office as intervals of minutes, and from when until when it holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from procmine.calendars.dates import date_text, day_number
from procmine.calendars.weekdays import WEEKDAYS, guess, meanings
from procmine.errors import CalendarError

_FROM, _UNTIL = "from", "until"
_INTERVAL = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})\s*$")
_CLOSED = "closed"
MIDNIGHT = 1_440
_TO = re.compile(r"[-–—]")

Intervals = tuple[tuple[int, int], ...]
"""Office hours of a day, in order: minutes since midnight, from and until."""

USUAL: Mapping[str, str] = {"mon-fri": "08:00-16:00"}


@dataclass(frozen=True)
class OfficeHours:
    """A week of office hours, Monday first, and its first and last day (None where it has none)."""

    week: tuple[Intervals, ...]
    since: int | None = None
    until: int | None = None

    def __str__(self) -> str:
        """Write the week as people do: ``Mon-Thu 08:00-16:30, Fri 08:00-12:00 13:00-14:30``."""
        runs: list[tuple[int, int]] = []
        for day, hours in enumerate(self.week):
            if runs and runs[-1][1] == day - 1 and self.week[runs[-1][0]] == hours:
                runs[-1] = (runs[-1][0], day)
            else:
                runs.append((day, day))
        told = [(a, b) for a, b in runs if self.week[a]]
        return ", ".join(f"{_days(a, b)} {hours_text(self.week[a])}" for a, b in told) or "none"

    @property
    def validity(self) -> str:
        """Say from when until when the week holds; nothing where it always does."""
        since = "" if self.since is None else f"from {date_text(self.since)}"
        until = "" if self.until is None else f"until {date_text(self.until)}"
        return " ".join(filter(None, (since, until)))


def hours_of(value: Any) -> tuple[OfficeHours, ...]:
    """Return office hours from one week, or from a list of weeks with dates, the last of which wins.

    >>> [str(week) for week in hours_of({"mon-thu": "08:00-16:30", "fri": "08:00-14:00"})]
    ['Mon-Thu 08:00-16:30, Fri 08:00-14:00']
    """
    entries = [value] if isinstance(value, Mapping) else value
    if isinstance(entries, str) or not isinstance(entries, Sequence) or not entries:
        raise _wrong(f"{value!r} is no week", "write it as {'mon-fri': '08:00-16:00'}")
    return tuple(
        entry if isinstance(entry, OfficeHours) else _one(entry, number if len(entries) > 1 else 0)
        for number, entry in enumerate(entries, 1)
    )


def intervals_of(value: Any, where: str, field: str = "hours") -> Intervals:
    """Return the intervals of one day, written as ``08:00-12:00, 13:00-16:30`` or ``closed``."""
    text = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value or _CLOSED)
    if text.strip().casefold() == _CLOSED:
        return ()
    found: list[tuple[int, int]] = []
    for part in text.split(","):
        begin, end = _interval(part, where, field)
        if found and begin < found[-1][1]:
            raise _wrong(
                f"{where}: {part.strip()} begins before {clock(found[-1][1])}, the end of the hours before it",
                "write the hours of a day in order and without overlap",
                field,
            )
        found.append((begin, end))
    return tuple(found)


def hours_text(hours: Intervals) -> str:
    """Write intervals as ``08:00-12:00 13:00-16:30``."""
    return " ".join(f"{clock(begin)}-{clock(end)}" for begin, end in hours)


def clock(minute: int) -> str:
    """Write a minute of the day as ``08:30``."""
    return f"{minute // 60:02}:{minute % 60:02}"


def _one(entry: Any, number: int) -> OfficeHours:
    where = f"entry {number}, " if number else ""
    if not isinstance(entry, Mapping):
        raise _wrong(f"{where}{entry!r} is no week", "write it as {'mon-fri': '08:00-16:00'}")
    week: dict[int, Intervals] = {}
    keys = {key: str(key) for key in entry if key not in (_FROM, _UNTIL)}
    beside = [name for key in keys.values() for part in key.split(",") for name in _TO.split(part)]
    for key, value in entry.items():
        if key not in keys:
            continue
        days, hours = _weekdays(keys[key], where, beside), intervals_of(value, f"{where}{key}")
        for day in days:
            if day in week:
                raise _wrong(
                    f"{where}{WEEKDAYS[day]} has hours twice, the second time in {key!r}",
                    "give every weekday its hours once",
                )
            week[day] = hours
    if not week:
        raise _wrong(f"{where}no weekday has hours", "write it as {'mon-fri': '08:00-16:00'}")
    since, until = (
        None
        if entry.get(name) in (None, "")
        else day_number(entry[name], f"{where}{name}", "hours")
        for name in (_FROM, _UNTIL)
    )
    if since is not None and until is not None and until < since:
        raise _wrong(
            f"{where}until {date_text(until)} is before from {date_text(since)}",
            "until is the last day on which the hours hold",
        )
    return OfficeHours(tuple(week.get(day, ()) for day in range(7)), since, until)


def _weekdays(key: str, where: str, beside: list[str]) -> list[int]:
    days: list[int] = []
    for part in key.split(","):
        ends = [_weekday(name, key, where, beside) for name in _TO.split(part)]
        if len(ends) > 2 or ends[0] > ends[-1]:
            raise _wrong(
                f"{where}{key!r} is no range of weekdays",
                "write ranges from Monday on, such as mon-thu or sat-sun",
            )
        days += range(ends[0], ends[-1] + 1)
    return days


def _weekday(name: str, key: str, where: str, beside: list[str]) -> int:
    found = meanings(name, beside)
    days = sorted(set(found.values()))
    if len(days) == 1:
        return days[0]
    if days:
        said = ", ".join(f"{WEEKDAYS[day]} in {language}" for language, day in found.items())
        raise _wrong(
            f"{where}{key!r} may mean more than one weekday: {name.strip()!r} is {said}",
            f"write the whole name, or one of {', '.join(WEEKDAYS)}",
        )
    meant = guess(name)
    hint = f"\ndid you mean {meant!r}?" if meant else ""
    raise _wrong(
        f"{where}{key!r} is no weekday",
        f"write {', '.join(WEEKDAYS)}, or their names in Romanian, Italian, Greek or Dutch; "
        f"the dates of a week are from and until{hint}",
    )


def _interval(part: str, where: str, field: str) -> tuple[int, int]:
    found = _INTERVAL.match(part)
    if not found:
        raise _wrong(f"{where}: {part.strip()!r} are no hours", "write them as 08:00-16:30", field)
    h1, m1, h2, m2 = map(int, found.groups())
    begin, end = h1 * 60 + m1, h2 * 60 + m2
    if max(m1, m2) > 59 or end > MIDNIGHT:
        raise _wrong(
            f"{where}: {part.strip()!r} is no time of the day",
            "hours go from 00:00 to 24:00",
            field,
        )
    if end <= begin:
        raise _wrong(
            f"{where}: {part.strip()} ends before it begins",
            "work over midnight is of two days: 22:00-24:00 and, the day after, 00:00-06:00",
            field,
        )
    return begin, end


def _days(first: int, last: int) -> str:
    names = [WEEKDAYS[day].capitalize() for day in (first, last)]
    return names[0] if first == last else "-".join(names)


def _wrong(what: str, next_step: str, field: str = "hours") -> CalendarError:
    return CalendarError(f"{field}: {what}\n{next_step}", field)
