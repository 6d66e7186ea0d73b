"""Waiting and its causes again, naively: plain loops from docs/waiting.md alone.

Nothing here uses procmine, numpy or pandas. Times are whole microseconds since 1970 in UTC; None is
"not known". Steps are named by their row. It is slow, and meant to be read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle import Case, Cases, Step, sort_steps

CAUSES = ("external", "batching", "contention", "prioritisation", "unavailability", "unexplained")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ENOUGH = 20
"""Steps that an activity of a unit needs to be held at a fixed time."""
DAYS = 5
"""Different days on which it must be held."""
STAMPED = 5
"""Steps of one instant that were stamped together."""
MIDNIGHT = time()
"""Stands for a date without time."""

Interval = tuple[int, int]
AtWork = Callable[[Step, int, int], "list[Interval] | None"]
"""When the resource of a step is at work between two instants; None where that is not known."""


@dataclass(frozen=True)
class Log:
    """Ordered cases and what the definition asks of a log besides its steps."""

    cases: Cases
    one_timestamp: bool
    """As given: starts that are estimated do not change it."""
    precision: str = "microsecond"
    tz: str = "UTC"
    estimated: frozenset[int] = frozenset()
    """The rows whose start was estimated."""
    suspended: frozenset[int] = frozenset()
    """The rows of steps that stood still in between."""

    @property
    def steps(self) -> list[Step]:
        """All steps in the order of the log."""
        return [step for case in self.cases.values() for step in case]

    def until(self, step: Step) -> int | None:
        """The time that ends the wait of a step: its start; in logs with one timestamp its end."""
        return step.end if self.one_timestamp and step.start is None else step.start

    def basis(self, step: Step) -> str:
        if step.row in self.estimated:
            return "estimated"
        return "sojourn" if step.start is None else "waiting"

    def local(self, instant: int) -> datetime:
        return (EPOCH + instant * MICROSECOND).astimezone(ZoneInfo(self.tz))


def log_of(steps: Iterable[Step], activity_order: Sequence[str] | None = None, **known: Any) -> Log:
    """The log of some steps, cases by their first row; where no step has a start it has one timestamp."""
    sorted_cases = sort_steps(steps, activity_order)
    by_first_row = sorted(sorted_cases.values(), key=lambda case: min(step.row for step in case))
    cases = {case[0].case: case for case in by_first_row}
    one = all(step.start is None for case in by_first_row for step in case)
    return Log(cases, one, **known)


# --- enabled --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Enabled:
    """When a step could have begun, and the row of the step that made it so."""

    at: int | None
    by: int | None = None


def concurrent(cases: Cases) -> Callable[[str, str], bool]:
    """Whether two activities are concurrent: both orders occur, and neither a rule nor a loop is seen."""
    pairs: dict[tuple[str, str], int] = {}
    triples: dict[tuple[str, str], int] = {}
    for case in cases.values():
        names = [step.activity for step in case]
        for i in range(len(names) - 1):
            pairs[names[i], names[i + 1]] = pairs.get((names[i], names[i + 1]), 0) + 1
        for i in range(len(names) - 2):
            if names[i] == names[i + 2]:
                triples[names[i], names[i + 1]] = triples.get((names[i], names[i + 1]), 0) + 1

    def are(a: str, b: str) -> bool:
        ab, ba = pairs.get((a, b), 0), pairs.get((b, a), 0)
        loops = triples.get((a, b), 0) + triples.get((b, a), 0)
        both = a != b and ab > 0 and ba > 0
        no_rule = Fraction(abs(ab - ba), ab + ba + 1) < Fraction(9, 10)
        no_loop = Fraction(loops, loops + 1) < Fraction(9, 10)
        return both and no_rule and no_loop

    return are


def never(a: str, b: str) -> bool:
    """No two activities are concurrent: order="sequence"."""
    return False


def enabled_steps(
    log: Log,
    *,
    order: str = "concurrency",
    arrival: Mapping[str, int] | None = None,
    recorded: Mapping[int, int] | None = None,
) -> dict[int, Enabled]:
    """When each step could have begun, by row; `arrival` by case and `recorded` by row where known."""
    are = concurrent(log.cases) if order == "concurrency" else never
    found = {}
    for name, case in log.cases.items():
        begin = case_begins(case, (arrival or {}).get(name))
        for place, step in enumerate(case):
            by_rules = enabled_of(case, place, are, begin)
            told = (recorded or {}).get(step.row)
            holds = told is not None and told <= step.first
            found[step.row] = Enabled(told, by_rules.by) if holds else by_rules
    return found


def case_begins(case: Case, arrival: int | None) -> int | None:
    """The arrival where it is known and not after the first step, else the start of the first step."""
    known = arrival is not None and arrival <= case[0].first
    return arrival if known else case[0].start


def enabled_of(
    case: Case, place: int, are: Callable[[str, str], bool], begin: int | None
) -> Enabled:
    """The latest end of the earlier steps that it depends on, the last of several; else the case's begin."""
    step, latest = case[place], None
    for earlier in case[:place]:
        ended = earlier.end is not None and earlier.end <= step.first
        depends = not are(earlier.activity, step.activity)
        if ended and depends and (latest is None or earlier.end >= latest.end):
            latest = earlier
    return Enabled(begin) if latest is None else Enabled(latest.end, latest.row)


