"""Logs with one time per step."""

from __future__ import annotations

from procmine.checks.check import Check, Flaw
from procmine.checks.context import Context


def one_time_per_step(context: Context) -> list[Flaw]:
    """Say that a log has no start times at all: its steps are events."""
    if context.log.start is not None or context.log.binding.milestones:
        return []  # a milestone is a moment
    steps = context.log.n_steps
    return [
        Flaw(
            "low",
            context.time_column,
            steps,
            1.0,
            f"Each of the {steps:,} steps has one time only: how long a step took and how long it waited before "
            "cannot be told apart.",
            "If the export has a column with the beginning of the work, name it with start= in pm.read.",
        )
    ]


ONE_TIME = Check(
    "one_time_per_step",
    "The log has one time per step, none for its beginning.",
    "processing_time, waiting_time: not computable; times between steps hold both",
    one_time_per_step,
)
