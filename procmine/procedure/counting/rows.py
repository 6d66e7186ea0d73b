"""Rows of the table of terms as plain columns, with the states and reasons that their codes stand for."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from procmine.kernels import NAT, Bools, Ints

STATES = (
    "on_time",
    "late",
    "running",
    "paused",
    "overdue",
    "deemed_approved",
    "deemed_refused",
    "withdrawn",
    "unknown",
)
REASONS = (
    "the start event has not happened",
    "started when no version of the rule was valid",
    "closed before it started",
    "the due date of the phase before is not known",
    "the case has no date in the attribute that is the due date",
    "the calendar does not cover the years",
    "the log does not say when the phase ended",
)
NO_START, NO_VERSION, EARLY, NO_PHASE, NO_DATE, NO_YEAR, NO_END = range(len(REASONS))
ON_TIME, LATE, RUNNING, PAUSED, OVERDUE, APPROVED, REFUSED, WITHDRAWN, UNKNOWN = range(len(STATES))


@dataclass(frozen=True, eq=False)
class Begun:
    """When a term, or a phase of it, began in some cases, and by what."""

    case: Ints
    day: Ints
    """NAT where it has not begun."""
    event: Ints
    """The event, as a place in ``Counter.events``; -1 where there is none."""
    fallback: Bools
    remark: Ints

    def where(self, kept: Bools) -> Begun:
        """Return some of the cases."""
        return Begun(*(getattr(self, column.name)[kept] for column in fields(Begun)))

    def or_rather(self, other: Begun, usable: bool) -> Begun:
        """Return the same cases as the other has them begun, where it is usable and says so."""
        there = (other.day != NAT) & usable
        return Begun(
            self.case,
            np.where(there, other.day, self.day),
            np.where(there, other.event, self.event),
            self.fallback & ~there,
            np.where(there, other.remark, self.remark),
        )


@dataclass(frozen=True, eq=False)
class Rows:
    """A row per case and phase of one use, as columns; days are numbers, NAT where missing; codes are -1 there."""

    case: Ints
    version: Ints
    phase: Ints
    event: Ints
    """The start event, as a place in ``Counter.events``."""
    fallback: Bools
    start: Ints
    horizon: Ints
    due: Ints
    closed: Ints
    outcome: Ints
    state: Ints
    decided_late: Bools
    reason: Ints
    paused: Ints
    voided: Ints
    requested: Ints
    used: Ints
    in_working_days: Bools
    left: Ints
    extended: Bools
    remark: Ints

    @classmethod
    def joined(cls, parts: list[Rows]) -> Rows:
        """Return the rows of several parts as one."""
        names = [column.name for column in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    @classmethod
    def unknown(
        cls,
        version: int,
        phase: int,
        begun: Begun,
        reason: Ints,
        closed: Ints,
        outcome: Ints,
    ) -> Rows:
        """Return rows of cases of which nothing more is known than why."""
        n = len(begun.case)
        nat, no = np.full(n, NAT), np.zeros(n, dtype=np.bool_)
        return cls(
            case=begun.case,
            version=np.full(n, version),
            phase=np.full(n, phase),
            event=begun.event,
            fallback=begun.fallback & (begun.day != NAT),
            start=begun.day,
            horizon=nat,
            due=nat,
            closed=closed,
            outcome=np.where(closed == NAT, -1, outcome),
            state=np.full(n, UNKNOWN),
            decided_late=no,
            reason=reason,
            paused=nat,
            voided=nat,
            requested=nat,
            used=nat,
            in_working_days=no,
            left=nat,
            extended=no,
            remark=np.zeros(n, dtype=np.int64),
        )

    def of_cases(self) -> Rows:
        """Return the rows in the order of their cases."""
        by = np.argsort(self.case, kind="stable")
        return Rows(*(getattr(self, column.name)[by] for column in fields(Rows)))
