"""Changes of hands: where consecutive steps of a case have different labels, and where work comes back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from procmine import kernels
from procmine.kernels import Codes, Ints


@dataclass(frozen=True, eq=False)
class Changes:
    """The steps that received work from a step with another label, and how many could not be told."""

    rows: Ints
    """The receiving steps; the step that handed over is the one before."""
    not_known: int
    """Pairs of consecutive steps of which one has no label."""


def changes(labels: Codes, offsets: Ints) -> Changes:
    """Return the changes of label between consecutive steps of a case.

    >>> changes(np.array([0, 0, 1, -1, 0], dtype=np.int32), np.array([0, 5])).rows
    array([2])
    """
    sources = kernels.directly_follows(offsets)
    mine, theirs = labels[sources], labels[sources + 1]
    known = (mine >= 0) & (theirs >= 0)
    return Changes(sources[known & (mine != theirs)] + 1, int((~known).sum()))


@dataclass(frozen=True, eq=False)
class PingPongs:
    """The steps with which work comes back, and the step since which the other side had it."""

    rows: Ints
    since: Ints


def ping_pongs(labels: Codes, case: Codes) -> PingPongs:
    """Return where the label of a stretch of steps is that of the stretch before the last.

    A step without a label is a stretch of its own that nothing comes back to or from. ``since`` is
    the last step of the earlier stretch, or the ping-pong before this one if that is later.

    >>> ping_pongs(np.array([0, 1, 1, 0], dtype=np.int32), np.zeros(4, dtype=np.int32))
    PingPongs(rows=array([3]), since=array([0]))
    """
    new = np.ones(len(labels), dtype=np.bool_)
    new[1:] = (labels[1:] != labels[:-1]) | (case[1:] != case[:-1]) | (labels[1:] < 0)
    starts = np.flatnonzero(new)
    label, owner = labels[starts], case[starts]
    back = (label[2:] == label[:-2]) & (owner[2:] == owner[:-2])
    back &= (label[2:] >= 0) & (label[1:-1] >= 0)
    place = np.flatnonzero(back) + 2
    rows, since = starts[place], starts[place - 1] - 1
    again = case[rows[1:]] == case[rows[:-1]]
    since[1:] = np.where(again, np.maximum(since[1:], rows[:-1]), since[1:])
    return PingPongs(rows, since)
