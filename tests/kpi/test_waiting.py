"""Waiting and its causes: the naive oracle on drawn logs, laws, and the hand-made logs with known answers."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

import procmine as pm
from procmine.errors import DataQualityWarning
from procmine.kernels import NAT
from procmine.kpi.waiting.split import Split, split
from tests.bound import micros
from tests.kpi.oracle_waiting import CAUSES, enabled_steps, with_estimated_starts
from tests.kpi.waiting_logs import (
    World,
    bound_world,
    calendars_of,
    meetings,
    naive_log,
    naive_split,
    procedure_of,
    queues,
    stamps,
    worlds,
)

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
    basis = {step.row: naive.basis(step) for step in naive.steps}
    assert dict(zip(found["row"] - 1, found["basis"], strict=True)) == basis


# --- the split ------------------------------------------------------------------------------------


def asked(world: World) -> dict[str, Any]:
    """The options of a world, as waiting_causes takes them."""
    options = {**world.options, **world.enabling}
    options["batch_gap"] = pd.Timedelta(world.options["batch_gap"], unit="us")
    return {**options, "calendar": calendars_of(world), "procedure": procedure_of(world)}


def quietly(function: Callable[..., Any], *given: Any, **options: Any) -> Any:
    """Without the warnings about what is not computable, which have their own test."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataQualityWarning)
        return function(*given, **options)


def whole(values: Any) -> list[int | None]:
    return [None if value == NAT else int(value) for value in values]


def compare(world: World) -> Split:
    """Split the waits of a world, and compare all with the oracle."""
    log = bound_world(world)
    found = quietly(split, log, **asked(world))
    naive = naive_split(world, log.precision)
    rows = [int(row) - 1 for row in found.log.row]
    steps = [naive[row] for row in rows]
    assert whole(found.wait) == [step.wait for step in steps]
    got = [
        dict(zip(CAUSES, parts, strict=True))
        for parts in zip(*[whole(found.parts[cause]) for cause in CAUSES], strict=True)
    ]
    assert got == [step.parts for step in steps]
    return found


@given(ANY)
def test_the_causes_of_drawn_waits_are_those_of_the_oracle(world: World):
    compare(world)


@given(meetings())
def test_the_causes_of_scheduled_waits_are_those_of_the_oracle(world: World):
    compare(world)
