"""Dominance sums: what the elements before a place add up to whose rank is below a bound, for many bounds at once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from procmine.kernels import Ints


def dominance_sums(ranks: Ints, weights: Sequence[Ints], places: Ints, bounds: Ints) -> list[Ints]:
    """Return, of every query, the sums of each weight over the elements before ``place`` with a rank below ``bound``.

    The elements are sorted bit by bit of their ranks, highest first, as in a wavelet matrix (Claude
    and Navarro 2012): in each level a query steps into one half and adds up what stands in the lower
    one. Time O((elements + queries) x bits), without a loop over either. Sums wrap as int64 does, so
    that differences are right as long as they fit.

    >>> dominance_sums(np.array([2, 0, 1]), [np.array([5, 7, 9])], np.array([3, 2]), np.array([2, 2]))
    [array([16,  7])]
    """
    top = max(int(ranks.max(initial=0)), int(bounds.max(initial=0)))
    low, high = np.zeros(len(places), dtype=np.int64), places.astype(np.int64)
    sums = [np.zeros(len(places), dtype=np.int64) for _ in weights]
    for bit in reversed(range(top.bit_length())):
        below = ((ranks >> bit) & 1) == 0
        takes = ((bounds >> bit) & 1) == 1
        before = _running(below.astype(np.int64))
        for total, weight in zip(sums, weights, strict=True):
            running = _running(np.where(below, weight, 0))
            total[takes] += running[high[takes]] - running[low[takes]]
        zeros = int(before[-1])
        low_zeros, high_zeros = before[low], before[high]
        low = np.where(takes, zeros + low - low_zeros, low_zeros)
        high = np.where(takes, zeros + high - high_zeros, high_zeros)
        above = ~below
        ranks = np.concatenate([ranks[below], ranks[above]])
        weights = [np.concatenate([weight[below], weight[above]]) for weight in weights]
    return sums


def _running(values: Ints) -> Ints:
    total = np.zeros(len(values) + 1, dtype=np.int64)
    np.cumsum(values, out=total[1:])
    return total
