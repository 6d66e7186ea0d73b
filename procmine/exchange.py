"""A log as flat frames for other tools."""

from __future__ import annotations

import pandas as pd

from procmine.log import EventLog
from procmine.observe import attribute_series, steps


def to_frame(log: EventLog) -> pd.DataFrame:
    """Return one row per step with its attributes and those of its case (``case:name`` where names meet)."""
    frame = steps(log)
    for name in log.case_attributes.column_names:
        shown = f"case:{name}" if name in frame.columns else name
        frame[shown] = _repeated(log, name)
    return frame


def to_pm4py(log: EventLog) -> pd.DataFrame:
    """Return the columns that pm4py expects, times in UTC; the end is the event's time, the start
    ``start_timestamp``.

    Running steps (no end) stand at their start. Where one timestamp per event is known there is no
    ``start_timestamp``.
    """
    table = steps(log)
    frame = pd.DataFrame(
        {
            "case:concept:name": table["case_id"],
            "concept:name": table["activity"].astype("str"),
            "time:timestamp": pd.DatetimeIndex(log.last.view("datetime64[us]")).tz_localize("UTC"),
        }
    )
    if log.start is not None:
        frame["start_timestamp"] = pd.DatetimeIndex(log.first.view("datetime64[us]")).tz_localize(
            "UTC"
        )
    for column, name in (("resource", "org:resource"), ("unit", "org:group")):
        if column in table:
            frame[name] = table[column].astype("str")
    for name in log.step_attributes.column_names:
        shown = f"{name} (attribute)" if name in frame.columns else name
        frame[shown] = attribute_series(log.step_attributes[name], log.tz)
    for name in log.case_attributes.column_names:
        shown = f"case:{name}"
        shown = f"{shown} (attribute)" if shown in frame.columns else shown
        frame[shown] = _repeated(log, name)
    return frame


def _repeated(log: EventLog, name: str) -> pd.Series:
    return (
        attribute_series(log.case_attributes[name], log.tz)
        .take(log.case_codes)
        .reset_index(drop=True)
    )
