"""Registry numbers and dates that run in opposite directions: entries dated back, or numbered later."""

from __future__ import annotations

import numpy as np

from procmine import kernels
from procmine.checks.check import Check, Flaw, counted, graded, percent
from procmine.checks.context import Context
from procmine.kernels import DAY, Ints

_AHEAD = 3
"""A date that fewer than so many later numbers keep up with is a wrong date of its own, and dates nobody back."""


def backdated(context: Context) -> list[Flaw]:
    """Count the cases whose first day lies before that of a case with a lower number in the same yearly sequence.

    A lower number whose day none of the next three numbers has reached counts with the earliest of
    theirs, so that a single day too late, as in a wrong year, does not make all that follow look
    dated back. Numbers
    as in ``number_gaps``. *Inadvertent time travel* in Suriadi et al. (2017).
    """
    found = context.numbers
    if found is None:
        return []
    kept = found.dense()[found.group] & found.new()
    group, case = found.group[kept], found.case[kept]
    if not len(group):
        return []
    days = context.log.first[context.log.offsets[:-1][case]] // DAY
    early = np.flatnonzero(days < _reached(group, days))
    if not len(early):
        return []
    share = len(early) / len(case)
    return [
        Flaw(
            graded(share, medium=0.02),
            context.time_column,
            len(early),
            share,
            f"{counted(len(early), 'case')} ({percent(share)}) dated before a case with a lower registry number: "
            "dated back, or numbered when their turn had passed.",
            "Ask how such entries come about; the day on which the term began may be another one.",
            context.log.offsets[:-1][case[early[:5]]],
        )
    ]


def _reached(group: Ints, days: Ints) -> Ints:
    """Return for each number the day that the lower numbers of its group have reached."""
    later, soonest = days.min() - np.ones_like(days), days.copy()
    for step in range(1, _AHEAD + 1):
        same = group[step:] == group[:-step]
        later[:-step] = np.where(same, np.maximum(later[:-step], days[step:]), later[:-step])
        soonest[:-step] = np.where(same, np.minimum(soonest[:-step], days[step:]), soonest[:-step])
    last = np.append(group[1:] != group[:-1], True)  # no number follows
    ahead = np.where(last | (days <= later), days, soonest)
    least, spread = days.min(), int(days.max() - days.min()) + 1
    rank = np.cumsum(np.r_[False, group[1:] != group[:-1]]).astype(np.int64)
    running = np.maximum.accumulate(
        ahead - least + rank * spread
    )  # a later group starts above all before it
    before: Ints = np.r_[running[:1], running[:-1]] - rank * spread + least
    before[kernels.run_starts(group)] = least
    return before


BACKDATED = Check(
    "backdated_numbers",
    "Cases whose first day lies before that of a case with a lower number in the same yearly sequence of a registry.",
    "terms, cycle_time: begin too early or too late; started: in the wrong period",
    backdated,
)
