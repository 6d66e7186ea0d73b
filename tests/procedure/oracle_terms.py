"""Terms again, naively: one case, day after day, from docs/terms.md only.

Nothing here uses procmine but the models in which rules are written, so that a fault of the engine cannot
repeat itself. Days are `datetime.date`, moments local times without a zone; None is "not known".
Working days are found by walking, never by arithmetic: it is slow, and meant to be read.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

from procmine.procedure.term import (
    Compare,
    Condition,
    Counting,
    Extension,
    Length,
    Pause,
    Phase,
    Replacement,
    Start,
    Term,
)

ONE = timedelta(days=1)
OPEN = date.max
"""The end of a pause that nothing has ended."""
OWNERS = ("applicant", "third_party", "office")
"""Of steps at one instant the later in this order decides."""


# --- what a case, an office and its days are ------------------------------------------------------


@dataclass(frozen=True)
class Step:
    """A step at its time: the end, or the start where the end is not known."""

    moment: datetime
    activity: str
    attributes: Mapping[str, Any] = field(default_factory=dict)

    @property
    def day(self) -> date:
        return self.moment.date()


@dataclass(frozen=True)
class Case:
    """The steps in the order of the log, and the attributes of the case."""

    id: str
    steps: tuple[Step, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)
    closing: Collection[str] = ()
    """The activities that close the case in the log; they matter if the procedure names none."""


@dataclass(frozen=True)
class Source:
    """What a word of the law is in the log: activities, or a date of the case."""

    activities: tuple[str, ...] = ()
    attribute: str | None = None
    period_days: int | None = None
    period_attribute: str | None = None


@dataclass(frozen=True)
class Days:
    """Which days are special; each is a set of dates."""

    holidays: frozenset[date] = frozenset()
    equated: frozenset[date] = frozenset()
    office_off: frozenset[date] = frozenset()

    def works(self, day: date, bridge: bool) -> bool:
        if day.weekday() > 4 or day in self.holidays:
            return False
        return not (bridge and day in self.office_off)

    def barred(self, day: date, roll_on: Collection[str]) -> bool:
        kinds = {"sat": day.weekday() == 5, "sun": day.weekday() == 6}
        kinds |= {"holiday": day in self.holidays, "equated": day in self.equated}
        return any(kinds[kind] for kind in roll_on)


@dataclass(frozen=True)
class Office:
    """What the procedure says beside its terms."""

    days: Days
    events: Mapping[str, Source]
    attributes: Mapping[str, tuple[str | None, Any]] = field(default_factory=dict)
    """The name of a case attribute or a value, for each attribute of conditions."""
    closing: Mapping[str, str] = field(default_factory=dict)
    """Closing activities and their outcomes."""
    then: Mapping[str, str] = field(default_factory=dict)
    """Activities and whose time runs after them."""


@dataclass(frozen=True)
class Occurrence:
    """One time that an event occurred."""

    day: date
    place: int
    event: str
    period: int | None = None
    activity: str | None = None


def find(case: Case, office: Office, events: Iterable[str], upto: datetime) -> list[Occurrence]:
    """Occurrences of the events that are seen at a moment, ordered by day, then as in the log."""
    found = []
    for event in events:
        source = office.events.get(event, Source())
        for place, step in enumerate(case.steps):
            if step.activity in source.activities and step.moment <= upto:
                period = _period(source, step.attributes, case.attributes)
                found.append(Occurrence(step.day, place, event, period, step.activity))
        day = _as_day(case.attributes.get(source.attribute or ""))
        if day is not None and day <= upto.date():
            period = _period(source, {}, case.attributes)
            found.append(Occurrence(day, len(case.steps), event, period))
    return sorted(found, key=lambda one: (one.day, one.place))


def _period(source: Source, step: Mapping[str, Any], case: Mapping[str, Any]) -> int | None:
    name = source.period_attribute
    value = step.get(name, case.get(name)) if name else source.period_days
    return None if value is None else int(value)


def _as_day(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else value


def seen_in_log(
    cases: Iterable[Case], office: Office, events: Collection[str], upto: datetime
) -> bool:
    """Whether one of the events occurs in any case."""
    return any(find(case, office, events, upto) for case in cases)


# --- conditions and options -----------------------------------------------------------------------


def meets(case: Case, office: Office, condition: Condition) -> bool:
    """Whether all parts of a condition hold; an attribute that is not known meets nothing."""
    return all(_holds(_attribute(case, office, name), want) for name, want in condition.items())


def _attribute(case: Case, office: Office, name: str) -> Any:
    attribute, value = office.attributes.get(name, (name, None))
    return value if attribute is None else case.attributes.get(attribute)


def _holds(value: Any, want: Any) -> bool:
    if value is None:
        return False
    if isinstance(want, Compare):
        return (
            (want.above is None or value > want.above)
            and (want.at_least is None or value >= want.at_least)
            and (want.below is None or value < want.below)
            and (want.at_most is None or value <= want.at_most)
        )
    return value in want if isinstance(want, tuple) else bool(value == want)


def with_options(term: Term) -> Term:
    """The term with its options applied to how it counts and pauses."""
    options, counting, pauses = term.options, term.counting, term.pauses
    if options.roll_saturday is not None:
        others = tuple(kind for kind in counting.roll_on if kind != "sat")
        roll_on = ("sat", *others) if options.roll_saturday else others
        counting = counting.model_copy(update={"roll_on": roll_on})
    if options.free_days is not None:
        counting = counting.model_copy(update={"last_day_counts": not options.free_days})
    if options.pause_end_day_runs is not None:
        change = {"end_day_counts_as_running": options.pause_end_day_runs}
        pauses = tuple(pause.model_copy(update=change) for pause in pauses)
    return term.model_copy(update={"counting": counting, "pauses": pauses})


# --- counting -------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Count:
    """How days are counted for one term."""

    days: Days
    counting: Counting
    bridge: bool = False

    def works(self, day: date) -> bool:
        return self.days.works(day, self.bridge)

    def working_days(self, after: date, upto: date) -> int:
        return sum(self.works(day) for day in days_of(after, upto))

    def walk(self, day: date, count: int) -> date:
        """The first day d with W(d) = W(day) + count."""
        while count == 0 and not self.works(day):
            day -= ONE
        while count > 0:
            day += ONE
            count -= self.works(day)
        return day

    def roll(self, day: date) -> date:
        while self.days.barred(day, self.counting.roll_on):
            day += ONE
        return day

    def base(self, start: date, length: Length) -> date:
        """The last day of a length, before rolling."""
        last = self._plain_base(start, length)
        least = self.counting.min_working_days
        if least is None or self.over_limit(length):
            return last
        days = length.n * {"day": 1, "working_day": 1, "week": 7, "month": 28}[length.unit]
        if days >= least.from_days and self.working_days(start, last) < least.at_least:
            return self.walk(start, least.at_least)
        return last

    def _plain_base(self, start: date, length: Length) -> date:
        first = self.counting.first_day_counts
        more = 0 if self.counting.last_day_counts else 1
        if length.unit == "day":
            return start + (length.n + more - first) * ONE
        if length.unit == "week":
            return start + (7 * length.n - first) * ONE
        if length.unit == "month":
            return add_months(start, length.n) - first * ONE
        return self.walk(start - first * ONE, length.n + more)

    def over_limit(self, length: Length) -> bool:
        limits = self.counting.not_if_longer_than
        if limits is None:
            return False
        most = {"week": limits.weeks, "month": limits.months}.get(length.unit, limits.days)
        return most is not None and length.n > most

    def due(self, nominal: date, length: Length | None) -> date:
        """Where the nominal last day rolls to; without a length the day itself."""
        return nominal if length is None or self.over_limit(length) else self.roll(nominal)

    def extended(self, nominal: date, by: Length) -> date:
        if by.unit == "month":
            return add_months(nominal, by.n)
        if by.unit == "working_day":
            return self.walk(nominal, by.n)
        return nominal + by.n * {"day": 1, "week": 7}[by.unit] * ONE


def days_of(after: date, upto: date) -> list[date]:
    """The days after one day up to and including another."""
    return [after + k * ONE for k in range(1, (upto - after).days + 1)]


def add_months(day: date, months: int) -> date:
    """The same day of a later month, or the last day of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


