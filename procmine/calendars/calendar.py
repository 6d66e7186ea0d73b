"""Calendar: when an office works and on which days terms roll, asked over whole arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.calendars import counting, countries, covering, moments, words
from procmine.calendars.clock import clock_of
from procmine.calendars.counting import checked_on, checked_role, counted
from procmine.calendars.dates import first_day_of
from procmine.calendars.day_table import DayTable, schedules, whole_table
from procmine.calendars.fields import checked_days, checked_name, checked_years, checked_zone, texts
from procmine.calendars.hours import USUAL, Intervals, OfficeHours, hours_of
from procmine.calendars.own_days import DEADLINE, OwnDay, own_days
from procmine.errors import CalendarError
from procmine.kernels import DAY, NAT, Ints

ROLL_ON = ("sat", "sun", "holiday", "equated")


@dataclass(frozen=True, init=False, repr=False)
class Calendar:
    """When an office works, and on which days the law of terms does not let a term end.

    Two roles, never mixed: in the role ``"deadline"`` working days are Monday to Friday without the
    holidays on which terms roll; in the role ``"office"`` they are the days with office hours.

    ``country``: its code, such as ``"RO"``; public holidays follow, from the library ``holidays``.
    ``subdivision``: a region whose days off are added (in IT the patron of the province's capital,
    for the office only). ``categories``: kinds of holidays, by default those that the law of terms
    counts. ``tz``: the zone of the office, by default that of the country. ``hours``: office hours,
    by default Monday to Friday 08:00-16:00; a list of weeks with ``from`` and ``until``, of which
    the last that covers a day holds. ``days``: own days, from a CSV file, a DataFrame or a list of
    dicts with ``date, role, kind, source, hours, note``. ``years``: the first and the last year that
    the calendar covers. Outside of them it raises CalendarCoverageError.

    >>> calendar = Calendar("RO", hours={"mon-thu": "08:00-16:30", "fri": "08:00-14:00"})
    >>> calendar.working_time("2025-04-30 12:00", "2025-05-02 10:00")  # 1 May is a holiday
    np.timedelta64(23400000000,'us')
    >>> calendar.add_days("2024-12-30", 7)  # 1, 2, 6 and 7 January are holidays
    np.datetime64('2025-01-14')
    """

    country: str | None
    subdivision: str | None
    categories: tuple[str, ...] | None
    tz: str
    hours: tuple[OfficeHours, ...]
    days: tuple[OwnDay, ...]
    years: tuple[int, int]
    name: str | None = field(compare=False)

    def __init__(
        self,
        country: str | None = None,
        *,
        subdivision: str | None = None,
        categories: Sequence[str] | None = None,
        tz: str | None = None,
        hours: Any = None,
        days: Any = None,
        years: Sequence[int] | None = None,
        name: str | None = None,
    ) -> None:
        code = None if country is None else countries.checked_country(country)
        weeks, own = hours_of(USUAL if hours is None else hours), own_days(days)
        values: dict[str, Any] = {
            "country": code,
            "subdivision": countries.checked_subdivision(code, subdivision),
            "categories": countries.checked_categories(code, texts(categories, "categories")),
            "tz": checked_zone(tz, code),
            "hours": weeks,
            "days": own,
            "years": checked_years(years, code, weeks, own),
            "name": checked_name(name),
        }
        for key, value in values.items():
            object.__setattr__(self, key, value)
        checked_days(self)

    @classmethod
    def read(cls, path: str | Path) -> Calendar:
        """Read a calendar from a YAML file with the same fields; ``days`` is a path beside it, or a list.

        Errors name the file, the line and the field.
        """
        from procmine.calendars.read import read_fields

        return read_fields(cls, path)

    @property
    def first_day(self) -> int:
        """The first day covered, in days since 1970-01-01."""
        return first_day_of(self.years[0])

    @property
    def last_day(self) -> int:
        """The last day covered, in days since 1970-01-01."""
        return first_day_of(self.years[1] + 1) - 1

    @cached_property
    def version(self) -> str:
        """What makes results reproducible, for a line of ``basis``; the hash is over all that changes them.

        >>> Calendar(tz="UTC", days=[{"date": "2025-05-02", "role": "office"}]).version
        'UTC, 1 own day, hours Mon-Fri 08:00-16:00, sha d1e878de'
        """
        return words.version(self)

    def day_table(self, first_day: int, last_day: int) -> DayTable:
        """Return the days from ``first_day`` to ``last_day`` (days since 1970-01-01) as columns.

        >>> Calendar("RO").day_table(20_454, 20_457).holiday  # 1 to 4 January 2026
        array([ True,  True, False, False])
        """
        if first_day <= last_day:
            covering.check_days(self, np.array([first_day, last_day]))
        return whole_table(self).between(first_day, last_day)

    def hours_on(self, day: int) -> Intervals:
        """Return the office hours of a day (days since 1970-01-01): minutes since midnight, from and until.

        >>> Calendar("RO").hours_on(20_458)
        ((480, 960),)
        """
        table = self.day_table(day, day)
        if not table.office_open[0]:
            return ()
        own = next((d.hours for d in self.days if d.day == day and d.hours), None)
        if own is not None:
            return own
        week = self.hours[int(schedules(self, np.array([day]))[0])].week
        return week[int(table.weekday[0])] or week[0]

    def working_time(self, start: Any, end: Any) -> Any:
        """Return the office time from ``start`` to ``end`` as timedelta64[us], missing where one of them is.

        Office time is when the clock on the wall shows office hours on a day on which the office
        works; clock changes inside office hours are respected. Takes single times, arrays or Series
        (a Series comes back as one); times without a zone are local times of the calendar's zone.
        Intervals that end before they start are refused.

        >>> Calendar("IT").working_time(["2026-06-01 15:00", None], "2026-06-03 09:00")
        array([7200000000,      'NaT'], dtype='timedelta64[us]')
        """
        begin = moments.instants(start, self.tz, "start")
        finish = moments.instants(end, self.tz, "end")
        (begins, ends), form = moments.together(begin, finish, what="start and end")
        return form.returned(self.working_microseconds(begins, ends).view("timedelta64[us]"))

    def working_microseconds(self, start: Ints, end: Ints) -> Ints:
        """Return the office time between instants (microseconds UTC), NAT where one of them is missing."""
        missing = (start == NAT) | (end == NAT)
        some = bool(missing.any())
        if missing.all():
            return np.full(len(start), NAT)
        if some:
            known = ~missing
            time = np.full(len(start), NAT)
            time[known] = self.working_microseconds(start[known], end[known])
            return time
        covering.check_order(start, end)
        first_year, last_year = covering.years_of_instants(self, int(start.min()), int(end.max()))
        covering.check_hours_known(self, start, end)
        return clock_of(self, first_year, last_year).between(start, end)

    def add_days(self, day: Any, n: Any, unit: str = "working_day", role: str = DEADLINE) -> Any:
        """Return the n-th working day after ``day``; 0 is the day itself, negative n count backwards.

        With ``unit="day"`` every day counts. Dates come back as datetime64[D], of a Series as a
        Series of datetime64[us].

        >>> Calendar("RO").add_days("2025-04-14", [15, -15])
        array(['2025-05-08', '2025-03-24'], dtype='datetime64[D]')
        """
        if unit not in ("working_day", "day"):
            raise CalendarError(f"unit={unit!r} is neither 'working_day' nor 'day'")
        given, count = moments.days(day, self.tz, "day"), moments.numbers(n, "n")
        (days, counts), form = moments.together(given, count, what="day and n")
        return form.returned(_dates(self._added(days, counts, unit, checked_role(role)), form))

    def _added(self, days: Ints, counts: Ints, unit: str, role: str) -> Ints:
        known = days != NAT
        result = np.full(len(days), NAT)
        if unit == "day":
            result[known] = days[known] + counts[known]
            covering.check_days(self, days[known])
            covering.check_days(self, result[known])
        elif known.any():
            covering.check_days(self, days[known])
            found = counted(self, role).nth(days[known], counts[known])
            covering.check_found(self, days[known], found)
            covering.check_open_days_known(self, days[known], found, role)
            result[known] = found
        return result

    def working_days(self, start: Any, end: Any, role: str = DEADLINE) -> Any:
        """Return how many working days lie after ``start``, up to and including ``end``, as int64.

        Where ``end`` is before ``start`` the number is negative. Where one of them is missing so is
        the number (NaN in an array, NA in a Series).

        >>> Calendar("RO").working_days("2025-04-14", "2025-05-08")
        np.int64(15)
        """
        begin, finish = moments.days(start, self.tz, "start"), moments.days(end, self.tz, "end")
        (begins, ends), form = moments.together(begin, finish, what="start and end")
        known = (begins != NAT) & (ends != NAT)
        result = np.zeros(len(begins), dtype=np.int64)
        begins, ends = begins[known], ends[known]
        if known.any():
            covering.check_days(self, begins)
            covering.check_days(self, ends)
            covering.check_open_days_known(self, begins, ends, checked_role(role))
            table = counted(self, role)
            result[known] = table.until(ends) - table.until(begins)
        return form.returned(_with_missing(result, known, form))

    def is_working_day(self, day: Any, role: str = DEADLINE) -> Any:
        """Tell which days are working days in a role; a missing day is none.

        >>> Calendar("IT", subdivision="MI").is_working_day("2026-12-07", role="office")
        np.False_
        """
        given = moments.days(day, self.tz, "day")
        known = given.values != NAT
        days = given.values[known]
        covering.check_days(self, days)
        covering.check_open_days_known(self, days, days, checked_role(role))
        result = np.zeros(len(known), dtype=np.bool_)
        result[known] = counted(self, role).working[days - self.first_day]
        return given.returned(result)

    def roll(self, day: Any, on: Sequence[str] = ROLL_ON) -> Any:
        """Return the first day from ``day`` on that is none of ``on``: weekdays, ``holiday``, ``equated``.

        Warns where the list of equated days of a year is not known.

        >>> Calendar("NL").roll(["2026-05-05", "2026-05-15"])
        array(['2026-05-06', '2026-05-18'], dtype='datetime64[D]')
        """
        given = moments.days(day, self.tz, "day")
        names = checked_on(on)
        known = given.values != NAT
        days = given.values[known]
        covering.check_days(self, days)
        place = counting.next_free(self, names)[days - self.first_day]
        covering.check_found(self, days, np.where(place < len(whole_table(self)), place, NAT))
        if "equated" in names:
            covering.warn_of_unknown_equated_days(self, days, place)
        result = np.full(len(known), NAT)
        result[known] = place + self.first_day
        return given.returned(_dates(result, given))

    def __repr__(self) -> str:
        return f"Calendar({words.summary(self)})"

    def _repr_html_(self) -> str:
        from procmine.calendars.card import card

        return card(self)

    def __hash__(self) -> int:
        return self._hashed

    @cached_property
    def _hashed(self) -> int:
        """The hash of all fields that are compared, taken once: caches ask for it at every question."""
        return hash(tuple(getattr(self, each.name) for each in fields(self) if each.compare))

    def __getstate__(self) -> dict[str, Any]:
        return {key: value for key, value in self.__dict__.items() if key in self.__match_args__}


def _dates(days: Ints, form: moments.Given) -> npt.NDArray[np.datetime64]:
    """Return days since 1970-01-01 as dates; pandas has no dates of days, a Series gets microseconds."""
    if form.index is None:
        return days.view("datetime64[D]")
    return np.where(days == NAT, NAT, days * DAY).view("datetime64[us]")


def _with_missing(result: Ints, known: npt.NDArray[np.bool_], form: moments.Given) -> Any:
    if known.all():
        return result
    if form.index is not None:
        return pd.arrays.IntegerArray(result, ~known)
    return np.where(known, result, np.nan)