# --- estimated starts -----------------------------------------------------------------------------


def estimated_start(log: Log, step: Step, enabled: Enabled) -> int | None:
    """The later of enabled and the end of the step before of its resource; none where enabled is not known."""
    ordered = sorted((s for s in log.steps if s.end is not None), key=lambda s: s.end)  # ties stay
    before = ordered[: ordered.index(step)]
    ends = [s.end for s in before if s.resource is not None and s.resource == step.resource]
    return None if enabled.at is None else max([*ends[-1:], enabled.at])


def with_estimated_starts(log: Log, enabled: Mapping[int, Enabled]) -> Log:
    """The log with a start for every step without one, where it can be told; in its new order."""
    starts = {
        step.row: estimated_start(log, step, enabled[step.row])
        for step in log.steps
        if step.start is None
    }
    found = {row for row, start in starts.items() if start is not None}
    cases = {}
    for name, case in log.cases.items():
        steps = [replace(s, start=starts[s.row]) if s.row in found else s for s in case]
        cases[name] = sorted(steps, key=lambda step: (step.first, step.last))  # ties stay
    return replace(log, cases=cases, estimated=frozenset(found))


# --- batches --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Batch:
    """Rows that were done together, how, and from when (None: ever) until when they waited for that.

    Who is in a batch without an end of its waits did not wait for it.
    """

    kind: str
    rows: tuple[int, ...]
    complete: int | None
    since: int | None = None


def batches(
    log: Log, enabled: Mapping[int, Enabled], *, batch_size: int = 2, batch_gap: int = 0
) -> list[Batch]:
    """All batches; a step is in one at most, the first kind that holds."""
    found: list[Batch] = []

    def free() -> list[Step]:
        taken = {row for batch in found for row in batch.rows}
        return [step for step in log.steps if step.row not in taken]

    found += times_of_week(log)
    found += weekdays(log, free())
    if log.one_timestamp and log.precision != "day":
        found += stamped(log, free(), enabled, max(STAMPED, batch_size))
    found += parallel(free(), enabled, batch_size)
    found += runs(free(), enabled, batch_size, batch_gap)
    return found


def grouped(steps: Iterable[Step], key: Callable[[Step], object]) -> list[list[Step]]:
    """The steps with equal keys together, in the order given."""
    groups: dict[object, list[Step]] = {}
    for step in steps:
        groups.setdefault(key(step), []).append(step)
    return list(groups.values())


def to_be_scheduled(log: Log) -> list[list[Step]]:
    """The steps of each activity in each unit, where they are enough on enough days."""
    groups = grouped(log.steps, lambda step: (step.activity, step.unit))
    return [g for g in groups if len(g) >= ENOUGH and len({day_of(log, s) for s in g}) >= DAYS]


