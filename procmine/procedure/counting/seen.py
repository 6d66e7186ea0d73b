"""The events of a procedure in a log, as known at a moment: when the words of the law occurred in each case."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pyarrow as pa

from procmine.errors import DataQualityWarning
from procmine.kernels import NAT, Bools, Codes, Ints
from procmine.log import EventLog
from procmine.procedure.counting.occurrences import NO_ROW, Occurrences
from procmine.procedure.counting.written import dates_of, last_days_of, local_days

if TYPE_CHECKING:
    from procmine.procedure.procedure import Procedure

Found = TypeVar("Found")
_FAR = 10_000_000
"""More days than any calendar has."""
_NONE = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class SeenLog:
    """A log as it was known at a moment, through the eyes of a procedure."""

    log: EventLog
    procedure: Procedure
    moment: int
    as_of: Any = None
    """The moment as the caller wrote it."""
    _kept: dict[Any, Any] = field(default_factory=dict, repr=False)

    @cached_property
    def today(self) -> int:
        """The local day of the moment."""
        return int(local_days(np.array([self.moment]), self.log.tz)[0])

    @cached_property
    def known(self) -> Bools | None:
        """Which steps are not later than the moment; None if all are."""
        times = self.log.last
        if not len(times) or int(times.max()) <= self.moment:
            return None
        return times <= self.moment

    def occurrences(self, event: str) -> Occurrences:
        """Return when an event occurred; an event that the procedure does not map never did."""
        return self.kept(event, lambda: self._find(event))

    def kept(self, key: Hashable, find: Callable[[], Found]) -> Found:
        """Return what was found before under a key, or find it now: versions of a term ask for the same."""
        if key not in self._kept:
            self._kept[key] = find()
        found: Found = self._kept[key]
        return found

    def tell(self, text: str) -> None:
        """Warn of something odd, once for all versions of a term."""
        if ("told", text) not in self._kept:
            self._kept["told", text] = True
            warnings.warn(text, DataQualityWarning, stacklevel=2)

    def any_of(self, events: Iterable[str]) -> Occurrences:
        """Return when any of several events occurred."""
        parts = [self.occurrences(event) for event in dict.fromkeys(events)]
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return Occurrences.none()
        return Occurrences.sorted(
            *(
                np.concatenate([getattr(p, name) for p in parts])
                for name in ("case", "day", "order", "row")
            )
        )

    def steps_of(self, activities: Iterable[str]) -> Ints:
        """Return the seen steps of some activities, in the order of the log."""
        chosen = np.zeros(len(self.log.activity.labels) + 1, dtype=np.bool_)
        chosen[self.procedure.codes(self.log, tuple(activities))] = True
        chosen[-1] = False
        marked = chosen[self.log.activity.codes]
        if self.known is not None:
            marked &= self.known
        return np.flatnonzero(marked)

    def days_of(self, rows: Ints) -> Ints:
        """Return the local day of steps, or the one that they have in writing where an event says so."""
        days = local_days(self.log.last[rows], self.log.tz)
        written, dates = self.written
        if len(written):
            place = np.minimum(np.searchsorted(written, rows), len(written) - 1)
            days = np.where(written[place] == rows, dates[place], days)
        return days

    @cached_property
    def written(self) -> tuple[Ints, Ints]:
        """The steps whose day is in writing (``date:`` of an event), in order, and these days."""
        rows, dates = [_NONE], [_NONE]
        for source in self.procedure.events.values():
            if source.date is not None:
                steps = self.steps_of(source.activities)
                column = self._values(source.date, steps, self.log.case_codes[steps])
                days = dates_of(column, source.date, self.log)
                rows.append(steps[days != NAT])
                dates.append(days[days != NAT])
        written, first = np.unique(np.concatenate(rows), return_index=True)
        return written, np.concatenate(dates)[first]

    def dates(self, attribute: str) -> Ints:
        """Return a date of every case as a local day, NAT where it has none."""
        column = self.log.case_attributes[attribute]
        return self.kept(("date", attribute), lambda: dates_of(column, attribute, self.log))

    def _find(self, event: str) -> Occurrences:
        source = self.procedure.events.get(event)
        if source is None:
            return Occurrences.none()
        if source.attribute is not None:
            return self._of_cases(self.dates(source.attribute))
        rows = self.steps_of(source.activities)
        days = self.days_of(rows)
        rows, days = rows[days <= self.today], days[days <= self.today]
        case = self.log.case_codes[rows].astype(np.int64)
        return Occurrences.sorted(case, days, rows, rows)

    def _of_cases(self, dates: Ints) -> Occurrences:
        """Return the dates of cases as occurrences, the last of their day."""
        at = np.flatnonzero((dates != NAT) & (dates <= self.today))
        order, row = np.full(len(at), self.log.n_steps), np.full(len(at), NO_ROW)
        return Occurrences(at, dates[at], order, row)

    def is_event(self, rows: Ints, event: str) -> Bools:
        """Return which steps are of an event."""
        source = self.procedure.events.get(event)
        codes = self.procedure.codes(self.log, () if source is None else source.activities)
        there = np.isin(self.log.activity.codes[rows], codes) & (rows != NO_ROW)
        return np.asarray(there, dtype=np.bool_)

    def periods(self, found: Occurrences, event: str) -> Ints:
        """Return the last day of the period given at each occurrence of an event, NAT where none was given."""
        source = self.procedure.events.get(event)
        if source is None or source.period is None:
            return np.full(len(found), NAT)
        if source.period.days is not None:
            return found.day + source.period.days
        name = str(source.period.attribute)
        rows = found.row
        if source.period.activity:
            rows = self._latest(source.period.activity, found)
        of_steps = source.period.activity or name in self.log.step_attributes.column_names
        there = np.flatnonzero(rows >= 0) if of_steps else np.arange(len(found))
        last = np.full(len(found), NAT)
        values = self._values(name, rows[there], found.case[there])
        last[there] = last_days_of(values, name, self.log, found.day[there])
        return last

    def _values(self, name: str, rows: Ints, cases: Ints | Codes) -> pa.ChunkedArray:
        """Return an attribute of steps; one that no case has two values of is an attribute of the cases."""
        if name in self.log.step_attributes.column_names:
            return self.log.step_attributes[name].take(pa.array(rows))
        return self.log.case_attributes[name].take(pa.array(cases))

    def _latest(self, activities: Iterable[str], found: Occurrences) -> Ints:
        """Return the last step of some activities in each case up to a day, else the first later one, else NO_ROW."""
        rows = self.steps_of(activities)
        case = self.log.case_codes[rows].astype(np.int64)
        steps = Occurrences.sorted(case, self.days_of(rows), rows, rows)
        after = np.searchsorted(_key(steps), _key(found), side="right")
        result = np.full(len(found), NO_ROW, dtype=np.int64)
        for place in (after, after - 1):
            there = np.flatnonzero((place >= 0) & (place < len(steps)))
            there = there[steps.case[place[there]] == found.case[there]]
            result[there] = steps.row[place[there]]
        return result


def _key(found: Occurrences) -> Ints:
    """Return a number that sorts occurrences by case and day."""
    return found.case * (4 * _FAR) + found.day
