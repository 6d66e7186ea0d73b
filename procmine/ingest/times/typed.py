"""Times that their source has typed already: dates, local times and instants."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.times.absent import sentinels
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
    micros = micros.astype(np.int64, copy=False)
    far = sentinels(micros, instants=instants)
    if far.any():
        micros = np.where(far, NAT, micros)
    none = np.zeros(len(micros), dtype=np.bool_)
    return ReadTimes(micros, instants, none, "typed", far, none, none)
