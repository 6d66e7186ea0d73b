"""pm4py as its documentation shows it: a frame read by pandas and formatted once, then its simplified functions.

pandas decodes the times while it reads (``format_dataframe`` would take three times as long to do
it), and the frame is sorted by pm4py itself. pm4py has no p90, no share and no cycle time of a
variant and no weekly figures: what it lacks is left out of its task, and the weekly figures are
those that its user gets with pandas from pm4py's frame.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pm4py
from pm4py.util import constants

from benchmarks.agree import micros
from benchmarks.settings import ARROW, CLOSING, ZONE

_CASE, _ACTIVITY = "case:concept:name", "concept:name"
_START, _END = "start_timestamp", "time:timestamp"
_SECOND = 1_000_000


def read_csv(path: Path) -> pd.DataFrame:
    return _formatted(pd.read_csv(path, parse_dates=["start", "end"], date_format="ISO8601"))


def read_parquet(path: Path) -> pd.DataFrame:
    return _formatted(pd.read_parquet(path))


def read_xes(path: Path) -> pd.DataFrame:
    """Read with the parser that a plain installation of pm4py takes: it does not bring the one in Rust."""
    return pm4py.read_xes(str(path), variant=constants.DEFAULT_XES_PARSER)


def read_xes_rust(path: Path) -> pd.DataFrame:
    """Read with the parser in Rust that pm4py takes where r4pm is installed beside it, as procmine does."""
    return pm4py.read_xes(str(path), variant="r4pm")


def _formatted(frame: pd.DataFrame) -> pd.DataFrame:
    return pm4py.format_dataframe(
        frame, case_id="case_id", activity_key="activity", timestamp_key="end", start_timestamp_key="start"
    )  # fmt: skip


def rows(frame: pd.DataFrame) -> pd.DataFrame:
    names = {"resource": "org:resource", "unit": "org:group"}
    other = {
        name: frame[name if name in frame.columns else xes].to_numpy()
        for name, xes in names.items()
    }
    return pd.DataFrame(
        {
            "case": frame[_CASE].to_numpy(),
            "activity": frame[_ACTIVITY].to_numpy(),
            **other,
            "start": micros(frame[_START].dt.tz_localize(None).to_numpy()),
            "end": micros(frame[_END].dt.tz_localize(None).to_numpy()),
        }
    )


def performance(frame: pd.DataFrame) -> tuple[Any, ...]:
    return pm4py.discover_performance_dfg(frame)


def process_map(frame: pd.DataFrame) -> tuple[Any, Any]:
    return performance(frame), pm4py.discover_dfg(frame)


def variants(frame: pd.DataFrame) -> dict[tuple[str, ...], int]:
    return pm4py.get_variants(frame)


def weekly(frame: pd.DataFrame) -> pd.DataFrame:
    closing = frame[frame[_ACTIVITY].isin(CLOSING)]
    cases = frame.groupby(_CASE, sort=False)[_START].min().to_frame("started")
    cases["closed"] = closing.groupby(_CASE, sort=False)[_END].max()
    done = cases.dropna()
    cycle = (done["closed"] - done["started"]).dt.total_seconds().groupby(_week(done["closed"]))
    return pd.DataFrame(
        {
            "started": cases.groupby(_week(cases["started"])).size(),
            "completed": cycle.size(),
            "median": cycle.median(),
            "p80": cycle.quantile(0.8),
            "p90": cycle.quantile(0.9),
            "mean": cycle.mean(),
        }
    )


def rework_activities(frame: pd.DataFrame) -> dict[str, int]:
    return pm4py.get_rework_cases_per_activity(frame)


def handovers(frame: pd.DataFrame) -> tuple[Any, int]:
    """Return the network of units, in shares of all passages, and how many passages there are."""
    passages = len(frame) - frame[_CASE].nunique()
    unit = "unit" if "unit" in frame.columns else "org:group"
    return pm4py.discover_handover_of_work_network(frame, resource_key=unit), passages


def _week(times: pd.Series) -> pd.Series:
    local = times.dt.tz_convert(ZONE).dt.tz_localize(None).dt.normalize()
    return (local - pd.to_timedelta(local.dt.weekday, unit="D")).rename("week")


def performance_edges(result: tuple[Any, ...]) -> pd.DataFrame:
    table = pd.DataFrame.from_dict(result[0], orient="index").rename(columns={"sum": "total"})
    times = table[["median", "mean", "total"]] * _SECOND
    times.index = pd.MultiIndex.from_tuples(times.index, names=["source", "target"])
    return times.reset_index()


def edges(result: tuple[Any, Any]) -> pd.DataFrame:
    count = pd.Series(dict(result[1][0]), name="count").rename_axis(["source", "target"])
    return performance_edges(result[0]).merge(count.reset_index(), how="outer")


def variant_table(result: dict[tuple[str, ...], int]) -> pd.DataFrame:
    return pd.DataFrame(
        {"variant": [ARROW.join(path) for path in result], "cases": list(result.values())}
    )


def rework_activities_table(result: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame({"activity": list(result), "cases": list(result.values())})


def handovers_table(result: tuple[Any, int]) -> pd.DataFrame:
    """Return counts: the shares times the passages, of pairs of different units."""
    network, passages = result
    rows = [
        (source, target, round(share * passages))
        for (source, target), share in network.connections.items()
        if source != target
    ]
    return pd.DataFrame(rows, columns=["source", "target", "count"])


def week_table(result: pd.DataFrame) -> pd.DataFrame:
    times = result[["median", "p80", "p90", "mean"]] * _SECOND
    return result[["started", "completed"]].fillna(0).assign(**times).reset_index()
