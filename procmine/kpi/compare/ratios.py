"""The measures of a comparison that are ratios: of cases, of their steps and waits, and of their terms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from procmine import kernels
from procmine.calendars import Calendar
from procmine.enabled.counted import time_between
from procmine.kernels import DAY, NAT, Bools, Floats, Ints
from procmine.kpi.compare.ratio import Ratio, mean_over, not_computable
from procmine.kpi.compare.side import Side, per_case
from procmine.kpi.rework.requests import completion_requests
from procmine.observe import office_time, processing_time

if TYPE_CHECKING:
    from procmine.procedure import Procedure

HOUR = 3_600_000_000


@dataclass(frozen=True, eq=False)
class Common:
    """What both sides have in common: without it a measure would compare unlike things."""

    activities: tuple[str, ...]
    starts: bool | None
    """Whether steps have starts; None where they do on one side only."""
    units: bool
    calendar: Calendar | None
    procedure: Procedure | None
    estimated: str = ""
    """How many starts are estimated on each side, where some are."""

    @classmethod
    def of(cls, a: Side, b: Side, calendar: Calendar | None, procedure: Procedure | None) -> Common:
        """Return what two sides have in common."""
        names = dict.fromkeys([*a.log.activity.names(), *b.log.activity.names()])
        alike = a.has_starts == b.has_starts
        return cls(
            activities=tuple(names),
            starts=a.has_starts if alike else None,
            units=a.has_units and b.has_units,
            calendar=calendar,
            procedure=procedure,
            estimated=_estimated(a, b),
        )

    @property
    def wait(self) -> str:
        """What a wait is: in logs with one timestamp the work is in it."""
        return "start − enabled" if self.starts else "sojourn: end − enabled, one timestamp"


def _estimated(*both: Side) -> str:
    if not any(side.estimated for side in both):
        return ""
    told = (f"{side.estimated:,} of {side.log.n_steps:,} ({side.name})" for side in both)
    return f"estimated starts: {' and '.join(told)}"


def ratios(side: Side, common: Common) -> list[Ratio]:
    """Return every ratio of a side; those of the other side have the same measures in the same order."""
    return [
        _closed_share(side),
        *_office_time(side, common),
        _processing_time(side, common),
        *_waiting_times(side, common),
        _steps(side),
        _rework(side),
        _handovers(side, common),
        _first_time_right(side, common),
    ]


def of_complete(side: Side) -> str:
    """Return the words for the cases that are counted."""
    return "closed cases" if side.closing_known else "all cases, closing unknown"


def only(side: Side) -> str:
    """Return which cases alone count, where open ones are left out."""
    return "closed" if side.closing_known else ""


def _closed_share(side: Side) -> Ratio:
    if not side.closing_known:
        reason = "nothing says what closes a case: give closed= to read(), or a procedure"
        return not_computable("closed_share", "share", side.log.n_cases, reason)
    closed = side.done.astype(np.float64)
    return mean_over("closed_share", "share", closed, side.here, "closed / begun")


def _office_time(side: Side, common: Common) -> list[Ratio]:
    if common.calendar is None:
        return []
    known = side.done & (side.seen.cycle_time != NAT)
    begun = np.where(known, side.seen.started, NAT)
    until = np.where(known, side.seen.started + side.seen.cycle_time, NAT)
    hours = office_time(side.log, common.calendar, begun, until) / HOUR
    method = f"mean office hours of {of_complete(side)}"
    return [mean_over("office_time", "hours", hours, known, method, only=only(side))]


def _processing_time(side: Side, common: Common) -> Ratio:
    if not common.starts:
        reason = "one timestamp: only the sojourn is known"
        if common.starts is None:
            reason = "only one side has starts"
        return not_computable("processing_time", "days", side.log.n_cases, reason)
    every = np.ones(side.log.n_steps, dtype=np.bool_)
    worked = processing_time(side.log)
    return _sum_per_case(side, "processing_time", worked, every, "end − start", common)


def _sum_per_case(
    side: Side, measure: str, times: Ints, of: Bools, what: str, common: Common
) -> Ratio:
    """Return the mean sum of a time of some steps, over the complete cases of which all of it is known."""
    known = of & (times != NAT)
    whole = side.done & (side.per_case(of & ~known) == 0)
    total = side.per_case(times / DAY, known)
    method = f"sum of {what} per case, mean of {of_complete(side)} with all of it known"
    method = "; ".join(filter(None, [method, common.estimated]))
    return mean_over(measure, "days", total, whole, method, only=only(side))


def _waiting_times(side: Side, common: Common) -> list[Ratio]:
    """Return the wait per case, and per step of every activity."""
    if common.starts is None:
        none = side.log.n_cases, "only one side has starts"
        return [not_computable(name, "days", *none) for name in ("waiting_time", "step_wait")]
    wait = waits(side, starts=common.starts)
    later = common.starts | (side.enabled.by >= 0)
    what = common.wait if common.starts else f"{common.wait}, after the first step"
    return [
        _sum_per_case(side, "waiting_time", wait, later, what, common),
        *_step_waits(side, wait, common),
    ]


def waits(side: Side, *, starts: bool) -> Ints:
    """Return the wait of every step, the sojourn where steps have no starts; NAT unknown."""
    until = side.log.start if starts else side.log.end
    assert until is not None
    return time_between(side.enabled.at, until)


def _step_waits(side: Side, wait: Ints, common: Common) -> list[Ratio]:
    known = side.known & (wait != NAT)
    rows = np.flatnonzero(known)
    label = np.array([common.activities.index(name) for name in side.log.activity.names()])
    of = label[side.log.activity.codes[rows]] if len(rows) else rows
    order = np.argsort(of, kind="stable")
    bounds = np.searchsorted(of[order], np.arange(len(common.activities) + 1))
    method = "; ".join(filter(None, [f"mean wait of a step ({common.wait})", common.estimated]))
    found = []
    for place, name in enumerate(common.activities):
        some = rows[order[bounds[place] : bounds[place + 1]]]
        case, n = side.log.case_codes[some], side.log.n_cases
        over, under = per_case(case, wait[some] / DAY, n), per_case(case, None, n)
        found.append(Ratio("step_wait", "days", over, under, method, activity=name))
    return found


def _steps(side: Side) -> Ratio:
    count = side.per_case(np.ones(side.log.n_steps))
    method = f"steps per case, {of_complete(side)}"
    return mean_over("steps", "steps", count, side.done, method, only=only(side))


def _rework(side: Side) -> Ratio:
    """Return the share of the cases in which some activity came more than once."""
    share = (side.per_case(_repeated(side)) > 0).astype(np.float64)
    method = f"cases in which an activity came again, of {of_complete(side)}"
    return mean_over("rework_share", "share", share, side.done, method, only=only(side))


def _repeated(side: Side) -> Bools:
    """Tell which steps are beyond the first of their activity in their case."""
    kind = side.log.case_codes.astype(np.int64) * len(side.log.activity.labels)
    kind += side.log.activity.codes
    order = np.argsort(kind, kind="stable")
    again = np.zeros(len(kind), dtype=np.bool_)
    again[order[1:]] = kind[order[1:]] == kind[order[:-1]]
    return again


def _handovers(side: Side, common: Common) -> Ratio:
    if not common.units:
        reason = "the steps of one side have no unit: name it with unit= of read()"
        return not_computable("handovers", "handovers", side.log.n_cases, reason)
    method = f"passages to another unit per case, {of_complete(side)}"
    return mean_over("handovers", "handovers", _passages(side), side.done, method, only=only(side))


def _passages(side: Side) -> Floats:
    assert side.log.unit is not None
    sources = kernels.directly_follows(side.log.offsets)
    unit = side.log.unit.codes
    passed = (unit[sources] >= 0) & (unit[sources + 1] >= 0)
    passed &= unit[sources] != unit[sources + 1]
    into = np.zeros(side.log.n_steps)
    into[sources + 1] = passed
    return side.per_case(into)


def _first_time_right(side: Side, common: Common) -> Ratio:
    """Return the share of the cases without a completion request."""
    found = completion_requests(side.log, common.procedure)
    if isinstance(found, str):
        return not_computable("first_time_right", "share", side.log.n_cases, found)
    right = (~found.cases).astype(np.float64)
    method = f"no completion request, of {of_complete(side)}; {found.basis}"
    return mean_over("first_time_right", "share", right, side.done, method, only=only(side))
