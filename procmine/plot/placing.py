"""Where the vertices of a layer stand: edges short and straight, and no overlaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from procmine.kernels import Floats


@dataclass(frozen=True)
class Pull:
    """A piece of edge between two layers: it pulls its ends, at their ports, onto one vertical."""

    upper: int
    lower: int
    upper_port: float
    lower_port: float
    weight: float


def place(
    rows: Sequence[Sequence[int]],
    left: Mapping[int, float],
    right: Mapping[int, float],
    pulls: Sequence[Pull],
) -> dict[int, float]:
    """Return x for every vertex, given how far each reaches to its left and right.

    The linear programme of Gansner, Koutsofios, North and Vo (1993): the weighted horizontal
    lengths of the pieces of edge are least, and neighbours in a row keep their distance.
    """
    near = [pair for row in rows for pair in pairwise(row)]
    apart = np.array([right[a] + left[b] for a, b in near])
    number = {vertex: i for i, vertex in enumerate(sorted(left))}
    x = _solved([(number[a], number[b]) for a, b in near], apart, pulls, number)
    return {vertex: float(x[i]) for vertex, i in number.items()}


def _solved(
    near: Sequence[tuple[int, int]], apart: Floats, pulls: Sequence[Pull], number: dict[int, int]
) -> Floats:
    """Solve for z = (x of the vertices, length of the pieces of edge)."""
    from scipy.optimize import linprog  # type: ignore[import-untyped]

    n, m = len(number), len(pulls)
    if not m:  # a part without links is a single vertex
        return np.zeros(n)
    ends = [(number[pull.upper], number[pull.lower]) for pull in pulls]
    shift = np.array([pull.lower_port - pull.upper_port for pull in pulls])
    cost = np.concatenate((np.zeros(n), [pull.weight for pull in pulls]))
    limits = np.concatenate((-apart, shift, -shift))
    solved = linprog(cost, A_ub=_matrix(near, ends, n), b_ub=limits, method="highs")
    x: Floats = solved.x[:n]
    return x


def _matrix(near: Sequence[tuple[int, int]], ends: Sequence[tuple[int, int]], n: int) -> Any:
    """Build the left side: x_a - x_b <= -apart, and both signs of x_u - x_v - length <= shift."""
    from scipy.sparse import coo_array  # type: ignore[import-untyped]

    m = len(ends)
    a, b = np.array([*near, *ends, *((v, u) for u, v in ends)], dtype=np.int64).T
    line = np.arange(len(a))
    rows = np.concatenate((line, line, line[len(near) :]))
    columns = np.concatenate((a, b, n + np.tile(np.arange(m), 2)))
    values = np.concatenate((np.ones(len(a)), -np.ones(len(a)), -np.ones(2 * m)))
    return coo_array((values, (rows, columns)), shape=(len(a), n + m)).tocsr()
