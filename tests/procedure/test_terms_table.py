"""The table of terms: outcomes that a column says, what is refused, and what it looks like."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest

import procmine as pm
from procmine.errors import LabelNotFoundError, ProcmineError

LOG = pd.DataFrame(
    [
        ("1", "Filed", "2026-03-02", "granted"),
        ("1", "Decided", "2026-03-20", "granted"),
        ("2", "Filed", "2026-03-02", "taken back"),
        ("2", "Decided", "2026-05-20", "taken back"),
        ("3", "Filed", "2026-03-02", "granted"),
    ],
    columns=["case", "activity", "time", "result"],
)
PROCEDURE = """
procedure: permit
country: IT
closing: [{activity: Decided, outcome: refused}]
events: {received: Filed}
terms: [{id: decision, start: received, length: {n: 30}, counting: eu-1182-71}]
"""
OUTCOMES = "outcomes: {attribute: result, values: {granted: approved, taken back: withdrawn}}"


def log(tz: str | None = "Europe/Rome") -> pm.EventLog:
    return pm.read(LOG, case="case", activity="activity", timestamp="time", tz=tz)


def test_the_outcome_is_that_of_the_closing_activity() -> None:
    table = pm.terms(log(), pm.Procedure.parse(PROCEDURE), as_of="2026-06-01")
    assert table["outcome"].tolist()[:2] == ["refused", "refused"]
    assert table["state"].tolist() == ["on_time", "late", "overdue"]


def test_an_outcome_that_a_column_says_goes_before_it_and_a_withdrawal_is_not_late() -> None:
    procedure = pm.Procedure.parse(PROCEDURE + OUTCOMES)
    table = pm.terms(log(), procedure, as_of="2026-06-01")
    assert table["outcome"].tolist()[:2] == ["approved", "withdrawn"]
    assert table["state"].tolist() == ["on_time", "withdrawn", "overdue"]
    assert table["outcome"].isna().tolist() == [False, False, True]


def test_a_column_of_outcomes_that_the_log_has_not_is_refused_with_the_nearest() -> None:
    procedure = pm.Procedure.parse(PROCEDURE + OUTCOMES.replace("result", "resultt"))
    with pytest.raises(LabelNotFoundError, match="did you mean 'result'"):
        pm.terms(log(), procedure)


@pytest.mark.filterwarnings("ignore::procmine.DataQualityWarning")
def test_a_log_whose_zone_was_only_assumed_is_refused() -> None:
    with pytest.raises(ProcmineError, match=r"only assumed.*\n.*tz="):
        pm.terms(log(tz=None), pm.Procedure.parse(PROCEDURE))


def test_without_a_country_the_calendar_is_asked_for() -> None:
    procedure = pm.Procedure.parse(PROCEDURE.replace("country: IT", ""))
    with pytest.raises(ProcmineError, match="holidays"):
        pm.terms(log(), procedure)
    table = pm.terms(log(), procedure, calendar=pm.Calendar("IT"), as_of="2026-06-01")
    assert table["state"].tolist() == ["on_time", "late", "overdue"]


def test_years_that_the_calendar_does_not_cover_make_a_case_unknown_not_an_error() -> None:
    procedure = pm.Procedure.parse(PROCEDURE)
    with pytest.warns(pm.DataQualityWarning, match="3 cases unknown, the calendar does not cover"):
        table = pm.terms(log(), procedure, calendar=pm.Calendar("IT", years=(2020, 2025)))
    assert (table["state"] == "unknown").all()
    assert table["gross_days"].isna().all()


def test_what_the_log_looked_like_is_left_alone_and_a_filtered_log_is_counted_alike() -> None:
    whole, procedure = log(), pm.Procedure.parse(PROCEDURE)
    part = whole.where(pm.cases(whole)["case_id"] != "2")
    table = pm.terms(whole, procedure, as_of="2026-06-01")
    rest = pm.terms(part, procedure, as_of="2026-06-01")
    expected = table[table["case_id"] != "2"].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        rest.drop(columns=["outcome"]), expected.drop(columns=["outcome"]), check_categorical=False
    )


def test_a_log_without_cases_gives_a_table_without_rows() -> None:
    whole = log()
    none = whole.where([False] * whole.n_cases)
    table = pm.terms(
        none,
        pm.Procedure.parse(
            PROCEDURE.replace("[{activity: Decided, outcome: refused}]", "[]").replace(
                "start: received", "start: received, ends_on: received"
            )
        ),
    )
    assert len(table) == 0
    assert "days_late" in table.columns


def test_a_value_without_an_outcome_is_told_and_keeps_that_of_the_closing() -> None:
    procedure = pm.Procedure.parse(
        PROCEDURE + OUTCOMES.replace("taken back: withdrawn", "x: other")
    )
    with pytest.warns(pm.DataQualityWarning, match="'taken back'"):
        table = pm.terms(log(), procedure, as_of="2026-06-01")
    assert table["outcome"].tolist()[:2] == ["approved", "refused"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"procedure": "permit.yaml"}, "pm.Procedure.read\\('permit.yaml'\\)"),
        ({"log": LOG}, "pm.read"),
        ({"calendar": "IT"}, "pm.Calendar\\('IT'\\)"),
        ({"calendar": pm.Calendar("NL")}, "IT.*NL"),
    ],
)
def test_a_wrong_argument_is_refused_with_what_to_give(arguments: Any, message: str) -> None:
    given = {"log": log(), "procedure": pm.Procedure.parse(PROCEDURE)} | arguments
    with pytest.raises(ProcmineError, match=message):
        pm.terms(**given)


def test_the_timeline_of_a_case_sums_to_its_row() -> None:
    procedure = pm.Procedure.parse(PROCEDURE)
    row = pm.terms(log(), procedure, as_of="2026-06-01").iloc[1]
    days = pm.case_timeline(log(), procedure, "2", as_of="2026-06-01")
    clock = days[days["kind"].isin(["running", "paused", "voided", "after_due"])]
    assert (clock["until"] - clock["from"]).sum().days == row["gross_days"]
    assert days.loc[days["kind"] == "due", "from"].tolist() == [row["due"]]
    with pytest.raises(LabelNotFoundError, match="no case '7' in the log"):
        pm.case_timeline(log(), procedure, 7)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "start: received,",
            "start: received, ends_on: sent,",
            "ends with 'sent', .*the closing of",
        ),
        ("start: received,", "start: Filed,", "starts with 'Filed', .*it is an activity"),
        ("start: received,", "start: receivd,", "starts with 'receivd', .*did you mean 'received'"),
        ("start: received,", "start: received, only_if_event: x,", "only for cases with 'x'"),
        ("start: received,", "start: received, if: {kk: 1},", "depends on 'kk'"),
    ],
)
def test_a_word_that_events_does_not_explain_is_told_with_what_stands_in(
    old: str, new: str, message: str
) -> None:
    procedure = pm.Procedure.parse(PROCEDURE.replace(old, new))
    with pytest.warns(pm.DataQualityWarning) as told:
        pm.terms(log(), procedure, as_of="2026-06-01")
    assert re.search(message, str(told[0].message), re.DOTALL)


def test_a_status_among_the_closing_activities_is_pointed_to_the_outcomes() -> None:
    procedure = pm.Procedure.parse(PROCEDURE.replace("activity: Decided", "activity: granted"))
    with pytest.raises(LabelNotFoundError, match=r"a value of 'result'.*outcomes:"):
        pm.terms(log(), procedure)


def test_the_basis_names_the_versions_that_cases_have() -> None:
    procedure = pm.Procedure.parse(
        PROCEDURE.replace(
            "terms: [{id: decision, start: received, length: {n: 30}, counting: eu-1182-71}]",
            "terms: [{id: decision, start: received, counting: eu-1182-71, versions: "
            "[{valid_to: 2025-12-31, length: {n: 20}}, {valid_from: 2026-01-01, length: {n: 30}}]}]",
        )
    )
    basis = pm.terms(log(), procedure, as_of="2026-06-01").attrs["basis"]
    assert "decision@2026-01-01" in basis
    assert "rules decision@2026-01-01;" in basis
