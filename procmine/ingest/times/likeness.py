"""Whether a column looks like times: numbers of registers, amounts and telephones do not."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from procmine.ingest.times.absent import placeholders, sentinels, zero_dates
from procmine.ingest.times.by_format import parts_by_format
from procmine.ingest.times.distinct import Distinct, matching
from procmine.ingest.times.families import COMPACT, DAY_MONTH, FAMILIES, fitting
from procmine.ingest.times.parts import days_of_month, read_parts, years_of
from procmine.kernels import NAT, Bools, Ints

_TWO_DIGITS = r"^\d{1,2}[./-]\d{1,2}[./-]\d{2}(?:\D|$)"
_MONTHS_SEEN = 2
_DATES_SEEN = 4
_YEARS_SPANNED = 30


def looks_like_times(texts: pa.Array | pa.ChunkedArray, *, named: bool = False) -> float:
    """Return the share of filled cells that some known way of writing fits (0.0 where none is filled).

    Placeholders are not filled. Digits without marks, and years of two digits, may be numbers of
    another kind: they count only where every cell is such a date, and the dates are as dates are.
    Where the column is ``named`` as times are, it is enough that every cell is such a date.
    """
    written, counts = _written(texts)
    if not len(written):
        return 0.0
    fits = np.zeros(len(written), dtype=np.bool_)
    for family in FAMILIES:
        fits |= fitting(written, family)
    short = fits & matching(written, _TWO_DIGITS)
    if short.any() and not _short_dates(written, short, named):
        fits &= ~short
    if not fits.any() and _compact_dates(written, named):
        return 1.0
    return float(counts[fits].sum() / counts.sum())


def share_in_format(texts: pa.Array | pa.ChunkedArray, time_format: str) -> float:
    """Return the share of filled cells that are times in the strftime codes, or the day numbers, that were given."""
    written, counts = _written(texts)
    if not len(written):
        return 0.0
    fits = parts_by_format(written, time_format).local != NAT
    return float(counts[fits].sum() / counts.sum())


def are_digits(texts: pa.Array | pa.ChunkedArray) -> bool:
    """Tell whether every filled cell is a number, as dates without marks and day numbers are."""
    written, _ = _written(texts)
    return bool(matching(written, r"^\d+(?:[.,]\d+)?$").all())


def _written(texts: pa.Array | pa.ChunkedArray) -> tuple[pa.Array, Ints]:
    """Return the different filled cells, without placeholders, and the rows of each."""
    cells = Distinct.of(texts)
    absent = placeholders(cells.texts) | zero_dates(cells.texts)
    filled = matching(cells.texts, r".") & ~absent
    return cells.texts.filter(pa.array(filled)), cells.counts[filled]


def _short_dates(written: pa.Array, short: Bools, named: bool) -> bool:
    """Tell whether years of two digits are years: all cells are dates, some have days above 12, years lie near."""
    if not short.all():
        return False
    for family in DAY_MONTH.values():
        local = read_parts(written, family).local
        if (local != NAT).all():
            years = years_of(local)
            near = years.max() - years.min() <= _YEARS_SPANNED
            return named or bool(near and days_of_month(local).max() > 12)
        if named and (read_parts(written, family, month_first=True).local != NAT).all():
            return True
    return False


def _compact_dates(written: pa.Array, named: bool) -> bool:
    """Tell whether digits are dates: all of them are, and they do not follow each other as numbers do."""
    local = read_parts(written, COMPACT).local
    known = local[~sentinels(local, instants=False)]
    if (known == NAT).any() or len(known) < (1 if named else _DATES_SEEN):
        return False
    years = years_of(known)
    near = years.min() >= 1900 and years.max() <= 2100
    months = np.unique(known.astype("datetime64[us]").astype("datetime64[M]"))
    return bool(near and (named or len(months) >= _MONTHS_SEEN))
