"""Figures of a truth, worked out by plain loops: quantiles, counts, elapsed days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")


def quantile(values: Iterable[float], share: float) -> float:
    """Return the quantile, linear between the two nearest values."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def spread(values: Iterable[float]) -> dict[str, float]:
    """Return how many values there are, their median, p80, p90 and mean."""
    known = list(values)
    shares = {"median": 0.5, "p80": 0.8, "p90": 0.9}
    found = {name: round(quantile(known, share), 6) for name, share in shares.items()}
    return {"n": len(known), **found, "mean": round(sum(known) / len(known), 6)}


def waits(days: Iterable[float]) -> dict[str, float]:
    """Return how many waits there are (a pause of 0 is none), how long together, and their median."""
    longer = [wait for wait in days if wait > 0]
    median = round(quantile(longer, 0.5), 6)
    return {"waits": len(longer), "days": round(sum(longer), 6), "median_days": median}


def counted(values: Iterable[Any]) -> dict[str, int]:
    """Return how often each value occurs, the most frequent first."""
    counts = Counter(values)
    return dict(sorted(counts.items(), key=lambda item: (-item[1], str(item[0]))))


def elapsed_days(earlier: date, later: date, tz: str) -> float:
    """Return the elapsed days between two local times; a bare date is its midnight."""
    return (instant(later, tz) - instant(earlier, tz)).total_seconds() / 86_400


def instant(moment: date, tz: str) -> datetime:
    """Return a local time as a time in UTC."""
    local = moment if isinstance(moment, datetime) else datetime.combine(moment, time())
    return local.replace(tzinfo=ZoneInfo(tz)).astimezone(UTC)
