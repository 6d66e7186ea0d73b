"""Steps of one person that run at the same time."""

from __future__ import annotations

import numpy as np

from procmine.checks.check import Check, Flaw, first_steps, graded, percent
from procmine.checks.context import Context

_LEAST = 0.01
"""A few dossiers lie open beside each other on any desk."""


def overlapping_steps(context: Context) -> list[Flaw]:
    """Count steps that run while another step of the same resource does, from 1 % on.

    Steps with a resource, a start and a later end; two of them overlap where each begins before the
    other ends. Doing several things at a time is normal in offices, but then each of the times
    holds work on others.
    """
    shifts = context.shifts
    if shifts is None:
        return []
    count, steps = int(np.count_nonzero(shifts.overlapping)), len(shifts.steps)
    if count < max(2, _LEAST * steps):
        return []
    mask = np.zeros(context.log.n_steps, dtype=np.bool_)
    mask[shifts.steps[np.flatnonzero(shifts.overlapping)]] = True
    return [
        Flaw(
            graded(count / steps, medium=0.2),
            context.column("resource"),
            count,
            count / steps,
            f"{count:,} of {steps:,} steps with a person and both times ({percent(count / steps)}) run while another "
            "step of the same person does.",
            "Do not add up processing times as if they were hours of work; ask when a step is marked as begun.",
            first_steps(mask),
        )
    ]


OVERLAPS = Check(
    "overlapping_steps",
    "Steps that run while another step of the same resource does, from 1 % of the steps with both times on.",
    "processing_time, workload: hold time spent on other cases; sums exceed the hours worked",
    overlapping_steps,
)
