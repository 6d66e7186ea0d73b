"""Drawn logs that wait: what is known of them, bound by procmine and told to the naive oracle of waiting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

import procmine as pm
from tests.bound import COLUMNS
from tests.kpi.oracle_waiting import Log, Waited, WeeklyHours, at_work_by, log_of, split
from tests.oracle import DAY, HOUR, MINUTE, SECOND, Step
from tests.strategies import BEGINNINGS, EPOCH, logs, to_frame

ZONES = ("UTC", "Europe/Bucharest")
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOURS = (
    [("08:00", "16:00")],
    [("10:00", "12:00"), ("12:30", "20:00")],
    [("00:00", "24:00")],
    [("00:00", "04:30"), ("22:00", "24:00")],
)
OWNERS = ("office", "applicant", "third_party")


@dataclass(frozen=True)
class World:
    """Steps, and what else is known of them: all that the split of their waits rests on."""

    steps: list[Step]
    tz: str = "UTC"
    hours: Mapping[str, WeeklyHours] | None = None
    then: Mapping[str, str] = field(default_factory=dict)
    arrival: Mapping[str, int] | None = None
    recorded: Mapping[int, int] | None = None
    activity_order: tuple[str, ...] = ()
    suspended: frozenset[int] = frozenset()
    """The rows of steps that stood still for a microsecond."""
    options: Mapping[str, Any] = field(default_factory=dict)
    """Order, starts, batch_size and batch_gap (in microseconds)."""

    @property
    def one_timestamp(self) -> bool:
        return all(step.start is None for step in self.steps)

    @property
    def enabling(self) -> dict[str, Any]:
        """The options that enabled times rest on, as the library takes them."""
        given = {name: self.options[name] for name in ("order", "starts") if name in self.options}
        given |= {} if self.arrival is None else {"arrival": "arrived"}
        return given | ({} if self.recorded is None else {"enabled": "ready"})


def bound_world(world: World, resources: str = "name") -> pm.EventLog:
    """The log as a user would read it: arrivals are a case attribute, recorded times one of steps."""
    frame = to_frame(world.steps)
    ordered = sorted(world.steps, key=lambda step: step.row)
    if world.arrival is not None:
        frame["arrived"] = _times([world.arrival.get(step.case) for step in ordered])
    if world.recorded is not None:
        frame["ready"] = _times([world.recorded.get(step.row) for step in ordered])
    columns = dict(COLUMNS)
    if world.one_timestamp:
        columns["timestamp"] = columns.pop("end")
        del columns["start"]
        frame = frame.drop(columns="start")
    order = list(world.activity_order)
    log = pm.read(frame, **columns, tz=world.tz, resources=resources, order=order)
    if not world.suspended:
        return log
    stood_still = np.isin(log.row, [row + 1 for row in world.suspended])
    return replace(log, suspended=stood_still.astype(np.int64))


def _times(instants: Sequence[int | None]) -> pd.Series:
    known = [None if t is None else EPOCH + timedelta(microseconds=t) for t in instants]
    return pd.Series(known, dtype="datetime64[us, UTC]")


def calendars_of(world: World) -> dict[str, pm.Calendar] | None:
    """The hours of the world as calendars of the library."""
    if world.hours is None:
        return None
    return {name: calendar_of(hours) for name, hours in world.hours.items()}


def calendar_of(hours: WeeklyHours) -> pm.Calendar:
    week = {
        NAMES[day]: ", ".join(f"{opens}-{closes}" for opens, closes in pairs)
        for day, pairs in hours.week.items()
    }
    return pm.Calendar(tz=hours.tz, hours=week)


def procedure_of(world: World) -> pm.Procedure | None:
    """A procedure that says whose time runs after some activities."""
    known = {step.activity for step in world.steps}
    activities = [{"name": a, "then": owner} for a, owner in world.then.items() if a in known]
    return pm.Procedure(procedure="drawn", activities=activities) if activities else None


def naive_log(world: World, precision: str) -> Log:
    known = {"precision": precision, "tz": world.tz, "suspended": world.suspended}
    return log_of(world.steps, world.activity_order, **known)


def whole_days(hours: WeeklyHours) -> WeeklyHours:
    """The days with hours, from midnight to midnight."""
    days = {day: [("00:00", "24:00")] for day, pairs in hours.week.items() if pairs}
    return replace(hours, week=days)


def naive_split(world: World, precision: str) -> dict[int, Waited]:
    """The waits of the world by the oracle; in logs written to the day, by whole days of the hours."""
    hours = world.hours
    if hours is not None and precision == "day":
        hours = {name: whole_days(each) for name, each in hours.items()}
    return split(
        naive_log(world, precision),
        at_work=None if hours is None else at_work_by(hours, world.steps),
        then=world.then,
        arrival=world.arrival,
        recorded=world.recorded,
        **world.options,
    )


# --- strategies -----------------------------------------------------------------------------------


@st.composite
def worlds(draw: st.DrawFn, **offered: Sequence[str]) -> World:
    """Any log of `strategies.logs` (see there for what is offered), with all that may be known of it."""
    steps = draw(logs(max_cases=6, max_steps=6, **offered))
    return draw(_known_of(steps))


@st.composite
def queues(draw: st.DrawFn) -> World:
    """Many short cases before one or two clerks who do the same work: batches, in a narrow time."""
    grid = draw(st.sampled_from((1, SECOND, 15 * MINUTE)))
    begin = draw(st.sampled_from(BEGINNINGS)) + 9 * HOUR
    ticks = st.integers(0, draw(st.sampled_from((4, 12))))
    clerks = draw(st.sampled_from((("ana",), ("ana", "dan"), ("ana", None))))
    steps = []
    for case in range(draw(st.integers(2, 8))):
        times = sorted(draw(st.lists(ticks, min_size=4, max_size=4)))
        moments = [begin + grid * tick for tick in times]
        clerk = draw(st.sampled_from(clerks))
        row = len(steps)
        steps.append(Step(f"c{case}", "Came", moments[0], moments[1], "registry", None, row))
        steps.append(Step(f"c{case}", "Check", moments[2], moments[3], clerk, None, row + 1))
    return draw(_known_of(steps))


@st.composite
def meetings(draw: st.DrawFn) -> World:
    """Files that a committee takes up on the same weekday, mostly at the same time, and what else is done."""
    tz = draw(st.sampled_from(ZONES))
    monday = (BEGINNINGS[0] // DAY * DAY) - 5 * DAY + 10 * HOUR
    unit = st.sampled_from(draw(st.sampled_from(((None,), ("Urbanism",), ("Urbanism", None)))))
    sizes = draw(st.lists(st.integers(2, 6), min_size=5, max_size=7))
    off = st.sampled_from(
        draw(st.sampled_from(((0,), (0, 0, 0, HOUR, 3 * DAY), (0, 1, 30 * SECOND))))
    )
    starts = draw(st.booleans())
    steps: list[Step] = []
    for week, size in enumerate(sizes):
        for n in range(size):
            case, office = f"{week}.{n}", draw(unit)
            day = draw(st.integers(1, 6))
            came = monday + week * 7 * DAY - day * DAY + draw(st.integers(0, 3)) * HOUR
            held = monday + week * 7 * DAY + draw(off)
            steps.append(_step(case, "Came", came, came + MINUTE, starts, None, office, len(steps)))
            steps.append(
                _step(case, "Board", held, held + HOUR, starts, "board", office, len(steps))
            )
    steps.append(_step("last", "Came", monday, monday, starts, None, None, len(steps)))
    shift = draw(st.sampled_from((0, -10 * HOUR)))
    steps = [
        replace(s, start=None if s.start is None else s.start + shift, end=s.end + shift)
        for s in steps
    ]
    return draw(_known_of(steps, tz))


def _step(
    case: str,
    activity: str,
    start: int,
    end: int,
    starts: bool,
    resource: str | None,
    unit: str | None,
    row: int,
) -> Step:
    """A step with start and end, or with its start alone as the one time."""
    times = (start, end) if starts else (None, start)
    return Step(case, activity, *times, resource, unit, row)


@st.composite
def stamps(draw: st.DrawFn) -> World:
    """Logs with one timestamp in which the mail goes out at few instants."""
    begin = draw(st.sampled_from(BEGINNINGS)) + draw(st.sampled_from((0, 8 * HOUR)))
    steps = []
    for case in range(draw(st.integers(4, 12))):
        came = begin + draw(st.integers(-3, 2)) * MINUTE
        sent = begin + draw(st.sampled_from((0, 0, 0, HOUR))) + 14 * HOUR
        row = len(steps)
        steps.append(Step(f"c{case}", "Came", None, came, "ana", None, row))
        steps.append(Step(f"c{case}", "Sent", None, sent, "dan", None, row + 1))
    return draw(_known_of(steps))


@st.composite
def _known_of(draw: st.DrawFn, steps: list[Step], tz: str | None = None) -> World:
    """What may be known of the steps besides themselves, and how their waits are asked for."""
    activities = sorted({step.activity for step in steps})
    longer = [s.row for s in steps if None not in (s.start, s.end) and s.start < s.end]
    instants = sorted({t for step in steps for t in (step.start, step.end) if t is not None})
    some = st.none() | st.sampled_from([instants[0] - HOUR, *instants])
    cases = sorted({step.case for step in steps})
    arrival = {case: draw(some) for case in cases} if draw(st.booleans()) else None
    recorded = {s.row: draw(some) for s in steps} if draw(st.booleans()) else None
    if recorded is not None and not differ_within_a_case(steps, recorded):
        recorded = None  # a column constant in every case would be one of the cases
    tz = draw(st.sampled_from(ZONES)) if tz is None else tz
    someone = any(step.resource is not None for step in steps)
    return World(
        steps,
        tz,
        draw(_hours(steps, tz)),
        draw(st.dictionaries(st.sampled_from(activities), st.sampled_from(OWNERS), max_size=3)),
        arrival if arrival and any(arrival.values()) else None,
        recorded,
        tuple(draw(st.permutations(activities))) if draw(st.booleans()) else (),
        frozenset(draw(st.sets(st.sampled_from(longer), max_size=2)) if longer else ()),
        {
            "order": draw(st.sampled_from(("concurrency", "sequence"))),
            "starts": draw(st.sampled_from((None, "estimate") if someone else (None,))),
            "batch_size": draw(st.sampled_from((2, 2, 3, 6))),
            "batch_gap": draw(st.sampled_from((0, 0, 1, SECOND, 15 * MINUTE))),
        },
    )


def differ_within_a_case(steps: list[Step], recorded: Mapping[int, int | None]) -> bool:
    seen: dict[str, set[int | None]] = {}
    for step in steps:
        seen.setdefault(step.case, set()).add(recorded[step.row])
    return any(len(times) > 1 for times in seen.values())


def _hours(steps: list[Step], tz: str) -> st.SearchStrategy[dict[str, WeeklyHours]]:
    """Hours of everybody, or of some resources and units only."""
    weeks = st.dictionaries(st.integers(0, 6), st.sampled_from(HOURS), min_size=1, max_size=7)
    hours = st.builds(WeeklyHours, weeks, st.just(tz))
    known = {name for step in steps for name in (step.resource, step.unit) if name is not None}
    names = st.sampled_from(["*", *sorted(known)])
    return st.dictionaries(names, hours, min_size=1, max_size=3)
