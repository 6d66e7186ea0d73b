"""Lifecycle rows become steps: starts are paired with ends first in first out, suspended time is kept apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from procmine import kernels
from procmine.errors import BindingError
from procmine.kernels import Bools, Ints

OPENS, ENDS, SUSPENDS, RESUMES, ASIDE = 0, 1, 2, 3, 4
TRANSITIONS = {
    "start": OPENS,
    "complete": ENDS,
    "withdraw": ENDS,
    "ate_abort": ENDS,
    "pi_abort": ENDS,
    "suspend": SUSPENDS,
    "resume": RESUMES,
    **dict.fromkeys(("schedule", "assign", "reassign", "autoskip", "manualskip", "unknown"), ASIDE),
}
"""The standard lifecycle of IEEE 1849-2016 (XES), by what each transition does to a step."""


@dataclass(frozen=True, eq=False)
class PairedRows:
    """Steps made of rows: the row that opened each and the row that ended it (-1 where there is none), and the rest."""

    opened: Ints
    ended: Ints
    suspended: Ints
    aside: Ints
    """Rows that neither open, suspend, resume nor end a step; and suspends and resumes outside any open step."""

    @property
    def counts(self) -> dict[str, int]:
        """The number of pairs, of ends that stand alone and of starts that were never ended."""
        alone = self.opened < 0
        never = self.ended < 0
        return {
            "pairs": int((~alone & ~never).sum()),
            "ends_alone": int(alone.sum()),
            "starts_alone": int(never.sum()),
        }


def transition_kinds(names: list[str], *, source: str) -> npt.NDArray[np.int8]:
    """Return what each transition name does; raises BindingError for names outside the standard lifecycle."""
    folded = [name.strip().casefold() for name in names]
    unknown = [name for name, key in zip(names, folded, strict=True) if key not in TRANSITIONS]
    if unknown or "complete" not in folded:
        what = (
            f"unknown are {', '.join(map(repr, unknown[:6]))}"
            if unknown
            else "'complete' is not among them"
        )
        raise BindingError(
            f"the lifecycle column of {source} does not hold the standard transitions: {what}\n"
            f"known are {', '.join(TRANSITIONS)}; pass lifecycle=None to keep each row as a step"
        )
    return np.array([TRANSITIONS[key] for key in folded], dtype=np.int8)


def runs_backwards(case: npt.NDArray[np.integer], time: Ints) -> bool:
    """Tell whether rows in source order go back in time more often than forward, each to the next
    row of its case.
    """
    order = kernels.lexicographic_order([case])
    if order is not None:
        case, time = case[order], time[order]
    same_case = case[1:] == case[:-1]
    before, after = time[:-1][same_case], time[1:][same_case]
    return int((after < before).sum()) > int((after > before).sum())


def pair_rows(
    kind: npt.NDArray[np.int8], key: Ints, time: Ints, *, newest_first: bool = False
) -> PairedRows:
    """Pair the rows of each key (case, activity and instance or resource) in the order of time and
    row.

    Where the newest rows come first, of rows at one time the last is taken first.
    First in first out: an end belongs to the step opened longest ago; an end with no open step
    stands alone, a start that is never ended stays open. A suspend or resume belongs to the step
    opened longest ago; what is still suspended when the step ends counts until its end.
    ``suspended`` is in microseconds per step, 0 where there was none.
    """
    order = _in_time(key, time, newest_first=newest_first)
    kinds = kind[order]
    moves = order[(kinds == OPENS) | (kinds == ENDS)]
    opened, ended = _first_in_first_out(kind[moves] == OPENS, key[moves], moves)
    halts = order[(kinds == SUSPENDS) | (kinds == RESUMES)]
    suspended, outside = _suspended_time(halts, kind, key, time, order, opened, ended)
    aside = np.sort(np.concatenate([order[kinds == ASIDE], outside]))
    return PairedRows(opened, ended, suspended, aside)


def _in_time(key: Ints, time: Ints, *, newest_first: bool) -> Ints:
    """Return the order of key, time and row, or of key, time and row from the last to the first."""
    if newest_first:
        return len(key) - 1 - _in_time(key[::-1], time[::-1], newest_first=False)
    order = kernels.lexicographic_order([key, time])
    return np.arange(len(key), dtype=np.int64) if order is None else order


def _first_in_first_out(opens: Bools, key: Ints, rows: Ints) -> tuple[Ints, Ints]:
    """Return opening and ending row of every step, in the order of the row that opened it, or else
    ended it.

    Within a key the number of open steps goes up with a start and down with an end, but never below
    0: an end that would take it there stands alone. Without those, the k-th end of a key belongs to
    its k-th start.
    """
    starts = kernels.run_starts(key)
    sizes = np.diff(np.append(starts, len(key)))
    level = np.cumsum(np.where(opens, 1, -1))
    before = np.repeat(np.concatenate([[0], level])[starts], sizes)
    level = level - before
    # the running minimum of a key, by a running minimum over keys pushed apart far enough not to touch
    apart = np.repeat(np.arange(len(starts), dtype=np.int64), sizes) * (2 * len(key) + 2)
    lowest = np.minimum.accumulate(level - apart) + apart
    lowest_before = np.minimum(np.where(_is_first(starts, len(key)), 0, np.roll(lowest, 1)), 0)
    alone = ~opens & (level < lowest_before)
    begun, done = np.flatnonzero(opens), np.flatnonzero(~opens & ~alone)
    group = np.repeat(np.arange(len(starts)), sizes)
    ended_of = np.full(len(begun), -1, dtype=np.int64)
    rank = _rank_in_group(group[begun])
    place = np.searchsorted(
        group[begun] * (len(key) + 1) + rank,
        group[done] * (len(key) + 1) + _rank_in_group(group[done]),
    )
    ended_of[place] = rows[done]
    lone = np.flatnonzero(alone)
    opened = np.concatenate([rows[begun], np.full(len(lone), -1, dtype=np.int64)])
    ended = np.concatenate([ended_of, rows[lone]])
    position = np.argsort(np.concatenate([begun, lone]), kind="stable")
    return opened[position], ended[position]


def _is_first(starts: Ints, size: int) -> Bools:
    first = np.zeros(size, dtype=np.bool_)
    first[starts] = True
    return first


def _rank_in_group(group: Ints) -> Ints:
    """Return 0, 1, 2 … within runs of equal groups."""
    starts = kernels.run_starts(group)
    return np.arange(len(group)) - np.repeat(starts, np.diff(np.append(starts, len(group))))


def _suspended_time(
    halts: Ints,
    kind: npt.NDArray[np.int8],
    key: Ints,
    time: Ints,
    order: Ints,
    opened: Ints,
    ended: Ints,
) -> tuple[Ints, Ints]:
    """Sum suspended intervals per step; few rows are suspends, so this walks over the keys that have any."""
    suspended = np.zeros(len(opened), dtype=np.int64)
    if not len(halts):
        return suspended, halts
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(len(order))
    steps_of: dict[int, list[int]] = {}
    for place in np.flatnonzero((opened >= 0) & np.isin(key[opened], key[halts])).tolist():
        steps_of.setdefault(int(key[opened[place]]), []).append(place)
    halted: dict[int, int] = {}
    outside: list[int] = []
    for row in halts.tolist():
        step = _open_step(
            steps_of.get(int(key[row]), []), int(position[row]), position, opened, ended
        )
        if step is None or (kind[row] == RESUMES) != (step in halted):
            outside.append(int(row))
        elif kind[row] == SUSPENDS:
            halted[step] = int(time[row])
        else:
            suspended[step] += int(time[row]) - halted.pop(step)
    for halted_step, since in halted.items():
        if ended[halted_step] >= 0:
            suspended[halted_step] += int(time[ended[halted_step]]) - since
    return suspended, np.array(outside, dtype=np.int64)


def _open_step(steps: list[int], at: int, position: Ints, opened: Ints, ended: Ints) -> int | None:
    """Return the step opened longest ago that is open at a position."""
    for step in steps:
        if position[opened[step]] < at and (ended[step] < 0 or position[ended[step]] > at):
            return step
    return None
