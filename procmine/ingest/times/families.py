"""The ways in which registries write a time as text: a pattern each, with named parts."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.times.distinct import matching
from procmine.ingest.times.months import month_number, weekday_or_none
from procmine.kernels import Bools, Ints

_S = r"[ \x{A0}\x{202F}]"  # spaces, as spreadsheets and browsers also write them
_POINT = rf"(?:\.{_S}?)?"
CLOCK = (
    r"(?P<hour>\d{1,2})"
    r"(?:[:.](?P<minute>\d{2})(?:[:.](?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?)?"
    rf"(?:{_S}?(?P<half>(?:[AaPp]{_POINT}[Mm]|[πΠ]{_POINT}[μµΜ]|[μµΜ]{_POINT}[μµΜ])\.?))?"
)
_OFFSET = rf"(?:{_S}?(?P<offset>Z|[+-]\d{{2}}(?::?\d{{2}})?))?"
_BETWEEN = rf"(?:T|,?{_S}+(?:(?:ora|ore|h){_S})?|,|{_S}-{_S})"
_END = rf"\.|{_S}?[rR]\."  # a full stop, or the word for year
_AFTER = rf"(?:{_BETWEEN}{CLOCK}{_OFFSET}|{_END})?$"
_DAY, _MONTH, _YEAR = r"(?P<day>\d{1,2})", r"(?P<month>\d{1,2})", r"(?P<year>\d{4}|\d{2})"
_WORD = r"[^\d\s\x{A0}\x{202F}.,:/-]+"
_NAME = rf"(?P<name>{_WORD})"
_WEEKDAY = rf"(?:(?P<weekday>{_WORD})[.,]*{_S}+)?"

ISO = "year-month-day (ISO 8601)"
DAY_MONTH = {"/": "day/month/year", "-": "day-month-year", ".": "day.month.year"}
"""The ways that could be month first, by the mark between their numbers."""
COMPACT = "yearmonthday"
FAMILIES = {
    ISO: rf"^(?P<year>\d{{4}})-(?P<month>\d{{2}})-(?P<day>\d{{2}}){_AFTER}",
    "year/month/day": rf"^(?P<year>\d{{4}})/{_MONTH}/{_DAY}{_AFTER}",
    DAY_MONTH["."]: rf"^{_DAY}\.{_MONTH}\.{_YEAR}{_AFTER}",
    DAY_MONTH["/"]: rf"^{_DAY}/{_MONTH}/{_YEAR}{_AFTER}",
    DAY_MONTH["-"]: rf"^{_DAY}-{_MONTH}-{_YEAR}{_AFTER}",
    "day, name of the month, year": (
        rf"^{_WEEKDAY}{_DAY}[.º°]?(?:{_S}+|[-/]){_NAME}(?:\.?{_S}+|\.?[-/]){_YEAR}{_AFTER}"
    ),
    "name of the month, day, year": rf"^{_WEEKDAY}{_NAME}\.?{_S}+{_DAY},?{_S}+{_YEAR}{_AFTER}",
}
PATTERNS = FAMILIES | {
    COMPACT: (
        r"^(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
        r"(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2}))?$"
    ),
}
"""Digits without marks are a way of writing only where every cell is such a date: they may be numbers."""


def fitting(texts: pa.Array, family: str) -> Bools:
    """Tell which texts a way of writing fits; names must be those of months and days of the week."""
    fits = matching(texts, PATTERNS[family])
    if "?P<name>" in PATTERNS[family] and fits.any():
        places = np.flatnonzero(fits)
        parts = pc.extract_regex(texts.take(pa.array(places)), PATTERNS[family])
        names, days = pc.struct_field(parts, "name"), pc.struct_field(parts, "weekday")
        known = looked_up(names, month_number) > 0
        known &= looked_up(days, weekday_or_none) > 0
        fits[places] = known
    return fits


def looked_up(texts: pa.Array, number_of: Callable[[str], int]) -> Ints:
    """Return the number of each text, asking once for each different one; missing texts are ``""``."""
    encoded = pc.fill_null(texts, "").dictionary_encode()
    numbers = [number_of(text) for text in encoded.dictionary.to_pylist()]
    found: Ints = np.array(numbers, dtype=np.int64)[encoded.indices.to_numpy(zero_copy_only=False)]
    return found
