"""Registry numbers and dates run in one direction, but for entries that were dated back."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.checks.backdated import _reached


def register(days: list[int]) -> pm.EventLog:
    first = pd.Timestamp("2025-01-06")
    frame = pd.DataFrame(
        {
            "number": [f"{number}/2025" for number in range(1, len(days) + 1)],
            "step": "Received",
            "date": [first + pd.Timedelta(days=day) for day in days],
        }
    )
    return pm.read(frame, case="number", activity="step", timestamp="date", tz="Europe/Bucharest")


def told(days: list[int]) -> list[tuple[int, tuple[int, ...]]]:
    found = pm.quality(register(days)).query("check == 'backdated_numbers'")
    return list(zip(found["count"], found["example_rows"], strict=True))


def test_entries_dated_before_a_lower_number_are_counted() -> None:
    days = list(range(30))
    days[10], days[20] = 5, 18
    assert told(days) == [(2, (11, 21))]


def test_a_register_in_order_has_none() -> None:
    assert told([number // 3 for number in range(30)]) == []


def test_one_date_of_a_wrong_year_dates_nobody_back() -> None:
    days = list(range(30))
    days[10] += 365
    assert told(days) == []


def reached_by_loops(group: list[int], days: list[int]) -> list[int]:
    """The latest day of the lower numbers; one that none of the three after it reaches is cut to their earliest."""
    answer = []
    for place, own in enumerate(group):
        levels = []
        for lower in range(place):
            after = [days[k] for k in range(lower + 1, lower + 4) if group[k : k + 1] == [own]]
            reached = not after or days[lower] <= max(after)
            levels += [days[lower] if reached else min(after)] * (group[lower] == own)
        answer.append(max(levels, default=min(days)))
    return answer


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-50, 50)), min_size=1, max_size=30))
def test_what_the_lower_numbers_have_reached_is_as_defined(pairs: list[tuple[int, int]]) -> None:
    group, days = (list(part) for part in zip(*sorted(pairs, key=lambda p: p[0]), strict=True))
    found = _reached(np.array(group, dtype=np.int64), np.array(days, dtype=np.int64))
    assert found.tolist() == reached_by_loops(group, days)


def test_a_milestone_before_the_first_is_told() -> None:
    frame = pd.DataFrame(
        {
            "number": [f"{number}/2025" for number in range(1, 31)],
            "received": pd.date_range("2025-03-03", periods=30),
            "decided": pd.date_range("2025-03-10", periods=30),
        }
    )
    frame.loc[4, "decided"] = pd.Timestamp("2024-03-14")
    log = pm.read(frame, case="number", milestones=["received", "decided"], tz="Europe/Bucharest")
    found = pm.quality(log).set_index("check").loc["before_the_first"]
    assert (found["count"], found["example_rows"]) == (1, (5,))
