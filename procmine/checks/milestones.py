"""Rows per case whose milestones run backwards: something is dated before the case began."""

from __future__ import annotations

import numpy as np

from procmine.checks.check import Check, Flaw, counted, graded, percent
from procmine.checks.context import Context
from procmine.ingest.spelling import matching
from procmine.kernels import NAT

_MANY = 0.02
"""From one case in fifty on, more than typing errors are at work."""


def before_the_first(context: Context) -> list[Flaw]:
    """Count the cases in which a milestone is dated before the one that is named first, their beginning.

    Only where each row is a case (``milestones=``). Later milestones may rightly come in any order.
    """
    log, milestones = context.log, context.log.binding.milestones
    names = log.activity.names()
    first = matching(next(iter(milestones.values()), ""), names) if milestones else None
    if first is None:
        return []
    is_first = log.activity.codes == names.index(first)
    begun = np.maximum.reduceat(np.where(is_first, log.end, NAT), log.offsets[:-1])
    early = log.end < np.repeat(begun, np.diff(log.offsets))
    cases = np.unique(log.case_codes[early])
    if not len(cases):
        return []
    share = len(cases) / log.n_cases
    return [
        Flaw(
            graded(share, medium=_MANY),
            context.time_column,
            len(cases),
            share,
            f"{counted(len(cases), 'case')} ({percent(share)}) with a milestone dated before {first!r}, which begins "
            "them: one of the dates is wrong.",
            "Compare the example rows with the dossier; often the year is wrong.",
            np.flatnonzero(early),
        )
    ]


BEFORE_FIRST = Check(
    "before_the_first",
    "Cases with a milestone dated before the first one, where each row of the source is a case.",
    "cycle_time: begins at the wrong date; process_map, variants: paths that did not happen",
    before_the_first,
)
