"""From a process map to the nodes and links that the layout places: what each label says."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from procmine.plot.layout import layered
from procmine.plot.shapes import Layout, Link, Node
from procmine.plot.simplify import SimpleMap
from procmine.plot.text import extent, wrapped
from procmine.plot.units import counted, human_count, human_time, seconds_of

NAME_SIZE, COUNT_SIZE, PATH_SIZE = 8.5, 7.0, 7.0
START, END = "\x00start", "\x00end"  # no activity has such a name
MARK = 16.0  # the diameter of the start and end marks
PER_PATH = 7.0  # a box is at least this wide per path that meets one of its sides


@dataclass(frozen=True)
class Sign:
    """What a box or a path says and how much it weighs."""

    text: str
    below: str
    share: float
    seconds: float = float("nan")
    outer: bool = False  # from the start or to the end


@dataclass(frozen=True)
class MapDrawing:
    """A layout with the words of its boxes and paths, in the same order."""

    layout: Layout
    boxes: tuple[Sign, ...]
    paths: tuple[Sign, ...]


def map_drawing(part: SimpleMap) -> MapDrawing:
    """Lay out the activities shown, with a mark for the start and one for the end."""
    paths = _paths(part)
    most = max((sign.share for _, _, sign in paths), default=1.0)
    links = [_link(source, target, sign) for source, target, sign in paths]
    boxes, nodes = _nodes(part.nodes, links)
    signs = tuple(replace(sign, share=sign.share / most) for _, _, sign in paths)
    return MapDrawing(layered(nodes, links), tuple(boxes), signs)


def _paths(part: SimpleMap) -> list[tuple[str, str, Sign]]:
    """Return every path with its words: from the start, between activities, to the end."""
    edges = part.edges
    between = zip(
        *(edges["source"], edges["target"], edges["count"], edges["median_time"]),
        seconds_of(edges["median_time"]),
        strict=True,
    )
    return [
        *(
            (START, a, Sign(human_count(n), "", n, outer=True))
            for a, n in part.starts.to_numpy().tolist()
        ),
        *(
            (a, b, Sign(human_count(n), human_time(time), n, seconds))
            for a, b, n, time, seconds in between
        ),
        *(
            (a, END, Sign(human_count(n), "", n, outer=True))
            for a, n in part.ends.to_numpy().tolist()
        ),
    ]


def _link(source: str, target: str, sign: Sign) -> Link:
    """Measure the label of a path."""
    text = f"{sign.text}\n{sign.below}" if sign.below else sign.text
    width, height = extent(text, PATH_SIZE)
    return Link(source, target, sign.share, width + 4, height + 2)


def _nodes(table: pd.DataFrame, links: list[Link]) -> tuple[list[Sign], list[Node]]:
    """Measure the boxes: wide enough for their words, and for the paths that meet them."""
    met = pd.Series([link.target for link in links], dtype=object).value_counts()
    left = pd.Series([link.source for link in links], dtype=object).value_counts()
    boxes = [Sign("", "", 0.0)]
    nodes = [Node(START, MARK, MARK, one_port=True)]
    columns = (table[name] for name in ("activity", "steps", "cases", "case_share"))
    for activity, steps, cases, share in zip(*columns, strict=True):
        sign = Sign(wrapped(activity), _amount(steps, cases), share)
        most = max(met.get(activity, 0), left.get(activity, 0))
        boxes.append(sign)
        nodes.append(_node(activity, sign, PER_PATH * most))
    return [*boxes, Sign("", "", 0.0)], [*nodes, Node(END, MARK, MARK, one_port=True)]


def _node(activity: str, sign: Sign, least: float) -> Node:
    """Measure one box."""
    name_width, name_height = extent(sign.text, NAME_SIZE)
    count_width, count_height = extent(sign.below, COUNT_SIZE)
    width = max(name_width, count_width, least, 60.0) + 16
    return Node(activity, width, name_height + count_height + 9)


def _amount(steps: int, cases: int) -> str:
    """Say how often an activity was done, and in how many cases."""
    if steps == cases:
        return counted(cases, "case")
    return f"{counted(steps, 'step')}, {counted(cases, 'case')}"
