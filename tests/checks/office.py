"""An office without a fault, as the rows of its export, in which tests plant one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import procmine as pm
from procmine.checks import quality

CASES = 240
COLUMNS = {name: name for name in ("case", "activity", "start", "end", "resource", "unit")}
STEPS = (
    ("Register request", "Ana Pop", "Registry", 0),
    ("Check documents", "Bogdan Ilie", "Urbanism", 1),
    ("Issue decision", "Carmen Dinu", "Urbanism", 2),
)
HOLIDAYS = (
    *("2024-01-01", "2024-01-02", "2024-01-24", "2024-05-01", "2024-05-03", "2024-05-06"),
    *("2024-06-24", "2024-08-15", "2024-12-25", "2024-12-26"),
)


def rows() -> pd.DataFrame:
    """One case per working day of 2024, three steps on three working days, in the order of the cases."""
    days = pd.bdate_range("2024-01-03", "2024-12-24", freq="C", holidays=list(HOLIDAYS))
    made = []
    for number in range(CASES):
        for place, (activity, person, unit, later) in enumerate(STEPS):
            seconds = (
                37 + (number * 61 + place * 7) % 1_000
            )  # some seconds, so that no two steps are alike
            start = days[number + later] + pd.Timedelta(hours=9 + 2 * place, seconds=seconds)
            end = start + pd.Timedelta(minutes=25 + number % 11)
            made.append((f"RU/{number + 1}/2024", activity, start, end, person, unit))
    return pd.DataFrame(made, columns=list(COLUMNS))


def log_of(frame: pd.DataFrame, **options: Any) -> pm.EventLog:
    """The log of the rows; row numbers are those of the frame."""
    return pm.read(frame.reset_index(drop=True), **{**COLUMNS, "tz": "Europe/Bucharest", **options})


def table_of(frame: pd.DataFrame, check: str, **options: Any) -> pd.DataFrame:
    """What one check finds in the rows."""
    table = quality(log_of(frame, **options))
    return table[table["check"] == check].reset_index(drop=True)


def only(frame: pd.DataFrame, check: str, **options: Any) -> Any:
    """The one finding of a check in the rows."""
    table = table_of(frame, check, **options)
    assert len(table) == 1, table.to_string()
    return next(table.itertuples())


def where(frame: pd.DataFrame, activity: str) -> np.ndarray[Any, Any]:
    """The positions of the rows of an activity (by the beginning of its name)."""
    return np.flatnonzero(frame["activity"].str.startswith(activity))
