"""The measures again, naively: plain loops over one case at a time, from the definitions only.

Nothing here uses procmine, numpy or pandas, so that a fault there cannot repeat itself here. Times
are whole microseconds since 1970 in UTC; None is "not known". It is slow, and meant to be read.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from math import floor
from zoneinfo import ZoneInfo

SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR
ARROW = " → "
ENDINGS = ("complete", "withdraw", "ate_abort", "pi_abort")


@dataclass(frozen=True)
class Step:
    """One activity instance; a step without start and without end is not a step."""

    case: str
    activity: str
    start: int | None = None
    end: int | None = None
    resource: str | None = None
    unit: str | None = None
    row: int = 0

    def __post_init__(self) -> None:
        if self.start is None and self.end is None:
            raise ValueError(f"row {self.row} has neither start nor end")

    @property
    def first(self) -> int:
        """Start, or else end."""
        return self.end if self.start is None else self.start

    @property
    def last(self) -> int:
        """End, or else start."""
        return self.start if self.end is None else self.end


Case = list[Step]
Cases = dict[str, Case]


# --- order, transitions ---------------------------------------------------------------------------


def sort_steps(steps: Iterable[Step], activity_order: Sequence[str] | None = None) -> Cases:
    """The steps of each case by first, last, declared rank of the activity, row; cases by label."""
    declared = list(activity_order or ())

    def rank(activity: str) -> int:
        return declared.index(activity) if activity in declared else len(declared)

    cases: Cases = {}
    for step in steps:
        cases.setdefault(step.case, []).append(step)
    for case in cases.values():
        case.sort(key=lambda step: (step.first, step.last, rank(step.activity), step.row))
    return dict(sorted(cases.items()))


@dataclass(frozen=True)
class Transition:
    """Two consecutive steps of a case."""

    case: str
    source: str
    target: str
    time: int
    overlap: bool


def steps_to_transitions(case: Case) -> list[Transition]:
    """Each step of an ordered case with the next: the gap between them, 0 where they overlap."""
    found = []
    for i in range(len(case) - 1):
        source, target = case[i], case[i + 1]
        gap = target.first - source.last
        found.append(
            Transition(source.case, source.activity, target.activity, max(0, gap), gap < 0)
        )
    return found


# --- numbers --------------------------------------------------------------------------------------


def quantile(values: Iterable[int], p: float) -> float | None:
    """The value at position (n - 1) * p of the sorted values, linear between two of them."""
    ordered = sorted(values)
    if not ordered:
        return None
    position = (len(ordered) - 1) * p
    below = floor(position)
    if below == len(ordered) - 1:
        return float(ordered[below])
    return ordered[below] + (ordered[below + 1] - ordered[below]) * (position - below)


def mean(values: Sequence[int]) -> float | None:
    """The sum divided by the count."""
    return sum(values) / len(values) if values else None


# --- process map, variants ------------------------------------------------------------------------


@dataclass(frozen=True)
class Node:
    """An activity of the process map."""

    steps: int
    cases: int
    case_share: float
    starts: int
    ends: int


@dataclass(frozen=True)
class Edge:
    """A pair of activities that follow each other; times in microseconds."""

    count: int
    cases: int
    total_time: int
    mean_time: float
    median_time: float
    p90_time: float
    overlaps: int


def process_map(cases: Cases) -> tuple[dict[str, Node], dict[tuple[str, str], Edge]]:
    """Nodes by activity, edges by (source, target)."""
    return map_nodes(cases), map_edges(cases)


def map_nodes(cases: Cases) -> dict[str, Node]:
    """Count steps, distinct cases, and cases that begin or finish with each activity."""
    nodes = {}
    for activity in {step.activity for case in cases.values() for step in case}:
        steps = having = starts = ends = 0
        for case in cases.values():
            here = [step for step in case if step.activity == activity]
            steps += len(here)
            having += bool(here)
            starts += case[0].activity == activity
            ends += case[-1].activity == activity
        nodes[activity] = Node(steps, having, having / len(cases), starts, ends)
    return nodes


def map_edges(cases: Cases) -> dict[tuple[str, str], Edge]:
    """Count the transitions of each pair, in all and in distinct cases, and measure their times."""
    found: dict[tuple[str, str], list[Transition]] = {}
    for case in cases.values():
        for transition in steps_to_transitions(case):
            found.setdefault((transition.source, transition.target), []).append(transition)
    edges = {}
    for pair, transitions in found.items():
        times = [transition.time for transition in transitions]
        edges[pair] = Edge(
            count=len(times),
            cases=len({transition.case for transition in transitions}),
            total_time=sum(times),
            mean_time=mean(times),
            median_time=quantile(times, 0.5),
            p90_time=quantile(times, 0.9),
            overlaps=sum(transition.overlap for transition in transitions),
        )
    return edges


@dataclass(frozen=True)
class Variant:
    """The cases that did the same activities in the same order."""

    activities: tuple[str, ...]
    text: str
    cases: int
    share: float
    cumulative_share: float
    median_cycle_time: float | None


def variants(
    cases: Cases, cycle_times: Mapping[str, int | None] | None = None
) -> dict[tuple[str, ...], Variant]:
    """The variants by (cases downwards, text, activities); they come back in that order.

    Two variants may share their text when a label holds the arrow: they stay two.
    `cycle_times` has one per case, None where it has none; by default it is last - first.
    """
    if cycle_times is None:
        cycle_times = {name: case_last(case) - case_first(case) for name, case in cases.items()}
    members: dict[tuple[str, ...], list[str]] = {}
    for name, case in cases.items():
        members.setdefault(tuple(step.activity for step in case), []).append(name)
    ordered = sorted(members, key=lambda path: (-len(members[path]), ARROW.join(path), path))
    result, so_far = {}, 0
    for path in ordered:
        names = members[path]
        so_far += len(names)
        times = [cycle_times[name] for name in names if cycle_times[name] is not None]
        result[path] = Variant(
            path,
            ARROW.join(path),
            len(names),
            len(names) / len(cases),
            so_far / len(cases),
            quantile(times, 0.5),
        )
    return result


def case_first(case: Case) -> int:
    """The earliest time of a case."""
    return min(step.first for step in case)


def case_last(case: Case) -> int:
    """The latest time of a case."""
    return max(step.last for step in case)


# --- lifecycle ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class LifecycleEvent:
    """One row of an export in which a step has a row per transition."""

    case: str
    activity: str
    transition: str
    time: int
    resource: str | None = None
    instance: str | None = None
    row: int = 0


@dataclass(frozen=True)
class PairedStep:
    """A step made of lifecycle rows; `start_row` or `end_row` is None where that row is missing."""

    case: str
    activity: str
    start: int | None
    end: int | None
    suspended: int
    start_row: int | None
    end_row: int | None
    start_resource: str | None
    end_resource: str | None


@dataclass(frozen=True)
class Pairing:
    """The steps by (case, time, row) and the rows that are in none of them."""

    key: str
    steps: list[PairedStep]
    left_aside: list[LifecycleEvent]
    without_effect: list[LifecycleEvent]


def pairing_key(events: Collection[LifecycleEvent]) -> str:
    """What tells two steps of one case and activity apart: one answer for the whole log."""
    if all(event.instance is not None for event in events):
        return "instance"
    if all(event.resource is not None for event in events):
        return "resource"
    return "activity"


def pair_lifecycle(events: Collection[LifecycleEvent]) -> Pairing:
    """Pair starts and ends of each key, first in first out in (time, row) order.

    Suspended time belongs to the earliest-started open step of the key, until resumed or ended; a
    suspend of a step already suspended, a resume of one that is not, and either of them without an
    open step, are `without_effect`. A step that never ends keeps its finished suspensions only.
    """
    key = pairing_key(events)
    groups: dict[tuple[str, ...], list[LifecycleEvent]] = {}
    for event in events:
        extra = () if key == "activity" else (getattr(event, key),)
        groups.setdefault((event.case, event.activity, *extra), []).append(event)
    pairs = [_pair_group(sorted(group, key=_moment)) for group in groups.values()]
    return Pairing(
        key,
        sorted((step for steps, _, _ in pairs for step in steps), key=_paired_order),
        sorted((event for _, aside, _ in pairs for event in aside), key=lambda event: event.row),
        sorted((event for _, _, idle in pairs for event in idle), key=lambda event: event.row),
    )


def _moment(event: LifecycleEvent) -> tuple[int, int]:
    return (event.time, event.row)


def _paired_order(step: PairedStep) -> tuple[str, int, int]:
    if step.start is None:
        return (step.case, step.end, step.end_row)
    return (step.case, step.start, step.start_row)


@dataclass
class _Open:
    begun: LifecycleEvent
    suspended: int = 0
    since: int | None = None

    def close(self, event: LifecycleEvent | None) -> PairedStep:
        suspended = self.suspended
        if event is not None and self.since is not None:
            suspended += event.time - self.since
        return _paired(self.begun, event, suspended)


def _paired(
    begun: LifecycleEvent | None, ended: LifecycleEvent | None, suspended: int
) -> PairedStep:
    known = begun or ended
    return PairedStep(
        known.case,
        known.activity,
        begun.time if begun else None,
        ended.time if ended else None,
        suspended,
        begun.row if begun else None,
        ended.row if ended else None,
        begun.resource if begun else None,
        ended.resource if ended else None,
    )


def _pair_group(
    events: list[LifecycleEvent],
) -> tuple[list[PairedStep], list[LifecycleEvent], list[LifecycleEvent]]:
    queue: list[_Open] = []
    steps: list[PairedStep] = []
    aside: list[LifecycleEvent] = []
    idle: list[LifecycleEvent] = []
    for event in events:
        transition = event.transition.lower()
        head = queue[0] if queue else None
        if transition == "start":
            queue.append(_Open(event))
        elif transition in ENDINGS:
            steps.append(queue.pop(0).close(event) if head else _paired(None, event, 0))
        elif transition == "suspend" and head and head.since is None:
            head.since = event.time
        elif transition == "resume" and head and head.since is not None:
            head.suspended += event.time - head.since
            head.since = None
        elif transition in ("suspend", "resume"):
            idle.append(event)
        else:
            aside.append(event)
    steps.extend(still_open.close(None) for still_open in queue)
    return steps, aside, idle


# --- cases at a moment ----------------------------------------------------------------------------


@dataclass(frozen=True)
class CaseTimes:
    """What is known of a case at `as_of`; times and durations in microseconds."""

    case: str
    state: str
    started: int | None
    ended: int | None
    closed_at: int | None
    cycle_time: int | None
    age: int | None
    steps: int
    after_closing: int | None


def case_times(steps: Case, closing_activities: Collection[str] | None, as_of: int) -> CaseTimes:
    """State and times of one case, from the steps that have begun by `as_of`.

    It closes at the latest end, not after `as_of`, of its closing steps. `ended` is the last known
    time: of steps still running at `as_of` that is their start.
    """
    name = steps[0].case
    begun = [step for step in steps if step.first <= as_of]
    if not begun:
        return CaseTimes(name, "not_started", None, None, None, None, None, 0, None)
    first = min(step.first for step in begun)
    ends = [step for step in begun if step.end is not None and step.end <= as_of]
    last = max([step.first for step in begun] + [step.end for step in ends])
    if closing_activities is None:
        return CaseTimes(name, "unknown", first, last, None, last - first, None, len(begun), None)
    closings = [step.end for step in ends if step.activity in closing_activities]
    if not closings:
        return CaseTimes(name, "open", first, last, None, None, as_of - first, len(begun), 0)
    closed_at = max(closings)
    after = sum(step.first > closed_at for step in begun)
    return CaseTimes(
        name, "closed", first, last, closed_at, closed_at - first, None, len(begun), after
    )


# --- periods --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PeriodKpis:
    """One period; cycle times in days of 86,400 s over `n` cases."""

    period: str
    period_start: date
    started: int
    completed: int | None
    open: int | None
    cycle_time_median: float | None
    cycle_time_p80: float | None
    cycle_time_p90: float | None
    cycle_time_mean: float | None
    n: int


def local_date(time: int, tz: str) -> date:
    """The date on the office's calendar at an instant."""
    instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=time)
    return instant.astimezone(ZoneInfo(tz)).date()