def day_of(log: Log, step: Step) -> date:
    """The day on which a step was taken up: that of its start, else of its end."""
    return log.local(step.first).date()


def is_midnight(log: Log, instant: int) -> bool:
    return log.local(instant).time() == MIDNIGHT


def sessions(log: Log, kind: str, steps: list[Step]) -> list[Batch]:
    """Steps of one time of week or weekday, a session on each day; it begins with its first take-up."""
    found: list[Batch] = []
    for group in grouped(sorted(steps, key=lambda s: s.first), lambda step: day_of(log, step)):
        before = found[-1].complete if found else None  # what was not ready for that one came later
        rows = tuple(sorted(step.row for step in group))
        found.append(Batch(kind, rows, min(step.first for step in group), before))
    return found


def times_of_week(log: Log) -> list[Batch]:
    """Sessions at a weekday and minute: of 20 steps, a tenth of all and half of the weekday's, on 5 days."""
    if log.precision == "day":
        return []

    def minute_of_week(step: Step) -> tuple[int, int, int]:
        wall = log.local(step.first)
        return wall.weekday(), wall.hour, wall.minute

    found = []
    for group in to_be_scheduled(log):
        timed = [step for step in group if not is_midnight(log, step.first)]
        for steps in grouped(timed, minute_of_week):
            weekday = day_of(log, steps[0]).weekday()
            same_day = [step for step in group if day_of(log, step).weekday() == weekday]
            many = len(steps) >= max(ENOUGH, Fraction(len(group), 10), Fraction(len(same_day), 2))
            if many and len({day_of(log, step) for step in steps}) >= DAYS:
                found += sessions(log, "time_of_week", steps)
    return found


def weekdays(log: Log, free: list[Step]) -> list[Batch]:
    """Sessions on the weekday that has half of the steps, and twice the share that others have on it."""

    def weekday(step: Step) -> int:
        return day_of(log, step).weekday()

    found = []
    for group in to_be_scheduled(log):
        others = [step for step in log.steps if step not in group]
        for steps in grouped(group, weekday):
            share = Fraction(len(steps), len(group))
            same = sum(weekday(step) == weekday(steps[0]) for step in others)
            usual = Fraction(same, len(others)) if others else Fraction(0)
            if share >= Fraction(1, 2) and share >= 2 * usual:
                found += sessions(log, "weekday", [step for step in steps if step in free])
    return found


def known_times(steps: Iterable[Step], enabled: Mapping[int, Enabled]) -> set[int]:
    """The different times at which steps were enabled, unknown ones left out."""
    return {enabled[step.row].at for step in steps if enabled[step.row].at is not None}


def batch_of(kind: str, steps: list[Step], enabled: Mapping[int, Enabled]) -> Batch:
    """A batch that is complete when its last member is enabled."""
    complete = max(known_times(steps, enabled), default=None)
    return Batch(kind, tuple(step.row for step in steps), complete)


def stamped(log: Log, free: list[Step], enabled: Mapping[int, Enabled], least: int) -> list[Batch]:
    """Steps of one activity and unit that end at the same instant, not all enabled at the same time."""
    steps = [step for step in free if not is_midnight(log, step.end)]
    groups = grouped(steps, lambda step: (step.activity, step.unit, step.end))
    return [
        batch_of("instant", group, enabled)
        for group in groups
        if len(group) >= least and len(known_times(group, enabled)) > 1
    ]


def has_both(step: Step) -> bool:
    return step.resource is not None and step.start is not None and step.end is not None


def parallel(free: list[Step], enabled: Mapping[int, Enabled], batch_size: int) -> list[Batch]:
    """Steps of one resource and activity with the same start and the same later end."""
    steps = [step for step in free if has_both(step) and step.start < step.end]
    groups = grouped(steps, lambda s: (s.resource, s.activity, s.start, s.end))
    return [batch_of("parallel", group, enabled) for group in groups if len(group) >= batch_size]


