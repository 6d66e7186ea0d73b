"""What several checks look at, made once and only when asked for: local clock times, days, ties, work by person."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa

from procmine.checks.clock import LocalClock, Whole
from procmine.checks.columns import TextColumn, text_columns
from procmine.checks.sequences import Sequences
from procmine.checks.shifts import Shifts
from procmine.checks.twins import Twins
from procmine.kernels import Bools, Ints
from procmine.log import EventLog

SECONDS_A_DAY = 86_400
_MOST_CELLS = 1 << 22
"""A table of counts by activity and calendar day may be this large; above, days without a step are left out first."""


@dataclass(frozen=True, eq=False)
class Context:
    """A log with at least one step, the moment of observation, and what is derived from them.

    ``stamp`` is the time at which a step was written down: its end, or its start while it runs.
    """

    log: EventLog
    as_of: int

    @property
    def stamp(self) -> Ints:
        """When each step was written down."""
        return self.log.last

    @property
    def clocked(self) -> bool:
        """Whether times have a time of day at all."""
        return self.log.precision != "day"

    def column(self, role: str) -> str:
        """Return the source's name of the column bound to a role, else the role."""
        return self.log.binding.columns().get(role, role)

    @property
    def time_column(self) -> str:
        """The source's name of the column of times."""
        columns = self.log.binding.columns()
        return columns.get("end") or columns.get("timestamp") or columns.get("start") or "end"

    @cached_property
    def _clocks(self) -> LocalClock:
        return LocalClock.of(self.stamp, self.log.tz)

    @property
    def second(self) -> Whole:
        """The local time in whole seconds since the beginning of the first day."""
        return self._clocks.second

    @property
    def first_day(self) -> int:
        """The first local day with a step, counted from 1970-01-01."""
        return self._clocks.first_day

    @cached_property
    def day(self) -> Whole:
        """The local day, counted from the first one."""
        return self.second // self.second.dtype.type(SECONDS_A_DAY)

    @cached_property
    def second_of_day(self) -> Whole:
        """The local time of day in whole seconds."""
        return self.second - self.day * self.second.dtype.type(SECONDS_A_DAY)

    @cached_property
    def hour_of_week(self) -> Whole:
        """The local hour since Monday 00:00."""
        kind = self.second.dtype.type
        monday = (self.first_day + 3) % 7 * 24  # 1970-01-01 was a Thursday
        hour = self.second // kind(3_600) + kind(monday)
        hour -= hour // kind(168) * kind(168)  # what % gives, in a fraction of the time
        return hour

    @cached_property
    def clock(self) -> Ints:
        """How many steps there are in each second of the day."""
        return np.bincount(self.second_of_day, minlength=SECONDS_A_DAY)

    @cached_property
    def midnight(self) -> Bools:
        """The steps written down in the first second of a local day: dates without a time, mostly."""
        return np.equal(self.second_of_day, 0)

    @cached_property
    def _days(self) -> tuple[Ints, Ints]:
        activities, span = len(self.log.activity.labels), int(self.day.max()) + 1
        place: Whole
        if span * activities <= _MOST_CELLS:
            days, place = np.arange(span), self.day + self.log.activity.codes * np.int32(span)
        else:
            days, place = np.unique(self.day, return_inverse=True)
            place = place + self.log.activity.codes * np.int64(len(days))
        days = days + self.first_day
        table = np.bincount(place, minlength=activities * len(days)).reshape(activities, len(days))
        active = table.any(axis=0)
        return (days, table) if active.all() else (days[active], table[:, active])

    @property
    def days(self) -> Ints:
        """The local days with a step, in order."""
        return self._days[0]

    @property
    def by_day(self) -> Ints:
        """How many steps there are, by activity and by the days with a step."""
        return self._days[1]

    @cached_property
    def per_day(self) -> Ints:
        """How many steps there are on each of the days with a step."""
        return np.asarray(self.by_day.sum(axis=0), dtype=np.int64)

    @cached_property
    def per_activity(self) -> Ints:
        """How many steps each activity has."""
        return np.asarray(self.by_day.sum(axis=1), dtype=np.int64)

    @cached_property
    def case_begins(self) -> Ints:
        """The rows at which a case begins, but for the first."""
        return self.log.offsets[1:-1]

    @cached_property
    def tied(self) -> Bools:
        """Whether each step but the first has the times of the one before it, in the same case."""
        same = np.equal(self.log.first[1:], self.log.first[:-1])
        if self.log.start is not None and same.any():
            same &= self.log.last[1:] == self.log.last[:-1]
        same[self.case_begins - 1] = False
        return same

    @cached_property
    def case_ended(self) -> Ints:
        """The last known time of every case."""
        return np.maximum.reduceat(self.log.last, self.log.offsets[:-1])

    @cached_property
    def shifts(self) -> Shifts | None:
        """The steps with a length and a resource, in the order of resource and start; None where there are none."""
        return Shifts.of(self.log)

    @cached_property
    def twins(self) -> Twins:
        """The steps that stand in a case twice; near ones only where times have seconds."""
        fine = self.log.precision not in ("day", "minute")
        return Twins.of(self.log, ~self.midnight if fine else None)

    @cached_property
    def numbers(self) -> Sequences | None:
        """The registry numbers in the labels of the cases, where they hold a number and a year."""
        return Sequences.of(self.log.case_labels)

    @cached_property
    def numbers_given(self) -> Sequences | None:
        """The same, with those of annulled entries: their numbers were given, though no case has them."""
        findings = self.log.import_report.findings
        keys = [key for finding in findings if finding.kind == "annulled" for key in finding.keys]
        if not keys:
            return self.numbers
        return Sequences.of(pa.concat_arrays([self.log.case_labels, pa.array(keys, pa.string())]))

    @cached_property
    def step_columns(self) -> list[TextColumn]:
        """The text attributes of steps that have few values."""
        return text_columns(self.log.step_attributes)

    @cached_property
    def case_columns(self) -> list[TextColumn]:
        """The text attributes of cases that have few values."""
        return text_columns(self.log.case_attributes)