def period_start(day: date, period: str) -> date:
    """The first day of the period that holds a day."""
    if period == "D":
        return day
    if period == "W":
        return day - timedelta(days=day.weekday())
    if period == "M":
        return day.replace(day=1)
    if period == "Q":
        return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
    if period == "Y":
        return date(day.year, 1, 1)
    raise ValueError(f"period {period!r} is none of D, W, M, Q, Y")


def period_label(start: date, period: str) -> str:
    """2026-11-21, 2026-W47, 2026-11, 2026-Q4 or 2026."""
    if period == "D":
        return start.isoformat()
    if period == "W":
        year, week, _ = start.isocalendar()
        return f"{year:04}-W{week:02}"
    if period == "M":
        return f"{start.year:04}-{start.month:02}"
    if period == "Q":
        return f"{start.year:04}-Q{(start.month + 2) // 3}"
    return f"{start.year:04}"


def periods_between(first: date, last: date, period: str) -> list[date]:
    """The start of every period from that of `first` to that of `last`, found day by day."""
    starts = [period_start(first, period)]
    day = first
    while day < last:
        day += timedelta(days=1)
        if period_start(day, period) != starts[-1]:
            starts.append(period_start(day, period))
    return starts


def kpis(cases: Iterable[CaseTimes], period: str, tz: str, as_of: int) -> list[PeriodKpis]:
    """The KPIs of every period from the first start to `as_of`; `cases` are taken at `as_of`."""
    known = [case for case in cases if case.state != "not_started"]
    if not known:
        return []
    unknown = any(case.state == "unknown" for case in known)

    def starts_in(time: int) -> date:
        return period_start(local_date(time, tz), period)

    earliest = local_date(min(case.started for case in known), tz)
    rows, still_open = [], 0
    for begin in periods_between(earliest, local_date(as_of, tz), period):
        started = sum(starts_in(case.started) == begin for case in known)
        if unknown:
            done = [case for case in known if starts_in(case.ended) == begin]
        else:
            closed = [case for case in known if case.closed_at is not None]
            done = [case for case in closed if starts_in(case.closed_at) == begin]
        still_open += started - len(done)
        times = [case.cycle_time for case in done]
        rows.append(
            PeriodKpis(
                period_label(begin, period),
                begin,
                started,
                None if unknown else len(done),
                None if unknown else still_open,
                in_days(quantile(times, 0.5)),
                in_days(quantile(times, 0.8)),
                in_days(quantile(times, 0.9)),
                in_days(mean(times)),
                len(done),
            )
        )
    return rows


