"""docs/waiting.md names every column of the tables of waits, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

import procmine as pm
from tests.test_measures_page import told

OFFICE = pm.Calendar("RO")
BINDING = {
    "case": "Nr. dosar",
    "activity": "Activitate",
    "start": "Data început",
    "end": "Data sfârșit",
    "resource": "Funcționar",
    "unit": "Compartiment",
    "tz": "Europe/Bucharest",
}


@pytest.fixture(scope="module")
def page(root: Path) -> str:
    return (root / "docs" / "waiting.md").read_text("utf-8")


@pytest.fixture(scope="module")
def log(root: Path) -> pm.EventLog:
    return pm.read(root / "sample_logs" / "building_permits_ro.csv", **BINDING, resources="name")


def test_every_column_of_a_wait_stands_on_the_page_in_its_order(
    page: str, log: pm.EventLog
) -> None:
    table = pm.waiting_causes(log, calendar=OFFICE)
    heading = "One row per step that waited: `pm.waiting_causes(log)`"
    assert told(page, heading, "column") == list(table.columns)


def test_every_column_of_the_causes_stands_on_the_page(page: str, log: pm.EventLog) -> None:
    table = pm.waiting_causes(log, calendar=OFFICE, by=[])
    heading = "What each cause costs: `pm.waiting_causes(log, by=…)`"
    assert told(page, heading, "column") == list(table.columns)


def test_every_column_of_the_found_calendars_stands_on_the_page(
    page: str, log: pm.EventLog
) -> None:
    assert told(page, "Found calendars", "column") == list(pm.found_calendars(log).columns)


def test_every_column_that_steps_gain_stands_on_the_page(page: str, log: pm.EventLog) -> None:
    gained = [name for name in pm.steps(log, order="sequence") if name not in pm.steps(log)]
    heading = "Since when a step could begin: `pm.steps(log, order=…)`"
    assert told(page, heading, "column") == gained
