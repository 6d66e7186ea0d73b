"""Times as text become instants: one way of writing for a whole column, one zone for the office."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import BindingError, TimestampError, did_you_mean
from procmine.kernels import DAY, NAT, Bools, Ints
from procmine.log import PRECISIONS
from procmine.zones import to_local

_CLOCK = r"(?:[T ](\d{1,2}(?::\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?)?) ?(Z|[+-]\d{2}:?\d{2})?)?"
_FAMILIES = {
    "year-month-day (ISO 8601)": (rf"^(\d{{4}})-(\d{{2}})-(\d{{2}}){_CLOCK}$", (1, 2, 3)),
    "year/month/day": (rf"^(\d{{4}})/(\d{{1,2}})/(\d{{1,2}}){_CLOCK}$", (1, 2, 3)),
    "day.month.year": (rf"^(\d{{1,2}})\.(\d{{1,2}})\.(\d{{4}}){_CLOCK}$", (3, 2, 1)),
    "day/month/year": (rf"^(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}){_CLOCK}$", (3, 2, 1)),
    "day-month-year": (rf"^(\d{{1,2}})-(\d{{1,2}})-(\d{{4}}){_CLOCK}$", (3, 2, 1)),
}
ISO = "year-month-day (ISO 8601)"
_MONTH_FIRST = r"^(0?\d|1[0-2])[./-](1[3-9]|2\d|3[01])[./-]\d{4}"
_DAY_IN_FRONT = r"^(1[3-9]|2\d|3[01])[/-]"
_EITHER_ORDER = ("day/month/year", "day-month-year")
_HAS_OFFSET = r"(Z|[+-]\d{2}:?\d{2})$"
_UNIT_MICROSECONDS = {"minute": 60_000_000, "second": 1_000_000, "millisecond": 1_000}
EU_ZONES = ("CET", "EET", "WET")


@dataclass(frozen=True, eq=False)
class ReadTimes:
    """Times of a column: microseconds, NAT where missing; instants if ``instants``, else local wall-clock times."""

    micros: Ints
    instants: bool
    unreadable: Bools
    family: str
    offsets: Sequence[tuple[int, int]] = ()
    either_order: bool = False
    """Every date could be read month first as well as day first."""

    def order_note(self, column: str) -> list[str]:
        """Return the note on a column whose dates could be read in either order, or none."""
        if not self.either_order:
            return []
        return [
            f"every date in column {column!r} could also be read month first; "
            f"it was read day first ({self.family})"
        ]


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
    return ReadTimes(
        micros.astype(np.int64, copy=False), instants, np.zeros(len(micros), bool), "typed"
    )


def from_text(
    column: pa.ChunkedArray, *, name: str, source: str, time_format: str | None = None
) -> ReadTimes:
    """Read a text column in the one way of writing that fits it, or in ``time_format`` (strftime
    codes).

    Cells that no way of writing fits are marked unreadable; raises TimestampError where a second
    way of writing occurs, where some times carry a UTC offset and others do not, or where most
    cells are not times at all.
    """
    written = pc.utf8_trim_whitespace(pc.fill_null(column.cast(pa.string()), "")).combine_chunks()
    present = pc.not_equal(written, "").to_numpy(zero_copy_only=False)
    if time_format is not None:
        family = f"time_format={time_format!r}"
        parsed = _by_format(written, time_format)
    else:
        family = _family_of(written, present, name, source)
        texts = _as_iso(written, family)
        parsed = _parsed(texts, _with_offsets(texts, name, source))
    micros = _microseconds(parsed)
    unreadable = present & (micros == NAT)
    if unreadable.any():
        _refuse_month_first(written.filter(pa.array(unreadable)), family, name, source)
    if unreadable.sum() * 2 > present.sum():
        _refuse_mostly_unreadable(written, unreadable, name, source, time_format)
    offsets = _written_offsets(written, micros) if parsed.dt.tz is not None else ()
    either = _either_order(written.filter(pa.array(micros != NAT)), family)
    return ReadTimes(micros, parsed.dt.tz is not None, unreadable, family, offsets, either)


def looks_like_times(texts: pa.Array | pa.ChunkedArray) -> float:
    """Return the share of non-empty cells that some known way of writing fits (0.0 where all are empty)."""
    trimmed = pc.utf8_trim_whitespace(pc.fill_null(texts.cast(pa.string()), ""))
    filled = trimmed.filter(pc.not_equal(trimmed, ""))
    fits = sum(_fitting(filled, family) for family in _FAMILIES)
    return fits / len(filled) if len(filled) else 0.0


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


def _family_of(texts: pa.Array, present: Bools, name: str, source: str) -> str:
    """Return the way of writing that fits the most cells; a second one in the same column is an error."""
    counts = {family: _fitting(texts, family) for family in _FAMILIES}
    found = sorted(
        (family for family in counts if counts[family]), key=lambda family: -counts[family]
    )
    if len(found) > 1:
        shown = "\n".join(f"  {counts[f]:,} as {f}, such as {_example(texts, f)!r}" for f in found)
        raise TimestampError(
            f"column {name!r} in {source} writes its times in {len(found)} ways:\n{shown}\n"
            "write the column in one way, or name the one to read with time_format=, "
            "such as '%d.%m.%Y %H:%M'; the rows of the other are then listed as rejected"
        )
    if not found and present.any():
        _refuse_mostly_unreadable(texts, present, name, source)
    return found[0] if found else ISO


def _fitting(texts: pa.Array | pa.ChunkedArray, family: str) -> int:
    return int(pc.sum(pc.match_substring_regex(texts, _FAMILIES[family][0])).as_py() or 0)


def _example(texts: pa.Array, family: str) -> str:
    return str(
        texts[pc.index(pc.match_substring_regex(texts, _FAMILIES[family][0]), True).as_py()].as_py()
    )


def _as_iso(texts: pa.Array, family: str) -> pa.Array:
    """Rewrite the texts of a family as ISO 8601; texts that do not fit stay as they are."""
    pattern, (year, month, day) = _FAMILIES[family]
    if family != ISO:
        texts = pc.replace_substring_regex(texts, pattern, rf"\{year}-\{month}-\{day} \4\5")
        texts = pc.replace_substring_regex(texts, r"^(\d{4})-(\d)-", r"\1-0\2-")
        texts = pc.utf8_rtrim_whitespace(
            pc.replace_substring_regex(texts, r"^(\d{4}-\d{2})-(\d)( |$)", r"\1-0\2\3")
        )
    texts = pc.replace_substring_regex(texts, r"^(\S{10})[T ](\d)(:|$)", r"\1 0\2\3")
    return pc.replace_substring(texts, ",", ".")


def _with_offsets(texts: pa.Array, name: str, source: str) -> bool:
    dated = texts.filter(pc.match_substring_regex(texts, _FAMILIES[ISO][0]))
    count = int(
        pc.sum(pc.match_substring_regex(dated, r":\d{2}(\.\d+)? ?" + _HAS_OFFSET)).as_py() or 0
    )
    if 0 < count < len(dated):
        raise TimestampError(
            f"column {name!r} in {source}: {count:,} times carry a UTC offset and {len(dated) - count:,} do not\n"
            "export the column in one way: all with an offset, or all as local times with tz="
        )
    return count > 0


def _parsed(texts: pa.Array, with_offsets: bool) -> pd.Series:
    try:
        cast = pc.cast(
            pc.if_else(pc.equal(texts, ""), None, texts),
            pa.timestamp("us", "UTC" if with_offsets else None),
        )
        return pd.Series(cast.to_pandas())
    except pa.ArrowInvalid:
        # pandas would also read 2026 or 20260302, which no way of writing here fits
        fitting = pc.if_else(pc.match_substring_regex(texts, _FAMILIES[ISO][0]), texts, None)
        return pd.to_datetime(
            pd.Series(fitting.to_pandas()), format="ISO8601", errors="coerce", utc=with_offsets
        )


def _by_format(texts: pa.Array, time_format: str) -> pd.Series:
    with_offsets = "%z" in time_format
    try:
        if not re.search(r"%[YyGcx]", time_format):
            raise ValueError("it has no year (%Y)")
        return pd.to_datetime(
            pd.Series(texts.to_pandas()), format=time_format, errors="coerce", utc=with_offsets
        )
    except (ValueError, re.error) as error:
        raise TimestampError(
            f"time_format={time_format!r} is not understood: {error}\n"
            "write it with strftime codes, such as '%d.%m.%Y %H:%M'"
        ) from error


def _microseconds(times: pd.Series) -> Ints:
    plain = times.dt.tz_convert(None) if times.dt.tz is not None else times
    return plain.to_numpy().astype("datetime64[us]").view(np.int64)


def _refuse_mostly_unreadable(
    texts: pa.Array, bad: Bools, name: str, source: str, time_format: str | None = None
) -> None:
    examples = ", ".join(
        repr(text) for text in texts.filter(pa.array(bad)).unique()[:3].to_pylist()
    )
    filled = int(pc.sum(pc.not_equal(texts, "")).as_py())
    fault = "are not times" if time_format is None else f"do not fit time_format={time_format!r}"
    raise TimestampError(
        f"column {name!r} in {source}: {int(bad.sum()):,} of {filled:,} filled cells {fault}, such as {examples}\n"
        "known without time_format= are 2026-03-31, 31.03.2026, 31/03/2026 and 31-03-2026, with or without "
        "a clock time; say another way, such as time_format='%d %m %Y', or name another column"
    )


def _refuse_month_first(unreadable: pa.Array, family: str, name: str, source: str) -> None:
    """A day above 12 in the place of the month is the sign of the US order, which is never guessed."""
    if family not in ("day/month/year", "day-month-year", "day.month.year"):
        return
    swapped = pc.match_substring_regex(unreadable, _MONTH_FIRST)
    count = int(pc.sum(swapped).as_py() or 0)
    if count:
        example = str(unreadable.filter(swapped)[0].as_py())
        codes = _codes_like(example)
        day_first = codes[3:5] + codes[2] + codes[:2] + codes[5:]
        raise TimestampError(
            f"column {name!r} in {source}: {count:,} times can only be read month first, such as {example!r}\n"
            f"the order is never guessed: pass time_format={codes!r} if months come first, or "
            f"{day_first!r} to have these rows rejected and the rest read day first"
        )


def _either_order(texts: pa.Array, family: str) -> bool:
    """Tell whether no date has a day above 12; points between the numbers stand for day first."""
    if family not in _EITHER_ORDER or not len(texts):
        return False
    return not pc.any(pc.match_substring_regex(texts, _DAY_IN_FRONT)).as_py()


def _codes_like(example: str) -> str:
    """Return the strftime codes of a time written month first.

    >>> _codes_like("03/31/2026 10:00")
    '%m/%d/%Y %H:%M'
    """
    mark, clock = re.findall(r"\D", example)[0], example[10:].count(":")
    return f"%m{mark}%d{mark}%Y" + ("", " %H:%M", " %H:%M:%S")[min(clock, 2)]


def _written_offsets(texts: pa.Array, micros: Ints) -> list[tuple[int, int]]:
    """Return distinct (instant of the day, offset in minutes) pairs, one per day and offset."""
    known = micros != NAT
    instants = micros[known]
    ends = pc.utf8_slice_codeunits(texts.filter(pa.array(known)), -6).dictionary_encode()
    minutes = np.array(
        [_offset_minutes(str(end)) for end in ends.dictionary.to_pylist()], dtype=np.int64
    )
    offset = minutes[ends.indices.to_numpy()]
    day_and_offset = (instants // DAY) * 4096 + (offset + 2048)
    _, where = np.unique(day_and_offset, return_index=True)
    return [(int(i), int(o)) for i, o in zip(instants[where], offset[where], strict=True)]


def _offset_minutes(end: str) -> int:
    digits = end.replace(":", "")[-5:]
    if end.endswith("Z") or digits[0] not in "+-":
        return 0
    return (int(digits[1:3]) * 60 + int(digits[3:5])) * (-1 if digits[0] == "-" else 1)


def _offset_text(minutes: int) -> str:
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _offset_at(zone: str, instant: int) -> int:
    offset = pd.Timestamp(instant, unit="us", tz="UTC").tz_convert(ZoneInfo(zone)).utcoffset()
    return int(offset.total_seconds() // 60) if offset is not None else 0
