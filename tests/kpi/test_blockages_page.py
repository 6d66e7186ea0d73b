"""docs/blockages.md names every column of the tables of what stands, in its order, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

import procmine as pm
from procmine.kpi.costs.costs import Costs
from procmine.kpi.workload.staff import COLUMNS
from tests.bound import bound, path
from tests.oracle import DAY
from tests.test_measures_page import told

NOON = 20_458 * DAY


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "blockages.md").read_text("utf-8")


@pytest.fixture(scope="module")
def log() -> pm.EventLog:
    steps = path("1", ["Asked", "Granted"], [(NOON, NOON), (NOON, NOON)], unit="Urbanism")
    return bound([*steps, *path("2", ["Asked"], [(NOON, NOON)])], closed="Granted")


def test_every_column_of_the_blockages_stands_on_the_page(page: str, log: pm.EventLog) -> None:
    heading = "The cases that stand: `pm.blockages`"
    assert told(page, heading, "column") == list(pm.blockages(log))


def test_every_column_of_office_time_stands_on_the_page(page: str, log: pm.EventLog) -> None:
    heading = "The cases that stand: `pm.blockages`"
    names = told(page, heading, "column with `calendar=`")
    office = pm.Calendar("RO")
    here, there = (set(pm.blockages(log, by=by, calendar=office)) for by in (None, "activity"))
    known = set(pm.blockages(log)) | set(pm.blockages(log, by="activity"))
    assert [name for name in names if name not in known] == names
    assert set(names) == (here | there) - known


def test_every_column_of_the_points_stands_on_the_page(page: str, log: pm.EventLog) -> None:
    table = pm.blockages(log, by="activity")
    assert ["activity", *told(page, "By point", "column")] == list(table)


def test_every_column_of_the_queues_stands_on_the_page(page: str, log: pm.EventLog) -> None:
    table = pm.queues(log).drop(columns="activity")
    assert told(page, "The queues: `pm.queues`", "column") == list(table)


def test_every_column_of_the_workload_and_the_staff_stands_on_the_page(
    page: str, log: pm.EventLog
) -> None:
    table = pm.workload(log, pm.Calendar("RO"), costs=Costs(currency="RON", hour=1))
    columns = told(page, "The workload: `pm.workload`", "column")
    assert sorted(columns) == sorted(table)
    said = told(page, "The workload: `pm.workload`", "column of the staff file")
    assert sorted(said) == sorted(COLUMNS)
