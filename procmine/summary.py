"""Summary: integer value counts per key, the one type whose parts add up to the whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from procmine import kernels
from procmine.errors import SummaryError
from procmine.kernels import Ints

_COUNTS = ("value", "n", "total")


@dataclass(frozen=True, eq=False)
class Summary:
    """How often each value of a measure occurs per key: columns ``key…, value, n, total``, sorted
    by them.

    ``value`` is a whole number (milliseconds where ``measured_in`` is ``"ms"``), ``n`` how many
    observations have it and ``total`` their exact sum. ``bits=None`` keeps every value; ``bits=7`` rounds values,
    symmetrically about 0, to cells at most 1/128 wide that are read at their midpoint, while
    ``total`` stays exact. ``+`` is associative, commutative and exact. Only parts made of whole
    cases merge; ``basis`` (calendar, procedure, as_of…) must be the same in both.

    >>> import pandas as pd
    >>> table = pd.DataFrame({"unit": ["A", "A", "B"], "wait": pd.to_timedelta([1, 3, 5], unit="h")})
    >>> whole = summarize(table, "wait", by=["unit"])
    >>> summarize(table[:1], "wait", by=["unit"]) + summarize(table[1:], "wait", by=["unit"]) == whole
    True
    >>> whole.quantiles([0.5])
      unit  n             0.5
    0    A  2 0 days 02:00:00
    1    B  1 0 days 05:00:00
    """

    by: tuple[str, ...]
    measure: str
    measured_in: str
    bits: int | None
    counts: pd.DataFrame
    basis: str = ""

    def __add__(self, other: object) -> Summary:
        if isinstance(other, int) and other == 0:
            return self
        if not isinstance(other, Summary):
            return NotImplemented
        self._refuse_nonsense(other)
        both = pd.concat([self.counts, other.counts], ignore_index=True)
        return replace(self, counts=_merged(both, self.by))

    __radd__ = __add__

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Summary):
            return NotImplemented
        return self._meaning() == other._meaning() and self.counts.equals(other.counts)

    __hash__ = None  # type: ignore[assignment]

    def __len__(self) -> int:
        return len(self.counts)

    def __repr__(self) -> str:
        keys = ", ".join(self.by) or "the whole"
        n = int(self.counts["n"].sum())
        return f"<Summary of {self.measure} ({self.measured_in}) by {keys}: {n:,} observations>"

    def _meaning(self) -> tuple[Any, ...]:
        return (self.measure, self.measured_in, self.by, self.bits, self.basis)

    def _refuse_nonsense(self, other: Summary) -> None:
        names = ("measure", "unit of measure", "keys", "resolution (bits=)", "basis")
        for name, mine, theirs in zip(names, self._meaning(), other._meaning(), strict=True):
            if mine != theirs:
                raise SummaryError(
                    f"these summaries do not add up: their {name} differs, {mine!r} and {theirs!r}\n"
                    "summarize both parts in the same way"
                )

    def totals(self) -> pd.DataFrame:
        """Return one row per key: ``n``, ``total`` and ``mean``.

        Durations are timedelta64[us]; totals that exceed its 292,000 years are timedelta64[ms].
        """
        keys, starts, _ = self._groups()
        n = np.add.reduceat(self._column("n"), starts) if len(starts) else starts
        total = _exact_sum(self._column("total"), starts)
        mean = np.divide(total, n, out=np.zeros(len(n)), where=n > 0)
        return keys.assign(n=n, total=self._exactly(total), mean=self._as_measured(mean))

    def quantiles(self, probabilities: Sequence[float] = (0.5, 0.9)) -> pd.DataFrame:
        """Return one row per key with ``n`` and a column per probability (linear interpolation, as
        numpy).

        Exact for ``bits=None``; within 1/128 of the value for ``bits=7``. Raises SummaryError for a
        probability outside 0 to 1.
        """
        for p in probabilities:
            if not 0 <= p <= 1:
                raise SummaryError(f"{p!r} is not a probability\nwrite 90 % as 0.9")
        keys, _, offsets = self._groups()
        values, n = self._column("value"), self._column("n")
        reached = np.cumsum(n)
        before = np.concatenate([[0], reached])[offsets[:-1]]
        sizes = np.concatenate([[0], reached])[offsets[1:]] - before
        result = keys.assign(n=sizes)
        for p in probabilities:
            rank = (sizes - 1) * p
            below = np.floor(rank).astype(np.int64)
            above = np.minimum(below + 1, sizes - 1)
            low = values[np.searchsorted(reached, before + below, side="right")]
            high = values[np.searchsorted(reached, before + above, side="right")]
            result[str(p)] = self._as_measured(low + (high - low) * (rank - below))
        return result

    def _groups(self) -> tuple[pd.DataFrame, Ints, Ints]:
        if self.by:
            codes = self.counts.groupby(
                list(self.by), sort=False, dropna=False, observed=True
            ).ngroup()
            starts = kernels.run_starts(codes.to_numpy())
        else:
            starts = np.zeros(min(len(self.counts), 1), dtype=np.int64)
        keys = self.counts.iloc[starts][list(self.by)].reset_index(drop=True)
        return keys, starts, np.concatenate([starts, [len(self.counts)]]).astype(np.int64)

    def _column(self, name: str) -> Ints:
        return self.counts[name].to_numpy(dtype=np.int64)

    def _exactly(self, totals: Ints) -> npt.NDArray[Any]:
        if self.measured_in != "ms":
            return totals
        if len(totals) and int(np.abs(totals).max()) > np.iinfo(np.int64).max // 1000:
            return totals.astype("timedelta64[ms]")
        return (totals * 1000).astype("timedelta64[us]")

    def _as_measured(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        if self.measured_in != "ms":
            return values
        return np.rint(np.asarray(values, dtype=np.float64) * 1000).astype("timedelta64[us]")


def summarize(
    table: pd.DataFrame,
    measure: str,
    *,
    by: str | Sequence[str] = (),
    bits: int | None = None,
    basis: str = "",
) -> Summary:
    """Count the values of a measure of an observation table per key; missing values are left out.

    ``measure`` is a duration (rounded to whole milliseconds, half away from 0), a whole number or
    a boolean; ``by`` names the key columns, labels and never codes. ``bits`` and ``basis`` are those of
    :class:`Summary`. Raises SummaryError for a column that is not in the table or cannot be counted
    exactly.
    """
    by = [by] if isinstance(by, str) else list(by)
    taken = sorted(set(by) & set(_COUNTS))
    if taken:
        raise SummaryError(
            f"a summary has its own column {taken[0]!r}\nrename the key in the table, as in "
            f"table.rename(columns={{{taken[0]!r}: {taken[0] + '_key'!r}}})"
        )
    for column in (measure, *by):
        if column not in table.columns:
            raise SummaryError(
                f"no column {column!r} in the table\ncolumns are: {', '.join(map(str, table.columns))}"
            )
    values = table[measure]
    present = values.notna().to_numpy()
    whole, measured_in = _whole_numbers(values[present])
    frame = pd.DataFrame({key: _labels(table.loc[present, key]) for key in by})
    frame["value"] = rounded(whole, bits)
    frame["n"], frame["total"] = np.int64(1), whole
    return Summary(tuple(by), measure, measured_in, bits, _merged(frame, tuple(by)), basis)


def rounded(values: Ints, bits: int | None) -> Ints:
    """Round whole numbers to the midpoints of cells that keep ``bits`` bits after the leading one.

    >>> rounded(np.array([100, 1000, -1000]), 7)
    array([  100,  1002, -1002])
    """
    if bits is None:
        return values
    size = np.abs(values)
    exponent = np.maximum(np.frexp(size.astype(np.float64))[1] - 1 - bits, 0).astype(np.int64)
    # above 2**53 the conversion to float may round up to the next power of two
    exponent -= ((size >> np.maximum(exponent + bits, 0)) == 0) & (exponent > 0)
    cell = (size >> exponent) << exponent
    half = np.where(exponent > 0, np.int64(1) << np.maximum(exponent - 1, 0), 0)
    return np.asarray(np.sign(values) * (cell + half), dtype=np.int64)


def milliseconds(microseconds: Ints) -> Ints:
    """Round microseconds to whole milliseconds, half away from 0.

    >>> milliseconds(np.array([1499, 1500, -1500]))
    array([ 1,  2, -2])
    """
    whole = np.sign(microseconds) * ((np.abs(microseconds) + 500) // 1000)
    return np.asarray(whole, dtype=np.int64)


def _whole_numbers(values: pd.Series) -> tuple[Ints, str]:
    if pd.api.types.is_timedelta64_dtype(values):
        return milliseconds(_microseconds(values.to_numpy())), "ms"
    if pd.api.types.is_integer_dtype(values) or pd.api.types.is_bool_dtype(values):
        return values.to_numpy(dtype=np.int64), "count"
    raise SummaryError(
        f"{values.name!r} has type {values.dtype}: a summary counts durations, whole numbers or true/false\n"
        "turn it into one of these first (money into cents, shares into numerator and denominator)"
    )


def _microseconds(times: npt.NDArray[Any]) -> Ints:
    """Cut durations to whole microseconds, towards 0 on both sides (numpy cuts downwards)."""
    if times.dtype == np.dtype("timedelta64[ns]"):
        nanoseconds = times.astype(np.int64)
        whole: Ints = np.sign(nanoseconds) * (np.abs(nanoseconds) // 1000)
        return whole
    return times.astype("timedelta64[us]").astype(np.int64)


def _labels(keys: pd.Series) -> pd.Series:
    """Return key labels as plain values: two parts of a log need not have the same categories."""
    if isinstance(keys.dtype, pd.CategoricalDtype):
        return keys.astype(keys.cat.categories.dtype)
    return keys


def _merged(counts: pd.DataFrame, by: tuple[str, ...]) -> pd.DataFrame:
    """Add up the rows of equal key and value, sorted by them."""
    keys = [*by, "value"]
    if not len(counts):
        return counts[[*by, *_COUNTS]].reset_index(drop=True)
    ordered = counts.sort_values(keys, kind="stable", ignore_index=True)
    starts = kernels.run_starts(ordered.groupby(keys, sort=False, dropna=False).ngroup().to_numpy())
    merged = ordered.iloc[starts][keys].reset_index(drop=True)
    merged["n"] = np.add.reduceat(ordered["n"].to_numpy(), starts)
    merged["total"] = _exact_sum(ordered["total"].to_numpy(), starts)
    return merged


def _exact_sum(values: Ints, starts: Ints) -> Ints:
    try:
        return kernels.checked_sum(values, starts)
    except OverflowError as error:
        raise SummaryError(
            f"the totals are too large to stay exact: {error}\nsummarize fewer cases at once"
        ) from error
