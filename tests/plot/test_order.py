"""The order of the flow: as little as possible runs back."""

from __future__ import annotations

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from procmine.plot.order import flow_order


def running_back(order: list[int] | tuple[int, ...], weights: np.ndarray) -> float:
    place = {vertex: i for i, vertex in enumerate(order)}
    n = len(weights)
    return float(sum(weights[i, j] for i in range(n) for j in range(n) if place[i] > place[j]))


@st.composite
def weight_tables(draw: st.DrawFn, most: int = 6) -> np.ndarray:
    n = draw(st.integers(1, most))
    rows = draw(
        st.lists(st.lists(st.integers(0, 9), min_size=n, max_size=n), min_size=n, max_size=n)
    )
    return np.array(rows, dtype=float)


@given(weight_tables())
def test_an_order_holds_every_vertex_once(weights: np.ndarray) -> None:
    assert sorted(flow_order(weights)) == list(range(len(weights)))


@given(weight_tables())
def test_nothing_runs_back_where_nothing_needs_to(weights: np.ndarray) -> None:
    shuffled = np.random.default_rng(0).permutation(len(weights))
    acyclic = np.triu(weights, 1)[np.ix_(shuffled, shuffled)]
    assert running_back(flow_order(acyclic), acyclic) == 0


@given(weight_tables(5))
def test_no_more_than_half_of_the_flow_runs_back_when_all_can_be_reached(
    weights: np.ndarray,
) -> None:
    weights[0, :] += 1  # the first leads to every other
    weights[:, 0] = 0
    np.fill_diagonal(weights, 0)
    best = min(running_back(order, weights) for order in permutations(range(len(weights))))
    found = running_back(flow_order(weights), weights)
    assert best <= found <= weights.sum() / 2


def test_the_main_flow_decides_and_not_the_mean_position() -> None:
    # b is often skipped to the end of short cases, so its mean position is behind that of c
    weights = np.array([[0, 90, 30, 0], [0, 0, 80, 10], [0, 5, 0, 90], [0, 0, 0, 0]], dtype=float)
    assert flow_order(weights) == [0, 1, 2, 3]


def test_equals_follow_their_index() -> None:
    assert flow_order(np.zeros((3, 3))) == [0, 1, 2]


def test_what_is_only_visited_from_the_main_flow_comes_after_it() -> None:
    # 2 is entered from 1 (43 times) and goes back to 1 (51 times)
    weights = np.array([[0, 99, 0], [0, 0, 43], [0, 51, 0]], dtype=float)
    assert flow_order(weights) == [0, 1, 2]
