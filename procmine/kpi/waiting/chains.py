"""Chains: steps that a resource did one after the other, all of which could have begun when the first did."""

from __future__ import annotations

import numpy as np

from procmine import kernels
from procmine.kernels import NAT, Ints


def chains(group: Ints, start: Ints, end: Ints, enabled: Ints, gap: int) -> Ints:
    """Number the chains of steps that stand in the order of (group, start, end), from 0 on.

    A chain goes on while the next step of the group begins at most ``gap`` after the latest end so
    far (of all that have followed each other so) and was enabled no later than the first step of the
    chain started.

    >>> chains(np.array([0, 0, 0]), np.array([5, 6, 8]), np.array([6, 8, 9]), np.array([1, 5, 7]), 0)
    array([0, 0, 1])
    """
    run = _runs(group, start, end, gap)
    begins = kernels.run_starts(run)
    following = np.append(begins[1:], len(run))[run]
    blocked = _last_start_before(run, start, enabled)
    stop = np.full(len(run) + 1, len(run))
    inside = np.flatnonzero(blocked >= begins[run])
    np.minimum.at(stop, blocked[inside], inside)
    stop = np.minimum.accumulate(stop[::-1])[::-1][:-1]
    head = _heads(begins, np.where(stop < following, stop, len(run)))
    return np.cumsum(head) - 1


def _runs(group: Ints, start: Ints, end: Ints, gap: int) -> Ints:
    """Number the runs: within a group each step begins at most ``gap`` after the latest end so far."""
    latest = latest_so_far(group, end)
    new = np.zeros(len(group), dtype=np.bool_)
    new[1:] = (group[1:] != group[:-1]) | (start[1:] > latest[:-1] + gap)
    return np.cumsum(new)


def latest_so_far(group: Ints, times: Ints) -> Ints:
    """Return the latest time so far within each group; groups are numbered upwards and stand side by side.

    >>> latest_so_far(np.array([0, 0, 1]), np.array([9, 5, 7]))
    array([9, 9, 7])
    """
    known, rank = np.unique(times, return_inverse=True)
    if not len(known):
        return times
    latest = np.maximum.accumulate(group * len(known) + rank) - group * len(known)
    return np.asarray(known[latest], dtype=np.int64)


def _last_start_before(run: Ints, start: Ints, enabled: Ints) -> Ints:
    """Return, of every step, the last one of its run that started before it was enabled.

    That is the one before it where it is not known when it was enabled, and one of another run where there is none.
    """
    times, rank = np.unique(np.concatenate([start, enabled]), return_inverse=True)
    starts, asked = run * len(times) + rank[: len(run)], run * len(times) + rank[len(run) :]
    before = np.searchsorted(starts, asked, side="left") - 1
    return np.where(enabled == NAT, np.arange(len(run)) - 1, before)


def _heads(begins: Ints, stop: Ints) -> np.typing.NDArray[np.bool_]:
    """Mark where chains begin: at the begin of a run, and where a chain stops (its length: none) the next one.

    In each round twice as many hops are made, so that a run of n chains takes log n rounds.
    """
    nowhere = len(stop)
    marked = np.zeros(nowhere + 1, dtype=np.bool_)
    marked[begins] = True
    hop = np.append(stop, nowhere)
    while True:
        reached = hop[np.flatnonzero(marked[:-1])]
        fresh = reached[~marked[reached] & (reached < nowhere)]
        if not len(fresh):
            return marked[:-1]
        marked[fresh] = True
        hop = hop[hop]
