"""The events of a procedure in a log, as known at a moment: when the words of the law occurred in each case."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from procmine import zones
from procmine.kernels import DAY, NAT, Bools, Ints
from procmine.log import EventLog
from procmine.observe import attribute_series

if TYPE_CHECKING:
    from procmine.procedure.procedure import Procedure

NO_ROW = -1
Found = TypeVar("Found")
_EMPTY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Occurrences:
    """When events occurred: one entry per occurrence, sorted by case, day and order in the day."""

    case: Ints
    day: Ints
    order: Ints
    row: Ints
    """The step of the log, NO_ROW for the date of an attribute."""

    def __len__(self) -> int:
        return len(self.case)

    def where(self, kept: Bools | Ints) -> Occurrences:
        """Return some of the occurrences."""
        return Occurrences(self.case[kept], self.day[kept], self.order[kept], self.row[kept])

    def firsts(self, n_cases: int) -> Ints:
        """Return the day of the first occurrence in every case, NAT where there is none."""
        days = np.full(n_cases, NAT)
        first = first_of_runs(self.case)
        days[self.case[first]] = self.day[first]
        return days

    def counts(self, n_cases: int) -> Ints:
        """Return how often it occurred in every case."""
        return np.bincount(self.case, minlength=n_cases)

    @classmethod
    def sorted(cls, case: Ints, day: Ints, order: Ints, row: Ints) -> Occurrences:
        """Return occurrences in their order; what is in order already is not sorted again."""
        if not in_order(case, day, order):
            by = np.lexsort((order, day, case))
            case, day, order, row = case[by], day[by], order[by], row[by]
        return cls(case, day, order, row)


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

    def any_of(self, events: Iterable[str]) -> Occurrences:
        """Return when any of several events occurred."""
        parts = [self.occurrences(event) for event in dict.fromkeys(events)]
        if len(parts) == 1:
            return parts[0]
        if not parts:
            return Occurrences(_EMPTY, _EMPTY, _EMPTY, _EMPTY)
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
        """Return the local day of steps."""
        return local_days(self.log.last[rows], self.log.tz)

    def dates(self, attribute: str) -> Ints:
        """Return a date of every case as a local day, NAT where it has none."""
        return dates_of(self.log.case_attributes[attribute], attribute, self.log)

    def _find(self, event: str) -> Occurrences:
        source = self.procedure.events.get(event)
        if source is None:
            return Occurrences(_EMPTY, _EMPTY, _EMPTY, _EMPTY)
        rows = self.steps_of(source.activities)
        case = self.log.case_codes[rows].astype(np.int64)
        day, order = self.days_of(rows), rows
        if source.attribute is not None:
            dates = self.dates(source.attribute)
            at = np.flatnonzero((dates != NAT) & (dates <= self.today))
            case, day = np.concatenate([case, at]), np.concatenate([day, dates[at]])
            order = np.concatenate([order, np.full(len(at), self.log.n_steps)])
            rows = np.concatenate([rows, np.full(len(at), NO_ROW)])
        return Occurrences.sorted(case, day, order, rows)

    def is_event(self, rows: Ints, event: str) -> Bools:
        """Return which steps are of an event."""
        source = self.procedure.events.get(event)
        codes = self.procedure.codes(self.log, () if source is None else source.activities)
        there = np.isin(self.log.activity.codes[rows], codes) & (rows != NO_ROW)
        return np.asarray(there, dtype=np.bool_)

    def periods(self, found: Occurrences, event: str) -> Ints:
        """Return the last day of the period given at each occurrence of an event, NAT where none was given."""
        source = self.procedure.events.get(event)
        if source is None or (source.period_days is None and source.period_attribute is None):
            return np.full(len(found), NAT)
        if source.period_days is not None:
            return found.day + source.period_days
        return self._periods_written(found, str(source.period_attribute))

    def _periods_written(self, found: Occurrences, name: str) -> Ints:
        """Return the last day of periods that an attribute gives, as days or as a date."""
        of_steps = name in self.log.step_attributes.column_names
        table = self.log.step_attributes if of_steps else self.log.case_attributes
        places = found.row if of_steps else found.case
        values = table[name].take(pa.array(np.maximum(places, 0)))
        if pa.types.is_timestamp(values.type) or pa.types.is_date(values.type):
            last = dates_of(values, name, self.log)
        else:
            days = pd.to_numeric(
                attribute_series(values, self.log.tz).astype("object"), errors="coerce"
            )
            counted = days.to_numpy(dtype=np.float64, na_value=np.nan)
            given = np.isfinite(counted) & (counted >= 0)
            last = np.where(given, found.day + np.where(given, counted, 0).astype(np.int64), NAT)
        return np.where(places >= 0, last, NAT)


def local_days(instants: Ints, tz: str) -> Ints:
    """Return the local date of instants as days since 1970-01-01, NAT where missing."""
    days = zones.to_local(instants, tz) // DAY
    missing = instants == NAT
    return np.where(missing, NAT, days) if missing.any() else days


def dates_of(column: pa.ChunkedArray, name: str, log: EventLog) -> Ints:
    """Return an attribute that holds dates as local days, NAT where it has none or what cannot be read."""
    from procmine.ingest import times

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    typed = pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)
    if not typed:
        column = column.cast(pa.string())
    source = log.import_report.source
    read = times.from_arrow(column) if typed else times.from_text(column, name=name, source=source)
    if read.instants:
        return local_days(read.micros, log.tz)
    return np.where(read.micros == NAT, NAT, read.micros // DAY)


def first_of_runs(values: npt.NDArray[Any]) -> Ints:
    """Return the places at which a run of equal values begins."""
    if not len(values):
        return _EMPTY
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))


def in_order(case: Ints, day: Ints, order: Ints) -> bool:
    """Return whether entries are sorted by case, day and order."""
    same = case[1:] == case[:-1]
    later = (day[1:] > day[:-1]) | ((day[1:] == day[:-1]) & (order[1:] >= order[:-1]))
    return bool(np.all((case[1:] > case[:-1]) | (same & later)))
