"""Found calendars again, naively: plain loops over steps and days, from docs/waiting.md only.

Nothing here uses procmine, numpy or pandas. Times are whole microseconds since 1970 in UTC.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from math import exp, log
from zoneinfo import ZoneInfo

from tests.oracle import DAY, MINUTE, Step

QUARTER = 15 * MINUTE
QUARTERS = 96
ALL = ("all", "")
Who = tuple[str, str]
Hours = dict[int, set[int]]
"""The quarters worked in, by weekday; a weekday off has none."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Marks:
    """What marks somebody: his days, the quarters of each, and the number of steps on each."""

    quarters: dict[date, set[int]]
    steps: Counter[date]

    def on(self, weekday: int, timed: set[date]) -> list[date]:
        return [day for day in self.quarters if day.weekday() == weekday and day in timed]


@dataclass
class Found:
    """What the log shows: hours, holidays, leave, and the days of which it says anything."""

    hours: dict[Who, Hours]
    holidays: set[date]
    leave: dict[Who, set[date]]
    days: set[date]
    zone: str
    enough: bool

    def open_time(self, who: Who, start: int, end: int) -> int | None:
        """Walk over the quarters of an hour of UTC: clocks change at whole quarters."""
        if not self.enough:
            return None
        if start == end:
            return 0
        total = 0
        for at in range(start // QUARTER * QUARTER, end, QUARTER):
            wall = _wall(at, self.zone)
            day, quarter = _day(wall), wall % DAY // QUARTER
            if day not in self.days:
                return None
            off = day in self.holidays or day in self.leave[who]
            if not off and quarter in self.hours[who][day.weekday()]:
                total += min(at + QUARTER, end) - max(at, start)
        return total


def found(steps: Sequence[Step], zone: str) -> Found:
    """The hours, holidays and leave that the steps show."""
    marks = _marks(steps, zone)
    some_hours = any(quarters for each in marks.values() for quarters in each.quarters.values())
    timed = {
        who: {day for day, quarters in each.quarters.items() if quarters or not some_hours}
        for who, each in marks.items()
    }
    hours: dict[Who, Hours] = {}
    for who in sorted(marks, key=lambda who: ["all", "unit", "resource"].index(who[0])):
        usual = None if who == ALL else hours[parent(who, steps)]
        hours[who] = _hours(marks[who], timed[who], usual)
    days = _days(set(marks[ALL].quarters))
    holidays = _holidays(marks[ALL], hours[ALL], days)
    leave = {
        who: _leave(marks[who], timed[who], hours[who], [d for d in days if d not in holidays])
        for who in marks
    }
    leave[ALL] = set()
    for who in marks:
        if who[0] == "resource" and parent(who, steps) != ALL:
            leave[who] |= leave[parent(who, steps)]
        leave[who] -= set(marks[who].quarters)
    seen = sum(marks[ALL].steps[day] for day in timed[ALL])
    enough = seen >= 100 and len(timed[ALL]) >= 10
    return Found(hours, holidays, leave, set(days), zone, enough)


def parent(who: Who, steps: Iterable[Step]) -> Who:
    """Whose hours somebody's are taken from: a resource's from the unit where it has most steps."""
    kind, name = who
    units = Counter(step.unit for step in steps if step.resource == name and step.unit is not None)
    if kind != "resource" or not units:
        return ALL
    return ("unit", min(units, key=lambda unit: (-units[unit], unit)))


def _marks(steps: Sequence[Step], zone: str) -> dict[Who, Marks]:
    marks: dict[Who, Marks] = {ALL: Marks({}, Counter())}
    for step in steps:
        whos = [ALL, ("unit", step.unit), ("resource", step.resource)]
        for who in whos:
            if who[1] is None:
                continue
            mine = marks.setdefault(who, Marks({}, Counter()))
            for day, quarters in _marked(step, zone):
                mine.quarters.setdefault(day, set()).update(quarters)
                mine.steps[day] += 1
    return marks


def _marked(step: Step, zone: str) -> list[tuple[date, set[int]]]:
    """The days that a step marks, and the quarters of each: an entry for both ends, or one for all of it."""
    start = None if step.start is None else _wall(step.start, zone)
    end = None if step.end is None else _wall(step.end, zone)
    timed_start = start is not None and start % DAY != 0
    timed_end = end is not None and end % DAY != 0
    if timed_start and timed_end and end > start:
        end -= 1
    if timed_start and timed_end and start // DAY == end // DAY:
        return [(_day(start), set(range(start % DAY // QUARTER, end % DAY // QUARTER + 1)))]
    entries = []
    for time, timed in ((start, timed_start), (end, timed_end)):
        if time is not None:
            entries.append((_day(time), {time % DAY // QUARTER} if timed else set()))
    return entries


def _wall(instant: int, zone: str) -> int:
    """The wall-clock time as microseconds, as if it were UTC."""
    moment = EPOCH + timedelta(microseconds=instant)
    local = moment.astimezone(ZoneInfo(zone)).replace(tzinfo=UTC)
    return (local - EPOCH) // timedelta(microseconds=1)


def _day(wall: int) -> date:
    return EPOCH.date() + timedelta(days=wall // DAY)


def _hours(marks: Marks, timed: set[date], usual: Hours | None) -> Hours:
    least = 1 if usual is None else 3
    stretches = sum(
        1 for quarters in marks.quarters.values() for q in quarters if q - 1 not in quarters
    )
    cells = sum(len(quarters) for quarters in marks.quarters.values())
    length = max(cells / stretches, 1.0) if stretches else 1.0
    seen, between = _weekdays(marks, timed)
    shares = [Fraction(seen[w], between[w]) if between[w] else Fraction(0) for w in range(7)]
    supported = [seen[w] >= least and shares[w] * 10 >= max(shares) for w in range(7)]
    chosen = [float(shares[w]) for w in range(7) if supported[w]]
    rate = sum(chosen) / len(chosen) if chosen else 0.0
    hours: Hours = {}
    for w in range(7):
        kept = bool(usual and usual[w]) and unlikeliness(rate * between[w], seen[w]) < 7
        mine = set() if usual is None else usual[w]
        worked = supported[w] or kept
        hours[w] = _quarters(marks, marks.on(w, timed), mine, least, length) if worked else set()
    return hours


def _weekdays(marks: Marks, timed: set[date]) -> tuple[list[int], list[int]]:
    """How many days of each weekday tell the hours, and how many lie between the first and last mark."""
    if not marks.quarters:
        return [0] * 7, [0] * 7
    first, last = min(marks.quarters), max(marks.quarters)
    all_days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    between = Counter(day.weekday() for day in all_days)
    return [len(marks.on(w, timed)) for w in range(7)], [between[w] for w in range(7)]


def _quarters(
    marks: Marks, days: list[date], usual: set[int], least: int, length: float
) -> set[int]:
    counts = Counter(q for day in days for q in marks.quarters[day])
    part = 10
    while True:
        supported = {q for q in counts if counts[q] * part >= len(days)}
        if 10 * sum(counts[q] for q in supported) >= 7 * sum(counts.values()):
            break
        part *= 2
    own = {q for q in supported if counts[q] >= least}
    base = set(usual)
    if not base:
        base = set(range(min(supported), max(supported) + 1)) if supported else set(range(QUARTERS))
    worked = sorted(base | own)
    mean = sum(counts[q] for q in worked) / len(worked)
    kept = set(own)
    for first, end in _runs([q in own for q in worked]):
        usual_marks = [mean, *_near([counts[q] for q in worked], first, end, 4)]
        marked = sum(counts[q] for q in worked[first:end])
        if unlikeliness(min(usual_marks) * (end - first), marked) / length < 7:
            kept |= set(worked[first:end])
    return kept


def unlikeliness(expected: float, seen: int) -> float:
    """u, where e to the −u bounds the chance of so few where more are expected."""
    if seen >= expected:
        return 0.0
    return expected - seen + (seen * log(seen / expected) if seen else 0.0)


def _runs(flags: Sequence[bool]) -> list[tuple[int, int]]:
    """Where stretches of False begin and end."""
    runs, begin = [], None
    for place, flag in enumerate([*flags, True]):
        if not flag and begin is None:
            begin = place
        if flag and begin is not None:
            runs.append((begin, place))
            begin = None
    return runs


def _near(values: Sequence[int], first: int, end: int, near: int) -> list[float]:
    """The mean of so many values before and of so many after a stretch, of each side that has any."""
    sides = (values[max(first - near, 0) : first], values[end : end + near])
    return [sum(side) / len(side) for side in sides if side]


def _days(marked: set[date]) -> list[date]:
    days: list[date] = []
    for day in sorted(marked):
        if days and (day - days[-1]).days <= 366:
            days += [days[-1] + timedelta(days=n) for n in range(1, (day - days[-1]).days)]
        days.append(day)
    return days


def _holidays(marks: Marks, hours: Hours, days: list[date]) -> set[date]:
    found = set()
    for w in range(7):
        alike = [day for day in days if day.weekday() == w]
        steps = [marks.steps[day] for day in alike]
        for place, day in enumerate(alike):
            near = _near(steps, place, place + 1, 4)
            if hours[w] and steps[place] == 0 and near and min(near) >= 7:
                found.add(day)
    return found


def _leave(marks: Marks, timed: set[date], hours: Hours, days: list[date]) -> set[date]:
    if len(timed) < 10:
        return set()
    first, last = min(marks.quarters), max(marks.quarters)
    work = [day for day in days if hours[day.weekday()] and first <= day <= last]
    seen = [day in marks.quarters for day in work]
    away = set()
    for begin, end in _runs(seen):
        shares = [sum(seen) / len(seen), *_near(seen, begin, end, 20)]
        if end - begin <= 40 and _chance(min(shares), end - begin) < 0.001:
            away |= set(work[begin:end])
    return away


def _chance(share: float, days: int) -> float:
    return exp(days * log(1 - share)) if share < 1 else 0.0
