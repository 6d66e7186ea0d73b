"""Texts of one way of writing are taken apart into numbers, and the numbers put together as times."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.times.families import PATTERNS, looked_up
from procmine.ingest.times.months import month_number, weekday_or_none
from procmine.ingest.times.shape import taken_apart
from procmine.kernels import DAY, NAT, Bools, Ints

SECOND = 1_000_000
NO_OFFSET = 10_000
"""Stands in a column of UTC offsets in minutes where a time has none."""


@dataclass(frozen=True, eq=False)
class Parts:
    """The times of texts as written: NAT where a text is of another way of writing, or no date."""

    local: Ints
    offset: Ints
    """Minutes ahead of UTC, or NO_OFFSET."""
    two_digit_years: Bools


def read_parts(texts: pa.Array, family: str, *, month_first: bool = False) -> Parts:
    """Read the texts that a way of writing fits."""
    pattern = PATTERNS[family]
    found = taken_apart(texts, pattern)
    years = pc.struct_field(found, "year")
    written = pc.fill_null(pc.utf8_length(years), 0).to_numpy(zero_copy_only=False)
    year, two = _number(years), written == 2
    year = np.where(two, year + np.where(year < 70, 2000, 1900), year)
    if "?P<name>" in pattern:
        month = looked_up(pc.struct_field(found, "name"), month_number)
    else:
        month = _number(pc.struct_field(found, "month"))
    day = _number(pc.struct_field(found, "day"))
    if month_first:
        month, day = day, month
    days, clock = days_of(year, month, day), clock_of(found, pattern)
    known = (written > 0) & (days != NAT) & (clock != NAT)
    if "?P<weekday>" in pattern:
        known &= looked_up(pc.struct_field(found, "weekday"), weekday_or_none) > 0
    local = np.where(known, np.where(known, days, 0) * DAY + clock, NAT)
    return Parts(local, _offsets(found, pattern), two & known)


def days_of(year: Ints, month: Ints, day: Ints) -> Ints:
    """Return days since 1970, NAT where there is no such day.

    >>> days_of(np.array([2024, 2025]), np.array([2, 2]), np.array([29, 29])).tolist()[0]
    19782
    """
    known = (year >= 1) & (month >= 1) & (month <= 12) & (day >= 1)
    months = np.where(known, (year - 1970) * 12 + month - 1, 0)
    first, following = _first_days(months), _first_days(months + 1)
    known &= day <= following - first
    return np.where(known, first + day - 1, NAT)


def days_of_month(local: Ints) -> Ints:
    """Return the day of the month of each local time."""
    times = local.astype("datetime64[us]").astype("datetime64[D]")
    days: Ints = (times - times.astype("datetime64[M]")).astype(np.int64)
    return days + 1


def years_of(local: Ints) -> Ints:
    """Return the year of each local time."""
    return local.astype("datetime64[us]").astype("datetime64[Y]").astype(np.int64) + 1970


def clock_of(found: pa.Array, pattern: str) -> Ints:
    """Return microseconds within the day, 0 where no clock time is written, NAT where there is no such time."""
    hour, minute, second = (_part(found, pattern, part) for part in ("hour", "minute", "second"))
    wrong = (hour > 23) | (minute > 59) | (second > 59)
    clock = ((hour * 60 + minute) * 60 + second) * SECOND
    if "?P<half>" in pattern:
        if _any_written(pc.struct_field(found, "half")):
            half = looked_up(pc.struct_field(found, "half"), _half)
            wrong |= (half > 0) & ((hour < 1) | (hour > 12))
            clock += np.where(half > 0, half - 1 - hour // 12, 0) * (DAY // 2)
        fraction = pc.struct_field(found, "fraction")
        if _any_written(fraction):
            padded = pc.utf8_slice_codeunits(pc.utf8_rpad(fraction, 6, "0"), 0, 6)
            clock += _number(padded)
    clock[wrong] = NAT
    return clock


def _half(text: str) -> int:
    """Return 0 where no half of the day is written, 1 before noon, 2 after."""
    return 0 if not text else 1 if text[0] in "AaπΠ" else 2


def _first_days(months: Ints) -> Ints:
    return months.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)


def _part(found: pa.Array, pattern: str, part: str) -> Ints:
    if f"?P<{part}>" not in pattern:
        return np.zeros(len(found), dtype=np.int64)
    return _number(pc.struct_field(found, part))


def _number(digits: pa.Array) -> Ints:
    """Return digits as a number, 0 where there are none."""
    plain = pc.fill_null(pc.if_else(pc.equal(digits, ""), "0", digits), "0")
    return np.array(plain.cast(pa.int64()))


def _offsets(found: pa.Array, pattern: str) -> Ints:
    if "?P<offset>" not in pattern:
        return np.full(len(found), NO_OFFSET, dtype=np.int64)
    written = pc.struct_field(found, "offset")
    if not _any_written(written):
        return np.full(len(found), NO_OFFSET, dtype=np.int64)
    return looked_up(written, offset_minutes)


def _any_written(part: pa.Array) -> bool:
    return bool(pc.any(pc.not_equal(part, "")).as_py())


def offset_minutes(text: str) -> int:
    """Return the minutes of the UTC offset at the end of a text, or NO_OFFSET.

    >>> offset_minutes("08:05+0230"), offset_minutes("Z"), offset_minutes("-03"), offset_minutes("")
    (150, 0, -180, 10000)
    """
    found = re.search(r"(?:Z|([+-])(\d{2})(?::?(\d{2}))?)$", text)
    if found is None:
        return NO_OFFSET
    sign, hours, minutes = found.groups()
    size = int(hours or 0) * 60 + int(minutes or 0)
    return -size if sign == "-" else size
