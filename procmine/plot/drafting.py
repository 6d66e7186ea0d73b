"""From the layers of one connected part to its boxes and curves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from procmine.plot.layers import Edge, Layering
from procmine.plot.placing import Pull, place
from procmine.plot.shapes import Box, Link, Node, Point, Route

GAP = 7.0  # free room on each side of a box
LABEL_GAP = 4.0  # free room on each side of a label
LANE = 5.0  # half the room of an edge that passes through a layer
STUB = 11.0  # straight piece above and below a box: room for the head of an arrow
LOOP = 15.0  # how far a self-loop stands out
PORT = 11.0  # at most this far apart do two edges meet a box


@dataclass(frozen=True)
class Way:
    """A link turned downwards: its upper and lower node, and the vertex of its label between."""

    upper: int
    lower: int
    middle: int
    back: bool

    @property
    def is_loop(self) -> bool:
        """Whether the link leads from a box to itself."""
        return self.upper == self.lower

    @property
    def hops(self) -> tuple[Edge, Edge]:
        """The two edges that the layers see."""
        return (self.upper, self.middle), (self.middle, self.lower)


@dataclass(frozen=True)
class Draft:
    """The boxes and routes of one part, by the number of their node or link."""

    boxes: dict[int, Box]
    routes: dict[int, Route]
    width: float
    height: float

    def moved(self, dx: float) -> Draft:
        """Return the part shifted to the right."""
        boxes = {i: replace(box, x=box.x + dx) for i, box in self.boxes.items()}
        return replace(self, boxes=boxes, routes={i: r.moved(dx) for i, r in self.routes.items()})


@dataclass(frozen=True)
class Room:
    """How far a vertex reaches from its middle to the left and right, and its height."""

    left: float
    right: float
    height: float


Paths = Mapping[int, tuple[int, ...]]
Ports = Mapping[tuple[int, int], float]
Band = tuple[float, float]  # the top and bottom of a layer


def draft(
    part: Layering, nodes: Sequence[Node], links: Sequence[Link], ways: Sequence[Way]
) -> Draft:
    """Give one part its coordinates: x by `place`, y by the heights of the layers."""
    paths = _paths(part, ways)
    ports = _ports(part, paths, nodes, links)
    pulls = _pulls(paths, ports, links, len(nodes))
    rooms = _rooms(part, nodes, links, ways)
    x = place(
        part.layers,
        {v: r.left for v, r in rooms.items()},
        {v: r.right for v, r in rooms.items()},
        pulls,
    )
    shift = min(x[v] - rooms[v].left for v in x)
    x = {v: at - shift for v, at in x.items()}
    bands = _bands(part, rooms, pulls, x)
    boxes = {v: _box(nodes[v], x[v], bands[v]) for v in x if v < len(nodes)}
    routes = {
        i: _route(links[i], ways[i], path, i, ports, x, bands, boxes) for i, path in paths.items()
    }
    routes |= {
        i: loop(links[i], boxes[way.upper])
        for i, way in enumerate(ways)
        if way.is_loop and way.upper in boxes
    }
    width = max(x[v] + rooms[v].right for v in x)
    return Draft(boxes, routes, width, max(bottom for _, bottom in bands.values()))


def _paths(part: Layering, ways: Sequence[Way]) -> dict[int, tuple[int, ...]]:
    """Return the vertices that each link of the part passes, from top to bottom."""
    return {
        i: (way.upper, *part.chains[way.hops[0]], way.middle, *part.chains[way.hops[1]], way.lower)
        for i, way in enumerate(ways)
        if not way.is_loop and way.hops[0] in part.chains
    }


def _rooms(
    part: Layering, nodes: Sequence[Node], links: Sequence[Link], ways: Sequence[Way]
) -> dict[int, Room]:
    """Return the room that each vertex takes, with the gaps round it."""
    rooms = {v: Room(LANE, LANE, 0.0) for row in part.layers for v in row}
    for v in rooms:
        if v < len(nodes):
            half = nodes[v].width / 2 + GAP
            rooms[v] = Room(half, half, nodes[v].height + 2 * STUB)
    for link, way in zip(links, ways, strict=True):
        if way.is_loop and way.upper in rooms:
            beside = LOOP + LABEL_GAP + link.label_width
            room = rooms[way.upper]
            height = max(room.height, link.label_height)
            rooms[way.upper] = Room(room.left, room.right + beside, height)
        elif way.middle in rooms:
            half = link.label_width / 2 + LABEL_GAP
            rooms[way.middle] = Room(half, half, link.label_height)
    return rooms


def _ports(
    part: Layering, paths: Paths, nodes: Sequence[Node], links: Sequence[Link]
) -> dict[tuple[int, int], float]:
    """Spread the links along the lower and upper side of each box, in the order they come.

    The heaviest meets the middle, so that the main flow can run straight.
    """
    place_in_row = {v: i for row in part.layers for i, v in enumerate(row)}
    sides: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for i, path in paths.items():
        sides.setdefault((path[0], "below"), []).append((place_in_row[path[1]], i))
        sides.setdefault((path[-1], "above"), []).append((place_in_row[path[-2]], i))
    ports: dict[tuple[int, int], float] = {}
    for (v, _), met in sides.items():
        order = [i for _, i in sorted(met)]
        middle = max(range(len(order)), key=lambda k: links[order[k]].weight)
        most = max(middle, len(order) - 1 - middle, 1)
        step = 0.0 if nodes[v].one_port else min(PORT, 0.42 * nodes[v].width / most)
        ports |= {(i, v): (k - middle) * step for k, i in enumerate(order)}
    return ports


def _pulls(paths: Paths, ports: Ports, links: Sequence[Link], n: int) -> list[Pull]:
    """Let every piece of edge pull: pieces far from a box and heavy links most."""
    heaviest = max((links[i].weight for i in paths), default=1.0) or 1.0
    pulls = []
    for i, path in paths.items():
        for u, v in pairwise(path):
            straight = (1.0, 2.0, 8.0)[(u >= n) + (v >= n)]
            weight = straight * (1 + 15 * links[i].weight / heaviest)
            pulls.append(Pull(u, v, ports.get((i, u), 0.0), ports.get((i, v), 0.0), weight))
    return pulls


def _bands(
    part: Layering, rooms: Mapping[int, Room], pulls: Sequence[Pull], x: Mapping[int, float]
) -> dict[int, Band]:
    """Return the top and bottom of the layer of each vertex: far sideways moves get more height."""
    row_of = {v: number for number, row in enumerate(part.layers) for v in row}
    across = [0.0] * len(part.layers)
    for pull in pulls:
        dx = abs(x[pull.upper] + pull.upper_port - x[pull.lower] - pull.lower_port)
        across[row_of[pull.lower]] = max(across[row_of[pull.lower]], dx)
    bands: dict[int, Band] = {}
    y = 0.0
    for number, row in enumerate(part.layers):
        y += min(5.0 + 0.2 * across[number], 56.0) if number else 0.0
        height = max(rooms[v].height for v in row)
        bands |= dict.fromkeys(row, (y, y + height))
        y += height
    return bands


def _box(node: Node, x: float, band: Band) -> Box:
    """Set a node in the middle of its layer."""
    y = (band[0] + band[1] - node.height) / 2
    return Box(node.name, x - node.width / 2, y, node.width, node.height)


def _route(
    link: Link,
    way: Way,
    path: Sequence[int],
    i: int,
    ports: Ports,
    x: Mapping[int, float],
    bands: Mapping[int, Band],
    boxes: Mapping[int, Box],
) -> Route:
    """Run straight through every layer and curve only between layers, where nothing stands."""
    upper, lower = boxes[way.upper], boxes[way.lower]
    at = [(x[v] + ports.get((i, v), 0.0), *bands[v]) for v in path]
    at[0] = (at[0][0], upper.y + upper.h, at[0][2])
    at[-1] = (at[-1][0], at[-1][1], lower.y)
    points: list[Point] = [(at[0][0], at[0][1])]
    for here, below in pairwise(at):
        points += _straight((here[0], here[1]), (here[0], here[2]))
        points += _bend((here[0], here[2]), (below[0], below[1]))
    points += _straight((at[-1][0], at[-1][1]), (at[-1][0], at[-1][2]))
    middle = path.index(way.middle)
    label = (at[middle][0], (at[middle][1] + at[middle][2]) / 2)
    ordered = tuple(points[::-1] if way.back else points)
    return Route(link.source, link.target, ordered, label, way.back)


def _straight(start: Point, end: Point) -> list[Point]:
    """Return a straight line as a curve; none if it has no length."""
    if start == end:
        return []
    steps = ((end[0] - start[0]) / 3, (end[1] - start[1]) / 3)
    return [(start[0] + k * steps[0], start[1] + k * steps[1]) for k in (1, 2)] + [end]


def _bend(start: Point, end: Point) -> list[Point]:
    """Return a curve between two layers that leaves and arrives upright."""
    middle = (start[1] + end[1]) / 2
    return [(start[0], middle), (end[0], middle), end]


def loop(link: Link, box: Box) -> Route:
    """Draw a link from a box to itself at its right side."""
    right, y = box.x + box.w, box.center[1]
    out, high = LOOP / 0.75, box.h / 2
    points = (
        (right, y - high / 2),
        (right + out, y - high),
        (right + out, y + high),
        (right, y + high / 2),
    )
    label = (right + LOOP + LABEL_GAP + link.label_width / 2, y)
    return Route(link.source, link.target, points, label)
