"""A process map with its rare activities and paths left out, still connected from start to end."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, replace
from itertools import count
from math import ceil, inf
from typing import Protocol

import numpy as np
import pandas as pd

from procmine.errors import ProcmineError
from procmine.plot.tables import expect
from procmine.plot.units import counted

# The two ends of a map among its activities, which are text: None cannot be one of them.
Place = str | None
Path = tuple[Place, Place]
Counts = dict[Path, float]
START: Path = (None, None)
NODE_COLUMNS = ("activity", "steps", "cases", "case_share", "starts", "ends")
EDGE_COLUMNS = ("source", "target", "count", "median_time")
MAKER = "pm.process_map(log)"


class MapTables(Protocol):
    """What is drawn of a process map: its table of activities and its table of paths."""

    @property
    def nodes(self) -> pd.DataFrame:
        """Activity, steps, cases, case_share, starts, ends."""

    @property
    def edges(self) -> pd.DataFrame:
        """Source, target, count, median_time."""


@dataclass(frozen=True, eq=False)
class SimpleMap:
    """The part of a process map that is shown; every count is still that of the whole map.

    `nodes` and `edges` are rows of the map's tables. `starts` and `ends` (activity, count) are the
    paths from the start and to the end that are shown. `caption` says what was left out.
    """

    nodes: pd.DataFrame
    edges: pd.DataFrame
    starts: pd.DataFrame
    ends: pd.DataFrame
    caption: str


def simplify(process_map: MapTables, activities: float = 1.0, paths: float = 1.0) -> SimpleMap:
    """Keep the most frequent share of the activities, and then of the paths between them.

    Activities rank by cases, then steps. Paths rank by count; those between activities, from the
    start, and to the end are ranked apart. Kept besides: the strongest path into and out of every
    activity shown, and the strongest paths and activities without which an activity could not be
    reached from the start or could not reach the end, where the whole map lets it. Nothing is
    counted anew: a path through an activity that is left out is left out with it.
    """
    _check(process_map)
    for name, share in (("activities", activities), ("paths", paths)):
        if not 0 <= share <= 1:
            raise ProcmineError(f"{name}={share!r} is not a share; give a number from 0 to 1")
    counts = _counts(process_map)
    shown = _bridged(_frequent(process_map.nodes, activities), counts)
    inside = {path: n for path, n in counts.items() if shown >= {*path} - {None}}
    strong = _strong(inside, paths)
    return _cut(process_map, shown, strong | _ways(shown, inside, strong))


def _check(process_map: MapTables) -> None:
    """Refuse what is not a process map."""
    tables = {"nodes": NODE_COLUMNS, "edges": EDGE_COLUMNS}
    for name, columns in tables.items():
        if not hasattr(process_map, name):
            kind = type(process_map).__name__
            raise ProcmineError(f"a {kind} is not a process map\ngive it pm.process_map(log)")
        expect(getattr(process_map, name), columns, plot=f"the map's {name}", maker=MAKER)


def _counts(process_map: MapTables) -> Counts:
    """Return the count of every path, with those from the start and to the end."""
    nodes, edges = process_map.nodes, process_map.edges
    rows = zip(edges["source"], edges["target"], edges["count"], strict=True)
    counts: Counts = {(source, target): float(n) for source, target, n in rows}
    for activity, starts, ends in zip(
        nodes["activity"], nodes["starts"], nodes["ends"], strict=True
    ):
        counts |= {(None, activity): float(starts)} if starts else {}
        counts |= {(activity, None): float(ends)} if ends else {}
    return counts


def _frequent(nodes: pd.DataFrame, share: float) -> set[Place]:
    """Return the activities that most cases have."""
    ranked = nodes.sort_values(
        ["cases", "steps", "activity"], ascending=[False, False, True], kind="stable"
    )
    return set(ranked["activity"].head(max(_part(share, len(ranked)), 1)))


def _bridged(kept: set[Place], counts: Counts) -> set[Place]:
    """Add the activities on the widest ways from the start and to the end, where one is needed."""
    free = {path for path in counts if kept >= {*path} - {None}}
    bridges = _ways(kept, counts, free)
    return kept | {place for path in bridges for place in path} - {None}


def _strong(counts: Counts, share: float) -> set[Path]:
    """Return the top share of the paths of each kind, and the strongest into and out of each."""
    ranked = sorted(counts, key=lambda path: -counts[path])
    kinds: dict[tuple[bool, bool], list[Path]] = {}
    into: dict[Place, Path] = {}
    out_of: dict[Place, Path] = {}
    for path in ranked:
        kinds.setdefault((path[0] is None, path[1] is None), []).append(path)
        if path[0] != path[1]:
            into.setdefault(path[1], path)
            out_of.setdefault(path[0], path)
    top = (path for kind in kinds.values() for path in kind[: _part(share, len(kind))])
    return {*top, *into.values(), *out_of.values()}


def _ways(places: set[Place], counts: Counts, free: set[Path]) -> set[Path]:
    """Return the paths by which each place is best reached from the start and reaches the end."""
    found: set[Path] = set()
    for backwards in (False, True):
        tree = _widest(counts, free, backwards)
        for place in places:
            while place in tree and tree[place] not in found:
                found.add(tree[place])
                place = tree[place][1 if backwards else 0]
    return found


def _widest(counts: Counts, free: set[Path], backwards: bool) -> dict[Place, Path]:
    """Return the last path of the widest way to each place, where `free` paths cost nothing.

    A way is as wide as its rarest path (Dijkstra's algorithm with the minimum for the sum).
    """
    after: dict[Place, list[tuple[Place, Path]]] = {}
    for path in counts:
        here, there = path[::-1] if backwards else path
        after.setdefault(here, []).append((there, path))
    tree: dict[Place, Path] = {}
    serial = count()
    heap: list[tuple[float, float, int, Place, Path]] = [(-inf, 0, next(serial), None, START)]
    while heap:
        width, _, _, place, path = heapq.heappop(heap)
        if place in tree:
            continue
        tree[place] = path
        for there, onward in after.get(place, ()):
            wide = inf if onward in free else counts[onward]
            heapq.heappush(heap, (max(width, -wide), -wide, next(serial), there, onward))
    del tree[None]
    return tree


def _cut(process_map: MapTables, shown: set[Place], kept: set[Path]) -> SimpleMap:
    """Take the rows that are shown and say how many are not."""
    nodes, edges = process_map.nodes, process_map.edges
    pairs = zip(edges["source"], edges["target"], strict=True)
    starts, ends = (
        _marked(nodes, column, {path[side] for path in kept if path[1 - side] is None})
        for column, side in (("starts", 1), ("ends", 0))
    )
    part = SimpleMap(
        nodes[nodes["activity"].isin(list(shown))].reset_index(drop=True),
        edges[np.array([pair in kept for pair in pairs], dtype=bool)].reset_index(drop=True),
        starts,
        ends,
        caption="",
    )
    return replace(part, caption=_caption(process_map, part))


def _marked(nodes: pd.DataFrame, column: str, activities: set[Place]) -> pd.DataFrame:
    """Return the paths from the start or to the end that are shown."""
    rows = nodes.loc[nodes["activity"].isin(list(activities)), ["activity", column]]
    return rows.rename(columns={column: "count"}).reset_index(drop=True)


def _caption(whole: MapTables, part: SimpleMap) -> str:
    """Say what is shown of what there is."""
    counts = [
        ("activities", len(part.nodes), len(whole.nodes)),
        ("paths", len(part.edges), len(whole.edges)),
        ("starts", len(part.starts), int((whole.nodes["starts"] > 0).sum())),
        ("ends", len(part.ends), int((whole.nodes["ends"] > 0).sum())),
    ]
    cut = [f"{shown:,} of {all_:,} {what}" for what, shown, all_ in counts if shown < all_]
    if not cut:
        activities = counted(len(whole.nodes), "activity", "activities")
        return f"all of the map: {activities} and {counted(len(whole.edges), 'path')}"
    return f"shows {', '.join(cut)}; every count is of the whole map"


def _part(share: float, n: int) -> int:
    """Return a share of n, rounded up, but not by the error of the product."""
    return ceil(round(share * n, 9))
