"""Variants: the distinct sequences of activities, and how many cases follow each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from procmine import kernels
from procmine.kernels import NAT, Codes, Ints
from procmine.log import EventLog
from procmine.observe import ObservedCases, durations, observed_cases, variant_text
from procmine.observe import cases as case_table
from procmine.summary import Summary, summarize


def variants(log: EventLog) -> pd.DataFrame:
    """Return one row per variant, the most frequent first: ``variant, cases, share,
    cumulative_share, median_cycle_time, steps``.

    A variant is the sequence of the activities of a case, joined by ``" → "``. ``share`` is of all
    cases, open ones included; ``median_cycle_time`` is over the cases of the variant that have a cycle time (see
    :func:`procmine.cases`), missing where none has. Variants of equal size stand in alphabetical
    order.

    >>> variants(log)["share"].sum().round(6)
    np.float64(1.0)
    """
    with ThreadPoolExecutor(1) as second_core:
        observed = second_core.submit(observed_cases, log)
        codes, examples = kernels.variant_codes(log.activity.codes, log.offsets)
        times = second_core.submit(_median_cycle_time, log, observed.result(), codes, len(examples))
        count = np.bincount(codes, minlength=len(examples))
        texts = variant_text(log, examples)
        order = _by_size(count, texts)
        median = times.result()
    cases = count[order]
    table = pd.DataFrame(
        {
            "variant": pd.Series(texts.take(pa.array(order)).to_pandas(), dtype="str"),
            "cases": cases,
            "share": cases / max(log.n_cases, 1),
            "cumulative_share": cases.cumsum() / max(log.n_cases, 1),
            "median_cycle_time": median[order],
            "steps": np.diff(log.offsets)[examples][order],
        }
    )
    return table


def variant_summary(log: EventLog, *, bits: int | None = None) -> Summary:
    """Return the cycle times by variant as a Summary, which adds up over parts of whole cases.

    Cases without a cycle time (open ones) are not in it; count them with ``summarize(cases(log),
    "steps", by=["variant"])``.
    """
    basis = "last − first, closing unknown" if log.closed_at is None else "closed_at − started"
    return summarize(case_table(log), "cycle_time", by=["variant"], bits=bits, basis=basis)


def _by_size(count: Ints, texts: pa.StringArray) -> Ints:
    """Return the order of variants: the most cases first, then by their text."""
    table = pa.table({"cases": count, "variant": texts})
    order = pc.sort_indices(table, sort_keys=[("cases", "descending"), ("variant", "ascending")])
    return np.asarray(order.to_numpy(), dtype=np.int64)


def _median_cycle_time(
    log: EventLog, seen: ObservedCases, codes: Codes, groups: int
) -> npt.NDArray[np.timedelta64]:
    whole = seen.steps == np.diff(log.offsets)  # else some step lies in the future
    cycle = np.where(whole, seen.cycle_time, NAT)
    known = cycle != NAT
    values = kernels.sorted_in_groups(codes[known], cycle[known], groups)
    offsets = kernels.offsets_of(codes[known], groups)
    median = kernels.grouped_quantiles(values, offsets, [0.5])[:, 0]
    return durations(
        np.where(np.isnan(median), NAT, np.rint(np.nan_to_num(median))).astype(np.int64)
    )
