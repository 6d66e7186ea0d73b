"""Comparisons, bottlenecks and opportunities again, naively: plain loops and exact fractions.

Nothing here uses procmine, numpy or pandas. Times are whole microseconds; None is "not known".
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from tests.kpi import oracle_waiting
from tests.oracle import DAY, Case, CaseTimes, case_times, quantile

Lasted = tuple[int, bool]
"""How long a case was followed, and whether it had ended then."""


# --- cycle times ----------------------------------------------------------------------------------


def survivors(lasted: Sequence[Lasted]) -> list[tuple[int, Fraction]]:
    """Kaplan and Meier: at each time the share that lasts longer."""
    share, curve = Fraction(1), []
    for time in sorted({time for time, _ in lasted}):
        at_risk = sum(t >= time for t, _ in lasted)
        ended = sum(t == time and end for t, end in lasted)
        share *= 1 - Fraction(ended, at_risk)
        curve.append((time, share))
    return curve


def survival_quantile(lasted: Sequence[Lasted], p: Fraction) -> int | None:
    """The first time at which at most 1 - p still last."""
    return next((time for time, share in survivors(lasted) if share <= 1 - p), None)


def survival_mean(lasted: Sequence[Lasted], until: int) -> Fraction:
    """The area under the curve up to a time."""
    area, share, before = Fraction(0), Fraction(1), 0
    for time, after in [*survivors(lasted), (until, Fraction(0))]:
        area += share * max(min(time, until) - before, 0)
        before, share = max(min(time, until), before), after
    return area


def expected_to_end(one: Sequence[Lasted], both: Sequence[Lasted]) -> Fraction:
    """How many of one group would have ended, were both alike."""
    total = Fraction(0)
    for time in {time for time, end in both if end}:
        ended = sum(t == time and end for t, end in both)
        total += Fraction(ended * sum(t >= time for t, _ in one), sum(t >= time for t, _ in both))
    return total


# --- the measures of one side of a comparison -----------------------------------------------------


def side(
    cases: Mapping[str, Case],
    closing: Collection[str] | None,
    as_of: int,
    waits: Mapping[int, int | None],
) -> dict[tuple[str, str | None], tuple[Fraction | None, int]]:
    """Each ratio of a comparison by measure and activity: its value and how many cases are behind it."""
    times = {name: case_times(case, closing, as_of) for name, case in cases.items()}
    begun = {n: [s for s in case if s.first <= as_of] for n, case in cases.items()}
    begun = {name: case for name, case in begun.items() if case}
    complete = [case for name, case in begun.items() if times[name].state in ("closed", "unknown")]
    found = {
        ("steps", None): mean([len(case) for case in complete]),
        ("rework_share", None): mean([repeats(case) for case in complete]),
        ("handovers", None): mean([passages(case) for case in complete]),
        ("waiting_time", None): mean(
            known([whole(waits[s.row] for s in c if s.row in waits) for c in complete])
        ),
        ("processing_time", None): mean(known([whole(map(worked, c)) for c in complete])),
    }
    if closing is not None:
        closed = [times[name].state == "closed" for name in begun]
        found["closed_share", None] = mean(closed)
    for activity in sorted({s.activity for case in begun.values() for s in case}):
        steps = [s for case in begun.values() for s in case if s.activity == activity]
        steps = [s for s in steps if waits.get(s.row) is not None]
        value, _ = mean([waits[s.row] for s in steps])
        found["step_wait", activity] = value, len({s.case for s in steps})
    return found


def mean(values: Sequence[int]) -> tuple[Fraction | None, int]:
    return (Fraction(sum(values), len(values)) if values else None), len(values)


def known(values: Sequence[int | None]) -> list[int]:
    return [value for value in values if value is not None]


def whole(values) -> int | None:
    """The sum, unless one is not known."""
    listed = list(values)
    return None if None in listed else sum(listed)


def worked(step) -> int | None:
    return None if step.start is None or step.end is None else step.end - step.start


def repeats(case: Case) -> bool:
    return len({step.activity for step in case}) < len(case)


def passages(case: Case) -> int:
    """How often the next step is of another unit."""
    pairs = pairwise(case)
    return sum(a.unit is not None and b.unit is not None and a.unit != b.unit for a, b in pairs)


def lasted(times: CaseTimes) -> Lasted | None:
    """How long a case was followed, None where that is not known."""
    if times.cycle_time is not None and times.cycle_time >= 0:
        return times.cycle_time, True
    return None if times.age is None else (times.age, False)


def step_waits(
    log: oracle_waiting.Log, together: Sequence[oracle_waiting.Log], *, starts: bool
) -> dict[int, int | None]:
    """The wait of every step by row: from enabled to start, or to the end where there are no starts.

    Without starts, what no step has enabled is left out: since when it was worked on nobody knows.
    Which activities are concurrent, all the logs say together.
    """
    every = {(n, name): case for n, one in enumerate(together) for name, case in one.cases.items()}
    are = oracle_waiting.concurrent(every)
    enabled = {
        step.row: oracle_waiting.enabled_of(
            case, place, are, oracle_waiting.case_begins(case, None)
        )
        for case in log.cases.values()
        for place, step in enumerate(case)
    }
    found = {}
    for step in log.steps:
        if not starts and enabled[step.row].by is None:
            continue
        until, at = step.start if starts else step.end, enabled[step.row].at
        found[step.row] = None if until is None or at is None else until - at
    return found


def in_days(value: Fraction | int | None) -> float | None:
    return None if value is None else float(Fraction(value) / DAY)


# --- bottlenecks ----------------------------------------------------------------------------------

Wait = tuple[str, str, int, int]
"""The key and the case of a step, when it was enabled and when its wait ended."""


def bottlenecks(waits: Sequence[Wait], begin: int, until: int, last: bool) -> dict[str, dict]:
    """What each key lost within a period; with `last` its end belongs to it."""

    def inside(time: int) -> bool:
        return begin <= time and (time <= until if last else time < until)

    found = {}
    for key in sorted({wait[0] for wait in waits}):
        touching = [
            w
            for w in waits
            if w[0] == key and w[3] >= begin and (w[2] <= until if last else w[2] < until)
        ]
        if not touching:
            continue
        went = [(case, end - at) for _, case, at, end in touching if inside(end)]
        found[key] = {
            "lost": sum(min(end, until) - max(at, begin) for _, _, at, end in touching),
            "steps": len(went),
            "cases": len({case for case, _ in went}),
            "median": quantile([wait for _, wait in went], 0.5),
            "p90": quantile([wait for _, wait in went], 0.9),
            "arrivals": sum(inside(at) for _, _, at, _ in touching),
            "waiting": sum(at < until <= end for _, _, at, end in touching),
        }
    return found


def slope(points: Sequence[tuple[int, Fraction]]) -> Fraction:
    """The median of the slopes between any two points (Theil and Sen)."""
    slopes = sorted(
        (y - v) / (x - u) for i, (x, y) in enumerate(points) for u, v in points[:i] if x != u
    )
    half = len(slopes) // 2
    return slopes[half] if len(slopes) % 2 else (slopes[half - 1] + slopes[half]) / 2


# --- opportunities --------------------------------------------------------------------------------


def new_ends(
    case: Case,
    concurrent: Callable[[str, str], bool],
    waits: Mapping[int, int | None],
    begin: int | None,
) -> dict[int, int]:
    """When each step of a case would be over, by row, with other waits; what is not known stays as it was.

    A step is enabled when all that it depends on are over: those before it in the case that had ended
    by the time it began, and whose activities are not concurrent with its own.
    """
    ends: dict[int, int] = {}
    for place, step in enumerate(case):
        needed = [
            other
            for other in case[:place]
            if other.end is not None
            and other.end <= step.first
            and not concurrent(other.activity, step.activity)
        ]
        before = max([other.end for other in needed], default=begin)
        after = max([ends[other.row] for other in needed], default=begin)
        wait = waits.get(step.row)
        if wait is None:
            earlier = 0 if before is None else before - after
            ends[step.row] = step.last - earlier
        elif step.start is None:  # one timestamp: the sojourn is the wait
            ends[step.row] = after + wait
        else:
            ends[step.row] = after + wait + (step.last - step.start)
    return ends


def new_cycle_time(
    case: Case, ends: Mapping[int, int], closing: Collection[str] | None
) -> int | None:
    """How long a case would take: until its closing step ends, or the last of all where none is named."""
    if closing is None:
        return max(ends.values()) - case[0].first
    closings = [s for s in case if s.activity in closing and s.end is not None]
    if not closings:
        return None
    return ends[max(closings, key=lambda step: (step.end, case.index(step))).row] - case[0].first
