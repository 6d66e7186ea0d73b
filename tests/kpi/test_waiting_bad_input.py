"""Logs that lack something: the measures that can be had are given, and it is said which cannot, and why."""

from __future__ import annotations

import warnings
from typing import Any

import pandas as pd
import pytest

import procmine as pm
from procmine.errors import LabelNotFoundError, ProcmineError
from procmine.kpi.waiting.split import CAUSES
from tests.bound import bound, micros, numbered, path
from tests.oracle import DAY, HOUR, Step

MONDAY = 20_458 * DAY  # 2026-01-05
OFFICE = pm.Calendar(tz="UTC", hours={"mon-fri": "08:00-16:00"}, years=(2025, 2027))


def at(hour: float, day: int = 0) -> int:
    return MONDAY + day * DAY + int(hour * HOUR)


def told(log: pm.EventLog, **options: Any) -> tuple[pd.DataFrame, str]:
    """The table of causes, and what the warning says of it ('' without one)."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        table = pm.waiting_causes(log, **options)
    return table, "\n".join(str(warning.message) for warning in caught)


def sums_to_the_wait(table: pd.DataFrame) -> bool:
    parts = table[list(CAUSES)].fillna(pd.Timedelta(0)).sum(axis=1)
    return bool((parts == table["waiting_time"]).all())


def utc(steps: list[Step], **options: Any) -> pm.EventLog:
    return bound(steps, **{"tz": "UTC", **options})


def test_without_starts_the_sojourn_is_split_and_the_table_says_so() -> None:
    steps = path("1", "AB", [at(9), at(15)], resource="ana")
    table, said = told(utc(steps), calendar=OFFICE)
    assert table["basis"].tolist() == ["sojourn"]
    assert micros(table["waiting_time"]) == [6 * HOUR]
    assert table["contention"].isna().all()
    assert table["prioritisation"].isna().all()
    assert micros(table["unexplained"]) == [6 * HOUR]
    assert "one timestamp per step" in said
    assert "contention and prioritisation are not computable" in said


def test_without_starts_efficiency_is_missing() -> None:
    steps = path("1", "AB", [at(9), at(15)], resource="ana")
    table, _ = told(utc(steps), calendar=OFFICE, by=[])
    assert table["efficiency"].isna().all()
    assert table["efficiency_without"].isna().all()
    assert (table["basis"] == "sojourn").all()


def test_estimated_starts_are_named_in_the_basis() -> None:
    steps = numbered(
        path("1", "AB", [at(9), at(15)], resource="ana"), path("2", "A", [at(11)], resource="ana")
    )
    table, _ = told(utc(steps), calendar=OFFICE, starts="estimate", by=[])
    assert table["basis"].tolist() == ["waiting; the starts of 1 of 3 steps are estimated"] * 6


def test_without_resources_contention_is_missing_and_never_nought() -> None:
    steps = path("1", "AB", [(at(9), at(10)), (at(15), at(16))])
    table, said = told(utc(steps), calendar=OFFICE)
    assert table["contention"].isna().all()
    assert micros(table["unexplained"]) == [5 * HOUR]
    assert "the log has no resources" in said


def test_steps_without_a_resource_are_counted() -> None:
    steps = path("1", "AB", [(at(9), at(10)), (at(15), at(16))])
    steps += path("2", "AB", [(at(9), at(10)), (at(12), at(13))], resource="ana")
    table, said = told(utc(numbered(steps)), calendar=OFFICE)
    assert sorted(table["contention"].isna()) == [False, True]
    assert "2 of 4 steps have no resource" in said


def test_one_resource_for_all_is_busy_with_one_thing_at_a_time_or_shares_its_time() -> None:
    steps = numbered(
        path("1", "AB", [(at(8), at(9)), (at(12), at(13))], resource="office"),
        path("2", "AB", [(at(8), at(11)), (at(13.5), at(14))], resource="office"),
    )
    table, said = told(utc(steps), calendar=OFFICE)
    assert said == ""
    assert sums_to_the_wait(table)
    first = table[table["case_id"] == "1"].iloc[0]  # 9 to 12: until 11 busy with case 2
    assert first["contention"] == pd.Timedelta("2h")


def test_overlapping_steps_of_one_resource_are_shared_and_not_counted_twice() -> None:
    steps = numbered(
        path("1", "AB", [(at(8), at(9)), (at(12), at(13))], resource="ana"),
        path("2", "A", [(at(9), at(12))], resource="ana"),
        path("3", "A", [(at(8.5), at(12))], resource="ana"),
    )
    table, _ = told(utc(steps), calendar=OFFICE)
    row = table.iloc[0]
    assert row["waiting_time"] == pd.Timedelta("3h")
    assert row["contention"] == pd.Timedelta("3h")  # both enabled no later than 9:00


def test_steps_of_no_length_occupy_nobody() -> None:
    steps = numbered(
        path("1", "AB", [(at(8), at(9)), (at(12), at(12))], resource="ana"),
        path("2", "A", [(at(10), at(10))], resource="ana"),
    )
    table, _ = told(utc(steps), calendar=OFFICE)
    assert micros(table["contention"]) == [0]
    assert micros(table["unexplained"]) == [3 * HOUR]


def test_a_resource_with_three_events_has_no_calendar_of_its_own_and_none_is_invented() -> None:
    steps = path("1", "ABC", [(at(9), at(10)), (at(12), at(13)), (at(15), at(16))], resource="ana")
    table, said = told(utc(steps))
    assert table["unavailability"].isna().all()
    assert sums_to_the_wait(table)
    assert "no hours of work can be found" in said


def test_a_calendar_that_covers_half_of_the_period_leaves_the_other_half_unknown() -> None:
    short = pm.Calendar(tz="UTC", hours={"mon-fri": "08:00-16:00"}, years=(2026, 2026))
    before = 5 * DAY  # 2025-12-31 is a Wednesday, before the first Monday of 2026
    steps = numbered(
        path("1", "AB", [(at(9), at(10)), (at(15), at(15.5))], resource="ana"),
        path(
            "2",
            "AB",
            [(at(9) - before, at(10) - before), (at(15) - before, at(16) - before)],
            resource="ana",
        ),
    )
    table, said = told(utc(steps), calendar=short)
    assert sorted(table["unavailability"].isna()) == [False, True]
    assert sums_to_the_wait(table)
    assert "2026" in said


def test_an_open_case_without_a_closing_rule_waits_like_others() -> None:
    steps = path("1", "AB", [(at(9), at(10)), (at(15), None)], resource="ana")
    log = utc(steps)
    assert log.closed_at is None
    table, _ = told(log, calendar=OFFICE)
    assert micros(table["waiting_time"]) == [5 * HOUR]


def test_a_log_with_one_step_has_no_waits() -> None:
    table, _ = told(utc(path("1", "A", [(at(9), at(10))], resource="ana")), calendar=OFFICE)
    assert table.empty
    assert "main_cause" in table


def test_persons_are_no_key() -> None:
    log = utc(path("1", "AB", [(at(9), at(10)), (at(15), at(16))], resource="ana"))
    with pytest.raises(ProcmineError, match="would rank persons"):
        pm.waiting_causes(log, by="resource", calendar=OFFICE)


def test_anonymous_persons_reach_no_column() -> None:
    steps = path("1", "AB", [(at(9), at(10)), (at(15), at(16))], resource="ana", unit="Registry")
    shown = set(pm.waiting_causes(utc(steps), calendar=OFFICE))
    hidden = set(pm.waiting_causes(utc(steps, resources="anonymous"), calendar=OFFICE))
    assert shown - hidden == {"resource", "source_resource"}


def test_a_key_that_is_not_there_is_told_with_the_nearest() -> None:
    log = utc(path("1", "AB", [(at(9), at(10)), (at(15), at(16))], resource="ana"))
    with pytest.raises(LabelNotFoundError, match="did you mean 'activity'"):
        pm.waiting_causes(log, by="activty", calendar=OFFICE)


@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"batch_size": 1}, "2 steps or more"),
        ({"batch_gap": "soon"}, "no duration"),
        ({"batch_gap": "-1h"}, "negative"),
        ({"calendar": "RO"}, "Calendar"),
        ({"order": "time"}, "sequence"),
    ],
)
def test_wrong_options_say_what_to_give(option: dict[str, Any], message: str) -> None:
    log = utc(path("1", "AB", [(at(9), at(10)), (at(15), at(16))], resource="ana"))
    with pytest.raises(ProcmineError, match=message):
        pm.waiting_causes(log, **{"calendar": OFFICE, **option})


def test_without_resources_no_start_is_estimated() -> None:
    with pytest.raises(ProcmineError, match="the log has no resources"):
        pm.waiting_causes(utc(path("1", "AB", [at(9), at(15)])), starts="estimate")


def test_the_numbers_of_batches_do_not_tell_whose_they_are() -> None:
    """Days of three persons, each with a batch a day: the numbers run through the days, not through the persons."""
    steps = [
        step
        for day in range(4)
        for person in ("ana", "bob", "cid")
        for place in range(2)
        for step in path(
            f"{person}{day}{place}",
            "AB",
            [
                (at(8 + place / 4, day), at(8.1 + place / 4, day)),
                (at(10 + place, day), at(11 + place, day)),
            ],
            resource=person,
        )
    ]
    log = utc(numbered(steps), resources="anonymous")
    table = pm.waiting_causes(log, calendar=OFFICE).query("activity == 'B'")
    numbers = table.sort_values("row")["batch"]
    assert len(numbers) == 24
    assert numbers.is_monotonic_increasing
    assert set(numbers) == set(range(12))