def runs(
    free: list[Step], enabled: Mapping[int, Enabled], batch_size: int, batch_gap: int
) -> list[Batch]:
    """Steps of one resource and activity that follow each other, all enabled when the first began."""
    found = []
    steps = [step for step in free if has_both(step)]
    for group in grouped(steps, lambda step: (step.resource, step.activity)):
        ordered = sorted(group, key=lambda step: (step.start, step.end))  # ties stay in order
        for run in cut_into_runs(ordered, batch_gap):
            for batch in cut_by_enabled(run, enabled):
                if len(batch) >= batch_size and len(known_times(batch, enabled)) > 1:
                    found.append(run_of(batch, enabled))
    return found


def cut_into_runs(ordered: list[Step], batch_gap: int) -> list[list[Step]]:
    """A run goes on while the next begins at most the gap after the latest end so far."""
    found: list[list[Step]] = []
    for step in ordered:
        if found and step.start <= max(s.end for s in found[-1]) + batch_gap:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def cut_by_enabled(run: list[Step], enabled: Mapping[int, Enabled]) -> list[list[Step]]:
    """A batch goes on while the next was enabled no later than the first step of the batch started."""
    found: list[list[Step]] = []
    for step in run:
        ready = enabled[step.row].at
        if found and ready is not None and ready <= found[-1][0].start:
            found[-1].append(step)
        else:
            found.append([step])
    return found


def run_of(batch: list[Step], enabled: Mapping[int, Enabled]) -> Batch:
    """Sequential where every step begins when or after the one before ended, else concurrent.

    Steps that overlap may do so by chance: they waited for each other only if all started at once.
    """
    follows = all(batch[i].start >= batch[i - 1].end for i in range(1, len(batch)))
    found = batch_of("sequential" if follows else "concurrent", batch, enabled)
    at_once = len({step.start for step in batch}) == 1
    return found if follows or at_once else replace(found, complete=None)


# --- the split ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Waited:
    """What is known of the wait of a step: parts are None where they cannot be computed."""

    step: Step
    enabled: Enabled
    basis: str
    wait: int | None
    parts: dict[str, int | None]
    batch: Batch | None = None


def split(
    log: Log,
    *,
    at_work: AtWork | None = None,
    then: Mapping[str, str] | None = None,
    order: str = "concurrency",
    starts: str | None = None,
    arrival: Mapping[str, int] | None = None,
    recorded: Mapping[int, int] | None = None,
    batch_size: int = 2,
    batch_gap: int = 0,
) -> dict[int, Waited]:
    """The wait of every step by row, split into its causes."""
    enabled = enabled_steps(log, order=order, arrival=arrival, recorded=recorded)
    if starts == "estimate":
        log = with_estimated_starts(log, enabled)
    together = batches(log, enabled, batch_size=batch_size, batch_gap=batch_gap)
    found = {}
    for step in log.steps:
        batch = next((b for b in together if step.row in b.rows), None)
        mine, wait, parts = enabled[step.row], None, dict.fromkeys(CAUSES)
        until = log.until(step)
        if mine.at is not None and until is not None:
            wait = until - mine.at
            parts = parts_of(log, enabled, step, batch, then or {}, at_work)
        found[step.row] = Waited(step, mine, log.basis(step), wait, parts, batch)
    return found


