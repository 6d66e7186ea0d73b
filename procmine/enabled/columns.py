"""The columns that steps() gains when it is asked since when each step could have begun."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from procmine.enabled.counted import BASES, CountedLog, time_between
from procmine.kernels import NAT


def waiting_columns(counted: CountedLog) -> dict[str, Any]:
    """Return ``enabled, waiting_time, sojourn_time, basis``, one value per step of the log as it was given."""
    log, at = counted.log, counted.enabled.at
    start = np.full(log.n_steps, NAT) if log.start is None else log.start
    columns: dict[str, Any] = {
        "enabled": log.local(counted.as_given(at)),
        "waiting_time": counted.as_given(time_between(at, start)).view("timedelta64[us]"),
        "sojourn_time": counted.as_given(time_between(at, log.end)).view("timedelta64[us]"),
    }
    basis = counted.as_given(counted.basis)
    columns["basis"] = pd.Categorical.from_codes(basis, categories=pd.Index(BASES, dtype="str"))
    return columns
