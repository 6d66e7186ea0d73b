"""Since when steps could begin: worked examples, edges, and the columns of steps(log)."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given

import procmine as pm
from procmine.enabled import enabled_steps, enabling
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kernels import NAT
from tests.bound import bound, micros, numbered, path
from tests.oracle import HOUR, Step
from tests.strategies import logs


def enabled(steps: list[Step], order: str = "sequence") -> list[tuple[int | None, int]]:
    """When each step was enabled, in hours, and by which step; in the order of the log."""
    found = enabled_steps(bound(steps), order=order)
    return [
        (None if at == NAT else at // HOUR, by)
        for at, by in zip(found.at.tolist(), found.by.tolist(), strict=True)
    ]


def hours(*pairs: tuple[int, int]) -> list[tuple[int, int]]:
    return [(start * HOUR, end * HOUR) for start, end in pairs]


def test_a_step_is_enabled_by_the_latest_end_before_its_start() -> None:
    assert enabled(path("1", "ABC", hours((1, 2), (3, 5), (9, 10)))) == [(1, -1), (2, 0), (5, 1)]


def test_a_step_that_overlaps_the_one_before_waits_for_neither_it_nor_later_ones() -> None:
    assert enabled(path("1", "ABC", hours((1, 8), (2, 3), (9, 10)))) == [(1, -1), (1, -1), (8, 0)]


def test_a_step_does_not_wait_for_a_concurrent_one() -> None:
    steps = numbered(
        path("1", "ABCD", hours((1, 2), (3, 4), (6, 7), (9, 10))),
        path("2", "ACBD", hours((1, 2), (3, 4), (6, 7), (9, 10))),
    )
    assert enabled(steps, "concurrency") == [
        (1, -1),
        (2, 0),
        (2, 0),
        (7, 2),
        (1, -1),
        (2, 4),
        (2, 4),
        (7, 6),
    ]


def test_a_step_with_only_concurrent_ones_before_it_is_enabled_when_its_case_begins() -> None:
    steps = numbered(path("1", "AB", hours((1, 2), (5, 6))), path("2", "BA", hours((1, 2), (5, 6))))
    assert enabled(steps, "concurrency") == [(1, -1), (1, -1)] * 2


def test_of_equal_ends_the_last_in_the_log_is_the_enabler_and_a_step_of_no_length_is_not_its_own() -> (
    None
):
    steps = path("1", "ABCD", hours((1, 4), (2, 4), (5, 5), (5, 5)))
    assert enabled(steps) == [(1, -1), (1, -1), (4, 1), (5, 2)]


def test_a_step_without_an_end_enables_nothing() -> None:
    steps = [Step("1", "A", 1 * HOUR, None, row=0), Step("1", "B", 5 * HOUR, 6 * HOUR, row=1)]
    assert enabled(steps) == [(1, -1), (1, -1)]


def test_with_one_timestamp_the_first_step_of_a_case_has_no_enabled_time() -> None:
    log = bound(path("1", "AB", [1 * HOUR, 4 * HOUR]))
    table = pm.steps(log, order="sequence")
    assert micros(table["enabled"]) == [None, HOUR]
    assert micros(table["waiting_time"]) == [None, None]
    assert micros(table["sojourn_time"]) == [None, 3 * HOUR]
    assert table["basis"].tolist() == ["sojourn"] * 2


def test_steps_have_the_columns_of_waits_only_when_asked() -> None:
    log = bound(path("1", "AB", hours((1, 2), (5, 6))))
    assert "enabled" not in pm.steps(log)
    table = pm.steps(log, order="concurrency")
    assert micros(table["waiting_time"]) == [0, 3 * HOUR]
    assert micros(table["sojourn_time"]) == [HOUR, 4 * HOUR]
    assert table["basis"].tolist() == ["waiting"] * 2


def frame(**columns: list[object]) -> pd.DataFrame:
    base = {
        "case": ["1", "1"],
        "activity": ["A", "B"],
        "start": ["2026-01-05 09:00", "2026-01-05 12:00"],
        "end": ["2026-01-05 10:00", "2026-01-05 13:00"],
    }
    return pd.DataFrame({**base, **columns})


def read(table: pd.DataFrame) -> pm.EventLog:
    names = {name: name for name in ("case", "activity", "start", "end")}
    return pm.read(table, **names, tz="UTC")


def test_an_arrival_that_is_known_enables_the_first_step() -> None:
    log = read(frame(came=["2026-01-05 08:15", "2026-01-05 08:15"]))
    table = pm.steps(log, arrival="came")
    assert [str(wait) for wait in table["waiting_time"]] == ["0 days 00:45:00", "0 days 02:00:00"]


def test_an_arrival_after_the_first_step_is_not_believed() -> None:
    log = read(frame(came=["2026-01-05 09:15", "2026-01-05 09:15"]))
    assert micros(pm.steps(log, arrival="came")["waiting_time"])[0] == 0


def test_a_recorded_time_of_enabled_goes_first() -> None:
    log = read(frame(ready=["2026-01-05 08:30", "2026-01-05 11:45"]))
    table = pm.steps(log, enabled="ready", order="sequence")
    assert [str(wait) for wait in table["waiting_time"]] == ["0 days 00:30:00", "0 days 00:15:00"]


def test_a_recorded_time_that_is_unreadable_is_counted_and_missing() -> None:
    log = read(frame(ready=["soon", "2026-01-05 11:45"]))
    with pytest.warns(pm.DataQualityWarning, match="1 of 2 values of 'ready' are no times"):
        table = pm.steps(log, enabled="ready", order="sequence")
    assert micros(table["waiting_time"])[0] == 0


def test_an_attribute_that_is_not_there_is_told_with_the_nearest() -> None:
    log = read(frame(ready=["2026-01-05 08:30", "2026-01-05 11:45"]))
    with pytest.raises(LabelNotFoundError, match="did you mean 'ready'"):
        pm.steps(log, enabled="redy")


@pytest.mark.parametrize("wrong", [{"order": "alphabet"}, {"starts": "guess"}])
def test_words_that_are_none_are_refused_with_those_that_are(wrong: dict[str, str]) -> None:
    log = bound(path("1", "AB", hours((1, 2), (5, 6))))
    with pytest.raises(ProcmineError, match=r"sequence|estimate"):
        pm.steps(log, **wrong)  # type: ignore[arg-type]


def test_an_estimated_start_is_when_the_step_was_enabled_and_its_resource_free() -> None:
    steps = numbered(
        path("1", "AB", [1 * HOUR, 6 * HOUR], resource="ana"),
        path("2", "A", [4 * HOUR], resource="ana"),
    )
    table = pm.steps(bound(steps), starts="estimate")
    by = dict(
        zip(
            zip(table["case_id"], table["activity"], strict=True),
            micros(table["start"]),
            strict=True,
        )
    )
    assert by == {("1", "A"): None, ("1", "B"): 4 * HOUR, ("2", "A"): None}
    assert sorted(table["basis"]) == ["estimated", "sojourn", "sojourn"]
    assert set(micros(table["processing_time"])) == {2 * HOUR, None}


def test_known_starts_are_not_estimated() -> None:
    log = bound(path("1", "AB", hours((1, 2), (5, 6))))
    assert micros(pm.steps(log, starts="estimate")["start"]) == [HOUR, 5 * HOUR]


def test_the_table_of_steps_stays_in_the_order_of_the_log_when_starts_are_estimated() -> None:
    steps = numbered(
        path("1", "AXB", [2 * HOUR, 5 * HOUR, 9 * HOUR], resource="ana"),
        path("2", "ABX", [1 * HOUR, 6 * HOUR, 8 * HOUR], resource="bob"),
    )
    log = bound(steps)
    table = pm.steps(log, starts="estimate")
    assert table["row"].tolist() == pm.steps(log)["row"].tolist()
    assert (table["sojourn_time"].dropna() >= table["waiting_time"].dropna()).all()


@given(logs(ends=("always", "sometimes")))
def test_looking_activities_up_finds_the_enablers_that_going_back_finds(drawn: list[Step]) -> None:
    log = bound(drawn)
    found = enabled_steps(log)
    rounds, enabling._ROUNDS = enabling._ROUNDS, 0
    try:
        looked_up = enabled_steps(log)
    finally:
        enabling._ROUNDS = rounds
    assert found.by.tolist() == looked_up.by.tolist()
    assert found.at.tolist() == looked_up.at.tolist()
