"""The split of every wait into its causes, in whole microseconds that sum to the wait."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.calendars import Calendar
from procmine.enabled import CountedLog, Enabled, counted_log
from procmine.errors import DataQualityWarning, ProcmineError
from procmine.kernels import NAT, Ints
from procmine.kpi.given_log import check_has_cases
from procmine.kpi.waiting.batches import Batches, batches
from procmine.kpi.waiting.hours.given import shifts_of_calendars
from procmine.kpi.waiting.hours.shifts import Shifts
from procmine.kpi.waiting.parts import parts_of_waits
from procmine.kpi.waiting.turn import waits_for_others
from procmine.log import EventLog
from procmine.observe import microseconds
from procmine.procedure import Procedure
from procmine.procedure.arguments import check_procedure

CAUSES = (
    "external",
    "batching",
    "contention",
    "prioritisation",
    "unavailability",
    "unexplained",
)
Calendars = Calendar | Mapping[str, Calendar] | None


@dataclass(frozen=True, eq=False)
class Split:
    """One value per step of ``log``, the log as waits are counted in it; see docs/waiting.md.

    ``wait`` is NAT where it is not known, and a part where it cannot be computed; the parts that are
    known sum to the wait. ``basis`` is a place in ``procmine.enabled.BASES``. ``notes`` tell what is
    not computable, and why.
    """

    counted: CountedLog
    parts: dict[str, Ints]
    batches: Batches
    notes: tuple[str, ...]

    @property
    def log(self) -> EventLog:
        """The log as counted: with estimated starts where they were asked for."""
        return self.counted.log

    @property
    def enabled(self) -> Enabled:
        """When each step was enabled, and by which."""
        return self.counted.enabled

    @property
    def basis(self) -> npt.NDArray[np.int8]:
        """On what the wait of each step rests."""
        return self.counted.basis

    @property
    def until(self) -> Ints:
        """When the wait of each step ended, NAT where unknown."""
        return self.counted.until

    @property
    def wait(self) -> Ints:
        """How long each step waited, NAT where unknown."""
        return self.counted.wait


def split(
    log: EventLog,
    *,
    calendar: Calendars = None,
    procedure: Procedure | None = None,
    order: str = "concurrency",
    starts: str | None = None,
    arrival: str | None = None,
    enabled: str | None = None,
    batch_size: int = 2,
    batch_gap: Any = "0s",
) -> Split:
    """Return the causes of every wait; the parameters are those of :func:`procmine.waiting_causes`."""
    check_has_cases(log)
    if procedure is not None:
        check_procedure(procedure, log)
    gap = _checked_gap(batch_gap)
    if not isinstance(batch_size, int) or batch_size < 2:
        raise ProcmineError(f"batch_size={batch_size!r}: a batch has 2 steps or more")
    counted = counted_log(log, order=order, starts=starts, arrival=arrival, enabled=enabled)
    one_time = log.start is None or not (log.start != NAT).any()
    shifts = _shifts(log, counted, calendar)
    found = batches(counted, one_time=one_time, size=batch_size, gap=gap)
    others = None if procedure is None else waits_for_others(counted, procedure)
    parts = parts_of_waits(counted, found, others, shifts)
    return Split(counted, parts, found, (*_missing(counted), *shifts.notes))


def warned(found: Split) -> Split:
    """Return a split, and warn the caller of a public function of what is not computable in it."""
    if found.notes:
        warnings.warn("\n".join(found.notes), DataQualityWarning, stacklevel=3)
    return found


def _shifts(log: EventLog, counted: CountedLog, calendar: Calendars) -> Shifts:
    """Return when everybody is at work, as given or as the log shows it; estimated starts show nothing."""
    at = counted.enabled.at
    if calendar is not None:
        known = at[at != NAT]
        return shifts_of_calendars(log, calendar, since=int(known.min()) if len(known) else None)
    from procmine.kpi.waiting.hours.found import found_shifts

    return found_shifts(log)


def _checked_gap(gap: Any) -> int:
    try:
        length = microseconds(pd.Timedelta(gap))
    except (ValueError, TypeError) as error:
        raise ProcmineError(f"batch_gap={gap!r} is no duration\nwrite '10min' or '1h'") from error
    if length < 0:
        raise ProcmineError(
            f"batch_gap={gap!r} is negative\ngive the longest pause in a batch, such as '10min'"
        )
    return length


def _missing(counted: CountedLog) -> tuple[str, ...]:
    """Say what cannot be computed for lack of starts, resources or enabled times."""
    log = counted.log
    notes = []
    if log.start is None:
        notes.append(
            "the log has one timestamp per step: the sojourn is split, with the work itself in it (unexplained); "
            "contention and prioritisation are not computable"
        )
    if log.resource is None or not (log.resource.codes >= 0).any():
        notes.append(
            "the log has no resources: contention, prioritisation and most batches are not computable"
        )
    elif not (log.resource.codes >= 0).all():
        lacking = int((log.resource.codes < 0).sum())
        notes.append(
            f"{lacking:,} of {log.n_steps:,} steps have no resource: their contention, prioritisation and most of "
            "their batches are not computable"
        )
    unknown = int((counted.wait == NAT).sum())
    if unknown:
        notes.append(
            f"of {unknown:,} of {log.n_steps:,} steps the wait is not known: they lack the time at which it began "
            "or ended"
        )
    return tuple(notes)
