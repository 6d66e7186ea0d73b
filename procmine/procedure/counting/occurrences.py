"""Occurrences: when events happened in cases, sorted by case, day and order in the day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from procmine.kernels import NAT, Bools, Ints

NO_ROW = -1
_EMPTY = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, eq=False)
class Occurrences:
    """When events occurred: one entry per occurrence, sorted by case, day and order in the day."""

    case: Ints
    day: Ints
    order: Ints
    row: Ints
    """The step of the log, NO_ROW for the date of an attribute."""

    def __len__(self) -> int:
        return len(self.case)

    def where(self, kept: Bools | Ints) -> Occurrences:
        """Return some of the occurrences."""
        return Occurrences(self.case[kept], self.day[kept], self.order[kept], self.row[kept])

    def firsts(self, n_cases: int) -> Ints:
        """Return the day of the first occurrence in every case, NAT where there is none."""
        days = np.full(n_cases, NAT)
        first = first_of_runs(self.case)
        days[self.case[first]] = self.day[first]
        return days

    def counts(self, n_cases: int) -> Ints:
        """Return how often it occurred in every case."""
        return np.bincount(self.case, minlength=n_cases)

    @classmethod
    def none(cls) -> Occurrences:
        """Return no occurrences."""
        return cls(_EMPTY, _EMPTY, _EMPTY, _EMPTY)

    @classmethod
    def sorted(cls, case: Ints, day: Ints, order: Ints, row: Ints) -> Occurrences:
        """Return occurrences in their order; what is in order already is not sorted again."""
        if not in_order(case, day, order):
            by = np.lexsort((order, day, case))
            case, day, order, row = case[by], day[by], order[by], row[by]
        return cls(case, day, order, row)


def first_of_runs(values: npt.NDArray[Any]) -> Ints:
    """Return the places at which a run of equal values begins."""
    if not len(values):
        return _EMPTY
    return np.flatnonzero(np.concatenate([[True], values[1:] != values[:-1]]))


def in_order(case: Ints, day: Ints, order: Ints) -> bool:
    """Return whether entries are sorted by case, day and order."""
    same = case[1:] == case[:-1]
    later = (day[1:] > day[:-1]) | ((day[1:] == day[:-1]) & (order[1:] >= order[:-1]))
    return bool(np.all((case[1:] > case[:-1]) | (same & later)))
