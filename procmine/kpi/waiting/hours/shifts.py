"""Shifts: when each resource is at work, and how much of an interval that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.waiting.hours.spans import Spans


@dataclass(frozen=True, eq=False)
class Shifts:
    """When everybody is at work, by the codes of :func:`procmine.kpi.waiting.hours.who.who_of_steps`.

    ``schedule`` is the schedule of each who, -1 where none is known; many may share one. ``hours``
    are the stretches of work of each schedule and ``covered`` those of which it says anything at
    all. ``notes`` tell what is not known.
    """

    schedule: Ints
    hours: Spans
    covered: Spans
    notes: tuple[str, ...] = ()

    def known(self, who: Ints) -> Bools:
        """Tell for whom a schedule is known; -1 is nobody."""
        return np.asarray(self._schedules(who) >= 0)

    def open_time(self, who: Ints, start: Ints, end: Ints) -> Ints:
        """Return the time at work within [start, end) in microseconds.

        NAT where a time is missing, no schedule is known, the interval leaves what is covered or
        ends before it starts.
        """
        time = np.full(len(who), NAT)
        asked = np.flatnonzero((start != NAT) & (end >= start) & self.known(who))
        group, begin, finish = self._schedules(who[asked]), start[asked], end[asked]
        covered = self.covered.within(group, begin, finish) == finish - begin
        if not covered.all():
            asked, group = asked[covered], group[covered]
            begin, finish = begin[covered], finish[covered]
        time[asked] = self.hours.within(group, begin, finish)
        return time

    def at_work(self, who: Ints, instants: Ints) -> Bools:
        """Tell who was at work at an instant; False where it is missing or nothing is known."""
        return self._asked(self.hours, who, instants)

    def covers(self, who: Ints, instants: Ints) -> Bools:
        """Tell for whom and when anything is known."""
        return self._asked(self.covered, who, instants)

    def _asked(self, spans: Spans, who: Ints, instants: Ints) -> Bools:
        known: Bools = (instants != NAT) & self.known(who)
        known[known] = spans.inside(self._schedules(who[known]), instants[known])
        return known

    def _schedules(self, who: Ints) -> Ints:
        return np.asarray(np.append(self.schedule, -1)[who], dtype=np.int64)
