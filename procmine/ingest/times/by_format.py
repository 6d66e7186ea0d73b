"""Times as text in a way of writing that the user has named with time_format=."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa

from procmine.errors import TimestampError
from procmine.ingest.times.distinct import matching
from procmine.ingest.times.parts import NO_OFFSET, Parts
from procmine.ingest.times.serials import DATE_SYSTEMS, serial_micros
from procmine.kernels import NAT, Ints

_NUMBER = r"^\d+(?:[.,]\d+)?$"


def parts_by_format(texts: pa.Array, time_format: str) -> Parts:
    """Read texts in strftime codes, or as the day numbers of a spreadsheet (excel, excel1904)."""
    none = np.zeros(len(texts), dtype=np.bool_)
    if time_format in DATE_SYSTEMS:
        micros = _from_serials(texts, DATE_SYSTEMS[time_format])
        return Parts(micros, np.full(len(texts), NO_OFFSET), none)
    with_offsets = "%z" in time_format
    times = _parsed(texts, time_format, with_offsets)
    offset = np.full(len(texts), 0 if with_offsets else NO_OFFSET)
    short = ~none if re.search(r"%y", time_format) else none
    return Parts(_microseconds(times), offset, short)


def _from_serials(texts: pa.Array, date_system: int) -> Ints:
    written = matching(texts, _NUMBER)
    numbers = [
        float(str(text).replace(",", ".")) for text in texts.filter(pa.array(written)).to_pylist()
    ]
    micros = np.full(len(texts), NAT)
    micros[written] = serial_micros(np.array(numbers, dtype=np.float64), date_system)
    return micros


def _parsed(texts: pa.Array, time_format: str, with_offsets: bool) -> pd.Series:
    try:
        if not re.search(r"%[YyGcx]", time_format):
            raise ValueError("it has no year (%Y)")
        return pd.to_datetime(
            pd.Series(texts.to_pandas()), format=time_format, errors="coerce", utc=with_offsets
        )
    except (ValueError, re.error) as error:
        raise TimestampError(
            f"time_format={time_format!r} is not understood: {error}\n"
            "write it with strftime codes, such as '%d.%m.%Y %H:%M'; as 'day first' or 'month first', "
            "or as 'excel' for the day numbers of a spreadsheet"
        ) from error


def _microseconds(times: pd.Series) -> Ints:
    plain = times.dt.tz_convert(None) if times.dt.tz is not None else times
    return plain.to_numpy().astype("datetime64[us]").view(np.int64)