# --- the pauses of a case -------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """One pause of a case: from ``f``, asked until ``q``, lawful until ``u``; OPEN where nothing ends it."""

    pause: Pause
    f: date
    q: date
    u: date
    given: bool

    def last_day(self, end: date) -> date:
        """The last paused day of a pause that ends on ``end``."""
        return end - ONE if self.pause.end_day_counts_as_running and end != OPEN else end


def asked_pauses(case: Case, office: Office, pause: Pause, upto: datetime) -> list[Asked]:
    """Pair the events that begin and end a pause."""
    both = find(case, office, (*pause.from_, *pause.until), upto)
    found: list[Asked] = []
    begun: Occurrence | None = None
    for one in both:
        if begun is not None and one.day > _window(pause, begun):  # it has run out meanwhile
            found.append(_asked(pause, begun, None))
            begun = None
        if begun is None and one.event in pause.from_:
            begun = one
        elif begun is not None and one.event in pause.until:
            found.append(_asked(pause, begun, one.day))
            begun = None
    return [*found, _asked(pause, begun, None)] if begun else found


def _window(pause: Pause, begun: Occurrence) -> date:
    return OPEN if pause.window_days is None else begun.day + pause.window_days * ONE


def _asked(pause: Pause, begun: Occurrence, until: date | None) -> Asked:
    f = begun.day
    q = _window(pause, begun) if until is None else until + pause.plus_days * ONE
    ends = [q]
    if pause.max_days is not None:
        ends.append(f + pause.max_days * ONE)
    if pause.requires_period and begun.period is not None:
        ends.append(f + begun.period * ONE)
    return Asked(pause, f, q, min(ends), given=begun.period is not None)


