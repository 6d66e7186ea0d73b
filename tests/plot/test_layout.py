"""The layered layout: nothing overlaps, the flow runs down, the picture is always the same."""

from __future__ import annotations

import os
import subprocess
import sys
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.plot.layout import layered
from procmine.plot.shapes import Box, Layout, Link, Node, Route

HAIR = 1e-6  # what the rounding of the linear programme may cost


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Node], list[Link]]:
    sizes = draw(
        st.lists(st.tuples(st.integers(5, 200), st.integers(5, 60)), min_size=1, max_size=9)
    )
    nodes = [Node(f"n{i}", w, h) for i, (w, h) in enumerate(sizes)]
    names = st.sampled_from([node.name for node in nodes])
    label = st.tuples(st.integers(0, 60), st.integers(0, 30))
    drawn = draw(st.lists(st.tuples(names, names, st.integers(0, 99), label), max_size=18))
    links = [Link(a, b, weight, *size) for a, b, weight, size in drawn]
    loops = {link.source: link for link in links if link.source == link.target}
    return nodes, [*loops.values(), *(link for link in links if link.source != link.target)]


def labels(layout: Layout, links: list[Link]) -> list[Box]:
    return [
        Box(
            f"{link.source}>{link.target}",
            route.label[0] - link.label_width / 2,
            route.label[1] - link.label_height / 2,
            link.label_width,
            link.label_height,
        )
        for link, route in zip(links, layout.routes, strict=True)
    ]


def overlap(a: Box, b: Box) -> bool:
    across = min(a.x + a.w, b.x + b.w) - max(a.x, b.x)
    down = min(a.y + a.h, b.y + b.h) - max(a.y, b.y)
    return across > HAIR and down > HAIR


def sampled(route: Route) -> np.ndarray:
    """Points along the curves, near enough to each other not to step over a box."""
    t = np.linspace(0, 1, 40)[:, None]
    start, rest = np.array(route.points[0]), np.array(route.points[1:]).reshape(-1, 3, 2)
    curves = []
    for a, b, end in rest:
        curves.append(
            (1 - t) ** 3 * start + 3 * t * (1 - t) ** 2 * a + 3 * t**2 * (1 - t) * b + t**3 * end
        )
        start = end
    return np.concatenate(curves)


def inside(points: np.ndarray, box: Box) -> bool:
    x, y = points.T
    within = (x > box.x + HAIR) & (x < box.x + box.w - HAIR)
    return bool((within & (y > box.y + HAIR) & (y < box.y + box.h - HAIR)).any())


@given(graphs())
def test_no_box_or_label_overlaps_another(graph: tuple[list[Node], list[Link]]) -> None:
    nodes, links = graph
    layout = layered(nodes, links)
    things = [*layout.boxes, *labels(layout, links)]
    assert not [(a.name, b.name) for a, b in combinations(things, 2) if overlap(a, b)]


@given(graphs())
def test_no_link_crosses_a_box_or_the_label_of_another(
    graph: tuple[list[Node], list[Link]],
) -> None:
    nodes, links = graph
    layout = layered(nodes, links)
    for i, route in enumerate(layout.routes):
        others = [label for j, label in enumerate(labels(layout, links)) if j != i]
        points = sampled(route)
        assert not [box.name for box in (*layout.boxes, *others) if inside(points, box)]


@given(graphs())
def test_everything_lies_in_the_frame_and_keeps_its_size_and_order(
    graph: tuple[list[Node], list[Link]],
) -> None:
    nodes, links = graph
    layout = layered(nodes, links)
    assert [(box.name, box.w, box.h) for box in layout.boxes] == [
        (node.name, node.width, node.height) for node in nodes
    ]
    assert [(r.source, r.target) for r in layout.routes] == [(k.source, k.target) for k in links]
    for box in (*layout.boxes, *labels(layout, links)):
        assert box.x >= -HAIR
        assert box.y >= -HAIR
        assert box.x + box.w <= layout.width + HAIR
        assert box.y + box.h <= layout.height + HAIR


