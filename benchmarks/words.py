"""Figures as text, and tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import median
from typing import Any


def ratio(measured: dict[str, Any], to: dict[str, Any]) -> float | None:
    """Return the ratio of two medians, or None where one of the results does not count."""
    if measured["difference"] is not None or to["difference"] is not None:
        return None
    return median(measured["seconds"]) / median(to["seconds"])


def ratio_text(value: float | None) -> str:
    """Return a ratio to about three figures."""
    if value is None:
        return "–"
    return f"{value:.0f}" if value >= 20 else f"{value:.1f}" if value >= 3 else f"{value:.2f}"


def seconds_text(value: float) -> str:
    """Return seconds to about three figures."""
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def megabytes(count: int) -> str:
    """Return bytes as megabytes (10^6)."""
    return f"{count / 1e6:,.0f} MB"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(map(str, line)) + " |" for line in lines)
