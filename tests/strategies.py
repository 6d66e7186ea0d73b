"""Hypothesis strategies: small, nasty logs with ties, overlaps, missing times and odd labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pandas as pd
from hypothesis import strategies as st

from tests.oracle import DAY, HOUR, MINUTE, SECOND, LifecycleEvent, Step

ACTIVITIES = ("A", "B", "A → B", "NA", "ă", "ședință", "înștiințare")
SAME_TEXT = ("A", "B", "A → B")  # two variants of these may read alike
CASES = ("1", "01", "001", "NA", "C 2/2026", "ț", "z", "Z")
RESOURCES = ("ana", "NA", "Ștefan")
UNITS = ("Registry", "Urbanism", "Țară")
GRIDS = (SECOND, 15 * MINUTE, HOUR, DAY)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Around a change of clocks, a month's end, and a year that begins in the last ISO week of another.
BEGINNINGS = tuple(
    int((datetime(*day, tzinfo=UTC) - EPOCH).total_seconds()) * SECOND
    for day in ((2026, 3, 28), (2026, 2, 27), (2025, 12, 28), (2027, 1, 1))
)
PRESENCE = ("always", "sometimes", "never")


@st.composite
def logs(
    draw: st.DrawFn,
    *,
    starts: Sequence[str] = PRESENCE,
    ends: Sequence[str] = ("always", "sometimes"),
    max_cases: int = 8,
    max_steps: int = 8,
) -> list[Step]:
    """Steps in the order of their rows: 1 to 8 cases of 1 to 8 steps, rows of cases mingled.

    Starts and ends are known `always`, `sometimes` or `never` in a log, one of the words offered;
    each step knows one of them at least and ends no earlier than it starts. Resources and units too
    are there always, sometimes or never. Few activities and coarse times make repeats and ties.
    """
    activities = draw(_some(ACTIVITIES, most=4) | st.just(SAME_TEXT))
    with_start, with_end = draw(st.sampled_from(starts)), draw(st.sampled_from(ends))
    with_resource = draw(st.sampled_from(PRESENCE))
    with_unit = draw(st.sampled_from(PRESENCE))
    clock = draw(_clocks())
    owners = _owners(draw, max_cases, max_steps)
    steps = []
    for row, case in enumerate(owners):
        begin, finish = sorted((draw(clock), draw(clock)))
        start = begin if draw(_present(with_start)) else None
        end = finish if start is None or draw(_present(with_end)) else None
        resource = draw(st.sampled_from(RESOURCES)) if draw(_present(with_resource)) else None
        unit = draw(st.sampled_from(UNITS)) if draw(_present(with_unit)) else None
        steps.append(Step(case, draw(st.sampled_from(activities)), start, end, resource, unit, row))
    return steps


TRANSITIONS = (
    *("start", "START", "Start", "start", "start"),
    *("complete", "COMPLETE", "Complete"),
    *("withdraw", "ate_abort", "PI_ABORT"),
    *("suspend", "Suspend", "SUSPEND", "suspend"),
    *("resume", "Resume", "resume"),
    *("schedule", "assign", "unknown"),
)


@st.composite
def lifecycle_logs(
    draw: st.DrawFn, *, max_cases: int = 4, max_events: int = 12
) -> list[LifecycleEvent]:
    """Lifecycle rows in the order of the source: lone ends, unended starts, suspensions, ties.

    Instance ids and resources are there always, sometimes or never in a log, so that every way to
    pair comes up; only two activities and instances, so that steps of one key overlap.
    """
    activities = draw(_some(ACTIVITIES, most=2))
    with_instance = draw(st.sampled_from(PRESENCE))
    with_resource = draw(st.sampled_from(PRESENCE))
    clock = draw(_clocks())
    events = []
    for row, case in enumerate(_owners(draw, max_cases, max_events)):
        instance = draw(st.sampled_from(("1", "01"))) if draw(_present(with_instance)) else None
        resource = draw(st.sampled_from(RESOURCES[:2])) if draw(_present(with_resource)) else None
        activity = draw(st.sampled_from(activities))
        transition = draw(st.sampled_from(TRANSITIONS))
        events.append(
            LifecycleEvent(case, activity, transition, draw(clock), resource, instance, row)
        )
    return events


def _some(labels: Sequence[str], *, most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(labels), min_size=1, max_size=most, unique=True)


def _present(word: str) -> st.SearchStrategy[bool]:
    return {"always": st.just(True), "sometimes": st.booleans(), "never": st.just(False)}[word]


@st.composite
def _clocks(draw: st.DrawFn) -> st.SearchStrategy[int]:
    """A strategy of times on one coarse grid, few enough that many are equal."""
    begin, tick = draw(st.sampled_from(BEGINNINGS)), draw(st.sampled_from(GRIDS))
    ticks = draw(st.sampled_from((2, 8, 40)))
    return st.integers(0, ticks).map(lambda count: begin + count * tick)


def _owners(draw: st.DrawFn, max_cases: int, max_rows: int) -> list[str]:
    """The case of each row, in a drawn order."""
    names = draw(st.lists(st.sampled_from(CASES), min_size=1, max_size=max_cases, unique=True))
    rows = [name for name in names for _ in range(draw(st.integers(1, max_rows)))]
    return draw(st.permutations(rows))


# --- tables for pm.read ---------------------------------------------------------------------------


def to_frame(steps: Sequence[Step]) -> pd.DataFrame:
    """The steps in row order: case, activity, start, end (UTC), resource, unit."""
    ordered = sorted(steps, key=lambda step: step.row)
    columns = {name: _texts(ordered, name) for name in ("case", "activity")}
    columns |= {name: _times(ordered, name) for name in ("start", "end")}
    columns |= {name: _texts(ordered, name) for name in ("resource", "unit")}
    return pd.DataFrame(columns)


def lifecycle_to_frame(events: Sequence[LifecycleEvent]) -> pd.DataFrame:
    """The events in row order: case, activity, transition, time (UTC), resource, instance."""
    ordered = sorted(events, key=lambda event: event.row)
    columns = {name: _texts(ordered, name) for name in ("case", "activity", "transition")}
    columns["time"] = _times(ordered, "time")
    columns |= {name: _texts(ordered, name) for name in ("resource", "instance")}
    return pd.DataFrame(columns)


def _texts(records: Sequence[object], name: str) -> pd.Series:
    return pd.Series([getattr(record, name) for record in records], dtype="str")


def _times(records: Sequence[object], name: str) -> pd.Series:
    times = [getattr(record, name) for record in records]
    instants = [None if time is None else EPOCH + timedelta(microseconds=time) for time in times]
    return pd.Series(instants, dtype="datetime64[us, UTC]")
