"""Steps of one resource that run at the same time: one sort, one sweep over whole arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from procmine import kernels
from procmine.kernels import NAT, Bools, Codes, Ints
from procmine.log import EventLog

SECOND = 1_000_000


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
        whole = log.precision in ("day", "minute", "second")
        order, begin, until = _laid_out(resource, start, end, whole_seconds=whole)
        busy = np.zeros(len(begin), dtype=np.bool_)
        np.greater(np.maximum.accumulate(until)[:-1], begin[1:], out=busy[1:])
        return cls(order if kept is None else kept[order], begin, until, busy)

    @cached_property
    def overlapping(self) -> Bools:
        """Which steps run at the same time as another one of their resource."""
        both = self.busy.copy()
        both[:-1] |= self.begin[1:] < self.until[:-1]
        return both


def _laid_out(
    resource: Codes, start: Ints, end: Ints, *, whole_seconds: bool
) -> tuple[Ints, Ints, Ints]:
    """Return the order by resource and start, and the times in it, those of a resource after those of the one before.

    Resource, start and position are packed and sorted as one number where they fit in 63 bits; the
    sorted number holds the start again, so that only lengths are looked up.
    """
    low = int(start.min())
    begin, length = start - low, end - start
    if whole_seconds:
        begin //= SECOND
        length //= SECOND
    span_bits = (int(begin.max()) + int(length.max())).bit_length()
    position_bits = len(start).bit_length()
    owner_bits = int(resource.max()).bit_length()
    if owner_bits + span_bits > 62:  # centuries in microseconds: places in order of time do as well
        places = np.unique(np.concatenate([start, end]), return_inverse=True)[1]
        return _laid_out(resource, places[: len(start)], places[len(start) :], whole_seconds=False)
    other = resource.astype(np.int64)
    other <<= span_bits
    begin |= other
    if owner_bits + span_bits + position_bits <= 63:
        begin <<= position_bits
        begin |= np.arange(len(start), dtype=np.int64)
        begin.sort()
        order = np.bitwise_and(begin, (1 << position_bits) - 1, out=other)
        begin >>= position_bits
    else:
        found = kernels.lexicographic_order([begin])
        order = np.arange(len(start), dtype=np.int64) if found is None else found
        begin = begin[order]
    short = length.astype(np.int32) if int(length.max()) < 1 << 31 else length  # looked up faster
    return order, begin, begin + short.take(order)


def _lasting(start: Ints, end: Ints, resource: Codes) -> Ints | None:
    """Return the positions of steps that have a resource, both times and a length; None for all of them."""
    lasts = end > start
    lasts &= start != NAT  # a missing end is less than any start
    lasts &= resource >= 0
    return None if lasts.all() else np.flatnonzero(lasts)