def in_days(duration: float | None) -> float | None:
    """Microseconds as days of 86,400 s."""
    return None if duration is None else duration / DAY


# --- summaries ------------------------------------------------------------------------------------


def whole_milliseconds(duration: int) -> int:
    """Microseconds as milliseconds, halves away from 0."""
    size = (abs(duration) + 500) // 1000
    return -size if duration < 0 else size


def rounded(value: int, bits: int | None) -> int:
    """The midpoint of the cell of a value, the same on both sides of 0; all values if no bits."""
    size = abs(value)
    if bits is None or size < 2**bits:
        return value
    e = size.bit_length() - (bits + 1)
    cell = (size >> e) << e
    middle = cell + 2 ** (e - 1) if e >= 1 else cell
    return -middle if value < 0 else middle


def summary(
    values_by_key: Mapping[Hashable, Iterable[int | None]], bits: int | None = None
) -> dict[tuple[Hashable, int], tuple[int, int]]:
    """(key, value in ms) -> (n, total in ms) of microseconds; None is no observation."""
    cells: dict[tuple[Hashable, int], tuple[int, int]] = {}
    for key, durations in values_by_key.items():
        for duration in durations:
            if duration is None:
                continue
            exact = whole_milliseconds(duration)
            n, total = cells.get((key, rounded(exact, bits)), (0, 0))
            cells[key, rounded(exact, bits)] = (n + 1, total + exact)
    return cells


