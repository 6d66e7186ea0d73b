"""Shorter waits: how much shorter the wait of each step would be with a remedy, or with several together."""

from __future__ import annotations

import numpy as np

from procmine.kernels import DAY, NAT, Bools, Ints
from procmine.kpi.improvement.best_quartile import scales_of_steps
from procmine.kpi.improvement.remedies import Remedy
from procmine.kpi.waiting.split import CAUSES, Split


def gain(remedy: Remedy, found: Split) -> Ints:
    """Return how much shorter the wait of every step would be, 0 where its wait is not known.

    Of a package the causes are taken away first, each once; what remains shrinks as the slowest of its
    groups does, and is then cut to the least target.
    """
    wait = np.where(found.wait == NAT, 0, found.wait)
    left = wait - _caused(remedy, found)
    scale = np.ones(len(left))
    for part in remedy.parts:
        if part.by is not None:
            scale = np.minimum(scale, scales_of_steps(found, part.by, _at(part, found)))
    left = np.where(scale < 1, np.floor(left * scale), left).astype(np.int64)
    for part in remedy.parts:
        if part.days is not None:
            target = round(part.days * DAY)
            left = np.where(_at(part, found), np.minimum(left, target), left)
    return wait - left


def _caused(remedy: Remedy, found: Split) -> Ints:
    """Return the parts of every wait that the remedies take away; one that several name counts once."""
    removed = np.zeros(found.log.n_steps, dtype=np.int64)
    for cause in CAUSES:
        here = np.zeros(found.log.n_steps, dtype=np.bool_)
        for part in remedy.parts:
            if part.cause == cause:
                here |= _at(part, found)
        known = here & (found.parts[cause] != NAT)
        removed[known] += found.parts[cause][known]
    return removed


def _at(remedy: Remedy, found: Split) -> Bools:
    """Tell which steps with a known wait a remedy is about."""
    here: Bools = found.wait != NAT
    if remedy.activity is None:
        return here
    code = found.log.activity.code(remedy.activity, what="activity")
    here = here & (found.log.activity.codes == code)
    return here