def parts_of(
    log: Log,
    enabled: Mapping[int, Enabled],
    step: Step,
    batch: Batch | None,
    then: Mapping[str, str],
    at_work: AtWork | None,
) -> dict[str, int | None]:
    """The causes of one wait, from enabled until it ended; None where it cannot be computed."""
    begin, until = enabled[step.row].at, log.until(step)
    said = any(each.activity in then for each in log.steps)
    external = said and whose_time(log.cases[step.case], begin, then) != "office"
    with_starts = any(each.start is not None for each in log.steps)
    batches_seen = not with_starts or step.resource is not None or batch is not None
    together = (begin, until) if external else batch_wait(batch, begin, until)
    left = [(begin, together[0]), (together[1], until)]
    known_work = step.resource is not None and step.start is not None
    others = busy_with(log, step) if known_work else []
    working = None if at_work is None else at_work(step, begin, until)
    pairs = [busy_parts(step, enabled, others, stretch) for stretch in left]
    contention, prioritisation = (sum(parts) for parts in zip(*pairs, strict=True))
    parts: dict[str, int | None] = {
        "external": (until - begin if external else 0) if said else None,
        "batching": (0 if external else together[1] - together[0]) if batches_seen else None,
        "contention": contention if known_work else None,
        "prioritisation": prioritisation if known_work else None,
        "unavailability": None if working is None else away(others, working, left),
    }
    return parts | {"unexplained": until - begin - sum(part or 0 for part in parts.values())}


def whose_time(case: Case, instant: int, then: Mapping[str, str]) -> str:
    """The owner that the last step said that ended by an instant; the office without any."""
    ended = [step for step in case if step.end is not None and step.end <= instant]
    said = [step for step in ended if step.activity in then]
    if not said:
        return "office"
    latest = max(step.end for step in said)
    owners = {then[step.activity] for step in said if step.end == latest}
    return next(owner for owner in ("office", "third_party", "applicant") if owner in owners)


def batch_wait(batch: Batch | None, begin: int, until: int) -> Interval:
    """The part of a wait that was for its batch; an empty one at its begin where none was."""
    if batch is None or batch.complete is None:
        return begin, begin
    since = begin if batch.since is None else max(begin, batch.since)
    complete = min(batch.complete, until)
    return (since, complete) if since < complete else (begin, begin)


def busy_with(log: Log, step: Step) -> list[Step]:
    """All other steps of the resource that occupy it: those with start and end that never stood still."""
    steps = [other for other in log.steps if other.row != step.row and has_both(other)]
    return [s for s in steps if s.resource == step.resource and s.row not in log.suspended]


def is_busy_with(other: Step, stretch: Interval) -> bool:
    return other.start <= stretch[0] and stretch[1] <= other.end


def busy_parts(
    step: Step, enabled: Mapping[int, Enabled], others: list[Step], left: Interval
) -> tuple[int, int]:
    """Contention and prioritisation in a stretch of a wait: k steps at once have 1/k of each instant."""
    earlier, later = Fraction(0), Fraction(0)
    for stretch in stretches([(s.start, s.end) for s in others], [left]):
        length = stretch[1] - stretch[0]
        busy = [other for other in others if is_busy_with(other, stretch)]
        for other in busy:
            ready = enabled[other.row].at
            if (other.start if ready is None else ready) <= enabled[step.row].at:
                earlier += Fraction(length, len(busy))
            else:
                later += Fraction(length, len(busy))
    return shared(earlier, later)


def away(others: list[Step], working: list[Interval], left: list[Interval]) -> int:
    """The time in what is left of a wait in which the resource is neither busy nor at work."""
    total = 0
    for stretch in stretches([*working, *[(s.start, s.end) for s in others]], left):
        at_work = any(opens <= stretch[0] and stretch[1] <= closes for opens, closes in working)
        if not at_work and not any(is_busy_with(other, stretch) for other in others):
            total += stretch[1] - stretch[0]
    return total


def stretches(intervals: list[Interval], left: list[Interval]) -> list[Interval]:
    """What is left of a wait, cut wherever an interval begins or ends."""
    edges = {instant for interval in intervals for instant in interval}
    found: list[Interval] = []
    for begin, until in left:
        inside = sorted({begin, until} | {edge for edge in edges if begin < edge < until})
        found += pairwise(inside)
    return found


def shared(earlier: Fraction, later: Fraction) -> tuple[int, int]:
    """Both rounded down; what remains of their whole sum goes to the larger, at equality to the first."""
    contention, prioritisation = floor(earlier), floor(later)
    remains = int(earlier + later) - contention - prioritisation
    if earlier >= later:
        return contention + remains, prioritisation
    return contention, prioritisation + remains


