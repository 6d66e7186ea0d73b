"""One row of a comparison: both values, their difference, and how far it could be off."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from procmine.kernels import Floats
from procmine.kpi.bootstrap import holm, percentile_interval, probability_of_none

NAN = float("nan")
ALPHA = 0.05
"""A difference that chance brings less often than this counts as one."""


@dataclass(frozen=True, eq=False)
class Row:
    """One measure of both sides; numbers that are not known are NaN."""

    measure: str
    measured_in: str
    values: tuple[float, float]
    n: tuple[int, int]
    method: str
    activity: str | None = None
    term: str | None = None
    low: float = NAN
    high: float = NAN
    p: float = NAN
    p_holm: float = NAN
    different: bool | None = None
    cases: tuple[str, ...] = ()

    @property
    def difference(self) -> float:
        """The second less the first."""
        return self.values[1] - self.values[0]


def judged(row: Row, found: list[Floats]) -> Row:
    """Return a row with the interval and p of its difference, from the resamples of both sides."""
    if not found or not np.isfinite(row.difference):
        return row
    with np.errstate(invalid="ignore"):
        differences = found[1] - found[0]
    low, high = percentile_interval(differences)
    return replace(
        row,
        low=low if np.isfinite(low) else NAN,
        high=high if np.isfinite(high) else NAN,
        p=probability_of_none(row.difference, differences),
        different=low > 0 or high < 0,
    )


def adjusted(rows: list[Row]) -> list[Row]:
    """Return rows with p adjusted for all of them; one that chance alone may have brought is not different."""
    p = np.array([row.p for row in rows], dtype=np.float64)
    tested = int((~np.isnan(p)).sum())
    return [_by_chance(row, float(found), tested) for row, found in zip(rows, holm(p), strict=True)]


def _by_chance(row: Row, p_holm: float, tested: int) -> Row:
    row = replace(row, p_holm=p_holm)
    if not row.different or np.isnan(p_holm) or p_holm < ALPHA:
        return row
    told = (
        f"not different among the {tested:,} rows tested together (Holm), though it would be alone"
    )
    return replace(row, different=False, method=f"{row.method}; {told}")


def as_columns(rows: list[Row]) -> dict[str, Any]:
    """Return rows as columns, without their keys."""
    return {
        "measure": [row.measure for row in rows],
        "activity": [row.activity for row in rows],
        "term": [row.term for row in rows],
        "a": [row.values[0] for row in rows],
        "b": [row.values[1] for row in rows],
        "measured_in": [row.measured_in for row in rows],
        "difference": [row.difference for row in rows],
        "low": [row.low for row in rows],
        "high": [row.high for row in rows],
        "p": [row.p for row in rows],
        "n_a": [row.n[0] for row in rows],
        "n_b": [row.n[1] for row in rows],
        "method": [row.method for row in rows],
        "different": [row.different for row in rows],
        "cases": [row.cases for row in rows],
    }
