"""A log as flat frames: its own, and the one that pm4py works on."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given

import procmine as pm
from tests import oracle
from tests.bound import COLUMNS, FEWER, ZONE, bound, instant, micros, numbered, path, texts
from tests.oracle import DAY, HOUR, Step
from tests.strategies import logs, to_frame

NINE = 1_767_250_800_000_000  # 2026-01-01 09:00 in Bucharest


def two_cases() -> list[Step]:
    return numbered(
        path("1", "AX", [(NINE, NINE + HOUR), (NINE + DAY, None)], unit="Registry", resource="ana"),
        path("2", "A", [NINE + DAY]),
    )


def attributed() -> pm.EventLog:
    frame = to_frame(two_cases()).assign(office=["Cluj", "Cluj", "Iași"], amount=[1, 2, 3])
    frame["deadline"] = pd.DatetimeIndex([instant(NINE + 9 * DAY)] * 3)
    return pm.read(frame, **COLUMNS, tz=ZONE, resources="name")


# --- the frame of procmine ------------------------------------------------------------------------


def test_a_worked_example_of_the_frame_by_hand():
    found = attributed().to_frame()
    assert list(found.columns) == [
        *("case_id", "activity", "resource", "unit", "start", "end", "processing_time"),
        *("suspended_time", "row", "amount", "office", "deadline"),
    ]
    assert found["office"].tolist() == ["Cluj", "Cluj", "Iași"]
    assert found["amount"].tolist() == [1, 2, 3]
    assert found["deadline"].tolist() == [pd.Timestamp("2026-01-10 09:00", tz=ZONE)] * 3


@FEWER
@given(logs())
def test_without_attributes_the_frame_is_the_table_of_steps(steps):
    log = bound(steps)
    pd.testing.assert_frame_equal(log.to_frame(), pm.steps(log))


@FEWER
@given(logs())
def test_a_frame_that_is_read_again_gives_the_same_log(steps):
    log = bound(steps)
    again = pm.read(log.to_frame(), **{**COLUMNS, "case": "case_id"}, tz=ZONE, resources="name")
    columns = ["case_id", "activity", "resource", "unit", "start", "end", "processing_time"]
    pd.testing.assert_frame_equal(
        pm.steps(again)[columns], pm.steps(log)[columns], check_categorical=False
    )


def test_attributes_of_the_case_give_way_where_names_meet():
    frame = to_frame(two_cases()).assign(row=["x", "x", "y"], steps=[1, 2, 3])
    found = pm.read(frame, **COLUMNS, tz=ZONE).to_frame()
    assert found["row"].tolist() == [1, 2, 3]
    assert found["case:row"].tolist() == ["x", "x", "y"]
    assert found["steps"].tolist() == [1, 2, 3]


def test_attributes_follow_their_cases_through_a_filter():
    found = attributed().where([False, True]).to_frame()
    assert found[["case_id", "office", "amount"]].to_numpy().tolist() == [["2", "Iași", 3]]


# --- the frame of pm4py ---------------------------------------------------------------------------


def test_a_worked_example_of_the_columns_of_pm4py():
    found = attributed().to_pm4py()
    assert list(found.columns) == [
        *("case:concept:name", "concept:name", "time:timestamp", "start_timestamp"),
        *("org:resource", "org:group", "amount", "case:office", "case:deadline"),
    ]
    assert found["case:concept:name"].tolist() == ["1", "1", "2"]
    assert found["concept:name"].tolist() == ["A", "X", "A"]
    # a running step stands at its start, a step without a start begins at its end
    assert micros(found["time:timestamp"]) == [NINE + HOUR, NINE + DAY, NINE + DAY]
    assert micros(found["start_timestamp"]) == [NINE, NINE + DAY, NINE + DAY]
    assert texts(found["org:group"]) == ["Registry", "Registry", None]
    assert found["case:office"].tolist() == ["Cluj", "Cluj", "Iași"]


@FEWER
@given(logs())
def test_every_step_is_there_in_the_order_of_the_log_with_times_in_utc(steps):
    found = bound(steps).to_pm4py()
    whole = oracle.sort_steps(steps)
    expected = [s for case in dict.fromkeys(step.case for step in steps) for s in whole[case]]
    assert found["case:concept:name"].tolist() == [step.case for step in expected]
    assert found["concept:name"].tolist() == [step.activity for step in expected]
    assert micros(found["time:timestamp"]) == [step.last for step in expected]
    assert micros(found["start_timestamp"]) == [step.first for step in expected]
    for name in ("time:timestamp", "start_timestamp"):
        assert str(found[name].dtype.tz) == "UTC"
    assert found["case:concept:name"].dtype == found["concept:name"].dtype == "str"


def test_with_one_timestamp_there_is_no_start():
    frame = pd.DataFrame({"c": ["1"], "a": ["A"], "t": [instant(NINE)]})
    found = pm.read(frame, case="c", activity="a", timestamp="t", tz=ZONE).to_pm4py()
    assert "start_timestamp" not in found.columns
    assert micros(found["time:timestamp"]) == [NINE]


@pytest.mark.parametrize("mode", ["anonymous", "drop"])
def test_persons_that_are_not_shown_are_in_neither_frame(mode):
    log = bound(two_cases(), resources=mode)
    assert "resource" not in log.to_frame().columns
    assert "org:resource" not in log.to_pm4py().columns
    assert "ana" not in log.to_frame().to_csv() + log.to_pm4py().to_csv()


def test_pseudonyms_are_shown_in_the_place_of_names(monkeypatch):
    monkeypatch.setenv("PROCMINE_PSEUDONYM_KEY", "a key that is long enough")
    log = bound(two_cases(), resources="pseudonym")
    for column in (log.to_frame()["resource"], log.to_pm4py()["org:resource"]):
        shown = texts(column)
        assert shown[0] == shown[1] != "ana"
        assert shown[2] is None


@pytest.mark.parametrize("frame_of", [pm.EventLog.to_frame, pm.EventLog.to_pm4py])
def test_an_empty_log_has_a_frame_with_the_same_columns(frame_of):
    log = attributed()
    empty = frame_of(log.where([False, False]))
    assert len(empty) == 0
    assert list(empty.columns) == list(frame_of(log).columns)


@FEWER
@given(logs(starts=("never",), ends=("always",)))
def test_pm4py_counts_the_same_paths(steps):
    pm4py = pytest.importorskip("pm4py", reason="pm4py is not installed")
    log = bound(steps)
    counted = pm4py.discover_dfg(log.to_pm4py())[0]
    edges = pm.process_map(log).edges
    pairs = zip(edges["source"], edges["target"], strict=True)
    assert dict(zip(pairs, edges["count"], strict=True)) == dict(counted)


def test_attributes_with_the_names_of_pm4py_are_kept_beside_its_columns() -> None:
    rows = [("1", "A", "lost", "2026-01-01"), ("1", "B", "found", "2026-01-02")]
    frame = pd.DataFrame(rows, columns=["case", "activity", "concept:name", "end"])
    log = pm.read(frame, case="case", activity="activity", timestamp="end", tz="CET")
    assert log.to_pm4py()["concept:name (attribute)"].tolist() == ["lost", "found"]
