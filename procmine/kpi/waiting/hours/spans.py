"""Stretches of time in groups, and how much of them lies within an interval, for millions of intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from procmine.kernels import Bools, Ints, offsets_of

_CHUNK = 1 << 14


@dataclass(frozen=True, eq=False)
class Spans:
    """Stretches from ``begins`` to ``ends`` (int64 instants), sorted and apart within each group.

    ``offsets`` are the positions where each group begins, closed by the number of stretches.
    """

    begins: Ints
    ends: Ints
    offsets: Ints

    @classmethod
    def of(cls, group: Ints, begins: Ints, ends: Ints, groups: int) -> Spans:
        """Make spans of stretches that stand in order of group and begin; empty ones are left out."""
        some = ends > begins
        return cls(begins[some], ends[some], offsets_of(group[some], groups))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def within(self, group: Ints, start: Ints, end: Ints) -> Ints:
        """Return how much of the group's stretches lies between each start and end.

        >>> spans = Spans.of(np.array([0, 0, 1]), np.array([2, 8, 0]), np.array([4, 9, 5]), 2)
        >>> spans.within(np.array([0, 1]), np.array([3, 3]), np.array([20, 20]))
        array([2, 2])
        """
        time = np.empty(len(group), dtype=np.int64)
        for low in range(0, len(group), _CHUNK):
            part = slice(low, low + _CHUNK)
            time[part] = self.passed(group[part], end[part]) - self.passed(group[part], start[part])
        return time

    def passed(self, group: Ints, instants: Ints) -> Ints:
        """Return how much of the group's stretches had passed at each instant."""
        place, before = self._last_begun(group, instants)
        inside = np.minimum(instants, self._padded_ends[place]) - self._padded_begins[place]
        inside += self._before[place]
        return np.where(before, 0, inside)

    def inside(self, group: Ints, instants: Ints) -> Bools:
        """Tell which instants lie in a stretch of their group; its end is not in it."""
        place, before = self._last_begun(group, instants)
        return ~before & (instants < self._padded_ends[place])

    def _last_begun(self, group: Ints, instants: Ints) -> tuple[Ints, Bools]:
        """Return the last stretch of the group that had begun, and where none had.

        A table tells where each cell of time begins, then halving finds the place within the cell.
        """
        cell = np.clip((instants - self._low) // self._width, 0, self._cells - 1)
        cell += group * self._cells
        place, most = self._table[cell], self._table[cell + 1]
        step = 1 << max(self._fullest.bit_length() - 1, 0)
        while step:
            further = place + step
            begun = (further <= most) & (
                self._padded_begins[np.minimum(further, most) - 1] <= instants
            )
            place += step * begun
            step >>= 1
        before = place == self.offsets[group]
        return np.where(before, 0, place - 1), before

    @cached_property
    def _low(self) -> int:
        return int(self.begins.min()) if len(self.begins) else 0

    @cached_property
    def _cells(self) -> int:
        """Into how many cells the time of each group is cut: about as many as it has stretches."""
        return len(self.begins) // max(len(self), 1) + 1

    @cached_property
    def _width(self) -> int:
        span = int(self.begins.max()) - self._low if len(self.begins) else 0
        return span // self._cells + 1

    @cached_property
    def _table(self) -> Ints:
        """How many stretches stand before each cell."""
        group = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        cell = (self.begins - self._low) // self._width + group * self._cells
        return offsets_of(cell, len(self) * self._cells)

    @cached_property
    def _fullest(self) -> int:
        return int(np.diff(self._table).max(initial=0))

    @cached_property
    def _before(self) -> Ints:
        """What had passed of its group at the begin of each stretch."""
        lasted = self.ends - self.begins
        total = np.concatenate([[0], np.cumsum(lasted)])
        before = total[:-1] - np.repeat(total[self.offsets[:-1]], np.diff(self.offsets))
        return np.append(before, 0)

    @cached_property
    def _padded_begins(self) -> Ints:
        return np.append(self.begins, 0)

    @cached_property
    def _padded_ends(self) -> Ints:
        return np.append(self.ends, 0)