# --- the clock of a term --------------------------------------------------------------------------


@dataclass
class Clock:
    """What is known while the acts of a case are taken in their order."""

    count: Count
    length: Length | None
    start: date
    h: date
    nominal: date
    began: date
    """S': the start in force."""
    last_paused: date
    """c: the last paused day so far."""
    paused: set[date] = field(default_factory=set)
    counting_pauses: list[Asked] = field(default_factory=list)
    restarted: date | None = None
    extensions: int = 0
    replaced: bool = False
    granted: dict[int, int] = field(default_factory=dict)
    admitted: dict[int, int] = field(default_factory=dict)
    remarks: set[str] = field(default_factory=set)

    @property
    def due(self) -> date:
        return self.count.due(self.nominal, self.length)

    def replace_length(self, day: date, new: Replacement) -> None:
        if self.replaced or self.length is None or day < self.start:
            return
        latest = self.due
        if new.latest is not None:
            latest = self.count.due(self.count.base(self.began, new.latest), new.latest)
        if day <= latest:
            moved = self.nominal - self.count.base(self.began, self.length)
            self.nominal = self.count.base(self.began, new.length) + moved
            self.length, self.replaced = new.length, True

    def extend(self, day: date, place: int, extension: Extension) -> None:
        used = self.granted.get(place, 0)
        if self.length is None or day < self.start or used >= extension.times:
            return
        if extension.event and day > self.due - extension.days_before_due * ONE:
            self.remarks.add("extension after the due date")
            return
        self.granted[place] = used + 1
        self.extensions += 1
        self.nominal = self.count.extended(self.nominal, extension.by)

    def counts(self, place: int, asked: Asked) -> bool:
        pause = asked.pause
        if asked.f < self.start and asked.u <= self.start:
            return False
        judged = self.start if pause.applies_by == "start_date" else asked.f
        within = pause.within_days_of_start
        if not (
            is_valid(pause, judged)
            and asked.f <= self.due
            and (asked.given or not pause.requires_period)
            and (within is None or asked.f <= self.start + within * ONE)
        ):
            return False
        self.admitted[place] = self.admitted.get(place, 0) + 1
        in_number = pause.times is None or self.admitted[place] <= pause.times
        return in_number and asked.u > self.start

    def pause(self, place: int, asked: Asked) -> None:
        if not self.counts(place, asked):
            return
        self.counting_pauses.append(asked)
        before = max(asked.f, self.start, self.last_paused)
        last = min(asked.last_day(asked.u), self.h)
        if last > before:
            self.paused |= set(days_of(before, last))
            if asked.pause.effect == "suspend":
                self._suspend(before, last)
            self.last_paused = last
        if asked.pause.effect != "suspend":
            self._restart(max(min(asked.u, self.h), self.last_paused))

    def _suspend(self, before: date, last: date) -> None:
        if self.length is None:
            return
        nominal = max(self.nominal, before)
        if self.length.unit == "working_day":
            lost = self.count.working_days(before, last)
            self.nominal = max(last, self.count.walk(nominal, lost))
        else:
            self.nominal = nominal + len(days_of(before, last)) * ONE

    def _restart(self, day: date) -> None:
        self.restarted, self.began, self.extensions = day, day, 0
        if self.length is not None:
            self.nominal = self.count.base(day, self.length)

    @property
    def stands(self) -> bool:
        """Whether a pause that counts goes on after ``h``."""
        return any(
            max(asked.f, self.start) <= self.h < asked.last_day(asked.u)
            for asked in self.counting_pauses
        )


