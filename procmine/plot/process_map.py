"""The process map as a picture: how often work flows where, and how long it takes on the way."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from procmine.errors import ProcmineError
from procmine.plot.map_layout import COUNT_SIZE, NAME_SIZE, PATH_SIZE, MapDrawing, map_drawing
from procmine.plot.pen import (
    BOXES,
    LABEL_GROUND,
    LABELS,
    Pen,
    canvas,
    draw_arrow,
    draw_box,
    draw_mark,
)
from procmine.plot.shapes import Layout
from procmine.plot.simplify import MapTables, simplify
from procmine.plot.slowness import FOOT, UNKNOWN, SlownessScale, draw_scale
from procmine.plot.style import MAIN, PALE, SOFT, axes_for, blend, nothing_to_draw, style

if TYPE_CHECKING:
    from matplotlib.axes import Axes

MARGIN = 12.0
LEAST_WIDTH = 340.0
MOST_PATHS = 600
CAPTION_SIZE, CAPTION_LINE = 7.0, 9.5
THINNEST, THICKEST, OUTER = 0.8, 6.5, 2.5  # the widths of paths; OUTER: from start, to end
DASHED, DOTTED = (0, (4, 2)), (0, (1.2, 1.2))


def plot_process_map(
    process_map: MapTables,
    *,
    activities: float = 1.0,
    paths: float = 1.0,
    ax: Axes | None = None,
) -> Axes:
    """Draw a process map: a box per activity, an arrow per path, most of the flow downwards.

    A box says its steps and cases, and is bluer the more of the cases have it. A path says how
    often it is taken and its median time; its width grows with the square root of the count, and
    it is darker the longer the time is (logarithmic; dotted grey where no time is known).
    `activities` and `paths` are the shares to keep, the most frequent first, as `simplify` does;
    the caption says what was left out. More than 600 paths are refused, with shares that would
    do. Without `ax` the figure is as large as the map needs; on axes given, everything is scaled
    to fit them.

    >>> import procmine as pm
    >>> ax = plot_process_map(pm.process_map(log), activities=0.5, paths=0.3)
    """
    part = simplify(process_map, activities, paths)
    if len(part.edges) > MOST_PATHS:
        raise ProcmineError(_too_many(process_map, len(part.edges)))
    with style():
        if not len(part.nodes):
            return nothing_to_draw(axes_for(ax, 4, 2), "0 activities")
        drawn = map_drawing(part)
        times = SlownessScale.over([sign.seconds for sign in drawn.paths])
        pen = _prepared(drawn.layout, times, [part.caption, _reading(process_map)], ax)
        _draw_paths(pen, drawn, times)
        _draw_boxes(pen, drawn)
    return pen.ax


def _too_many(process_map: MapTables, paths: int) -> str:
    """Say which shares would make a picture."""
    shares = ((0.5, 0.3), (0.2, 0.1), (0.1, 0.05), (0.05, 0.01), (0.0, 0.0))
    parts = ((a, p, len(simplify(process_map, a, p).edges)) for a, p in shares)
    a, p, fewer = next((part for part in parts if part[2] <= MOST_PATHS), (0.0, 0.0, 0))
    return (
        f"{paths:,} paths do not make a picture that can be read, {MOST_PATHS} are the most\n"
        f"keep the most frequent: plot_process_map(..., activities={a}, paths={p}) draws {fewer}"
    )


def _reading(process_map: MapTables) -> str:
    """Say how to read the picture."""
    basis = getattr(process_map, "basis", "")
    return "on a path: how often, and the median time" + (f"; times: {basis}" if basis else "")


def _prepared(
    layout: Layout, times: SlownessScale | None, caption: Sequence[str], ax: Axes | None
) -> Pen:
    """Set up axes that hold the layout and a foot with the scale of times and the caption."""
    width = max(layout.width, LEAST_WIDTH) + 2 * MARGIN
    letters = int((width - 2 * MARGIN) / (0.56 * CAPTION_SIZE))
    lines = [line for text in caption for line in textwrap.wrap(text, letters)]
    foot = CAPTION_LINE * len(lines) + (FOOT if times else 0.0)
    height = layout.height + foot + 3 * MARGIN
    pen = Pen(*canvas(width, height, ax), (width - layout.width) / 2, MARGIN)
    below = (MARGIN - pen.dx, height - 2 * MARGIN)
    how = {"ha": "left", "va": "bottom", "color": SOFT, "gid": "caption"}
    pen.write(below, "\n".join(lines), CAPTION_SIZE, **how)
    if times:
        draw_scale(pen, times, MARGIN, height - MARGIN - foot)
    return pen


def _draw_paths(pen: Pen, drawn: MapDrawing, times: SlownessScale | None) -> None:
    """Draw the arrows, the frequent ones over the rare, and then their labels."""
    routes = sorted(zip(drawn.layout.routes, drawn.paths, strict=True), key=lambda p: p[1].share)
    for route, sign in routes:
        width = THINNEST + ((OUTER if sign.outer else THICKEST) - THINNEST) * sign.share**0.5
        colour = times.colour(sign.seconds) if times else UNKNOWN
        dashes = DASHED if sign.outer else DOTTED if np.isnan(sign.seconds) else "solid"
        draw_arrow(pen, route, width, colour, dashes=dashes)
        text = f"{sign.text}\n{sign.below}" if sign.below else sign.text
        pen.write(route.label, text, PATH_SIZE, bbox=LABEL_GROUND, zorder=LABELS)


def _draw_boxes(pen: Pen, drawn: MapDrawing) -> None:
    """Draw the activities, and the marks at the start and at the end."""
    start, *activities, end = zip(drawn.layout.boxes, drawn.boxes, strict=True)
    draw_mark(pen, start[0], ring=False)
    draw_mark(pen, end[0], ring=True)
    for box, sign in activities:
        draw_box(pen, box, blend(("#ffffff", PALE), sign.share), MAIN)
        x, y = box.center
        lines = 1 + sign.text.count("\n")
        pen.write((x, y - 0.6 * COUNT_SIZE), sign.text, NAME_SIZE, zorder=BOXES)
        below = y + 0.6 * (lines * NAME_SIZE)
        pen.write((x, below), sign.below, COUNT_SIZE, color=SOFT, zorder=BOXES)
