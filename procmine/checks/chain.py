"""Status histories in which a change does not begin where the one before it ended."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from procmine.checks.check import Check, Flaw, counted, graded, percent
from procmine.checks.context import Context
from procmine.ingest.columns import coded
from procmine.ingest.spelling import folded_label

_MANY = 0.01
"""From one change in a hundred on, the history is no longer a history."""


def broken_chains(context: Context) -> list[Flaw]:
    """Count the changes whose status before is not the status after the change before them in the case.

    Only where ``previous=`` is bound; the first change of a case has none before it, and changes at
    one time may stand in either order, so pairs of them are not judged.
    """
    log, column = context.log, context.log.binding.previous
    if column is None or column not in log.step_attributes.column_names:
        return []
    before = coded(pa.chunked_array([log.step_attributes[column].combine_chunks()]))
    statuses = {folded_label(name): code for code, name in enumerate(log.activity.names())}
    code_of = np.array([statuses.get(folded_label(name), -2) for name in before.names()] + [-1])
    told = code_of[before.codes]
    judged = (log.case_codes[1:] == log.case_codes[:-1]) & (told[1:] != -1)
    judged &= log.last[1:] != log.last[:-1]
    broken = judged & (told[1:] != log.activity.codes[:-1])
    count, pairs = int(broken.sum()), max(int(judged.sum()), 1)
    if not count:
        return []
    return [
        Flaw(
            graded(count / pairs, high=2.0, medium=_MANY),
            column,
            count,
            count / pairs,
            f"{counted(count, 'change')} of {pairs:,} ({percent(count / pairs)}) do not begin with the status "
            "that the change before them ended with: a change between them is missing, or one is wrong.",
            "Ask whether changes were deleted or left out of the export.",
            steps=np.flatnonzero(broken) + 1,
        )
    ]


CHAINS = Check(
    "broken_chains",
    "Changes of a status history that do not begin with the status that the one before them ended with.",
    "process_map, variants: a path that did not happen; times between steps",
    broken_chains,
)
