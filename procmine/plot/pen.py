"""Drawing in the points of a layout: boxes, marks, arrows and words that scale with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from procmine.plot.shapes import Box, Point, Route
from procmine.plot.style import SOFT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LINE_SPACING = 1.1
LARGEST = 7200.0  # a figure is at most 100 inches wide and high
PATHS, LABELS, BOXES = 2, 3, 4  # what lies over what
# The white ground on which the label of a path interrupts its line.
LABEL_GROUND = {"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"}


@dataclass(frozen=True)
class Pen:
    """Axes whose data are points of a layout, shifted by (dx, dy), drawn `scale` times as large."""

    ax: Axes
    scale: float
    dx: float
    dy: float

    def at(self, point: Point) -> Point:
        """Return where a point of the layout is on the axes."""
        return point[0] + self.dx, point[1] + self.dy

    def write(self, point: Point, text: str, size: float, **how: Any) -> None:
        """Write words centred on a point."""
        how = {"ha": "center", "va": "center", "linespacing": LINE_SPACING, **how}
        self.ax.text(*self.at(point), text, fontsize=size * self.scale, **how)


def canvas(width: float, height: float, ax: Axes | None) -> tuple[Axes, float]:
    """Return axes measured in points of the layout, and how large a point of it is on them."""
    if ax is None:
        import matplotlib.pyplot as plt

        shrink = min(1.0, LARGEST / max(width, height))
        figure = plt.figure(figsize=(width * shrink / 72, height * shrink / 72))
        ax = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    ax.set(xlim=(0, width), ylim=(height, 0), aspect="equal")
    ax.set_axis_off()
    points = 72 / ax.figure.dpi
    return ax, points * min(ax.bbox.width / width, ax.bbox.height / height)


def draw_box(pen: Pen, box: Box, fill: str, border: str) -> None:
    """Draw a box with round corners."""
    from matplotlib.patches import FancyBboxPatch

    shape = "round,pad=0,rounding_size=4"
    patch = FancyBboxPatch(pen.at((box.x, box.y)), box.w, box.h, boxstyle=shape, zorder=BOXES)
    patch.set(facecolor=fill, edgecolor=border, linewidth=0.8 * pen.scale)
    pen.ax.add_patch(patch)


def draw_mark(pen: Pen, box: Box, *, ring: bool) -> None:
    """Draw the start as a disc and the end as a ring."""
    from matplotlib.patches import Circle

    width = 3.0 if ring else 1.0
    patch = Circle(pen.at(box.center), box.w / 2 - width / 2, zorder=BOXES)
    patch.set(facecolor="white" if ring else SOFT, edgecolor=SOFT, linewidth=width * pen.scale)
    pen.ax.add_patch(patch)


def draw_arrow(pen: Pen, route: Route, width: float, colour: str, *, dashes: Any = "solid") -> None:
    """Draw the line of a route, and its head in front of the box."""
    from matplotlib.patches import PathPatch, Polygon
    from matplotlib.path import Path

    spots = [pen.at(point) for point in route.points]
    tip, base, left, right = _head(spots[-2], spots[-1], width)
    codes = [Path.MOVETO, *[Path.CURVE4] * (len(spots) - 1)]
    line = PathPatch(Path([*spots[:-1], base], codes), fill=False, zorder=PATHS)
    line.set(edgecolor=colour, linewidth=width * pen.scale, capstyle="butt")
    line.set_linestyle(dashes)
    pen.ax.add_patch(line)
    head = Polygon([tip, left, right], closed=True, zorder=PATHS)
    head.set(facecolor=colour, linewidth=0)
    pen.ax.add_patch(head)


def _head(before: Point, tip: Point, width: float) -> tuple[Point, Point, Point, Point]:
    """Return the tip of an arrow, the middle of its base, and the base's two corners."""
    end = np.array(tip)
    along = end - np.array(before)
    along /= max(float(np.hypot(*along)), 1e-9)
    aside = np.array((-along[1], along[0])) * (2.4 + 0.75 * width)
    base = end - along * (5.0 + 0.7 * width)
    corners = (end, base + along, base + aside, base - aside)
    return tuple((float(x), float(y)) for x, y in corners)  # type: ignore[return-value]
