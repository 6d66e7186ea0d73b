"""Local clock times in whole seconds, small enough for 32 bits where the log spans less than 60 years."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procmine.kernels import Ints, blocks
from procmine.zones import clock_changes, to_local

Whole = npt.NDArray[np.signedinteger]
_SECOND, _HOUR, _DAY = 1_000_000, 3_600, 86_400
_SPAN = 60 * 366 * _DAY


@dataclass(frozen=True, eq=False)
class LocalClock:
    """Local times in whole seconds since the beginning of ``first_day``, which is counted from 1970-01-01."""

    second: Whole
    first_day: int

    @classmethod
    def of(cls, instants: Ints, tz: str) -> LocalClock:
        """Turn instants into local seconds; offsets are looked up by the hour where clocks change on full hours."""
        low, high = int(instants.min()), int(instants.max())
        changes, offsets = clock_changes(tz, low - _DAY * _SECOND, high + _DAY * _SECOND)
        on_hours = not (changes % (_HOUR * _SECOND)).any() and not (offsets % _SECOND).any()
        if on_hours and high - low < _SPAN * _SECOND:
            return cls._by_hour(instants, low, high, changes // _SECOND, offsets // _SECOND)
        local = to_local(instants, tz) // _SECOND
        day = int(local.min()) // _DAY
        return cls(local - day * _DAY, day)

    @classmethod
    def _by_hour(
        cls, instants: Ints, low: int, high: int, changes: Ints, offsets: Ints
    ) -> LocalClock:
        base = low // _SECOND // _DAY * _DAY
        hours = np.arange((high // _SECOND - base) // _HOUR + 1) * _HOUR + base
        first = (
            low // _SECOND + int(offsets[np.searchsorted(changes, low // _SECOND, "right")])
        ) // _DAY
        offset = offsets[np.searchsorted(changes, hours, side="right")] + (base - first * _DAY)
        second = np.empty(len(instants), dtype=np.int32)
        for block in blocks(len(instants)):
            since = (instants[block] - base * _SECOND) // _SECOND
            second[block] = since + offset[since // _HOUR]
        low_day = int(second.min()) // _DAY  # clocks put back over midnight
        return cls(second - np.int32(low_day * _DAY) if low_day else second, first + low_day)
