"""What a log has in writing: dates and numbers of days in its attributes, as local days."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pyarrow as pa

from procmine import zones
from procmine.errors import DataQualityWarning
from procmine.kernels import DAY, NAT, Bools, Ints
from procmine.log import EventLog
from procmine.observe import attribute_series

_DATE = r"\d[./-]\d+[./-]\d"
"""Text that is a date, read as the dates of a column are."""


def local_days(instants: Ints, tz: str) -> Ints:
    """Return the local date of instants as days since 1970-01-01, NAT where missing."""
    days = zones.to_local(instants, tz) // DAY
    missing = instants == NAT
    return np.where(missing, NAT, days) if missing.any() else days


def dates_of(column: pa.ChunkedArray, name: str, log: EventLog) -> Ints:
    """Return an attribute that holds dates as local days, NAT where it has none; what cannot be read is counted."""
    from procmine.ingest import times

    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    typed = pa.types.is_timestamp(column.type) or pa.types.is_date(column.type)
    if not typed:
        column = column.cast(pa.string())
    source = log.import_report.source
    read = times.from_arrow(column) if typed else times.from_text(column, name=name, source=source)
    _warn(column, read.unreadable, name, "no dates")
    if read.instants:
        return local_days(read.micros, log.tz)
    return np.where(read.micros == NAT, NAT, read.micros // DAY)


def last_days_of(column: pa.ChunkedArray, name: str, log: EventLog, since: Ints) -> Ints:
    """Return the last day of periods that an attribute gives, as a number of days since a day or as a date."""
    if pa.types.is_timestamp(column.type) or pa.types.is_date(column.type):
        return dates_of(column, name, log)
    series = attribute_series(column, log.tz).astype("object")
    days = pd.to_numeric(series, errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
    given = np.isfinite(days) & (days >= 0)
    last = np.where(given, since + np.where(given, days, 0).astype(np.int64), NAT)
    dated = ~given & series.astype("str").str.contains(_DATE).fillna(False).to_numpy(dtype=np.bool_)
    if dated.any():
        last[dated] = dates_of(column.filter(pa.array(dated)), name, log)
    _warn(column, ~given & ~dated & series.notna().to_numpy(), name, "no numbers of days")
    return last


def _warn(column: pa.ChunkedArray, unreadable: Bools, name: str, what: str) -> None:
    """Warn of values that are not what they should be; they count as missing."""
    if unreadable.any():
        first = column[int(np.flatnonzero(unreadable)[0])].as_py()
        warnings.warn(
            f"{int(unreadable.sum()):,} of {len(column):,} values of {name!r} are {what} and count as missing, "
            f"the first {first!r}",
            DataQualityWarning,
            stacklevel=2,
        )
