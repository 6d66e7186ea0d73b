"""What every contender is told: the office's zone, what closes a case, and how many cores there are."""

from __future__ import annotations

import os

ZONE = "Europe/Bucharest"
ARROW = " → "
CLOSING = ("Send decision", "Send application")
"""A case closes with one of these, or is still open."""


def cores() -> int:
    """Return the number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
