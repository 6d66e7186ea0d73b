"""The shifts that calendars say: one for everybody, or one for each resource or unit by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from procmine.calendars import Calendar
from procmine.calendars.clock import clock_of
from procmine.calendars.dates import year_of
from procmine.calendars.day_table import whole_table
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import DAY, Bools, Ints
from procmine.kpi.waiting.hours.shifts import Shifts
from procmine.kpi.waiting.hours.spans import Spans
from procmine.kpi.waiting.hours.who import Whos, unit_of_resources, who_of_steps
from procmine.log import EventLog
from procmine.observe import check_clock
from procmine.zones import resolved, to_local

EVERYBODY = "*"
_NONE = np.zeros(0, dtype=np.int64)


def shifts_of_calendars(
    log: EventLog, calendar: Calendar | Mapping[str, Calendar], *, since: int | None = None
) -> Shifts:
    """Return the shifts of a calendar for everybody, or of calendars by the name of a resource or unit.

    A resource's own calendar comes first, then that of the unit in which it has most steps, then that
    of ``"*"``. Hours are known from the first year of the log on, or from that of the instant ``since``.
    What a calendar does not cover is not known, and the notes say how many steps that touches.
    A log written to the day tells no hours: its office days are open from midnight to midnight.

    Raises LabelNotFoundError for a name that is neither, and ProcmineError where a calendar is of
    another zone than the log.
    """
    given = {EVERYBODY: calendar} if isinstance(calendar, Calendar) else _checked(calendar)
    schedule = _schedule_of_who(log, list(given))
    for each in given.values():
        check_clock(log, each)
    years = _years(log, since)
    hours_of = _whole_days if log.precision == "day" else _hours
    hours = [hours_of(each, *years) for each in given.values()]
    covered = [_covered(each) for each in given.values()]
    shifts = Shifts(schedule, _joined(hours), _joined(covered))
    notes = _notes(log, shifts, given)
    return Shifts(schedule, shifts.hours, shifts.covered, notes)


def _checked(calendars: object) -> dict[str, Calendar]:
    if isinstance(calendars, Mapping) and calendars:
        wrong = [name for name, each in calendars.items() if not isinstance(each, Calendar)]
        if not wrong:
            return {str(name): each for name, each in calendars.items()}
        what = f"calendar= has no Calendar for {wrong[0]!r}"
    else:
        what = f"calendar={calendars!r} is no Calendar"
    raise ProcmineError(
        f"{what}\ngive one for everybody, calendar=pm.Calendar('RO'), or by name, "
        "calendar={'Registry': pm.Calendar('RO'), '*': pm.Calendar('RO', hours=…)}"
    )


def _schedule_of_who(log: EventLog, names: Sequence[str]) -> Ints:
    """Return which of the named calendars holds for each who, -1 where none does."""
    whos = Whos.of(log)
    resources = [] if log.resource is None else log.resource.names()
    units = [] if log.unit is None else log.unit.names()
    shown = set() if log.resources_hidden else set(resources)
    number = {name: place for place, name in enumerate(names)}
    for name in names:
        if name != EVERYBODY and name not in shown and name not in units:
            raise _unknown(log, name, [*units, *sorted(shown)])
    usual = number.get(EVERYBODY, -1)
    schedule = np.full(len(whos), usual)
    of_units = np.array([number.get(name, usual) for name in units] + [usual], dtype=np.int64)
    schedule[whos.resources : whos.everybody] = of_units[:-1]
    schedule[: whos.resources] = of_units[unit_of_resources(log)]
    for code, name in enumerate(resources):
        if name in shown and name in number:
            schedule[code] = number[name]
    return schedule


def _unknown(log: EventLog, name: str, names: list[str]) -> LabelNotFoundError:
    error = LabelNotFoundError.among(name, names, what="resource or unit")
    if log.resource is None or not log.resources_hidden:
        return error
    return LabelNotFoundError(
        f"{error}\nthe resources of this log are anonymous and cannot be named: "
        "give calendars by unit and '*', or read the log with resources='name' where that is lawful"
    )


def _years(log: EventLog, since: int | None) -> tuple[int, int]:
    """Return the first and the last local year of the log, and of ``since`` if that is earlier."""
    if not log.n_steps:
        return 1970, 1970
    begin = int(log.first.min())
    ends = np.array([begin if since is None else min(begin, since), int(log.last.max())])
    first, last = to_local(ends, log.tz) // DAY
    return year_of(int(first)), year_of(int(last))


def _hours(calendar: Calendar, first_year: int, last_year: int) -> tuple[Ints, Ints]:
    """Return when a calendar opens and closes in the years of the log that it covers."""
    first, last = max(first_year, calendar.years[0]), min(last_year, calendar.years[1])
    if first > last:
        return _NONE, _NONE
    clock = clock_of(calendar, first, last)
    return clock.opens, clock.closes


def _whole_days(calendar: Calendar, first_year: int, last_year: int) -> tuple[Ints, Ints]:
    """Return the office days of these years, from the midnight of the first to that after the last in a row."""
    table = whole_table(calendar)
    days = np.arange(table.first, table.first + len(table)).astype("datetime64[D]")
    year = days.astype("datetime64[Y]").astype(np.int64) + 1970
    return _stretches(calendar, table.office_open & (year >= first_year) & (year <= last_year))


def _covered(calendar: Calendar) -> tuple[Ints, Ints]:
    """Return the instants from and until which office hours are known."""
    return _stretches(calendar, whole_table(calendar).hours_known)


def _stretches(calendar: Calendar, chosen: Bools) -> tuple[Ints, Ints]:
    """Return the instants at which stretches of some of the days of a calendar begin and end."""
    edges = np.diff(chosen.astype(np.int8), prepend=np.int8(0), append=np.int8(0))
    days = np.flatnonzero(edges) + calendar.first_day
    instants = resolved(days * DAY, calendar.tz).instants
    return instants[::2], instants[1::2]


def _joined(parts: Sequence[tuple[Ints, Ints]]) -> Spans:
    group = np.repeat(np.arange(len(parts)), [len(begins) for begins, _ in parts])
    begins, ends = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    return Spans.of(group, begins, ends, len(parts))


def _notes(log: EventLog, shifts: Shifts, given: Mapping[str, Calendar]) -> tuple[str, ...]:
    who = who_of_steps(log)
    schedule = shifts.schedule[who]
    notes = []
    for place, (name, calendar) in enumerate(given.items()):
        steps = np.flatnonzero(schedule == place)
        beyond = int((~_touched(log, shifts, who, steps)).sum())
        if beyond:
            said = calendar.name or ("the calendar" if name == EVERYBODY else name)
            notes.append(
                f"{said}: covers {_said(calendar)}, and {beyond:,} of {len(steps):,} steps have a time "
                "outside: whether anybody was at work then is not known"
            )
    without = int((schedule < 0).sum())
    if without:
        notes.append(
            f"{without:,} of {log.n_steps:,} steps are of nobody for whom a calendar is given: "
            "whether they were at work is not known; '*' gives one to everybody else"
        )
    return tuple(notes)


def _touched(log: EventLog, shifts: Shifts, who: Ints, steps: Ints) -> Bools:
    """Tell which of the steps begin and end while their calendar knows hours."""
    known = shifts.covers(who[steps], log.first[steps])
    return np.asarray(known & shifts.covers(who[steps], log.last[steps]))


def _said(calendar: Calendar) -> str:
    first, last = calendar.years
    dated = [week.validity for week in calendar.hours if week.validity]
    return f"{first} to {last}" + (f" (hours {'; '.join(dated)})" if dated else "")
