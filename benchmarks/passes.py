"""Races of rework and handovers: the steps that come again, and work that passes from unit to unit."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from importlib import import_module
from typing import Any

from benchmarks.race import Contender

RACES = ("rework", "rework_activities", "handovers")
LACKS = {
    ("pm4py", "rework_activities"): ("steps",),
    ("pm4py", "handovers"): ("cases", "total", "median", "p90"),
}
"""What a peer has not."""


def contenders(name: str, logs: Mapping[str, Any]) -> list[Contender]:
    """The contenders of one race: the peers whose module has a function of that name."""
    found = []
    for peer, log in logs.items():
        code = import_module(f"benchmarks.with_{peer}")
        if hasattr(code, name):
            run, table = partial(getattr(code, name), log), getattr(code, f"{name}_table")
            found.append(Contender(peer, run, table, LACKS.get((peer, name), ())))
    return found
