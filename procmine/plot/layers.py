"""The layers of an acyclic graph and the order inside each, by fast_sugiyama."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Edge = tuple[int, int]


@dataclass(frozen=True)
class Layering:
    """One connected component: its layers from top to bottom, each from left to right.

    Vertices keep their numbers; higher ones are dummies, at which a long edge passes through a
    layer. `chains` names the dummies of every edge from its source to its target.
    """

    layers: tuple[tuple[int, ...], ...]
    chains: dict[Edge, tuple[int, ...]]


def layering(n: int, edges: Sequence[Edge]) -> list[Layering]:
    """Layer the vertices 0 to n - 1 so that every edge points down.

    The edges must be distinct and without cycles. Components come by their first vertex. The same
    input gives the same layers in every process.
    """
    inside: dict[int, list[Edge]] = {}
    component = _components(n, edges)
    for edge in edges:
        inside.setdefault(component[edge[0]], []).append(edge)
    parts = []
    for first in sorted(set(component)):
        parts.append(_sugiyama(inside[first], n) if first in inside else Layering(((first,),), {}))
        n += sum(len(chain) for chain in parts[-1].chains.values())
    return parts


def _components(n: int, edges: Iterable[Edge]) -> list[int]:
    """Return the first vertex of the component of each vertex."""
    first = list(range(n))

    def root(vertex: int) -> int:
        while first[vertex] != vertex:
            first[vertex] = first[first[vertex]]
            vertex = first[vertex]
        return vertex

    for source, target in edges:
        low, high = sorted((root(source), root(target)))
        first[high] = low
    return [root(vertex) for vertex in range(n)]


def _sugiyama(edges: Sequence[Edge], first_free: int) -> Layering:
    """Ask fast_sugiyama for one component, and number its dummies from `first_free` on."""
    from fast_sugiyama import from_edges

    # One component at a time, because it numbers the dummies of each from the size of that
    # component on, so that they would share numbers with vertices of the others. And vertices
    # numbered without gaps, because it numbers them anew in the order of a set, in which small
    # whole numbers keep their places in every process.
    vertices = sorted({vertex for edge in edges for vertex in edge})
    dense = {vertex: number for number, vertex in enumerate(vertices)}
    (layout,) = from_edges(
        [(dense[s], dense[t]) for s, t in edges], dummy_vertices=True, ranking_type="minimize"
    )
    dummies = sorted(int(v) for v, _ in layout[0] if int(v) >= len(vertices))
    number = dict(enumerate(vertices)) | {v: first_free + i for i, v in enumerate(dummies)}
    placed = {number[int(v)]: (float(x), float(y)) for v, (x, y) in layout[0]}
    hops = [(number[int(s)], number[int(t)]) for s, t in layout[3] or ()]
    return Layering(_rows(placed), _chains(hops, first_free))


def _rows(placed: dict[int, tuple[float, float]]) -> tuple[tuple[int, ...], ...]:
    """Read the layers off the coordinates; y grows upwards there."""
    heights = sorted({y for _, y in placed.values()}, reverse=True)
    rows: dict[float, list[int]] = {y: [] for y in heights}
    for vertex in sorted(placed, key=lambda v: (placed[v][0], v)):
        rows[placed[vertex][1]].append(vertex)
    return tuple(tuple(row) for row in rows.values())


def _chains(hops: Iterable[Edge], n: int) -> dict[Edge, tuple[int, ...]]:
    """Follow the dummies of every edge."""
    after: dict[int, list[int]] = {}
    for source, target in hops:
        after.setdefault(source, []).append(target)
    chains: dict[Edge, tuple[int, ...]] = {}
    for source in (vertex for vertex in sorted(after) if vertex < n):
        for step in after[source]:
            passed: list[int] = []
            while step >= n:
                passed.append(step)
                step = after[step][0]
            chains[source, step] = tuple(passed)
    return chains
