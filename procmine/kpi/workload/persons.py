"""How many persons worked at the steps of a key in each period: a number of posts, and of no fewer than three."""

from __future__ import annotations

import numpy as np
import pandas as pd

from procmine import kernels
from procmine.enabled import CountedLog
from procmine.enabled.counted import ESTIMATED
from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.queues.stock import Spans

FEWEST = 3
"""A smaller number would tell what one person did, and when."""


def persons(counted: CountedLog, spans: Spans, rows: Ints, key: Ints) -> pd.arrays.IntegerArray:
    """Return how many persons started or ended a step of each cell; missing under three, and where none is known.

    Estimated starts show nobody at work.
    """
    log, cells = counted.log, spans.grid.cells
    if log.resource is None:
        return _from_three(np.zeros(cells, dtype=np.int64))
    times = [log.end[rows]]
    if log.start is not None:
        times.append(np.where(counted.basis[rows] == ESTIMATED, NAT, log.start[rows]))
    who = log.resource.codes[rows]
    seen = [(who >= 0) & _known(time, spans) for time in times]
    cell = [spans.cell(time[at], key[at]) for time, at in zip(times, seen, strict=True)]
    person = np.concatenate([who[at] for at in seen])
    _, found = kernels.rows_and_cases(person, np.concatenate(cell), cells)
    return _from_three(found)


def _known(times: Ints, spans: Spans) -> Bools:
    return np.asarray((times != NAT) & (times <= spans.edges[-1]))


def _from_three(found: Ints) -> pd.arrays.IntegerArray:
    few = found < FEWEST
    return pd.arrays.IntegerArray(np.where(few, 0, found), few)
