"""Rework and handovers again, naively: plain loops over the steps of one case, from docs/rework.md only."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from tests.oracle import Case, Step

Pairs = set[tuple[str, str]]


@dataclass(frozen=True)
class Rules:
    """What a procedure says, as plain values; None is "nobody says it"."""

    before: Pairs | None = None
    closing: Collection[str] | None = None
    requests: Collection[str] | None = None


@dataclass
class Counted:
    """The steps of a row (their places in the case) and the time that each of them added."""

    lost: dict[int, int] = field(default_factory=dict)


def before_in_flow(flow: Any) -> Pairs:
    """Which activity stands before which: `flow` is a text, or (kind, parts) with a sequence, parallel or choice."""
    named = list(_named(flow))
    pairs = set()
    for x in named:
        for y in named:
            if named.count(x) == named.count(y) == 1 and _ordered(flow, x, y):
                pairs.add((x, y))
    return pairs


def _named(flow: Any) -> list[str]:
    return [flow] if isinstance(flow, str) else [name for part in flow[1] for name in _named(part)]


def _ordered(flow: Any, x: str, y: str) -> bool:
    if isinstance(flow, str):
        return False
    kind, parts = flow
    at_x = next(i for i, part in enumerate(parts) if x in _named(part))
    at_y = next(i for i, part in enumerate(parts) if y in _named(part))
    if at_x == at_y:
        return _ordered(parts[at_x], x, y)
    return kind == "sequence" and at_x < at_y


def closed_at(case: Case, closing: Collection[str] | None) -> int | None:
    """The latest end of the closing steps; the last known time stands in for a missing end in a procedure."""
    ends = [step.last for step in case if closing is not None and step.activity in closing]
    return max(ends, default=None)


def come_to(case: Case, closed: int | None) -> list[int]:
    """After each step, the latest time so far, at most the closing."""
    reached = []
    for place in range(len(case)):
        latest = max(step.last for step in case[: place + 1])
        reached.append(latest if closed is None else min(latest, closed))
    return reached


def previous(case: Case, place: int) -> int | None:
    """The place of the previous step of the same activity."""
    for other in range(place - 1, -1, -1):
        if case[other].activity == case[place].activity:
            return other
    return None


def repeat(case: Case, place: int) -> tuple[str, str | None] | None:
    """The kind of a repeated step, and by whom."""
    before = previous(case, place)
    if before is None:
        return None
    who, whose = case[place].resource, case[before].resource
    by = None if who is None or whose is None else "same" if who == whose else "other"
    return ("self_loop" if before == place - 1 else "repetition"), by


def loops(case: Case) -> list[tuple[int, int]]:
    """The loops of a case as places (from, to), which follow each other."""
    found, place = [], 0
    while place < len(case):
        last = max(i for i in range(len(case)) if case[i].activity == case[place].activity)
        if last > place:
            found.append((place, last))
        place = last + 1
    return found


def lost_in_loops(case: Case, reached: list[int]) -> dict[int, int]:
    """The time that each repeated step added."""
    lost = {i: 0 for i in range(len(case)) if previous(case, i) is not None}
    for begin, end in loops(case):
        for place in range(begin + 1, end + 1):
            if case[place].activity == case[begin].activity:
                lost[place] = reached[place] - reached[previous(case, place)]
    return lost


def returns(case: Case, before: Pairs) -> list[int]:
    """The places of the steps back in the flow."""
    return [
        i
        for i, step in enumerate(case)
        if any((step.activity, earlier.activity) in before for earlier in case[:i])
    ]


def lost_in_returns(case: Case, reached: list[int], before: Pairs) -> dict[int, int]:
    lost, within = {}, loops(case)
    repeated = lost_in_loops(case, reached)
    for place in returns(case, before):
        if place in repeated:
            lost[place] = repeated[place]
        elif any(begin < place <= end for begin, end in within):
            lost[place] = 0
        else:
            lost[place] = reached[place] - reached[place - 1]
    return lost


def reopened(case: Case, closing: Collection[str]) -> list[int]:
    """The places of the steps from the first on that reopens the case."""
    for place, step in enumerate(case):
        ends = [s.last for s in case[:place] if s.activity in closing]
        if step.activity not in closing and ends and step.first > min(ends):
            return list(range(place, len(case)))
    return []


def stretches(labels: Sequence[str | None]) -> list[tuple[str | None, int, int]]:
    """Runs of one label as (label, first place, last place); a missing label is alone."""
    found: list[tuple[str | None, int, int]] = []
    for place, label in enumerate(labels):
        if found and label is not None and found[-1][0] == label:
            found[-1] = (label, found[-1][1], place)
        else:
            found.append((label, place, place))
    return found


def lost_in_ping_pong(case: Case, reached: list[int]) -> dict[int, int]:
    lost: dict[int, int] = {}
    runs = stretches([step.unit for step in case])
    for (unit, _, last), (other, _, _), (back, first, _) in zip(
        runs, runs[1:], runs[2:], strict=False
    ):
        if unit is not None and other is not None and unit == back:
            since = max([last, *lost])
            lost[first] = reached[first] - reached[since]
    return lost


def lost_in_requests(case: Case, reached: list[int], requests: Collection[str]) -> dict[int, int]:
    return {
        place: reached[place + 1] - reached[place] if place + 1 < len(case) else 0
        for place, step in enumerate(case)
        if step.activity in requests
    }


def rework_of_case(case: Case, rules: Rules) -> dict[tuple[str, str | None], dict[int, int]]:
    """The steps of each kind (and resource) of a case, as places, with the time that each added."""
    closed = closed_at(case, rules.closing)
    reached = come_to(case, closed)
    found: dict[tuple[str, str | None], dict[int, int]] = {}
    for place, lost in lost_in_loops(case, reached).items():
        found.setdefault(repeat(case, place), {})[place] = lost
    backward = lost_in_returns(case, reached, rules.before or set())
    found["rework", None] = lost_in_loops(case, reached) | backward
    if rules.before is not None:
        found["return", None] = backward
    if rules.closing is not None:
        found["reopened", None] = {
            i: reached[i] - reached[i - 1] for i in reopened(case, rules.closing)
        }
    if rules.requests is not None:
        found["completion_request", None] = lost_in_requests(case, reached, rules.requests)
    found["ping_pong", None] = lost_in_ping_pong(case, reached)
    return found


def processing(step: Step) -> int | None:
    """End − start."""
    return None if step.start is None or step.end is None else step.end - step.start


@dataclass
class Row:
    """One row of the table; `time` is None where no step has one."""

    steps: int = 0
    cases: set[str] = field(default_factory=set)
    time: int | None = None
    lost: int = 0


def rework(
    cases: Mapping[str, Case], rules: Rules, key: str | None = None
) -> dict[tuple[Any, str, str | None], Row]:
    """The rows that have steps, by (key, kind, resource); `key` is the name of a field of the steps."""
    rows: dict[tuple[Any, str, str | None], Row] = {}
    for name, case in cases.items():
        for (kind, by), places in rework_of_case(case, rules).items():
            for place, lost in places.items():
                step = case[place]
                own = None if key is None else getattr(step, key)
                row = rows.setdefault((own, kind, by), Row())
                row.steps += 1
                row.cases.add(name)
                row.lost += lost
                if processing(step) is not None:
                    row.time = (row.time or 0) + processing(step)
    return rows


def closed_without(cases: Mapping[str, Case], rules: Rules, kind: str) -> tuple[int, int]:
    """How many closed cases have no step of a kind, and how many are closed."""
    closed = [case for case in cases.values() if closed_at(case, rules.closing) is not None]
    good = [case for case in closed if not rework_of_case(case, rules).get((kind, None))]
    return len(good), len(closed)


def handovers(
    cases: Mapping[str, Case], between: str = "unit"
) -> dict[tuple[str | None, str | None], list[tuple[str, Step]]]:
    """The receiving steps by (source unit, unit), each with its case."""
    found: dict[tuple[str | None, str | None], list[tuple[str, Step]]] = {}
    for name, case in cases.items():
        for source, target in pairwise(case):
            mine, theirs = getattr(source, between), getattr(target, between)
            if mine is not None and theirs is not None and mine != theirs:
                found.setdefault((source.unit, target.unit), []).append((name, target))
    return found