def is_valid(part: Pause | Term, day: date) -> bool:
    """Whether a day lies in the validity of a version."""
    return (part.valid_from is None or part.valid_from <= day) and (
        part.valid_to is None or day <= part.valid_to
    )


# --- one term of one case -------------------------------------------------------------------------


@dataclass(frozen=True)
class Begin:
    """When a term began, by which event, and whether that is a fallback."""

    day: date | None
    event: str | None = None
    fallback: bool = False
    twice: bool = False
    reason: str | None = None


@dataclass(frozen=True)
class End:
    """When a term ended, and the outcome where a closing ended it; no day: it has not ended."""

    day: date | None = None
    outcome: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Question:
    """All that is asked of one case."""

    case: Case
    office: Office
    now: datetime
    log: Sequence[Case]

    def find(self, events: Iterable[str], upto: date | None = None) -> list[Occurrence]:
        found = find(self.case, self.office, events, self.now)
        return found if upto is None else [one for one in found if one.day <= upto]

    def in_log(self, events: Collection[str]) -> bool:
        return seen_in_log(self.log, self.office, events, self.now)


def terms_of(
    case: Case, versions: Sequence[Term], office: Office, now: datetime, log: Sequence[Case]
) -> list[dict[str, Any]]:
    """The rows of one use of a term for one case: none, one, or one for each phase."""
    asked = Question(case, office, now, log)
    begin = started(asked, versions[0].start)
    fitting = [t for t in versions if begin.day is not None and is_valid(t, begin.day)]
    term = with_options(fitting[0] if fitting else versions[0])
    if not meets(case, office, term.if_):
        return []
    if term.only_if_event and not asked.find(term.only_if_event):
        return []
    if begin.day is not None and not fitting:
        begin = replace(begin, reason="no version is valid on the start")
    if term.phases:
        return _phase_rows(asked, term, begin)
    length = _length(asked, term)
    return [_row(asked, term, begin, length, _no_doubling, closes=term.ends_on)]


def _length(asked: Question, term: Term) -> Length | None:
    for variant in term.variants:
        if meets(asked.case, asked.office, variant.if_):
            return variant.length
    return term.length


def started(asked: Question, start: Start) -> Begin:
    """The start of a term, or why there is none."""
    events = start.any_of or start.all_of
    if asked.in_log(events):
        return _begun(asked, start)
    found = asked.find(start.fallback)
    if found:
        return Begin(found[0].day, found[0].event, fallback=True)
    if asked.in_log(start.fallback):
        return Begin(None, reason="no start event", fallback=True)
    seen = [step.day for step in asked.case.steps if step.moment <= asked.now]
    if seen:
        return Begin(min(seen), "first step", fallback=True)
    return Begin(None, reason="no step", fallback=True)


def _begun(asked: Question, start: Start) -> Begin:
    events = start.any_of or start.all_of
    firsts = [found[0] for event in events if (found := asked.find([event]))]
    if not firsts or (start.all_of and len(firsts) < len(events)):
        return Begin(None, reason="no start event")
    ordered = sorted(firsts, key=lambda one: (one.day, one.place))
    one = ordered[-1] if start.all_of else ordered[0]
    return Begin(one.day, one.event, twice=any(len(asked.find([event])) > 1 for event in events))


def ended(asked: Question, start: date, ends_on: Sequence[str]) -> End:
    """The end of a term that began on ``start``."""
    for one in asked.find(ends_on):
        if one.day >= start:
            return End(one.day, asked.office.closing.get(one.activity or ""))
    closing = asked.office.closing or dict.fromkeys(asked.case.closing)
    source = {"closing": Source(tuple(closing))}
    closed = find(asked.case, replace(asked.office, events=source), ["closing"], asked.now)
    if not closed:
        return End()
    last = closed[-1]
    reason = "closed before it started" if last.day < start else None
    return End(last.day, closing[str(last.activity)], reason)


Doubling = Callable[[], list[tuple[Sequence[str], Replacement]]]


def _no_doubling() -> list[tuple[Sequence[str], Replacement]]:
    return []


