"""What is written where there is no date: placeholders such as '-', and dates that no case has."""

from __future__ import annotations

from datetime import date

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.times.distinct import matching
from procmine.kernels import DAY, NAT, Bools, Ints

_PLACEHOLDERS = (
    "-", "--", "---", "–", "—", "/", "//", ".", "..", "...", "…", "?", "??", "???", "_",
    "n/a", "#n/a", "n.a.", "null", "(null)", "\\n", "none", "nan", "nat", "(blank)",
)  # fmt: skip
"""Folded to lower case. Words such as 'în lucru' are made a placeholder before they get here: a row with no other
time is then told as one of no time."""

_ZERO_DATE = (
    r"^(?:00?[./-]00?[./-]00(?:00)?|0000[./-]00[./-]00|00000000(?:000000)?)"
    r"(?:[T ]00?[:.]00(?:[:.]00(?:[.,]0+)?)?)?$"
)

_SENTINELS = (
    date(1, 1, 1),  # the least date of .NET
    date(1753, 1, 1),  # the least one of SQL Server
    date(1899, 12, 30),  # the day 0 of spreadsheets
    date(1899, 12, 31),
    date(1900, 1, 1),
    date(1904, 1, 1),
    date(2099, 12, 31),
    date(2100, 1, 1),
    date(2999, 12, 31),
    date(9999, 12, 31),
)
_SENTINEL_DAYS = np.array([(day - date(1970, 1, 1)).days for day in _SENTINELS], dtype=np.int64)
_FARTHEST_OFFSET = 14 * DAY // 24


def placeholders(texts: pa.Array) -> Bools:
    """Tell which texts stand for an empty cell."""
    found = pc.is_in(pc.utf8_lower(texts), pa.array(_PLACEHOLDERS))
    return np.array(found.to_numpy(zero_copy_only=False), dtype=np.bool_)


def zero_dates(texts: pa.Array) -> Bools:
    """Tell which texts are a date all of zeros: 00.00.0000, 0000-00-00, 00000000."""
    return matching(texts, _ZERO_DATE)


def sentinels(micros: Ints, *, instants: bool) -> Bools:
    """Tell which times fall on a day that stands for no date.

    1970-01-01 does at midnight only, and only where no other time lies within a year of it. Instants
    are looked at with the farthest UTC offsets, as the day was meant in the zone of the office.
    """
    if not len(micros) or not _any_far(micros):
        return np.zeros(len(micros), dtype=np.bool_)
    before, after = (_FARTHEST_OFFSET, _FARTHEST_OFFSET) if instants else (0, 0)
    found = _lone_epoch(micros)
    for day in _SENTINEL_DAYS * DAY:
        found |= (micros >= day - before) & (micros < day + DAY + after)
    kept: Bools = found & (micros != NAT)
    return kept


def _lone_epoch(micros: Ints) -> Bools:
    found: Bools = micros == 0
    near = (np.abs(micros) < 365 * DAY) & (micros != NAT) & ~found
    return found & (not near.any())


def _any_far(micros: Ints) -> bool:
    """Tell whether any time could be a sentinel: most columns lie between 1970 and 2099."""
    known = micros if micros.min() != NAT else micros[micros != NAT]
    if not len(known):
        return False
    return bool(known.min() <= DAY or known.max() >= int(_SENTINEL_DAYS[6] - 1) * DAY)
