"""One case as the oracle of terms sees it: its steps, what the law's words are in it, and what it meets.

Days are `datetime.date`, moments local times without a zone; None is "not known".
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from procmine.procedure.term import Compare, Condition

ONE = timedelta(days=1)


@dataclass(frozen=True)
class Step:
    """A step at its time: the end, or the start where the end is not known (it is running)."""

    moment: datetime
    activity: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    running: bool = False
    begun: datetime | None = None
    written: date | None = None
    """The day that an event of this activity has in writing."""

    @property
    def day(self) -> date:
        return self.written or self.moment.date()

    def seen(self, now: datetime) -> bool:
        return self.moment <= now and self.day <= now.date()


@dataclass(frozen=True)
class Case:
    """The steps in the order of the log, and the attributes of the case."""

    id: str
    steps: tuple[Step, ...]
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Source:
    """What a word of the law is in the log: activities, or a date of the case."""

    activities: tuple[str, ...] = ()
    attribute: str | None = None
    period_days: int | None = None
    period_attribute: str | None = None
    period_activities: tuple[str, ...] = ()
    """The activities whose last step so far holds the period; without them the step of the event."""


@dataclass(frozen=True)
class Days:
    """Which days are special; each is a set of dates."""

    holidays: frozenset[date] = frozenset()
    equated: frozenset[date] = frozenset()
    office_off: frozenset[date] = frozenset()

    def off(self, day: date, bridge: bool) -> bool:
        """Whether a day is a holiday; with the option bridge also one on which the office is closed."""
        return day in self.holidays or (bridge and day in self.office_off)

    def works(self, day: date, bridge: bool) -> bool:
        return day.weekday() < 5 and not self.off(day, bridge)

    def barred(self, day: date, roll_on: Collection[str], bridge: bool) -> bool:
        kinds = {"sat": day.weekday() == 5, "sun": day.weekday() == 6}
        kinds |= {"holiday": self.off(day, bridge), "equated": day in self.equated}
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
    outcome: str | None = None
    outcomes: Mapping[str, str] = field(default_factory=dict)
    """The case attribute that says how a case went out, and what its values mean."""
    log_closing: Collection[str] = ()
    """What closes a case in the log; it matters if the procedure names no closing."""
    then: Mapping[str, str] = field(default_factory=dict)
    """Activities and whose time runs after them."""


@dataclass(frozen=True)
class Occurrence:
    """One time that an event occurred."""

    day: date
    place: int
    event: str
    period: int | None = None


@dataclass(frozen=True)
class Question:
    """All that is asked of one case: what was known of it, and of the log, at a moment."""

    case: Case
    office: Office
    now: datetime
    log: Sequence[Case]

    def find(self, events: Iterable[str], upto: date | None = None) -> list[Occurrence]:
        """Occurrences of the events that are seen, ordered by day, then as in the log."""
        found = [
            one for event in events for one in occurrences(self.case, self.office, event, self.now)
        ]
        found = [one for one in found if upto is None or one.day <= upto]
        return sorted(found, key=lambda one: (one.day, one.place))

    def in_log(self, events: Collection[str]) -> bool:
        """Whether one of the events occurs in any case."""
        return any(
            occurrences(case, self.office, event, self.now) for event in events for case in self.log
        )

    def closings(self) -> list[tuple[date, str | None]]:
        """The days on which the case closed, in order, with the outcomes; the log knows no days in writing."""
        outcomes = self.office.closing
        if outcomes:
            seen = [step for step in self.case.steps if step.seen(self.now)]
            found = [(s.day, outcomes[s.activity]) for s in seen if s.activity in outcomes]
        else:
            ended = [s for s in self.case.steps if s.moment <= self.now and not s.running]
            by_log = [s for s in ended if s.activity in self.office.log_closing]
            found = [(s.moment.date(), None) for s in by_log]
        said = outcomes_of(self.case, self.office)
        return sorted(((day, said or own) for day, own in found), key=lambda one: one[0])

    def meets(self, condition: Condition) -> bool:
        """Whether all parts of a condition hold; an attribute that is not known meets nothing."""
        return all(_holds(self.attribute(name), want) for name, want in condition.items())

    def attribute(self, name: str) -> Any:
        """What an attribute of a condition is in this case."""
        attribute, value = self.office.attributes.get(name, (name, None))
        return value if attribute is None else self.case.attributes.get(attribute)


def outcomes_of(case: Case, office: Office) -> str | None:
    """What the case itself says of its outcome."""
    value = case.attributes.get(office.outcome) if office.outcome else None
    return None if value is None else office.outcomes.get(value)


def occurrences(case: Case, office: Office, event: str, now: datetime) -> list[Occurrence]:
    """The times that one event occurred, as far as they are seen."""
    source = office.events.get(event, Source())
    found = [
        (step.day, place)
        for place, step in enumerate(case.steps)
        if step.activity in source.activities and step.seen(now)
    ]
    day = as_day(case.attributes.get(source.attribute)) if source.attribute else None
    found += [(day, len(case.steps))] if day is not None else []
    return [
        Occurrence(day, place, event, _period(source, case, place, day, now))
        for day, place in found
        if day <= now.date()
    ]


def _period(source: Source, case: Case, place: int, day: date, now: datetime) -> int | None:
    name = source.period_attribute
    if name is None:
        return source.period_days
    steps = [] if place == len(case.steps) else [case.steps[place]]
    if source.period_activities:
        others = [step for step in case.steps if step.activity in source.period_activities]
        others = sorted((step for step in others if step.seen(now)), key=lambda step: step.day)
        steps = [step for step in others if step.day <= day][-1:] or others[:1]
    values = [step.attributes.get(name) for step in steps]
    value = next((value for value in values if value is not None), case.attributes.get(name))
    return None if value is None else int(value)


def as_day(value: Any) -> date | None:
    """The local day of a date or a time; a text that is no date is none."""
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            return None
    return value.date() if isinstance(value, datetime) else value


def _holds(value: Any, want: Any) -> bool:
    if value is None:
        return False
    if not isinstance(want, Compare):
        return bool(value in want if isinstance(want, tuple) else value == want)
    unwanted = want.not_ if isinstance(want.not_, tuple) else (want.not_,)
    return (
        value not in unwanted
        and (want.above is None or value > want.above)
        and (want.at_least is None or value >= want.at_least)
        and (want.below is None or value < want.below)
        and (want.at_most is None or value <= want.at_most)
    )
