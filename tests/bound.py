"""Logs for tests: steps of the oracle, bound by procmine as a user would, and tables back as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import settings
from hypothesis import strategies as st

import procmine as pm
from tests.oracle import Step, case_first, case_last, sort_steps
from tests.strategies import to_frame

ZONE = "Europe/Bucharest"  # where clocks change
FEWER = settings(max_examples=max(settings().max_examples // 4, 1))
"""For laws that read several logs in each example; the oracle has them all."""
COLUMNS = {name: name for name in ("case", "activity", "start", "end", "resource", "unit")}


def bound(steps: Sequence[Step], **options: Any) -> pm.EventLog:
    """The log of the steps, which may stand in any order."""
    return pm.read(to_frame(steps), **{**COLUMNS, "tz": ZONE, "resources": "name", **options})


def path(case: str, activities: Sequence[str], times: Sequence[Any], **fields: Any) -> list[Step]:
    """Steps of one case; a single time is an end without a start, a pair is start and end."""
    pairs = [time if isinstance(time, tuple) else (None, time) for time in times]
    return [
        Step(case, activity, start, end, **fields)
        for activity, (start, end) in zip(activities, pairs, strict=True)
    ]


def numbered(*cases: Iterable[Step]) -> list[Step]:
    """The steps of all cases, with their places as rows."""
    return [replace(step, row=row) for row, step in enumerate(s for case in cases for s in case)]


def micros(values: Any) -> list[int | None]:
    """Durations or instants as whole microseconds, None where missing."""
    series = pd.Series(values)
    kind = "timedelta64[us]"
    if series.dtype.kind == "M" or isinstance(series.dtype, pd.DatetimeTZDtype):
        kind = "datetime64[us]"
        if series.dt.tz is not None:
            series = series.dt.tz_convert("UTC").dt.tz_localize(None)
    plain = series.to_numpy().astype(kind)
    return [
        None if missing else int(value)
        for value, missing in zip(plain.view(np.int64), np.isnat(plain), strict=True)
    ]


def texts(values: Any) -> list[str | None]:
    """Labels as text, None where missing."""
    return [None if pd.isna(value) else str(value) for value in values]


def instant(time: int) -> pd.Timestamp:
    """Microseconds since 1970 as a time that knows its zone."""
    return pd.Timestamp(time, unit="us", tz="UTC")


def moments(steps: Sequence[Step]) -> st.SearchStrategy[int]:
    """Instants before, at, between and after the times of the steps."""
    known = sorted({t for step in steps for t in (step.start, step.end) if t is not None})
    return st.sampled_from([known[0] - 1, *known, *[t + 1 for t in known]])


def seen_moments(steps: Sequence[Step]) -> st.SearchStrategy[int]:
    """The same, but none before the log begins."""
    return moments(steps).filter(lambda moment: moment >= first_known(steps))


def closings(steps: Sequence[Step]) -> st.SearchStrategy[list[str] | None]:
    """Nothing, or one or two of the activities as those that close a case."""
    names = sorted({step.activity for step in steps})
    some = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)
    return st.none() | some


def last_known(steps: Sequence[Step]) -> int:
    """The latest time of all cases."""
    return max(case_last(case) for case in sort_steps(steps).values())


def first_known(steps: Sequence[Step]) -> int:
    """The earliest time of all cases."""
    return min(case_first(case) for case in sort_steps(steps).values())


def parts(names: Sequence[str]) -> st.SearchStrategy[list[int]]:
    """Which of three parts each case belongs to."""
    return st.lists(st.integers(0, 2), min_size=len(names), max_size=len(names))
