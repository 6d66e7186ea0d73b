"""One side of a comparison: a log as waits are counted in it, and its cases as they were known."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from procmine.enabled import Enabled, common_concurrency, counted_log
from procmine.kernels import NAT, Bools, Codes, Floats, Ints
from procmine.kpi.begun import moment_of
from procmine.kpi.closed import closed_cases
from procmine.log import EventLog
from procmine.observe import STATES, ObservedCases, as_of_instant, as_of_text

if TYPE_CHECKING:
    from procmine.procedure import Procedure


@dataclass(frozen=True, eq=False)
class Side:
    """One of the two logs; one value per case or per step of ``log``."""

    name: str
    log: EventLog
    seen: ObservedCases
    enabled: Enabled
    closed_by: str
    estimated: int
    """How many of its starts are estimated."""

    @property
    def here(self) -> Bools:
        """The cases that had begun."""
        return np.not_equal(self.seen.started, NAT)

    @property
    def closing_known(self) -> bool:
        """Whether something says what closes a case."""
        return self.log.closed_at is not None

    @cached_property
    def done(self) -> Bools:
        """The cases that are complete: the closed ones, or all where nothing says what closes one."""
        if not self.closing_known:
            return self.here
        return np.equal(self.seen.state, STATES.index("closed"))

    @cached_property
    def known(self) -> Bools:
        """The steps that had begun."""
        return np.less_equal(self.log.first, self.seen.as_of)

    @cached_property
    def followed(self) -> tuple[Ints, Bools]:
        """How long each case lasted or was followed (NAT unknown), and which had ended then."""
        time = np.where(self.done, self.seen.cycle_time, self.seen.age)
        return time, self.done & (time != NAT)

    @property
    def has_starts(self) -> bool:
        """Whether steps have starts, or one timestamp only."""
        return self.log.start is not None and bool((self.log.start != NAT).any())

    @property
    def has_units(self) -> bool:
        """Whether the unit of some step is known."""
        return self.log.unit is not None and bool((self.log.unit.codes >= 0).any())

    @property
    def as_of(self) -> str:
        """As of when its cases are known."""
        return as_of_text(self.log, self.seen.as_of)

    def per_case(self, values: Floats | Bools, of: Bools | None = None) -> Floats:
        """Add up values of the steps that had begun (of those ``of`` which something holds) in each case."""
        chosen = self.known if of is None else self.known & of
        weights = np.where(chosen, values, 0.0)
        return per_case(self.log.case_codes, weights, self.log.n_cases)

    @cached_property
    def digest(self) -> int:
        """A number that the content of the log gives, whichever side it stands on."""
        told = zlib.crc32(self.log.row.tobytes(), zlib.crc32(self.log.offsets.tobytes()))
        return zlib.crc32(self.log.sha256.encode(), told)


def per_case(case: Codes | Ints, weights: Floats | Ints | None, cases: int) -> Floats:
    """Add up weights in each case, or count rows where there are none."""
    totals: Floats = np.bincount(case, weights=weights, minlength=cases).astype(np.float64)
    return totals


def sides(
    logs: tuple[EventLog, EventLog],
    names: tuple[str, str],
    procedure: Procedure | None,
    as_of: Any,
    *,
    order: str,
    starts: str | None,
) -> tuple[Side, Side]:
    """Return both sides; two parts of one source are followed until the same moment.

    Which activities are concurrent both logs say together: found on each side by itself, it would
    measure the waits of the two in two ways.
    """
    moments = [as_of_instant(log, as_of) for log in logs]
    if logs[0].sha256 == logs[1].sha256:
        moments = [max(moments)] * 2
    made = []
    found = common_concurrency(logs)
    for log, name, moment, parallel in zip(logs, names, moments, found, strict=True):
        counted = counted_log(log, order=order, starts=starts, parallel=parallel)
        closed, seen, by = closed_cases(counted.log, procedure, moment_of(moment))
        made.append(Side(name, closed, seen, counted.enabled, by, counted.estimated))
    return made[0], made[1]
