"""Sums over what stands before a place and ranks below a bound, against plain loops."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from procmine.kpi.waiting.dominance import dominance_sums

ELEMENTS = st.lists(st.tuples(st.integers(0, 9), st.integers(-5, 5)), max_size=20)
QUERIES = st.lists(st.tuples(st.integers(0, 20), st.integers(0, 11)), max_size=10)


def whole(values: list[int]) -> np.typing.NDArray[np.int64]:
    return np.array(values, dtype=np.int64)


@given(ELEMENTS, QUERIES)
def test_each_sum_is_that_of_a_plain_loop(
    elements: list[tuple[int, int]], queries: list[tuple[int, int]]
) -> None:
    queries = [(min(place, len(elements)), bound) for place, bound in queries]
    (found,) = dominance_sums(
        whole([rank for rank, _ in elements]),
        [whole([weight for _, weight in elements])],
        whole([place for place, _ in queries]),
        whole([bound for _, bound in queries]),
    )
    assert found.tolist() == [
        sum(weight for rank, weight in elements[:place] if rank < bound) for place, bound in queries
    ]


def test_sums_beyond_64_bits_wrap_so_that_differences_stay_right() -> None:
    big = whole([2**62, 2**62, 2**62, 5])
    (found,) = dominance_sums(whole([0, 0, 0, 0]), [big], whole([3, 4]), whole([1, 1]))
    assert found[1] - found[0] == 5
