"""Waiting and its causes: the naive oracle on drawn logs, laws, and the hand-made logs with known answers."""

from __future__ import annotations

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from tests.bound import micros
from tests.kpi.oracle_waiting import enabled_steps, with_estimated_starts
from tests.kpi.waiting_logs import World, bound_world, meetings, naive_log, queues, stamps, worlds

ANY = st.one_of(worlds(), worlds(starts=("always",), ends=("always",)), queues(), stamps())


def by_row(table: pd.DataFrame, column: str) -> dict[int, int | None]:
    """The values of a column by place in the source; the rows of an export count from 1."""
    return dict(zip(table["row"] - 1, micros(table[column]), strict=True))


# --- enabled --------------------------------------------------------------------------------------


@given(ANY | meetings())
def test_enabled_times_and_estimated_starts_are_those_of_the_oracle(world: World):
    log = bound_world(world)
    found = pm.steps(log, **world.enabling)
    naive = naive_log(world, log.precision)
    enabled = enabled_steps(
        naive, order=world.options["order"], arrival=world.arrival, recorded=world.recorded
    )
    assert by_row(found, "enabled") == {row: one.at for row, one in enabled.items()}
    if world.options["starts"]:
        naive = with_estimated_starts(naive, enabled)
    assert by_row(found, "start") == {step.row: step.start for step in naive.steps}
    assert list(found["row"] - 1) == [step.row for step in naive.steps]
    assert list(found["basis"]) == [naive.basis(step) for step in naive.steps]
