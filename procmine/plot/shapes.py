"""What a layout takes and gives: nodes and links, boxes and routes, all in points."""

from __future__ import annotations

from dataclasses import dataclass, replace

Point = tuple[float, float]


@dataclass(frozen=True)
class Node:
    """A box to place: its size with its label.

    All links meet the middle of a node with `one_port`; else they spread along its sides.
    """

    name: str
    width: float
    height: float
    one_port: bool = False


@dataclass(frozen=True)
class Link:
    """An edge to route, how much of the flow it carries, and the size of its label."""

    source: str
    target: str
    weight: float = 1.0
    label_width: float = 0.0
    label_height: float = 0.0


@dataclass(frozen=True)
class Box:
    """Where a node stands: its upper left corner and its size; y grows downwards as in SVG."""

    name: str
    x: float
    y: float
    w: float
    h: float

    @property
    def center(self) -> Point:
        """The middle of the box."""
        return self.x + self.w / 2, self.y + self.h / 2


@dataclass(frozen=True)
class Route:
    """The way of an edge: a chain of cubic Bézier curves, and the middle of its label.

    `points` holds a start and then two control points and an end for every curve. `back` says
    that the edge runs against the flow.
    """

    source: str
    target: str
    points: tuple[Point, ...]
    label: Point
    back: bool = False

    def moved(self, dx: float) -> Route:
        """Return the way shifted to the right."""
        points = tuple((x + dx, y) for x, y in self.points)
        return replace(self, points=points, label=(self.label[0] + dx, self.label[1]))

    @property
    def svg_path(self) -> str:
        """The way as the `d` of an SVG path."""
        spots = [f"{x:.1f} {y:.1f}" for x, y in self.points]
        curves = (f"C {' '.join(spots[i : i + 3])}" for i in range(1, len(spots), 3))
        return " ".join((f"M {spots[0]}", *curves))


@dataclass(frozen=True)
class Layout:
    """Boxes and routes in the order given, in a frame from (0, 0) to (width, height)."""

    boxes: tuple[Box, ...]
    routes: tuple[Route, ...]
    width: float
    height: float
