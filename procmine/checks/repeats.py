"""Steps that stand in a case twice: exactly, or nearly."""

from __future__ import annotations

from procmine.checks.check import Check, Flaw, counted, graded, percent
from procmine.checks.context import Context

_HIGH, _MEDIUM = 0.05, 0.005
"""Repeats are counted as rework: from 1 step in 200 on this shows, from 1 in 20 on it misleads."""


def exact_duplicates(context: Context) -> list[Flaw]:
    """Count steps that equal an earlier one of their case in all that is known of them.

    Case, activity, start, end, resource, unit and every step attribute are equal; attributes that
    number the rows (no value of them returns) do not count. Of n equal steps n − 1 are duplicates.
    """
    repeats = context.twins
    if not len(repeats.exact):
        return []
    count, share = len(repeats.exact), len(repeats.exact) / context.log.n_steps
    return [
        Flaw(
            graded(share, high=_HIGH, medium=_MEDIUM),
            "",
            count,
            share,
            f"{counted(count, 'step')} ({percent(share)}) equal to an earlier step of the case in everything: "
            "activity, times, person, unit and attributes.",
            "They were probably exported twice: remove repeated rows from the export before reading it.",
            repeats.exact,
        )
    ]


def near_duplicates(context: Context) -> list[Flaw]:
    """Count steps that follow a step of the same case and activity at most 2 seconds later.

    Both times lie at most 2 seconds apart; the person is the same or unknown for one of them, or
    else the times are exactly equal (a row exported once per person). Steps are compared with the
    one before in the order of time; exact duplicates are not counted again. *Collateral events* in
    Suriadi et al., "Event log imperfection patterns for process mining" (2017).
    """
    repeats = context.twins
    if not len(repeats.near):
        return []
    count, share = len(repeats.near), len(repeats.near) / context.log.n_steps
    other = (
        f"; in {repeats.by_other:,} of them the person is another one" if repeats.by_other else ""
    )
    return [
        Flaw(
            graded(share, high=_HIGH, medium=_MEDIUM),
            "",
            count,
            share,
            f"{counted(count, 'step')} ({percent(share)}) within 2 seconds of a step with the same activity in the "
            f"case{other}.",
            "Look at the example rows: keep one row per piece of work, or bind lifecycle= if they start and end it.",
            repeats.near,
        )
    ]


EXACT = Check(
    "exact_duplicates",
    "Steps that equal an earlier step of their case in activity, times, resource, unit and all attributes.",
    "rework, steps, processing_time: too high; handovers, process_map: loops that did not happen",
    exact_duplicates,
)
NEAR = Check(
    "near_duplicates",
    "Steps at most 2 seconds after a step of the same case and activity, by the same or an unknown person, or at "
    "the same times by another one.",
    "rework, steps: too high; handovers: some did not happen",
    near_duplicates,
)
