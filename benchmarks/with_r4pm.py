"""r4pm alone: its frame of a XES file, not yet sorted or coded, as the measure of what decoding costs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl
import r4pm.df

if TYPE_CHECKING:
    import pandas as pd

_NAMES = {
    "case": "case:concept:name",
    "activity": "concept:name",
    "resource": "org:resource",
    "unit": "org:group",
    "start": "start_timestamp",
    "end": "time:timestamp",
}


def read_xes(path: Path) -> pl.DataFrame:
    return r4pm.df.import_xes(str(path))[0]


def rows(frame: pl.DataFrame) -> pd.DataFrame:
    columns = frame.select(**{name: pl.col(xes) for name, xes in _NAMES.items()})
    return columns.with_columns(pl.col("start", "end").dt.epoch("us")).to_pandas()
