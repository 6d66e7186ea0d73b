"""A ratio: a measure that is a sum over cases divided by another, so that cases can be drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.kernels import Bools, Floats


@dataclass(frozen=True, eq=False)
class Ratio:
    """The value is the sum of ``over`` divided by that of ``under``; both have one number per case.

    ``reason`` says why it is not computable, where it is not: then both are 0.
    """

    measure: str
    measured_in: str
    over: Floats
    under: Floats
    method: str
    activity: str | None = None
    term: str | None = None
    reason: str = ""
    only: str = ""
    """Which cases alone count ("closed"), where those still open are left out."""

    @property
    def counted(self) -> Bools:
        """The cases that are behind the figure."""
        return np.greater(self.under, 0)


def mean_over(
    measure: str, measured_in: str, values: Floats, cases: Bools, method: str, **keys: str
) -> Ratio:
    """Return the mean of values over some cases."""
    over, under = np.where(cases, values, 0.0), cases.astype(np.float64)
    return Ratio(measure, measured_in, over, under, method, **keys)


def not_computable(measure: str, measured_in: str, cases: int, reason: str) -> Ratio:
    """Return a ratio without a value, with the reason."""
    none = np.zeros(cases)
    return Ratio(measure, measured_in, none, none, f"not computable: {reason}", reason=reason)


def divided(over: Floats, under: Floats) -> Floats:
    """Return over / under, NaN where nothing is under it."""
    value: Floats = np.full(np.shape(under), np.nan)
    np.divide(over, under, out=value, where=under > 0)
    return value
