"""Cases with shorter waits: when each step and each case would have ended, all else as it was."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine.kernels import NAT, Ints
from procmine.kpi.improvement.recount import Recount
from procmine.kpi.improvement.without_rework import Avoided
from procmine.kpi.waiting.split import Split
from procmine.log import EventLog
from procmine.observe import ObservedCases


@dataclass(frozen=True, eq=False)
class Shortened:
    """The complete cases of a log, what their steps depend on, and the step that ends each case.

    A step begins as much earlier as its own wait is shorter and as the latest end of all that it
    depends on is earlier. How long the work takes stays as it was.
    """

    recount: Recount
    case: Ints
    """The cases that are complete, as places in the log."""
    last: Ints
    """The step that ends each of them, -1 where none is known or closing is not."""
    began: Ints
    ended: Ints
    times: Ints | None
    """Where closing is unknown: the last known time of each step, of which the latest ends its case."""
    offsets: Ints

    @property
    def cycle_time(self) -> Ints:
        """How long each complete case took."""
        return self.ended - self.began

    def saved(self, gain: Ints) -> Ints:
        """Return how much earlier each step would end, were its own wait shorter by ``gain``."""
        return self.recount.saved(gain)

    def ended_after(self, saved: Ints) -> Ints:
        """Return when each complete case would have ended."""
        if self.times is not None:
            earlier = np.where(self.times == NAT, NAT, self.times - saved)
            return np.maximum.reduceat(earlier, self.offsets[:-1])[self.case]
        return self.ended - np.where(self.last >= 0, np.append(saved, 0)[self.last], 0)

    def sooner(self, gain: Ints, avoided: Avoided | None = None) -> Ints:
        """Return how much earlier each complete case would end; with rework that is not there, too.

        What waits within that rework is gone with it, and counts once.
        """
        by_waits = self.ended - self.ended_after(self.saved(gain))
        if avoided is None:
            return by_waits
        outside = np.where(avoided.within, 0, gain)
        both = self.ended - self.ended_after(self.saved(outside)) + avoided.lost[self.case]
        bounded: Ints = np.minimum(np.maximum(both, by_waits), self.cycle_time)
        return bounded


def shortened(found: Split, given: EventLog, order: str, seen: ObservedCases) -> Shortened:
    """Return the complete cases of a log: the closed ones, or all where closing is unknown.

    A case ends with its closing step: that which ended when the case closed, or the last before that;
    where closing is unknown with whichever step then ends last.
    """
    log = found.log
    ended = seen.closed_at if log.closed_at is not None else seen.ended
    begin = np.minimum.reduceat(_begun(found), log.offsets[:-1]) if log.n_cases else seen.started
    complete = np.flatnonzero((ended != NAT) & (seen.cycle_time != NAT))
    last = _closing_steps(log, ended)
    room = np.maximum(log.first - begin[log.case_codes], 0)
    times = None
    if log.closed_at is None and log.n_cases:
        begun = np.where(log.first <= seen.as_of, log.first, NAT)
        times = np.where(log.last <= seen.as_of, log.last, begun)
    ends = last[complete], begin[complete], ended[complete]
    recount = Recount.of(found, given, order, room)
    return Shortened(recount, complete, *ends, times, log.offsets)


def _begun(found: Split) -> Ints:
    """Return when each step was first known or enabled: a case begins at its arrival where that is known."""
    at = found.enabled.at
    alone = (found.enabled.by < 0) & (at != NAT)
    return np.where(alone, np.minimum(at, found.log.first), found.log.first)


def _closing_steps(log: EventLog, ended: Ints) -> Ints:
    """Return the step that ends each case: of those that ended last by then the last, closing ones first.

    Of closing steps those with a known end go before others: the end of one closed the case.
    """
    within = log.last <= ended[log.case_codes]
    rows = np.flatnonzero(within)
    closing = np.zeros(log.n_steps, np.bool_) if log.closing is None else log.closing
    rank = closing.astype(np.int8) + (closing & (log.end != NAT))
    order = np.lexsort((rows, rank[rows], log.last[rows], log.case_codes[rows]))
    last = np.full(log.n_cases, -1)
    last[log.case_codes[rows[order]]] = rows[order]  # the last one of each case stays
    return last
