"""Steps of one resource that run at the same time: one sort, one sweep over whole arrays."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from procmine import kernels
from procmine.kernels import NAT, Bools, Codes, Ints
from procmine.log import EventLog

SECOND = 1_000_000


@dataclass(frozen=True, eq=False)
class Shifts:
    """Steps that last, by resource and start: positions in the log, and which run while another one does.

    ``steps`` are positions in the log. ``busy`` tells of each step whether an earlier one of its resource still runs
    when it starts; ``followed`` of each but the last whether the next one of its resource starts while it runs.
    """

    steps: Ints
    busy: Bools
    followed: Bools

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
        order, begin, until = _laid_out(resource, start, end, unit=SECOND if whole else 1)
        followed = begin[1:] < until[:-1]
        busy = np.zeros(len(begin), dtype=np.bool_)
        np.maximum.accumulate(until, out=until)
        np.greater(until[:-1], begin[1:], out=busy[1:])
        return cls(order if kept is None else kept[order], busy, followed)

    @cached_property
    def overlapping(self) -> Bools:
        """Which steps run at the same time as another one of their resource."""
        both = self.busy.copy()
        both[:-1] |= self.followed
        return both


def _laid_out(resource: Codes, start: Ints, end: Ints, *, unit: int) -> tuple[Ints, Ints, Ints]:
    """Return the order by resource and start, and the times in it, those of a resource after those of the one before.

    Resource, start and position are packed and sorted as one number where they fit in 63 bits; the
    sorted number holds the start again, so that only lengths are looked up.
    """
    rows, low = len(start), int(start.min())
    span_bits = ((int(end.max()) - low) // unit).bit_length()
    position_bits = rows.bit_length()
    owner_bits = int(resource.max()).bit_length()
    if owner_bits + span_bits > 62:  # centuries in microseconds: places in order of time do as well
        places = np.unique(np.concatenate([start, end]), return_inverse=True)[1]
        return _laid_out(resource, places[:rows], places[rows:], unit=1)
    begin = np.empty(rows, dtype=np.int64)
    length: npt.NDArray[np.signedinteger]
    length = np.empty(rows, dtype=np.int32 if span_bits < 32 else np.int64)
    for block in kernels.blocks(rows):
        owner = resource[block].astype(np.int64) << span_bits
        begin[block] = owner | (start[block] - low) // unit
        length[block] = (end[block] - start[block]) // unit
    if owner_bits + span_bits + position_bits <= 63:
        begin <<= position_bits
        begin |= np.arange(rows)
        begin.sort()
        order = begin & ((1 << position_bits) - 1)
        begin >>= position_bits
    else:
        found = kernels.lexicographic_order([begin])
        order = np.arange(rows, dtype=np.int64) if found is None else found
        begin = begin[order]
    return order, begin, begin + length.take(order)


def _lasting(start: Ints, end: Ints, resource: Codes) -> Ints | None:
    """Return the positions of steps that have a resource, both times and a length; None for all of them."""
    lasts = end > start
    lasts &= start != NAT  # a missing end is less than any start
    lasts &= resource >= 0
    return None if lasts.all() else np.flatnonzero(lasts)