@given(graphs())
def test_links_run_from_the_border_of_their_source_to_that_of_their_target(
    graph: tuple[list[Node], list[Link]],
) -> None:
    nodes, links = graph
    layout = layered(nodes, links)
    boxes = {box.name: box for box in layout.boxes}
    for route in layout.routes:
        for name, (x, y) in ((route.source, route.points[0]), (route.target, route.points[-1])):
            box = boxes[name]
            assert box.x - HAIR <= x <= box.x + box.w + HAIR
            assert box.y - HAIR <= y <= box.y + box.h + HAIR


@given(graphs())
def test_links_run_down_but_those_marked_as_running_back(
    graph: tuple[list[Node], list[Link]],
) -> None:
    layout = layered(*graph)
    for route in layout.routes:
        rises = route.points[-1][1] < route.points[0][1]
        assert route.source == route.target or rises == route.back


def test_links_that_share_both_ends_do_not_coincide() -> None:
    nodes = [Node("a", 80, 30), Node("b", 80, 30)]
    links = [Link("a", "b", 9, 20, 10), Link("b", "a", 1, 20, 10), Link("a", "b", 2, 20, 10)]
    layout = layered(nodes, links)
    middles = sorted(route.label[0] for route in layout.routes)
    assert all(right - left >= 20 for left, right in pairwise(middles))
    assert len({route.points[0] for route in layout.routes}) == 3


def test_the_heaviest_way_runs_straight_down() -> None:
    nodes = [Node(name, 90, 30) for name in "abcd"]
    links = [Link(a, b, 1000, 30, 18) for a, b in pairwise("abcd")]
    links += [Link("a", "c", 3, 30, 18), Link("d", "b", 2, 30, 18), Link("a", "d", 1, 30, 18)]
    middles = [box.center[0] for box in layered(nodes, links).boxes]
    assert np.ptp(middles) < HAIR


def test_a_loop_stands_beside_its_box() -> None:
    layout = layered([Node("a", 80, 30)], [Link("a", "a", 3, 25, 18)])
    box, route = layout.boxes[0], layout.routes[0]
    assert min(x for x, _ in route.points) >= box.x + box.w
    assert route.label[0] - 12.5 > sampled(route)[:, 0].max()


def test_parts_without_a_link_between_them_stand_side_by_side() -> None:
    nodes = [Node(name, 50, 20) for name in "abcde"]
    layout = layered(nodes, [Link("a", "b"), Link("c", "d")])
    a, b, c, d, e = layout.boxes
    assert a.x == pytest.approx(b.x)
    assert a.y == pytest.approx(c.y)
    assert max(a.x, b.x) + 50 < min(c.x, d.x)
    assert max(c.x, d.x) + 50 < e.x


def test_no_nodes_make_an_empty_layout() -> None:
    assert layered([], []) == Layout((), (), 0.0, 0.0)


def test_a_route_writes_itself_as_an_svg_path() -> None:
    route = Route("a", "b", ((0, 0), (0, 5), (10, 5), (10, 10.04)), (5, 5))
    assert route.svg_path == "M 0.0 0.0 C 0.0 5.0 10.0 5.0 10.0 10.0"


SCRIPT = """
from procmine.plot.layout import layered
from procmine.plot.shapes import Link, Node
names = [f"activity {i}" for i in range(30)]
nodes = [Node(name, 40 + len(name) * i % 50, 30) for i, name in enumerate(names)]
links = [Link(names[i * 7 % 30], names[i * i % 29], i, 20, 10) for i in range(60)]
print(layered(nodes, links))
"""


def test_every_process_draws_the_same_layout(root: Path) -> None:
    drawn = {
        subprocess.run(
            [sys.executable, "-c", SCRIPT],
            cwd=root,
            env=os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(root)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1", "2")
    }
    assert len(drawn) == 1
    assert "boxes" in drawn.pop()
