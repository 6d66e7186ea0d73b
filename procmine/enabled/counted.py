"""The log as waits are counted in it: with the enabled time of every step and, on request, estimated starts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from procmine.enabled.concurrency import Concurrency
from procmine.enabled.enabling import Enabled, enabled_steps
from procmine.enabled.starts import with_estimated_starts
from procmine.errors import ProcmineError
from procmine.kernels import NAT, Ints
from procmine.log import EventLog

BASES = ("waiting", "estimated", "sojourn")
WAITING, ESTIMATED, SOJOURN = range(len(BASES))


@dataclass(frozen=True, eq=False)
class CountedLog:
    """A log, when its steps were enabled, and on what the wait of each rests (a place in ``BASES``)."""

    log: EventLog
    enabled: Enabled
    basis: npt.NDArray[np.int8]
    order: Ints | None = None
    """Which step of the log as it was given each step is, where estimated starts changed the order."""

    @property
    def until(self) -> Ints:
        """When the wait of each step ended: at its start; in a log without starts at its end; NAT where unknown."""
        return self.log.end if self.log.start is None else self.log.start

    @cached_property
    def wait(self) -> Ints:
        """How long each step waited, from its enabled time until then; NAT where one of them is unknown."""
        return time_between(self.enabled.at, self.until)

    @property
    def estimated(self) -> int:
        """How many starts are estimated."""
        return int((self.basis == ESTIMATED).sum())

    def as_given(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """Return values of the steps in the order of the log as it was given."""
        if self.order is None:
            return values
        given = np.empty_like(values)
        given[self.order] = values
        return given


def time_between(begin: Ints, end: Ints) -> Ints:
    """Return the time from one instant to another, NAT where one of them is."""
    return np.where((begin == NAT) | (end == NAT), NAT, end - begin)


def counted_log(
    log: EventLog,
    *,
    order: str = "concurrency",
    starts: str | None = None,
    arrival: str | None = None,
    enabled: str | None = None,
    parallel: Concurrency | None = None,
) -> CountedLog:
    """Return the log as waits are counted in it; ``starts="estimate"`` fills in the starts that it lacks."""
    if starts not in (None, "estimate"):
        raise ProcmineError(
            f"starts={starts!r}: give 'estimate' to have missing starts estimated, or leave it out"
        )
    if log.start is not None and not (log.start != NAT).any():
        log = replace(log, start=None)
    when = enabled_steps(log, order=order, arrival=arrival, enabled=enabled, parallel=parallel)
    known = np.zeros(log.n_steps, np.bool_) if log.start is None else log.start != NAT
    if starts is None or known.all():
        return CountedLog(log, when, np.where(known, WAITING, SOJOURN).astype(np.int8))
    if log.resource is None or not (log.resource.codes >= 0).any():
        raise ProcmineError(
            "starts='estimate' takes a step to begin when its resource is free, and the log has no resources: every "
            "step would begin when it was enabled, and nothing would wait\n"
            "read the log with resource=, or leave starts= out: the sojourn is then known"
        )
    filled, rows = with_estimated_starts(log, when)
    assert filled.start is not None
    if not (filled.start != NAT).any():
        return counted_log(log, order=order, arrival=arrival, enabled=enabled, parallel=parallel)
    place = np.empty(log.n_steps, dtype=np.int64)
    place[rows] = np.arange(log.n_steps)
    by = when.by[rows]
    moved = Enabled(when.at[rows], np.where(by >= 0, place[by], -1))
    basis = np.where(known[rows], WAITING, np.where(filled.start != NAT, ESTIMATED, SOJOURN))
    return CountedLog(filled, moved, basis.astype(np.int8), rows)
