"""Chains of steps that could all have begun when the first did, against a plain loop."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from procmine.kernels import NAT
from procmine.kpi.waiting.chains import chains

STEP = st.tuples(st.integers(0, 1), st.integers(0, 12), st.integers(0, 4), st.integers(-1, 6))


def by_loop(steps: list[tuple[int, int, int, int | None]], gap: int) -> list[int]:
    """Number the chains of (group, start, end, enabled) as the definition says."""
    numbers: list[int] = []
    number = -1
    first_start = latest = group = None
    for this, start, end, enabled in steps:
        breaks_run = group is None or this != group or start > latest + gap
        waits = not breaks_run and enabled is not None and enabled <= first_start
        if not waits:
            number, first_start = number + 1, start
        latest = end if breaks_run else max(latest, end)
        group = this
        numbers.append(number)
    return numbers


@given(st.lists(STEP, min_size=1, max_size=14), st.integers(0, 2))
def test_chains_are_those_of_a_plain_loop(drawn: list[tuple[int, int, int, int]], gap: int) -> None:
    steps = [
        (group, start, start + length, None if wait < 0 else start - wait)
        for group, start, length, wait in sorted(drawn)
    ]
    steps.sort(key=lambda step: step[:3])
    group, start, end = (np.array([step[i] for step in steps], dtype=np.int64) for i in range(3))
    enabled = np.array([NAT if step[3] is None else step[3] for step in steps], dtype=np.int64)
    assert chains(group, start, end, enabled, gap).tolist() == by_loop(steps, gap)
