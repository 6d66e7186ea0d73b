"""Stretches of time in groups, and how much of them lies within an interval, for millions of intervals."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from procmine.kernels import Bools, Ints, offsets_of

_CHUNK = 1 << 14
_KEY_BITS = 62


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
        """Return how much of the group's stretches lies between each start and end, of any sign.

        >>> spans = Spans.of(np.array([0, 0, 1]), np.array([2, 8, 0]), np.array([4, 9, 5]), 2)
        >>> spans.within(np.array([0, 1]), np.array([3, 3]), np.array([20, 20]))
        array([6, 2])
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
        """Return the last stretch of the group that had begun, and where none had."""
        low, unit, width = self._scale
        moment = np.clip((instants - low) // unit, -1, width - 2) + 1
        place = np.searchsorted(self._keys, group * width + moment, side="right") - 1
        before = place < self.offsets[group]
        return np.where(before, 0, place), before

    @cached_property
    def _scale(self) -> tuple[int, int, int]:
        """The least begin, what all begins are a multiple of from there, and the keys of one group.

        Stretches begin at whole minutes or quarters: counted in those, group and time fit in one key.
        """
        low = int(self.begins.min()) if len(self.begins) else 0
        unit = max(int(np.gcd.reduce(self.begins - low)), 1) if len(self.begins) else 1
        width = (int(self.begins.max()) - low) // unit + 3 if len(self.begins) else 3
        if width.bit_length() + len(self).bit_length() > _KEY_BITS:
            raise OverflowError(
                f"{len(self):,} calendars over {width:,} instants do not fit in 64 bits\n"
                "please report the size of this log"
            )
        return low, unit, width

    @cached_property
    def _keys(self) -> Ints:
        low, unit, width = self._scale
        group = np.repeat(np.arange(len(self)), np.diff(self.offsets))
        return np.asarray(group * width + (self.begins - low) // unit + 1, dtype=np.int64)

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
