"""What a column of times turned out to hold: the times, what could not be read, and how they are written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procmine.kernels import Bools, Ints


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
