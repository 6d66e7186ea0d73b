"""procmine as its users call it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

import procmine as pm
from benchmarks.agree import MICROSECONDS_A_DAY, micros
from benchmarks.settings import CLOSING, ZONE
from procmine.kernels import case_codes

_COLUMNS = {
    "case": "case_id",
    "activity": "activity",
    "start": "start",
    "end": "end",
    "resource": "resource",
    "unit": "unit",
}
_XES_COLUMNS = {
    "case": "case:concept:name",
    "activity": "concept:name",
    "start": "start_timestamp",
    "end": "time:timestamp",
    "resource": "org:resource",
    "unit": "org:group",
}


def read_csv(path: Path) -> pm.EventLog:
    return pm.read(path, **_COLUMNS, tz=ZONE, closed=CLOSING)


read_parquet = read_csv


def read_xes(path: Path) -> pm.EventLog:
    return pm.read(path, **_XES_COLUMNS, tz=ZONE, closed=CLOSING)


def read_own(path: Path) -> pm.EventLog:
    """Read a Parquet file that procmine wrote: it says itself what it holds."""
    return pm.read(path)


def rows(log: pm.EventLog) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "case": case_codes(log.offsets),
            "activity": log.activity.to_categorical(),
            "resource": log.resource.codes,
            "unit": log.unit.to_categorical(),
            "start": log.start,
            "end": log.end,
        }
    )


def process_map(log: pm.EventLog) -> pm.ProcessMap:
    return pm.process_map(_without_derived_columns(log))


def variants(log: pm.EventLog) -> pd.DataFrame:
    return pm.variants(_without_derived_columns(log))


def weekly(log: pm.EventLog) -> pd.DataFrame:
    return pm.kpis(_without_derived_columns(log), period="W")


def rework(log: pm.EventLog) -> pd.DataFrame:
    return pm.rework(_without_derived_columns(log))


def rework_activities(log: pm.EventLog) -> pd.DataFrame:
    return pm.rework(_without_derived_columns(log), by="activity")


def handovers(log: pm.EventLog) -> pd.DataFrame:
    """Every step waits for the one before it, which is what its peers count."""
    return pm.handovers(_without_derived_columns(log), order="sequence")


def edges(result: pm.ProcessMap) -> pd.DataFrame:
    table = result.edges
    times = {
        name: micros(table[f"{name}_time"].to_numpy())
        for name in ("median", "mean", "p90", "total")
    }
    return table[["source", "target", "count", "cases"]].assign(**times)


def variant_table(result: pd.DataFrame) -> pd.DataFrame:
    table = result[["variant", "cases", "share", "steps"]]
    return table.assign(median=micros(result["median_cycle_time"].to_numpy()))


def week_table(result: pd.DataFrame) -> pd.DataFrame:
    wide = result.pivot(index="period_start", columns="kpi", values="value")
    times = {
        name: wide[f"cycle_time_{name}"] * MICROSECONDS_A_DAY
        for name in ("median", "p80", "p90", "mean")
    }
    table = wide[["started", "completed"]].assign(**times)
    table = table[
        (table["started"] > 0) | (table["completed"] > 0)
    ]  # weeks in which nothing happened
    return table.rename_axis("week").reset_index()


def rework_table(result: pd.DataFrame) -> pd.DataFrame:
    whole = result[result["kind"] == "rework"]
    return whole[["steps", "cases"]].assign(activity="all")


def rework_activities_table(result: pd.DataFrame) -> pd.DataFrame:
    repeated = result[(result["kind"] == "rework") & (result["steps"] > 0)]
    return repeated[["activity", "steps", "cases"]]


def handovers_table(result: pd.DataFrame) -> pd.DataFrame:
    table = result.rename(columns={"source_unit": "source", "unit": "target", "handovers": "count"})
    named = {"total": "waiting_time", "median": "median_wait", "p90": "p90_wait"}
    times = {name: micros(result[column].to_numpy()) for name, column in named.items()}
    return table[["source", "target", "count", "cases"]].assign(**times)


def _without_derived_columns(log: pm.EventLog) -> pm.EventLog:
    """A log keeps derived columns after their first use; every round makes them again."""
    return replace(log)
