"""The long KPI table: figures, one value for every cell of the grid, laid out a row each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine.kernels import Floats, Ints
from procmine.kpi.grid import Grid
from procmine.kpi.periods import period_labels

COLUMNS = ("period", "period_start", "kpi", "value", "measured_in", "n", "low", "high", "basis")
TEXTS = ("period", "kpi", "measured_in", "basis")
Objects = npt.NDArray[np.object_]


@dataclass(frozen=True, eq=False)
class Figure:
    """One KPI: its value, number of observations and bounds in every cell, and what it rests on."""

    kpi: str
    measured_in: str
    value: Floats | Ints
    n: Ints
    basis: str | Objects
    low: Floats | None = None
    high: Floats | None = None
    term: str | None = None
    """The term that it is about, if any."""


def long_table(grid: Grid, figures: Sequence[Figure], *, terms: bool) -> pd.DataFrame:
    """Lay figures out long: periods first, then keys, then the figures in their order.

    With ``terms`` the table has the key ``term``, missing where a figure is about none.
    """
    rows = len(figures)
    labels = np.array(period_labels(grid.starts, grid.period), dtype=object)
    columns: dict[str, Any] = {
        "period": np.repeat(labels, len(grid.keys) * rows),
        "period_start": np.repeat(grid.starts.astype("datetime64[s]"), len(grid.keys) * rows),
    }
    for name in grid.keys.columns:
        columns[name] = _repeated(grid.keys[name], grid.periods, rows)
    if terms:
        columns["term"] = pd.array(_each(grid, [f.term for f in figures]), dtype="str")
    columns["kpi"] = _each(grid, [f.kpi for f in figures])
    columns["value"] = _laid_out(grid, [f.value for f in figures], np.float64)
    columns["measured_in"] = _each(grid, [f.measured_in for f in figures])
    columns["n"] = _laid_out(grid, [f.n for f in figures], np.int64)
    for bound in ("low", "high"):
        known = [getattr(f, bound) for f in figures]
        filled = [np.nan if values is None else values for values in known]
        columns[bound] = _laid_out(grid, filled, np.float64)
    columns["basis"] = _laid_out(grid, [f.basis for f in figures], object)
    return pd.DataFrame(columns).astype(dict.fromkeys(TEXTS, "str"))


def _repeated(key: pd.Series, periods: int, rows: int) -> pd.Series:
    if not periods:
        return key.iloc[:0]
    return pd.concat([key.repeat(rows)] * periods, ignore_index=True)


def _each(grid: Grid, texts: Sequence[str | None]) -> Objects:
    return np.tile(np.array(texts, dtype=object), grid.cells)


def _laid_out(grid: Grid, values: Sequence[Any], kind: Any) -> npt.NDArray[Any]:
    """Return one value per row of the table: cells are in the order of keys, rows in that of periods."""
    each = np.empty((grid.cells, len(values)), dtype=kind)
    for column, value in enumerate(values):
        each[:, column] = value
    order = np.arange(grid.cells).reshape(len(grid.keys), grid.periods).T.ravel()
    return each[order].ravel()
