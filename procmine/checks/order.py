"""Rows of a case that stand in the source in another order than their times."""

from __future__ import annotations

import numpy as np

from procmine.checks.check import Check, Flaw, first_steps, graded, percent
from procmine.checks.context import Context
from procmine.kernels import Bools
from procmine.log import EventLog

SORTED = 0.95
"""From 19 of 20 pairs on the file is meant to be in order; a file in random order has about half of its pairs so."""
_LEAST_PAIRS = 20
"""Fewer pairs may look sorted by chance."""


def row_order(context: Context) -> list[Flaw]:
    """Count consecutive steps of a case whose rows contradict an order that the file otherwise keeps.

    Of the pairs of consecutive steps that both start and end one after the other, at least 95 %
    must stand in the file in the order of time (or, newest first, in the reverse order); the others
    count. Where neither holds the file has no order within cases and nothing is said. *Inadvertent
    time travel* in Suriadi et al. (2017).
    """
    later, rising = _pairs(context.log)
    pairs = int(np.count_nonzero(later))
    if pairs < _LEAST_PAIRS:
        return []
    forward = int(np.count_nonzero(rising & later))
    share = max(forward, pairs - forward) / pairs
    if not SORTED <= share < 1:
        return []
    newest_first = forward * 2 < pairs
    wrong = later & (rising if newest_first else ~rising)
    count = int(np.count_nonzero(wrong))
    how = "newest first" if newest_first else "oldest first"
    return [
        Flaw(
            graded(count / pairs, medium=0.01),
            context.time_column,
            count,
            count / pairs,
            f"The source lists each case {how}, but for {count:,} of {pairs:,} pairs of steps "
            f"({percent(count / pairs)}): there the times say another order than the rows.",
            "Compare the example rows with the dossier: the row may have been entered late, or its date typed wrong.",
            first_steps(wrong) + 1,
        )
    ]


def _pairs(log: EventLog) -> tuple[Bools, Bools]:
    """Return which consecutive steps are one after the other in time, and which also in the source."""
    later = log.first[1:] > log.first[:-1]
    if log.start is not None:
        later &= log.last[1:] > log.last[:-1]
    later[log.offsets[1:-1] - 1] = False
    return later, log.row[1:] > log.row[:-1]


ORDER = Check(
    "row_order",
    "Consecutive steps of a case whose source rows contradict their times, in a file whose cases are otherwise in "
    "order (at least 95 % of the pairs).",
    "process_map, variants, times between steps: the order of these steps may be wrong",
    row_order,
)
