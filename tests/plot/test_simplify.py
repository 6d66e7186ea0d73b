"""Simplifying a map: what is frequent stays, and everything stays connected."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procmine.errors import ProcmineError
from procmine.plot.simplify import SimpleMap, simplify
from tests.plot.tables import map_of

traces = st.lists(
    st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=7), min_size=1, max_size=12
)
shares = st.floats(0, 1)


def reached(begin: set[str], pairs: set[tuple[str, str]]) -> set[str]:
    found = set(begin)
    while more := {b for a, b in pairs if a in found} - found:
        found |= more
    return found


def pairs_of(part: SimpleMap) -> set[tuple[str, str]]:
    return set(zip(part.edges["source"], part.edges["target"], strict=True))


@given(traces, shares, shares)
def test_every_activity_is_reached_from_the_start_and_reaches_the_end(
    traces: list[list[str]], activities: float, paths: float
) -> None:
    part = simplify(map_of(traces), activities, paths)
    shown, pairs = set(part.nodes["activity"]), pairs_of(part)
    assert reached(set(part.starts["activity"]), pairs) == shown
    assert reached(set(part.ends["activity"]), {(b, a) for a, b in pairs}) == shown


@given(traces, shares, shares)
def test_every_activity_keeps_its_strongest_path_in_and_out(
    traces: list[list[str]], activities: float, paths: float
) -> None:
    whole = map_of(traces)
    part = simplify(whole, activities, paths)
    for activity in part.nodes["activity"]:
        for side, other, marks in (("target", "source", "starts"), ("source", "target", "ends")):
            between = whole.edges[
                whole.edges["source"].isin(part.nodes["activity"])
                & whole.edges["target"].isin(part.nodes["activity"])
                & (whole.edges[side] == activity)
                & (whole.edges[other] != activity)
            ]
            kept = part.edges[(part.edges[side] == activity) & (part.edges[other] != activity)]
            there = whole.nodes.set_index("activity")[marks][activity]
            table = part.starts if marks == "starts" else part.ends
            kept_there = table.loc[table["activity"] == activity, "count"].sum()
            strongest = max(between["count"].max() if len(between) else 0, there)
            assert max(kept["count"].max() if len(kept) else 0, kept_there) == strongest


@given(traces, shares, shares)
def test_at_least_the_share_asked_for_is_shown_and_its_counts_are_those_of_the_map(
    traces: list[list[str]], activities: float, paths: float
) -> None:
    whole = map_of(traces)
    part = simplify(whole, activities, paths)
    assert len(part.nodes) >= activities * len(whole.nodes) - 1e-6
    assert len(part.edges) <= len(whole.edges)
    rows = {tuple(row) for row in whole.edges[["source", "target", "count"]].to_numpy().tolist()}
    assert {
        tuple(row) for row in part.edges[["source", "target", "count"]].to_numpy().tolist()
    } <= rows


@given(traces)
def test_the_whole_map_is_shown_whole(traces: list[list[str]]) -> None:
    whole = map_of(traces)
    part = simplify(whole)
    assert part.nodes.equals(whole.nodes)
    assert part.edges.equals(whole.edges)
    assert part.starts["count"].sum() == part.ends["count"].sum() == len(traces)
    assert part.caption.startswith(f"all of the map: {len(whole.nodes)} activit")


@given(traces, shares, shares)
def test_nothing_that_is_given_is_changed(
    traces: list[list[str]], activities: float, paths: float
) -> None:
    whole, again = map_of(traces), map_of(traces)
    simplify(whole, activities, paths)
    assert whole.nodes.equals(again.nodes)
    assert whole.edges.equals(again.edges)


def test_the_top_share_of_the_paths_is_kept() -> None:
    whole = map_of([*["abcd"] * 9, *["acd"] * 3, *["abd"] * 2, "adcd"])
    part = simplify(whole, paths=0.5)  # of a>b, b>c, c>d, a>c, b>d, a>d, d>c
    assert pairs_of(part) == {("a", "b"), ("b", "c"), ("c", "d"), ("a", "c")}
    assert part.caption == "shows 4 of 7 paths; every count is of the whole map"


def test_an_activity_that_bridges_the_frequent_ones_is_kept() -> None:
    # every case passes "rare" or "other" between "a" and "z"
    whole = map_of([*[("a", "rare", "z", "z")] * 2, ("a", "other", "z")])
    part = simplify(whole, activities=0.5)
    assert set(part.nodes["activity"]) == {"a", "rare", "z"}
    assert part.caption.startswith("shows 3 of 4 activities")


def test_a_path_that_alone_reaches_an_activity_is_kept_though_it_is_rare() -> None:
    # b is entered mostly from c and c mostly from b: only the rare a>b leads to them
    whole = map_of([*["az"] * 50, "a" + "bc" * 20 + "z"])
    assert ("a", "b") in pairs_of(simplify(whole, paths=0.0))


def test_a_map_without_a_start_is_shown_as_it_is() -> None:
    whole = map_of(["ab", "ab"])
    whole.nodes[["starts", "ends"]] = 0
    part = simplify(whole, 0.5, 0.0)
    assert set(part.nodes["activity"]) == {"a"}
    assert len(part.starts) == len(part.ends) == 0


@pytest.mark.parametrize("shares", [{"activities": 50}, {"paths": -0.1}, {"paths": float("nan")}])
def test_what_is_no_share_is_refused(shares: dict[str, float]) -> None:
    with pytest.raises(ProcmineError, match="is not a share; give a number from 0 to 1"):
        simplify(map_of(["ab"]), **shares)
