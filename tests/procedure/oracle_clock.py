"""The clock of a term, for the oracle: working days are found by walking, days are paused one by one."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from procmine.procedure.term import Counting, Extension, Length, Pause, Replacement, Term
from tests.procedure.oracle_case import ONE, Days, Occurrence, Question

OPEN = date.max
"""The end of a pause that nothing has ended."""
TOO_LATE = "pause too late or too often to count"


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
        """The first day d, not before ``day``, with W(d) = W(day) + count."""
        while count > 0:
            day += ONE
            count -= self.works(day)
        return day

    def roll(self, day: date) -> date:
        while self.days.barred(day, self.counting.roll_on, self.bridge):
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
    period_end: date | None
    """The last day of the period given."""

    def last_day(self, end: date) -> date:
        """The last paused day of a pause that ends on ``end``."""
        return end - ONE if self.pause.end_day_counts_as_running and end != OPEN else end

    @property
    def requested(self) -> date:
        """Until when the office had asked for."""
        if self.q == OPEN and self.pause.requires_period and self.period_end is not None:
            return self.period_end
        return self.q


def asked_pauses(question: Question, pause: Pause, upto: date) -> list[Asked]:
    """Pair the events that begin and end a pause."""
    both = question.find((*pause.from_, *pause.until), upto)
    found: list[Asked] = []
    begun: Occurrence | None = None
    for one in both:
        if begun is not None and one.day > _window(pause, begun):  # it has run out meanwhile
            found.append(_asked(pause, begun, None))
            begun = None
        if begun is None and one.event in pause.from_:
            begun = _with_period(one, both)
        elif begun is not None and one.event in pause.until:
            found.append(_asked(pause, begun, one.day))
            begun = None
    return [*found, _asked(pause, begun, None)] if begun else found


def _with_period(begun: Occurrence, both: Sequence[Occurrence]) -> Occurrence:
    """The same step may be two events, of which one gives a period."""
    same = [one for one in both if (one.day, one.place) == (begun.day, begun.place)]
    return next((one for one in same if one.period is not None), begun)


def _window(pause: Pause, begun: Occurrence) -> date:
    return OPEN if pause.window_days is None else begun.day + pause.window_days * ONE


def _asked(pause: Pause, begun: Occurrence, until: date | None) -> Asked:
    f = begun.day
    q = _window(pause, begun) if until is None else until + pause.plus_days * ONE
    period_end = None if begun.period is None else f + begun.period * ONE
    ends = [q]
    if pause.max_days is not None:
        ends.append(f + pause.max_days * ONE)
    if pause.requires_period and period_end is not None:
        ends.append(period_end)
    return Asked(pause, f, q, min(ends), period_end)


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
    """c: the day up to which pauses are settled."""
    paused: set[date] = field(default_factory=set)
    counting_pauses: list[Asked] = field(default_factory=list)
    restarted: date | None = None
    without_act: Sequence[Length] = ()
    """The extensions that hold for the case because of what it is."""
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
        else:
            self.remarks.add("longer term granted too late")

    def lengthen(self) -> None:
        """Grant the extensions that need no act."""
        for length in self.without_act:
            self._grant(length)

    def extend(self, day: date, place: int, extension: Extension) -> None:
        used = self.granted.get(place, 0)
        if day < self.start or used >= extension.times:
            return
        if day > self.due - extension.days_before_due * ONE:
            self.remarks.add("extension after the due date")
            return
        self.granted[place] = used + 1
        self._grant(extension.by)

    def _grant(self, length: Length) -> None:
        self.extensions += 1
        self.nominal = self.count.extended(self.nominal, length)

    def in_force(self, asked: Asked) -> bool:
        """Whether this version of a pause is the one that holds."""
        by_start = asked.pause.applies_by == "start_date"
        return is_valid(asked.pause, self.start if by_start else asked.f)

    def counts(self, place: int, asked: Asked) -> bool:
        if not self.in_force(asked):
            return False
        if asked.requested <= self.start:
            return False
        why = self._why_not(asked)
        if not why and asked.u > self.start:
            self.admitted[place] = self.admitted.get(place, 0) + 1
            times = asked.pause.times
            why = {TOO_LATE} if times is not None and self.admitted[place] > times else set()
        remarks = {
            "pause before the start": asked.f < self.start,
            "pause beyond its lawful length": min(asked.requested, self.h) > asked.u,
        }
        self.remarks |= why | {remark for remark, holds in remarks.items() if holds}
        return not why and asked.u > self.start

    def _why_not(self, asked: Asked) -> set[str]:
        within = asked.pause.within_days_of_start
        given = asked.period_end is not None
        checks = {
            "pause after the due date": asked.f > self.due,
            "pause without a given period": asked.pause.requires_period and not given,
            TOO_LATE: within is not None and asked.f > self.start + within * ONE,
        }
        return {remark for remark, failed in checks.items() if failed}

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
            self.nominal = max(nominal, last, self.count.walk(nominal, lost))
        else:
            self.nominal = nominal + len(days_of(before, last)) * ONE

    def _restart(self, day: date) -> None:
        self.restarted = self.began = self.last_paused = day
        self.extensions = 0
        if self.length is not None:
            self.nominal = self.count.base(day, self.length)
        self.lengthen()

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
