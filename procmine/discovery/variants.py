"""Variants: the distinct sequences of activities, and how many cases follow each."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine import kernels
from procmine.kernels import NAT, Ints
from procmine.log import EventLog
from procmine.observe import cases, durations, observed_cases, variant_text
from procmine.summary import Summary, summarize


def variants(log: EventLog) -> pd.DataFrame:
    """Return one row per variant, the most frequent first: ``variant, cases, share,
    cumulative_share, median_cycle_time, steps``.

    A variant is the sequence of the activities of a case, joined by ``" → "``. ``share`` is of all
    cases, open ones included;
    ``median_cycle_time`` is over the cases of the variant that have a cycle time (see
    :func:`procmine.cases`), missing where none has. Variants of equal size stand in alphabetical
    order.

    >>> variants(log)["share"].sum().round(6)
    np.float64(1.0)
    """
    codes, examples = kernels.variant_codes(log.activity.codes, log.offsets)
    count = np.bincount(codes, minlength=len(examples))
    table = pd.DataFrame(
        {
            "variant": variant_text(log, examples),
            "cases": count,
            "share": count / max(log.n_cases, 1),
            "cumulative_share": 0.0,
            "median_cycle_time": _median_cycle_time(log, codes.astype(np.int64), len(examples)),
            "steps": np.diff(log.offsets)[examples],
        }
    )
    table = table.sort_values(["cases", "variant"], ascending=[False, True], ignore_index=True)
    table["cumulative_share"] = table["cases"].cumsum() / max(log.n_cases, 1)
    return table


def variant_summary(log: EventLog, *, bits: int | None = None) -> Summary:
    """Return the cycle times by variant as a Summary, which adds up over parts of whole cases.

    Cases without a cycle time (open ones) are not in it; count them with ``summarize(cases(log),
    "steps", by=["variant"])``.
    """
    return summarize(cases(log), "cycle_time", by=["variant"], bits=bits)


def _median_cycle_time(log: EventLog, codes: Ints, groups: int) -> npt.NDArray[np.timedelta64]:
    cycle = observed_cases(log).cycle_time
    known = cycle != NAT
    ordered, values = kernels.grouped_order(codes[known], cycle[known])
    offsets = kernels.offsets_of(ordered, groups)
    median = kernels.grouped_quantiles(values, offsets, [0.5])[:, 0]
    return durations(
        np.where(np.isnan(median), NAT, np.rint(np.nan_to_num(median))).astype(np.int64)
    )
