"""polars by hand: a frame with categorical text and a number for each case, sorted once, then lazy queries.

Numbers for cases and categories make its queries two to four times faster than text does; reading
them takes longer than leaving text as it is, so that way of reading is measured beside it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from benchmarks.settings import ARROW, CLOSING, ZONE

if TYPE_CHECKING:
    import pandas as pd

_TIME = "%Y-%m-%dT%H:%M:%SZ"
_TEXT = ("case_id", "activity", "resource", "unit")
_ORDER = ("case", "start", "end")
_TIMES = ("median", "p80", "p90", "mean")


def read_csv(path: Path) -> pl.DataFrame:
    return _coded(_decoded_csv(path))


def read_parquet(path: Path) -> pl.DataFrame:
    return _coded(pl.scan_parquet(path))


def read_csv_as_text(path: Path) -> pl.DataFrame:
    return _decoded_csv(path).sort("case_id", "start", "end").collect()


def read_parquet_as_text(path: Path) -> pl.DataFrame:
    return pl.scan_parquet(path).sort("case_id", "start", "end").collect()


def _decoded_csv(path: Path) -> pl.LazyFrame:
    """Decoding times by their format is four times as fast as ``try_parse_dates``."""
    times = pl.col("start", "end").str.to_datetime(_TIME, time_zone="UTC", time_unit="us")
    return pl.scan_csv(path).with_columns(times)


def _coded(frame: pl.LazyFrame) -> pl.DataFrame:
    coded = frame.with_columns(pl.col(*_TEXT).cast(pl.Categorical))
    return coded.with_columns(case=pl.col("case_id").to_physical()).sort(*_ORDER).collect()


def rows(frame: pl.DataFrame) -> pd.DataFrame:
    case = pl.col("case" if "case" in frame.columns else "case_id")
    text = pl.col("activity", "resource", "unit").cast(pl.String)
    times = pl.col("start", "end").dt.epoch("us")
    return frame.select(case.alias("case"), text, times).to_pandas()


def process_map(frame: pl.DataFrame) -> pl.DataFrame:
    following = frame.lazy().select(
        "case",
        source="activity",
        target=pl.col("activity").shift(-1),
        time=(pl.col("start").shift(-1) - pl.col("end")).dt.total_microseconds().clip(0),
        same_case=pl.col("case") == pl.col("case").shift(-1),
    )
    time = pl.col("time")
    edges = (
        following.filter("same_case")
        .group_by("source", "target")
        .agg(
            count=pl.len(),
            cases=pl.col("case").n_unique(),
            median=time.median(),
            mean=time.mean(),
            p90=time.quantile(0.9, "linear"),
            total=time.sum(),
        )
    )
    return edges.sort("count", "source", "target", descending=[True, False, False]).collect()


def variants(frame: pl.DataFrame) -> pl.DataFrame:
    cases = _cases(frame, path=pl.col("activity"))
    found = cases.group_by("path").agg(cases=pl.len(), median=_cycle_time().median())
    text = pl.col("path").cast(pl.List(pl.String)).list.join(ARROW)
    table = found.select(
        "cases",
        "median",
        variant=text,
        share=pl.col("cases") / pl.col("cases").sum(),
        steps=pl.col("path").list.len(),
    )
    return table.sort("cases", "variant", descending=[True, False]).collect()


def weekly(frame: pl.DataFrame) -> pl.DataFrame:
    cases = _cases(frame).collect().lazy()
    started = cases.group_by(week=_week("started")).agg(started=pl.len())
    time = _cycle_time()
    completed = (
        cases.filter(pl.col("closed").is_not_null())
        .group_by(week=_week("closed"))
        .agg(
            completed=pl.len(),
            median=time.median(),
            p80=time.quantile(0.8, "linear"),
            p90=time.quantile(0.9, "linear"),
            mean=time.mean(),
        )
    )
    return started.join(completed, on="week", how="full", coalesce=True).sort("week").collect()


def rework(frame: pl.DataFrame) -> pl.DataFrame:
    return (
        _repeated(frame)
        .select(steps=pl.col("again").sum(), cases=pl.col("case").n_unique())
        .collect()
    )


def rework_activities(frame: pl.DataFrame) -> pl.DataFrame:
    found = _repeated(frame).group_by("activity").agg(steps=pl.col("again").sum(), cases=pl.len())
    return found.collect()


def _repeated(frame: pl.DataFrame) -> pl.LazyFrame:
    """Return how many steps beyond the first each case has of an activity, where it has some."""
    steps = frame.lazy().group_by("case", "activity").agg(again=pl.len() - 1)
    return steps.filter(pl.col("again") > 0)


def handovers(frame: pl.DataFrame) -> pl.DataFrame:
    passed = (
        frame.lazy()
        .select(
            "case",
            source=pl.col("unit").shift(1),
            target="unit",
            wait=(pl.col("start") - pl.col("end").shift(1)).dt.total_microseconds(),
            same_case=pl.col("case") == pl.col("case").shift(1),
        )
        .filter(pl.col("same_case") & (pl.col("source") != pl.col("target")))
    )
    wait = pl.col("wait")
    found = passed.group_by("source", "target").agg(
        count=pl.len(),
        cases=pl.col("case").n_unique(),
        total=wait.sum(),
        median=wait.median(),
        p90=wait.quantile(0.9, "linear"),
    )
    return found.sort("count", "source", "target", descending=[True, False, False]).collect()


def _cases(frame: pl.DataFrame, **more: pl.Expr) -> pl.LazyFrame:
    """Return a row per case; closing times are joined, which is faster than a filter in every group."""
    closing = frame.lazy().filter(pl.col("activity").is_in(CLOSING))
    closed = closing.group_by("case").agg(closed=pl.col("end").max())
    started = frame.lazy().group_by("case").agg(started=pl.col("start").min(), **more)
    return started.join(closed, on="case", how="left")


def _cycle_time() -> pl.Expr:
    return (pl.col("closed") - pl.col("started")).dt.total_microseconds()


def _week(name: str) -> pl.Expr:
    return pl.col(name).dt.convert_time_zone(ZONE).dt.truncate("1w").dt.date()


def edges(result: pl.DataFrame) -> pd.DataFrame:
    return result.with_columns(pl.col("source", "target").cast(pl.String)).to_pandas()


def variant_table(result: pl.DataFrame) -> pd.DataFrame:
    return result.to_pandas()


def rework_table(result: pl.DataFrame) -> pd.DataFrame:
    return result.with_columns(activity=pl.lit("all")).to_pandas()


def rework_activities_table(result: pl.DataFrame) -> pd.DataFrame:
    return result.with_columns(pl.col("activity").cast(pl.String)).to_pandas()


handovers_table = edges


def week_table(result: pl.DataFrame) -> pd.DataFrame:
    counts = pl.col("started", "completed").fill_null(0)
    return result.with_columns(counts, pl.col("week").cast(pl.Datetime("us"))).to_pandas()
