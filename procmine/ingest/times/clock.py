"""Clock times in a column of their own, to be added to the dates of another one."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.times.absent import placeholders
from procmine.ingest.times.distinct import Distinct, matching
from procmine.ingest.times.families import CLOCK, DAY_MONTH, ISO
from procmine.ingest.times.parts import SECOND, clock_of, read_parts
from procmine.kernels import DAY, NAT, Bools, Floats, Ints

_ALONE = rf"^(?:(?:ora|ore|h) ?)?{CLOCK}$"
_HAS_MINUTES = r"\d[:.]\d|[^\d\s]$"
"""A bare number such as 8 or 14 may be a count; it is a clock time with minutes or a half of the day."""
_FRACTION = r"^0[.,]\d{3,}$"
_DUMMY_DAYS = (-719_162, -25_569, -25_568, -25_567, -24_107, 0)
"""Days that programs write in front of a clock time: 0001-01-01, 1899-12-30 to 1900-01-01, 1904-01-01, 1970-01-01."""


def clock_micros(column: pa.ChunkedArray) -> tuple[Ints, Bools]:
    """Return the microseconds since midnight of a column of clock times, NAT where missing, and the unreadable cells.

    Read are 14:30, 14.30, 14:30:05, 2:30 PM and 2:30 μ.μ. as text; times of a typed column; parts of
    a day as spreadsheets keep them (0.604166667, rounded to the second: the last half second is the
    next midnight); and times of a day that stands for no date, such as 1899-12-30 14:30.
    """
    kind = column.type
    if pa.types.is_time(kind):
        return _filled(column.cast(pa.time64("us"), safe=False).cast(pa.int64()))
    if pa.types.is_duration(kind):
        return _within_day(*_filled(column.cast(pa.duration("us"), safe=False).cast(pa.int64())))
    if pa.types.is_timestamp(kind):
        return _of_dummy_days(
            *_filled(column.cast(pa.timestamp("us"), safe=False).cast(pa.int64()))
        )
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return _of_fractions(np.array(pc.fill_null(column.cast(pa.float64()), np.nan)))
    return _of_texts(column)


def _filled(plain: pa.ChunkedArray) -> tuple[Ints, Bools]:
    micros = np.array(pc.fill_null(plain, NAT))
    return micros, np.zeros(len(micros), dtype=np.bool_)


def _within_day(micros: Ints, _: Bools) -> tuple[Ints, Bools]:
    bad = (micros != NAT) & ((micros < 0) | (micros >= DAY))
    return np.where(bad, NAT, micros), bad


def _of_dummy_days(micros: Ints, _: Bools) -> tuple[Ints, Bools]:
    """Take the clock time of days that stand for none; that of a true date is not to be thrown away."""
    bad = (micros != NAT) & ~np.isin(micros // DAY, _DUMMY_DAYS)
    return np.where(bad | (micros == NAT), NAT, micros % DAY), bad


def _of_fractions(numbers: Floats) -> tuple[Ints, Bools]:
    known = (numbers >= 0) & (numbers < 1)
    seconds = np.rint(np.where(known, numbers, 0.0) * 86_400).astype(np.int64)
    return np.where(known, seconds * SECOND, NAT), ~known & ~np.isnan(numbers)


def _of_texts(column: pa.ChunkedArray) -> tuple[Ints, Bools]:
    cells = Distinct.of(column)
    texts = cells.texts
    filled = matching(texts, r".") & ~placeholders(texts)
    micros = np.where(matching(texts, _HAS_MINUTES), _alone(texts), NAT)
    for read in (_fractions, _with_dummy_days):
        micros = np.where(micros == NAT, read(texts), micros)
    micros[~filled] = NAT
    return cells.spread(micros), cells.spread(filled & (micros == NAT))


def _alone(texts: pa.Array) -> Ints:
    found = pc.extract_regex(texts, _ALONE)
    clock = clock_of(found, _ALONE)
    return np.where(matching(texts, _ALONE), clock, NAT)


def _fractions(texts: pa.Array) -> Ints:
    written = pc.if_else(pc.match_substring_regex(texts, _FRACTION), texts, None)
    numbers = pc.replace_substring(written, ",", ".").cast(pa.float64())
    return _of_fractions(np.array(pc.fill_null(numbers, np.nan)))[0]


def _with_dummy_days(texts: pa.Array) -> Ints:
    micros = np.full(len(texts), NAT)
    for family in (ISO, *DAY_MONTH.values()):
        local = read_parts(texts, family).local
        micros = np.where(micros == NAT, _of_dummy_days(local, local == NAT)[0], micros)
    return micros