# --- filters --------------------------------------------------------------------------------------


def filter_period(cases: Cases, a: int, b: int, mode: str) -> Cases:
    """The cases whose [first, last] meets [a, b), lies in it, begins in it or finishes in it."""

    def keep(case: Case) -> bool:
        first, last = case_first(case), case_last(case)
        if mode == "intersecting":
            return first < b and last >= a
        if mode == "contained":
            return first >= a and last < b
        if mode == "started":
            return a <= first < b
        if mode == "completed":
            return a <= last < b
        raise ValueError(f"mode {mode!r} is none of intersecting, contained, started, completed")

    return {name: case for name, case in cases.items() if keep(case)}


def filter_follower(cases: Cases, a: str, b: str, within: int | None = None) -> Cases:
    """The cases in which some step `a` is followed, now or later in the order, by a step `b`.

    With `within`, from the end of that `a` to the start of that `b` passes no more than it.
    """

    def follows(source: Step, target: Step) -> bool:
        in_time = within is None or target.first - source.last <= within
        return source.activity == a and target.activity == b and in_time

    def keep(case: Case) -> bool:
        pairs = ((case[i], later) for i in range(len(case)) for later in case[i + 1 :])
        return any(follows(source, target) for source, target in pairs)

    return {name: case for name, case in cases.items() if keep(case)}
