"""A layered layout of a process map, in points, for matplotlib, SVG and the explorer alike."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np

from procmine.plot.drafting import Draft, Way, draft
from procmine.plot.layers import layering
from procmine.plot.order import flow_order
from procmine.plot.shapes import Layout, Link, Node

BETWEEN_PARTS = 36.0


def layered(nodes: Sequence[Node], links: Sequence[Link]) -> Layout:
    """Place boxes in layers so that most of the flow runs down, and route every link.

    Links that run against the flow are turned round to find the layers, drawn from the lower box up
    to the higher one beside the links that run down, and marked `back`. A label has a place of its
    own on its link, and a box has room for one link to itself. No box or label overlaps another,
    and no link crosses a box, or a label but its own. Parts that no link connects stand side by
    side. The same input gives the same layout in every run.

    >>> layout = layered([Node("a", 40, 20), Node("b", 40, 20)], [Link("a", "b"), Link("b", "a")])
    >>> [box.y for box in layout.boxes][0] < layout.boxes[1].y
    True
    >>> [route.back for route in layout.routes]
    [False, True]
    """
    ways = _ways(nodes, links)
    edges = [hop for way in ways if not way.is_loop for hop in way.hops]
    parts = layering(len(nodes) + len(links) - sum(way.is_loop for way in ways), edges)
    return _side_by_side([draft(part, nodes, links, ways) for part in parts])


def _ways(nodes: Sequence[Node], links: Sequence[Link]) -> list[Way]:
    """Turn every link downwards and give it a vertex of its own.

    The vertex keeps room for the label, and keeps apart links that share both ends.
    """
    number = {node.name: i for i, node in enumerate(nodes)}
    ends = [(number[link.source], number[link.target]) for link in links]
    rank = _ranks(nodes, links, ends)
    free = iter(range(len(nodes), len(nodes) + len(links)))
    ways = []
    for source, target in ends:
        upper, lower = sorted((source, target), key=lambda v: rank[v])
        middle = source if source == target else next(free)
        ways.append(Way(upper, lower, middle, back=upper != source))
    return ways


def _ranks(
    nodes: Sequence[Node], links: Sequence[Link], ends: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """Return the place of each node in the order of the flow."""
    weights = np.zeros((len(nodes), len(nodes)))
    for link, (source, target) in zip(links, ends, strict=True):
        weights[source, target] += link.weight
    order = flow_order(weights)
    return {vertex: place for place, vertex in enumerate(order)}


def _side_by_side(drafts: Sequence[Draft]) -> Layout:
    """Set the parts in a row, aligned at the top, and put everything back in the order given."""
    shifts = np.cumsum([0.0, *(part.width + BETWEEN_PARTS for part in drafts)])
    moved = [part.moved(float(dx)) for part, dx in zip(drafts, shifts, strict=False)]
    boxes = dict(chain.from_iterable(part.boxes.items() for part in moved))
    routes = dict(chain.from_iterable(part.routes.items() for part in moved))
    return Layout(
        tuple(boxes[i] for i in sorted(boxes)),
        tuple(routes[i] for i in sorted(routes)),
        width=max(float(shifts[-1]) - BETWEEN_PARTS, 0.0),
        height=max((part.height for part in drafts), default=0.0),
    )
