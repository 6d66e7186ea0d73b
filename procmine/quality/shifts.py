"""Steps of one resource that run at the same time: one sort, one sweep over whole arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from procmine import kernels
from procmine.kernels import NAT, Bools, Codes, Ints
from procmine.log import EventLog


@dataclass(frozen=True, eq=False)
class Shifts:
    """Steps that last, by resource and start: positions in the log, and which run while another one does.

    ``busy`` tells of each step whether an earlier one of its resource still runs when it starts;
    ``steps`` are positions in the log, ``begin`` and ``until`` its times laid end to end by resource.
    """

    steps: Ints
    begin: Ints
    until: Ints
    busy: Bools

    @classmethod
    def of(cls, log: EventLog) -> Shifts | None:
        """Sort once by resource and start, and keep the latest end so far: a sweep over whole arrays."""
        if log.resource is None or log.start is None:
            return None
        kept = _lasting(log.start, log.end, log.resource.codes)
        start, end, resource = (
            (log.start, log.end, log.resource.codes)
            if kept is None
            else (log.start[kept], log.end[kept], log.resource.codes[kept])
        )
        if len(start) < 2:
            return None
        low = int(start.min())
        order = kernels.lexicographic_order([resource, start])
        span = int(end.max()) - low + 1
        if span * (len(log.resource.labels) + 1) >= 1 << 62:
            return None
        shift = resource.astype(np.int64) * span - low
        begin, until = start + shift, end + shift
        if order is None:
            order = np.arange(len(start), dtype=np.int64)
        begin, until = begin[order], until[order]
        busy = np.zeros(len(begin), dtype=np.bool_)
        np.greater(np.maximum.accumulate(until)[:-1], begin[1:], out=busy[1:])
        return cls(order if kept is None else kept[order], begin, until, busy)

    @cached_property
    def overlapping(self) -> Bools:
        """Which steps run at the same time as another one of their resource."""
        both = self.busy.copy()
        both[:-1] |= self.begin[1:] < self.until[:-1]
        return both


def _lasting(start: Ints, end: Ints, resource: Codes) -> Ints | None:
    """Return the positions of steps that have a resource, both times and a length; None for all of them."""
    lasts = end > start
    lasts &= start != NAT  # a missing end is less than any start
    lasts &= resource >= 0
    return None if lasts.all() else np.flatnonzero(lasts)