# --- at work --------------------------------------------------------------------------------------


def minutes_of_day(text: str) -> int:
    hour, minute = text.split(":")
    return 60 * int(hour) + int(minute)


@dataclass(frozen=True)
class WeeklyHours:
    """The hours of each weekday (Monday is 0) as pairs of "10:00" texts, on the clock of a zone."""

    week: Mapping[int, Sequence[tuple[str, str]]]
    tz: str = "UTC"
    off: frozenset[date] = frozenset()

    def between(self, begin: int, until: int) -> list[Interval]:
        """The intervals at work that meet two instants, in zones and weeks without a change of clocks."""
        zone = ZoneInfo(self.tz)
        day = (EPOCH + begin * MICROSECOND).astimezone(zone).date()
        last = (EPOCH + until * MICROSECOND).astimezone(zone).date()
        found = []
        while day <= last:
            midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
            for pair in () if day in self.off else self.week.get(day.weekday(), ()):
                walls = [midnight + timedelta(minutes=minutes_of_day(text)) for text in pair]
                opens, closes = (wall.astimezone(UTC) - EPOCH for wall in walls)
                found.append((opens // MICROSECOND, closes // MICROSECOND))
            day += timedelta(days=1)
        return found


def home(resource: str, steps: Iterable[Step]) -> str | None:
    """The unit in which a resource has most steps, of equal ones the first by name."""
    units = [step.unit for step in steps if step.resource == resource and step.unit is not None]
    return min(units, key=lambda unit: (-units.count(unit), unit), default=None)


def at_work_by(hours: Mapping[str, WeeklyHours], steps: Iterable[Step] = ()) -> AtWork:
    """The hours of the resource, else of its unit, of steps without one of theirs, else those under "*"."""
    steps = list(steps)

    def at_work(step: Step, begin: int, until: int) -> list[Interval] | None:
        unit = step.unit if step.resource is None else home(step.resource, steps)
        for name in (step.resource, unit, "*"):
            if name is not None and name in hours:
                return hours[name].between(begin, until)
        return None

    return at_work


# --- what each cause costs ------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """How long the steps of a key waited for a cause (None: it can be computed for none), of how long in all.

    ``known`` is how long those waited of which it can be computed.
    """

    time: int | None
    known: int
    wait: int
    steps: int
    cases: int


def costs(waits: Iterable[Waited], key: Callable[[Waited], Any]) -> dict[tuple[Any, str], Cost]:
    """Per key and cause, over the steps whose wait is known."""
    groups: dict[Any, list[Waited]] = {}
    for waited in waits:
        if waited.wait is not None:
            groups.setdefault(key(waited), []).append(waited)
    found = {}
    for name, group in groups.items():
        wait = sum(waited.wait for waited in group)
        for cause in CAUSES:
            known = [waited for waited in group if waited.parts[cause] is not None]
            some = [waited for waited in known if waited.parts[cause] > 0]
            time = sum(waited.parts[cause] for waited in known) if known else None
            cases = len({waited.step.case for waited in some})
            waits_known = sum(waited.wait for waited in known)
            found[name, cause] = Cost(time, waits_known, wait, len(some), cases)
    return found


def efficiency(
    waits: Iterable[Waited],
    stood_still: Mapping[int, int],
    saves: Callable[[Waited], int | None] = lambda waited: 0,
) -> Fraction | None:
    """Processing / (processing + waiting) time of the steps of which both are known, less what each of them saves.

    While a step stood still (how long, by row) nobody worked on it, and it waited.
    """
    processing = waiting = 0
    for waited in waits:
        known = waited.step.start is not None and waited.step.end is not None
        if known and waited.wait is not None:
            processing += waited.step.end - waited.step.start - stood_still.get(waited.step.row, 0)
            waiting += waited.wait - (saves(waited) or 0) + stood_still.get(waited.step.row, 0)
    total = processing + waiting
    return Fraction(processing, total) if total else None
