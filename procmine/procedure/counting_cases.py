"""The terms of a procedure in all cases of a log: which version and phase, from when to when, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields, replace

import numpy as np

from procmine.calendars import Calendar
from procmine.kernels import NAT, Bools, Ints
from procmine.procedure.acts import bit, validity
from procmine.procedure.conditions import met
from procmine.procedure.counted import Counted, Span, count, count_date
from procmine.procedure.ends import Closings, first_from
from procmine.procedure.pairing import OPEN
from procmine.procedure.seen import SeenLog
from procmine.procedure.starts import Starts, starts
from procmine.procedure.term import Phase, Term
from procmine.procedure.uses import TermUse

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
class Rows:
    """A row per case and phase of one use, as columns; days are numbers, NAT where missing; codes are -1 there."""

    case: Ints
    version: Ints
    phase: Ints
    event: Ints
    """The start event, as a place in ``Found.events``."""
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


@dataclass(frozen=True, eq=False)
class Counter:
    """What counting a term in a log needs."""

    seen: SeenLog
    closings: Closings
    here: Bools
    """The cases that had begun."""
    calendar: Calendar
    events: list[str] = field(default_factory=list)
    """The start events met so far; rows hold places in it."""
    runs: list[tuple[Term, Phase | None, Span, Counted]] | None = None
    """What was counted, for who wants to see the stretches; None if nobody does."""

    def rows(self, use: TermUse) -> Rows:
        """Return the rows of one use in all cases that have it."""
        left = self.here.copy()
        parts: list[Rows] = []
        begun: list[Starts] = [starts(self.seen, version.start) for version in use.versions]
        for number, (version, begin) in enumerate(zip(use.versions, begun, strict=True)):
            low, high = validity(version)
            valid = left & (begin.day != NAT) & (begin.day >= low) & (begin.day <= high)
            left &= ~valid
            cases = np.flatnonzero(valid & self._applies(version))
            parts += self._of_version(version, number, cases, begin)
        cases = np.flatnonzero(left & self._applies(use.versions[-1]))
        parts.append(self._without_version(use, cases, begun))
        return Rows.joined(parts)

    def _applies(self, version: Term) -> Bools:
        applies = met(self.seen, version.if_)
        if version.only_if_event:
            applies &= self.seen.any_of(version.only_if_event).counts(len(applies)) > 0
        return applies

    def _without_version(self, use: TermUse, cases: Ints, begun: list[Starts]) -> Rows:
        """Return the rows of cases that have not begun, or for which no version is valid."""
        day = begun[-1].day.copy()
        for begin in begun[:-1]:
            day = np.where(day == NAT, begin.day, day)
        start = day[cases]
        reason = np.where(start == NAT, NO_START, NO_VERSION)
        event = self._event(begun[-1], cases)
        return self._unknown(cases, len(use.versions) - 1, -1, start, event, reason)

    def _event(self, begin: Starts, cases: Ints) -> Ints:
        places = np.array([self._place(event) for event in begin.events] + [-1])
        return np.asarray(places[begin.event[cases]], dtype=np.int64)

    def _place(self, event: str) -> int:
        if event not in self.events:
            self.events.append(event)
        return self.events.index(event)

    def _of_version(self, version: Term, number: int, cases: Ints, begin: Starts) -> Iterator[Rows]:
        event, fallback = self._event(begin, cases), np.full(len(cases), begin.fallback)
        twice = np.where(begin.twice[cases], bit("two starts"), 0)
        start = begin.day[cases]
        if not version.phases:
            yield self._run(
                version, None, number, -1, cases, start, event, fallback, twice, version.ends_on
            )
            return
        last = len(version.phases) - 1
        for place, phase in enumerate(version.phases):
            ends_on = (*phase.ends_on, *(version.ends_on if place == last else ()))
            rows = self._run(
                version, phase, number, place, cases, start, event, fallback, twice, ends_on
            )
            if place < last and not len(self.seen.any_of(ends_on)):
                rows = self._end_unsaid(rows)
            yield rows
            if place < last:
                start, event, fallback, twice = self._next(version.phases[place + 1], rows, phase)

    def _end_unsaid(self, rows: Rows) -> Rows:
        """Return the rows of a phase of which the log never has the end: past its due date nothing is known of it."""
        passed = (rows.due != NAT) & (rows.horizon > rows.due)
        return replace(
            rows,
            state=np.where(passed, UNKNOWN, rows.state),
            decided_late=rows.decided_late & ~passed,
            reason=np.where(passed, NO_END, rows.reason),
        )

    def _next(self, phase: Phase, before: Rows, done: Phase) -> tuple[Ints, Ints, Bools, Ints]:
        """Return when a phase begins, and by what: its own event, else the end or the due date of the one before."""
        cases = before.case
        ended = (before.closed != NAT) & (before.reason != NO_END)
        start = np.where(ended, before.closed, np.where(before.state == PAUSED, NAT, before.due))
        event = np.where(
            ended, self._place(f"end of {done.id}"), self._place(f"due date of {done.id}")
        )
        fallback, twice = ~ended, np.zeros(len(cases), dtype=np.int64)
        if phase.start is not None:
            own = starts(self.seen, phase.start)
            there = (own.day[cases] != NAT) & ~own.fallback
            start = np.where(there, own.day[cases], start)
            event = np.where(there, self._event(own, cases), event)
            fallback = fallback & ~there
            twice = np.where(there & own.twice[cases], bit("two starts"), 0)
        return start, np.where(start == NAT, -1, event), fallback & (start != NAT), twice

    def _run(
        self,
        version: Term,
        phase: Phase | None,
        number: int,
        place: int,
        cases: Ints,
        start: Ints,
        event: Ints,
        fallback: Bools,
        twice: Ints,
        ends_on: tuple[str, ...],
    ) -> Rows:
        """Count one version, or one phase of it, in some cases."""
        closed, by_closing = self._ends(ends_on, cases, start)
        reason = np.full(len(cases), -1)
        reason[start == NAT] = NO_PHASE
        reason[(start != NAT) & (closed != NAT) & (closed < start)] = EARLY
        if version.due_attribute is not None:
            dates = self.seen.dates(version.due_attribute)
            reason[(reason < 0) & (dates[cases] == NAT)] = NO_DATE
        good = reason < 0
        ended = closed[good] != NAT
        horizon = np.where(ended, closed[good], np.maximum(self.seen.today, start[good]))
        span = Span(cases[good], start[good], horizon, ended)
        if version.due_attribute is not None:
            counted = count_date(span, dates)
        else:
            counted = count(self.seen, version, phase, span, self.calendar)
        if self.runs is not None:
            self.runs.append((version, phase, span, counted))
        rows = self._row(
            version,
            number,
            place,
            span,
            counted,
            event[good],
            fallback[good],
            twice[good],
            by_closing[good],
        )
        if good.all():
            return rows
        bad = self._unknown(cases[~good], number, place, start[~good], event[~good], reason[~good])
        rows = Rows.joined([rows, bad])
        by = np.argsort(rows.case, kind="stable")
        return Rows(*(getattr(rows, column.name)[by] for column in fields(Rows)))

    def _ends(self, ends_on: tuple[str, ...], cases: Ints, start: Ints) -> tuple[Ints, Bools]:
        """Return the day on which the term ended, NAT where it has not, and whether the case's closing ended it."""
        closing = self.closings.day[cases]
        if not ends_on:
            return closing, closing != NAT
        begun = np.full(len(self.here), OPEN)
        begun[cases] = np.where(start == NAT, OPEN, start)
        ended = first_from(self.seen.any_of(ends_on), begun)[cases]
        return np.where(ended == NAT, closing, ended), ended == NAT

    def _row(
        self,
        version: Term,
        number: int,
        place: int,
        span: Span,
        counted: Counted,
        event: Ints,
        fallback: Bools,
        twice: Ints,
        by_closing: Bools,
    ) -> Rows:
        n = len(span.case)
        closed = np.where(span.ended, span.horizon, NAT)
        outcome = np.where(
            span.ended & (closed == self.closings.day[span.case]),
            self.closings.outcome[span.case],
            -1,
        )
        standing = counted.standing
        state, decided = self._states(version, span, counted, standing, outcome, by_closing)
        unknown = ~counted.known
        return Rows(
            case=span.case,
            version=np.full(n, number),
            phase=np.full(n, place),
            event=event,
            fallback=fallback,
            start=span.start,
            horizon=span.horizon,
            due=np.where(standing | unknown, NAT, counted.due),
            closed=closed,
            outcome=outcome,
            state=np.where(unknown, UNKNOWN, state),
            decided_late=decided & ~unknown,
            reason=np.where(unknown, NO_YEAR, -1),
            paused=counted.paused,
            voided=counted.voided,
            requested=counted.requested,
            used=counted.used,
            in_working_days=counted.in_working_days,
            left=np.where(unknown, NAT, counted.due - self.seen.today),
            extended=counted.extended,
            remark=counted.remark | twice,
        )

    def _states(
        self,
        version: Term,
        span: Span,
        counted: Counted,
        standing: Bools,
        outcome: Ints,
        by_closing: Bools,
    ) -> tuple[Ints, Bools]:
        passed = ~standing & (span.horizon > counted.due)
        state = np.where(passed, np.where(span.ended, LATE, OVERDUE), RUNNING)
        state = np.where(standing, PAUSED, np.where(span.ended & ~passed, ON_TIME, state))
        deemed = passed & self._silent(version)[span.case]
        state = np.where(deemed, APPROVED if version.silence == "approval" else REFUSED, state)
        withdrawn = span.ended & by_closing & (outcome >= 0)
        names = np.array([*self.closings.outcomes, ""])
        withdrawn &= names[outcome] == "withdrawn"
        return np.where(withdrawn, WITHDRAWN, state), deemed & span.ended & ~withdrawn

    def _silent(self, version: Term) -> Bools:
        """Return the cases in which silence means something."""
        silent = np.full(len(self.here), version.silence != "none")
        for exception in version.silence_except if version.silence != "none" else ():
            excepted = met(self.seen, exception.if_)
            if exception.unless:
                excepted &= ~met(self.seen, exception.unless)
            silent &= ~excepted
        return silent

    def _unknown(
        self, cases: Ints, number: int, place: int, start: Ints, event: Ints, reason: Ints
    ) -> Rows:
        n = len(cases)
        nat, none, no = np.full(n, NAT), np.full(n, -1), np.zeros(n, dtype=np.bool_)
        closed = self.closings.day[cases]
        return Rows(
            case=cases,
            version=np.full(n, number),
            phase=np.full(n, place),
            event=event,
            fallback=no,
            start=start,
            horizon=nat,
            due=nat,
            closed=closed,
            outcome=np.where(closed == NAT, none, self.closings.outcome[cases]),
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
