"""Due dates in the public receipt log, counted by a procedure file with a deadline that is an attribute."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import procmine as pm

PROCEDURE = """
procedure: receipt
country: NL
events:
  registered: {attribute: startdate}
  decided: {attribute: enddate}
terms:
  - {id: deadline, kind: internal, start: registered, ends_on: decided, due_attribute: deadline}
  - {id: planned, kind: internal, start: registered, ends_on: decided, due_attribute: enddate_planned}
"""


@pytest.fixture(scope="module")
def receipt(root: Path) -> pm.EventLog:
    path = root.parent / "shared" / "logs" / "receipt.xes.gz"
    if not path.exists():
        pytest.skip(f"the public logs are not at {path.parent}")
    return pm.read(path, tz="Europe/Amsterdam")


@pytest.fixture(scope="module")
def counted(receipt: pm.EventLog) -> pd.DataFrame:
    return pm.terms(receipt, pm.Procedure.parse(PROCEDURE))


@pytest.mark.parametrize(("term", "late"), [("deadline", 309), ("planned", 322)])
def test_by_local_date_309_and_322_of_1329_ended_late(
    counted: pd.DataFrame, term: str, late: int
) -> None:
    ended = counted[(counted["term"] == term) & counted["closed"].notna()]
    assert len(ended) == 1_329
    assert (ended["state"] == "late").sum() == late
    assert (ended["state"] == "on_time").sum() == 1_329 - late


@pytest.mark.parametrize(("attribute", "late"), [("deadline", 377), ("enddate_planned", 389)])
def test_by_timestamp_377_and_389_would_be_late(
    receipt: pm.EventLog, attribute: str, late: int
) -> None:
    cases = pm.cases(receipt)
    assert (cases["enddate"] > cases[attribute]).sum() == late


def test_the_last_event_is_after_the_deadline_in_92_cases_only(receipt: pm.EventLog) -> None:
    cases = pm.cases(receipt)
    assert (cases["ended"] > cases["deadline"]).sum() == 92


def test_cases_that_have_not_ended_run_or_are_overdue(counted: pd.DataFrame) -> None:
    still_open = counted[counted["closed"].isna()]
    assert set(still_open["state"]) == {"running", "overdue"}
    assert len(still_open) == 2 * (1_434 - 1_329)
