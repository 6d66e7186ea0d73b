"""The strftime codes in which a column of dates of three numbers would be read, to be named in advice."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

DAY_FIRST, MONTH_FIRST = "day first", "month first"
ORDERS = (DAY_FIRST, MONTH_FIRST)
"""Ways to say the order alone with time_format=, where no strftime codes fit every cell."""

_DATE = re.compile(r"^\d{1,2}([./-])\d{1,2}[./-](\d{4}|\d{2})(.*)$")
_CLOCK = re.compile(
    r"^(?P<between>\D+)\d{1,2}(?:(?P<mark>[:.])\d{2}(?P<seconds>[:.]\d{2})?(?P<fraction>[.,]\d{1,9})?)?"
    r"(?P<half> ?[AaPp][Mm])?(?P<offset> ?(?:Z|[+-]\d{2}:?\d{2}))?$"
)


def formats(texts: pa.Array, example: str) -> tuple[str, str]:
    """Return what to pass as time_format= for day first and for month first.

    Codes are given where every date is written alike, else the words that say the order alone.
    """
    shapes = pc.unique(pc.replace_substring_regex(texts, r"\d+", "9"))
    lengths = pc.unique(
        pc.utf8_length(pc.replace_substring_regex(texts, r"^.*?[./-].*?[./-](\d+).*$", r"\1"))
    )
    codes = codes_like(example)
    if codes is None or len(shapes) > 1 or len(lengths) > 1:
        return DAY_FIRST, MONTH_FIRST
    return codes, "%m" + codes[2] + "%d" + codes[5:]


def codes_like(example: str) -> str | None:
    """Return the strftime codes of a date written day first, or None where there are none.

    >>> codes_like("03/04/2026 10:00"), codes_like("3-4-26")
    ('%d/%m/%Y %H:%M', '%d-%m-%y')
    """
    date = _DATE.match(example)
    if date is None:
        return None
    mark, year, rest = date.groups()
    clock = _clock_codes(rest)
    return None if clock is None else f"%d{mark}%m{mark}%{'Y' if len(year) == 4 else 'y'}{clock}"


def _clock_codes(text: str) -> str | None:
    """Return the codes of a clock time and what stands before it, or None where it has none."""
    found = _CLOCK.match(text)
    if not text or found is None:
        return None if text else ""
    part = found.groupdict(default="")
    codes = part["between"] + ("%I" if part["half"] else "%H")
    if part["mark"]:
        codes += f"{part['mark']}%M"
    if part["seconds"]:
        codes += f"{part['seconds'][0]}%S"
    if part["fraction"]:
        codes += f"{part['fraction'][0]}%f"
    codes += " %p" if part["half"].startswith(" ") else "%p" if part["half"] else ""
    return codes + (" %z" if part["offset"].startswith(" ") else "%z" if part["offset"] else "")
