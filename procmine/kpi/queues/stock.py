"""What stands in every period: how much came and went, how much was there at the end and on average."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from procmine import zones
from procmine.errors import ProcmineError
from procmine.kernels import DAY, NAT, Floats, Ints
from procmine.kpi.grid import Grid, grid_of
from procmine.kpi.grid_size import MOST_ROWS
from procmine.kpi.periods import PERIODS, period_labels

LARGEST = np.iinfo(np.int64).max


@dataclass(frozen=True, eq=False)
class Spans:
    """The cells of a grid as instants: period p lasts from ``edges[p]`` to ``edges[p + 1]``, the last to as_of."""

    grid: Grid
    edges: Ints

    def cell(self, times: Ints, key: Ints) -> Ints:
        """Return the cell of instants between the first edge and the last, which is in the last period."""
        return key * self.grid.periods + np.searchsorted(self.edges[1:-1], times, side="right")

    @property
    def begins(self) -> Ints:
        """When the period of every cell begins."""
        return np.tile(self.edges[:-1], len(self.grid.keys))

    @property
    def ends(self) -> Ints:
        """When the period of every cell ends, or as_of in the last one."""
        return np.tile(self.edges[1:], len(self.grid.keys))

    def table(self, columns: dict[str, Any]) -> pd.DataFrame:
        """Lay out values of the cells: a row each, periods first, then keys."""
        grid = self.grid
        cells = np.arange(grid.cells).reshape(len(grid.keys), grid.periods).T.ravel()
        of, place = np.divmod(cells, max(grid.periods, 1))
        labels = pd.Series(period_labels(grid.starts, grid.period), dtype="str")
        table = {
            "period": labels.iloc[place].reset_index(drop=True),
            "period_start": grid.starts.astype("datetime64[s]")[place],
            **{name: grid.keys[name].iloc[of].reset_index(drop=True) for name in grid.keys},
        }
        return pd.DataFrame(table | {name: values[cells] for name, values in columns.items()})


@dataclass(frozen=True, eq=False)
class Stock:
    """One value for each cell: what came, what went, what was there at the end and on average over time."""

    came: Ints
    went: Ints
    level: Ints
    mean: Floats


def spans_of(keys: pd.DataFrame, first: int, as_of: int, period: str, tz: str) -> Spans:
    """Return the periods from the one of the first instant to ``as_of``; a grid too large is refused."""
    days = zones.to_local(np.array([first, as_of]), tz) // DAY if first != NAT else np.zeros(0)
    grid = grid_of(keys, days[:1].astype(np.int64), int(days[-1]) if len(days) else 0, period)
    if grid.cells > MOST_ROWS:
        raise ProcmineError(
            f"the table would have {grid.cells:,} rows: {grid.periods:,} periods ({PERIODS[period]}s) × "
            f"{len(keys):,} values of by=\n"
            "is the first date right? if so, take a longer period=, or a by= of fewer values"
        )
    starts = zones.resolved(grid.starts.astype(np.int64) * DAY, tz).instants
    return Spans(grid, np.append(starts, as_of))


def stock(spans: Spans, begin: Ints, stop: Ints, key: Ints) -> Stock:
    """Return the stock of what is there from ``begin`` to ``stop``; LARGEST where it does not stop by as_of.

    The mean is the time that all of it was there within the period, over the length of the period.
    """
    cells = spans.grid.cells
    stops = stop != LARGEST
    into, out = spans.cell(begin, key), spans.cell(stop[stops], key[stops])
    came, went = (np.bincount(cell, minlength=cells).astype(np.int64) for cell in (into, out))
    level = spans.grid.running_total(came - went)
    ends, length = spans.ends, (spans.ends - spans.begins).astype(np.float64)
    time = (level - came + went) * length
    time += np.bincount(into, weights=ends[into] - begin, minlength=cells)
    time -= np.bincount(out, weights=ends[out] - stop[stops], minlength=cells)
    mean = np.full(cells, np.nan)
    np.divide(time, length, out=mean, where=length > 0)
    return Stock(came, went, level, mean)
