"""Counter: the rows of a term in all cases of a log: which version and phase, from when to when, what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from procmine.calendars import Calendar
from procmine.kernels import NAT, Bools, Ints
from procmine.procedure.counting.acts import bit, validity
from procmine.procedure.counting.conditions import met
from procmine.procedure.counting.counted import Counted, Span, count, count_date
from procmine.procedure.counting.ends import Closings, first_from
from procmine.procedure.counting.pairing import OPEN
from procmine.procedure.counting.rows import (
    APPROVED,
    EARLY,
    NO_DATE,
    NO_END,
    NO_PHASE,
    NO_START,
    NO_VERSION,
    NO_YEAR,
    PAUSED,
    REFUSED,
    UNKNOWN,
    Begun,
    Rows,
)
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.counting.starts import Starts, starts
from procmine.procedure.counting.states import silent_cases, states
from procmine.procedure.term import Phase, Term
from procmine.procedure.uses import TermUse


@dataclass(frozen=True)
class Run:
    """One version of a term, or one phase of it, as it is counted."""

    version: Term
    number: int
    """The place of the version in its use."""
    phase: Phase | None = None
    place: int = -1
    """The place of the phase in its version."""

    @property
    def ends_on(self) -> tuple[str, ...]:
        """The events that end it; the last phase also ends with the term."""
        if self.phase is None:
            return self.version.ends_on
        return (*self.phase.ends_on, *(self.version.ends_on if self.is_last else ()))

    @property
    def is_last(self) -> bool:
        """Whether no phase follows."""
        return self.place in (-1, len(self.version.phases) - 1)


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
    runs: list[tuple[Phase | None, Span, Counted]] | None = None
    """What was counted, for who wants to see the stretches; None if nobody does."""

    def rows(self, use: TermUse) -> Rows:
        """Return the rows of one use in all cases that have it."""
        left = self.here.copy()
        parts: list[Rows] = []
        begun = [starts(self.seen, version.start) for version in use.versions]
        for number, (version, start) in enumerate(zip(use.versions, begun, strict=True)):
            low, high = validity(version)
            valid = left & (start.day != NAT) & (start.day >= low) & (start.day <= high)
            left &= ~valid
            cases = np.flatnonzero(valid & self._applies(version))
            parts += self._of_version(Run(version, number), self._begun(start, cases))
        cases = np.flatnonzero(left & self._applies(use.versions[-1]))
        parts.append(self._without_version(Run(use.versions[-1], len(begun) - 1), begun, cases))
        return Rows.joined(parts)

    def _applies(self, version: Term) -> Bools:
        applies = met(self.seen, version.if_)
        if version.only_if_event:
            applies &= self.seen.any_of(version.only_if_event).counts(len(applies)) > 0
        return applies

    def _begun(self, start: Starts, cases: Ints) -> Begun:
        places = np.array([self._place(event) for event in start.events] + [-1])
        return Begun(
            case=cases,
            day=start.day[cases],
            event=np.asarray(places[start.event[cases]], dtype=np.int64),
            fallback=np.full(len(cases), start.fallback),
            remark=np.where(start.twice[cases], bit("two starts"), 0),
        )

    def _place(self, event: str) -> int:
        if event not in self.events:
            self.events.append(event)
        return self.events.index(event)

    def _without_version(self, run: Run, starts: list[Starts], cases: Ints) -> Rows:
        """Return the rows of cases that have not begun, or for which no version is valid."""
        day = starts[-1].day[cases]
        for start in starts[:-1]:
            day = np.where(day == NAT, start.day[cases], day)
        begun = replace(self._begun(starts[-1], cases), day=day)
        reason = np.where(day == NAT, NO_START, NO_VERSION)
        return self._unknown(run, begun, reason)

    def _of_version(self, run: Run, begun: Begun) -> Iterator[Rows]:
        if not run.version.phases:
            yield self._count(run, begun)
            return
        for place, phase in enumerate(run.version.phases):
            run = replace(run, phase=phase, place=place)
            rows = self._count(run, begun)
            if not run.is_last and not len(self.seen.any_of(run.ends_on)):
                rows = _end_unsaid(rows)
            yield rows
            if not run.is_last:
                begun = self._next(run.version.phases[place + 1], rows, phase)

    def _next(self, phase: Phase, before: Rows, done: Phase) -> Begun:
        """Return when a phase begins: by its own event, else on the end or the due date of the one before."""
        ended = (before.closed != NAT) & (before.reason < 0)
        open_ended = (before.reason < 0) | (before.reason == NO_END)
        due = np.where(open_ended & (before.state != PAUSED), before.due, NAT)
        end, passed = self._place(f"end of {done.id}"), self._place(f"due date of {done.id}")
        begun = Begun(
            case=before.case,
            day=np.where(ended, before.closed, due),
            event=np.where(ended, end, passed),
            fallback=~ended,
            remark=np.zeros(len(before.case), dtype=np.int64),
        )
        if phase.start is not None:
            own = starts(self.seen, phase.start)
            begun = begun.or_rather(self._begun(own, before.case), not own.fallback)
        none = begun.day == NAT
        return replace(
            begun, event=np.where(none, -1, begun.event), fallback=begun.fallback & ~none
        )

    def _count(self, run: Run, begun: Begun) -> Rows:
        """Count one version, or one phase of it, in the cases in which it began."""
        closed, by_closing = self._ends(run.ends_on, begun)
        reason = np.full(len(begun.case), -1)
        reason[begun.day == NAT] = NO_PHASE
        reason[(begun.day != NAT) & (closed != NAT) & (closed < begun.day)] = EARLY
        dates = self._dates(run.version)
        if dates is not None:
            reason[(reason < 0) & (dates[begun.case] == NAT)] = NO_DATE
        good = reason < 0
        known = begun.where(good)
        span = Span.of(known.case, known.day, closed[good], self.seen.today)
        silent = silent_cases(self.seen, run.version)[span.case]
        if dates is not None:
            counted = count_date(span, dates, silent)
        else:
            counted = count(self.seen, run.version, run.phase, span, self.calendar, silent)
        if self.runs is not None:
            self.runs.append((run.phase, span, counted))
        rows = self._rows(run, known, span, counted, silent, by_closing[good])
        if good.all():
            return rows
        return Rows.joined([rows, self._unknown(run, begun.where(~good), reason[~good])]).of_cases()

    def _dates(self, version: Term) -> Ints | None:
        if version.due_attribute is None:
            return None
        return self.seen.dates(version.due_attribute)

    def _ends(self, ends_on: tuple[str, ...], begun: Begun) -> tuple[Ints, Bools]:
        """Return the day on which each ended, NAT where it has not, and whether the closing of the case ended it."""
        closing = self.closings.day[begun.case]
        if not ends_on:
            return closing, closing != NAT
        start = np.full(len(self.here), OPEN)
        start[begun.case] = np.where(begun.day == NAT, OPEN, begun.day)
        ended = first_from(self.seen.any_of(ends_on), start)[begun.case]
        return np.where(ended == NAT, closing, ended), ended == NAT

    def _rows(
        self,
        run: Run,
        begun: Begun,
        span: Span,
        counted: Counted,
        silent: Bools,
        by_closing: Bools,
    ) -> Rows:
        n = len(span.case)
        closed = np.where(span.ended, span.horizon, NAT)
        same_day = span.ended & (closed == self.closings.day[span.case])
        outcome = np.where(same_day, self.closings.outcome[span.case], -1)
        withdrawn = by_closing & self.closings.withdrawn(outcome)
        state, decided_late = states(run.version, span, counted, silent, withdrawn)
        unknown = ~counted.known
        return Rows(
            case=span.case,
            version=np.full(n, run.number),
            phase=np.full(n, run.place),
            event=begun.event,
            fallback=begun.fallback,
            start=span.start,
            horizon=counted.horizon,
            due=np.where(counted.standing | unknown, NAT, counted.due),
            closed=closed,
            outcome=outcome,
            state=np.where(unknown, UNKNOWN, state),
            decided_late=decided_late & ~unknown,
            reason=np.where(unknown, NO_YEAR, -1),
            paused=counted.paused,
            voided=counted.voided,
            requested=counted.requested,
            used=counted.used,
            in_working_days=counted.in_working_days,
            left=np.where(unknown, NAT, counted.due - self.seen.today),
            extended=counted.extended,
            remark=counted.remark | begun.remark,
        )

    def _unknown(self, run: Run, begun: Begun, reason: Ints) -> Rows:
        closed, outcome = self.closings.day[begun.case], self.closings.outcome[begun.case]
        return Rows.unknown(run.number, run.place, begun, reason, closed, outcome)


def _end_unsaid(rows: Rows) -> Rows:
    """Return the rows of a phase of which the log never has the end: past its due date nothing is known of it."""
    passed = (rows.due != NAT) & (rows.horizon > rows.due)
    passed |= np.isin(rows.state, (APPROVED, REFUSED))
    return replace(
        rows,
        state=np.where(passed, UNKNOWN, rows.state),
        decided_late=rows.decided_late & ~passed,
        reason=np.where(passed, NO_END, rows.reason),
    )
