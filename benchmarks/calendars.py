"""Races of office time: the hours of an office within intervals, public holidays and the zone respected.

pm4py knows neither zones nor holidays; it is given local times and an object that says which days are working days,
made of the same holidays, so that both do the same task. Intervals are as long as cases are (a month on average) or
end anywhere within five years.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.agree import micros
from benchmarks.race import Contender
from benchmarks.settings import ZONE
from procmine.calendars import Calendar

RACES = ("working_time", "working_time_years", "working_time_all")
EVENTS_AN_INTERVAL = 10
"""pm4py takes two minutes for a million: it gets an interval for every 10 events, and so does procmine beside it."""
_FIRST, _YEARS = datetime(2020, 1, 1), 5
_MONTH = 30 * 86_400
_ONE_ROUND = 500_000
"""From so many intervals on pm4py runs once."""
_SLOTS = [(day * 86_400 + 8 * 3_600, day * 86_400 + 16 * 3_600) for day in range(5)]


def contenders(name: str, events: int, peers: Sequence[str]) -> list[Contender]:
    """The contenders of one race, all with the same intervals."""
    if name == "working_time_all":
        return _alone(intervals(events, months=True))
    count = max(events // EVENTS_AN_INTERVAL, 30)
    return _beside_pm4py(intervals(count, months=name == "working_time"), "pm4py" in peers)


def intervals(count: int, *, months: bool, seed: int = 1) -> pd.DataFrame:
    """Starts and ends in whole seconds of local time, in no order, within five years."""
    rng = np.random.default_rng(seed)
    span = _YEARS * 365 * 86_400
    one = rng.integers(0, span, count)
    length = rng.exponential(_MONTH, count).astype(np.int64)
    other = np.minimum(one + length, span) if months else rng.integers(0, span, count)
    first = np.datetime64(_FIRST, "us")
    return pd.DataFrame(
        {
            name: first + found(one, other).astype("timedelta64[s]")
            for name, found in (("start", np.minimum), ("end", np.maximum))
        }
    )


def _beside_pm4py(local: pd.DataFrame, with_pm4py: bool) -> list[Contender]:
    start, end = (_in_zone(local[name]) for name in ("start", "end"))
    calendar = Calendar("RO", tz=ZONE)
    found = [Contender("procmine", partial(calendar.working_time, start, end), _table)]
    if with_pm4py:
        pairs = list(zip(*(local[name].dt.to_pydatetime() for name in local), strict=True))
        rounds = 1 if len(pairs) >= _ONE_ROUND else None
        found.append(Contender("pm4py", partial(_pm4py, pairs), _table, rounds=rounds))
    return found


def _alone(local: pd.DataFrame) -> list[Contender]:
    start, end = (_in_zone(local[name]) for name in ("start", "end"))
    calendar = Calendar("RO", tz=ZONE)
    bounds = _openings(calendar)
    return [
        Contender("procmine", partial(calendar.working_time, start, end), _table),
        Contender("a search in the openings", partial(_searched, bounds, start, end), _table),
    ]


class _Holidays:
    """What pm4py asks whether an office works on a day."""

    def __init__(self) -> None:
        import holidays

        years = range(_FIRST.year, _FIRST.year + _YEARS + 1)
        self.days = set(holidays.country_holidays("RO", years=years))

    def is_working_day(self, day: date) -> bool:
        return day not in self.days


def _pm4py(pairs: list[tuple[datetime, datetime]]) -> np.ndarray:
    from pm4py.util.business_hours import soj_time_business_hours_diff

    calendar = _Holidays()
    seconds = [soj_time_business_hours_diff(start, end, _SLOTS, calendar) for start, end in pairs]
    return (np.array(seconds) * 1_000_000).astype("timedelta64[us]")


def _openings(calendar: Calendar) -> tuple[np.ndarray, np.ndarray]:
    """All openings and closings as instants, and the office time that had passed at each."""
    days = np.arange(np.datetime64("2019-12-31"), np.datetime64("2025-12-31"))
    days = days[calendar.is_working_day(days, role="office")]
    hours = pd.to_timedelta([8, 16], unit="h").to_numpy()
    local = pd.Series((days[:, None] + hours[None, :]).ravel().astype("datetime64[us]"))
    bounds = _in_zone(local).astype("int64").to_numpy()
    worked = np.concatenate(
        [[0], np.cumsum(np.diff(bounds) * (np.arange(len(bounds) - 1) % 2 == 0))]
    )
    return bounds, worked


def _searched(bounds: tuple[np.ndarray, np.ndarray], start: Any, end: Any) -> np.ndarray:
    times, worked = bounds

    def passed(moments: pd.Series) -> np.ndarray:
        instants = moments.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy().view(np.int64)
        place = np.searchsorted(times, instants, side="right") - 1
        return worked[place] + np.where(place % 2 == 0, instants - times[place], 0)

    return (passed(end) - passed(start)).view("timedelta64[us]")


def _in_zone(local: pd.Series) -> pd.Series:
    return local.dt.tz_localize(ZONE, ambiguous=True, nonexistent="shift_forward")


def _table(found: Any) -> pd.DataFrame:
    times = micros(np.asarray(found))
    return pd.DataFrame({"interval": np.arange(len(times)).astype(str), "total": times})
