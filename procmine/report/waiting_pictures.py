"""The pictures of the section on waiting, drawn of its tables."""

from __future__ import annotations

from collections.abc import Iterator

from procmine.plot.units import counted
from procmine.report.picture import Picture, picture
from procmine.report.waiting_facts import WaitingFacts


def waiting_pictures(facts: WaitingFacts) -> Iterator[Picture]:
    """Draw the pictures about waiting, those whose tables could be computed and hold something."""
    yield from _causes(facts)
    yield from _rework(facts)
    yield from _handovers(facts)
    yield from _blockages(facts)


def _causes(facts: WaitingFacts) -> Iterator[Picture]:
    from procmine.plot import plot_waiting_causes

    table = facts.causes
    if table is None or not facts.waited:
        return
    what = (
        "How much time passed from when each step could have begun to its end, the work in it"
        if facts.is_sojourn
        else "How long cases waited for each step"
    )
    means = f"{what}, and why; all cases together. n = {counted(facts.steps, 'step')}."
    yield picture("waiting-causes", lambda: plot_waiting_causes(table), means)


def _rework(facts: WaitingFacts) -> Iterator[Picture]:
    from procmine.plot import plot_rework_matrix

    table = facts.rework_by
    if table is None or not (table["steps"] > 0).any():
        return
    means = (
        "Which activities are done again, and in which way: how many steps, and how many that is for 100 cases with "
        f"the activity. n = {counted(facts.cases, 'case')}."
    )
    yield picture("rework", lambda: plot_rework_matrix(table), means)


def _handovers(facts: WaitingFacts) -> Iterator[Picture]:
    from procmine.plot import plot_handovers

    table = facts.handovers
    if table is None or table.empty:
        return
    means = (
        "Which unit hands work over to which, how often, and how long the work then waits (median). "
        f"n = {counted(facts.cases, 'case')}, {counted(int(table['handovers'].sum()), 'handover')}."
    )
    yield picture("handovers", lambda: plot_handovers(table), means)


def _blockages(facts: WaitingFacts) -> Iterator[Picture]:
    from procmine.plot import plot_blockages

    table = facts.blockages
    if table is None or table.empty:
        return
    means = (
        "How long the open cases have stood where they stand, beside how long cases stood there before they moved on. "
        f"n = {counted(len(table), 'case')} that {'is' if len(table) == 1 else 'are'} open."
    )
    yield picture("blockages", lambda: plot_blockages(table), means)
