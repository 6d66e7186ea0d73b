"""Day or month first: the order of two numbers of a date is told from the column, and never guessed."""

from __future__ import annotations

import re

import pyarrow as pa
import pyarrow.compute as pc

from procmine.errors import TimestampError

_MONTH_FIRST = r"^(0?\d|1[0-2])[./-](1[3-9]|2\d|3[01])[./-]\d{4}"
_DAY_IN_FRONT = r"^(1[3-9]|2\d|3[01])[/-]"
_EITHER_ORDER = ("day/month/year", "day-month-year")


def refuse_month_first(unreadable: pa.Array, family: str, name: str, source: str) -> None:
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


def either_order(texts: pa.Array, family: str) -> bool:
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
