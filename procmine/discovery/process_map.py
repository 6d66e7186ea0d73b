"""The process map: which activities there are, which follows which, how often, and how long it takes between them."""

from __future__ import annotations

from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from procmine import kernels
from procmine.kernels import Codes, Ints
from procmine.log import EventLog
from procmine.observe import durations, transitions
from procmine.summary import Summary, summarize

EDGE_KEYS = ("source", "target")


@dataclass(frozen=True, eq=False)
class ProcessMap:
    """The directly-follows graph of a log with its times.

    ``nodes``: ``activity, steps, cases, case_share`` (of all cases), ``starts, ends`` (cases that
    begin or end with it).
    ``edges``: ``source, target, count, cases, median_time, mean_time, p90_time, total_time,
    overlaps`` (pairs in which the target begins before the source ends; their time counts as 0).
    ``total_time`` is timedelta64[us], or [ms] in a log with an edge of more than 146,000 years.
    ``basis`` says what the times are.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    basis: str

    def __repr__(self) -> str:
        return f"<ProcessMap {len(self.nodes)} activities, {len(self.edges)} paths; {self.basis}>"


def process_map(log: EventLog) -> ProcessMap:
    """Count how often each activity follows each other one directly, and measure the time between
    them.

    Time runs from the end of the source to the start of the target; with one timestamp per event,
    and for steps of which one time is missing, the other stands in for it. Overlapping steps give
    0, never a negative time, and are counted. Median and p90 are exact, with linear interpolation.
    Edges sum to steps − cases. Directly-follows graphs: van der Aalst, *Process Mining* (2016), ch.
    6; what they can mislead about: van der Aalst, *A practitioner's guide to process mining*
    (2019).

    >>> process_map(log).edges[["source", "target", "count"]].head(1)
                        source             target  count
    0  Verificare documentație  Examinare tehnică   2106
    """
    with ThreadPoolExecutor(1) as second_core:
        case = second_core.submit(kernels.case_codes, log.offsets)
        nodes = second_core.submit(_nodes, log, case)
        edges = _edges(log, case, second_core)
        return ProcessMap(edges=edges, nodes=nodes.result(), basis=_basis(log))


def edge_summary(log: EventLog, *, bits: int | None = None) -> Summary:
    """Return the process map as a Summary of the time between steps by source and target, which adds up over parts."""
    return summarize(transitions(log), "time", by=EDGE_KEYS, bits=bits, basis=_basis(log))


def _nodes(log: EventLog, case: Future[Codes]) -> pd.DataFrame:
    size = len(log.activity.labels)
    codes = log.activity.codes
    steps, cases = kernels.rows_and_cases(case.result(), codes, size)
    order = np.lexsort([_rank(log), -steps])
    return pd.DataFrame(
        {
            "activity": _text(log, order),
            "steps": steps[order],
            "cases": cases[order],
            "case_share": cases[order] / max(log.n_cases, 1),
            "starts": np.bincount(codes[log.offsets[:-1]], minlength=size)[order],
            "ends": np.bincount(codes[log.offsets[1:] - 1], minlength=size)[order],
        }
    )


def _edges(log: EventLog, case: Future[Codes], second_core: Executor) -> pd.DataFrame:
    size = len(log.activity.labels)
    found = kernels.follows(
        log.activity.codes, size, log.offsets, case, log.first, log.last, second_core
    )
    count = np.diff(found.offsets)
    quantiles = kernels.grouped_quantiles(found.values, found.offsets, [0.5, 0.9])
    total, mean = _totals(found.values, found.offsets[:-1], count)
    rank = _rank(log)
    order = np.lexsort([rank[found.kinds % size], rank[found.kinds // size], -count])
    return pd.DataFrame(
        {
            "source": _text(log, found.kinds[order] // size),
            "target": _text(log, found.kinds[order] % size),
            "count": count[order],
            "cases": found.cases[order],
            "median_time": durations(np.rint(quantiles[order, 0]).astype(np.int64)),
            "mean_time": durations(mean[order]),
            "p90_time": durations(np.rint(quantiles[order, 1]).astype(np.int64)),
            "total_time": total[order],
            "overlaps": found.overlaps[order],
        }
    )


def _rank(log: EventLog) -> Ints:
    """Return the place of every activity in the order of the alphabet."""
    rank = np.empty(len(log.activity.labels), dtype=np.int64)
    rank[pc.sort_indices(log.activity.labels).to_numpy()] = np.arange(len(rank))
    return rank


def _text(log: EventLog, codes: Ints) -> pd.Series:
    return pd.Series(log.activity.labels.take(pa.array(codes)).to_pandas(), dtype="str")


def _totals(values: Ints, starts: Ints, count: Ints) -> tuple[npt.NDArray[Any], Ints]:
    """Sum the times of every edge exactly, in milliseconds where microseconds do not fit; and their mean."""
    try:
        total, unit, size = kernels.checked_sum(values, starts), "us", 1
    except OverflowError:
        below = kernels.checked_sum(values % 1000, starts) // 1000
        total, unit, size = kernels.checked_sum(values // 1000, starts) + below, "ms", 1000
    mean = np.rint(total / np.maximum(count, 1) * size).astype(np.int64)
    return total.astype(f"timedelta64[{unit}]"), mean


def _basis(log: EventLog) -> str:
    if log.start is None:
        return "time between consecutive events (one timestamp per event: their ends)"
    return "time from the end of a step to the start of the next"
