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
attributes: {consent_of_other_body: {value: false}}
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


def test_silence_is_not_assumed_where_a_condition_cannot_be_read() -> None:
    procedure = """
procedure: permit
country: IT
closing: [Decided]
events: {application_received: Filed}
attributes: {silence_excluded: {attribute: constraint}}
terms: [{term: it.default, status: checked, options: {roll_saturday: true}}]
"""
    texts = {"1": "no", "2": "SI'", "3": "Vincolo paesaggistico", "4": None}
    frame = pd.DataFrame(
        [(case, "Filed", "2025-01-06", text) for case, text in texts.items()]
        + [("5", "Filed", "2025-01-06", "no"), ("5", "Decided", "2025-01-10", "no")],
        columns=["case", "activity", "time", "constraint"],
    )
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Rome")
    with pytest.warns(pm.DataQualityWarning, match="1 cases .* cannot read: 'Vincolo paes"):
        table = pm.terms(log, pm.Procedure.parse(procedure), as_of="2025-06-01")
    approved, overdue = "deemed_approved", "overdue"
    assert table["state"].tolist() == [approved, overdue, overdue, approved, "on_time"]


def test_text_that_is_no_number_is_told_and_meets_no_comparison() -> None:
    frame = pd.DataFrame(rows("28", "", "2025-02-10"), columns=COLUMNS)
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Amsterdam")
    procedure = pm.Procedure.parse(
        PROCEDURE.replace("term: nl.ow,", "term: nl.ow, if: {kind: {above: 3}},")
    )
    with pytest.warns(pm.DataQualityWarning, match="cannot read: 'a'"):
        assert len(pm.terms(log, procedure)) == 0


def test_the_last_day_of_a_period_may_be_a_date_in_text() -> None:
    assert counted(rows("27.01.2025", "2025-02-07", "2025-02-10"))["paused_days"] == 6


def test_a_period_on_a_later_step_only_is_taken_from_it() -> None:
    late = [
        row if row[1] != "Period" else ("1", "Period", "2025-02-12", "7", "a")
        for row in rows("7", "2025-02-07", "2025-02-10")
    ]
    assert counted(late)["paused_days"] == 6


def test_a_pause_that_nobody_ended_yet_is_no_error_and_its_excess_grows() -> None:
    procedure = """
procedure: permit
country: IT
closing: [Decided]
events: {application_received: Filed, information_requested: Asked, information_received: Brought}
attributes: {silence_excluded: {value: true}}
terms: [{term: it.default, status: checked, options: {roll_saturday: true}}]
"""
    frame = pd.DataFrame(
        [
            ("1", "Filed", "2025-01-06"),
            ("1", "Asked", "2025-01-20"),
            ("2", "Decided", "2025-01-20"),
            ("2", "Filed", "2025-01-06"),
        ],
        columns=["case", "activity", "time"],
    )
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Rome")
    with pytest.warns(pm.DataQualityWarning, match="'Brought'"):
        found = [
            pm.terms(log, pm.Procedure.parse(procedure), as_of=day).iloc[0]
            for day in ("2025-02-01", "2025-03-19")
        ]
    assert [row["state"] for row in found] == ["paused", "overdue"]
    assert [row["paused_days"] for row in found] == [12, 30]
    assert [row["excess_days"] for row in found] == [0, 28]


def test_a_misspelt_word_of_the_law_is_told() -> None:
    frame = pd.DataFrame(rows("28", "", "2025-02-10"), columns=COLUMNS)
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Amsterdam")
    procedure = pm.Procedure.parse(PROCEDURE.replace("invited_to_complete:", "invitd_to_complete:"))
    with pytest.warns(
        pm.DataQualityWarning, match="'invitd_to_complete'; did you mean 'invited_to_"
    ):
        assert pm.terms(log, procedure)["paused_days"].tolist() == [0]


def test_a_condition_that_nobody_explains_is_told() -> None:
    frame = pd.DataFrame(rows("28", "", "2025-02-10"), columns=COLUMNS)
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Amsterdam")
    procedure = pm.Procedure.parse(PROCEDURE.replace("attributes: {consent", "# {consent"))
    with pytest.warns(pm.DataQualityWarning, match="depends on 'consent_of_other_body'"):
        pm.terms(log, procedure)


def test_a_value_of_a_condition_that_no_case_has_is_told_with_the_nearest() -> None:
    frame = pd.DataFrame(rows("28", "", "2025-02-10"), columns=COLUMNS).assign(kind="soluționat")
    log = pm.read(frame, case="case", activity="activity", timestamp="time", tz="Europe/Amsterdam")
    procedure = PROCEDURE.replace(
        "term: nl.ow,", "term: nl.ow, if: {kind: [rejected, solutionate]},"
    )
    with pytest.warns(pm.DataQualityWarning, match="'kind' of 'solutionate'; did you mean 'solu"):
        assert len(pm.terms(log, pm.Procedure.parse(procedure))) == 0
