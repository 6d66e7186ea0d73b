"""What a log has in writing: dates and periods in attributes, of this step or of another, and conditions on values."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import procmine as pm

COLUMNS = ["case", "activity", "time", "answer", "kind"]
PROCEDURE = """
procedure: permit
country: NL
closing: [{activity: Decided, outcome: approved}]
events:
  received: Received
  invited_to_complete: {activity: Asked, period: {activity: Period, attribute: answer}}
  completed: {activity: Entered, date: answer}
terms:
  - {term: nl.ow, options: {pause_end_day_runs: true}}
"""


def counted(rows: list[tuple[Any, ...]], procedure: str = PROCEDURE) -> dict[str, Any]:
    frame = pd.DataFrame(rows, columns=COLUMNS)
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Amsterdam")
    return pm.terms(log, pm.Procedure.parse(procedure)).iloc[0].to_dict()


def rows(period: str, came: str, entered: str) -> list[tuple[str, ...]]:
    return [
        ("1", "Received", "2025-01-06", "", "a"),
        ("1", "Period", "2025-01-13", period, "a"),
        ("1", "Asked", "2025-01-20", "", "a"),
        ("1", "Entered", entered, came, "a"),
        ("1", "Decided", "2025-04-25", "", "a"),
    ]


def test_the_day_of_an_event_is_the_one_that_its_step_has_in_writing() -> None:
    row = counted(rows("28", "2025-01-31", "2025-02-10"))
    assert row["paused_days"] == 10  # 21 to 30 January: the file was complete on the 31st
    assert row["due"] == pd.Timestamp("2025-03-13")


def test_a_step_without_a_written_date_counts_on_its_own_day() -> None:
    row = counted(rows("28", "", "2025-02-10"))
    assert row["paused_days"] == 20


def test_the_period_given_may_stand_on_an_earlier_step_and_ends_the_pause() -> None:
    row = counted(rows("7", "2025-02-07", "2025-02-10"))
    assert (row["requested_days"], row["paused_days"]) == (17, 6)
    assert row["remarks"] == "pause beyond its lawful length"


def test_a_period_that_is_no_number_is_counted_and_gives_no_pause() -> None:
    with pytest.warns(pm.DataQualityWarning, match="1 of 1 values of 'answer' are no numbers"):
        row = counted(rows("soon", "2025-01-31", "2025-02-10"))
    assert row["paused_days"] == 0
    assert row["remarks"] == "pause without a given period"


def test_a_date_of_the_case_that_is_no_date_is_counted_and_makes_it_unknown() -> None:
    procedure = """
procedure: own
country: NL
events: {received: Received}
closing: [Decided]
terms: [{id: own, start: received, due_attribute: kind}]
"""
    cases = [
        (str(case), activity, "2025-01-06", "", "soon" if case == 1 else "2025-02-28")
        for case in range(1, 31)
        for activity in ("Received", "Decided")
    ]
    with pytest.warns(pm.DataQualityWarning) as told:
        row = counted(cases, procedure)
    assert (row["state"], row["reason"]) == (
        "unknown",
        "the case has no date in the attribute that is the due date",
    )
    assert any("1 of 30 values of 'kind' are no dates" in str(one.message) for one in told)


@pytest.mark.parametrize(
    ("condition", "has_row"),
    [
        ("a", True),
        ("[a, b]", True),
        ("b", False),
        ("{not: b}", True),
        ("{not: a}", False),
        ("{not: [a, b]}", False),
        ("{above: 3}", False),
    ],
)
def test_a_condition_is_a_value_several_or_what_it_must_not_be(
    condition: str, has_row: bool
) -> None:
    frame = pd.DataFrame(rows("28", "", "2025-02-10"), columns=COLUMNS)
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Amsterdam")
    procedure = pm.Procedure.parse(
        PROCEDURE.replace("term: nl.ow,", f"term: nl.ow, if: {{kind: {condition}}},")
    )
    assert len(pm.terms(log, procedure)) == int(has_row)
