"""The measures of terms again, naively: plain loops over the rows of the table of terms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from math import sqrt
from typing import Any

from tests.kpi.oracle_flow import BANDS

Row = dict[str, Any]
ONE_DAY = timedelta(days=1)


def concluded_on(row: Row) -> date | None:
    """The day of the decision; of one by silence, the day after the due date."""
    if row["state"] in ("deemed_approved", "deemed_refused"):
        return row["due"] + ONE_DAY
    return row["closed"] if row["state"] in ("on_time", "late") else None


def decided(row: Row) -> bool:
    """Whether the office decided, in time, late, or when silence had decided already."""
    return row["closed"] is not None and row["state"] not in ("withdrawn", "unknown")


def overdue_at(row: Row, day: date) -> bool:
    """Whether the row is open at the end of a day, and was due before it."""
    if row["state"] not in ("late", "overdue", "withdrawn") or row["due"] is None:
        return False
    return row["due"] < day and (row["closed"] is None or row["closed"] > day)


def within(day: date | None, first: date, last: date) -> bool:
    """Whether a day lies in a period, both ends included."""
    return day is not None and first <= day <= last


def quantile(values: Sequence[float], p: float) -> float | None:
    """Linear interpolation between closest ranks."""
    if not values:
        return None
    ranked = sorted(values)
    rank = p * (len(ranked) - 1)
    low = int(rank)
    high = min(low + 1, len(ranked) - 1)
    return ranked[low] + (ranked[high] - ranked[low]) * (rank - low)


def mean(values: Sequence[float]) -> float | None:
    """Their sum over their number."""
    return sum(values) / len(values) if values else None


def wilson(part: int, whole: int) -> tuple[float, float] | None:
    """The shares that a test at 5 % does not reject: the roots of (part/whole - p)² = z² p (1 - p) / whole."""
    if not whole:
        return None
    z2 = 1.959963984540054**2
    a = 1 + z2 / whole
    b = -(2 * part / whole + z2 / whole)
    c = (part / whole) ** 2
    root = sqrt(max(b * b - 4 * a * c, 0))
    return (-b - root) / (2 * a), (-b + root) / (2 * a)


def share(part: int, whole: int) -> tuple[float | None, int]:
    """Part over whole, and whole."""
    return (part / whole if whole else None), whole


def figures(rows: Sequence[Row], first: date, last: date) -> dict[str, tuple[float | None, int]]:
    """Every KPI of one term in the period from ``first`` to ``last``: its value and n."""
    concluded = [row for row in rows if within(concluded_on(row), first, last)]
    in_time = sum(row["state"] == "on_time" for row in concluded)
    overdue = [row for row in rows if overdue_at(row, last)]
    ended = [row for row in rows if within(row["closed"], first, last)]
    lost = sum(row["state"] == "unknown" for row in ended)
    withdrawn = sum(row["state"] == "withdrawn" for row in ended)
    found: dict[str, tuple[float | None, int]] = {
        "concluded": (len(concluded), len(concluded)),
        "timeliness": share(in_time, len(concluded)),
        "on_time_share": share(in_time, len(concluded) + len(overdue)),
        "due_unknown": (lost, len(concluded) + lost),
        "withdrawn": (withdrawn, withdrawn),
    }
    for word, state in (("approval", "deemed_approved"), ("refusal", "deemed_refused")):
        silent = sum(row["state"] == state for row in concluded)
        found[f"silent_{word}s"] = (silent, len(concluded))
        found[f"silent_{word}_share"] = share(silent, len(concluded))
    found["overdue_backlog"] = (len(overdue), len(overdue))
    for band, (low, high) in BANDS.items():
        aged = sum(low <= (last - row["started"]).days <= high for row in overdue)
        found[f"overdue_{band}"] = (aged, len(overdue))
    found |= durations([row for row in ended if decided(row)])
    if any(row["kind"] == "control_window" for row in rows):
        judged = ("timeliness", "on_time_share", "overdue", "lateness")
        found |= {kpi: (None, 0) for kpi in found if kpi.startswith(judged)}
    return found


def durations(rows: Sequence[Row]) -> dict[str, tuple[float | None, int]]:
    """How long the decided cases took and were paused, and how late they were."""
    found: dict[str, tuple[float | None, int]] = {}
    for name in ("gross", "net", "paused"):
        values = [row[f"{name}_days"] for row in rows]
        for statistic, p in (("median", 0.5), ("p80", 0.8), ("p90", 0.9)):
            found[f"{name}_time_{statistic}"] = (quantile(values, p), len(values))
        found[f"{name}_time_mean"] = (mean(values), len(values))
    late = [row["days_late"] for row in rows if row["days_late"]]
    found["lateness_median"] = (quantile(late, 0.5), len(late))
    found["lateness_mean"] = (mean(late), len(late))
    excess = [row["excess_days"] for row in rows]
    found["excess_pauses"] = (sum(days > 0 for days in excess), len(excess))
    found["excess_pause_days"] = (sum(excess), len(excess))
    return found
