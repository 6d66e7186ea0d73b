"""Times as text: the one way of writing of a whole column is found, and its cells are read in it."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import TimestampError
from procmine.ingest.times.families import FAMILIES, ISO, as_iso, example, fitting
from procmine.ingest.times.found import ReadTimes
from procmine.ingest.times.offsets import written_offsets
from procmine.ingest.times.order import either_order, refuse_month_first
from procmine.ingest.times.refusals import refuse_mostly_unreadable
from procmine.kernels import NAT, Bools, Ints

_HAS_OFFSET = r"(Z|[+-]\d{2}:?\d{2})$"


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
        texts = as_iso(written, family)
        parsed = _parsed(texts, _with_offsets(texts, name, source))
    micros = _microseconds(parsed)
    unreadable = present & (micros == NAT)
    if unreadable.any():
        refuse_month_first(written.filter(pa.array(unreadable)), family, name, source)
    if unreadable.sum() * 2 > present.sum():
        refuse_mostly_unreadable(written, unreadable, name, source, time_format)
    offsets = written_offsets(written, micros) if parsed.dt.tz is not None else ()
    either = either_order(written.filter(pa.array(micros != NAT)), family)
    return ReadTimes(micros, parsed.dt.tz is not None, unreadable, family, offsets, either)


def _family_of(texts: pa.Array, present: Bools, name: str, source: str) -> str:
    """Return the way of writing that fits the most cells; a second one in the same column is an error."""
    counts = {family: fitting(texts, family) for family in FAMILIES}
    found = sorted(
        (family for family in counts if counts[family]), key=lambda family: -counts[family]
    )
    if len(found) > 1:
        shown = "\n".join(f"  {counts[f]:,} as {f}, such as {example(texts, f)!r}" for f in found)
        raise TimestampError(
            f"column {name!r} in {source} writes its times in {len(found)} ways:\n{shown}\n"
            "write the column in one way, or name the one to read with time_format=, "
            "such as '%d.%m.%Y %H:%M'; the rows of the other are then listed as rejected"
        )
    if not found and present.any():
        refuse_mostly_unreadable(texts, present, name, source)
    return found[0] if found else ISO


def _with_offsets(texts: pa.Array, name: str, source: str) -> bool:
    dated = texts.filter(pc.match_substring_regex(texts, FAMILIES[ISO][0]))
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
        fitting = pc.if_else(pc.match_substring_regex(texts, FAMILIES[ISO][0]), texts, None)
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
