"""Day numbers of spreadsheets: 45000 is 15 March 2023 where days are counted from 1900, and 16 March 2027 from 1904."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.times.absent import sentinels
from procmine.ingest.times.found import ReadTimes
from procmine.ingest.times.parts import SECOND
from procmine.kernels import DAY, NAT, Bools, Floats, Ints

DATE_SYSTEMS = {"excel": 1900, "excel1904": 1904}
_DAY_0 = {1900: -25_569, 1904: -24_107}
"""Days from 1970 to the day 0: 1899-12-30, as Excel counts a 29 February 1900 that never was, and 1904-01-01."""
_FIRST, _END = -7_305 * DAY, 47_482 * DAY
"""1950 to the end of 2099: what lies outside is no date of a case."""


def from_serials(column: pa.ChunkedArray, date_system: int = 1900) -> ReadTimes:
    """Read a numeric column as the day numbers of a spreadsheet; parts of a day are rounded to the second.

    Numbers before 1950 or after 2099 are unreadable, those of days that stand for no date missing.
    """
    numbers = np.array(pc.fill_null(column.cast(pa.float64(), safe=False), np.nan))
    micros = serial_micros(numbers, date_system)
    far = sentinels(micros, instants=False)
    micros[far] = NAT
    none = np.zeros(len(micros), dtype=np.bool_)
    unreadable = ~np.isnan(numbers) & (micros == NAT) & ~far
    family = f"day numbers of a spreadsheet, counted from {date_system}"
    return ReadTimes(micros, False, unreadable, family, far, none, none)


def serial_micros(numbers: Floats, date_system: int) -> Ints:
    """Return local times, NAT where a number is no date of a case; a sentinel stays to be told."""
    day_0 = _DAY_0[date_system]
    plain = np.where(_in_range(numbers), numbers, 0.0)
    days = np.floor(plain)
    seconds = np.rint((plain - days) * 86_400).astype(np.int64)
    whole = days.astype(np.int64)
    if date_system == 1900:
        whole = whole + (whole < 60)  # before the day that never was
    micros = (whole + day_0) * DAY + seconds * SECOND
    never = (days == 60) & (date_system == 1900)
    kept = ((micros >= _FIRST) & (micros < _END)) | sentinels(micros, instants=False)
    return np.where(_in_range(numbers) & kept & ~never, micros, NAT)


def _in_range(numbers: Floats) -> Bools:
    """Tell which numbers a spreadsheet could show as a date at all."""
    with np.errstate(invalid="ignore"):
        found: Bools = (numbers >= 0) & (numbers < 2_958_466)
    return found