def _phase_rows(asked: Question, term: Term, begin: Begin) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    before: dict[str, Any] | None = None
    for phase in term.phases:
        own = _phase_begin(asked, phase, begin, before)
        closes = (*phase.ends_on, *(term.ends_on if phase is term.phases[-1] else ()))
        pauses = tuple(p for p in term.pauses if p.phase in (None, phase.id))
        narrow = term.model_copy(update={"pauses": pauses})
        twice = phase.length.model_copy(update={"n": 2 * phase.length.n})
        double = Replacement(length=twice, event=phase.double_on)
        row = _row(asked, narrow, own, phase.length, lambda d=double: [(d.event, d)], closes=closes)
        rows.append(before := row | {"phase": phase.id})
    return rows


def _phase_begin(
    asked: Question, phase: Phase, begin: Begin, before: dict[str, Any] | None
) -> Begin:
    if begin.reason is not None:
        return begin
    if phase.start is not None:
        own = _begun(asked, phase.start)
        if own.day is not None:
            return own
    if before is None:
        return begin
    if before["state"] == "unknown":
        return Begin(None, reason="the phase before is unknown")
    if before["closed"] is not None:
        return Begin(before["closed"])
    if before["due"] is None:
        return Begin(None, reason="the clock of the phase before stands", fallback=True)
    return Begin(before["due"], fallback=True)


NUMBERS = [
    "gross_days",
    "net_days",
    "paused_days",
    "requested_days",
    "excess_days",
    "voided_days",
    "used",
    "days_left",
    "days_late",
    "office_days",
    "applicant_days",
    "third_party_days",
]


def _row(
    asked: Question,
    term: Term,
    begin: Begin,
    length: Length | None,
    doubling: Doubling,
    *,
    closes: Sequence[str],
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "case_id": asked.case.id,
        "phase": None,
        "rule": term.id,
        "version": term.version or term.id,
        "start_event": begin.event,
        "start_fallback": begin.fallback,
        "started": begin.day,
        "due": None,
        "closed": None,
        "outcome": None,
        "state": "unknown",
        "decided_late": False,
        **dict.fromkeys(NUMBERS),
        "used_in": None,
        "extended": False,
        "owner": None,
        "reason": begin.reason,
        "remarks": {"two starts"} if begin.twice else set(),
    }
    if begin.reason is not None or begin.day is None:
        return row
    end = ended(asked, begin.day, closes)
    row |= {"closed": end.day, "outcome": end.outcome, "reason": end.reason}
    nominal = _nominal(asked, term, length, begin.day)
    if nominal is None:
        row["reason"] = "no date in the attribute of the due date"
    if row["reason"] is not None:
        return row
    h = end.day or asked.now.date()
    clock = run(asked, term, length, begin.day, h, nominal, doubling())
    two = any(len(asked.find([e], h)) > 1 for e in (*term.start.any_of, *term.start.all_of))
    row["remarks"] = clock.remarks | ({"two starts"} if begin.twice and two else set())
    return row | _figures(asked, term, clock, end)


def _nominal(asked: Question, term: Term, length: Length | None, start: date) -> date | None:
    if term.due_attribute is not None:
        return _as_day(_attribute(asked.case, asked.office, term.due_attribute))
    assert length is not None
    return _count(asked, term).base(start, length)


def _count(asked: Question, term: Term) -> Count:
    return Count(asked.office.days, term.counting, bool(term.options.bridge))


def run(
    asked: Question,
    term: Term,
    length: Length | None,
    start: date,
    h: date,
    nominal: date | None,
    doubling: Sequence[tuple[Sequence[str], Replacement]],
) -> Clock:
    """Take the acts of a case, one after the other."""
    assert nominal is not None
    clock = Clock(_count(asked, term), length, start, h, nominal, start, start)
    acts: list[tuple[date, int, int, int, Callable[[], None]]] = []
    replacing = list(doubling)
    if term.replace_term is not None:
        replacing.insert(0, (term.replace_term.event, term.replace_term))
    for i, (events, new) in enumerate(replacing):
        for k, one in enumerate(asked.find(events, h)):
            acts.append((one.day, 0, i, k, lambda d=one.day, x=new: clock.replace_length(d, x)))
    for i, more in enumerate(term.extend):
        for k, day in enumerate(_extension_days(asked, more, start, h)):
            acts.append((day, 1, i, k, lambda d=day, i=i, x=more: clock.extend(d, i, x)))
    for i, pause in enumerate(term.pauses):
        rank = 2 if pause.effect == "suspend" else 3
        for k, one in enumerate(_pauses_upto(asked, pause, h)):
            acts.append((one.f, rank, i, k, lambda i=i, x=one: clock.pause(i, x)))
    for *_, act in sorted(acts, key=lambda entry: entry[:4]):
        act()
    return clock


