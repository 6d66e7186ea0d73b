"""A segment: every passage of cases from one activity directly to another, one by one, with its time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from procmine.kernels import Ints, directly_follows, gaps
from procmine.log import EventLog
from procmine.observe import case_id_column, durations

CLASSES = ("fastest quarter", "second quarter", "third quarter", "slowest quarter")


def segment(log: EventLog, source: str, target: str) -> pd.DataFrame:
    """Return one row per time that a step of `target` directly follows one of `source` in a case.

    Columns: ``case_id, source, target, from`` (end of the source), ``until`` (start of the target;
    where one of them is not known the other time of that step stands in for it), ``duration`` (from
    ``from`` to ``until``; 0 where the steps overlap), ``duration_class``: the quarter of all
    passages to which the duration belongs, of equal durations all in the faster one (quartiles
    interpolate linearly). Sorted by ``from``, equals in the order of the log. Such single passages
    are the performance spectrum of a segment (Denisov, Fahland and van der Aalst 2018); the map's
    median of an edge is the median of ``duration``.

    >>> passages = segment(log, "Semnare autorizație", "Eliberare autorizație")
    >>> passages[["duration", "duration_class"]].head(2)
             duration  duration_class
    0 5 days 23:32:00   third quarter
    1 3 days 22:08:00  second quarter
    """
    first, second = (log.activity.code(name, what="activity") for name in (source, target))
    rows = directly_follows(log.offsets)
    codes = log.activity.codes
    rows = rows[(codes[rows] == first) & (codes[rows + 1] == second)]
    rows = rows[np.argsort(log.last[rows], kind="stable")]
    between, _ = gaps(log.first, log.last, rows)
    return pd.DataFrame(
        {
            "case_id": case_id_column(log, log.case_codes[rows]),
            "source": log.activity.take(rows).compact().to_categorical(),
            "target": log.activity.take(rows + 1).compact().to_categorical(),
            "from": log.local(log.last[rows]),
            "until": log.local(log.first[rows + 1]),
            "duration": durations(between),
            "duration_class": duration_classes(between),
        }
    )


def duration_classes(times: Ints) -> pd.Categorical:
    """Return the quarter of the times in which each of them is.

    >>> duration_classes(np.array([1, 2, 3, 4])).codes
    array([0, 1, 2, 3], dtype=int8)
    """
    limits = np.quantile(times, [0.25, 0.5, 0.75]) if len(times) else np.zeros(3)
    codes = np.searchsorted(limits, times, side="left")
    return pd.Categorical.from_codes(codes, categories=pd.Index(CLASSES, dtype="str"), ordered=True)
