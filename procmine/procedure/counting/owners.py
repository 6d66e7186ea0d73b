"""Whose time runs: the owner of every day of a case, as the last step said that named one."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procmine.kernels import Ints
from procmine.log import EventLog
from procmine.procedure.counting.occurrences import in_order
from procmine.procedure.counting.pairing import OPEN
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.procedure import Procedure

OWNERS = ("applicant", "third_party", "office")
"""In the order of parallel claims: of steps at the same instant the later of these goes first."""
OFFICE = OWNERS.index("office")


@dataclass(frozen=True, eq=False)
class Claims:
    """Steps that say whose time runs after them, in order; of those at one instant only the one that counts."""

    case: Ints
    day: Ints
    owner: Ints
    until: Ints
    """The day of the next claim of the case, a far day for the last one."""

    def days(self, start: Ints, horizon: Ints, case: Ints, n_cases: int) -> list[Ints]:
        """Return the days of each owner after the start of some cases, up to their horizon."""
        low, high = np.zeros((2, n_cases), dtype=np.int64)
        low[case], high[case] = start, horizon
        length = np.minimum(self.until, high[self.case]) - np.maximum(self.day, low[self.case])
        length = np.maximum(length, 0)
        owned = []
        for owner in range(OFFICE):
            of = self.owner == owner
            days = np.bincount(self.case[of], weights=length[of], minlength=n_cases)
            owned.append(days[case].astype(np.int64))
        return [*owned, horizon - start - owned[0] - owned[1]]

    def now(self, horizon: Ints, case: Ints, n_cases: int) -> Ints:
        """Return the owner of some cases after their horizon."""
        last = np.full(n_cases, -1, dtype=np.int64)
        high = np.full(n_cases, -1, dtype=np.int64)
        high[case] = horizon
        said = self.day <= high[self.case]
        last[self.case[said]] = self.owner[said]  # the last one stays
        return np.where(last[case] < 0, OFFICE, last[case])


def owner_of_activities(procedure: Procedure, log: EventLog) -> npt.NDArray[np.int8]:
    """Return whose time runs after each activity of the log (a place in OWNERS), -1 where none is named.

    The last entry is of steps without an activity.
    """
    owner_of = np.full(len(log.activity.labels) + 1, -1, dtype=np.int8)
    for activity in procedure.activities:
        if activity.then is not None:
            owner_of[procedure.codes(log, (activity.name,))] = OWNERS.index(activity.then)
    owner_of[-1] = -1
    return owner_of


def claims(seen: SeenLog) -> Claims:
    """Return the steps that say whose time runs next."""
    log = seen.log
    owner = owner_of_activities(seen.procedure, log)[log.activity.codes]
    said = owner >= 0
    if seen.known is not None:
        said &= seen.known
    rows = np.flatnonzero(said)
    case, day = log.case_codes[rows].astype(np.int64), seen.days_of(rows)
    when, owner = log.last[rows], owner[rows]
    said = day <= seen.today
    if not said.all():
        case, when, owner, day = case[said], when[said], owner[said], day[said]
    if not in_order(case, day, when):
        by = np.lexsort((when, day, case))
        case, when, owner, day = case[by], when[by], owner[by], day[by]
    same = (case[1:] == case[:-1]) & (day[1:] == day[:-1]) & (when[1:] == when[:-1])
    first = np.flatnonzero(np.concatenate([[True], ~same])[: len(case)])
    owner = np.maximum.reduceat(owner, first) if len(first) else owner
    of, day = case[first], day[first]
    follows = of[1:] == of[:-1]
    until = np.append(np.where(follows, day[1:], OPEN), OPEN)[: len(of)]
    return Claims(of, day, owner.astype(np.int64), until.astype(np.int64))