def _extension_days(asked: Question, more: Extension, start: date, h: date) -> list[date]:
    if not meets(asked.case, asked.office, more.if_):
        return []
    return [one.day for one in asked.find(more.event, h)] if more.event else [start]


def _pauses_upto(asked: Question, pause: Pause, h: date) -> list[Asked]:
    upto = min(
        asked.now, datetime.combine(h + ONE, datetime.min.time()) - timedelta(microseconds=1)
    )
    return asked_pauses(asked.case, asked.office, pause, upto)


# --- what is reported -----------------------------------------------------------------------------


def _figures(asked: Question, term: Term, clock: Clock, end: End) -> dict[str, Any]:
    fixed = term.due_attribute is not None
    has_ended = end.day is not None
    stands = not has_ended and clock.stands and not fixed
    due = None if stands else clock.due
    state, decided_late = _state(asked, term, end, clock.h, due)
    left = None
    if not has_ended and state in ("running", "paused"):
        left = ((clock.nominal if due is None else due) - clock.h).days
    return {
        "due": due,
        "state": state,
        "decided_late": decided_late,
        "extended": clock.extensions > 0,
        "days_left": left,
        "days_late": None if due is None else max(0, (clock.h - due).days),
        "owner": None if has_ended else _owner(asked, clock.h + ONE),
        **_kinds_of_days(asked, term, clock),
        **_whose_days(asked, clock),
    }


def _state(asked: Question, term: Term, end: End, h: date, due: date | None) -> tuple[str, bool]:
    if end.day is not None and end.outcome == "withdrawn":
        return "withdrawn", False
    if due is None:
        return "paused", False
    if end.day is not None and end.day <= due:
        return "on_time", False
    if h > due and (silence := _silence(asked, term)) != "none":
        return {"approval": "deemed_approved", "refusal": "deemed_refused"}[silence], bool(end.day)
    if end.day is not None:
        return "late", False
    return ("running" if h <= due else "overdue"), False


def _silence(asked: Question, term: Term) -> str:
    for exception in term.silence_except:
        if meets(asked.case, asked.office, exception.if_) and not (
            exception.unless and meets(asked.case, asked.office, exception.unless)
        ):
            return "none"
    return term.silence


def _kinds_of_days(asked: Question, term: Term, clock: Clock) -> dict[str, Any]:
    working = clock.length is not None and clock.length.unit == "working_day"
    tally = dict.fromkeys(("gross", "net", "paused", "voided", "requested", "used"), 0)
    requested = _requested(asked, term, clock)
    for day in days_of(clock.start, clock.h):
        tally["gross"] += 1
        tally["requested"] += day in requested
        if day in clock.paused:
            tally["paused"] += 1
        elif clock.restarted is not None and day <= clock.restarted:
            tally["voided"] += 1
        else:
            tally["net"] += 1
            tally["used"] += clock.count.works(day) if working else 1
    used = tally.pop("used")
    figures: dict[str, Any] = {f"{name}_days": days for name, days in tally.items()}
    figures["excess_days"] = tally["requested"] - tally["paused"]
    return figures | {"used": used, "used_in": "working_day" if working else "day"}


def _requested(asked: Question, term: Term, clock: Clock) -> set[date]:
    days: set[date] = set()
    for pause in term.pauses:
        for one in _pauses_upto(asked, pause, clock.h):
            end = one.q if one.q != OPEN else one.u
            last = min(one.last_day(end), clock.h)
            days |= set(days_of(max(one.f, clock.start), last))
    return days


def _whose_days(asked: Question, clock: Clock) -> dict[str, int]:
    owners = [_owner(asked, day) for day in days_of(clock.start, clock.h)]
    return {f"{name}_days": owners.count(name) for name in OWNERS}


def _owner(asked: Question, day: date) -> str:
    """Whose day it is: of the last step on an earlier day that says whose time runs after it."""
    said = [
        (step.moment, OWNERS.index(asked.office.then[step.activity]))
        for step in asked.case.steps
        if step.activity in asked.office.then and step.day < day and step.moment <= asked.now
    ]
    return OWNERS[max(said)[1]] if said else "office"
