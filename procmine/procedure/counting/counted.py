"""One term, or one phase of it, counted in many cases at once: from starts, ends and acts to dates, days and states."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.calendars import Calendar
from procmine.kernels import NAT, Bools, Ints
from procmine.procedure.counting.acts import (
    EXTEND,
    REPLACE,
    Acts,
    bit,
    moments,
    pauses,
)
from procmine.procedure.counting.clock import Clock, Plan
from procmine.procedure.counting.conditions import met
from procmine.procedure.counting.days import Days, reach
from procmine.procedure.counting.pairing import OPEN
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.term import Length, Phase, Term

_BEFORE = 10
"""Days of the calendar looked at before the earliest start."""


@dataclass(frozen=True, eq=False)
class Span:
    """From when to when a term runs in some cases."""

    case: Ints
    """The cases of the log that have it."""
    start: Ints
    horizon: Ints
    """The day it ended on, else the day as of which it is counted; never before the start."""
    ended: Bools

    @classmethod
    def of(cls, case: Ints, start: Ints, closed: Ints, today: int) -> Span:
        """Return the span of cases that closed on a day, or are open (NAT)."""
        ended = closed != NAT
        return cls(case, start, np.where(ended, closed, np.maximum(today, start)), ended)


@dataclass(frozen=True, eq=False)
class Counted:
    """What came of it: one value per case of the span; days as numbers, NAT where missing."""

    due: Ints
    """The due date; of a clock that stands, the nominal last day if it ran on at once."""
    horizon: Ints
    """The last day that is counted: that of the span, or the due date of what silence decided and nobody since."""
    known: Bools
    """Whether the calendar has the years that it takes."""
    standing: Bools
    paused: Ints
    voided: Ints
    requested: Ints
    used: Ints
    in_working_days: Bools
    extended: Bools
    remark: Ints
    begun: Ints
    """The day from which the clock last began: the start, or that of a full restart."""
    stretches: tuple[tuple[Ints, Ints, Ints], ...] = ()
    """Paused stretches: the cases (as places in the span), and the days after which and up to which."""


def count_date(span: Span, dates: Ints, silent: Bools) -> Counted:
    """Count a term whose due date is a date of the case."""
    n = len(span.case)
    zero, no = np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.bool_)
    horizon = _last_counted(span, dates[span.case], silent)
    used = horizon - span.start
    return Counted(
        due=dates[span.case],
        horizon=horizon,
        known=~no,
        standing=no,
        paused=zero,
        voided=zero,
        requested=zero,
        used=used,
        in_working_days=no,
        extended=no,
        remark=zero.copy(),
        begun=span.start,
    )


def count(
    seen: SeenLog,
    term: Term,
    phase: Phase | None,
    span: Span,
    calendar: Calendar,
    silent: Bools,
) -> Counted:
    """Count a term, or one of its phases, by its length; ``silent`` are the cases in which silence decides."""
    lengths, in_force, replacements = _lengths(seen, term, phase, span.case)
    acts = _acts(seen, term, phase, span)
    days = _days(term, lengths, span, calendar, len(acts))
    chosen = tuple(p for p in term.pauses if _of_phase(p.phase, phase))
    plan = Plan(days, lengths, term.extend, chosen, replacements, seen.today)
    clock = Clock(plan, span.start, span.horizon, in_force)
    for extension in term.extend:
        if not extension.event:
            clock.grant(met(seen, extension.if_)[span.case], extension)
    clock.run(acts)
    standing = clock.standing & ~span.ended & (span.start <= seen.today)
    due = np.where(standing, clock.nominal, clock.due)
    kinds = np.array([length.unit == "working_day" for length in lengths])
    in_working_days = kinds[clock.length]
    known = days.covers(span.start, np.maximum(due, clock.nominal))
    known &= ~in_working_days | days.covers(span.start, span.horizon)
    requested = clock.requested(acts)
    clock.cut(_last_counted(span, due, silent & ~standing))
    if not days.equated_known.all() and "equated" in term.counting.roll_on:
        unsure = known & ~days.list_known(due)
        clock.remark[unsure] |= bit("equated days of the year not known")
    return Counted(
        due=due,
        horizon=clock.horizon,
        known=known,
        standing=standing,
        paused=clock.paused,
        voided=clock.voided,
        requested=requested,
        used=clock.used(),
        in_working_days=in_working_days,
        extended=clock.extended,
        remark=clock.remark,
        begun=clock.begun,
        stretches=tuple(clock.stretches),
    )


def _last_counted(span: Span, due: Ints, silent: Bools) -> Ints:
    """Return the last day that counts: a term that silence decided, and nobody since, is over on its due date."""
    over = silent & ~span.ended & (span.horizon > due)
    return np.where(over, np.maximum(due, span.start), span.horizon)


def _of_phase(name: str | None, phase: Phase | None) -> bool:
    return name is None or (phase is not None and name == phase.id)


def _lengths(
    seen: SeenLog, term: Term, phase: Phase | None, case: Ints
) -> tuple[tuple[Length, ...], Ints, tuple[tuple[Ints, Length | None], ...]]:
    """Return the lengths there may be, the one of every case, and what replaces each."""
    first = phase.length if phase is not None else term.length
    assert first is not None
    lengths = [first]
    in_force = np.zeros(len(case), dtype=np.int64)
    if phase is None:
        for variant in reversed(term.variants):
            fits = met(seen, variant.if_)[case]
            in_force[fits] = len(lengths)
            lengths.append(variant.length)
    originals = len(lengths)
    replacements: list[tuple[Ints, Length | None]] = []
    if phase is None and term.replace_term is not None:
        places = np.full(originals, originals)
        lengths.append(term.replace_term.length)
        replacements.append((np.append(places, -1), term.replace_term.latest))
    if phase is not None and phase.double_on:
        lengths.append(Length(n=2 * first.n, unit=first.unit))
        replacements.append((np.array([1, -1]), None))
    return tuple(lengths), in_force, tuple(replacements)


def _acts(seen: SeenLog, term: Term, phase: Phase | None, span: Span) -> Acts:
    """Return the acts in the cases of the span, cases numbered as in the span, none after the horizon."""
    n = seen.log.n_cases
    starts, horizon = np.full(n, OPEN, dtype=np.int64), np.full(n, -OPEN, dtype=np.int64)
    starts[span.case], horizon[span.case] = span.start, span.horizon
    parts = [Acts.none()]
    renewed = phase.double_on if phase is not None else ()
    if phase is None and term.replace_term is not None:
        renewed = term.replace_term.event
    if renewed:
        parts.append(moments(seen.any_of(renewed), REPLACE, 0))
    for item, extension in enumerate(term.extend):
        if extension.event:
            found = moments(seen.any_of(extension.event), EXTEND, item)
            parts.append(
                found.where(met(seen, extension.if_)[found.case]) if extension.if_ else found
            )
    chosen = [pause for pause in term.pauses if _of_phase(pause.phase, phase)]
    parts += [pauses(seen, pause, item, starts, horizon) for item, pause in enumerate(chosen)]
    acts = Acts.joined(parts)
    place = np.full(n, -1, dtype=np.int64)
    place[span.case] = np.arange(len(span.case))
    acts = acts.where(acts.day <= horizon[acts.case])
    return acts.numbered(place[acts.case])


def _days(
    term: Term, lengths: tuple[Length, ...], span: Span, calendar: Calendar, acts: int
) -> Days:
    if not len(span.case):
        low = high = calendar.first_day
    else:
        low = int(span.start.min()) - _BEFORE
        high = max(int(span.horizon.max()), int(span.start.max()))
    longest = max(reach(length) for length in lengths)
    longest += sum(reach(part.by) * min(part.times, 1 + acts) for part in term.extend)
    latest = max(high, min(high + longest, calendar.last_day)) + _BEFORE
    bridge = bool(term.options.bridge)
    return Days.of(calendar, term.counting, (low, latest), bridge=bridge)
