"""pm.terms and the oracle of plain loops agree on random procedures, calendars and cases of five countries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.bound import FEWER
from tests.procedure.comparing import differences, shown
from tests.procedure.random_days import ZONES
from tests.procedure.random_terms import World, world

STATES = {
    *("on_time", "late", "running", "paused", "overdue", "deemed_approved", "deemed_refused"),
    *("withdrawn", "unknown"),
}
COUNTED = {"paused_days", "excess_days", "voided_days", "days_late", "days_left"}


def _worlds(place: str, first: int, count: int) -> Iterator[World]:
    """Worlds of a hundred cases and one that has every activity, the same in every run."""
    return (world(Random(f"{place} {seed}"), place, 100) for seed in range(first, first + count))


def _assert_equal(one: World) -> None:
    found = differences(one)
    assert not found, f"{len(found)} rows differ, first\n{shown(one, *found[0])}"


@pytest.mark.parametrize("place", ZONES)
def test_two_thousand_random_cases_of_a_country_are_counted_as_by_the_oracle(place: str) -> None:
    for one in _worlds(place, 0, 20):
        _assert_equal(one)


@pytest.mark.soak
@pytest.mark.parametrize("part", range(10))
@pytest.mark.parametrize("place", ZONES)
def test_a_hundred_thousand_more_are_counted_as_by_the_oracle(place: str, part: int) -> None:
    for one in _worlds(place, 1_000 + 20 * part, 20):
        _assert_equal(one)


@FEWER
@given(
    st.builds(
        lambda draw, place: world(draw, place, cases=1, most_terms=1),
        st.randoms(use_true_random=False),
        st.sampled_from(sorted(ZONES)),
    )
)
def test_any_single_case_is_counted_as_by_the_oracle(one: World) -> None:
    assume(not _one_date_for_some_steps(one))
    _assert_equal(one)


def _one_date_for_some_steps(one: World) -> bool:
    """Whether one date stands at some steps and nothing at others: a log of one case takes it for the case's."""
    dates = {row.written for row in one.rows}
    return None in dates and len(dates) == 2


def test_the_random_worlds_are_rich_enough_to_mean_something() -> None:
    rows = [row for place in ZONES for one in _worlds(place, 0, 4) for row in one.answers()]
    states = Counter(row["state"] for row in rows)
    assert set(states) == STATES
    assert min(states.values()) > 20
    for name in COUNTED:
        assert sum(bool(row[name]) for row in rows) > 20, name
    for name in ("extended", "decided_late", "start_fallback", "phase", "remarks"):
        assert sum(bool(row[name]) for row in rows) > 20, name
