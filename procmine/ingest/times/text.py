"""Times as text: the one way of writing of a whole column is found, and its cells are read in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import TimestampError
from procmine.ingest.times.absent import placeholders, sentinels, zero_dates
from procmine.ingest.times.by_format import parts_by_format
from procmine.ingest.times.codes import DAY_FIRST, MONTH_FIRST
from procmine.ingest.times.distinct import Distinct
from procmine.ingest.times.families import COMPACT, DAY_MONTH, FAMILIES, ISO, fitting
from procmine.ingest.times.found import ReadTimes
from procmine.ingest.times.offsets import offsets_at_end, written_offsets
from procmine.ingest.times.order import Places, could_be_month_first
from procmine.ingest.times.parts import NO_OFFSET, Parts, days_of_month, read_parts, years_of
from procmine.ingest.times.refusals import (
    Rows,
    refuse_either_order,
    refuse_month_first,
    refuse_mostly_unreadable,
    refuse_two_ways,
    refuse_years_in_front,
)
from procmine.ingest.times.shape import one_shape
from procmine.kernels import NAT, Bools

_MINUTE = 60_000_000
_HEAD = 1_000
_COMPACT_YEARS = (1900, 2100)


def from_text(
    column: pa.ChunkedArray,
    *,
    name: str,
    source: str,
    time_format: str | None = None,
    rows: Rows = None,
    proven: str | None = None,
    proven_by: str = "another time column",
) -> ReadTimes:
    """Read a text column in the one way of writing that fits it, or in ``time_format``.

    ``time_format`` is strftime codes; ``"day first"`` or ``"month first"``, which settles the order
    alone; or ``"excel"`` or ``"excel1904"`` for the day numbers of a spreadsheet. ``rows`` are the row
    numbers of the source, named in errors. ``proven="day"`` says that another column (``proven_by``),
    written in the same way, has the day first; see ``date_order``.

    Cells that no way of writing fits are marked unreadable; placeholders ('-', 'n/a') and dates that
    stand for none (1900-01-01, 31.12.9999) are missing. Raises TimestampError where a second way of
    writing occurs, where dates fit two orders, where some times carry a UTC offset and others do
    not, or where most cells are not times at all.
    """
    fast = _decoded(column) if time_format is None else None
    if fast is not None:
        return fast
    cells = _Cells.of(column, name, source, rows)
    if time_format in (None, DAY_FIRST, MONTH_FIRST):
        return cells.in_one_way(time_format, proven, proven_by)
    return cells.in_format(str(time_format))


def _decoded(column: pa.ChunkedArray) -> ReadTimes | None:
    """Return the times of a column that is ISO 8601 throughout, as Arrow itself reads it, or None."""
    texts = column.cast(pa.string())
    filled = pc.if_else(pc.equal(texts, ""), None, texts)
    offsets = offsets_at_end(filled)
    kind = pa.timestamp("us", "UTC" if offsets is not None else None)
    try:
        pc.cast(filled[:_HEAD], kind)  # a cast that fails looks at every cell
        cast = pc.cast(filled, kind)
    except pa.ArrowInvalid:
        return None
    plain = pc.fill_null(cast.cast(pa.int64()), NAT)
    micros = np.array(plain)
    far = sentinels(micros, instants=offsets is not None)
    if far.any():
        micros = np.where(far, NAT, micros)
    pairs = () if offsets is None else written_offsets(micros, offsets)
    none = np.zeros(len(micros), dtype=np.bool_)
    return ReadTimes(micros, offsets is not None, none, ISO, far, none, none, pairs)


@dataclass(frozen=True, eq=False)
class _Cells:
    """The distinct cells of a column of text, and which of them stand for nothing."""

    distinct: Distinct
    placeholders: Bools
    zeros: Bools
    filled: Bools
    name: str
    source: str
    rows: Rows

    @classmethod
    def of(cls, column: pa.ChunkedArray, name: str, source: str, rows: Rows) -> _Cells:
        distinct = Distinct.of(column)
        empty = pc.equal(distinct.texts, "").to_numpy(zero_copy_only=False)
        absent, zeros = placeholders(distinct.texts), zero_dates(distinct.texts)
        return cls(distinct, absent, zeros, ~(empty | absent | zeros), name, source, rows)

    def in_one_way(self, order: str | None, proven: str | None, proven_by: str) -> ReadTimes:
        """Read the cells in the one way of writing that fits them."""
        family = self._family()
        month_first = order == MONTH_FIRST and family in DAY_MONTH.values()
        parts = read_parts(self.distinct.texts, family, month_first=month_first)
        if family == COMPACT:
            parts = self._if_all_dates(parts)
        dates = self.filled & (parts.local != NAT)
        either = False
        if family in DAY_MONTH.values() and order is None:
            either = self._order_is_open(family, parts, dates, proven)
            self._check_years(parts, dates)
        return self._result(parts, family, None, either, proven_by)

    def in_format(self, time_format: str) -> ReadTimes:
        """Read the cells in a format that was given."""
        parts = parts_by_format(self.distinct.texts, time_format)
        return self._result(parts, f"time_format={time_format!r}", time_format, False, "")

    def _family(self) -> str:
        """Return the way of writing that fits; a second one in the same column is an error."""
        written = self.distinct.texts.filter(pa.array(self.filled))
        example = one_shape(written)
        if example is not None:
            alone = pa.array([example])
            return next((family for family in FAMILIES if fitting(alone, family).any()), COMPACT)
        left, found = self.filled.copy(), {}
        for family in FAMILIES:
            if not left.any():
                break
            places = np.flatnonzero(left)
            fits = np.zeros(len(left), dtype=np.bool_)
            fits[places] = fitting(self.distinct.texts.take(pa.array(places)), family)
            if fits.any():
                found[family] = fits
                left &= ~fits
        if len(found) > 1:
            refuse_two_ways(self.distinct, found, self.name, self.source, self.rows)
        if found or not self.filled.any():
            return next(iter(found), ISO)
        return COMPACT

    def _if_all_dates(self, parts: Parts) -> Parts:
        """Digits without marks are times only where every one of them is."""
        years, (low, high) = years_of(parts.local[self.filled]), _COMPACT_YEARS
        plain = (parts.local[self.filled] != NAT) & (years >= low) & (years <= high)
        far = sentinels(parts.local[self.filled], instants=False)
        if not (plain | far).all():
            self._refuse(self.filled, None)
        return parts

    def _order_is_open(self, family: str, parts: Parts, dates: Bools, proven: str | None) -> bool:
        """Tell whether only another column settles the order; refuse what nothing settles."""
        unread = self.distinct.texts.filter(pa.array(self.filled & ~dates))
        if Places.of(unread).month_first_only.any():
            refuse_month_first(self.distinct, self.name, self.source, self.rows)
        if not could_be_month_first(family) or (days_of_month(parts.local[dates]) > 12).any():
            return False
        if not (Places.of(self.distinct.texts).either & dates).any():
            return False
        if proven != "day":
            refuse_either_order(
                self.distinct, parts.local, dates, self.name, self.source, self.rows
            )
        return True

    def _check_years(self, parts: Parts, dates: Bools) -> None:
        """Two-digit years that vary more than the days may be the days."""
        short = dates & parts.two_digit_years
        if not short.any():
            return
        days, years = days_of_month(parts.local[short]), years_of(parts.local[short])
        if years.max() - years.min() > 3 and len(np.unique(days)) < len(np.unique(years)) / 2:
            refuse_years_in_front(self.distinct, short, self.name, self.source)

    def _result(
        self, parts: Parts, family: str, time_format: str | None, either: bool, proven_by: str
    ) -> ReadTimes:
        known = self.filled & (parts.local != NAT)
        unreadable = self.filled & ~known
        if self.distinct.count(unreadable) * 2 > self.distinct.count(self.filled):
            self._refuse(unreadable, time_format)
        instants = self._carry_offsets(parts, known)
        micros = np.where(known, parts.local, NAT)
        if instants:
            micros[known] -= parts.offset[known] * _MINUTE
        far = sentinels(micros, instants=instants)
        micros[far] = NAT
        spread = self.distinct.spread
        times = spread(micros)
        return ReadTimes(
            times,
            instants,
            spread(unreadable),
            family,
            sentinels=spread(far | self.zeros),
            placeholders=spread(self.placeholders),
            two_digit_years=spread(parts.two_digit_years & (micros != NAT)),
            offsets=written_offsets(times, spread(parts.offset)) if instants else (),
            either_order=either,
            proven_by=proven_by,
        )

    def _carry_offsets(self, parts: Parts, known: Bools) -> bool:
        with_offset = self.distinct.count(known & (parts.offset != NO_OFFSET))
        without = self.distinct.count(known) - with_offset
        if with_offset and without:
            raise TimestampError(
                f"column {self.name!r} in {self.source}: {with_offset:,} times carry a UTC offset "
                f"and {without:,} do not\n"
                "export the column in one way: all with an offset, or all as local times with tz="
            )
        return with_offset > 0

    def _refuse(self, bad: Bools, time_format: str | None) -> None:
        refuse_mostly_unreadable(
            self.distinct, bad, self.filled, self.name, self.source, time_format
        )
