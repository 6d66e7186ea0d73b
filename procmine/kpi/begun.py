"""The cases that had begun at ``as_of``, as the KPI table counts them: in local days, with their key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from procmine.kernels import NAT, Bools, Ints
from procmine.kpi.grid import FAR
from procmine.kpi.periods import local_days
from procmine.log import EventLog
from procmine.observe import ObservedCases, as_of_text


def moment_of(as_of: int) -> pd.Timestamp | None:
    """Return a moment as ``as_of=`` takes it; None for that of a log in which nothing was seen."""
    return None if as_of == NAT else pd.Timestamp(as_of, unit="us", tz="UTC")


@dataclass(frozen=True, eq=False)
class Begun:
    """One value for each case that had begun; times are int64 microseconds, NAT where missing."""

    log: EventLog
    seen: ObservedCases
    here: Bools
    """Of all cases of the log, those that had begun."""
    key: Ints
    closed_by: str = ""
    """What says that a case is closed, where it is not the log."""

    @property
    def closing_known(self) -> bool:
        """Whether something says what closes a case."""
        return self.log.closed_at is not None

    @property
    def as_of(self) -> str:
        """The words of every basis: as of when, and what closes a case where that is the procedure."""
        when = as_of_text(self.log, self.seen.as_of)
        return f"{self.closed_by}; {when}" if self.closed_by else when

    @cached_property
    def first_day(self) -> Ints:
        """The local day on which each case began."""
        return local_days(self.log.local(self.seen.started[self.here]))

    @cached_property
    def until(self) -> Ints:
        """When each case closed; where closing is unknown, its last known time."""
        return (self.seen.closed_at if self.closing_known else self.seen.ended)[self.here]

    @property
    def done(self) -> Bools:
        """Which cases are counted as completed."""
        return np.not_equal(self.until, NAT)

    @cached_property
    def last_day(self) -> Ints:
        """The local day of ``until``; far away where a case is open."""
        days = np.full(len(self.until), FAR)
        days[self.done] = local_days(self.log.local(self.until[self.done]))
        return days

    def positions(self, case_ids: pd.Series) -> Ints:
        """Return the place of each case among those that had begun, -1 where it had not."""
        place = np.full(len(self.here) + 1, -1)
        place[:-1][self.here] = np.arange(len(self.key))
        labels = pd.Index(self.log.case_labels.to_pandas(), dtype="str")
        found: Ints = place[labels.get_indexer(pd.Index(case_ids))]
        return found

    @property
    def cycle_time(self) -> Ints:
        """The cycle time of completed cases."""
        return self.seen.cycle_time[self.here]

    @property
    def age(self) -> Ints:
        """The age of open cases."""
        return self.seen.age[self.here]
