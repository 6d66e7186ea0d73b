"""Day or month first: the order of the two numbers of a date is told from its whole column, and never guessed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from procmine.ingest.kinds import is_text
from procmine.ingest.times.distinct import Distinct, matching
from procmine.ingest.times.families import DAY_MONTH, fitting
from procmine.kernels import Bools

_NUMBERS = r"^(?P<first>\d{1,2})[./-](?P<second>\d{1,2})[./-](?P<year>\d{4}|\d{2})(?:\D|$)"
_HEAD = 1_000


@dataclass(frozen=True)
class DateOrder:
    """Which of the two numbers of the dates of a column is the day, as far as the dates themselves tell.

    Points between the numbers stand for day first. ``order`` is ``"day"`` or ``"month"`` for what comes
    first, ``"same"`` where day and month are equal in every date, ``"either"`` where every date fits
    both orders, ``"both"`` where some dates fit one order only and some the other.
    """

    order: str
    mark: str
    year_digits: int
    """4 or 2; 0 where both occur, and for points."""

    def proves(self, other: DateOrder) -> bool:
        """Tell whether this column settles another one that fits both orders: day first, and written alike.

        >>> DateOrder("day", "/", 4).proves(DateOrder("either", "/", 4))
        True
        """
        alike = self.mark == other.mark and self.year_digits == other.year_digits
        return self.order == "day" and other.order == "either" and alike


@dataclass(frozen=True, eq=False)
class Places:
    """The numbers in the first and the second place of dates, 0 where a text is of another way of writing."""

    first: npt.NDArray[np.int64]
    second: npt.NDArray[np.int64]

    @classmethod
    def of(cls, texts: pa.Array) -> Places:
        """Read the two numbers in front of the year."""
        found = pc.extract_regex(texts, _NUMBERS)
        first, second = (
            np.array(pc.fill_null(pc.struct_field(found, place).cast(pa.int64()), 0))
            for place in ("first", "second")
        )
        return cls(first, second)

    @property
    def day_first_only(self) -> Bools:
        """Dates that have no month first."""
        return (self.first > 12) & (self.first <= 31) & (self.second >= 1) & (self.second <= 12)

    @property
    def month_first_only(self) -> Bools:
        """Dates that have no day first."""
        return (self.second > 12) & (self.second <= 31) & (self.first >= 1) & (self.first <= 12)

    @property
    def either(self) -> Bools:
        """Dates that are another day in the other order."""
        both = (self.first >= 1) & (self.first <= 12) & (self.second >= 1) & (self.second <= 12)
        apart: Bools = both & (self.first != self.second)
        return apart

    @property
    def order(self) -> str:
        """The order that these dates tell; see DateOrder."""
        day, month = bool(self.day_first_only.any()), bool(self.month_first_only.any())
        if day or month:
            return "both" if day and month else "day" if day else "month"
        return "either" if self.either.any() else "same"


def date_order(column: pa.ChunkedArray) -> DateOrder | None:
    """Return the order that the dates of a text column tell, or None where most cells are of other ways of writing.

    A column reads its dates day first, or is refused; where it is refused because its order is
    ``"either"``, another time column of the same source may settle it (``DateOrder.proves``).
    """
    if not is_text(column) or _begins_otherwise(column):
        return None
    if _begins_with_points(column):
        return DateOrder("day", ".", 0)
    cells = Distinct.of(column)
    filled = cells.count(matching(cells.texts, r"."))
    for mark in "/-":
        fits = fitting(cells.texts, DAY_MONTH[mark])
        if fits.any() and 2 * cells.count(fits) >= filled:
            dates = cells.texts.filter(pa.array(fits))
            return DateOrder(Places.of(dates).order, mark, _year_digits(dates))
    return None


def _begins_otherwise(column: pa.ChunkedArray) -> bool:
    """Tell from its head that a column is written in other ways, without a look at every cell."""
    head = Distinct.of(column[:_HEAD]).texts
    return bool(matching(head, r"\w").any() and not matching(head, _NUMBERS).any())


def _begins_with_points(column: pa.ChunkedArray) -> bool:
    """Tell whether dates have points between their numbers, which stand for day first and prove no more."""
    head = Distinct.of(column[:_HEAD]).texts
    return bool(fitting(head, DAY_MONTH["."]).any())


def _year_digits(dates: pa.Array) -> int:
    years = pc.struct_field(pc.extract_regex(dates, _NUMBERS), "year")
    lengths = pc.unique(pc.utf8_length(years)).to_pylist()
    return int(lengths[0]) if len(lengths) == 1 else 0


def could_be_month_first(family: str) -> bool:
    """Tell whether a way of writing has two orders; points between the numbers stand for day first."""
    return family in (DAY_MONTH["/"], DAY_MONTH["-"])
