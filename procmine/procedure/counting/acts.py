"""Acts on the clock of a term: pauses, extensions and replacements, before it is known which of them count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import numpy.typing as npt

from procmine.kernels import NAT, Bools, Ints
from procmine.procedure.counting.occurrences import Occurrences
from procmine.procedure.counting.pairing import OPEN, paired
from procmine.procedure.counting.seen import SeenLog
from procmine.procedure.term import Pause

_SMALL = 1 << 16
REPLACE, EXTEND, SUSPEND, RESTART = range(4)
"""What an act does, in the order in which acts of one day are taken."""


@dataclass(frozen=True, eq=False)
class Acts:
    """Acts as columns; those of one list stand in the order in which they occurred."""

    case: Ints
    day: Ints
    kind: Ints
    item: Ints
    """Which of the replacements, extensions or pauses of the term it is."""
    until: Ints
    """The lawful end of a pause, OPEN where it has none."""
    asked_until: Ints
    """The end that was asked for, OPEN where it has none."""
    lawful: Bools
    """Whether all that can be told of the act alone is met."""
    remark: Ints
    """What is odd about it, as bits of REMARKS."""

    def __len__(self) -> int:
        return len(self.case)

    def where(self, kept: npt.NDArray[np.bool_] | Ints) -> Acts:
        """Return some of the acts."""
        if kept.dtype == np.bool_ and kept.all():
            return self
        return Acts(*(getattr(self, column.name)[kept] for column in fields(self)))

    def numbered(self, case: Ints) -> Acts:
        """Return the same acts with other numbers of their cases."""
        return replace(self, case=case)

    @classmethod
    def joined(cls, parts: Sequence[Acts]) -> Acts:
        """Return the acts of several lists as one."""
        names = [column.name for column in fields(cls)]
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    @classmethod
    def none(cls) -> Acts:
        """Return no acts."""
        empty, no = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.bool_)
        return cls(empty, empty, empty, empty, empty, empty, no, empty)


REMARKS = (
    "two starts",
    "pause before the start",
    "pause without a given period",
    "pause beyond its lawful length",
    "pause too late or too often to count",
    "pause after the due date",
    "extension after the due date",
    "longer term granted too late",
    "equated days of the year not known",
)
"""What is told of a row of the table of terms."""


def bit(remark: str) -> int:
    """Return the bit of a remark."""
    return 1 << REMARKS.index(remark)


def moments(found: Occurrences, kind: int, item: int) -> Acts:
    """Return an act without length at every occurrence of an event: an extension or a replacement."""
    n = len(found)
    same = np.full(n, item, dtype=np.int64)
    yes, zero = np.ones(n, dtype=np.bool_), np.zeros(n, dtype=np.int64)
    kinds = np.full(n, kind, dtype=np.int64)
    return Acts(found.case, found.day, kinds, same, found.day, found.day, yes, zero)


def pauses(seen: SeenLog, pause: Pause, item: int, starts: Ints, horizon: Ints) -> Acts:
    """Return every pause that was asked for, with its lawful end, and whether it may count.

    ``starts`` and ``horizon`` have a day for every case of the log; ends after the horizon are not known.
    """
    begun, ends = seen.kept(
        (pause.from_, pause.until, pause.window_days), lambda: paired(seen, pause)
    )
    here = starts[begun.case] < OPEN
    if not here.all():
        begun, ends = begun.where(here), ends[here]
    n = len(begun)
    ends = np.where(ends > horizon[begun.case], OPEN, ends)
    asked = _asked(pause, begun.day, ends)
    until = asked
    if pause.max_days is not None:
        until = np.minimum(until, begun.day + pause.max_days)
    remark = np.zeros(n, dtype=np.int64)
    lawful = np.ones(n, dtype=np.bool_)
    start = starts[begun.case]
    if pause.requires_period:
        given = _periods(seen, pause, begun)
        lawful &= given != NAT
        remark |= np.where(given == NAT, bit("pause without a given period"), 0)
        lapse = np.where(given == NAT, OPEN, np.maximum(given, begun.day))
        until = np.minimum(until, lapse)
        asked = np.where(asked < OPEN, asked, lapse)
    if pause.within_days_of_start is not None:
        early = begun.day <= start + pause.within_days_of_start
        lawful &= early
        remark |= np.where(early, 0, bit("pause too late or too often to count"))
    valid = _valid(pause, start if pause.applies_by == "start_date" else begun.day)
    lawful &= valid & (until > start)
    remark |= np.where(begun.day < start, bit("pause before the start"), 0)
    kind = np.full(n, SUSPEND if pause.effect == "suspend" else RESTART, dtype=np.int64)
    items = np.full(n, item, dtype=np.int64)
    acts = Acts(begun.case, begun.day, kind, items, until, asked, lawful, remark)
    return acts.where(valid & (asked > start))


def _asked(pause: Pause, begun: Ints, ends: Ints) -> Ints:
    """Return until when each pause was asked for."""
    late = ends < OPEN
    asked = np.where(late, ends + pause.plus_days, OPEN)
    if pause.window_days is None:
        return asked
    window = begun + pause.window_days
    return np.where(ends <= window, asked, window)


def _periods(seen: SeenLog, pause: Pause, begun: Occurrences) -> Ints:
    """Return the last day of the period given with each pause, NAT where none was."""
    last = np.full(len(begun), NAT)
    for event in pause.from_:
        mine = seen.is_event(begun.row, event) & (last == NAT)
        last = np.where(mine, seen.periods(begun, event), last)
    return last


def _valid(pause: Pause, days: Ints) -> Bools:
    low, high = validity(pause)
    return (days >= low) & (days <= high)


def validity(part: object) -> tuple[int, int]:
    """Return the first and the last day on which a pause or a version of a term is valid."""
    low, high = getattr(part, "valid_from", None), getattr(part, "valid_to", None)
    return (
        -OPEN if low is None else int(np.datetime64(low, "D").astype(np.int64)),
        OPEN if high is None else int(np.datetime64(high, "D").astype(np.int64)),
    )


def in_turn(acts: Acts) -> Iterable[Acts]:
    """Return the acts in turn: the first of every case, then the second of every case, and so on."""
    if not len(acts):
        return
    by = _in_time(acts)
    case = acts.case[by]
    begins = np.flatnonzero(np.concatenate([[True], case[1:] != case[:-1]]))
    sizes = np.diff(np.append(begins, len(acts)))
    turn = np.arange(len(acts)) - np.repeat(begins, sizes)
    small = turn.astype(np.uint16) if int(sizes.max()) < _SMALL else turn  # sorted by counting
    ends = np.cumsum(np.bincount(turn))
    by = by[np.argsort(small, kind="stable")]
    for low, high in zip(np.concatenate([[0], ends[:-1]]), ends, strict=True):
        yield acts.where(by[low:high])


def _in_time(acts: Acts) -> Ints:
    """Return the order of acts by case, day, kind and item; lists of acts are in their order already."""
    items = int(acts.item.max()) + 1
    first = int(acts.day.min())
    days = int(acts.day.max()) - first + 1
    if int(acts.case.max() + 1) * days * 4 * items >= 1 << 62:
        return np.lexsort((acts.item, acts.kind, acts.day, acts.case))
    key = ((acts.case * days + acts.day - first) * 4 + acts.kind) * items + acts.item
    return np.argsort(key, kind="stable")
