"""Whether two contenders found the same: counts exactly, times to the microsecond."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

MICROSECONDS_A_DAY = 86_400_000_000
ROUNDING = "counts are equal, times agree within 1 microsecond (sums in floating point within 1 part in 10^12)"
_KEYS = ("source", "target", "variant", "week", "activity", "interval", "case")


def micros(times: npt.NDArray[np.generic]) -> npt.NDArray[np.float64]:
    """Return durations as microseconds, NaN where missing; instants as whole microseconds since 1970."""
    if times.dtype.kind == "M":
        return times.astype("datetime64[us]").astype(np.int64)
    plain = times.astype("timedelta64[us]")
    return np.where(np.isnat(plain), np.nan, plain.astype(np.int64).astype(np.float64))


def facts(rows: pd.DataFrame) -> pd.DataFrame:
    """Return what a log holds, per activity: enough to tell whether two imports brought the same."""
    rows = rows.assign(work=rows["end"] - rows["start"], activity=rows["activity"].astype("str"))
    by = rows.groupby("activity")
    return pd.DataFrame(
        {
            "steps": by.size(),
            "cases": by["case"].nunique(),
            "resources": by["resource"].nunique(),
            "units": by["unit"].nunique(),
            "first_start": by["start"].min(),
            "last_end": by["end"].max(),
            "work": by["work"].sum(),
        }
    ).reset_index()


def difference(
    reference: pd.DataFrame, other: pd.DataFrame, lacks: Sequence[str] = ()
) -> str | None:
    """Return in words the first difference between two tables with the same keys, or None.

    Rows are matched by their keys. ``lacks`` names columns that the other one does not have; any
    further column that it lacks is a difference.
    """
    keys = [name for name in _KEYS if name in reference.columns]
    wanted = [name for name in reference.columns if name not in keys and name not in lacks]
    missing = [name for name in wanted if name not in other.columns]
    if missing:
        return f"it lacks {', '.join(missing)}"
    if len(reference) != len(other):
        return f"{len(other):,} rows in place of {len(reference):,}"
    left, right = (
        table.astype(dict.fromkeys(set(keys) - {"week"}, "str")).set_index(keys).sort_index()
        for table in (reference, other)
    )
    if list(left.index) != list(right.index):
        return f"other {' and '.join(keys)} values"
    for name in wanted:
        found = _unlike(left[name].to_numpy(float), right[name].to_numpy(float), name)
        if found is not None:
            at = left.index[found]
            return f"{name} of {at!r} is {right[name].iloc[found]} in place of {left[name].iloc[found]}"
    return None


def _unlike(left: npt.NDArray[np.float64], right: npt.NDArray[np.float64], name: str) -> int | None:
    """Return the first place at which two columns differ, or None."""
    is_time = name in ("median", "mean", "p80", "p90", "total")
    tolerance = {"rtol": 1e-12, "atol": 1.0 if is_time else 0.0}
    if name != "share" and not is_time:
        tolerance["rtol"] = 0.0
    differs = ~np.isclose(left, right, **tolerance, equal_nan=True)
    return int(np.flatnonzero(differs)[0]) if differs.any() else None
