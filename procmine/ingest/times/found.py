"""What a column of times turned out to hold: the times, what could not be read, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procmine.kernels import Bools, Ints


@dataclass(frozen=True, eq=False)
class ReadTimes:
    """Times of a column: microseconds, NAT where missing; instants if ``instants``, else local wall-clock times.

    A cell is empty, a placeholder, a sentinel, unreadable, or a time; only the last is no NAT.
    """

    micros: Ints
    instants: bool
    unreadable: Bools
    family: str
    sentinels: Bools
    """Dates that stand for no date, such as 1900-01-01, 31.12.9999 or 00.00.0000."""
    placeholders: Bools
    """Cells such as '-' or 'n/a', which stand for an empty one."""
    two_digit_years: Bools
    """Times whose year is written with two digits: 70 to 99 were read as 19xx, 00 to 69 as 20xx."""
    offsets: Sequence[tuple[int, int]] = ()
    either_order: bool = False
    """Every date could be read month first as well as day first, and another column settled it."""
    proven_by: str = "another time column"
    """What settled it, in words."""

    def order_note(self, column: str) -> list[str]:
        """Return the note on a column whose dates could be read in either order, or none."""
        if not self.either_order:
            return []
        return [
            f"every date in column {column!r} could also be read month first; it was read day first "
            f"({self.family}), as {self.proven_by} is written in the same way and has days above 12"
        ]
