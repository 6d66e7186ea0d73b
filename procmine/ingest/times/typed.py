"""Times that their source has typed already: dates, local times and instants."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.times.found import ReadTimes
from procmine.kernels import NAT


def from_arrow(column: pa.ChunkedArray) -> ReadTimes:
    """Return the times of a column that its source has typed already."""
    kind = column.type
    if pa.types.is_date(kind):
        column = column.cast(pa.timestamp("us"))
    instants = pa.types.is_timestamp(kind) and kind.tz is not None
    values = column.cast(pa.timestamp("us", tz=kind.tz if instants else None), safe=False)
    plain = values.cast(pa.int64())
    missing = pc.is_null(plain).to_numpy()
    micros = pc.fill_null(plain, NAT).to_numpy() if missing.any() else plain.to_numpy()
    return ReadTimes(
        micros.astype(np.int64, copy=False), instants, np.zeros(len(micros), bool), "typed"
    )
