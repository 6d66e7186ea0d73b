"""How finely the times of a log are written: to the day, the minute, the second or below."""

from __future__ import annotations

from collections.abc import Sequence

from procmine.kernels import DAY, NAT, Ints
from procmine.log import PRECISIONS
from procmine.zones import to_local

_UNIT_MICROSECONDS = {"minute": 60_000_000, "second": 1_000_000, "millisecond": 1_000}


def precision_of(columns: Sequence[Ints], tz: str) -> str:
    """Return the coarsest unit that holds every time; a day where all are local midnights."""
    for unit in PRECISIONS[1:-1]:
        size = _UNIT_MICROSECONDS[unit]
        if all(_whole(times[:1000], size) for times in columns) and all(
            _whole(times, size) for times in columns
        ):
            return "day" if unit == "minute" and _all_midnight(columns, tz) else unit
    return "microsecond"


def _whole(times: Ints, size: int) -> bool:
    """Tell whether every time that is not missing is a multiple of a size."""
    known = times[times != NAT] if (times == NAT).any() else times
    return not (known % size).any()


def _all_midnight(columns: Sequence[Ints], tz: str) -> bool:
    for times in columns:
        known = times[times != NAT]
        if (to_local(known[:1000], tz) % DAY).any() or (to_local(known, tz) % DAY).any():
            return False
    return True
