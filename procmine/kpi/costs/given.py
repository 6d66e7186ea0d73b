"""What is given as costs: a path of their file, or anything else, is refused with what to give in its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from procmine.errors import ProcmineError
from procmine.log import EventLog


def check_costs(costs: Any, log: EventLog) -> None:
    """Raise ProcmineError for what are no costs, or name what is nearly a label of the log; None is right."""
    if costs is None:
        return
    from procmine.kpi.costs.costs import Costs

    if not isinstance(costs, Costs):
        name = str(costs) if isinstance(costs, str | Path) else "costs.yaml"
        raise ProcmineError(
            f"this {type(costs).__name__} is not costs\ngive costs=pm.Costs.read({name!r})"
        )
    costs.check(log)
