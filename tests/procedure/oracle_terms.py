"""Terms again, naively: one case, day after day, from docs/terms.md only.

Nothing here uses procmine but the models in which rules are written, so that a fault of the engine cannot
repeat itself. It is slow, and meant to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from procmine.procedure.term import Length, Pause, Phase, Replacement, Start, Term
from tests.procedure.oracle_case import ONE, Case, Occurrence, Office, Question, as_day
from tests.procedure.oracle_clock import Clock, Count, asked_pauses, days_of, is_valid

OWNERS = ("applicant", "third_party", "office")
"""Of steps at one instant the later in this order decides."""


def with_options(term: Term) -> Term:
    """The term with its options applied to how it counts and pauses."""
    options, counting, pauses = term.options, term.counting, term.pauses
    if options.roll_saturday is not None:
        others = tuple(kind for kind in counting.roll_on if kind != "sat")
        roll_on = ("sat", *others) if options.roll_saturday else others
        counting = counting.model_copy(update={"roll_on": roll_on})
    if options.free_days is not None:
        first = False if options.free_days else counting.first_day_counts
        change = {"first_day_counts": first, "last_day_counts": not options.free_days}
        counting = counting.model_copy(update=change)
    if options.pause_end_day_runs is not None:
        runs = {"end_day_counts_as_running": options.pause_end_day_runs}
        pauses = tuple(pause.model_copy(update=runs) for pause in pauses)
    return term.model_copy(update={"counting": counting, "pauses": pauses})


# --- one term of one case -------------------------------------------------------------------------


@dataclass(frozen=True)
class Begin:
    """When a part began, by which event, whether that is a fallback, and else why it is not known."""

    day: date | None
    event: str | None = None
    fallback: bool = False
    events: tuple[tuple[str, ...], ...] = ()
    """Groups of events, of each of which there should be one occurrence."""
    reason: str | None = None


@dataclass(frozen=True)
class End:
    """When a part ended, and the outcome where a closing ended it; no day: it has not ended."""

    day: date | None = None
    outcome: str | None = None
    withdrawn: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class Part:
    """What is counted in one row: a whole term, or one of its phases."""

    term: Term
    length: Length | None
    ends_on: Sequence[str]
    pauses: Sequence[Pause]
    replacements: Sequence[Replacement]
    phase: str | None = None


def terms_of(
    case: Case, versions: Sequence[Term], office: Office, now: datetime, log: Sequence[Case]
) -> list[dict[str, Any]]:
    """The rows of one use of a term for one case: none, one, or one for each phase."""
    asked = Question(case, office, now, log)
    if not any((step.begun or step.moment) <= now for step in case.steps):
        return []
    begin = started(asked, versions[0].start)
    fitting = [term for term in versions if begin.day and is_valid(term, begin.day)]
    term = with_options(fitting[0] if fitting else versions[-1])
    if not asked.meets(term.if_) or (term.only_if_event and not asked.find(term.only_if_event)):
        return []
    if begin.day is not None and not fitting:
        begin = replace(begin, reason="no version is valid on the start")
    if term.phases and begin.reason is None:
        return _phase_rows(asked, term, begin)
    return [_row(asked, _whole(asked, term), begin)]


def _whole(asked: Question, term: Term) -> Part:
    lengths = [variant.length for variant in term.variants if asked.meets(variant.if_)]
    length = lengths[0] if lengths else term.length
    replacements = [term.replace_term] if term.replace_term else []
    return Part(term, length, term.ends_on, term.pauses, replacements)


def _phase(term: Term, phase: Phase) -> Part:
    ends_on = (*phase.ends_on, *(term.ends_on if phase is term.phases[-1] else ()))
    pauses = [pause for pause in term.pauses if pause.phase in (None, phase.id)]
    twice = Length(n=2 * phase.length.n, unit=phase.length.unit)
    replacements = [term.replace_term] if term.replace_term else []
    if phase.double_on:
        replacements.append(Replacement(length=twice, event=phase.double_on))
    return Part(term, phase.length, ends_on, pauses, replacements, phase.id)


def started(asked: Question, start: Start) -> Begin:
    """The start of a term, or why there is none."""
    if asked.in_log(start.any_of or start.all_of):
        return _begun(asked, start)
    found = [one for event in start.fallback for one in asked.find([event])]
    if found:
        first = min(found, key=_day)
        return Begin(first.day, first.event, fallback=True, events=(start.fallback,))
    if asked.in_log(start.fallback):
        return Begin(None, reason="no start event", fallback=True)
    seen = [step.day for step in asked.case.steps if step.seen(asked.now)]
    if not seen:
        return Begin(None, reason="no step has ended", fallback=True)
    return Begin(min(seen), "first step", fallback=True)


def _begun(asked: Question, start: Start) -> Begin:
    events = [event for event in start.any_of or start.all_of if asked.in_log([event])]
    firsts = [found[0] for event in events if (found := asked.find([event]))]
    fallback = bool(start.all_of) and len(events) < len(start.all_of)
    if not firsts or (start.all_of and len(firsts) < len(events)):
        return Begin(None, fallback=fallback, reason="no start event")
    one = max(firsts, key=_day) if start.all_of else min(firsts, key=_day)
    together = [events] if start.any_of else [(event,) for event in events]
    return Begin(one.day, one.event, fallback, tuple(map(tuple, together)))


def _day(one: Occurrence) -> date:
    return one.day


def ended(asked: Question, start: date, ends_on: Sequence[str]) -> End:
    """The end of a part that began on ``start``."""
    closed, outcome = (asked.closings() or [(None, None)])[-1]
    for one in asked.find(ends_on):
        if one.day >= start:
            return End(one.day, outcome if closed == one.day else None)
    early = closed is not None and closed < start
    withdrawn = outcome == "withdrawn"
    return End(closed, outcome, withdrawn, "closed before it started" if early else None)


def _phase_rows(asked: Question, term: Term, begin: Begin) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for phase in term.phases:
        begun = _phase_begin(asked, phase, begin, rows[-1] if rows else None)
        row = _row(asked, _phase(term, phase), begun)
        endless = phase is not term.phases[-1] and not asked.in_log(phase.ends_on)
        rows.append(_without_end(asked, row) if endless else row)
    return rows


def _without_end(asked: Question, row: dict[str, Any]) -> dict[str, Any]:
    """A phase whose end the log never has: it is known up to its due date only."""
    if row["due"] is None or (row["closed"] or asked.now.date()) <= row["due"]:
        return row
    closed = ended(asked, date.min, ())
    missing = dict.fromkeys((*NUMBERS, "used_in", "owner"))
    known = {"closed": closed.day, "outcome": closed.outcome, "decided_late": False}
    return row | missing | known | {"state": "unknown", "reason": "the end is not known"}


def _phase_begin(
    asked: Question, phase: Phase, begin: Begin, before: dict[str, Any] | None
) -> Begin:
    if before is None:
        return begin
    own = _begun(asked, phase.start) if phase.start else Begin(None)
    if own.day is not None and not own.fallback:
        return own
    if before["state"] == "unknown" and before["due"] is None:
        return Begin(None, reason="the phase before is unknown")
    if before["closed"] is not None and before["state"] != "unknown":
        return Begin(before["closed"], f"end of {before['phase']}")
    if before["due"] is None:
        return Begin(None, reason="the clock of the phase before stands", fallback=True)
    return Begin(before["due"], f"due date of {before['phase']}", fallback=True)


NUMBERS = (
    *("gross_days", "net_days", "paused_days", "requested_days", "excess_days", "voided_days"),
    *("used", "days_left", "days_late", "office_days", "applicant_days", "third_party_days"),
)


def _row(asked: Question, part: Part, begin: Begin) -> dict[str, Any]:
    row: dict[str, Any] = dict.fromkeys((*NUMBERS, "due", "closed", "outcome", "used_in", "owner"))
    row |= {
        "case_id": asked.case.id,
        "phase": part.phase,
        "rule": part.term.id,
        "version": part.term.version or part.term.id,
        "kind": part.term.kind,
        "start_event": begin.event,
        "start_fallback": begin.fallback,
        "started": begin.day,
        "state": "unknown",
        "decided_late": False,
        "extended": False,
        "reason": begin.reason,
        "remarks": set(),
    }
    closed = ended(asked, date.min, ())
    if begin.reason is not None or begin.day is None:
        return row | {"closed": closed.day, "outcome": closed.outcome}
    end = ended(asked, begin.day, part.ends_on)
    nominal = _nominal(asked, part, begin.day)
    reason = end.reason or ("no date in the due attribute" if nominal is None else None)
    if reason is not None or nominal is None:
        return row | {"closed": closed.day, "outcome": closed.outcome, "reason": reason}
    row |= {"closed": end.day, "outcome": end.outcome}
    h = end.day or asked.now.date()
    clock = Clock(_count(asked, part), part.length, begin.day, h, nominal, begin.day, begin.day)
    if part.length is not None:
        holding = [more for more in part.term.extend if not more.event and asked.meets(more.if_)]
        clock.without_act = [more.by for more in holding]
        clock.lengthen()
    for act in acts(asked, part, clock):
        act()
    row["remarks"] = clock.remarks | _two_starts(asked, begin)
    return row | _figures(asked, part, clock, end)


def _nominal(asked: Question, part: Part, start: date) -> date | None:
    if part.term.due_attribute is not None:
        return as_day(asked.attribute(part.term.due_attribute))
    assert part.length is not None
    return _count(asked, part).base(start, part.length)


def _count(asked: Question, part: Part) -> Count:
    return Count(asked.office.days, part.term.counting, bool(part.term.options.bridge))


def _two_starts(asked: Question, begin: Begin) -> set[str]:
    twice = any(len(asked.find(events)) > 1 for events in begin.events)
    return {"two starts"} if twice else set()


def acts(asked: Question, part: Part, clock: Clock) -> list[Callable[[], None]]:
    """What happened in the case, in the order in which it takes effect; nothing moves a due date that is given."""
    if part.length is None:
        return []
    found: list[tuple[date, int, int, int, Callable[[], None]]] = []
    for i, new in enumerate(part.replacements):
        for k, one in enumerate(asked.find(new.event, clock.h)):
            found.append((one.day, 0, i, k, partial(clock.replace_length, one.day, new)))
    for i, more in enumerate(part.term.extend):
        for k, one in enumerate(asked.find(more.event, clock.h) if asked.meets(more.if_) else ()):
            found.append((one.day, 1, i, k, partial(clock.extend, one.day, i, more)))
    for i, pause in enumerate(part.pauses):
        rank = 2 if pause.effect == "suspend" else 3
        for k, stop in enumerate(asked_pauses(asked, pause, clock.h)):
            found.append((stop.f, rank, i, k, partial(clock.pause, i, stop)))
    return [act for *_, act in sorted(found, key=lambda entry: entry[:4])]


# --- what is reported -----------------------------------------------------------------------------


def _figures(asked: Question, part: Part, clock: Clock, end: End) -> dict[str, Any]:
    fixed = part.term.due_attribute is not None
    has_ended = end.day is not None
    stands = not has_ended and clock.stands and not fixed
    due = None if stands else clock.due
    state, decided_late = _state(asked, part.term, end, clock.h, due)
    owner = None if has_ended else _owner(asked, clock.h + ONE)
    requested = len(_requested(asked, part, clock) & set(days_of(clock.start, clock.h)))
    if due is not None and state.startswith("deemed") and not has_ended:
        clock.h = max(due, clock.start)
    left = None
    if state in ("running", "paused"):
        left = max(0, ((due or clock.nominal) - clock.h).days)
    return {
        "due": due,
        "state": state,
        "decided_late": decided_late,
        "extended": clock.extensions > 0,
        "days_left": left,
        "days_late": None if due is None else max(0, (clock.h - due).days),
        "owner": owner,
        **_kinds_of_days(clock, requested),
        **_whose_days(asked, clock),
    }


def _state(asked: Question, term: Term, end: End, h: date, due: date | None) -> tuple[str, bool]:
    if end.withdrawn:
        return "withdrawn", False
    if due is None:
        return "paused", False
    if end.day is not None and end.day <= due:
        return "on_time", False
    if h > due and (silence := _silence(asked, term)) != "none":
        after = bool(end.day) and term.kind != "control_window"
        return {"approval": "deemed_approved", "refusal": "deemed_refused"}[silence], after
    if end.day is not None:
        return "late", False
    return ("running" if h <= due else "overdue"), False


def _silence(asked: Question, term: Term) -> str:
    for exception in term.silence_except:
        if asked.meets(exception.if_) and not (exception.unless and asked.meets(exception.unless)):
            return "none"
    return term.silence


def used_in(length: Length | None) -> str:
    """In which days the days used are counted."""
    return "working_day" if length is not None and length.unit == "working_day" else "day"


def _kinds_of_days(clock: Clock, requested: int) -> dict[str, Any]:
    unit = used_in(clock.length)
    tally = dict.fromkeys(("gross", "net", "paused", "voided", "used"), 0)
    for day in days_of(clock.start, clock.h):
        tally["gross"] += 1
        if day in clock.paused:
            tally["paused"] += 1
        elif clock.restarted is not None and day <= clock.restarted:
            tally["voided"] += 1
        else:
            tally["net"] += 1
            tally["used"] += clock.count.works(day) if unit == "working_day" else 1
    used = tally.pop("used")
    figures: dict[str, Any] = {f"{name}_days": days for name, days in tally.items()}
    figures |= {"requested_days": requested, "excess_days": requested - tally["paused"]}
    return figures | {"used": used, "used_in": unit}


def _requested(asked: Question, part: Part, clock: Clock) -> set[date]:
    days: set[date] = set()
    for pause in part.pauses if part.length else ():
        for one in asked_pauses(asked, pause, clock.h):
            if not clock.in_force(one):
                continue
            last = min(one.last_day(one.requested), clock.h)
            days |= set(days_of(max(one.f, clock.start), last))
    return days


def _whose_days(asked: Question, clock: Clock) -> dict[str, int]:
    owners = [_owner(asked, day) for day in days_of(clock.start, clock.h)]
    return {f"{name}_days": owners.count(name) for name in OWNERS}


def _owner(asked: Question, day: date) -> str:
    """Whose day it is: of the last step on an earlier day that says whose time runs after it."""
    said = [
        (step.day, step.moment, OWNERS.index(asked.office.then[step.activity]))
        for step in asked.case.steps
        if step.activity in asked.office.then and step.day < day and step.seen(asked.now)
    ]
    return OWNERS[max(said)[-1]] if said else "office"
