"""Cycle times in a comparison: quantiles and mean of Kaplan and Meier's curve, in every resample at once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from procmine.kernels import DAY, Bools, Floats, Ints, run_starts

QUANTILES = {"cycle_time_median": 0.5, "cycle_time_p80": 0.8}
MEAN = "cycle_time_mean"
NAMES = (*QUANTILES, MEAN)
_EQUAL = 1e-9
"""Shares closer than this are equal: products of fractions carry rounding."""


@dataclass(frozen=True, eq=False)
class Durations:
    """The distinct durations in their order, and which had ended then; of equal ones those that had come first."""

    time: Ints
    ended: Bools
    place: Ints
    """The place of each case among them."""

    @classmethod
    def of(cls, time: Ints, ended: Bools) -> Durations:
        """Put durations in order."""
        order = np.lexsort((~ended, time))
        code = time[order] * 2 + ~ended[order]
        first = run_starts(code)
        place = np.empty(len(order), dtype=np.int64)
        place[order] = np.repeat(np.arange(len(first)), np.diff(first, append=len(order)))
        return cls(time[order][first], ended[order][first], place)

    @cached_property
    def _sums(self) -> Any:
        """The sparse matrix that adds up the cases of each duration."""
        from scipy.sparse import csr_array  # type: ignore[import-untyped]

        cases = len(self.place)
        return csr_array(
            (np.ones(cases), self.place, np.arange(cases + 1)), (cases, len(self.time))
        )

    @property
    def longest(self) -> int:
        """The longest time that one was followed."""
        return int(self.time[-1])

    @property
    def over(self) -> bool:
        """Whether none lasts longer than the longest time: after it the curve is known to be 0."""
        return bool(self.ended[-1])

    def figures(self, drawn: Floats, until: int) -> Floats:
        """Return median, p80 and mean in days: a row for each row of ``drawn``, how often each was drawn.

        A quantile is the first time at which at most 1 - p still last; infinite where none is. The
        mean is that up to ``until``: the area under the curve.
        """
        lasting = self._lasting(drawn @ self._sums)
        days = self.time / DAY
        columns = [_first_at_most(lasting, days, 1 - p) for p in QUANTILES.values()]
        widths = np.diff(np.minimum(self.time, until), append=until) / DAY
        mean = min(self.time[0], until) / DAY + lasting @ widths
        return np.column_stack([*columns, mean])

    def _lasting(self, drawn: Floats) -> Floats:
        """Return the share that lasts longer than each time, in the order of the times."""
        gone = np.cumsum(drawn, axis=1)
        left = gone[:, -1:] - gone + drawn
        if self.ended.all():
            shares = np.ones_like(drawn)
            return np.divide(left - drawn, left[:, :1], out=shares, where=left[:, :1] > 0)
        ends = np.where(self.ended, drawn, 0.0)
        staying = np.ones_like(drawn)
        np.divide(left - ends, left, out=staying, where=left > 0)
        return np.cumprod(staying, axis=1, out=staying)


def _first_at_most(lasting: Floats, days: Floats, share: float) -> Floats:
    reached = lasting <= share + _EQUAL
    found = np.append(days, np.inf)
    place = np.where(reached.any(axis=1), reached.argmax(axis=1), len(days))
    return found[place]
