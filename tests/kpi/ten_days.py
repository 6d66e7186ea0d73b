"""A term of ten days that may be paused, and logs of cases that have it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd

import procmine as pm
from procmine.errors import DataQualityWarning
from procmine.procedure import Procedure
from tests.bound import ZONE

TEN_DAYS = """
procedure: ten_days
country: RO
closing:
  - {activity: Granted, outcome: approved}
  - {activity: Dropped, outcome: withdrawn}
events: {registered: Came, asked: Asked, answered: Answered}
terms:
  - id: reply
    start: registered
    length: {n: 10, unit: day}
    counting: {roll_on: []}
    pauses: [{id: completion, from: asked, until: answered}]
    silence: SILENCE
"""


ALL = ("Came", "Asked", "Answered", "Granted", "Dropped")
SEEN = {"a0": [(name, "2025-12-01") for name in ALL]}
"""A case that has every activity, and is over on the day it came."""


def procedure(silence: str = "none") -> Procedure:
    return Procedure.parse(TEN_DAYS.replace("SILENCE", silence))


def log_of(cases: dict[str, Sequence[tuple[str, str]]], **options: Any) -> pm.EventLog:
    """A log of steps (activity, local date), at noon, one after the other."""
    rows = [
        (name, activity, pd.Timestamp(f"{day} 12:00") + pd.Timedelta(minutes=place))
        for name, steps in cases.items()
        for place, (activity, day) in enumerate(steps)
    ]
    frame = pd.DataFrame(rows, columns=["case", "activity", "time"])
    frame["office"] = frame["case"].str[0]
    known = set(frame["activity"]) & {"Granted", "Dropped"}
    return pm.read(
        frame,
        case="case",
        activity="activity",
        timestamp="time",
        tz=ZONE,
        closed=sorted(known) or None,
        **options,
    )


def quietly(measure: Callable[..., pd.DataFrame], *given: Any, **options: Any) -> pd.DataFrame:
    """A table without the warnings of the terms, which have their own tests."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        return measure(*given, **options)
