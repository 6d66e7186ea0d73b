"""UTC offsets as written, and the zone of the office that explains them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import BindingError, did_you_mean
from procmine.ingest.times.families import looked_up
from procmine.ingest.times.parts import offset_minutes
from procmine.kernels import DAY, NAT, Ints

_OFFSET_END = re.compile(r":\d{2}(?:\.\d+)?(?:Z|[+-]\d{2}(?::?\d{2})?)$")
EU_ZONES = ("CET", "EET", "WET")


def propose_zone(offsets: Sequence[tuple[int, int]]) -> tuple[str | None, str]:
    """Return the zone that explains the UTC offsets as written, or None, and the reason in words.

    Offsets that follow the EU's clock changes propose CET, EET or WET; a single offset proposes
    that fixed zone.

    >>> propose_zone([(1_704_103_200_000_000, 60), (1_719_828_000_000_000, 120)])[0]
    'CET'
    """
    written = sorted({offset for _, offset in offsets})
    if not written:
        return None, "the times carry no UTC offset"
    said = ", ".join(_offset_text(offset) for offset in written[:6])
    if len(written) == 1:
        zone = "UTC" if written[0] == 0 else f"UTC{said}"
        return zone, f"every time seen is written with the offset {said}"
    for zone in EU_ZONES:
        if all(_offset_at(zone, instant) == offset for instant, offset in offsets):
            return zone, f"the offsets {said} follow the clock changes of the EU as {zone} does"
    return None, f"the offsets {said} follow no zone of the EU"


def check_zone(tz: str) -> str:
    """Return the name of a zone, or raise BindingError with an example."""
    try:
        pd.Timestamp("2026-01-01").tz_localize(tz)
    except (OSError, ZoneInfoNotFoundError, ValueError, KeyError, TypeError, IndexError) as error:
        raise BindingError(
            f"tz={tz!r} is no time zone\nwrite it as 'Europe/Bucharest', 'Europe/Rome', 'CET' or 'UTC+02:00'"
            f"{did_you_mean(tz, sorted(available_timezones()))}"
        ) from error
    return tz


def offsets_at_end(texts: pa.ChunkedArray) -> Ints | None:
    """Return the UTC offset in minutes at the end of each ISO time, or None where the first time has none."""
    filled = texts[:1000].drop_null()
    if not len(filled) or not _OFFSET_END.search(str(filled[0])):
        return None
    ends = pc.fill_null(pc.utf8_slice_codeunits(texts, -6), "Z")
    return looked_up(ends.combine_chunks(), offset_minutes)


def written_offsets(instants: Ints, minutes: Ints) -> list[tuple[int, int]]:
    """Return distinct (instant of the day, offset in minutes) pairs, one per day and offset."""
    known = instants != NAT
    instants, minutes = instants[known], minutes[known]
    day_and_offset = (instants // DAY) * 4096 + (minutes + 2048)
    _, where = np.unique(day_and_offset, return_index=True)
    return [(int(i), int(o)) for i, o in zip(instants[where], minutes[where], strict=True)]


def _offset_text(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _offset_at(zone: str, instant: int) -> int:
    offset = pd.Timestamp(instant, unit="us", tz="UTC").tz_convert(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else 0
