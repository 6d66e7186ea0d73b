"""What is given to the tables: a procedure as the second argument, and no path in place of what it leads to."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import conftest
import procmine as pm
from procmine.errors import ProcmineError

WITH_PROCEDURE = ("blockages", "bottlenecks", "handovers", "kpis", "queues", "rework")
PATH = "sample_logs/building_permits_ro.procedure.yaml"


@pytest.fixture(scope="module")
def log() -> pm.EventLog:
    return conftest.sample_log().filter(period=("2025-10", None), period_mode="started")


@pytest.mark.filterwarnings("ignore::procmine.errors.DataQualityWarning")
@pytest.mark.parametrize("name", [*WITH_PROCEDURE, "waiting_causes"])
def test_the_procedure_may_stand_second(root: Path, log: pm.EventLog, name: str):
    procedure = pm.Procedure.read(root / PATH)
    table: Callable[..., pd.DataFrame] = getattr(pm, name)
    pd.testing.assert_frame_equal(table(log, procedure), table(log, procedure=procedure))


@pytest.mark.parametrize("path", [PATH, Path(PATH)])
@pytest.mark.parametrize(
    "name",
    [
        *WITH_PROCEDURE,
        "waiting_causes",
        "opportunities",
        "workload",
        "steps_not_asked_for",
        "terms",
    ],
)
def test_a_path_in_place_of_a_procedure_is_refused_with_how_to_read_it(
    log: pm.EventLog, name: str, path: Any
):
    with pytest.raises(ProcmineError) as told:
        getattr(pm, name)(log, procedure=path)
    assert "is not a procedure" in str(told.value)
    assert f"pm.Procedure.read({PATH!r})" in str(told.value)


def test_compare_refuses_it_too(log: pm.EventLog):
    with pytest.raises(ProcmineError, match="is not a procedure"):
        pm.compare(log, log, procedure=PATH)


@pytest.mark.parametrize("name", ["rework", "handovers", "workload", "steps_not_asked_for"])
def test_a_path_in_place_of_costs_is_refused_with_how_to_read_it(
    root: Path, log: pm.EventLog, name: str
):
    given: dict[str, Any] = {"workload": {"calendar": pm.Calendar("RO")}}.get(name, {})
    if name == "steps_not_asked_for":
        given = {"procedure": pm.Procedure.read(root / PATH)}
    with pytest.raises(ProcmineError) as told:
        getattr(pm, name)(log, costs="costs.yaml", **given)
    assert str(told.value) == ("this str is not costs\ngive costs=pm.Costs.read('costs.yaml')")


@pytest.mark.parametrize("name", ["blockages", "workload", "steps", "cases"])
def test_a_word_in_place_of_a_calendar_is_refused_with_how_to_make_one(log: pm.EventLog, name: str):
    with pytest.raises(ProcmineError) as told:
        getattr(pm, name)(log, calendar="IT")
    assert str(told.value) == (
        "this str is not a calendar\ngive pm.Calendar('IT') or pm.Calendar.read('calendar.yaml')"
    )
