"""Small tables by the contract of the library, for tests of what draws them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

Trace = Sequence[str]
TZ = "Europe/Bucharest"


@dataclass(frozen=True)
class Map:
    nodes: pd.DataFrame
    edges: pd.DataFrame
    basis: str = "time from the end of a step to the start of the next"


def map_of(traces: Sequence[Trace], hours: float | None = 5.0) -> Map:
    """Return the process map of some traces, counted by plain loops."""
    steps = Counter(a for trace in traces for a in trace)
    cases = Counter(a for trace in traces for a in set(trace))
    pairs = Counter(pair for trace in traces for pair in pairwise(trace))
    nodes = pd.DataFrame(
        [
            {
                "activity": activity,
                "steps": n,
                "cases": cases[activity],
                "case_share": cases[activity] / len(traces),
                "starts": sum(trace[0] == activity for trace in traces),
                "ends": sum(trace[-1] == activity for trace in traces),
            }
            for activity, n in steps.items()
        ]
    )
    rows = [(a, b, n) for (a, b), n in pairs.items()]
    edges = pd.DataFrame(rows, columns=["source", "target", "count"])
    time = pd.NaT if hours is None else pd.Timedelta(hours=hours)
    edges["median_time"] = pd.Series([time] * len(edges), dtype="timedelta64[us]")
    return Map(
        nodes.sort_values(["steps", "activity"], ascending=[False, True], ignore_index=True),
        edges.sort_values(
            ["count", "source", "target"], ascending=[False, True, True], ignore_index=True
        ),
    )


def variants_of(traces: Sequence[Trace]) -> pd.DataFrame:
    """Return the variants of some traces."""
    counted = sorted(Counter(map(tuple, traces)).items(), key=lambda item: (-item[1], item[0]))
    table = pd.DataFrame(
        {
            "variant": [" → ".join(trace) for trace, _ in counted],
            "cases": [n for _, n in counted],
            "median_cycle_time": pd.to_timedelta([len(trace) for trace, _ in counted], unit="D"),
            "steps": [len(trace) for trace, _ in counted],
        }
    )
    table["share"] = table["cases"] / len(traces)
    table["cumulative_share"] = table["share"].cumsum()
    return table


def steps_of(traces: Sequence[Trace]) -> pd.DataFrame:
    """Return one row per step: cases begin a day apart, steps follow each other by an hour."""
    rows = [
        (f"case {c}", activity, pd.Timestamp("2026-03-02 08:00", tz=TZ) + pd.Timedelta(c, "D"), i)
        for c, trace in enumerate(traces)
        for i, activity in enumerate(trace)
    ]
    table = pd.DataFrame(rows, columns=["case_id", "activity", "begin", "i"])
    end = table["begin"] + pd.to_timedelta(table["i"], unit="h")
    missing = pd.Series(pd.NaT, index=table.index, dtype=end.dtype)
    return pd.DataFrame(
        {
            "case_id": table["case_id"].astype("category"),
            "activity": table["activity"].astype("category"),
            "start": missing,
            "end": end,
        }
    )


def cases_of(days: Sequence[float], state: str = "closed") -> pd.DataFrame:
    """Return one row per case with the cycle times given, NaN for none."""
    cycle = pd.to_timedelta(np.array(days, dtype=float), unit="D")
    return pd.DataFrame(
        {
            "case_id": [f"case {i}" for i in range(len(days))],
            "state": pd.Categorical(
                ["open" if np.isnan(d) else state for d in days],
                categories=["open", "closed", "unknown", "not_started"],
            ),
            "cycle_time": cycle.astype("timedelta64[us]"),
        }
    )


def kpis_of(started: Sequence[float], completed: Sequence[float], **keys: str) -> pd.DataFrame:
    """Return the KPI table of weekly starts and completions, none open before."""
    weeks = pd.date_range("2026-01-05", periods=len(started), freq="7D")
    is_open = np.cumsum(np.array(started, dtype=float) - np.array(completed, dtype=float))
    parts = [
        pd.DataFrame(
            {
                "period": [f"2026-W{i + 2:02}" for i in range(len(weeks))],
                "period_start": weeks,
                **keys,
                "kpi": kpi,
                "value": np.array(values, dtype=float),
                "measured_in": "cases",
            }
        )
        for kpi, values in (("started", started), ("completed", completed), ("open", is_open))
    ]
    return pd.concat(parts, ignore_index=True)
