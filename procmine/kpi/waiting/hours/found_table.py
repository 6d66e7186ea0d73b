"""found_calendars(log): the weekly hours that a log shows, of each unit and of everybody, for people to look at."""

from __future__ import annotations

import numpy as np
import pandas as pd

from procmine.kernels import Bools, Ints
from procmine.kpi.given_log import check_has_cases
from procmine.kpi.waiting.hours.expand import intervals
from procmine.kpi.waiting.hours.found import Found, found_in
from procmine.kpi.waiting.hours.marks import weekday
from procmine.log import EventLog

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def found_calendars(log: EventLog) -> pd.DataFrame:
    """Return the hours of work that a log shows: what ``pm.waiting_causes`` uses where no calendar is given.

    One row per unit, weekday and stretch of hours; a weekday off has one row without hours. Rows of
    everybody come first and have no unit. No person is shown: a unit of one or two ``resources`` comes
    close to it, so think before you pass it on.

    Columns: ``unit``, ``weekday``, ``from``, ``until`` (local time as text), ``source`` (``own`` where
    the marks of the unit changed the weekday, else ``everybody``), ``days`` of that weekday with
    marks, ``marks`` (quarters of an hour marked on them), ``steps`` that mark them, ``holidays`` found
    on that weekday, ``closed_days`` of the unit (its leave), ``resources`` seen in the unit.

    The rules are in docs/waiting.md, "Found calendars". Too thin a log shows nothing: no rows.

    >>> found_calendars(log)[["unit", "weekday", "from", "until"]].head(2)
      unit  weekday   from  until
    0  NaN   Monday  08:00  16:30
    1  NaN  Tuesday  08:00  16:30
    """
    check_has_cases(log)
    found = found_in(log)
    whos = found.marks.whos
    shown = np.roll(np.arange(whos.resources, len(whos)), 1) if found.enough else np.zeros(0, int)
    row, day, first, until = _rows(found.hours[shown])
    who = shown[row]
    units = [] if log.unit is None else log.unit.names()
    own = (found.hours[who, day] != found.hours[whos.everybody, day]).any(axis=1)
    columns = {
        "unit": pd.Series([*units, None], dtype="str").take(who - whos.resources).array,
        "weekday": np.array(WEEKDAYS)[day],
        "from": _clock(first),
        "until": _clock(until),
        "source": np.where(own | (who == whos.everybody), "own", "everybody"),
        "days": found.marks.days[who, day],
        "marks": _marks(found, len(whos))[who, day],
        "steps": _per_weekday(found, found.marks.steps)[who, day],
        "holidays": np.bincount(weekday(found.days[found.holiday]), minlength=7)[day],
        "closed_days": _closed(found)[who, day],
        "resources": _resources(log, len(whos))[who],
    }
    table = pd.DataFrame(columns)
    table["weekday"] = pd.Categorical(table["weekday"], categories=list(WEEKDAYS), ordered=True)
    return table.astype({"source": "str"})


def _rows(hours: Bools) -> tuple[Ints, Ints, Ints, Ints]:
    """Return the stretches of hours, and a row of no hours (-1) for each weekday off, in order."""
    row, day, first, until = intervals(hours)
    off, off_day = np.nonzero(~hours.any(axis=2))
    nothing = np.full(len(off), -1)
    columns = [
        np.concatenate(pair)
        for pair in ((row, off), (day, off_day), (first, nothing), (until, nothing))
    ]
    order = np.lexsort((columns[2], columns[1], columns[0]))
    row, day, first, until = (column[order] for column in columns)
    return row, day, first, until


def _clock(quarters: Ints) -> pd.Series:
    texts = [None if q < 0 else f"{q // 4:02}:{q % 4 * 15:02}" for q in quarters.tolist()]
    return pd.Series(texts, dtype="str")


def _marks(found: Found, whos: int) -> Ints:
    marks = found.marks
    quarters = np.bitwise_count(marks.morning) + np.bitwise_count(marks.evening)
    return _per_weekday(found, quarters.astype(np.int64))


def _per_weekday(found: Found, values: Ints) -> Ints:
    """Sum values of the days with marks: an array of (who, weekday)."""
    marks = found.marks
    cells = len(marks.whos) * 7
    timed = marks.timed
    total = np.bincount(marks.cell[timed], weights=values[timed], minlength=cells)
    return total.reshape(-1, 7).astype(np.int64)


def _closed(found: Found) -> Ints:
    days = weekday(found.days)
    return np.stack([found.absent[:, days == number].sum(axis=1) for number in range(7)], axis=1)


def _resources(log: EventLog, whos: int) -> Ints:
    """Return how many resources are seen in each unit, by who, and in all."""
    count = np.zeros(whos, dtype=np.int64)
    if log.resource is None:
        return count
    size = len(log.resource.labels)
    known = log.resource.codes >= 0
    count[-1] = len(np.unique(log.resource.codes[known]))
    if log.unit is not None:
        known &= log.unit.codes >= 0
        pairs = np.unique(
            log.unit.codes[known] * np.int64(max(size, 1)) + log.resource.codes[known]
        )
        count[size:-1] = np.bincount(pairs // max(size, 1), minlength=whos - size - 1)
    return count
