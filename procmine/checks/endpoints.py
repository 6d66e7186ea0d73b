"""Cases that do not begin, or do not end, as nearly all others do."""

from __future__ import annotations

import numpy as np

from procmine.checks.check import Check, Flaw, graded, listed, percent
from procmine.checks.context import Context
from procmine.kernels import NAT, Bools, Ints

COVERED = 0.9
"""The usual first (last) activities are the fewest that cover nine in ten cases."""
MOST_USUAL = 5
"""Where more are needed there is no usual beginning (end)."""
RARE = 0.01
"""An activity that begins (ends) less than one case in a hundred is a fault rather than a way."""
RECENT = 0.95
"""Cases with a step younger than 19 of 20 cycle times may still go on."""
_LEAST_CASES = 50


def unusual_starts(context: Context) -> list[Flaw]:
    """Count cases whose first activity is rare, where few activities begin nearly all cases.

    At most 5 activities must begin 90 % of the cases; a first activity outside them counts where it
    begins less than 1 % of the cases. *Missing events* in Bose et al. (2013).
    """
    everything = np.ones(context.log.n_cases, dtype=np.bool_)
    return _rare(context, context.log.offsets[:-1], everything, "begin")


def unusual_ends(context: Context) -> list[Flaw]:
    """Count closed cases whose last activity is rare, where few activities end nearly all.

    As for starts, among the cases that are closed; where closing is unknown, among those whose last
    step is older at ``as_of`` than 95 % of the times from first to last step.
    """
    return _rare(context, context.log.offsets[1:] - 1, finished(context), "end")


def finished(context: Context) -> Bools:
    """Tell which cases will probably have no more steps."""
    log = context.log
    if log.closed_at is not None:
        return np.not_equal(log.closed_at, NAT)
    if context.as_of == NAT:  # every step is in the future
        return np.zeros(log.n_cases, dtype=np.bool_)
    took = context.case_ended - log.first[log.offsets[:-1]]
    rank = min(int(RECENT * len(took)), len(took) - 1)
    return context.case_ended < context.as_of - int(np.partition(took, rank)[rank])


def _rare(context: Context, rows: Ints, chosen: Bools, verb: str) -> list[Flaw]:
    rows = rows[chosen]
    if len(rows) < _LEAST_CASES:
        return []
    codes = context.log.activity.codes[rows]
    hits = np.bincount(codes, minlength=len(context.log.activity.labels))
    order = np.argsort(-hits, kind="stable")
    usual = int(np.searchsorted(np.cumsum(hits[order]), COVERED * len(rows))) + 1
    if usual > MOST_USUAL:
        return []
    rare = (hits > 0) & (hits < RARE * len(rows))
    rare[order[:usual]] = False
    count = int(hits[rare].sum())
    if not count:
        return []
    names = context.log.activity.names()
    of = "cases" if verb == "begin" else "finished cases"
    return [
        Flaw(
            graded(count / len(rows), medium=0.05),
            context.column("activity"),
            count,
            count / len(rows),
            f"{count:,} of {len(rows):,} {of} ({percent(count / len(rows))}) {verb} with an activity that hardly "
            f"any other {verb}s with: {listed([names[code] for code in order if rare[code]])}; usual "
            f"{'is' if usual == 1 else 'are'} {listed([names[code] for code in order[:usual]], most=MOST_USUAL)}.",
            "The cases may be cut off by the period of the export: leave them out with log.filter(endpoints=...).",
            rows[rare[codes]][:5],
        )
    ]


STARTS = Check(
    "unusual_starts",
    "Cases whose first activity begins less than 1 % of the cases, where at most 5 activities begin 90 % of them.",
    "cycle_time: too short where the beginning is missing; started: counted too late",
    unusual_starts,
)
ENDS = Check(
    "unusual_ends",
    "Finished cases whose last activity ends less than 1 % of them, where at most 5 activities end 90 % of them.",
    "cycle_time: ends too early where the end is missing; completed: counted too early",
    unusual_ends,
)
